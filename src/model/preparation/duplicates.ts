import type { Change, Expression, Query } from "../../sql/expression.ts";
import { type Name, undotted } from "../../sql/names.ts";
import type { Operation } from "../../sql/operation/index.ts";
import { type Constraint, type Relation, relationAt, resolve } from "../catalog.ts";
import type { Failure, Preparation } from "../effects.ts";
import { volatility } from "../predict/volatility.ts";
import { queryExpressions, sources, subqueries, conjuncts } from "../queries.ts";
import { MAKES_ANOTHER, TELLS_APART } from "../postgres/function-values.ts";
import { indexesOf } from "../relatives.ts";
import type { Step, WalkPlace } from "../step.ts";
import { type Written, isYoung, placeOfStep, written } from "./steps.ts";

/** What earlier statements did about duplicates. */

/** Duplicates before a unique index: a de-duplication, a uniqueness that held until now, or a column that is new. */
export function prepareDuplicates(failure: Failure, place: WalkPlace): Preparation {
  const { catalog } = place;
  const table = relationAt(catalog, failure.relation);
  if (!table || failure.columns.length === 0) return { verdict: "none" };
  const covers = (columns: readonly string[]) =>
    columns.length > 0 && columns.every((name) => failure.columns.includes(name));
  const kept = keysOf(place, table).find(({ name, columns }) => name !== failure.detail && covers(columns));
  if (kept) return { verdict: "done", how: "held until now", why: `${kept.name} has kept them unique until now` };
  const all = written(place, failure.relation);
  /** Whether the value of a column is another one in each row when the change is made. */
  const isKey =
    ({ step, change }: Written): IsKey =>
    (column) =>
      (column.table === undefined || column.table === (("alias" in change && change.alias) || change.table.name)) &&
      keysOf(place, table, step).some(({ columns }) => columns.length === 1 && columns[0] === column.column);
  for (const name of failure.columns) {
    const column = table.columns.get(name);
    if (!isYoung(catalog, column?.birth) || column === undefined) continue;
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
        (write) =>
          write.change.kind === "updateRows" &&
          write.change.set
            .filter((each) => each.column === name)
            .every(
              (each) =>
                isDistinct(each.value, isKey(write)) ||
                (writes.length === 1 && isOfOneRow(each.value, write, place, isKey(write))),
            ),
      );
    if (distinct)
      return {
        verdict: "done",
        how: "construction",
        why: `${name} is new and filled with a value of its own in every row`,
      };
  }
  for (const write of all)
    if (deduplicates(write.change, failure, place, isKey(write)))
      return {
        verdict: "done",
        how: "deduplicate",
        why: "duplicates are dealt with before it",
        by: placeOfStep(write.step),
      };
  return { verdict: "none" };
}

type IsKey = (column: Extract<Expression, { kind: "column" }>) => boolean;

interface Key {
  readonly name: string;
  readonly columns: readonly string[];
}

/**
 * Keys without a duplicate when a step runs (now, without one): those in force, and those that the deployment has dropped, as long as
 * nothing has written into their columns since.
 */
function keysOf(place: WalkPlace, table: Relation | undefined, step?: Step): Key[] {
  if (!table) return [];
  const { catalog, before } = place;
  const isKey = ({ type }: Constraint) => type === "unique" || type === "primaryKey";
  const there = [
    ...[...table.constraints.values()].filter(isKey),
    ...indexesOf(catalog, table).flatMap(({ name, unique, partial, columns }): Key[] =>
      unique && !partial && !columns.includes(null) ? [{ name, columns: columns.flatMap((each) => each ?? []) }] : [],
    ),
  ];
  const end = step ? before.indexOf(step) : before.length;
  const gone = table.released.filter((each) => {
    // Values under the name of a column that went are another column's, once the name is taken again.
    if (
      each.in !== catalog.deployment ||
      !isKey(each) ||
      (each.withColumn && each.columns.some((name) => isYoung(catalog, table.columns.get(name)?.birth)))
    )
      return false;
    const from = before.findIndex(({ operation }) => drops(operation, each.name));
    return !written(place, table.id).some(({ step: of, change }) => {
      const at = before.indexOf(of);
      return at >= from && at < end && writes(change, each.columns);
    });
  });
  return [...there, ...gone];
}

