import { type AntiJoin, antiJoin } from "./antijoin.ts";
import type { Expression, Query, Source } from "../../sql/expression.ts";
import type { RelationId } from "../effects.ts";
import { relationName } from "../../sql/names.ts";
import { type Frame, type QueryScope, apart, columnOf, inside, passedOn, targetsOf } from "./scope.ts";
import { expressions, subqueries, conjuncts } from "../queries.ts";
import { printed } from "../sql.ts";
import { type At, aliasesOf, joined, partnersIn } from "./joins.ts";
import { type Link, followed, linked, rowKey } from "./row-ties.ts";

/**
 * Which rows of one table a condition picks, as far as it is about rows without a partner. What is not understood
 * is a filter: it is taken to leave rows out.
 */

/** Terms that hold together. */
export interface Rows {
  /** Each demands that a partner is missing. */
  readonly anti: readonly AntiJoin[];
  /** Each demands that a partner is there. */
  readonly partnered: readonly Pick<AntiJoin, "pairs" | "partner">[];
  /** Columns of the table that must have a value, and those that must have none. */
  readonly given: readonly string[];
  readonly nulls: readonly string[];
  /** Further terms, which leave rows out. */
  readonly filters: readonly string[];
  /** Rows that come along though the terms are not about them, as what they share with one that is. */
  readonly along: readonly string[];
  /** Why no row can be picked at all. */
  readonly never: readonly string[];
  /** One batch. */
  readonly limited: boolean;
  /** It follows rows that point at picked rows: the columns that point and those pointed at. */
  readonly follows?: readonly (readonly [string, string])[];
}

/** Alternatives: a row is picked if one of them picks it. */
export type Picks = readonly Rows[];

const ANY: Rows = { anti: [], partnered: [], given: [], nulls: [], filters: [], along: [], never: [], limited: false };
const MOST_ALTERNATIVES = 16;

const filter = (text: string): Picks => [{ ...ANY, filters: [text] }];

function both(one: Picks, other: Picks): Picks {
  if (one.length * other.length > MOST_ALTERNATIVES) return filter("…");
  return one.flatMap((a) =>
    other.map((b) => ({
      anti: [...a.anti, ...b.anti],
      partnered: [...a.partnered, ...b.partnered],
      given: [...a.given, ...b.given],
      nulls: [...a.nulls, ...b.nulls],
      filters: [...a.filters, ...b.filters],
      along: [...a.along, ...b.along],
      never: [...a.never, ...b.never],
      limited: a.limited || b.limited,
      ...((a.follows ?? b.follows) && { follows: a.follows ?? b.follows }),
    })),
  );
}

const all = (picks: readonly Picks[]): Picks => picks.reduce(both, [ANY]);

/** The rows of `table` (under `alias`, in the innermost FROM of the scope) that WHERE and FROM pick. */
export function pick(
  scope: QueryScope,
  where: Expression | undefined,
  table: RelationId,
  alias: string,
  sources: readonly Source[],
): Picks {
  const from = joined(sources);
  const terms = [...from.terms, ...conjuncts(where)];
  const links = linked(scope, terms, table, alias);
  const found: Picks[] = from.strange ? [filter("a full join finds a row")] : [];
  const same = new Set([alias]);
  const inner = new Set<string>();
  const spent = new Set<Expression>();
  for (const leaf of from.leaves) {
    if (leaf === alias) continue;
    const link = links.get(leaf);
    const frame = scope.levels[0]?.find((each) => each.alias === leaf);
    const taken = link && frame ? through(scope, frame, table, link.columns, link.names) : undefined;
    if (!link || !frame || !taken) {
      inner.add(leaf);
      continue;
    }
    for (const term of link.terms) spent.add(term);
    // Another alias of the same row, or a query whose rows these are.
    if (frame.relation !== undefined && rowKey(scope, table, link.columns)) same.add(leaf);
    found.push(taken);
  }
  const [peer] = inner;
  const peers =
    peer === undefined || inner.size > 1
      ? undefined
      : sharing({ scope, table, alias, sources }, terms, peer, links.get(peer));
  if (peers) return peers;
  const at: At = {
    scope,
    table,
    lefts: from.lefts,
    inner,
    own(expression) {
      const column = columnOf(scope, expression);
      return column && column.relation === table && column.level === 0 && same.has(column.alias)
        ? column.column
        : undefined;
    },
    standsFor: (name) => same.has(name),
  };
  for (const leaf of inner) {
    const frame = scope.levels[0]?.find((each) => each.alias === leaf);
    const text = `the join with ${frame?.relation === undefined ? leaf : relationName(frame.relation)} finds a row`;
    found.push([{ ...ANY, filters: [text], partnered: partnersIn(at, terms, leaf) }]);
  }
  for (const term of terms) {
    if (spent.has(term)) continue;
    // The join says it already.
    if (mentions(term, inner) && !(term.kind === "isNull" && !term.negated)) continue;
    found.push(one(at, term));
  }
  return all(found);
}

