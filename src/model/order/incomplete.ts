import type { Operation } from "../../sql/operation/index.ts";
import { type Word, wordsOf } from "./clauses.ts";
import type { OrderConflict, OrderedStatement, Footprint } from "./commutation.ts";

/** What casts and operators do reaches every expression. */
const EVERYWHERE =
  /^(?:CREATE (?:CAST|OPERATOR|OP CLASS|OP FAMILY|CONVERSION|TRANSFORM)|ALTER (?:OPERATOR|OP FAMILY))$/;

function reachesEverything(operation: Operation): boolean {
  if (operation.kind === "other") return EVERYWHERE.test(operation.what);
  return operation.kind === "dropObject" && (operation.object === "operator" || operation.object === "cast");
}

/** Words that name nothing. */
const COMMON: ReadonlySet<string> = new Set(
  "alter create drop table type function schema public if exists not to as on in is set add column default null with for from select where and or using values insert into update delete text int integer bigint boolean only attribute owner cascade replace returns language sql begin end all name id by role operator rule sequence aggregate collation".split(
    " ",
  ),
);

/** Operations whose list of what they touch is not complete: they are held against the other side by the names in their text. */
function isIncomplete({ kind, ...operation }: Operation): boolean {
  switch (kind) {
    case "other":
      return !/^(ALTER DEFAULT PRIVILEGES|ALTER FUNCTION|EXPLAIN|NOTIFY|LISTEN|UNLISTEN|DISCARD|RAISE)/.test(
        (operation as { what?: string }).what ?? "",
      );
    case "systemCommand":
    case "createDatabase":
    case "dropDatabase":
      return true;
    case "createRule":
      return "actions" in operation && operation.actions.length > 0;
    case "alterTable":
      return "action" in operation && (operation.action === "other" || operation.action === "ofType");
    case "dropObject":
      return (
        "object" in operation &&
        ["other", "collation", "operator", "cast", "role", "owned", "subscription"].includes(operation.object)
      );
    default:
      return false;
  }
}

/** Not known, and never no, where a statement that is not understood to the end names what the other side names. */
export function incompleteConflicts(a: Footprint, b: Footprint): OrderConflict[] {
  return [...conflicts(a, b, (one, other) => ({ one, other })), ...conflicts(b, a, (other, one) => ({ one, other }))];
}

function conflicts(
  side: Footprint,
  against: Footprint,
  pair: (incomplete: OrderedStatement, met: OrderedStatement) => Pick<OrderConflict, "one" | "other">,
): OrderConflict[] {
  const found: OrderConflict[] = [];
  for (const step of side.steps) {
    if (!isIncomplete(step.operation)) continue;
    const mine = namesOf(step);
    const everywhere = reachesEverything(step.operation);
    for (const other of against.steps) {
      const { kind } = other.operation;
      if (kind === "set" || kind === "transaction") continue;
      const name = everywhere ? "every expression" : [...namesOf(other)].find((each) => mine.has(each));
      if (name === undefined || (!everywhere && textOf(step) === textOf(other))) continue;
      found.push({
        verdict: "unknown",
        why: "opaque",
        object: { kind: "other", name },
        ...pair(step, other),
        leaves: [{ is: "unknown" }, { is: "unknown" }],
      });
      break;
    }
  }
  return found;
}

const textOf = ({ file, operation }: OrderedStatement): string =>
  file.text.slice(operation.range.start, operation.range.end);

/** Names of a statement, those in its strings among them: a configuration of text search is named so. */
function namesOf(step: OrderedStatement): ReadonlySet<string> {
  const name = ({ kind, text }: Word): boolean =>
    (kind === "quoted" || kind === "word" || (kind === "string" && /^\w+$/.test(text))) && !COMMON.has(text);
  return new Set(wordsOf(textOf(step)).flatMap((word) => (name(word) ? [word.text] : [])));
}
