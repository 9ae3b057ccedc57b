import { undotted } from "../../sql/names.ts";
import type { Expression, Query, TypeName } from "../../sql/expression.ts";
import type { Name } from "../../sql/names.ts";
import type { ColumnDefinition } from "../../sql/operation/tables.ts";
import type { Operation } from "../../sql/operation/index.ts";
import type { TableConstraint } from "../../sql/operation/constraints.ts";
import { tokenize } from "../../sql/tokens.ts";
import { indexName } from "../apply/names.ts";
import { type Catalog, type Relation, createdAs, resolve, resolveFunction, resolveType } from "../catalog.ts";
import { indexesOf, primaryKey, viewsOn } from "../relatives.ts";
import { objectName } from "../object-names.ts";
import type { AccessMode, ObjectAccess, ObjectKind } from "./objects.ts";
import { mentions } from "./mentions.ts";
import { changeTables, expressions, mentionedColumns, queryTables } from "../queries.ts";

/**
 * The objects that an operation touches in the schema at that moment; `catalog` is the one just before it. Rows are counted elsewhere.
 *
 * @param text The operation as it is written: of a policy or a trigger only the text has the condition.
 */
export function objectAccesses(catalog: Catalog, operation: Operation, text: string): ObjectAccess[] {
  const found: ObjectAccess[] = [];
  const add = (mode: AccessMode, kind: ObjectKind, name: string, optional = false): void =>
    void found.push({ object: { kind, name }, mode, ...(optional && { optional: true as const }) });
  const schemaOf = (id: string): void => {
    const schema = id.slice(0, id.indexOf("."));
    if (schema !== "public" && schema !== "pg_temp") add("needs", "schema", schema);
  };
  const needs = (name: Name): string => {
    const id = resolve(catalog, name);
    add("needs", "relation", id);
    schemaOf(id);
    return id;
  };
  const makes = (name: Name, optional = false): string => {
    const id = createdAs(catalog, name);
    add("makes", "relation", id, optional);
    schemaOf(id);
    return id;
  };
  const needsColumns = (id: string, columns: readonly string[]): void =>
    columns.forEach((column) => add("needs", "column", `${id}.${column}`));
  /** Columns whose names are in the text; what depends on them keeps PostgreSQL from changing their types. */
  const needsWritten = (id: string): void => {
    const written = new Set(
      tokenize(text).flatMap(({ kind, start, end }) =>
        kind === "word"
          ? [text.slice(start, end).toLowerCase()]
          : kind === "quoted"
            ? [text.slice(start + 1, end - 1)]
            : [],
      ),
    );
    for (const name of catalog.relations.get(id)?.columns.keys() ?? []) {
      if (!written.has(name)) continue;
      add("needs", "column", `${id}.${name}`);
      if (operation.kind !== "createStatistics") add("reads", "column type", `${id}.${name}`);
    }
  };
  const needsType = (type: TypeName | Name | undefined): void => {
    if (!type) return;
    const id = resolveType(catalog, type);
    if (catalog.types.has(id)) add("needs", "type", id);
  };
  const uses = (expression: Expression | undefined): void => {
    for (const part of expressions(expression)) {
      if (part.kind === "cast") needsType(part.type);
      if (part.kind !== "call") continue;
      const id = resolveFunction(catalog, undotted(part.name));
      if (catalog.functions.has(id)) add("needs", "function", id);
      const [first] = part.args;
      const literal = first?.kind === "cast" ? first.arg : first;
      if (
        (part.name === "nextval" || part.name === "setval") &&
        literal?.kind === "literal" &&
        typeof literal.value === "string"
      ) {
        const parts = literal.value.split(".").map((each) => each.replace(/^"(.*)"$/, "$1"));
        const sequence = needs(
          parts.length > 1 ? { schema: parts[0] ?? "", name: parts[1] ?? "" } : { name: parts[0] ?? "" },
        );
        if (part.name === "setval") add("changes", "sequence", sequence);
      }
    }
  };
  /** A query reads tables, and what their columns are. */
  const reads = (query: Query | undefined): void => {
    if (!query) return;
    const { columns, star } = mentions(query);
    for (const name of queryTables(query)) {
      const id = needs(name);
      const table = catalog.relations.get(id);
      if (star) add("reads", "columns", id);
      for (const column of star ? [...(table?.columns.keys() ?? [])] : columns) {
        if (!table?.columns.has(column)) continue;
        add("needs", "column", `${id}.${column}`);
        add("reads", "column type", `${id}.${column}`);
      }
    }
  };
  const key = (mode: AccessMode, id: string, columns: readonly string[], optional = true): void =>
    add(mode, "key", `${id} (${[...columns].sort().join(", ")})`, optional);
  const constraint = (
    id: string,
    table: Relation | undefined,
    each: TableConstraint,
    isNew: boolean,
    optional = false,
  ): void => {
    const name = id.slice(id.indexOf(".") + 1);
    const columns =
      each.type === "check"
        ? mentionedColumns(each.expression)
        : each.type === "notNull"
          ? [each.column]
          : each.columns.flatMap((column) => column ?? []);
    const label = {
      foreignKey: "fkey",
      check: "check",
      unique: "key",
      primaryKey: "pkey",
      exclusion: "excl",
      notNull: "not_null",
    }[each.type];
    const made =
      each.name ??
      ("usingIndex" in each ? each.usingIndex : undefined) ??
      objectName(name, each.type === "primaryKey" ? "" : columns.join("_"), label);
    if (!isNew) {
      add("makes", "constraint", `${id}: ${made}`, optional);
      needsColumns(id, columns);
    }
    if (each.type === "unique" || each.type === "primaryKey" || each.type === "exclusion") {
      add(
        "makes",
        "relation",
        `${id.slice(0, id.indexOf("."))}.${made}`,
        optional || ("usingIndex" in each && each.usingIndex !== undefined),
      );
      if (each.type !== "exclusion") key("makes", id, columns);
    }
    if (each.type === "notNull" || (each.type === "primaryKey" && !isNew))
      for (const column of columns) add("changes", "column nullability", `${id}.${column}`);
    if (each.type === "check") {
      uses(each.expression);
      if (!isNew) hangsOn(id, each.expression);
    }
    if (each.type !== "foreignKey") return;
    const parent = resolve(catalog, each.parent);
    if (parent === id && isNew) return;
    needs(each.parent);
    if (parent !== id) add("reads", "truncation", parent);
    const parentColumns =
      each.parentColumns.length > 0
        ? each.parentColumns
        : (primaryKey(parent === id ? table : catalog.relations.get(parent))?.columns ?? []);
    needsColumns(parent, parentColumns);
    key("needs", parent, parentColumns, false);
  };
  /** An expression over columns is read again when the type of one changes. */
  const hangsOn = (id: string, expression: Expression | undefined): void =>
    mentionedColumns(expression).forEach((name) => add("reads", "column type", `${id}.${name}`));
  const column = (definition: ColumnDefinition): void => {
    needsType(definition.type);
    uses(definition.default);
    uses(definition.generated?.expression);
  };
  const dropsKey = (table: Relation | undefined, name: string): void => {
    const known = table?.constraints.get(name);
    if (table && (known?.type === "unique" || known?.type === "primaryKey")) {
      key("unmakes", table.id, known.columns);
      add("unmakes", "relation", `${table.schema}.${name}`, true);
    }
  };

  /** ON CONFLICT goes by the keys of its table; which one it names is not read. */
  const needsKeys = (id: string): void => {
    const table = catalog.relations.get(id);
    for (const each of table?.constraints.values() ?? [])
      if (each.type === "unique" || each.type === "primaryKey") key("needs", id, each.columns);
    for (const each of table ? indexesOf(catalog, table) : [])
      if (each.unique && !each.partial)
        key(
          "needs",
          id,
          each.columns.flatMap((column) => column ?? []),
        );
  };

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
      const [schema, name] = [id.slice(0, id.indexOf(".")), id.slice(id.indexOf(".") + 1)];
      add("unmakes", "type", id);
      add(
        "makes",
        "type",
        operation.kind === "renameType" ? `${schema}.${operation.to}` : `${operation.schema}.${name}`,
      );
      break;
    }
    case "createSequence":
      makes(operation.sequence, operation.ifNotExists);
      if (typeof operation.ownedBy === "object")
        needsColumns(needs(operation.ownedBy.table), [operation.ownedBy.column]);
      break;
    case "alterSequence":
      add("changes", "sequence", needs(operation.sequence));
      if (typeof operation.ownedBy === "object")
        needsColumns(needs(operation.ownedBy.table), [operation.ownedBy.column]);
      break;
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
      const table = catalog.relations.get(id);
      for (const index of table ? indexesOf(catalog, table) : []) add("unmakes", "relation", index.id, true);
      for (const view of operation.cascade ? viewsOn(catalog, id) : []) add("unmakes", "relation", view.id, true);
      break;
    }
    case "renameTable":
    case "setTableSchema": {
      const id = resolve(catalog, operation.table);
      add("unmakes", "relation", id, operation.ifExists);
      const [schema, name] = [id.slice(0, id.indexOf(".")), id.slice(id.indexOf(".") + 1)];
      add(
        "makes",
        "relation",
        operation.kind === "renameTable" ? `${schema}.${operation.to}` : `${operation.schema}.${name}`,
      );
      const index = catalog.indexes.get(id);
      if (index && operation.kind === "renameTable") {
        add("unmakes", "constraint", `${index.table}: ${index.name}`, true);
        add("makes", "constraint", `${index.table}: ${operation.to}`, true);
      }
      break;
    }
    case "truncate": {
      const id = needs(operation.table);
      if (!operation.cascade) add("changes", "truncation", id);
      break;
    }
    case "addColumn": {
      const id = needs(operation.table);
      add("makes", "column", `${id}.${operation.column.name}`, operation.ifNotExists);
      add("changes", "columns", id);
      column(operation.column);
      for (const each of operation.column.constraints)
        constraint(id, catalog.relations.get(id), each, false, operation.ifNotExists);
      break;
    }
    case "dropColumn":
    case "renameColumn": {
      const id = needs(operation.table);
      add("unmakes", "column", `${id}.${operation.column}`, operation.kind === "dropColumn" && operation.ifExists);
      if (operation.kind === "renameColumn") add("makes", "column", `${id}.${operation.to}`);
      add("changes", "columns", id);
      for (const each of catalog.relations.get(id)?.constraints.values() ?? []) {
        if (operation.kind === "dropColumn" && each.columns.includes(operation.column)) {
          add("unmakes", "constraint", `${id}: ${each.name}`, true);
          dropsKey(catalog.relations.get(id), each.name);
        }
      }
      for (const view of operation.kind === "dropColumn" && operation.cascade ? viewsOn(catalog, id) : [])
        add("unmakes", "relation", view.id, true);
      for (const index of operation.kind === "dropColumn"
        ? indexesOf(catalog, catalog.relations.get(id) ?? NO_RELATION)
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
        catalog.relations.get(resolve(catalog, operation.table)),
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
      if (operation.kind === "dropConstraint") dropsKey(catalog.relations.get(id), operation.constraint);
      else add("makes", "constraint", `${id}: ${operation.to}`);
      break;
    }
    case "validateConstraint":
    case "alterConstraint": {
      const id = needs(operation.table);
      add("needs", "constraint", `${id}: ${operation.constraint}`);
      if (operation.kind === "alterConstraint") add("changes", "constraint", `${id}: ${operation.constraint}`);
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
      const table = catalog.relations.get(id);
      const columns = operation.columns.flatMap((each) => each.column ?? mentionedColumns(each.expression));
      if (table)
        add("makes", "relation", `${table.schema}.${indexName(catalog, table, operation)}`, operation.ifNotExists);
      else if (operation.name !== undefined)
        add("makes", "relation", `${id.slice(0, id.indexOf("."))}.${operation.name}`, operation.ifNotExists);
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
      const index = catalog.indexes.get(id);
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
    case "createView":
      makes(operation.view, operation.replace || operation.ifNotExists);
      reads(operation.query);
      break;
    case "refreshView":
      needs(operation.view);
      break;
    case "createFunction":
      add("makes", "function", createdAs(catalog, operation.function), operation.replace);
      // PL/pgSQL looks names up when it runs.
      if (operation.language === "sql")
        for (const inner of operation.operations) if ("table" in inner && inner.table) needs(inner.table);
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
      add(operation.kind === "createPolicy" ? "makes" : "changes", "policy", `${id}: ${operation.name}`);
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
        const [schema, own] = [id.slice(0, id.indexOf(".")), id.slice(id.indexOf(".") + 1)];
        add("unmakes", "function", id);
        add(
          "makes",
          "function",
          operation.kind === "renameObject" ? `${schema}.${operation.to}` : `${operation.schema}.${own}`,
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
        add("unmakes", "function", resolveFunction(catalog, operation.name), operation.ifExists);
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
      for (const table of operation.tables) add("changes", "privileges", needs(table));
      break;
    case "publication":
      add(operation.create ? "makes" : "changes", "publication", operation.name);
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
        const table = catalog.relations.get(resolve(catalog, name));
        if (table)
          needsColumns(
            table.id,
            columns.filter((each) => table.columns.has(each)),
          );
      }
      if (operation.change.kind === "insertRows") {
        if (operation.change.columns.length === 0) add("reads", "columns", id);
        else
          for (const each of catalog.relations.get(id)?.columns.values() ?? [])
            if (!operation.change.columns.includes(each.name)) add("reads", "column default", `${id}.${each.name}`);
      }
      add("reads", "triggers", id);
      if (operation.change.kind === "insertRows" && operation.change.onConflict) needsKeys(id);
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
      add("changes", "other", operation.what);
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
      operation satisfies never;
  }
  return found;
}

const NO_RELATION = { indexes: new Set<string>() } as unknown as Relation;
