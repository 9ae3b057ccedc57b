import type { Change, Expression, Query } from "../../sql/expression.ts";
import { relationName } from "../../sql/names.ts";
import { type Case, type Done, type Flawed, flaw, refusedChange } from "./key.ts";
import { isExact, judge } from "./judgement.ts";
import { type Picks, rowsOf } from "./picks.ts";
import { columnOf, inside, scopeOf } from "./scope.ts";
import { isWhole } from "../presence.ts";
import { relationAt } from "../catalog.ts";

/** A missing parent for every key: INSERT INTO parent SELECT DISTINCT key FROM child …. */
export function insertedParents(change: Extract<Change, { kind: "insertRows" }>, at: Case): Done | Flawed | undefined {
  const { key, moment, place, by } = at;
  const parent = relationAt(place.catalog, key.parent);
  const { query } = change;
  if (!query || query.combine || query.values) return undefined;
  const columns =
    change.columns.length > 0
      ? change.columns.map((column) => moment.column(key.parent, column))
      : [...(parent?.columns.keys() ?? [])];
  const positions = key.parentColumns.map((column) => columns.indexOf(column));
  if (positions.includes(-1)) return undefined;
  const scope = inside(scopeOf(moment, change.ctes, []), query);
  const values = positions.map((position) => columnOf(scope, query.targets[position]?.value));
  const [first] = values;
  if (
    !first ||
    !values.every(
      (value, i) =>
        value?.relation === key.child &&
        value.column === key.columns[i] &&
        value.alias === first.alias &&
        value.level === 0,
    )
  )
    return undefined;
  const required = isWhole(parent)
    ? [...parent.columns.values()].find(
        (column) =>
          column.notNull === true &&
          !column.default &&
          !column.identity &&
          !column.generated &&
          !/serial$/.test(column.type?.name ?? "") &&
          !columns.includes(column.name),
      )
    : undefined;
  if (required)
    return refusedChange(
      at,
      "23502",
      `the INSERT gives ${relationName(key.parent)}.${required.name} no value, so it fails at the first row`,
    );
  const picks = rowsOf(
    scopeOf(moment, change.ctes, []),
    query,
    key.child,
    positions.map((position) => query.targets[position]?.value as Expression),
    false,
  );
  if (!picks) return flaw(at, "unclear", "INSERT", "maybe");
  const done: Done = { verdict: "done", how: "insert parents", why: "the missing parents are inserted before it", by };
  const everyKey =
    picks.every((rows) => rows.anti.length === 0) &&
    picks.some(
      (rows) =>
        rows.filters.length === 0 &&
        rows.nulls.length === 0 &&
        rows.never.length === 0 &&
        !rows.limited &&
        rows.given.every((column) => key.columns.includes(column) || moment.nullable(key.child, column) === "no"),
    );
  const found = everyKey
    ? done
    : (judge(picks, at, "insert parents", []) ?? flaw(at, "filtered", "its own condition holds", "maybe"));
  const refused = (sqlstate: string, detail: string, anyway: "null keys" | "other rows" = "other rows"): Flawed => ({
    ...refusedChange(at, sqlstate, detail),
    anyway,
  });
  const taken = picks.filter((rows) => rows.never.length === 0 && rows.anti.every((anti) => anti.nullTrap !== "yes"));
  const open = key.columns.filter(
    (column) => moment.nullable(key.child, column) === "yes" && !everyGiven(taken, column, key.columns.length > 1),
  );
  if (open.length > 0)
    return refused(
      "23502",
      `it inserts a parent without a key for rows whose ${open.join(" or ")} is NULL, and fails there`,
      "null keys",
    );
  if (change.onConflict) return found;
  const again = taken.find(
    (rows) =>
      !rows.nulls.some((column) => key.columns.includes(column)) &&
      !rows.anti.some((anti) => isExact(anti, key) && anti.partnerFilter === undefined),
  );
  const filtered = again?.anti.find((anti) => isExact(anti, key))?.partnerFilter;
  if (filtered !== undefined)
    return refused("23505", `it counts only parents with ${filtered}, and inserts the key of another one again`);
  if (again) return refused("23505", "it inserts keys that are there already, and fails at the first one");
  if (found.verdict !== "done") return found;
  return onePerKey(query, at)
    ? found
    : refusedChange(
        at,
        "23505",
        "it inserts a parent for every orphan, and fails where two of them share one",
        "maybe",
      );
}

const everyGiven = (picks: Picks, column: string, composite: boolean): boolean =>
  picks.every(
    (rows) =>
      rows.given.includes(column) || (!composite && rows.anti.length > 0 && rows.anti.some((anti) => !anti.hitsNull)),
  );

/** DISTINCT or GROUP BY over the key alone. */
function onePerKey(query: Query, { key }: Case): boolean {
  const grouped =
    query.groupBy.length > 0 &&
    query.groupBy.every((each) => each.kind === "column" && key.columns.includes(each.column));
  const varying = query.targets.filter(({ value }) => value.kind === "column").length > key.columns.length;
  return grouped || (query.distinct && !varying);
}
