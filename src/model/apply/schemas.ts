import type { OperationOf } from "../../sql/operation/index.ts";
import { dropFunction, renameFunction } from "./functions.ts";
import { removeCascading } from "./cascades.ts";
import { moveRelation, moveType } from "./relations.ts";
import { partsOf, relationId } from "../../sql/names.ts";
import { dropType } from "./cascades.ts";
import type { MutableCatalog } from "./catalog.ts";

/** Schemas with all that is in them, and extensions. */
export function applySchema(
  catalog: MutableCatalog,
  operation: OperationOf<"createSchema" | "dropSchema" | "renameSchema" | "createExtension">,
): void {
  switch (operation.kind) {
    case "createSchema":
      catalog.schemas.add(operation.name);
      return;
    case "dropSchema":
      dropSchema(catalog, operation.name);
      return;
    case "renameSchema":
      renameSchema(catalog, operation.name, operation.to);
      return;
    case "createExtension":
      catalog.extensions.add(operation.name);
      return;
    default:
      operation satisfies never;
  }
}

const within = (ids: Iterable<string>, schema: string): string[] =>
  [...ids].filter((id) => partsOf(id).schema === schema);

function dropSchema(catalog: MutableCatalog, schema: string): void {
  for (const id of within(catalog.relations.keys(), schema)) removeCascading(catalog, id);
  for (const id of within(catalog.types.keys(), schema)) dropType(catalog, id);
  for (const id of within(catalog.functions.keys(), schema)) dropFunction(catalog, id, true);
  for (const id of within(catalog.statistics.keys(), schema)) catalog.statistics.delete(id);
  catalog.schemas.delete(schema);
}

function renameSchema(catalog: MutableCatalog, from: string, to: string): void {
  // PostgreSQL refuses a name that is taken.
  if (catalog.schemas.has(to)) return;
  catalog.schemas.delete(from);
  catalog.schemas.add(to);
  for (const id of within(catalog.relations.keys(), from)) moveRelation(catalog, id, to, partsOf(id).name);
  for (const id of within(catalog.types.keys(), from)) {
    const type = catalog.types.get(id);
    if (type) moveType(catalog, type, to, type.name);
  }
  for (const id of within(catalog.functions.keys(), from))
    renameFunction(catalog, id, relationId(to, partsOf(id).name));
  for (const id of within(catalog.statistics.keys(), from)) {
    const table = catalog.statistics.get(id);
    catalog.statistics.delete(id);
    if (table !== undefined) catalog.statistics.set(relationId(to, partsOf(id).name), table);
  }
}
