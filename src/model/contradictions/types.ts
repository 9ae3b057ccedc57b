import type { OperationOf } from "../../sql/operation/index.ts";
import type { TypeOperation } from "../../sql/operation/types.ts";
import { type Catalog, createdAs, resolveType, typeOf } from "../catalog.ts";
import { label, type } from "../presence.ts";
import { type Name, partsOf, relationId, relationName, sibling } from "../../sql/names.ts";
import { type Contradiction, clashes, lacks } from "./clash.ts";
import { takenType } from "./names.ts";

/** Enums, domains and other types. */
export function typeClash(catalog: Catalog, operation: TypeOperation): Contradiction | undefined {
  switch (operation.kind) {
    case "createType":
      // A type of which only the name is there waits for this.
      return !operation.shell && typeOf(catalog, operation.type)?.shell === true
        ? undefined
        : takenType(catalog, createdAs(catalog, operation.type));
    case "createEnum":
    case "createDomain":
      return takenType(catalog, createdAs(catalog, operation.type));
    case "addEnumValue":
    case "renameEnumValue":
      return missingType(catalog, operation.type) ?? missingValue(catalog, operation) ?? takenValue(catalog, operation);
    case "renameType": {
      const id = resolveType(catalog, operation.type);
      return missingType(catalog, operation.type) ?? takenType(catalog, sibling(id, operation.to));
    }
    case "setTypeSchema": {
      const id = resolveType(catalog, operation.type);
      const to = relationId(operation.schema, partsOf(id).name);
      return missingType(catalog, operation.type) ?? (to === id ? undefined : takenType(catalog, to));
    }
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
  const found = type(catalog, id);
  return found.is === "absent" && found.gone
    ? lacks("42704", id, `type ${relationName(id)} is not there any more: an earlier statement dropped or renamed it`)
    : undefined;
}

type ValueOperation = OperationOf<"addEnumValue" | "renameEnumValue">;

function missingValue(catalog: Catalog, operation: ValueOperation): Contradiction | undefined {
  const known = typeOf(catalog, operation.type);
  const needed = operation.kind === "renameEnumValue" ? operation.value : (operation.before ?? operation.after);
  return known && needed !== undefined && label(catalog, known.id, needed).is === "absent"
    ? lacks("22023", known.id, `${needed} is no value of enum ${relationName(known.id)}`, known.birth)
    : undefined;
}

function takenValue(catalog: Catalog, operation: ValueOperation): Contradiction | undefined {
  const known = typeOf(catalog, operation.type);
  const value = operation.kind === "addEnumValue" ? operation.value : operation.to;
  if (!known || (operation.kind === "addEnumValue" && operation.ifNotExists)) return undefined;
  return label(catalog, known.id, value).is === "present"
    ? clashes(
        "42710",
        known.id,
        `enum ${relationName(known.id)} has the value ${value} already`,
        known.added.get(value) ?? known.birth,
      )
    : undefined;
}