const drops = (operation: Operation, name: string): boolean =>
  (operation.kind === "dropConstraint" && operation.constraint === name) ||
  (operation.kind === "dropIndex" && operation.index.name === name);

const writes = (change: Change, columns: readonly string[]): boolean =>
  change.kind === "updateRows"
    ? change.set.some(({ column }) => columns.includes(column))
    : change.kind !== "deleteRows";

/** A value that is another one in each row: made for it, or computed from a unique column without losing any of it. */
function isDistinct(value: Expression, isKey: IsKey): boolean {
  const of = (each: Expression): boolean => isDistinct(each, isKey);
  switch (value.kind) {
    case "column":
      return isKey(value);
    case "cast":
      return value.type.modifiers.length === 0 && KEEPING.has(value.type.name) && of(value.arg);
    case "call":
      return MAKES_ANOTHER.has(undotted(value.name).name) || (value.name in TELLS_APART && value.args.some(of));
    case "operator": {
      const others = value.args.filter((arg) => !of(arg));
      if (value.operator === "||") return others.length < value.args.length;
      return (
        /^[+-]$/.test(value.operator) &&
        others.length < value.args.length &&
        others.every(({ kind }) => kind === "literal")
      );
    }
    case "case":
      return value.otherwise !== undefined && [...value.branches.map(({ then }) => then), value.otherwise].every(of);
    default:
      return false;
  }
}

/**
 * A key of another table, of which no row belongs to two of this one: `SET k = p.id FROM p WHERE p.x = t.id`. Two rows with the same value
 * would have it from the same row of p, whose x is but one of them.
 */
function isOfOneRow(value: Expression, { step, change }: Written, place: WalkPlace, isKey: IsKey): boolean {
  if (change.kind !== "updateRows" || value.kind !== "column") return false;
  const [source, ...more] = change.from;
  if (source?.kind !== "table" || more.length > 0) return false;
  const name = source.alias ?? source.name.name;
  const other = relationAt(place.catalog, resolve(place.catalog, source.name));
  const isUnique = keysOf(place, other, step).some(
    ({ columns }) => columns.length === 1 && columns[0] === value.column,
  );
  if (value.table !== name || !isUnique) return false;
  return conjuncts(change.where).some((term) => {
    if (term.kind !== "operator" || term.operator !== "=") return false;
    const [left, right] = term.args;
    if (left?.kind !== "column" || right?.kind !== "column") return false;
    const [own, outer] = left.table === name ? [right, left] : [left, right];
    return outer.table === name && own.table !== undefined && own.table !== name && isKey(own);
  });
}

/** Types that tell apart what was told apart before. */
const KEEPING = new Set(["text", "varchar", "int8", "numeric"]);

/** A DELETE or UPDATE that leaves one row of each group with the same key: it compares the table with itself, ranks or groups its rows. */
function deduplicates(change: Change, failure: Failure, place: WalkPlace, isKey: IsKey): boolean {
  if (change.kind !== "deleteRows" && change.kind !== "updateRows") return false;
  if (change.kind === "deleteRows" && !change.where && change.using.length === 0) return true;
  if (change.kind === "updateRows") {
    const own = change.set.filter(({ column }) => failure.columns.includes(column));
    if (own.length === 0) return false;
    if (own.some(({ value }) => isDistinct(value, isKey))) return true;
  }
  const isTable = (name: Name): boolean => resolve(place.catalog, name) === failure.relation;
  const of = change.kind === "deleteRows" ? change.using : change.from;
  const twins = [...sources(of)].flatMap((source) =>
    source.kind === "table" && isTable(source.name) ? [source.alias ?? source.name.name] : [],
  );
  const key = new Set(failure.columns);
  if (twins.length > 0) return comparesKeys(change.where, twins, key);
  const inner = [
    ...[...sources(of)].flatMap((source) => (source.kind === "query" ? [source.query] : [])),
    ...change.ctes.flatMap(({ query }) => query ?? []),
    ...subqueries(change.where),
  ];
  return !keepsSeveral(change, inner) && inner.some((query) => groupsKeys(query, isTable, key));
}

