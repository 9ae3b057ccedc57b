import { lookup } from "../../words.ts";
const UNITS: Readonly<Record<string, number>> = lookup({
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
});

/**
 * A time setting in milliseconds, as PostgreSQL reads it: a number with or without a unit, milliseconds without one
 * (https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-NAMES-VALUES). Undefined for anything else.
 */
export function milliseconds(value: string): number | undefined {
  const [, number, unit = "ms"] = /^\s*(\d+(?:\.\d*)?|\.\d+)\s*(us|ms|s|min|h|d)?\s*$/.exec(value) ?? [];
  return number === undefined ? undefined : Number(number) * (UNITS[unit] as number);
}

/** Of a switch: any spelling of false (https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-NAMES-VALUES). */
export const isOff = (value: string): boolean => /^\s*(?:f|fa|fal|fals|false|n|no|of|off|0)\s*$/i.test(value);
