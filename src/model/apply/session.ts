import type { OperationOf } from "../../sql/operation/index.ts";
import { type Birth, creationSchema } from "../catalog.ts";
import type { MutableCatalog } from "./catalog.ts";

/** Settings, the ends of transactions, and what cannot be read. */
export function applySession(
  catalog: MutableCatalog,
  operation: OperationOf<"set" | "transaction" | "opaque">,
  birth: Birth,
): void {
  switch (operation.kind) {
    case "set":
      applySetting(catalog, operation, birth);
      return;
    case "transaction":
      // What the transaction had made is gone again; which of it is not kept track of.
      if (operation.action === "commit" || operation.action === "rollback" || operation.action === "prepare")
        endTransaction(catalog);
      if (operation.action === "rollback" || operation.action === "rollbackTo") catalog.tainted = true;
      return;
    case "opaque":
      // A DO block's EXECUTE may have changed anything.
      catalog.tainted = true;
      return;
    default:
      operation satisfies never;
  }
}

/** What SET LOCAL set is as it was. A file that is sent in one batch ends with its transaction. */
export function endTransaction(catalog: MutableCatalog): void {
  if (!catalog.searchPathBefore) return;
  catalog.searchPath = catalog.searchPathBefore;
  delete catalog.searchPathBefore;
}

function applySetting(catalog: MutableCatalog, operation: OperationOf<"set">, birth: Birth): void {
  if (operation.name === "search_path") {
    if (operation.local) catalog.searchPathBefore ??= catalog.searchPath;
    else delete catalog.searchPathBefore;
    const schemas =
      operation.value === null ? ["public"] : operation.values.filter((schema) => schema !== "$user" && schema !== "");
    catalog.searchPath = operation.value === "" ? [] : schemas;
    if (catalog.searchPath.length === 0 && operation.value !== "")
      catalog.searchPath = [creationSchema({ ...catalog, searchPath: ["public"] })];
  }
  if (operation.name === "all") catalog.settings.clear();
  else if (operation.value === null) catalog.settings.delete(operation.name);
  else
    catalog.settings.set(operation.name, {
      value: operation.value,
      local: operation.local,
      migration: birth.migration,
    });
}
