import type { Change, Expression } from "../../sql/expression.ts";
import { type Catalog, resolve } from "../catalog.ts";
import { indexesOf } from "../relatives.ts";
import type { Failure, Preparation } from "../effects.ts";
import { expressions, mentionedColumns, queryTables, subqueries } from "../queries.ts";
import { printed } from "../sql.ts";
import { volatility } from "../predict/volatility.ts";
import type { Step, WalkPlace } from "../step.ts";
import { momentOf } from "./moment.ts";
import { type QueryScope, columnOf, conjuncts, scopeOf } from "./scope.ts";
import { changesOf, placeOfStep } from "./steps.ts";

/** What earlier statements did about NULLs, duplicates and values that do not fit. */

interface Written {
  readonly step: Step;
  readonly change: Change;
}

const written = (place: WalkPlace, table: string): Written[] =>
  place.before
    .flatMap((step) => changesOf(step).map((change) => ({ step, change })))
    .filter(({ change }) => resolve(place.catalog, change.table) === table);

const young = (catalog: Catalog, birth: { readonly deployment: number } | undefined) =>
  birth?.deployment === catalog.deployment;

/** NULLs before SET NOT NULL: a backfill, a DELETE of the rows without a value, or a default since the column's birth. */
export function prepareNulls(failure: Failure, place: WalkPlace): Preparation {
  const { catalog } = place;
  const table = catalog.relations.get(failure.relation);
  let flawed: Preparation | undefined;
  const left = failure.columns.filter((name) => {
    const column = table?.columns.get(name);
    if (young(catalog, column?.birth) && column?.default !== undefined && !isNull(column.default)) return false;
    if (retyped(failure.relation, name, place)) return false;
    for (const { step, change } of written(place, failure.relation).reverse()) {
      const found = backfills(change, name, place, step);
      if (found === "done") return false;
      if (found) flawed ??= found;
    }
    return true;
  });
  if (left.length === 0)
    return { verdict: "done", how: "backfill", why: `${failure.columns.join(", ")} is filled before it` };
  return flawed ?? { verdict: "none" };
}

/** Its values were computed by a USING that yields no NULL. */
function retyped(table: string, name: string, place: WalkPlace): boolean {
  const step = place.before.findLast(
    ({ operation }) =>
      operation.kind === "alterColumnType" &&
      operation.column === name &&
      resolve(place.catalog, operation.table) === table,
  );
  if (step?.operation.kind !== "alterColumnType" || step.operation.body || !step.operation.using) return false;
  const nulls =
    written(place, table).some(({ change }) => change.kind !== "deleteRows" && change.kind !== "updateRows") ||
    written(place, table).some(
      ({ change }) => change.kind === "updateRows" && change.set.some(({ column }) => column === name),
    );
  return !nulls && isNeverNull(step.operation.using);
}

function isNeverNull(value: Expression): boolean {
  switch (value.kind) {
    case "isNull":
    case "exists":
      return true;
    case "literal":
      return value.value !== null;
    case "not":
    case "cast":
      return isNeverNull(value.arg);
    case "and":
    case "or":
      return value.args.every(isNeverNull);
    case "call":
      return value.name === "coalesce" && value.args.some(isNeverNull);
    default:
      return false;
  }
}

const isNull = (expression: Expression) => expression.kind === "literal" && expression.value === null;

function backfills(change: Change, name: string, place: WalkPlace, step: Step): "done" | Preparation | undefined {
  const by = placeOfStep(step);
  const onlyNulls = (where: Expression | undefined) =>
    conjuncts(where).every(
      (term) => term.kind === "isNull" && !term.negated && term.arg.kind === "column" && term.arg.column === name,
    );
  if (change.kind === "deleteRows") {
    if (change.using.length > 0 || !change.where) return change.using.length > 0 ? undefined : "done";
    if (onlyNulls(change.where)) return "done";
    const branch = change.where.kind === "or" && change.where.args.some((arg) => onlyNulls(arg));
    return branch ? "done" : undefined;
  }
  if (change.kind !== "updateRows") return undefined;
  const value = change.set.find((each) => each.column === name)?.value;
  if (!value || isNull(value)) return undefined;
  const alias = change.alias ?? change.table.name;
  const moment = momentOf(place, step);
  const scope = scopeOf(moment, change.ctes, change.from, { relation: moment.table(change.table), alias });
  const limited =
    step.operation.body?.loop !== true && subqueries(change.where).some((query) => query.limit !== undefined);
  if (limited)
    return {
      verdict: "ineffective",
      why: "limited",
      detail: "the backfill takes one batch and does not repeat",
      certainty: "sure",
      by,
    };
  const looped = step.operation.body?.loop === true;
  if (!looped && change.from.length > 0)
    return {
      verdict: "ineffective",
      why: "unmatched",
      detail: "rows without a match in the join stay NULL",
      certainty: "maybe",
      by,
    };
  if (!looped && !onlyNulls(change.where) && !complementary(change.where)) {
    return {
      verdict: "ineffective",
      why: "filtered",
      detail: printed(change.where as Expression),
      certainty: "maybe",
      by,
    };
  }
  const source = mayBeNull(scope, value);
  if (source !== undefined)
    return { verdict: "ineffective", why: "may be NULL", detail: source, certainty: "maybe", by };
  return "done";
}

/** A WHERE that is no filter: TRUE. */
const complementary = (where: Expression | undefined) =>
  where === undefined || (where.kind === "literal" && where.value === true);

