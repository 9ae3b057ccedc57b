import type { ColumnOperation } from "../../sql/operation/tables.ts";
import { type Catalog, resolve } from "../catalog.ts";
import { relationName, type Name } from "../../sql/names.ts";
import { type Contradiction, clashes, firstOf, lacks } from "./clash.ts";
import { isPresent, tableGone } from "./names.ts";

/** Columns that are not there, or there already. */
export function columnClash(catalog: Catalog, operation: ColumnOperation): Contradiction | undefined {
  return (
    tableGone(catalog, operation) ??
    missingColumn(catalog, operation.table, needed(operation)) ??
    takenColumn(catalog, operation)
  );
}

function needed(operation: ColumnOperation): readonly string[] {
  switch (operation.kind) {
    case "addColumn":
      return [];
    case "dropColumn":
      return operation.ifExists ? [] : [operation.column];
    case "renameColumn":
      return operation.object === "compositeType" ? [] : [operation.column];
    case "alterColumnType":
    case "setDefault":
    case "dropDefault":
    case "setNotNull":
    case "dropNotNull":
    case "setExpression":
    case "dropExpression":
    case "addIdentity":
    case "setIdentity":
    case "dropIdentity":
      return [operation.column];
    default:
      return operation satisfies never;
  }
}

/** PostgreSQL's own columns are on every table. */
const SYSTEM = new Set(["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid"]);

export function missingColumn(catalog: Catalog, name: Name, columns: readonly string[]): Contradiction | undefined {
  const table = catalog.relations.get(resolve(catalog, name));
  if (!table?.complete || table.kind === "view" || table.kind === "materializedView" || table.kind === "sequence")
    return undefined;
  return firstOf(columns, (column) =>
    table.columns.has(column) || SYSTEM.has(column)
      ? undefined
      : lacks("42703", `${table.id}.${column}`, `${relationName(table.id)} has no column ${column}`, table.birth),
  );
}

function takenColumn(catalog: Catalog, operation: ColumnOperation): Contradiction | undefined {
  const name = made(operation);
  if (name === undefined) return undefined;
  const table = catalog.relations.get(resolve(catalog, operation.table));
  const there = table && isPresent(catalog, table) ? table.columns.get(name) : undefined;
  return there?.birth && table
    ? clashes("42701", `${table.id}.${name}`, `${relationName(table.id)} has a column ${name} already`, there.birth)
    : undefined;
}

function made(operation: ColumnOperation): string | undefined {
  if (operation.kind === "addColumn") return operation.ifNotExists ? undefined : operation.column.name;
  if (operation.kind === "renameColumn") return operation.object === "compositeType" ? undefined : operation.to;
  return undefined;
}
