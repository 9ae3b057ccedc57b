import type { Change, Expression, Query, Source } from "../sql/expression.ts";
import type { Name } from "../sql/names.ts";
import { sources } from "./queries.ts";

/** Stored expressions and queries under new names: PostgreSQL keeps what they mean, whatever is renamed. */

export interface Rewriting {
  /** One part, its own parts done already. */
  readonly part: (expression: Expression) => Expression;
  /** A query inside of it. */
  readonly query: (query: Query) => Query;
  readonly source: (source: TableSource) => TableSource;
}

export type TableSource = Extract<Source, { readonly kind: "table" }>;

export function rewritten(expression: Expression, how: Rewriting): Expression {
  const inner = (each: Expression) => rewritten(each, how);
  switch (expression.kind) {
    case "column":
    case "star":
    case "literal":
    case "parameter":
      return how.part(expression);
    case "not":
    case "isNull":
    case "cast":
      return how.part({ ...expression, arg: inner(expression.arg) });
    case "in":
      return how.part({
        ...expression,
        arg: inner(expression.arg),
        ...(expression.list && { list: expression.list.map(inner) }),
        ...(expression.query && { query: how.query(expression.query) }),
      });
    case "exists":
    case "subquery":
      return how.part({ ...expression, query: how.query(expression.query) });
    case "call":
      // count(*) reads no column.
      if (isCount(expression)) return how.part(expression);
      return how.part({
        ...expression,
        args: expression.args.map(inner),
        ...(expression.over && { over: expression.over.map(inner) }),
      });
    case "case":
      return how.part({
        ...expression,
        ...(expression.subject && { subject: inner(expression.subject) }),
        branches: expression.branches.map(({ when, then }) => ({ when: inner(when), then: inner(then) })),
        ...(expression.otherwise && { otherwise: inner(expression.otherwise) }),
      });
    default:
      return how.part({ ...expression, args: expression.args.map(inner) });
  }
}

const isCount = (expression: Expression): boolean =>
  expression.kind === "call" && expression.args.length === 1 && expression.args[0]?.kind === "star";

function rewrittenSource(source: Source, how: Rewriting): Source {
  switch (source.kind) {
    case "table":
      return how.source(source);
    case "query":
      return { ...source, query: how.query(source.query) };
    case "function":
      return { ...source, call: rewritten(source.call, how) };
    case "join":
      return {
        ...source,
        left: rewrittenSource(source.left, how),
        right: rewrittenSource(source.right, how),
        ...(source.on && { on: rewritten(source.on, how) }),
      };
  }
}

export function rewrittenQuery(query: Query, how: Rewriting): Query {
  const inner = (each: Expression) => rewritten(each, how);
  return {
    ...query,
    ctes: rewrittenCtes(query.ctes, how),
    targets: query.targets.map((target) => {
      const value = inner(target.value);
      // A column of the result keeps its name.
      const named = target.as === undefined && target.value.kind === "column" && value !== target.value;
      return { ...target, value, ...(named && { as: target.value.column }) };
    }),
    from: query.from.map((source) => rewrittenSource(source, how)),
    groupBy: query.groupBy.map(inner),
    ...(query.where && { where: inner(query.where) }),
    ...(query.having && { having: inner(query.having) }),
    ...(query.limit && { limit: inner(query.limit) }),
    ...(query.offset && { offset: inner(query.offset) }),
    ...(query.values && { values: query.values.map((row) => row.map(inner)) }),
    ...(query.combine && {
      combine: { ...query.combine, left: how.query(query.combine.left), right: how.query(query.combine.right) },
    }),
  };
}

const rewrittenCtes = (ctes: Query["ctes"], how: Rewriting): Query["ctes"] =>
  ctes.map((cte) => ({
    ...cte,
    ...(cte.query && { query: how.query(cte.query) }),
    ...(cte.change && { change: rewrittenChange(cte.change, how) }),
  }));

