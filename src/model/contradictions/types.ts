import type { OperationOf } from "../../sql/operation/index.ts";
import type { TypeOperation } from "../../sql/operation/types.ts";
import { type Catalog, createdAs, resolveType } from "../catalog.ts";
import { type Name, relationName, sibling } from "../../sql/names.ts";
import { type Contradiction, clashes, lacks } from "./clash.ts";
import { occupant, takenType } from "./names.ts";

/** Enums, domains and other types. */
export function typeClash(catalog: Catalog, operation: TypeOperation): Contradiction | undefined {
  switch (operation.kind) {
    case "createEnum":
    case "createDomain":
    case "createType":
      return takenType(catalog, createdAs(catalog, operation.type));
    case "addEnumValue":
    case "renameEnumValue":
      return missingType(catalog, operation.type) ?? missingValue(catalog, operation) ?? takenValue(catalog, operation);
    case "renameType": {
      const id = resolveType(catalog, operation.type);
      return missingType(catalog, operation.type) ?? takenType(catalog, sibling(id, operation.to));
    }
    case "setTypeSchema":
    case "alterDomain":
      return missingType(catalog, operation.type);
    case "dropType":
      return operation.ifExists ? undefined : missingType(catalog, operation.type);
    default:
      return operation satisfies never;
  }
}

function missingType(catalog: Catalog, name: Name): Contradiction | undefined {
  const id = resolveType(catalog, name);
  return catalog.dropped.has(id) && !catalog.types.has(id) && occupant(catalog, id) === undefined
    ? lacks("42704", id, `type ${relationName(id)} is not there any more: an earlier statement dropped or renamed it`)
    : undefined;
}

type ValueOperation = OperationOf<"addEnumValue" | "renameEnumValue">;

function missingValue(catalog: Catalog, operation: ValueOperation): Contradiction | undefined {
  const type = catalog.types.get(resolveType(catalog, operation.type));
  if (type?.kind !== "enum") return undefined;
  const needed = operation.kind === "renameEnumValue" ? operation.value : (operation.before ?? operation.after);
  return needed === undefined || type.values.includes(needed)
    ? undefined
    : lacks("22023", type.id, `${needed} is no value of enum ${relationName(type.id)}`, type.birth);
}

function takenValue(catalog: Catalog, operation: ValueOperation): Contradiction | undefined {
  const type = catalog.types.get(resolveType(catalog, operation.type));
  const value = operation.kind === "addEnumValue" ? operation.value : operation.to;
  if (!type?.values.includes(value) || (operation.kind === "addEnumValue" && operation.ifNotExists)) return undefined;
  return clashes(
    "42710",
    type.id,
    `enum ${relationName(type.id)} has the value ${value} already`,
    type.added.get(value) ?? type.birth,
  );
}
