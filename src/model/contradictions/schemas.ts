import type { SchemaOperation } from "../../sql/operation/schemas.ts";
import type { Catalog } from "../catalog.ts";
import { extension, schema } from "../presence.ts";
import { type Contradiction, clashes } from "./clash.ts";

/** Schemas and extensions. */
export function schemaClash(catalog: Catalog, operation: SchemaOperation): Contradiction | undefined {
  switch (operation.kind) {
    case "createSchema":
      return !operation.ifNotExists && schema(catalog, operation.name).is === "present"
        ? clashes("42P06", operation.name, `schema ${operation.name} is there already`)
        : undefined;
    case "createExtension":
      return !operation.ifNotExists && extension(catalog, operation.name).is === "present"
        ? clashes("42710", operation.name, `extension ${operation.name} is there already`)
        : undefined;
    case "renameSchema":
      return schema(catalog, operation.to).is === "present"
        ? clashes("42P06", operation.to, `schema ${operation.to} is there already`)
        : undefined;
    case "dropSchema":
    case "createDatabase":
    case "dropDatabase":
      return undefined;
    default:
      return operation satisfies never;
  }
}
