import type { OrderConflict, OrderedStatement, OrderResult } from "./commutation.ts";

/** Code units of a statement that are quoted. */
const QUOTED = 80;

/** The statement in backticks, on one line, with its migration: "`DROP TABLE t` of 0002_x". Comments in it are left out. */
function statementInWords({ migration, file, statement }: OrderedStatement): string {
  const text = file.text
    .slice(statement.range.start, statement.range.end)
    .replace(/--[^\n]*/g, " ")
    .replace(/\s+/g, " ")
    .replaceAll("`", "'")
    .trim();
  const short =
    text.length > QUOTED
      ? `${text
          .slice(0, QUOTED - 1)
          .replace(/[\uD800-\uDBFF]$/, "")
          .trimEnd()}…`
      : text;
  return `\`${short}\` of ${migration}`;
}

/** "type public.Role", "rows of public.users", "public.users". */
export function objectInWords({ object, columns }: OrderConflict): string {
  switch (object.kind) {
    case "rows":
      return `the rows of ${object.name}${columns && columns.length > 0 ? ` (${columns.join(", ")})` : ""}`;
    case "relation":
      return object.name;
    case "other":
      // Its name begins with what it is.
      return object.name;
    default:
      return `${object.kind} ${object.name}`;
  }
}

/** What each order leaves, two clauses: first `one` before `other`, then the other way round. */
export function ordersInWords(conflict: OrderConflict): readonly [string, string] {
  const [oneFirst, otherFirst] = conflict.leaves;
  return [resultInWords(oneFirst, conflict), resultInWords(otherFirst, conflict)];
}

function resultInWords(result: OrderResult, { why }: OrderConflict): string {
  switch (result.is) {
    case "state":
      if (result.text !== undefined && result.text !== "") return `leaves ${result.text}`;
      return why === "refused" ? "passes" : result.text === "" ? "leaves it" : "leaves it gone";
    case "refused":
      return `is refused at ${statementInWords(result.statement)}${result.sqlstate === undefined ? "" : ` (${result.sqlstate}${result.sentence === undefined ? "" : `: ${result.sentence}`})`}`;
    case "definition":
      return `leaves the definition by ${statementInWords(result.of)}`;
    case "last":
      return `ends with ${statementInWords(result.statement)}`;
    case "unknown":
      return "leaves what cannot be told from the text";
  }
}

/** Which statements do not commute over which object: "`A` of 1 and `B` of 2 both concern type public.Role". */
export function conflictInWords(conflict: OrderConflict): string {
  return `${statementInWords(conflict.one)} and ${statementInWords(conflict.other)} meet in ${objectInWords(conflict)}`;
}
