import type { Change, Cte, Expression, Query, Source } from "../../sql/expression.ts";
import type { Name } from "../../sql/names.ts";
import { type Catalog, type Index, type Relation, relationNamed } from "../catalog.ts";
import { indexesOf } from "../relatives.ts";
import type { Certainty } from "../effects.ts";
import { expressions, mentionedColumns, sources, subqueries, visibleCtes, withNames } from "../queries.ts";
import { isWhole } from "../presence.ts";

/**
 * How the tables of a query are read. The planner decides between a table and its indexes, by the rows that are there: a table
 * is certain to be read from end to end only where no index can spare it, and no other table's rows can make it superfluous.
 */

/** A relation that a query or a change reads. */
export interface Read {
  readonly name: Name;
  readonly only: boolean;
  /** Whether it is read from end to end; `rows`: only once there are rows to look for in it. */
  readonly certainty: Certainty;
}

/** What is evaluated together: one FROM with what narrows it. */
interface Level {
  readonly from: readonly Source[];
  /** The table of a change: joined with `from`, but not itself among what is read. */
  readonly target?: { readonly alias: string; readonly name: Name };
  readonly clauses: readonly Expression[];
  /** Evaluated for each row. */
  readonly parts: readonly (Expression | undefined)[];
  readonly limited: boolean;
}

/** Names of CTEs, which hide tables. */
type Hidden = ReadonlySet<string>;

/** Every relation in a query, at any depth; CTEs that change rows are the caller's. */
export function* queryReads(catalog: Catalog, query: Query, hidden: Hidden = new Set()): Generator<Read> {
  const ctes = withNames(hidden, query.ctes);
  yield* ctesReads(catalog, query.ctes, hidden);
  if (query.combine) {
    yield* queryReads(catalog, query.combine.left, ctes);
    yield* queryReads(catalog, query.combine.right, ctes);
  }
  yield* levelReads(catalog, levelOf(query), ctes);
}

function* ctesReads(catalog: Catalog, ctes: readonly Cte[], hidden: Hidden): Generator<Read> {
  for (const [at, cte] of ctes.entries()) {
    const seen = withNames(hidden, visibleCtes(ctes, at));
    if (cte.query) yield* queryReads(catalog, cte.query, seen);
    else if (cte.change) yield* changeReads(catalog, cte.change, seen);
  }
}

/** Every relation that a change reads besides its own table. */
export function* changeReads(catalog: Catalog, change: Change, hidden: Hidden = new Set()): Generator<Read> {
  const ctes = withNames(hidden, change.ctes);
  yield* ctesReads(catalog, change.ctes, hidden);
  if (change.kind !== "insertRows") yield* levelReads(catalog, levelOfChange(change), ctes);
  else if (change.query) yield* queryReads(catalog, change.query, ctes);
}

/** Whether the planner may find the rows that a change is about without reading all of its table. */
export function targetCertainty(
  catalog: Catalog,
  table: Relation,
  change: Joined,
  hidden: Hidden = new Set(),
): Certainty {
  const level = levelOfChange(change);
  return certaintyOf(catalog, level, { alias: aliasOf(change), table }, hidden);
}

export type Joined = Extract<Change, { kind: "updateRows" | "deleteRows" | "mergeRows" }>;

const aliasOf = ({ alias, table }: Joined): string => alias ?? table.name;

function levelOf(query: Query): Level {
  return {
    from: query.from,
    clauses: clausesOf([query.where], query.from),
    parts: [
      ...query.targets.map(({ value }) => value),
      query.having,
      query.limit,
      ...query.groupBy,
      ...(query.values ?? []).flat(),
    ],
    limited: query.limit !== undefined && query.from.length === 1,
  };
}

function levelOfChange(change: Joined): Level {
  const from =
    change.kind === "updateRows" ? change.from : change.kind === "deleteRows" ? change.using : [change.source];
  return {
    from,
    target: { alias: aliasOf(change), name: change.table },
    clauses: clausesOf([change.kind === "mergeRows" ? change.on : change.where], from),
    parts: change.kind === "updateRows" ? change.set.map(({ value }) => value) : [],
    limited: false,
  };
}

