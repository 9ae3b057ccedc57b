import { type Catalog, functionAt, indexAt, relationAt, typeAt } from "../catalog.ts";
import { extension, schema } from "../presence.ts";
import { indexesOf } from "../relatives.ts";
import type { SchemaObject } from "./objects.ts";
import { keyName } from "./touches.ts";

/** Whether the history knows nothing of this name: who makes it is the first. */
export function isUnknown(catalog: Catalog, { kind, name }: SchemaObject): boolean {
  switch (kind) {
    case "relation":
      return !relationAt(catalog, name) && !indexAt(catalog, name);
    case "type":
      return !typeAt(catalog, name);
    case "function":
      return !functionAt(catalog, name);
    case "schema":
      return schema(catalog, name).is !== "present";
    case "extension":
      return extension(catalog, name).is !== "present";
    case "key": {
      const table = relationAt(catalog, name.slice(0, name.lastIndexOf(" (")));
      const keys = [
        ...[...(table?.constraints.values() ?? [])].filter(({ type }) => type === "unique" || type === "primaryKey"),
        ...(table ? indexesOf(catalog, table).filter(({ unique, partial }) => unique && !partial) : []),
      ];
      return !keys.some(
        ({ columns }) =>
          keyName(
            table?.id ?? "",
            columns.flatMap((each) => each ?? []),
          ) === name,
      );
    }
    case "label":
      return true;
    default:
      return false;
  }
}
