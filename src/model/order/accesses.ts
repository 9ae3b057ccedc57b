import { partsOf, relationId, sibling } from "../../sql/names.ts";
import type { ColumnOperation, TableOperation } from "../../sql/operation/tables.ts";
import type { IndexOperation } from "../../sql/operation/indexes.ts";
import type { Operation } from "../../sql/operation/index.ts";
import type { ConstraintOperation } from "../../sql/operation/constraints.ts";
import {
  type Catalog,
  createdAs,
  relationAt,
  relationNamed,
  resolve,
  resolveFunction,
  resolveType,
} from "../catalog.ts";
import type { ObjectAccess } from "./objects.ts";
import { mentions } from "./mentions.ts";
import { changeTables, queryTables } from "../queries.ts";
import { relationAccesses } from "./relation-accesses.ts";
import { touches } from "./touches.ts";
import { signatureIn } from "./clauses.ts";
import { detailAccesses } from "./details.ts";
import { namedAccesses } from "./named.ts";
import { bodyAccesses, executedAccesses } from "./executed.ts";

/**
 * The objects that an operation touches in the schema at that moment; `catalog` is the one just before it. Rows are counted elsewhere.
 *
 * @param text The operation as it is written: of a policy or a trigger only the text has the condition.
 */
export function objectAccesses(catalog: Catalog, operation: Operation, text: string): ObjectAccess[] {
  const touched = touches(catalog, operation, text);
  const { add, schemaOf, needs, makes, needsColumns, needsWritten, needsType, uses, reads, needsKeys } = touched;
  const signature = signatureIn(text);
  const signed = signature === undefined ? {} : { signature };
  switch (operation.kind) {
    case "createSchema":
      add("makes", "schema", operation.name, operation.ifNotExists);
      break;
    case "dropSchema":
      add("unmakes", "schema", operation.name, operation.ifExists);
      break;
    case "renameSchema":
      add("unmakes", "schema", operation.name);
      add("makes", "schema", operation.to);
      break;
    case "createExtension":
      add("makes", "extension", operation.name, operation.ifNotExists);
      break;
    case "createEnum":
    case "createDomain":
    case "createType":
      add("makes", "type", createdAs(catalog, operation.type));
      schemaOf(createdAs(catalog, operation.type));
      if (operation.kind === "createDomain") needsType(operation.base);
      break;
    case "addEnumValue":
    case "renameEnumValue":
    case "alterDomain": {
      const id = resolveType(catalog, operation.type);
      add("needs", "type", id);
      add("changes", operation.kind === "alterDomain" ? "domain" : "enum values", id);
      break;
    }
    case "dropType":
      add("unmakes", "type", resolveType(catalog, operation.type), operation.ifExists);
      break;
    case "renameType":
    case "setTypeSchema": {
      const id = resolveType(catalog, operation.type);
      add("unmakes", "type", id);
      add(
        "makes",
        "type",
        operation.kind === "renameType" ? sibling(id, operation.to) : relationId(operation.schema, partsOf(id).name),
      );
      break;
    }
    case "createSequence":
      makes(operation.sequence, operation.ifNotExists);
      if (typeof operation.ownedBy === "object")
        needsColumns(needs(operation.ownedBy.table), [operation.ownedBy.column]);
      break;
    case "alterSequence":
      needs(operation.sequence);
      if (typeof operation.ownedBy === "object")
        needsColumns(needs(operation.ownedBy.table), [operation.ownedBy.column]);
      break;
    case "truncate": {
      const id = needs(operation.table);
      if (!operation.cascade) add("changes", "truncation", id);
      break;
    }
    case "createView":
      makes(operation.view, operation.replace || operation.ifNotExists);
      reads(operation.query);
      break;
    case "refreshView":
      needs(operation.view);
      break;
    case "createFunction":
      add("makes", "function", createdAs(catalog, operation.function), {
        ...(operation.replace && { optional: true as const }),
        ...signed,
      });
      bodyAccesses(catalog, operation, text, touched);
      break;
    case "createTrigger": {
      const id = needs(operation.table);
      needsWritten(id);
      add("makes", "trigger", `${id}: ${operation.name}`, operation.replace);
      add("changes", "triggers", id);
      add("needs", "function", resolveFunction(catalog, operation.function));
      break;
    }
    case "createPolicy":
    case "alterPolicy": {
      const id = needs(operation.table);
      needsWritten(id);
      if (operation.kind === "createPolicy") add("makes", "policy", `${id}: ${operation.name}`);
      else {
        add("needs", "policy", `${id}: ${operation.name}`);
        for (const part of ["using", "check", "roles"] as const)
          if (operation[part] !== undefined) add("changes", "policy", `${id}: ${operation.name} ${part}`);
      }
      break;
    }
    case "createStatistics":
      needsWritten(needs(operation.table));
      add("makes", "statistics", operation.name);
      break;
    case "createRule": {
      const id = needs(operation.table);
      needsWritten(id);
      add("makes", "rule", `${id}: ${operation.name}`);
      add("changes", "triggers", id);
      break;
    }
    case "renameOnTable": {
      const id = needs(operation.table);
      add("unmakes", operation.object, `${id}: ${operation.name}`);
      add("makes", operation.object, `${id}: ${operation.to}`);
      break;
    }
    case "renameObject":
    case "setObjectSchema": {
      const { object, name } = operation;
      if (object === "statistics" || object === "publication") {
        add("unmakes", object, name.name);
        add("makes", object, operation.kind === "renameObject" ? operation.to : name.name);
      } else {
        const id = resolveFunction(catalog, name);
        add("unmakes", "function", id, signed);
        add(
          "makes",
          "function",
          operation.kind === "renameObject"
            ? sibling(id, operation.to)
            : relationId(operation.schema, partsOf(id).name),
          signed,
        );
      }
      break;
    }
    case "dropObject": {
      const { object } = operation;
      if (object === "trigger" || object === "policy" || object === "rule") {
        const id = operation.table ? needs(operation.table) : "";
        add("unmakes", object, `${id}: ${operation.name.name}`, operation.ifExists);
        if (object !== "policy") add("changes", "triggers", id);
      } else if (object === "function" || object === "procedure" || object === "aggregate")
        add("unmakes", "function", resolveFunction(catalog, operation.name), {
          ...(operation.ifExists && { optional: true as const }),
          ...signed,
        });
      else if (object === "view" || object === "materializedView" || object === "sequence" || object === "foreignTable")
        add("unmakes", "relation", resolve(catalog, operation.name), operation.ifExists);
      else if (object === "extension" || object === "publication" || object === "statistics")
        add("unmakes", object, operation.name.name, operation.ifExists);
      else add("unmakes", "other", `${object} ${operation.name.name}`, operation.ifExists);
      break;
    }
    case "comment": {
      const owner = operation.table ? resolve(catalog, operation.table) : undefined;
      if (operation.table) needs(operation.table);
      if (owner !== undefined && operation.object === "column") needsColumns(owner, [operation.name.name]);
      if (owner === undefined && ["table", "view", "materializedView", "index"].includes(operation.object))
        needs(operation.name);
      add(
        "changes",
        "comment",
        `${operation.object} ${owner === undefined ? resolve(catalog, operation.name) : `${owner}: ${operation.name.name}`}`,
      );
      break;
    }
    case "grant":
      operation.tables.forEach(needs);
      break;
    case "publication":
      if (operation.create) add("makes", "publication", operation.name);
      operation.tables.forEach(needs);
      break;
    case "insertRows":
    case "updateRows":
    case "deleteRows":
    case "mergeRows": {
      const id = needs(operation.table);
      for (const name of changeTables(operation.change)) needs(name);
      const own =
        operation.change.kind === "insertRows"
          ? operation.change.columns
          : operation.change.kind === "updateRows"
            ? operation.change.set.map((each) => each.column)
            : [];
      needsColumns(id, own);
      const { columns } = mentions(operation.change);
      for (const name of [operation.table, ...changeTables(operation.change)]) {
        const table = relationNamed(catalog, name);
        if (table)
          needsColumns(
            table.id,
            columns.filter((each) => table.columns.has(each)),
          );
      }
      if (operation.change.kind === "insertRows") {
        if (operation.change.columns.length === 0) add("reads", "columns", id);
        else
          for (const each of relationAt(catalog, id)?.columns.values() ?? [])
            if (!operation.change.columns.includes(each.name)) add("reads", "column default", `${id}.${each.name}`);
      }
      add("reads", "triggers", id);
      if (operation.change.kind === "insertRows" && operation.change.onConflict)
        needsKeys(id, operation.change.conflict?.columns);
      break;
    }
    case "copy":
      if (operation.table) needs(operation.table);
      reads(operation.query);
      break;
    case "select":
      for (const name of queryTables(operation.query)) needs(name);
      for (const target of operation.query.targets) uses(target.value);
      break;
    case "call":
      add("needs", "function", resolveFunction(catalog, operation.function));
      break;
    case "lockTable":
      needs(operation.table);
      break;
    case "other":
      break;
    case "systemCommand":
    case "createDatabase":
    case "dropDatabase":
      add("changes", "other", operation.kind === "systemCommand" ? operation.command : operation.name);
      break;
    case "reindex":
    case "vacuum":
    case "analyze":
    case "cluster":
    case "set":
    case "transaction":
    case "opaque":
      break;
    default:
      relationAccesses(
        catalog,
        operation satisfies TableOperation | ColumnOperation | ConstraintOperation | IndexOperation,
        touched,
      );
  }
  if (operation.body?.in !== "function") {
    namedAccesses(catalog, operation, text, touched);
    executedAccesses(catalog, operation, text, touched);
    detailAccesses(catalog, operation, text, touched);
  }
  // ALTER TABLE IF EXISTS does nothing where the table is gone.
  if ("ifTableExists" in operation && operation.ifTableExists)
    return touched.found.map((each) => (each.mode === "needs" ? { ...each, optional: true as const } : each));
  return touched.found;
}
