import { partsOf, relationId, sibling } from "../../sql/names.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import type { SequenceOperation } from "../../sql/operation/schemas.ts";
import type { TableConstraint } from "../../sql/operation/constraints.ts";
import type { TableOperation } from "../../sql/operation/tables.ts";
import { type Catalog, createdAs, indexAt, relationAt, resolve } from "../catalog.ts";
import { isTakenUp, presentRelation } from "../presence.ts";
import { queryTables } from "../queries.ts";
import { type Contradiction, firstOf } from "./clash.ts";
import { gone, relationTaken, tableGone, taken, takenByType } from "./names.ts";

/** Tables, their partitions, and sequences. */
export function tableClash(catalog: Catalog, operation: TableOperation | SequenceOperation): Contradiction | undefined {
  switch (operation.kind) {
    case "createTable":
      return createTable(catalog, operation);
    case "dropTable":
      return operation.ifExists ? undefined : gone(catalog, operation.table, "table");
    case "renameTable": {
      const id = resolve(catalog, operation.table);
      if (operation.ifExists && !presentRelation(catalog, id)) return undefined;
      const to = sibling(id, operation.to);
      return (
        unlessOptional(catalog, operation) ??
        // One that only this statement names need not be there.
        (to === id && isTakenUp(relationAt(catalog, id)) ? undefined : taken(catalog, to)) ??
        // An index has no row type, a sequence has none from PostgreSQL 14 on.
        (operation.object === "index" ||
        relationAt(catalog, id)?.kind === "sequence" ||
        indexAt(catalog, id) !== undefined
          ? undefined
          : takenByType(catalog, to))
      );
    }
    case "setTableSchema":
      return unlessOptional(catalog, operation) ?? takenInSchema(catalog, operation);
    case "attachPartition":
    case "detachPartition":
      return gone(catalog, operation.table, "table") ?? gone(catalog, operation.partition, "table");
    case "alterTable":
      return tableGone(catalog, operation);
    case "createSequence":
      return operation.ifNotExists || operation.temporary
        ? undefined
        : relationTaken(catalog, createdAs(catalog, operation.sequence));
    case "alterSequence":
      return undefined;
    default:
      return operation satisfies never;
  }
}

function unlessOptional(
  catalog: Catalog,
  operation: OperationOf<"renameTable" | "setTableSchema">,
): Contradiction | undefined {
  if (operation.ifExists) return undefined;
  const { object } = operation;
  return gone(
    catalog,
    operation.table,
    object === "materializedView" ? "materialized view" : object === "foreignTable" ? "foreign table" : object,
  );
}

function takenInSchema(catalog: Catalog, operation: OperationOf<"setTableSchema">): Contradiction | undefined {
  const id = resolve(catalog, operation.table);
  const to = relationId(operation.schema, partsOf(id).name);
  if (to === id || !presentRelation(catalog, id)) return undefined;
  return taken(catalog, to) ?? (relationAt(catalog, id)?.kind === "sequence" ? undefined : takenByType(catalog, to));
}

function createTable(catalog: Catalog, operation: OperationOf<"createTable">): Contradiction | undefined {
  const id = createdAs(catalog, operation.table);
  if (operation.ifNotExists && presentRelation(catalog, id)) return undefined;
  const missing =
    firstOf(
      [
        ...operation.inherits,
        ...operation.like.map((like) => like.table),
        ...(operation.partitionOf ? [operation.partitionOf] : []),
        ...queryTables(operation.as),
      ],
      (name) => gone(catalog, name, "table"),
    ) ??
    firstOf([...operation.constraints, ...operation.columns.flatMap((column) => column.constraints)], (constraint) =>
      parentGone(catalog, constraint, id),
    );
  if (missing || operation.persistence === "temporary") return missing;
  return (
    relationTaken(catalog, id) ??
    firstOf(operation.constraints, (constraint) =>
      (constraint.type === "primaryKey" || constraint.type === "unique") && constraint.name !== undefined
        ? taken(catalog, sibling(id, constraint.name))
        : undefined,
    )
  );
}

/** A key may point at the table that the statement makes. */
function parentGone(catalog: Catalog, constraint: TableConstraint, own: string): Contradiction | undefined {
  return constraint.type === "foreignKey" && resolve(catalog, constraint.parent) !== own
    ? gone(catalog, constraint.parent, "table")
    : undefined;
}
