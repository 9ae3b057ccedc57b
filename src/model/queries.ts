import type { Change, Cte, Expression, Query, Source } from "../sql/expression.ts";
import { undotted, type Name } from "../sql/names.ts";
import { type Catalog, relationNamed } from "./catalog.ts";
import { isWhole } from "./presence.ts";

/** What a query reads, and small questions about expressions. */

/** Every expression below `expression`, itself first; not into subqueries. */
export function* expressions(expression: Expression | undefined): Generator<Expression> {
  if (!expression) return;
  yield expression;
  for (const child of children(expression)) yield* expressions(child);
}

/** The terms of an AND. */
export function conjuncts(expression: Expression | undefined): Expression[] {
  if (!expression) return [];
  return expression.kind === "and" ? expression.args.flatMap(conjuncts) : [expression];
}

export function children(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "not":
    case "isNull":
    case "cast":
      return [expression.arg];
    case "in":
      return [expression.arg, ...(expression.list ?? [])];
    case "call":
      return expression.over ? [...expression.args, ...expression.over] : expression.args;
    case "case": {
      const { subject, branches, otherwise } = expression;
      return [
        ...(subject ? [subject] : []),
        ...branches.flatMap(({ when, then }) => [when, then]),
        ...(otherwise ? [otherwise] : []),
      ];
    }
    case "column":
    case "star":
    case "literal":
    case "parameter":
    case "exists":
    case "subquery":
      return [];
    default:
      return expression.args;
  }
}

/** Queries directly inside an expression. */
export function subqueries(expression: Expression | undefined): Query[] {
  const found: Query[] = [];
  for (const each of expressions(expression)) {
    if (each.kind === "exists" || each.kind === "subquery") found.push(each.query);
    else if (each.kind === "in" && each.query) found.push(each.query);
  }
  return found;
}

/** Every expression of a query, at any depth. */
export function* queryExpressions(query: Query): Generator<Expression> {
  for (const cte of query.ctes) if (cte.query) yield* queryExpressions(cte.query);
  const parts: (Expression | undefined)[] = [
    ...query.targets.map((target) => target.value),
    query.where,
    query.having,
    query.limit,
    query.offset,
    ...query.groupBy,
    ...(query.values ?? []).flat(),
  ];
  for (const source of sources(query.from)) {
    if (source.kind === "query") yield* queryExpressions(source.query);
    else if (source.kind === "join") parts.push(source.on);
    else if (source.kind === "function") parts.push(source.call);
  }
  for (const part of parts) yield* deepExpressions(part);
  if (query.combine) {
    yield* queryExpressions(query.combine.left);
    yield* queryExpressions(query.combine.right);
  }
}

/** Every expression of a change of rows, at any depth. */
export function* changeExpressions(change: Change): Generator<Expression> {
  for (const { query, change: inner } of change.ctes) {
    if (query) yield* queryExpressions(query);
    if (inner) yield* changeExpressions(inner);
  }
  const of = (list: readonly Source[]): Expression[] =>
    [...sources(list)].flatMap((source) =>
      source.kind === "query"
        ? [...queryExpressions(source.query)]
        : source.kind === "join"
          ? [...deepExpressions(source.on)]
          : source.kind === "function"
            ? [...deepExpressions(source.call)]
            : [],
    );
  switch (change.kind) {
    case "insertRows":
      if (change.query) yield* queryExpressions(change.query);
      for (const { value } of change.set ?? []) yield* deepExpressions(value);
      return;
    case "updateRows":
      for (const { value } of change.set) yield* deepExpressions(value);
      yield* of(change.from);
      yield* deepExpressions(change.where);
      return;
    case "deleteRows":
      yield* of(change.using);
      yield* deepExpressions(change.where);
      return;
    case "mergeRows":
      yield* of([change.source]);
      yield* deepExpressions(change.on);
  }
}

/** Every expression below `expression`, itself first, and into subqueries. */
export function* deepExpressions(expression: Expression | undefined): Generator<Expression> {
  for (const each of expressions(expression)) {
    yield each;
    if (each.kind === "exists" || each.kind === "subquery") yield* queryExpressions(each.query);
    else if (each.kind === "in" && each.query) yield* queryExpressions(each.query);
  }
}

/** Names of the columns that an expression mentions. */
export function mentionedColumns(expression: Expression | undefined): string[] {
  const found = new Set<string>();
  for (const each of expressions(expression)) if (each.kind === "column") found.add(each.column);
  return [...found];
}

