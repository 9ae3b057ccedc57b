import type { Loss } from "../../model/effects.ts";
import { named } from "../named.ts";

/** "rows of `public.comments` where …". */
export function lossInWords(loss: Loss): string {
  const relation = loss.relation === undefined ? "" : named(loss.relation);
  const may = loss.certainty === "maybe" ? " (perhaps)" : "";
  const where = loss.where === undefined ? "" : ` where ${named(loss.where.replace(/\s+/g, " "))}`;
  switch (loss.kind) {
    case "table":
      return `the table ${relation || named(loss.name ?? "")}${may}`;
    case "column":
      return `the values of ${named(`${loss.relation ?? ""}.${loss.name ?? ""}`)}${may}`;
    case "rows":
      return `${where ? "rows" : "all rows"} of ${relation}${where}${may}`;
    case "every row's value":
      return `the old values${loss.name === undefined ? "" : ` of ${named(loss.name)}`} in ${relation}${where}${may}`;
    case "precision":
      return `the precision of ${named(`${loss.relation ?? ""}.${loss.name ?? ""}`)}${may}`;
    case "schema":
    case "database":
      return `the ${loss.kind} ${named(loss.name ?? "")}${may}`;
    default:
      return `${loss.kind === "enumValue" ? "the enum value" : `the ${loss.kind}`} ${named(loss.name ?? loss.relation ?? "")}${may}`;
  }
}