/** Rows of a rank above 2 go, so that two of a group stay: `WHERE n > 2`. */
function keepsSeveral(change: Change, inner: readonly Query[]): boolean {
  const ranks = new Set(
    inner.flatMap((query) =>
      [...queriesOf(query)].flatMap(({ targets }) =>
        targets.flatMap(({ value, as }) =>
          value.kind === "call" && value.name === "row_number" && as !== undefined ? [as] : [],
        ),
      ),
    ),
  );
  const own = "where" in change ? change.where : undefined;
  const conditions = [own, ...inner.flatMap((query) => [...queriesOf(query)].map(({ where }) => where))];
  return conditions
    .flatMap((where) => conjuncts(where))
    .some((term) => {
      if (term.kind !== "operator") return false;
      const [left, right] = term.args;
      if (left?.kind !== "column" || !ranks.has(left.column) || right?.kind !== "literal") return false;
      const from = Number(right.value);
      return (
        (term.operator === ">" && from > 1) ||
        (term.operator === ">=" && from > 2) ||
        (term.operator === "=" && from > 1)
      );
    });
}

/** The rows are compared with each other in nothing but columns of the key, and told apart by others: by = there, by < or <> here. */
function comparesKeys(where: Expression | undefined, twins: readonly string[], key: ReadonlySet<string>): boolean {
  const equal = conjuncts(where).flatMap((term) => {
    if (term.kind !== "operator" || (term.operator !== "=" && term.operator !== "is not distinct from")) return [];
    const [left, right] = term.args;
    const pair = left?.kind === "column" && right?.kind === "column" ? [left, right] : undefined;
    const across = pair?.some(({ table }) => table !== undefined && twins.includes(table)) === true;
    return pair && across && pair[0]?.table !== pair[1]?.table ? [pair[0]?.column ?? ""] : [];
  });
  return equal.length > 0 && equal.every((name) => key.has(name));
}

/** A query, at any depth, that takes the table's rows apart by columns of the key: GROUP BY, PARTITION BY, DISTINCT ON, or a twin that it looks for. */
function groupsKeys(query: Query, isTable: (name: Name) => boolean, key: ReadonlySet<string>): boolean {
  const within = (parts: readonly Expression[]): boolean =>
    parts.length > 0 && parts.every((each) => each.kind !== "column" || key.has(each.column));
  const all = [...queriesOf(query)];
  if (!all.some((each) => [...sources(each.from)].some((source) => source.kind === "table" && isTable(source.name))))
    return false;
  return all.some((each) => {
    if (within(each.groupBy)) return true;
    const windows = [...queryExpressions(each)].flatMap((part) =>
      part.kind === "call" && part.over ? [part.over] : [],
    );
    if (windows.some(within)) return true;
    // DISTINCT ON and windows that are named elsewhere: what they go by is not read.
    if (
      each.distinct ||
      [...queryExpressions(each)].some((part) => part.kind === "call" && part.name === "row_number" && !part.over)
    )
      return true;
    const twins = [...sources(each.from)].flatMap((source) =>
      source.kind === "table" && isTable(source.name) ? [source.alias ?? source.name.name] : [],
    );
    return comparesKeys(each.where, twins, key);
  });
}

/** The query, and those in its FROM, its WITH and its conditions. */
function* queriesOf(query: Query): Generator<Query> {
  yield query;
  if (query.combine) {
    yield* queriesOf(query.combine.left);
    yield* queriesOf(query.combine.right);
  }
  for (const cte of query.ctes) if (cte.query) yield* queriesOf(cte.query);
  for (const source of sources(query.from)) if (source.kind === "query") yield* queriesOf(source.query);
  for (const inner of subqueries(query.where)) yield* queriesOf(inner);
}
