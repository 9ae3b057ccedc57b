import type { Expression } from "../sql/expression.ts";
import { relationName } from "../sql/names.ts";
import { type Catalog, type Relation, resolve } from "./catalog.ts";
import { mentionedColumns, queryExpressions, subqueries } from "./queries.ts";
import { readsColumn } from "./rewriting.ts";

/** Policies and triggers that depend on a column, each with its kind, as PostgreSQL keeps it in pg_depend. */
export function columnUsers(
  catalog: Catalog,
  table: Relation,
  name: string,
): readonly { readonly kind: "policy" | "trigger"; readonly what: string }[] {
  const reads = (owner: Relation, expression: Expression | undefined): boolean =>
    expression !== undefined &&
    ((owner.id === table.id && mentionedColumns(expression).includes(name)) ||
      subqueries(expression).some(
        (query) =>
          readsColumn(query, (each) => resolve(catalog, each) === table.id, name) ||
          (owner.id === table.id &&
            [...queryExpressions(query)].some(
              (each) => each.kind === "column" && each.table === table.name && each.column === name,
            )),
      ));
  return [...catalog.relations.values()].flatMap((owner) => [
    ...[...owner.policies]
      .filter(([, { using, check }]) => reads(owner, using) || reads(owner, check))
      .map(([policy]) => ({ kind: "policy" as const, what: `policy ${policy} on table ${relationName(owner.id)}` })),
    ...(owner.id === table.id
      ? [...owner.triggers]
          .filter(([, { columns, when }]) => columns.includes(name) || mentionedColumns(when).includes(name))
          .map(([trigger]) => ({
            kind: "trigger" as const,
            what: `trigger ${trigger} on table ${relationName(owner.id)}`,
          }))
      : []),
  ]);
}
