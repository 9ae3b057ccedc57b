import type { ColumnOperation } from "../../sql/operation/tables.ts";
import { type Catalog, relationNamed, resolve } from "../catalog.ts";
import { column } from "../presence.ts";
import { relationName, type Name } from "../../sql/names.ts";
import { type Contradiction, clashes, firstOf, lacks } from "./clash.ts";
import { tableGone } from "./names.ts";

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

export function missingColumn(catalog: Catalog, name: Name, columns: readonly string[]): Contradiction | undefined {
  const table = relationNamed(catalog, name);
  if (!table || table.kind === "view" || table.kind === "materializedView" || table.kind === "sequence")
    return undefined;
  return firstOf(columns, (name) =>
    column(catalog, table.id, name).is === "absent"
      ? lacks("42703", `${table.id}.${name}`, `${relationName(table.id)} has no column ${name}`, table.birth)
      : undefined,
  );
}

function takenColumn(catalog: Catalog, operation: ColumnOperation): Contradiction | undefined {
  const name = made(operation);
  if (name === undefined) return undefined;
  const table = resolve(catalog, operation.table);
  const there = column(catalog, table, name);
  return there.is === "present" && there.value.birth
    ? clashes("42701", `${table}.${name}`, `${relationName(table)} has a column ${name} already`, there.value.birth)
    : undefined;
}

function made(operation: ColumnOperation): string | undefined {
  if (operation.kind === "addColumn") return operation.ifNotExists ? undefined : operation.column.name;
  if (operation.kind === "renameColumn") return operation.object === "compositeType" ? undefined : operation.to;
  return undefined;
}