/** The table that is changed is taken for a source too. */
export function rewrittenChange(change: Change, how: Rewriting): Change {
  const inner = (each: Expression) => rewritten(each, how);
  const from = (source: Source) => rewrittenSource(source, how);
  const own = how.source({ kind: "table", name: change.table });
  const base = { table: own.name, ctes: rewrittenCtes(change.ctes, how) };
  const set = (each: { readonly column: string; readonly value: Expression }) => ({
    ...each,
    value: inner(each.value),
  });
  switch (change.kind) {
    case "insertRows":
      return {
        ...change,
        ...base,
        ...(change.query && { query: how.query(change.query) }),
        ...(change.set && { set: change.set.map(set) }),
      };
    case "updateRows":
      return {
        ...change,
        ...base,
        alias: change.alias ?? own.alias,
        set: change.set.map(set),
        from: change.from.map(from),
        ...(change.where && { where: inner(change.where) }),
      };
    case "deleteRows":
      return {
        ...change,
        ...base,
        alias: change.alias ?? own.alias,
        using: change.using.map(from),
        ...(change.where && { where: inner(change.where) }),
      };
    case "mergeRows":
      return {
        ...change,
        ...base,
        alias: change.alias ?? own.alias,
        source: from(change.source),
        on: inner(change.on),
      };
  }
}

const same = <T>(each: T): T => each;

const hidden = (ctes: ReadonlySet<string>, name: Name): boolean => name.schema === undefined && ctes.has(name.name);

interface Scope {
  /** Aliases of the table in this query, and in those around it. */
  readonly own: ReadonlySet<string>;
  readonly seen: ReadonlySet<string>;
}

/**
 * The parts of a query at any depth, each with where the table can be read there. A name without a table is the
 * table's wherever the table is read: PostgreSQL refuses one that two tables have.
 */
function inScope(
  query: Query,
  is: (name: Name) => boolean,
  part: (each: Expression, scope: Scope) => Expression,
  join: (using: readonly string[] | "natural", scope: Scope) => void,
  outer: ReadonlySet<string> = new Set(),
): Query {
  const ctes = new Set(query.ctes.map(({ name }) => name));
  const own = new Set<string>();
  const others = new Set<string>();
  for (const source of sources(query.from)) {
    if (source.kind === "join") continue;
    const alias = source.kind === "table" ? (source.alias ?? source.name.name) : (source.alias ?? "");
    if (source.kind === "table" && !source.columns && !hidden(ctes, source.name) && is(source.name)) own.add(alias);
    else others.add(alias);
  }
  const scope = { own, seen: new Set([...own, ...[...outer].filter((alias) => !others.has(alias))]) };
  for (const source of sources(query.from))
    if (source.kind === "join" && (source.using || source.natural)) join(source.using ?? "natural", scope);
  return rewrittenQuery(query, {
    part: (each) => part(each, scope),
    query: (inner) => inScope(inner, (name) => !hidden(ctes, name) && is(name), part, join, scope.seen),
    source: same,
  });
}

const isColumn = (each: Expression, name: string, { own, seen }: Scope): boolean =>
  each.kind === "column" && each.column === name && (each.table === undefined ? own.size > 0 : seen.has(each.table));

/** The query with a table's column under its new name. */
export const withColumn = (
  query: Query,
  is: (name: Name) => boolean,
  from: string,
  to: string,
  outer?: ReadonlySet<string>,
): Query =>
  inScope(
    query,
    is,
    (each, scope) => (each.kind === "column" && isColumn(each, from, scope) ? { ...each, column: to } : each),
    () => undefined,
    outer,
  );

/** Whether a query reads a table's column: by its name, by `*`, by the whole row, or to join by it. */
export function readsColumn(query: Query, is: (name: Name) => boolean, name: string): boolean {
  let found = false;
  inScope(
    query,
    is,
    (each, scope) => {
      found ||=
        isColumn(each, name, scope) ||
        (each.kind === "star" && (each.table === undefined ? scope.own.size > 0 : scope.seen.has(each.table))) ||
        (each.kind === "column" && each.table === undefined && scope.seen.has(each.column));
      return each;
    },
    (using, { own }) => void (found ||= own.size > 0 && (using === "natural" || using.includes(name))),
  );
  return found;
}

/** The condition of a trigger, over NEW and OLD, with a column of its table under its new name. */
export const withRowColumn = (expression: Expression, from: string, to: string): Expression =>
  rewritten(expression, {
    part: (each) => (each.kind === "column" && each.column === from ? { ...each, column: to } : each),
    query: same,
    source: same,
  });

/** An expression over one table's columns with one of them under its new name. */
export function withOwnColumn(
  expression: Expression,
  table: { readonly name: string; readonly is: (name: Name) => boolean },
  from: string,
  to: string,
): Expression {
  return rewritten(expression, {
    part: (each) =>
      each.kind === "column" && each.column === from && (each.table === undefined || each.table === table.name)
        ? { ...each, column: to }
        : each,
    query: (inner) => withColumn(inner, table.is, from, to, new Set([table.name])),
    source: same,
  });
}
