import type { ColumnOperation, TableOperation } from "../../sql/operation/tables.ts";
import type { IndexOperation } from "../../sql/operation/indexes.ts";
import type { ConstraintOperation } from "../../sql/operation/constraints.ts";
import { partsOf, relationId, sibling } from "../../sql/names.ts";
import { indexName } from "../apply/names.ts";
import { type Catalog, type Relation, indexAt, relationAt, relationNamed, resolve } from "../catalog.ts";
import { indexesOf, referencing, viewsOn } from "../relatives.ts";
import { mentionedColumns } from "../queries.ts";
import type { Touches } from "./touches.ts";

/** What is done to tables, their columns and constraints, and to indexes. */
export function relationAccesses(
  catalog: Catalog,
  operation: TableOperation | ColumnOperation | ConstraintOperation | IndexOperation,
  { add, needs, makes, needsColumns, needsType, uses, reads, key, constraint, hangsOn, column, dropsKey }: Touches,
): void {
  switch (operation.kind) {
    case "createTable": {
      if (operation.persistence === "temporary") break;
      const id = makes(operation.table, operation.ifNotExists);
      operation.columns.forEach(column);
      for (const each of [...operation.constraints, ...operation.columns.flatMap((one) => one.constraints)])
        constraint(id, undefined, each, true, operation.ifNotExists);
      for (const each of [
        ...operation.inherits,
        ...operation.like.map((like) => like.table),
        ...(operation.partitionOf ? [operation.partitionOf] : []),
      ])
        add("reads", "columns", needs(each));
      if (operation.partitionOf) add("changes", "partitions", resolve(catalog, operation.partitionOf));
      reads(operation.as);
      break;
    }
    case "dropTable": {
      const id = resolve(catalog, operation.table);
      add("unmakes", "relation", id, operation.ifExists);
      const table = relationAt(catalog, id);
      for (const index of table ? indexesOf(catalog, table) : []) add("unmakes", "relation", index.id, true);
      if (operation.cascade && table)
        for (const { table: child, constraint: each } of referencing(catalog, id))
          add("unmakes", "constraint", `${child.id}: ${each.name}`, true);
      for (const view of operation.cascade ? viewsOn(catalog, id) : []) add("unmakes", "relation", view.id, true);
      break;
    }
    case "renameTable":
    case "setTableSchema": {
      const id = resolve(catalog, operation.table);
      add("unmakes", "relation", id, operation.ifExists);
      add(
        "makes",
        "relation",
        operation.kind === "renameTable" ? sibling(id, operation.to) : relationId(operation.schema, partsOf(id).name),
      );
      const index = indexAt(catalog, id);
      if (index && operation.kind === "renameTable") {
        add("unmakes", "constraint", `${index.table}: ${index.name}`, true);
        add("makes", "constraint", `${index.table}: ${operation.to}`, true);
      }
      break;
    }
    case "addColumn": {
      const id = needs(operation.table);
      add("makes", "column", `${id}.${operation.column.name}`, operation.ifNotExists);
      add("changes", "columns", id);
      const generated = column(operation.column);
      needsColumns(id, mentionedColumns(generated));
      hangsOn(id, generated);
      for (const each of operation.column.constraints)
        constraint(id, relationAt(catalog, id), each, false, operation.ifNotExists);
      break;
    }
    case "dropColumn":
    case "renameColumn": {
      const id = needs(operation.table);
      add("unmakes", "column", `${id}.${operation.column}`, operation.kind === "dropColumn" && operation.ifExists);
      if (operation.kind === "renameColumn") add("makes", "column", `${id}.${operation.to}`);
      add("changes", "columns", id);
      for (const each of relationAt(catalog, id)?.constraints.values() ?? []) {
        if (operation.kind === "dropColumn" && each.columns.includes(operation.column)) {
          add("unmakes", "constraint", `${id}: ${each.name}`, true);
          dropsKey(relationAt(catalog, id), each.name);
        }
      }
      for (const view of operation.kind === "dropColumn" && operation.cascade ? viewsOn(catalog, id) : [])
        add("unmakes", "relation", view.id, true);
      for (const index of operation.kind === "dropColumn"
        ? indexesOf(catalog, relationAt(catalog, id) ?? NO_RELATION)
        : [])
        if (index.columns.includes(operation.column)) add("unmakes", "relation", index.id, true);
      break;
    }
    case "alterColumnType":
    case "setDefault":
    case "dropDefault":
    case "setNotNull":
    case "dropNotNull":
    case "setExpression":
    case "dropExpression":
    case "addIdentity":
    case "setIdentity":
    case "dropIdentity": {
      const id = `${needs(operation.table)}.${operation.column}`;
      add("needs", "column", id);
      const kind =
        operation.kind === "alterColumnType"
          ? "column type"
          : operation.kind === "setNotNull" || operation.kind === "dropNotNull"
            ? "column nullability"
            : "column default";
      add("changes", kind, id);
      if (operation.kind === "alterColumnType") {
        needsType(operation.type);
        uses(operation.using);
      }
      if (operation.kind === "setDefault") uses(operation.value);
      break;
    }
    case "addForeignKey":
      constraint(
        needs(operation.table),
        relationNamed(catalog, operation.table),
        { ...operation.constraint, type: "foreignKey", range: operation.range },
        false,
      );
      break;
    case "addCheck":
      constraint(
        needs(operation.table),
        undefined,
        { ...operation.constraint, type: "check", range: operation.range },
        false,
      );
      break;
    case "addUnique":
    case "addPrimaryKey":
      constraint(
        needs(operation.table),
        undefined,
        {
          ...operation.constraint,
          type: operation.kind === "addUnique" ? "unique" : "primaryKey",
          range: operation.range,
        },
        false,
      );
      break;
    case "addExclusion":
      constraint(
        needs(operation.table),
        undefined,
        { ...operation.constraint, type: "exclusion", range: operation.range },
        false,
      );
      break;
    case "addNotNull":
      constraint(
        needs(operation.table),
        undefined,
        { ...operation.constraint, type: "notNull", range: operation.range },
        false,
      );
      break;
    case "dropConstraint":
    case "renameConstraint": {
      const id = needs(operation.table);
      add(
        "unmakes",
        "constraint",
        `${id}: ${operation.constraint}`,
        operation.kind === "dropConstraint" && operation.ifExists,
      );
      const known = relationAt(catalog, id)?.constraints.get(operation.constraint);
      if (operation.kind === "dropConstraint" && known?.parent !== undefined) add("reads", "truncation", known.parent);
      if (operation.kind === "dropConstraint") dropsKey(relationAt(catalog, id), operation.constraint);
      else add("makes", "constraint", `${id}: ${operation.to}`);
      break;
    }
    case "validateConstraint":
    case "alterConstraint": {
      const id = needs(operation.table);
      add("needs", "constraint", `${id}: ${operation.constraint}`);
      if (operation.kind === "alterConstraint") add("changes", "options", `${id} constraint ${operation.constraint}`);
      break;
    }
    case "attachPartition":
    case "detachPartition":
      add("changes", "partitions", needs(operation.table));
      add("changes", "partitions", needs(operation.partition));
      break;
    case "alterTable":
      add(
        "changes",
        "options",
        `${needs(operation.table)} ${operation.action}${operation.subject === undefined ? "" : ` ${operation.subject}`}`,
      );
      break;
    case "createIndex": {
      const id = needs(operation.table);
      const table = relationAt(catalog, id);
      const columns = operation.columns.flatMap((each) => each.column ?? mentionedColumns(each.expression));
      if (table)
        add("makes", "relation", relationId(table.schema, indexName(catalog, table, operation)), operation.ifNotExists);
      else if (operation.name !== undefined)
        add("makes", "relation", sibling(id, operation.name), operation.ifNotExists);
      needsColumns(id, [...columns, ...operation.include, ...mentionedColumns(operation.where)]);
      for (const each of [...operation.columns.map(({ expression }) => expression), operation.where]) {
        uses(each);
        hangsOn(id, each);
      }
      if (operation.unique && !operation.where) key("makes", id, columns);
      break;
    }
    case "dropIndex": {
      const id = resolve(catalog, operation.index);
      add("unmakes", "relation", id, operation.ifExists);
      const index = indexAt(catalog, id);
      if (index?.unique && !index.partial)
        key(
          "unmakes",
          index.table,
          index.columns.flatMap((each) => each ?? []),
        );
      break;
    }
    case "attachIndex":
      needs(operation.index);
      needs(operation.partition);
      break;
    default:
      operation satisfies never;
  }
}

const NO_RELATION = { indexes: new Set<string>() } as unknown as Relation;
