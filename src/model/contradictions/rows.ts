import type { MaintenanceOperation } from "../../sql/operation/session.ts";
import type { RowOperation } from "../../sql/operation/rows.ts";
import type { Catalog } from "../catalog.ts";
import { changeTables, queryTables } from "../queries.ts";
import { type Contradiction, firstOf } from "./clash.ts";
import { missingColumn } from "./columns.ts";
import { gone } from "./names.ts";

/** Reads and changes of rows, and maintenance. */
export function rowClash(catalog: Catalog, operation: RowOperation | MaintenanceOperation): Contradiction | undefined {
  switch (operation.kind) {
    case "select":
      return firstOf(queryTables(operation.query), (name) => gone(catalog, name, "relation"));
    case "insertRows":
    case "updateRows":
    case "deleteRows":
    case "mergeRows":
      return (
        firstOf([operation.table, ...changeTables(operation.change)], (name) => gone(catalog, name, "relation")) ??
        missingColumn(catalog, operation.table, written(operation.change))
      );
    case "analyze":
    case "vacuum":
      return firstOf(operation.tables, (name) => gone(catalog, name, "table"));
    case "truncate":
    case "lockTable":
    case "copy":
    case "cluster":
      return operation.table && gone(catalog, operation.table, "table");
    case "call":
    case "reindex":
      return undefined;
    default:
      return operation satisfies never;
  }
}

function written(change: Extract<RowOperation, { readonly change: unknown }>["change"]): readonly string[] {
  if (change.kind === "insertRows") return change.columns;
  return change.kind === "updateRows" ? change.set.map((each) => each.column) : [];
}
