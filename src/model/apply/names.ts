import type { Catalog, Constraint, Relation } from "../catalog.ts";
import { objectName } from "../object-names.ts";
import { relationId, undotted } from "../../sql/names.ts";
import type { OperationOf } from "../../sql/operation/index.ts";

/** What PostgreSQL makes the name of, besides the table's. */
export function constraintName(
  type: Constraint["type"],
  columns: readonly string[],
): readonly [addition: string, label: string] {
  switch (type) {
    case "primaryKey":
      return ["", "pkey"];
    case "check":
      return [columns.length === 1 ? (columns[0] as string) : "", "check"];
    default:
      return [columns.join("_"), { foreignKey: "fkey", unique: "key", exclusion: "excl", notNull: "not_null" }[type]];
  }
}

/** The first that is free: a number goes behind the label before the name is cut to its length. */
export function freeName(catalog: Catalog, table: Relation, [addition, label]: readonly [string, string]): string {
  const taken = (candidate: string) =>
    table.constraints.has(candidate) ||
    catalog.indexes.has(relationId(table.schema, candidate)) ||
    catalog.relations.has(relationId(table.schema, candidate));
  let free = objectName(table.name, addition, label);
  for (let i = 1; taken(free); i++) free = objectName(table.name, addition, `${label}${i}`);
  return free;
}

export const keyNames = (operation: OperationOf<"createIndex">) =>
  operation.columns.map(
    (column) => column.column ?? (column.expression?.kind === "call" ? undotted(column.expression.name).name : "expr"),
  );

export function indexName(catalog: Catalog, table: Relation, operation: OperationOf<"createIndex">): string {
  if (operation.name !== undefined) return operation.name;
  return freeName(catalog, table, [keyNames(operation).join("_"), "idx"]);
}