/** `DELETE FROM child c USING child o … WHERE o.author_id = c.author_id`: rows that share columns with picked ones. */
function sharing(
  {
    scope,
    table,
    alias,
    sources,
  }: {
    readonly scope: QueryScope;
    readonly table: RelationId;
    readonly alias: string;
    readonly sources: readonly Source[];
  },
  terms: readonly Expression[],
  peer: string,
  link: Link | undefined,
): Picks | undefined {
  const frame = scope.levels[0]?.find((each) => each.alias === peer);
  if (!link || frame?.relation !== table || sources.some((source) => aliasesOf(source).includes(alias)))
    return undefined;
  const rest = terms.filter((term) => !link.terms.includes(term));
  if (rest.some((term) => names(term, alias))) return undefined;
  return shared(
    scope,
    pick(scope, rest.length === 0 ? undefined : { kind: "and", args: rest }, table, peer, sources),
    table,
    link.columns,
  );
}

/** Whether an alias occurs, or could. */
const names = (expression: Expression, alias: string): boolean =>
  [...expressions(expression)].some((each) => each.kind === "column" && (each.table ?? alias) === alias) ||
  subqueries(expression).length > 0;

function mentions(expression: Expression, aliases: ReadonlySet<string>): boolean {
  if (expression.kind === "column") return expression.table !== undefined && aliases.has(expression.table);
  if (expression.kind === "operator" || expression.kind === "call" || expression.kind === "row")
    return expression.args.some((arg) => mentions(arg, aliases));
  return (expression.kind === "cast" || expression.kind === "isNull") && mentions(expression.arg, aliases);
}

/** The rows that share `columns` with the rows that a frame gives, where they are called `names`. */
function through(
  scope: QueryScope,
  frame: Frame,
  table: RelationId,
  columns: readonly string[],
  names: readonly string[] = columns,
): Picks | undefined {
  if (frame.relation !== undefined) return rowKey(scope, table, columns) ? [ANY] : undefined;
  if (!frame.query) return undefined;
  const values = names.map((column): Expression => ({ kind: "column", column }));
  const rows = rowsOf(scope, frame.query, table, values, true);
  return rows && shared(scope, rows, table, columns);
}

/** Rows picked by what they share with others. */
function shared(scope: QueryScope, picks: Picks, table: RelationId, columns: readonly string[]): Picks {
  const identifies = rowKey(scope, table, columns);
  return picks.map((rows) => {
    const keyed =
      rows.anti.length > 0 &&
      rows.anti.every(
        (anti) =>
          columns.every((column) => anti.pairs.some(([own]) => own === column)) && anti.pairs.length === columns.length,
      );
    // Picked by the key itself, a row without a key is never picked: NULL = NULL is not true.
    if (keyed) return { ...rows, anti: rows.anti.map((anti) => ({ ...anti, hitsNull: false })) };
    return identifies ? rows : { ...rows, along: [...rows.along, columns.join(" and ")] };
  });
}

/**
 * The rows of `table` whose values the expressions of a query are; undefined where they are not columns of the table.
 * `outer`: the expressions are names that the query gives, else its own targets.
 */
export function rowsOf(
  scope: QueryScope,
  query: Query,
  table: RelationId,
  values: readonly Expression[],
  outer: boolean,
): Picks | undefined {
  if (query.combine) return combined(scope, query, table, values, outer);
  const own = outer
    ? values.map((value) => (value.kind === "column" ? passedOn(query, value.column)?.value : undefined))
    : values;
  const inner = outer ? apart(scope, query) : inside(scope, query);
  const columns = own.map((value) => columnOf(inner, value));
  const [first] = columns;
  if (
    !first ||
    columns.some((column) => column?.relation !== table || column.level !== 0 || column.alias !== first.alias)
  )
    return undefined;
  const frame = inner.levels[0]?.find((each) => each.alias === first.alias);
  const base = frame?.query ? rowsOf(inner, frame.query, table, own.map(bare), true) : [ANY];
  if (!base) return undefined;
  const narrowed: Picks = [
    {
      ...ANY,
      limited: query.limit !== undefined,
      filters: [...(query.having ? [printed(query.having)] : []), ...(query.offset ? ["OFFSET has been passed"] : [])],
    },
  ];
  return all([base, pick(inner, query.where, table, first.alias, query.from), narrowed]);
}

