import type { Change, Query } from "../../sql/expression.ts";
import { relationName } from "../sql.ts";
import { type Case, type Done, type Flawed, flaw } from "./key.ts";
import { judge } from "./judge.ts";
import { type Picks, pick } from "./pick.ts";
import { columnOf, inside, scopeOf } from "./scope.ts";

/** A missing parent for every key: INSERT INTO parent SELECT DISTINCT key FROM child …. */
export function insertedParents(change: Extract<Change, { kind: "insertRows" }>, at: Case): Done | Flawed | undefined {
  const { key, moment, place, by } = at;
  const parent = place.catalog.relations.get(key.parent);
  const { query } = change;
  if (!query || query.combine || query.values) return undefined;
  const columns = change.columns.length > 0 ? change.columns.map((column) => moment.column(key.parent, column)) : [...(parent?.columns.keys() ?? [])];
  const positions = key.parentColumns.map((column) => columns.indexOf(column));
  if (positions.includes(-1)) return undefined;
  const scope = inside(scopeOf(moment, change.ctes, []), query);
  const values = positions.map((position) => columnOf(scope, query.targets[position]?.value));
  const [first] = values;
  if (!first || !values.every((value, i) => value?.relation === key.child && value.column === key.columns[i] && value.alias === first.alias && value.level === 0)) return undefined;
  const frame = scope.levels[0]?.find((each) => each.alias === first.alias);
  if (frame?.relation === undefined) return flaw(at, "unclear", "INSERT", "maybe");
  const required = parent?.complete ? [...parent.columns.values()].find((column) => column.notNull === true && !column.default && !column.identity && !column.generated && !/serial$/.test(column.type?.name ?? "") && !columns.includes(column.name)) : undefined;
  if (required) return flaw(at, "refused", `the INSERT gives ${relationName(key.parent)}.${required.name} no value, so it fails at the first row (23502)`);
  const picks = pick(scope, query.where, key.child, first.alias, query.from);
  const narrowed = query.limit ?? query.having;
  const done: Done = { verdict: "done", how: "insert parents", why: "the missing parents are inserted before it", by };
  const everyKey = picks.every((rows) => rows.anti.length === 0) && picks.some((rows) => rows.filters.length === 0 && rows.nulls.length === 0 && rows.never.length === 0 && !rows.limited && rows.given.every((column) => key.columns.includes(column) || moment.nullable(key.child, column) === "no"));
  const found = everyKey ? done : (judge(picks, at, "insert parents", []) ?? flaw(at, "filtered", "its own condition holds", "maybe"));
  if (found.verdict !== "done") return found;
  if (narrowed) return flaw(at, "limited", "it takes some of the rows");
  const open = key.columns.filter((column) => moment.nullable(key.child, column) === "yes" && !everyGiven(picks, column, key.columns.length > 1));
  if (open.length > 0) return flaw(at, "refused", `it inserts a parent without a key for rows whose ${open.join(" or ")} is NULL, and fails there (23502)`);
  if (change.onConflict) return found;
  if (everyKey) return flaw(at, "refused", "it inserts keys that are there already, and fails at the first one (23505)");
  return onePerKey(query, at) ? found : flaw(at, "refused", "it inserts a parent for every orphan, and fails where two of them share one (23505)", "maybe");
}

const everyGiven = (picks: Picks, column: string, composite: boolean): boolean =>
  picks.every((rows) => rows.given.includes(column) || (!composite && rows.anti.length > 0 && rows.anti.some((anti) => !anti.hitsNull)));

/** DISTINCT or GROUP BY over the key alone. */
function onePerKey(query: Query, { key }: Case): boolean {
  const grouped = query.groupBy.length > 0 && query.groupBy.every((each) => each.kind === "column" && key.columns.includes(each.column));
  const varying = query.targets.filter(({ value }) => value.kind === "column").length > key.columns.length;
  return grouped || (query.distinct && !varying);
}
