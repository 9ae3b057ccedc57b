import type { Query } from "../../sql/expression.ts";
import type { Name } from "../../sql/names.ts";
import { type Catalog, relationAt } from "../catalog.ts";
import type { RelationId } from "../effects.ts";
import { queryTables } from "../queries.ts";
import type { Step } from "../step.ts";
import { changesOf } from "./steps.ts";

/**
 * The query whose rows a relation has: a view's, what CREATE TABLE AS took, or the one INSERT … SELECT that filled a new table. A copy
 * whose tables were changed after it was taken is none any more. `steps` are those of the deployment before it is read.
 */
export function copied(
  catalog: Catalog,
  steps: readonly Step[],
  relation: RelationId,
  now: NameNow,
): { readonly query: Query; readonly by?: Step } | undefined {
  const made = steps.findLastIndex((step) => {
    const { operation } = step;
    return (
      (operation.kind === "createView" && now(step, operation.view) === relation) ||
      (operation.kind === "createTable" && now(step, operation.table) === relation)
    );
  });
  if (made < 0) {
    const known = relationAt(catalog, relation);
    return known?.kind === "view" && known.query ? { query: known.query } : undefined;
  }
  const by = steps[made] as Step;
  const query = copy(by, steps.slice(made + 1), relation, now);
  return query && { query, by };
}

/** What a name that a step gives means, by its name now. */
export type NameNow = (step: Step, name: Name) => RelationId;

function copy(made: Step, later: readonly Step[], relation: RelationId, now: NameNow) {
  const { operation: creation } = made;
  if (creation.body) return undefined;
  if (creation.kind === "createView") {
    const query = renamed(creation.query, creation.columns);
    if (!creation.materialized) return query;
    return creation.withData && isUnchanged(made, later, query, now) ? query : undefined;
  }
  if (creation.kind !== "createTable") return undefined;
  const fillings = later.filter((step) => changesOf(step).some(({ table }) => now(step, table) === relation));
  if (creation.as) {
    const query = renamed(
      creation.as,
      creation.columns.map(({ name }) => name),
    );
    return !creation.withoutData && fillings.length === 0 && isUnchanged(made, later, query, now) ? query : undefined;
  }
  const [filling] = fillings;
  if (fillings.length !== 1 || filling?.operation.kind !== "insertRows" || filling.operation.body) return undefined;
  const { change } = filling.operation;
  if (!change.query || change.onConflict || change.ctes.some((cte) => cte.change)) return undefined;
  const names = change.columns.length > 0 ? change.columns : creation.columns.map(({ name }) => name);
  const query = renamed({ ...change.query, ctes: [...change.ctes, ...change.query.ctes] }, names);
  return isUnchanged(filling, later.slice(later.indexOf(filling) + 1), query, now) ? query : undefined;
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
function isUnchanged(by: Step, steps: readonly Step[], query: Query, now: NameNow): boolean {
  const read = new Set(queryTables(query).map((name) => now(by, name)));
  return !steps.some(
    (step) =>
      (step.operation.kind === "truncate" && read.has(now(step, step.operation.table))) ||
      changesOf(step).some(({ table }) => read.has(now(step, table))),
  );
}
