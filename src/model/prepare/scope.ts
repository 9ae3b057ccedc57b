import type { Cte, Expression, Query, Source } from "../../sql/expression.ts";
import { type Catalog, resolve } from "../catalog.ts";
import type { RelationId } from "../effects.ts";

/** Names in a query: which table a column belongs to, which query a CTE's name stands for. */

export interface Frame {
  readonly alias: string;
  /** A table of the catalog, or a query whose rows it gives. */
  readonly relation?: RelationId;
  readonly query?: Query;
}

export interface Scope {
  readonly catalog: Catalog;
  readonly ctes: ReadonlyMap<string, Query>;
  /** What stands in FROM, innermost query first. */
  readonly levels: readonly (readonly Frame[])[];
}

export interface ColumnOf {
  readonly relation: RelationId;
  readonly alias: string;
  readonly column: string;
  /** 0 is the innermost query. */
  readonly level: number;
}

export function scopeOf(catalog: Catalog, ctes: readonly Cte[], sources: readonly Source[], target?: { readonly relation: RelationId; readonly alias: string }): Scope {
  const known = new Map(ctes.flatMap((cte) => (cte.query ? [[cte.name, cte.query] as const] : [])));
  const own = target ? [{ alias: target.alias, relation: target.relation }] : [];
  return { catalog, ctes: known, levels: [[...own, ...frames(catalog, known, sources)]] };
}

/** The scope inside a subquery of `scope`. */
export function inside(scope: Scope, query: Query): Scope {
  const ctes = new Map([...scope.ctes, ...query.ctes.flatMap((cte) => (cte.query ? [[cte.name, cte.query] as const] : []))]);
  return { catalog: scope.catalog, ctes, levels: [frames(scope.catalog, ctes, query.from), ...scope.levels] };
}

function frames(catalog: Catalog, ctes: ReadonlyMap<string, Query>, sources: readonly Source[]): Frame[] {
  return sources.flatMap((source): Frame[] => {
    switch (source.kind) {
      case "table": {
        const alias = source.alias ?? source.name.name;
        const cte = source.name.schema === undefined ? ctes.get(source.name.name) : undefined;
        return [cte ? { alias, query: cte } : { alias, relation: resolve(catalog, source.name) }];
      }
      case "query":
        return [{ alias: source.alias ?? "", query: source.query }];
      case "join":
        return frames(catalog, ctes, [source.left, source.right]);
      case "function":
        return [];
    }
  });
}

/** The table that a column reference means, through casts and subqueries that only pass it on; undefined where that is not known. */
export function columnOf(scope: Scope, expression: Expression | undefined): ColumnOf | undefined {
  if (expression?.kind === "cast") return columnOf(scope, expression.arg);
  if (expression?.kind !== "column") return undefined;
  for (const [level, level_] of scope.levels.entries()) {
    for (const frame of level_) {
      if (expression.table !== undefined && frame.alias !== expression.table) continue;
      const found = inFrame(scope, frame, expression.column, expression.table !== undefined);
      if (found) return { ...found, alias: frame.alias, level };
    }
  }
  // Not found in any known table: with one single unknown table in reach it must be there.
  const unknown = scope.levels.flatMap((frames, level) => frames.map((frame) => ({ frame, level }))).filter(({ frame }) => frame.relation !== undefined && !scope.catalog.relations.get(frame.relation)?.complete);
  const [only] = unknown;
  if (expression.table === undefined && unknown.length === 1 && only?.frame.relation !== undefined) return { relation: only.frame.relation, alias: only.frame.alias, column: expression.column, level: only.level };
  return undefined;
}

function inFrame(scope: Scope, frame: Frame, column: string, qualified: boolean): { relation: RelationId; column: string } | undefined {
  if (frame.relation !== undefined) {
    const known = scope.catalog.relations.get(frame.relation);
    if (known?.columns.has(column) || column === "ctid" || (qualified && known?.complete !== true)) return { relation: frame.relation, column };
    return undefined;
  }
  const target = frame.query?.targets.find(({ value, as }) => (as ?? (value.kind === "column" ? value.column : undefined)) === column);
  if (!target || !frame.query) return undefined;
  const deep = columnOf(inside({ ...scope, levels: [] }, frame.query), target.value);
  return deep && { relation: deep.relation, column: deep.column };
}

/** The terms of an AND. */
export function conjuncts(expression: Expression | undefined): Expression[] {
  if (!expression) return [];
  return expression.kind === "and" ? expression.args.flatMap(conjuncts) : [expression];
}

/** The query itself, or the one that it only passes on: SELECT id FROM a_cte. */
export function unwrapped(scope: Scope, query: Query): Query {
  const [source] = query.from;
  if (query.from.length !== 1 || query.where || query.combine || query.limit || source === undefined) return query;
  if (source.kind === "query") return source.query;
  if (source.kind !== "table" || source.name.schema !== undefined) return query;
  const cte = scope.ctes.get(source.name.name);
  return cte ? unwrapped(scope, cte) : query;
}