/** Conditions that hold together, those of joins among them. */
function clausesOf(conditions: readonly (Expression | undefined)[], from: readonly Source[]): Expression[] {
  const found: Expression[] = [];
  const add = (condition: Expression | undefined): void => {
    if (condition?.kind === "and") condition.args.forEach(add);
    else if (condition) found.push(condition);
  };
  conditions.forEach(add);
  for (const source of sources(from)) {
    if (source.kind !== "join") continue;
    add(source.on);
    for (const column of source.using ?? [])
      found.push({
        kind: "operator",
        operator: "=",
        args: [
          { kind: "column", column },
          { kind: "column", column },
        ],
      });
  }
  return found;
}

function* levelReads(catalog: Catalog, level: Level, hidden: Hidden): Generator<Read> {
  for (const source of sources(level.from)) {
    if (source.kind === "query") yield* queryReads(catalog, source.query, hidden);
    else if (source.kind === "function") yield* nested(catalog, subqueries(source.call), hidden, "sure");
    else if (source.kind === "table" && !isHidden(source.name, hidden)) {
      const table = relationNamed(catalog, source.name);
      yield {
        name: source.name,
        only: source.only === true,
        certainty: table
          ? certaintyOf(catalog, level, { alias: source.alias ?? source.name.name, table }, hidden)
          : "sure",
      };
    }
  }
  // A condition is looked at only for rows that the others let through.
  for (const clause of level.clauses)
    yield* nested(catalog, subqueries(clause), hidden, level.clauses.length > 1 ? "rows" : "sure");
  for (const part of level.parts)
    yield* nested(
      catalog,
      subqueries(part),
      hidden,
      level.clauses.length > 0 || part?.kind === "case" ? "rows" : "sure",
    );
}

function* nested(catalog: Catalog, queries: readonly Query[], hidden: Hidden, certainty: Certainty): Generator<Read> {
  for (const query of queries)
    for (const read of queryReads(catalog, query, hidden))
      yield read.certainty === "sure" ? { ...read, certainty } : read;
}

const isHidden = ({ schema, name }: Name, hidden: Hidden): boolean => schema === undefined && hidden.has(name);

interface Own {
  readonly alias: string;
  readonly table: Relation;
}

function certaintyOf(catalog: Catalog, level: Level, own: Own, hidden: Hidden): Certainty {
  const within = level.clauses.flatMap((clause) => [clause, ...joinedClauses(clause)]);
  if (level.limited || isServed(catalog, within, own)) return "maybe";
  if (
    !level.target &&
    level.from.length === 1 &&
    level.from[0]?.kind === "table" &&
    level.parts.some((part) => isExtreme(part, catalog, own))
  )
    return "maybe";
  return others(catalog, level, own, hidden).some((other) => isRestricted(level, other, hidden)) ? "rows" : "sure";
}

/** Whether an index can find the rows for which the conditions hold; for alternatives, one for each. */
function isServed(catalog: Catalog, clauses: readonly Expression[], own: Own): boolean {
  if (
    indexesOf(catalog, own.table).some((index) => serves(index, clauses, own)) ||
    keys(own.table).some((column) => clauses.some((clause) => compares(clause, column, own)))
  )
    return true;
  return clauses.some(
    (clause) => clause.kind === "or" && clause.args.every((arg) => isServed(catalog, clausesOf([arg], []), own)),
  );
}

/** The first columns of keys. */
const keys = (table: Relation): string[] =>
  [...table.constraints.values()].flatMap(({ type, columns }) =>
    (type === "primaryKey" || type === "unique") && columns[0] !== undefined ? [columns[0]] : [],
  );

/** EXISTS and IN over a query are joins: what they compare narrows the outer table too. */
function joinedClauses(clause: Expression): Expression[] {
  const inner = clause.kind === "not" ? clause.arg : clause;
  if (inner.kind !== "exists") return [];
  const { where, from } = inner.query;
  return clausesOf([where], from).flatMap((each) => [each, ...joinedClauses(each)]);
}

function serves(index: Index, clauses: readonly Expression[], own: Own): boolean {
  if (index.partial)
    return (
      index.where !== undefined &&
      clausesOf([index.where], []).every((needed) => clauses.some((clause) => implies(clause, needed, own)))
    );
  const [first] = index.columns;
  if (first === undefined) return false;
  if (first === null)
    return clauses.some((clause) => mentionedColumns(clause).some((column) => index.mentions.includes(column)));
  if (index.method !== "btree") return clauses.some((clause) => mentionedColumns(clause).includes(first));
  return clauses.some((clause) => compares(clause, first, own));
}

