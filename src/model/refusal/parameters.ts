import type { OperationOf } from "../../sql/operation/index.ts";
import { parameter } from "../postgres/parameters.ts";
import type { Refusal } from "../typing/refusal.ts";

/** What PostgreSQL's builds for the clouds add without a dot in the name. */
const VENDORS = /^(?:alloydb|apg|aurora|azure|babelfish|cloudsql|google|neon|polar|rds)_/;

/** Everything that PostgreSQL reads as a boolean, and a little more: https://www.postgresql.org/docs/current/config-setting.html */
const BOOLEAN = /^(?:on|of|off|0|1|t(?:r(?:ue?)?)?|f(?:a(?:l(?:se?)?)?)?|y(?:es?)?|no?)$/i;
const TIME = /^\s*[-+]?(?:0x[\da-f]+|[\d.]+(?:e[-+]?\d+)?)\s*(?:us|ms|s|min|h|d)?\s*$/i;

/** SET of a parameter that is not there, that SET may not change, or to what it does not take. */
export function settingRefusals({ name, value }: OperationOf<"set">, postgres: number): readonly Refusal[] {
  if (name === "all" || name.includes(".") || VENDORS.test(name)) return [];
  const found = parameter(name);
  const { since = 0, until = Number.POSITIVE_INFINITY } = found ?? {};
  if (!found || postgres < since || postgres > until)
    return [
      {
        sqlstate: "42704",
        message: `unrecognized configuration parameter "${name}"`,
        about: "command",
        since: since > postgres ? since : undefined,
      },
    ];
  if (found.takes === "fixed")
    return value === null
      ? []
      : [
          {
            sqlstate: "55P02",
            message: `parameter "${name}" cannot be changed by SET`,
            about: "command",
          },
        ];
  if (value === null) return [];
  if (found.takes === "boolean" && !BOOLEAN.test(value.trim()))
    return [{ sqlstate: "22023", message: `parameter "${name}" requires a Boolean value`, about: "value" }];
  return found.takes === "time" && !TIME.test(value)
    ? [{ sqlstate: "22023", message: `invalid value for parameter "${name}": "${value}"`, about: "value" }]
    : [];
}