export function* sources(list: readonly Source[]): Generator<Source> {
  for (const source of list) {
    yield source;
    if (source.kind === "join") yield* sources([source.left, source.right]);
  }
}

/** Names of all relations that a query reads, at any depth; names of its CTEs are left out. */
export function queryTables(query: Query | undefined, hidden: ReadonlySet<string> = new Set()): Name[] {
  if (!query) return [];
  const ctes = new Set([...hidden, ...query.ctes.map((cte) => cte.name)]);
  const found = ctesTables(query.ctes, hidden);
  for (const source of sources(query.from)) {
    if (source.kind === "table" && !(source.name.schema === undefined && ctes.has(source.name.name)))
      found.push(source.name);
    else if (source.kind === "query") found.push(...queryTables(source.query, ctes));
    else if (source.kind === "join") for (const inner of subqueries(source.on)) found.push(...queryTables(inner, ctes));
    else if (source.kind === "function")
      for (const inner of subqueries(source.call)) found.push(...queryTables(inner, ctes));
  }
  const parts = [
    ...query.targets.map((target) => target.value),
    query.where,
    query.having,
    query.limit,
    query.offset,
    ...query.groupBy,
    ...(query.values ?? []).flat(),
  ];
  for (const part of parts) for (const inner of subqueries(part)) found.push(...queryTables(inner, ctes));
  if (query.combine) found.push(...queryTables(query.combine.left, ctes), ...queryTables(query.combine.right, ctes));
  return found;
}

/** Those that one of a WITH may read: the ones before it; with RECURSIVE itself and those that follow too. */
export const visibleCtes = (ctes: readonly Cte[], at: number): readonly Cte[] =>
  ctes[at]?.recursive ? ctes : ctes.slice(0, at);

/** Names that hide tables, with those of a WITH. */
export const withNames = (hidden: ReadonlySet<string>, ctes: readonly Cte[]): ReadonlySet<string> =>
  ctes.length === 0 ? hidden : new Set([...hidden, ...ctes.map(({ name }) => name)]);

const ctesTables = (ctes: readonly Cte[], hidden: ReadonlySet<string>): Name[] =>
  ctes.flatMap((cte, at) => {
    const seen = withNames(hidden, visibleCtes(ctes, at));
    return cte.change ? changeTables(cte.change, seen) : queryTables(cte.query, seen);
  });

/** Relations that a change reads, its own table not counted unless it is read again. */
export function changeTables(change: Change, hidden: ReadonlySet<string> = new Set()): Name[] {
  const ctes = new Set([...hidden, ...change.ctes.map((cte) => cte.name)]);
  const wrapped = (from: readonly Source[], parts: readonly (Expression | undefined)[]): Query => ({
    ctes: change.ctes,
    targets: parts.flatMap((value) => (value ? [{ value }] : [])),
    from,
    groupBy: [],
    distinct: false,
    locking: false,
  });
  switch (change.kind) {
    case "insertRows":
      return [...queryTables(wrapped([], []), hidden), ...queryTables(change.query, ctes)];
    case "updateRows":
      return queryTables(wrapped(change.from, [change.where, ...change.set.map((each) => each.value)]), hidden);
    case "deleteRows":
      return queryTables(wrapped(change.using, [change.where]), hidden);
    case "mergeRows":
      return queryTables(wrapped([change.source], [change.on]), hidden);
  }
}

/** Names of the columns that a query returns; undefined where that needs a table that is not fully known. */
export function queryColumns(catalog: Catalog, query: Query): string[] | undefined {
  if (query.combine) return queryColumns(catalog, query.combine.left);
  if (query.values) return (query.values[0] ?? []).map((_, i) => `column${i + 1}`);
  const names: string[] = [];
  for (const { value, as } of query.targets) {
    if (as !== undefined) names.push(as);
    else if (value.kind === "column") names.push(value.column);
    else if (value.kind === "star") {
      for (const source of sources(query.from)) {
        if (source.kind === "join" && source.alias === undefined) continue;
        if (source.kind !== "table") return undefined;
        if (value.table !== undefined && value.table !== (source.alias ?? source.name.name)) continue;
        const table = relationNamed(catalog, source.name);
        if (!isWhole(table)) return undefined;
        names.push(...[...table.columns.keys()].map((name, at) => source.columns?.[at] ?? name));
      }
    } else if (value.kind === "call") names.push(undotted(value.name).name);
    else if (value.kind === "cast" && value.arg.kind === "column") names.push(value.arg.column);
    else names.push("?column?");
  }
  return names;
}