const COMPARES = /^(=|<|>|<=|>=|between|between symmetric|like)$|^(=|<|>|<=|>=) any/;

/** Whether a btree over the column can find the rows for which the condition holds. */
function compares(clause: Expression, column: string, own: Own): boolean {
  const is = (expression: Expression): boolean => isOwn(expression, own) && expression.column === column;
  switch (clause.kind) {
    case "operator":
      return COMPARES.test(clause.operator) && clause.args.some(is);
    case "in":
      return !clause.negated && (clause.arg.kind === "row" ? clause.arg.args : [clause.arg]).some(is);
    case "isNull":
      return is(clause.arg);
    case "not":
      return is(clause.arg);
    default:
      return is(clause);
  }
}

const isOwn = (expression: Expression, { alias, table }: Own): expression is Extract<Expression, { kind: "column" }> =>
  expression.kind === "column" &&
  (expression.table === alias ||
    (expression.table === undefined && (table.columns.has(expression.column) || !isWhole(table))));

/** Whether a row for which `clause` holds is in an index with that predicate. */
function implies(clause: Expression, needed: Expression, own: Own): boolean {
  if (JSON.stringify(bare(clause)) === JSON.stringify(bare(needed))) return true;
  return (
    needed.kind === "isNull" &&
    needed.negated &&
    needed.arg.kind === "column" &&
    clause.kind !== "isNull" &&
    compares(clause, needed.arg.column, own)
  );
}

/** Without aliases. */
function bare(expression: Expression): unknown {
  return JSON.parse(JSON.stringify(expression, (key, value: unknown) => (key === "table" ? undefined : value)));
}

/** max() and min() are the ends of an index. */
function isExtreme(part: Expression | undefined, catalog: Catalog, own: Own): boolean {
  return [...expressions(part)].some((each) => {
    const [column] = each.kind === "call" && (each.name === "max" || each.name === "min") ? each.args : [];
    return (
      column !== undefined &&
      isOwn(column, own) &&
      (indexesOf(catalog, own.table).some((index) => index.columns[0] === column.column && index.method === "btree") ||
        keys(own.table).includes(column.column))
    );
  });
}

/** What `own` is joined with in such a way that it need not be read where the other side has no rows. */
function others(catalog: Catalog, { from, target }: Level, { alias }: Own, hidden: Hidden): Source[] {
  const found: Source[] = [];
  const holds = (source: Source): boolean =>
    [...sources([source])].some(
      (each) => each.kind === "table" && !isHidden(each.name, hidden) && (each.alias ?? each.name.name) === alias,
    );
  const leaves = (source: Source): Source[] => [...sources([source])].filter(({ kind }) => kind !== "join");
  const visit = (source: Source): void => {
    if (source.kind !== "join") return;
    const { left, right, join } = source;
    if (holds(left)) {
      if (join !== "left" && join !== "full") found.push(...leaves(right));
      visit(left);
    } else if (holds(right)) {
      if (join !== "right" && join !== "full") found.push(...leaves(left));
      visit(right);
    }
  };
  for (const source of from)
    if (holds(source) && target?.alias !== alias) visit(source);
    else found.push(...leaves(source));
  if (target && target.alias !== alias) found.push({ kind: "table", name: target.name, alias: target.alias });
  // A name that is not known may stand for anything.
  return found.filter(
    (source) =>
      source.kind !== "table" || isHidden(source.name, hidden) || relationNamed(catalog, source.name) !== undefined,
  );
}

/** Whether conditions of its own may leave nothing of a source. */
function isRestricted({ clauses }: Level, source: Source, hidden: Hidden): boolean {
  if (source.kind === "query")
    return source.query.where !== undefined || source.query.having !== undefined || source.query.limit !== undefined;
  if (source.kind !== "table") return false;
  if (isHidden(source.name, hidden)) return true;
  const alias = source.alias ?? source.name.name;
  return clauses.some((clause) => {
    // A subquery may speak of any of them.
    if (subqueries(clause).length > 0) return true;
    const columns = [...expressions(clause)].filter((each) => each.kind === "column");
    return columns.length > 0 && columns.every((each) => each.table === alias);
  });
}
