import { isRecord } from "../../engine/config.ts";
import { EXECUTIONS, POSTGRES_VERSIONS, PRESETS } from "../../engine/config.ts";
import type { Overrides } from "../../project/overrides.ts";

/** The section `lockstep` of a client's configuration. */
export interface ClientSettings {
  readonly enable: boolean;
  readonly codeLens: boolean;
  readonly inlayHints: boolean;
  /** Whether SQL that has no file yet is checked. */
  readonly untitled: boolean;
  /** What the command line's options of the same names say. */
  readonly flags: Overrides;
}

/** Reads what a client sends; what is not as it should be counts as absent, since clients send null for "not set". */
export function readClientSettings(value: unknown): ClientSettings {
  const given = isRecord(value) ? value : {};
  const on = (key: string): boolean => given[key] !== false;
  const text = (key: string): string | undefined =>
    typeof given[key] === "string" && given[key] !== "" ? given[key] : undefined;
  const among = <T extends string>(key: string, all: readonly T[]): T | undefined =>
    all.find((one) => one === given[key]);
  const preset = among("preset", PRESETS);
  const execution = among("execution", EXECUTIONS);
  const postgres = POSTGRES_VERSIONS.find((version) => version === Number(given["postgres"] ?? Number.NaN));
  const base = text("base");
  const config = text("configPath");
  return {
    enable: on("enable"),
    codeLens: on("codeLens"),
    // With the lenses they would say everything twice.
    inlayHints: given["inlayHints"] === true,
    untitled: on("untitled"),
    flags: {
      preset,
      execution,
      postgres,
      base,
      config,
      called: (name) => `the setting lockstep.${name}`,
    },
  };
}
