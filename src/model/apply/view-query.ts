import type { Expression, Query, Source, Target } from "../../sql/expression.ts";
import { type Catalog, relationNamed } from "../catalog.ts";
import { isWhole } from "../presence.ts";
import { namedQuery } from "../naming.ts";
import { queryColumns, sources } from "../queries.ts";
import { rewrittenQuery } from "../rewriting.ts";
import { bindings } from "./bindings.ts";

/** The query of a view as it is stored: tables and columns are those of its creation, whatever comes under their names later. */
export const boundView = (catalog: Catalog, query: Query): Query =>
  withColumnsBound(catalog, namedQuery(query, bindings(catalog)), []);

/** What a name of FROM gives; without columns where they are not known. */
interface Given {
  readonly alias: string | undefined;
  readonly columns?: readonly string[] | undefined;
}

/** The sources of a query first, then those of the queries around it. */
type Levels = readonly (readonly Given[])[];

function withColumnsBound(catalog: Catalog, query: Query, outer: Levels): Query {
  const leaves = [...sources(query.from)].filter((source) => source.kind !== "join");
  const given = leaves.map((source) => givenBy(catalog, source));
  const levels = [given, ...outer];
  const merges = [...sources(query.from)].some((each) => each.kind === "join" && (each.using || each.natural));
  const targets = query.targets.flatMap((target) => (merges ? [target] : expanded(target, given)));
  return rewrittenQuery(
    { ...query, targets },
    {
      part: (each) => (merges ? each : withTable(each, levels)),
      query: (inner) => withColumnsBound(catalog, inner, levels),
      source: (source) => source,
    },
  );
}

function givenBy(catalog: Catalog, source: Exclude<Source, { readonly kind: "join" }>): Given {
  if (source.columns || source.kind === "function") return { alias: source.alias };
  if (source.kind === "query") return { alias: source.alias, columns: queryColumns(catalog, source.query) };
  const alias = source.alias ?? source.name.name;
  // A name without a schema is a common table expression's, or of a table that is not known.
  const table = source.name.schema === undefined ? undefined : relationNamed(catalog, source.name);
  return { alias, columns: isWhole(table) ? [...table.columns.keys()] : undefined };
}

/** `*` is all columns of that moment. */
function expanded(target: Target, given: readonly Given[]): readonly Target[] {
  if (target.value.kind !== "star") return [target];
  const { table } = target.value;
  const meant = table === undefined ? given : given.filter(({ alias }) => alias === table);
  if (meant.length === 0 || meant.some(({ alias, columns }) => alias === undefined || !columns)) return [target];
  return meant.flatMap(({ alias, columns }) =>
    (columns ?? []).map((column): Target => ({ value: { kind: "column", table: alias ?? "", column } })),
  );
}

/** A column without a table is the one that has it in the nearest query. */
function withTable(part: Expression, levels: Levels): Expression {
  if (part.kind !== "column" || part.table !== undefined) return part;
  for (const [at, given] of levels.entries()) {
    if (given.some(({ columns }) => !columns)) return part;
    const [owner, second] = given.filter(({ columns }) => columns?.includes(part.column));
    if (!owner) continue;
    const hidden = levels.slice(0, at).some((inner) => inner.some(({ alias }) => alias === owner.alias));
    return second || hidden || owner.alias === undefined ? part : { ...part, table: owner.alias };
  }
  return part;
}
