import type { Cte, Expression, Query, Source } from "../../sql/expression.ts";
import { type Name, partsOf } from "../../sql/names.ts";
import { resolve } from "../catalog.ts";
import type { RelationId } from "../effects.ts";
import { namedQuery } from "../naming.ts";
import type { Moment } from "./moment.ts";

/** Names in a query: which table a column belongs to, which query a CTE's name stands for. */

export interface Frame {
  readonly alias: string;
  /** A table of the catalog, or a query whose rows it gives; neither for a function and for what a data-modifying CTE returns. */
  readonly relation?: RelationId;
  readonly query?: Query;
}

export interface QueryScope {
  readonly moment: Moment;
  readonly ctes: ReadonlyMap<string, Query | undefined>;
  /** What is in FROM, innermost query first. */
  readonly levels: readonly (readonly Frame[])[];
}

export interface ColumnOf {
  readonly relation: RelationId;
  readonly alias: string;
  /** Its name now. */
  readonly column: string;
  /** 0 is the innermost query. */
  readonly level: number;
}

/** What a recursive one reads of itself is not known; no name in SQL has this character. */
const OWN = "\u0000";

function withCtes({ catalog }: Moment, known: QueryScope["ctes"], ctes: readonly Cte[]): QueryScope["ctes"] {
  if (ctes.length === 0) return known;
  const all = new Map(known);
  for (const [at, cte] of ctes.entries()) {
    // Under its own name one sees what is there without it: a table.
    const others = new Set(ctes.slice(cte.recursive ? 0 : at).map(({ name }) => name));
    const relation = (name: Name): Name => {
      if (name.schema !== undefined || !others.has(name.name)) return name;
      return cte.recursive || known.has(name.name) ? { name: `${OWN}${name.name}` } : partsOf(resolve(catalog, name));
    };
    const bind = (query: Query): Query =>
      namedQuery(query, { relation, type: (type) => type, function: (name) => name });
    // The second part of a recursive one reads itself by its name; its first part gives what is read.
    const { combine } = cte.query ?? {};
    const bound =
      cte.query && cte.recursive && combine
        ? { ...cte.query, combine: { ...combine, left: bind(combine.left) } }
        : cte.query && bind(cte.query);
    all.set(cte.name, bound);
    all.set(`${OWN}${cte.name}`, undefined);
  }
  return all;
}

/** The scope of a statement that changes rows of `target`. */
export function scopeOf(
  moment: Moment,
  ctes: readonly Cte[],
  sources: readonly Source[],
  target?: { readonly relation: RelationId; readonly alias: string },
): QueryScope {
  const known = withCtes(moment, new Map(), ctes);
  const own = target ? [{ alias: target.alias, relation: target.relation }] : [];
  return { moment, ctes: known, levels: [[...own, ...frames(moment, known, sources)]] };
}

/** The scope inside a subquery of `scope`. */
export function inside(scope: QueryScope, query: Query): QueryScope {
  const ctes = withCtes(scope.moment, scope.ctes, query.ctes);
  return { moment: scope.moment, ctes, levels: [frames(scope.moment, ctes, query.from), ...scope.levels] };
}

/** The scope inside a query in FROM, which does not see what is beside it. */
export const apart = (scope: QueryScope, query: Query): QueryScope => inside({ ...scope, levels: [] }, query);

function frames(moment: Moment, ctes: QueryScope["ctes"], sources: readonly Source[]): Frame[] {
  return sources.flatMap((source): Frame[] => {
    switch (source.kind) {
      case "table": {
        const alias = source.alias ?? source.name.name;
        if (source.name.schema !== undefined || !ctes.has(source.name.name)) {
          const relation = moment.table(source.name);
          const given = moment.query(relation);
          return [given ? { alias, query: given } : { alias, relation }];
        }
        const query = ctes.get(source.name.name);
        return [query ? { alias, query } : { alias }];
      }
      case "query":
        return [{ alias: source.alias ?? "", query: source.query }];
      case "join":
        return frames(moment, ctes, [source.left, source.right]);
      case "function":
        return [{ alias: source.alias ?? "" }];
    }
  });
}

/** The column of a table that a reference means, through casts and queries that only pass it on; undefined where that is not known. */
export function columnOf(scope: QueryScope, expression: Expression | undefined): ColumnOf | undefined {
  if (expression?.kind === "cast") return columnOf(scope, expression.arg);
  if (expression?.kind !== "column") return undefined;
  const { table, column } = expression;
  let guess: ColumnOf | undefined;
  for (const [level, all] of scope.levels.entries()) {
    const fitting = all.filter((frame) => table === undefined || frame.alias === table);
    for (const frame of fitting) {
      const found = inFrame(scope, frame, column);
      if (found) return { ...found, alias: frame.alias, level };
    }
    // A table that the history does not create: what is nowhere else must be there.
    const open = fitting.filter(
      (frame) =>
        frame.relation !== undefined &&
        scope.moment.has(frame.relation, scope.moment.column(frame.relation, column)) === "unknown",
    );
    const [only] = open;
    if (open.length === 1 && only?.relation !== undefined)
      guess ??= {
        relation: only.relation,
        alias: only.alias,
        column: scope.moment.column(only.relation, column),
        level,
      };
    // A name binds to the innermost table of that alias, whatever it holds.
    if (table !== undefined && fitting.length > 0) return guess;
    // What could be in a table that is not known hides what is further out, unless only that is a name that is known.
    if (guess && !knownOutside(scope, level, column)) return guess;
  }
  return guess;
}

const knownOutside = (scope: QueryScope, level: number, column: string): boolean =>
  scope.levels
    .slice(level + 1)
    .some((frames) =>
      frames.some(
        (frame) =>
          frame.relation !== undefined &&
          scope.moment.has(frame.relation, scope.moment.column(frame.relation, column)) === true &&
          scope.moment.hinted(frame.relation, column),
      ),
    );

function inFrame(
  scope: QueryScope,
  frame: Frame,
  column: string,
): { relation: RelationId; column: string } | undefined {
  const { moment } = scope;
  if (frame.relation !== undefined) {
    const now = moment.column(frame.relation, column);
    return moment.has(frame.relation, now) === true ? { relation: frame.relation, column: now } : undefined;
  }
  const through = frame.query && passedOn(frame.query, column);
  const found = through && columnOf(apart(scope, through.query), through.value);
  return found && { relation: found.relation, column: found.column };
}

/** The expression that a query gives under a name; of a UNION or EXCEPT, its first part's. */
export function passedOn(
  query: Query,
  column: string,
): { readonly query: Query; readonly value: Expression } | undefined {
  if (query.combine)
    return passedOn({ ...query.combine.left, ctes: [...query.ctes, ...query.combine.left.ctes] }, column);
  const named = query.targets.find(
    ({ value, as }) => (as ?? (value.kind === "column" ? value.column : undefined)) === column,
  );
  if (named) return { query, value: named.value };
  const star = query.targets.find(({ value }) => value.kind === "star")?.value;
  if (star?.kind !== "star") return undefined;
  return {
    query,
    value: star.table === undefined ? { kind: "column", column } : { kind: "column", table: star.table, column },
  };
}

/** What a query gives, of a combination its first part. */
export function targetsOf(query: Query): { readonly query: Query; readonly values: readonly Expression[] } {
  if (query.combine) return targetsOf({ ...query.combine.left, ctes: [...query.ctes, ...query.combine.left.ctes] });
  return { query, values: query.targets.map(({ value }) => value) };
}
