import type { Operation } from "../sql/operation.ts";
import { type Catalog, resolve } from "./catalog.ts";
import type { RelationId } from "./effects.ts";
import { changeTables, mentionedColumns, queryTables, sources } from "./queries.ts";

/** Questions about the other operations of a deployment: what they take away, put back or save. */

interface WithOperation {
  readonly operation: Operation;
}

/** The first of `steps` that drops the relation, by its name or with its schema. */
export function dropOf<S extends WithOperation>(catalog: Catalog, steps: readonly S[], relation: RelationId): S | undefined {
  return steps.find(({ operation }) => {
    if (operation.kind === "dropTable") return resolve(catalog, operation.table) === relation;
    if (operation.kind === "dropSchema") return operation.cascade && relation.startsWith(`${operation.name}.`);
    return operation.kind === "dropObject" && (operation.object === "view" || operation.object === "materializedView") && resolve(catalog, operation.name) === relation;
  });
}

/** The first of `steps` that drops one of the columns, or the whole table. */
export function dropOfColumn<S extends WithOperation>(catalog: Catalog, steps: readonly S[], relation: RelationId, columns: readonly string[]): S | undefined {
  return steps.find(({ operation }) => operation.kind === "dropColumn" && resolve(catalog, operation.table) === relation && columns.includes(operation.column)) ?? dropOf(catalog, steps, relation);
}

/** Where a statement copied values to: "users.full_name", "users_backup". */
export interface Copy<S> {
  readonly to: string;
  readonly step: S;
}

/** The first of `steps` that copied the column's values elsewhere: an UPDATE that reads it, or an INSERT or a new table fed from it. */
export function copyOfColumn<S extends WithOperation>(catalog: Catalog, steps: readonly S[], relation: RelationId, column: string): Copy<S> | undefined {
  for (const step of steps) {
    const { operation } = step;
    if (operation.kind === "updateRows") {
      const own = resolve(catalog, operation.table) === relation;
      if (!own && !changeTables(operation.change).some((name) => resolve(catalog, name) === relation)) continue;
      const set = operation.change.set.find((each) => (each.column !== column || !own) && mentionedColumns(each.value).includes(column));
      if (set) return { to: `${operation.table.name}.${set.column}`, step };
      continue;
    }
    const query = operation.kind === "insertRows" ? operation.change.query : operation.kind === "createTable" ? operation.as : undefined;
    if (!query || (operation.kind !== "insertRows" && operation.kind !== "createTable")) continue;
    const reads = [...sources(query.from)].some((source) => source.kind === "table" && resolve(catalog, source.name) === relation);
    if (reads && query.targets.some(({ value }) => value.kind === "star" || mentionedColumns(value).includes(column))) return { to: operation.table.name, step };
  }
  return undefined;
}

/** The first of `steps` that copied rows of the relation into another table. */
export function copyOfRows<S extends WithOperation>(catalog: Catalog, steps: readonly S[], relation: RelationId): Copy<S> | undefined {
  for (const step of steps) {
    const { operation } = step;
    const query = operation.kind === "insertRows" ? operation.change.query : operation.kind === "createTable" ? operation.as : undefined;
    if (!query || (operation.kind !== "insertRows" && operation.kind !== "createTable")) continue;
    if (resolve(catalog, operation.table) !== relation && queryTables(query).some((name) => resolve(catalog, name) === relation)) return { to: operation.table.name, step };
  }
  return undefined;
}