const bare = (value: Expression | undefined): Expression =>
  value?.kind === "cast"
    ? bare(value.arg)
    : value?.kind === "column"
      ? { kind: "column", column: value.column }
      : { kind: "other", args: [] };

function combined(
  scope: QueryScope,
  query: Query,
  table: RelationId,
  values: readonly Expression[],
  outer: boolean,
): Picks | undefined {
  const { combine } = query;
  if (!combine || query.offset) return undefined;
  if (query.limit) {
    const { limit: _, ...whole } = query;
    return combined(scope, whole, table, values, outer)?.map((rows) => ({ ...rows, limited: true }));
  }
  const base = outer ? { ...scope, levels: [] } : scope;
  const part = (side: Query) =>
    rowsOf(
      base,
      { ...side, ctes: [...query.ctes, ...side.ctes] },
      table,
      outer ? values : side.targets.map(({ value }) => value),
      outer,
    );
  const left = part(combine.left);
  if (!left) return undefined;
  if (combine.operator === "union") {
    const follows = followed(base, combine.right, table);
    if (follows) return left.map((rows) => ({ ...rows, follows }));
    const right = part(combine.right);
    return right && [...left, ...right];
  }
  if (combine.operator !== "except") return undefined;
  const anti = antiJoin.except(base, combine.left, combine.right, table);
  return anti && both(left, [{ ...ANY, anti: [anti] }]);
}

/** One term of an AND. */
function one(at: At, term: Expression): Picks {
  if (isTrue(term)) return [ANY];
  if (term.kind === "and") return all(term.args.map((arg) => one(at, arg)));
  if (term.kind === "or") return term.args.flatMap((arg) => one(at, arg));
  if (term.kind === "isNull") {
    const column = at.own(term.arg);
    if (column !== undefined) return [term.negated ? { ...ANY, given: [column] } : { ...ANY, nulls: [column] }];
  }
  const anti = antiJoin.of(at, term);
  if (anti) return [typeof anti === "string" ? { ...ANY, never: [anti] } : { ...ANY, anti: [anti] }];
  const partnered = antiJoin.opposite(at, term);
  return subset(at, term) ?? [{ ...ANY, filters: [printed(term)], partnered: partnered ? [partnered] : [] }];
}

const isTrue = (term: Expression): boolean =>
  (term.kind === "literal" && term.value === true) ||
  (term.kind === "operator" &&
    term.operator === "=" &&
    term.args.every(
      (arg) => arg.kind === "literal" && arg.value !== null && arg.value === (term.args[0] as typeof arg).value,
    ));

/** `id IN (SELECT c.id FROM child c …)`, `= ANY (ARRAY(SELECT …))`, EXISTS over rows of the table itself. */
function subset(at: At, term: Expression): Picks | undefined {
  const { scope, table } = at;
  if (term.kind === "exists") {
    const inner = inside(scope, term.query);
    const [leaf] = joined(term.query.from).leaves;
    const frame = inner.levels[0]?.find((each) => each.alias === leaf);
    if (!frame?.query || term.query.from.length !== 1 || term.query.limit || term.query.having) return undefined;
    const columns: string[] = [];
    for (const each of conjuncts(term.query.where)) {
      const [left, right] =
        each.kind === "operator" && each.operator === "=" ? each.args.map((arg) => columnOf(inner, arg)) : [];
      if (
        !left ||
        !right ||
        left.relation !== table ||
        right.relation !== table ||
        left.column !== right.column ||
        left.level + right.level !== 1
      )
        return undefined;
      columns.push(left.column);
    }
    return columns.length > 0 ? through(inner, frame, table, columns) : undefined;
  }
  let query: Query | undefined;
  let values: readonly Expression[] = [];
  if (term.kind === "in" && !term.negated && term.query) {
    query = term.query;
    values = term.arg.kind === "row" ? term.arg.args : [term.arg];
  } else if (term.kind === "operator" && term.operator === "= any" && term.args[1]?.kind === "subquery") {
    query = term.args[1].query;
    values = term.args.slice(0, 1);
  }
  const columns = values.map(at.own);
  if (!query || columns.length === 0 || columns.includes(undefined)) return undefined;
  const targets = targetsOf(query);
  const given = targets.values.map((value) => columnOf(inside(scope, targets.query), value));
  if (
    given.length !== columns.length ||
    given.some((each, i) => each?.relation !== table || each.column !== columns[i])
  )
    return undefined;
  const rows = rowsOf(scope, query, table, targets.values, false);
  return rows && shared(scope, rows, table, columns as string[]);
}