/** What can make the value NULL, as words; undefined where nothing can as far as the text says. */
function mayBeNull(scope: QueryScope, value: Expression): string | undefined {
  if (value.kind === "cast") return mayBeNull(scope, value.arg);
  if (value.kind === "call" && value.name === "coalesce")
    return value.args.every((arg) => mayBeNull(scope, arg) !== undefined) ? "every argument of coalesce" : undefined;
  if (value.kind === "column") {
    const found = columnOf(scope, value);
    const column = found && scope.moment.catalog.relations.get(found.relation)?.columns.get(found.column);
    return column?.notNull === false ? value.column : undefined;
  }
  if (value.kind === "subquery") return "a row without a match in the subquery";
  return undefined;
}

/** Duplicates before a unique index: a de-duplication, a uniqueness that held until now, or a column that is new. */
export function prepareDuplicates(failure: Failure, place: WalkPlace): Preparation {
  const { catalog } = place;
  const table = catalog.relations.get(failure.relation);
  if (!table || failure.columns.length === 0) return { verdict: "none" };
  const covers = (columns: readonly string[]) =>
    columns.length > 0 && columns.every((name) => failure.columns.includes(name));
  for (const constraint of [
    ...table.constraints.values(),
    ...table.released.filter((each) => each.in === catalog.deployment),
  ]) {
    if ((constraint.type === "unique" || constraint.type === "primaryKey") && covers(constraint.columns))
      return { verdict: "done", how: "held until now", why: `${constraint.name} has kept them unique until now` };
  }
  for (const index of indexesOf(catalog, table)) {
    if (
      index.unique &&
      !index.partial &&
      index.name !== failure.detail &&
      covers(index.columns.flatMap((name) => name ?? [])) &&
      !index.columns.includes(null)
    )
      return { verdict: "done", how: "held until now", why: `${index.name} has kept them unique until now` };
  }
  const all = written(place, failure.relation);
  for (const name of failure.columns) {
    const column = table.columns.get(name);
    if (!young(catalog, column?.birth) || column === undefined) continue;
    const writes = all.filter(
      ({ change }) => change.kind === "updateRows" && change.set.some((each) => each.column === name),
    );
    if (/serial$/.test(column.type?.name ?? "") || column.identity)
      return { verdict: "done", how: "construction", why: `${name} is new and numbered` };
    if (column.default !== undefined && volatility(catalog, column.default) === "volatile")
      return { verdict: "done", how: "construction", why: `${name} is new and its default differs in every row` };
    if (column.default === undefined && writes.length === 0 && column.notNull !== true)
      return { verdict: "done", how: "construction", why: `${name} is new and NULL in every row` };
    const distinct =
      writes.length > 0 &&
      writes.every(
        ({ change }) =>
          change.kind === "updateRows" &&
          change.set.filter((each) => each.column === name).every((each) => differs(catalog, table.id, each.value)),
      );
    if (distinct)
      return {
        verdict: "done",
        how: "construction",
        why: `${name} is new and filled with a value of its own in every row`,
      };
  }
  for (const { step, change } of all)
    if (deduplicates(change, failure, place))
      return { verdict: "done", how: "deduplicate", why: "duplicates are dealt with before it", by: placeOfStep(step) };
  return { verdict: "none" };
}

/** A value that is another one in each row: a volatile function, or something computed from a unique column. */
function differs(catalog: Catalog, table: string, value: Expression): boolean {
  if (volatility(catalog, value) === "volatile") return true;
  const relation = catalog.relations.get(table);
  return [...expressions(value)].some((each) => {
    if (each.kind !== "column" || !relation) return false;
    return [...relation.constraints.values()].some(
      (constraint) =>
        (constraint.type === "primaryKey" || constraint.type === "unique") &&
        constraint.columns.length === 1 &&
        constraint.columns[0] === each.column,
    );
  });
}

/** A DELETE or UPDATE that compares the table with itself, or ranks or groups its rows, over the columns. */
function deduplicates(change: Change, failure: Failure, place: WalkPlace): boolean {
  if (change.kind !== "deleteRows" && change.kind !== "updateRows") return false;
  if (change.kind === "deleteRows" && !change.where && change.using.length === 0) return true;
  const touches = change.kind === "deleteRows" || change.set.some((each) => failure.columns.includes(each.column));
  if (!touches) return false;
  const sources = change.kind === "deleteRows" ? change.using : change.from;
  const ctes = change.ctes.flatMap((cte) => (cte.query ? queryTables(cte.query) : []));
  const inner = subqueries(change.where).flatMap((query) => queryTables(query));
  const tables = [
    ...queryTables({ ctes: [], targets: [], from: sources, groupBy: [], distinct: false, locking: false }),
    ...ctes,
    ...inner,
  ];
  if (tables.some((name) => resolve(place.catalog, name) === failure.relation)) return true;
  // An UPDATE that gives each row its own value.
  return (
    change.kind === "updateRows" &&
    change.set.some(
      (each) => failure.columns.includes(each.column) && differs(place.catalog, failure.relation, each.value),
    )
  );
}

/** A CHECK, a cast or a bound: any UPDATE or DELETE of the columns before it is taken for the preparation; whether it suffices only the rows tell. */
export function prepareValues(failure: Failure, place: WalkPlace): Preparation {
  for (const { step, change } of written(place, failure.relation)) {
    const columns =
      change.kind === "updateRows"
        ? change.set.map((each) => each.column)
        : change.kind === "deleteRows"
          ? mentionedColumns(change.where)
          : [];
    const about = failure.columns.length === 0 || columns.some((name) => failure.columns.includes(name));
    if (about && columns.length > 0)
      return { verdict: "done", how: "backfill", why: "the values are changed before it", by: placeOfStep(step) };
  }
  return { verdict: "none" };
}
