import { relationId, relationName } from "../../sql/names.ts";
import type { Operation, OperationOf } from "../../sql/operation/index.ts";
import type { ColumnDefinition } from "../../sql/operation/tables.ts";
import { type Catalog, type Column, type Index, type Relation, indexAt, relationNamed } from "../catalog.ts";
import { typeSql } from "../sql.ts";

/** What IF NOT EXISTS finds there already, and how that differs from what the statement says. */
export interface HiddenDifference {
  /** "users.sku", "users_email_idx". */
  readonly object: string;
  readonly difference: string;
}

export function hiddenDifference(operation: Operation, catalog: Catalog): HiddenDifference | undefined {
  if (operation.kind === "addColumn") return hiddenColumn(operation, catalog);
  if (operation.kind === "createTable") return hiddenTable(operation, catalog);
  return operation.kind === "createIndex" ? hiddenIndex(operation, catalog) : undefined;
}

function hiddenColumn(
  { ifNotExists, table: name, column }: OperationOf<"addColumn">,
  catalog: Catalog,
): HiddenDifference | undefined {
  const table = ifNotExists ? relationNamed(catalog, name) : undefined;
  const there = table?.columns.get(column.name);
  const difference = there && ofColumn(there, column);
  return table && difference !== undefined
    ? { object: `${relationName(table.id)}.${column.name}`, difference }
    : undefined;
}

function hiddenTable(operation: OperationOf<"createTable">, catalog: Catalog): HiddenDifference | undefined {
  const { ifNotExists, as, like, inherits, partitionOf } = operation;
  if (!ifNotExists || as || like.length > 0 || inherits.length > 0 || partitionOf) return undefined;
  const table = relationNamed(catalog, operation.table);
  // One that the history does not make may have any columns.
  const difference = table?.birth && ofTable(table, operation.columns);
  return table && difference !== undefined ? { object: relationName(table.id), difference } : undefined;
}

function hiddenIndex(operation: OperationOf<"createIndex">, catalog: Catalog): HiddenDifference | undefined {
  const { ifNotExists, name, table: on, unique, where } = operation;
  const table = ifNotExists && name !== undefined ? relationNamed(catalog, on) : undefined;
  const there = table && name !== undefined ? indexAt(catalog, relationId(table.schema, name)) : undefined;
  if (!table || !there || name === undefined) return undefined;
  const difference = ofIndex(there, {
    table: table.id,
    unique,
    columns: operation.columns.map(({ column }) => column ?? null),
    partial: where !== undefined,
  });
  return difference === undefined ? undefined : { object: name, difference };
}

function ofIndex(there: Index, wanted: Pick<Index, "table" | "unique" | "columns" | "partial">): string | undefined {
  if (there.table !== wanted.table) return `it is on ${relationName(there.table)}`;
  if (there.unique !== wanted.unique) return there.unique ? "it is unique" : "it is not unique";
  if (there.columns.join() !== wanted.columns.join())
    return `it is over (${there.columns.map((column) => column ?? "an expression").join(", ")})`;
  if (there.partial === wanted.partial) return undefined;
  return there.partial ? "it has a WHERE" : "it has no WHERE";
}

function ofColumn(there: Column, wanted: ColumnDefinition): string | undefined {
  const [is, meant] = [there.type && typeSql(there.type), wanted.type && typeSql(wanted.type)];
  if (is !== undefined && meant !== undefined && is !== meant && !/serial/.test(`${is}${meant}`)) return `it is ${is}`;
  if (
    there.notNull === false &&
    (wanted.notNull || wanted.constraints.some(({ type }) => type === "notNull" || type === "primaryKey"))
  )
    return "it may be NULL";
  if (wanted.default !== undefined && there.default === undefined) return "it has no default";
  return undefined;
}

function ofTable(table: Relation, wanted: readonly ColumnDefinition[]): string | undefined {
  const missing = wanted.filter(({ name }) => !table.columns.has(name)).map(({ name }) => name);
  if (missing.length > 0) return `it has no ${missing.join(", ")}`;
  for (const column of wanted) {
    const there = table.columns.get(column.name);
    const difference = there && ofColumn(there, column);
    if (difference !== undefined) return `${column.name}: ${difference}`;
  }
  return undefined;
}
