import type { Query } from "../../sql/expression.ts";
import { type Catalog, relationAt, resolve } from "../catalog.ts";
import type { RelationId } from "../effects.ts";
import { queryTables } from "../queries.ts";
import type { Step } from "../step.ts";
import { changesOf } from "./steps.ts";

/**
 * The query whose rows a relation has: a view's, what CREATE TABLE AS took, or the one INSERT … SELECT that filled a new table. A copy
 * whose tables were changed after it was taken is none any more. `steps` are those of the deployment before it is read.
 */
export function copied(catalog: Catalog, steps: readonly Step[], relation: RelationId): Query | undefined {
  const isIt = (name: Parameters<typeof resolve>[1]) => resolve(catalog, name) === relation;
  const made = steps.findLastIndex(
    ({ operation }) =>
      (operation.kind === "createView" && isIt(operation.view)) ||
      (operation.kind === "createTable" && isIt(operation.table)),
  );
  const creation = steps[made]?.operation;
  if (creation === undefined) {
    const known = relationAt(catalog, relation);
    return known?.kind === "view" ? known.query : undefined;
  }
  if (creation.body) return undefined;
  if (creation.kind === "createView") {
    const query = renamed(creation.query, creation.columns);
    if (!creation.materialized) return query;
    return creation.withData && isUnchanged(catalog, steps.slice(made + 1), query) ? query : undefined;
  }
  if (creation.kind !== "createTable") return undefined;
  const later = steps.slice(made + 1);
  const fillings = later.filter((step) => changesOf(step).some(({ table }) => isIt(table)));
  if (creation.as) {
    const query = renamed(
      creation.as,
      creation.columns.map(({ name }) => name),
    );
    return !creation.withoutData && fillings.length === 0 && isUnchanged(catalog, later, query) ? query : undefined;
  }
  const [filling] = fillings;
  if (fillings.length !== 1 || filling?.operation.kind !== "insertRows" || filling.operation.body) return undefined;
  const { change } = filling.operation;
  if (!change.query || change.onConflict || change.ctes.some((cte) => cte.change)) return undefined;
  const names = change.columns.length > 0 ? change.columns : creation.columns.map(({ name }) => name);
  const query = renamed({ ...change.query, ctes: [...change.ctes, ...change.query.ctes] }, names);
  return isUnchanged(catalog, later.slice(later.indexOf(filling) + 1), query) ? query : undefined;
}

/** The query with these names for what it gives. */
function renamed(query: Query, names: readonly string[]): Query {
  if (names.length === 0 || query.combine) return query;
  if (query.targets.some(({ value }) => value.kind === "star")) return query;
  return {
    ...query,
    targets: query.targets.map((target, i) => ({ ...target, ...(names[i] !== undefined && { as: names[i] }) })),
  };
}

/** No statement has changed the tables that the query reads. */
function isUnchanged(catalog: Catalog, steps: readonly Step[], query: Query): boolean {
  const read = new Set(queryTables(query).map((name) => resolve(catalog, name)));
  return !steps.some(
    (step) =>
      (step.operation.kind === "truncate" && read.has(resolve(catalog, step.operation.table))) ||
      changesOf(step).some(({ table }) => read.has(resolve(catalog, table))),
  );
}
