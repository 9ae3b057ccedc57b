import type { Change } from "../../sql/expression.ts";
import type { Operation, OperationOf } from "../../sql/operation/index.ts";
import { type Birth, resolve } from "../catalog.ts";
import { type MutableCatalog, assumed } from "./catalog.ts";
import { calledOperations } from "../calls.ts";

/** What is known of rows that are changed: that they are. */
export function applyRows(
  catalog: MutableCatalog,
  operation: OperationOf<"insertRows" | "updateRows" | "deleteRows" | "mergeRows" | "copy" | "truncate" | "select">,
  birth: Birth,
): void {
  switch (operation.kind) {
    case "insertRows":
    case "updateRows":
    case "deleteRows":
    case "mergeRows":
      changeRows(catalog, operation.change);
      return;
    case "copy":
      if (operation.table && operation.direction === "from")
        assumed(catalog, resolve(catalog, operation.table)).filledIn = catalog.deployment;
      return;
    case "truncate":
      assumed(catalog, resolve(catalog, operation.table)).truncatedBy = birth;
      return;
    case "select":
      for (const { change } of operation.query.ctes) if (change) changeRows(catalog, change);
      return;
    default:
      operation satisfies never;
  }
}

function changeRows(catalog: MutableCatalog, change: Change): void {
  for (const cte of change.ctes) if (cte.change) changeRows(catalog, cte.change);
  const table = assumed(catalog, resolve(catalog, change.table));
  if (change.kind === "insertRows") table.filledIn = catalog.deployment;
  else table.changedIn = catalog.deployment;
  if (change.kind !== "updateRows") return;
  for (const { column } of change.set) {
    const known = table.columns.get(column);
    if (known) known.filledIn = catalog.deployment;
  }
}

/** What functions of the history do that the statement calls; not what these call in turn, which may be a circle. */
export function applyCalls(
  catalog: MutableCatalog,
  operation: OperationOf<"select" | "call">,
  apply: (called: Operation) => void,
): void {
  for (const called of calledOperations(catalog, operation))
    if (called.kind !== "select" && called.kind !== "call") apply(called);
}
