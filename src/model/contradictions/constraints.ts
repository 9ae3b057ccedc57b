import type { ConstraintOperation } from "../../sql/operation/constraints.ts";
import type { IndexOperation } from "../../sql/operation/indexes.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import { indexName } from "../apply/names.ts";
import { type Catalog, relationNamed, resolve } from "../catalog.ts";
import { column, constraint, index, isGone } from "../presence.ts";
import { primaryKey } from "../relatives.ts";
import { relationId, relationName } from "../../sql/names.ts";
import { type Contradiction, clashes, firstOf, lacks } from "./clash.ts";
import { missingColumn } from "./columns.ts";
import { gone, tableGone, taken } from "./names.ts";

/** Constraints and indexes. */
export function constraintClash(
  catalog: Catalog,
  operation: ConstraintOperation | IndexOperation,
): Contradiction | undefined {
  switch (operation.kind) {
    case "addForeignKey":
      return foreignKey(catalog, operation) ?? takenConstraint(catalog, operation, operation.constraint.name);
    case "addUnique":
    case "addPrimaryKey": {
      const { constraint } = operation;
      return (
        tableGone(catalog, operation) ??
        missingColumn(
          catalog,
          operation.table,
          constraint.usingIndex === undefined ? [...constraint.columns, ...constraint.include] : [],
        ) ??
        takenConstraint(catalog, operation, constraint.name) ??
        (operation.kind === "addPrimaryKey" ? secondKey(catalog, operation) : undefined) ??
        // USING INDEX gives the index the constraint's name, which may be the one that it has.
        (constraint.usingIndex === undefined ? takenIndex(catalog, operation, constraint.name) : undefined)
      );
    }
    case "addExclusion":
      return (
        tableGone(catalog, operation) ??
        takenConstraint(catalog, operation, operation.constraint.name) ??
        takenIndex(catalog, operation, operation.constraint.name)
      );
    case "addCheck":
      return tableGone(catalog, operation) ?? takenCheck(catalog, operation);
    case "addNotNull":
      return tableGone(catalog, operation) ?? missingColumn(catalog, operation.table, [operation.constraint.column]);
    case "dropConstraint":
      return tableGone(catalog, operation) ?? (operation.ifExists ? undefined : missingConstraint(catalog, operation));
    case "validateConstraint":
    case "alterConstraint":
      return tableGone(catalog, operation) ?? missingConstraint(catalog, operation);
    case "renameConstraint":
      return (
        tableGone(catalog, operation) ??
        missingConstraint(catalog, operation) ??
        takenConstraint(catalog, operation, operation.to)
      );
    case "createIndex":
      return (
        tableGone(catalog, operation) ??
        missingColumn(catalog, operation.table, [
          ...operation.columns.flatMap((column) => column.column ?? []),
          ...operation.include,
        ]) ??
        newIndex(catalog, operation)
      );
    case "dropIndex": {
      const there = index(catalog, resolve(catalog, operation.index));
      if (operation.ifExists || there.is !== "absent" || !there.gone) return undefined;
      return { ...(gone(catalog, operation.index, "index") as Contradiction), sqlstate: "42704" };
    }
    case "attachIndex":
      return undefined;
    default:
      return operation satisfies never;
  }
}

function foreignKey(catalog: Catalog, operation: OperationOf<"addForeignKey">): Contradiction | undefined {
  if (operation.ifTableExists && isGone(catalog, resolve(catalog, operation.table))) return undefined;
  const { columns, parent: name, parentColumns } = operation.constraint;
  const missing =
    gone(catalog, operation.table, "table") ??
    gone(catalog, name, "table") ??
    missingColumn(catalog, operation.table, columns);
  if (missing) return missing;
  const parent = relationNamed(catalog, name);
  if (!parent) return undefined;
  return firstOf(parentColumns, (name) =>
    column(catalog, parent.id, name).is === "absent"
      ? lacks("42703", `${parent.id}.${name}`, `${relationName(parent.id)} has no column ${name}`, parent.birth)
      : undefined,
  );
}

function missingConstraint(
  catalog: Catalog,
  operation: OperationOf<"dropConstraint" | "validateConstraint" | "alterConstraint" | "renameConstraint">,
): Contradiction | undefined {
  const table = relationNamed(catalog, operation.table);
  const name = operation.constraint;
  return table && constraint(catalog, table.id, name).is === "absent"
    ? lacks("42704", `${table.id}.${name}`, `${relationName(table.id)} has no constraint ${name}`, table.birth)
    : undefined;
}

type Named = ConstraintOperation & { readonly kind: `add${string}` | "renameConstraint" };

function takenConstraint(catalog: Catalog, operation: Named, name: string | undefined): Contradiction | undefined {
  if (name === undefined) return undefined;
  const table = resolve(catalog, operation.table);
  const there = constraint(catalog, table, name);
  return there.is === "present"
    ? clashes("42710", `${table}.${name}`, `${relationName(table)} has a constraint ${name} already`, there.value.birth)
    : undefined;
}

/** What a table has from its parent it may say once more itself. */
function takenCheck(catalog: Catalog, operation: OperationOf<"addCheck">): Contradiction | undefined {
  const { name } = operation.constraint;
  const there = name === undefined ? undefined : constraint(catalog, resolve(catalog, operation.table), name);
  return there?.is === "present" && there.value.of && !there.value.local
    ? undefined
    : takenConstraint(catalog, operation, name);
}

function secondKey(catalog: Catalog, operation: OperationOf<"addPrimaryKey">): Contradiction | undefined {
  const table = relationNamed(catalog, operation.table);
  const key = primaryKey(table);
  return table && key
    ? clashes("42P16", table.id, `${relationName(table.id)} has a primary key already, ${key.name}`, key.birth)
    : undefined;
}

function takenIndex(catalog: Catalog, operation: Named, name: string | undefined): Contradiction | undefined {
  const table = relationNamed(catalog, operation.table);
  return table && name !== undefined ? taken(catalog, relationId(table.schema, name)) : undefined;
}

function newIndex(catalog: Catalog, operation: OperationOf<"createIndex">): Contradiction | undefined {
  const table = relationNamed(catalog, operation.table);
  if (!table || operation.ifNotExists || operation.name === undefined) return undefined;
  return taken(catalog, relationId(table.schema, indexName(catalog, table, operation)));
}
