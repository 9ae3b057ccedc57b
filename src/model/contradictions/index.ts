import type { Operation } from "../../sql/operation/index.ts";
import { type Catalog, resolve } from "../catalog.ts";
import { isDoubtful, isUnreadable } from "../presence.ts";
import type { Contradiction } from "./clash.ts";
import { columnClash } from "./columns.ts";
import { constraintClash } from "./constraints.ts";
import { objectClash } from "./objects.ts";
import { rowClash } from "./rows.ts";
import { schemaClash } from "./schemas.ts";
import { tableClash } from "./tables.ts";
import { typeClash } from "./types.ts";

export type { Contradiction } from "./clash.ts";

/**
 * How an operation contradicts the schema that the history has made; undefined where it does not, or where that
 * cannot be said: in a branch that may not run, after SQL that nobody could read, on objects that the history
 * does not know. `catalog` is the one just before the operation.
 */
export function contradiction(catalog: Catalog, operation: Operation): Contradiction | undefined {
  const { body } = operation;
  if (isUnreadable(catalog) || body?.in === "function" || body?.conditional || body?.loop || body?.guarded)
    return undefined;
  if ("table" in operation && operation.table && isDoubtful(catalog, resolve(catalog, operation.table)))
    return undefined;
  return clash(catalog, operation);
}

/** What it needs and does not find comes first, what is in its way after that. */
function clash(catalog: Catalog, operation: Operation): Contradiction | undefined {
  switch (operation.kind) {
    case "createSchema":
    case "dropSchema":
    case "renameSchema":
    case "createDatabase":
    case "dropDatabase":
    case "createExtension":
      return schemaClash(catalog, operation);
    case "createEnum":
    case "addEnumValue":
    case "renameEnumValue":
    case "createDomain":
    case "alterDomain":
    case "createType":
    case "dropType":
    case "renameType":
    case "setTypeSchema":
      return typeClash(catalog, operation);
    case "createSequence":
    case "alterSequence":
    case "createTable":
    case "dropTable":
    case "renameTable":
    case "setTableSchema":
    case "attachPartition":
    case "detachPartition":
    case "alterTable":
      return tableClash(catalog, operation);
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
      return columnClash(catalog, operation);
    case "addForeignKey":
    case "addCheck":
    case "addUnique":
    case "addPrimaryKey":
    case "addExclusion":
    case "addNotNull":
    case "dropConstraint":
    case "validateConstraint":
    case "alterConstraint":
    case "renameConstraint":
    case "createIndex":
    case "dropIndex":
    case "attachIndex":
      return constraintClash(catalog, operation);
    case "createView":
    case "refreshView":
    case "createFunction":
    case "createTrigger":
    case "createPolicy":
    case "alterPolicy":
    case "createStatistics":
    case "createRule":
    case "renameOnTable":
    case "renameObject":
    case "setObjectSchema":
    case "dropObject":
    case "comment":
    case "grant":
    case "publication":
      return objectClash(catalog, operation);
    case "insertRows":
    case "updateRows":
    case "deleteRows":
    case "mergeRows":
    case "select":
    case "call":
    case "copy":
    case "truncate":
    case "lockTable":
    case "vacuum":
    case "analyze":
    case "cluster":
    case "reindex":
      return rowClash(catalog, operation);
    case "set":
    case "transaction":
    case "systemCommand":
    case "other":
    case "opaque":
      return undefined;
    default:
      return operation satisfies never;
  }
}
