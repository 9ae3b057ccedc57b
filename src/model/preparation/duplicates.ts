import type { Change, Expression, Query } from "../../sql/expression.ts";
import { type Name, undotted } from "../../sql/names.ts";
import { type Catalog, type Relation, relationAt, resolve } from "../catalog.ts";
import type { Failure, Preparation } from "../effects.ts";
import { volatility } from "../predict/volatility.ts";
import { queryExpressions, sources, subqueries } from "../queries.ts";
import { indexesOf } from "../relatives.ts";
import type { WalkPlace } from "../step.ts";
import { conjuncts } from "./scope.ts";
import { isYoung, placeOfStep, written } from "./steps.ts";

/** What earlier statements did about duplicates. */

/** Duplicates before a unique index: a de-duplication, a uniqueness that held until now, or a column that is new. */
export function prepareDuplicates(failure: Failure, place: WalkPlace): Preparation {
  const { catalog } = place;
  const table = relationAt(catalog, failure.relation);
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
        ({ change }) =>
          change.kind === "updateRows" &&
          change.set.filter((each) => each.column === name).every((each) => isDistinct(catalog, table, each.value)),
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

/** A value that is another one in each row: made for it, or computed from a unique column without losing any of it. */
function isDistinct(catalog: Catalog, table: Relation, value: Expression): boolean {
  const of = (each: Expression): boolean => isDistinct(catalog, table, each);
  switch (value.kind) {
    case "column":
      return [...table.constraints.values()].some(
        ({ type, columns }) =>
          (type === "primaryKey" || type === "unique") && columns.length === 1 && columns[0] === value.column,
      );
    case "cast":
      return value.type.modifiers.length === 0 && KEEPING.has(value.type.name) && of(value.arg);
    case "call":
      return MAKING.has(undotted(value.name).name) || (WHOLE.has(value.name) && value.args.some(of));
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

/** Types that tell apart what was told apart before. */
const KEEPING = new Set(["text", "varchar", "int4", "int8", "numeric", "uuid", "bpchar"]);

const MAKING = new Set(
  "gen_random_uuid uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 uuidv4 uuidv7 nextval row_number".split(" "),
);

/** These have another result for another argument, hashes as good as always. */
const WHOLE = new Set(
  "md5 sha256 sha512 encode concat concat_ws format to_hex to_char convert_to digest reverse".split(" "),
);

/** A DELETE or UPDATE that leaves one row of each group with the same key: it compares the table with itself, ranks or groups its rows. */
function deduplicates(change: Change, failure: Failure, place: WalkPlace): boolean {
  if (change.kind !== "deleteRows" && change.kind !== "updateRows") return false;
  if (change.kind === "deleteRows" && !change.where && change.using.length === 0) return true;
  const table = relationAt(place.catalog, failure.relation);
  if (change.kind === "updateRows") {
    const own = change.set.filter(({ column }) => failure.columns.includes(column));
    if (own.length === 0) return false;
    if (table && own.some(({ value }) => isDistinct(place.catalog, table, value))) return true;
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
  return inner.some((query) => groupsKeys(query, isTable, key));
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
