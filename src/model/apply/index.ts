import type { Operation, OperationOf } from "../../sql/operation/index.ts";
import { partsOf } from "../../sql/names.ts";
import { applyColumn, dropColumnBelow } from "./columns.ts";
import { applyConstraint } from "./constraints.ts";
import { doubt } from "./doubts.ts";
import { applyObject } from "./objects.ts";
import { applyPartition, attachIndex } from "./partitions.ts";
import { dropTable } from "./cascades.ts";
import { moveRelation, renameRelation } from "./relations.ts";
import { applyCalls, applyRows } from "./rows.ts";
import { applySchema } from "./schemas.ts";
import { applySequence, isThere } from "./sequences.ts";
import { applySession } from "./session.ts";
import { createTable } from "./tables.ts";
import { applyType } from "./types.ts";
import { type Birth, resolve } from "../catalog.ts";
import { type MutableCatalog, type MutableRelation, assumed } from "./catalog.ts";
import { withChildren } from "../relatives.ts";

/**
 * Folds one operation into the catalog. What contradicts the catalog changes nothing: whether that is a failure is
 * said elsewhere (contradictions/), here it only must not make the catalog wrong.
 */
export function apply(catalog: MutableCatalog, operation: Operation, birth: Birth): void {
  if (operation.body?.in === "function") return;
  if (operation.body?.conditional || operation.body?.loop || operation.body?.guarded) doubt(catalog, operation);
  if ("ifTableExists" in operation && operation.ifTableExists && !isThere(catalog, resolve(catalog, operation.table)))
    return;
  switch (operation.kind) {
    case "createSchema":
    case "dropSchema":
    case "renameSchema":
    case "createExtension":
      applySchema(catalog, operation);
      return;
    case "createEnum":
    case "createDomain":
    case "createType":
    case "addEnumValue":
    case "renameEnumValue":
    case "alterDomain":
    case "dropType":
    case "renameType":
    case "setTypeSchema":
      applyType(catalog, operation, birth);
      return;
    case "createSequence":
    case "alterSequence":
      applySequence(catalog, operation, birth);
      return;
    case "createTable":
      createTable(catalog, operation, birth);
      return;
    case "dropTable":
      dropTable(catalog, operation);
      return;
    case "renameTable":
      renameRelation(catalog, operation);
      return;
    case "setTableSchema": {
      const id = resolve(catalog, operation.table);
      if (operation.ifExists && !catalog.relations.has(id)) return;
      moveRelation(catalog, id, operation.schema, partsOf(id).name);
      return;
    }
    case "attachPartition":
    case "detachPartition":
      applyPartition(catalog, operation, birth);
      return;
    case "alterTable":
      alterTable(catalog, operation, birth);
      return;
    case "addColumn":
    case "dropColumn":
    case "renameColumn":
    case "alterColumnType":
    case "setDefault":
    case "dropDefault":
    case "setNotNull":
    case "dropNotNull":
    case "setExpression":
    case "dropExpression":
    case "addIdentity":
    case "setIdentity":
    case "dropIdentity":
      // The attributes of a composite type are not kept.
      if (operation.kind === "renameColumn" && operation.object === "compositeType") return;
      if (operation.kind === "dropColumn")
        dropColumnBelow(catalog, assumed(catalog, resolve(catalog, operation.table)), operation, birth);
      else for (const table of family(catalog, operation)) applyColumn(catalog, table, operation, birth);
      return;
    case "addForeignKey":
    case "addCheck":
    case "addUnique":
    case "addPrimaryKey":
    case "addExclusion":
    case "addNotNull":
    case "dropConstraint":
    case "validateConstraint":
    case "renameConstraint":
    case "createIndex":
    case "dropIndex":
      applyConstraint(catalog, operation, birth);
      return;
    case "attachIndex":
      attachIndex(catalog, operation);
      return;
    case "createView":
    case "refreshView":
    case "createFunction":
    case "createTrigger":
    case "createPolicy":
    case "alterPolicy":
    case "createRule":
    case "renameOnTable":
    case "createStatistics":
    case "publication":
    case "renameObject":
    case "setObjectSchema":
    case "dropObject":
    case "comment":
    case "grant":
      applyObject(catalog, operation, birth);
      return;
    case "insertRows":
    case "updateRows":
    case "deleteRows":
    case "mergeRows":
    case "copy":
    case "truncate":
      applyRows(catalog, operation, birth);
      return;
    case "select":
    case "call":
      if (operation.kind === "select") applyRows(catalog, operation, birth);
      applyCalls(catalog, operation, (called) => apply(catalog, called, birth));
      return;
    case "lockTable":
      assumed(catalog, resolve(catalog, operation.table));
      return;
    case "set":
    case "transaction":
    case "opaque":
      applySession(catalog, operation, birth);
      return;
    // What the catalog does not keep: databases, options of constraints, what maintenance does.
    case "createDatabase":
    case "dropDatabase":
    case "alterConstraint":
    case "vacuum":
    case "analyze":
    case "cluster":
    case "reindex":
    case "systemCommand":
    case "other":
      return;
    default:
      operation satisfies never;
  }
}

function alterTable(catalog: MutableCatalog, operation: OperationOf<"alterTable">, birth: Birth): void {
  const { action, parent } = operation;
  if ((action === "inherit" || action === "noInherit") && parent)
    applyPartition(catalog, { kind: action, table: operation.table, parent }, birth);
  else if (action === "setLogged" || action === "setUnlogged")
    assumed(catalog, resolve(catalog, operation.table)).unlogged = action === "setUnlogged";
  else if (operation.object === "table") assumed(catalog, resolve(catalog, operation.table));
}

/** The table of an ALTER TABLE with its partitions and inheritance children. */
function family(
  catalog: MutableCatalog,
  operation: {
    readonly table: { readonly schema?: string | undefined; readonly name: string };
    readonly only?: boolean;
  },
): MutableRelation[] {
  const table = assumed(catalog, resolve(catalog, operation.table));
  if (operation.only) return [table];
  return withChildren(catalog, table);
}
