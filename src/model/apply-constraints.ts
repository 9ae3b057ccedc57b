import type { Check, Exclusion, ForeignKey, Key, NotNull, OperationOf } from "../sql/operation.ts";
import { type Birth, type Catalog, type Constraint, type Index, type Relation, assumed, indexesOf, objectName, primaryKey, resolve } from "./catalog.ts";
import { mentionedColumns } from "./queries.ts";

/** Constraints and indexes coming into the catalog and going out of it, named as PostgreSQL names them. */

type Definition = Partial<ForeignKey & Check & Key & Exclusion & NotNull>;

/** Adds a constraint of a table; the name is PostgreSQL's own where the statement gives none. */
export function addConstraint(catalog: Catalog, table: Relation, type: Constraint["type"], definition: Definition, birth: Birth): void {
  if (type === "notNull") {
    const column = table.columns.get(definition.column ?? "");
    if (column && !definition.notValid) column.notNull = true;
    const name = definition.name ?? objectName(table.name, definition.column ?? "", "not_null");
    table.constraints.set(name, { name, type, columns: [definition.column ?? ""], validated: !definition.notValid, enforced: true, birth });
    return;
  }
  const using = definition.usingIndex === undefined ? undefined : catalog.indexes.get(`${table.schema}.${definition.usingIndex}`);
  const columns = using ? using.columns.flatMap((name) => name ?? []) : (definition.columns ?? []).flatMap((name) => name ?? []);
  const mentioned = type === "check" ? mentionedColumns(definition.expression) : columns;
  const name = definition.name ?? definition.usingIndex ?? freeName(catalog, table, constraintName(table, type, mentioned));
  const constraint: Constraint = { name, type, columns: mentioned, validated: !definition.notValid && !definition.notEnforced, enforced: !definition.notEnforced, birth };
  if (type === "foreignKey" && definition.parent) {
    constraint.parent = resolve(catalog, definition.parent);
    const parent = constraint.parent === table.id ? table : catalog.relations.get(constraint.parent);
    if (!parent) assumed(catalog, constraint.parent);
    constraint.parentColumns = definition.parentColumns?.length ? definition.parentColumns : (primaryKey(parent)?.columns ?? []);
    constraint.onDelete = definition.onDelete ?? "no action";
    constraint.onUpdate = definition.onUpdate ?? "no action";
  }
  if (definition.deferrable) constraint.deferrable = true;
  if (type === "check" && definition.expression) constraint.expression = definition.expression;
  table.constraints.set(name, constraint);
  if (type === "primaryKey") for (const column of columns) {
    const known = table.columns.get(column);
    if (known) known.notNull = true;
  }
  if (type !== "primaryKey" && type !== "unique" && type !== "exclusion") return;
  if (using) {
    // PostgreSQL gives the index the constraint's name.
    catalog.indexes.delete(using.id);
    table.indexes.delete(using.id);
    addIndex(catalog, table, { ...using, name, constraint: name });
    return;
  }
  const method = type === "exclusion" ? (definition.method ?? "gist") : "btree";
  addIndex(catalog, table, { name, unique: type !== "exclusion", columns, include: definition.include ?? [], mentions: [], partial: false, method, constraint: name, handWritten: type === "exclusion", birth });
}

function constraintName(table: Relation, type: Constraint["type"], columns: readonly string[]): string {
  switch (type) {
    case "primaryKey":
      return objectName(table.name, "", "pkey");
    case "check":
      return objectName(table.name, columns.length === 1 ? (columns[0] as string) : "", "check");
    default:
      return objectName(table.name, columns.join("_"), { foreignKey: "fkey", unique: "key", exclusion: "excl", notNull: "not_null" }[type]);
  }
}

function freeName(catalog: Catalog, table: Relation, name: string): string {
  const taken = (candidate: string) => table.constraints.has(candidate) || catalog.indexes.has(`${table.schema}.${candidate}`);
  let free = name;
  for (let i = 1; taken(free); i++) free = `${name}${i}`;
  return free;
}

export function addIndex(catalog: Catalog, table: Relation, index: Omit<Index, "id" | "table">): void {
  const id = `${table.schema}.${index.name}`;
  catalog.dropped.delete(id);
  catalog.indexes.set(id, { ...index, id, table: table.id });
  table.indexes.add(id);
}

export function indexName(catalog: Catalog, table: Relation, operation: OperationOf<"createIndex">): string {
  if (operation.name !== undefined) return operation.name;
  const columns = operation.columns.map((column) => column.column ?? (column.expression?.kind === "call" ? (column.expression.name.split(".").at(-1) as string) : "expr"));
  return freeName(catalog, table, objectName(table.name, columns.join("_"), "idx"));
}

type ConstraintOperation = OperationOf<
  "addForeignKey" | "addCheck" | "addUnique" | "addPrimaryKey" | "addExclusion" | "addNotNull" | "dropConstraint" | "validateConstraint" | "renameConstraint" | "createIndex" | "dropIndex"
>;

const TYPES = { addForeignKey: "foreignKey", addCheck: "check", addUnique: "unique", addPrimaryKey: "primaryKey", addExclusion: "exclusion", addNotNull: "notNull" } as const;

export function applyConstraint(catalog: Catalog, operation: ConstraintOperation, birth: Birth): void {
  switch (operation.kind) {
    case "createIndex": {
      const table = assumed(catalog, resolve(catalog, operation.table));
      const name = indexName(catalog, table, operation);
      if (catalog.indexes.has(`${table.schema}.${name}`)) return;
      const expressions = operation.columns.flatMap((column) => column.expression ?? []);
      addIndex(catalog, table, {
        name,
        unique: operation.unique,
        columns: operation.columns.map((column) => column.column ?? null),
        include: operation.include,
        mentions: [...new Set([...expressions, ...(operation.where ? [operation.where] : [])].flatMap(mentionedColumns))],
        partial: operation.where !== undefined,
        ...(operation.where && { where: operation.where }),
        method: operation.method,
        handWritten: operation.include.length > 0 || expressions.length > 0 || operation.where !== undefined || operation.nullsNotDistinct,
        birth,
      });
      for (const child of operation.only ? [] : table.children) {
        const partition = catalog.relations.get(child);
        if (partition && table.kind === "partitioned") applyConstraint(catalog, { ...operation, table: { schema: partition.schema, name: partition.name }, name: `${partition.name}_${name}` }, birth);
      }
      return;
    }
    case "dropIndex": {
      const id = resolve(catalog, operation.index);
      const index = catalog.indexes.get(id);
      catalog.dropped.add(id);
      if (!index) return;
      catalog.indexes.delete(id);
      const table = catalog.relations.get(index.table);
      table?.indexes.delete(id);
      const columns = index.columns.flatMap((name) => name ?? []);
      if (index.unique && !index.partial && columns.length === index.columns.length) table?.released.push({ name: index.name, type: "unique", columns, validated: true, enforced: true, in: catalog.deployment });
      return;
    }
    case "dropConstraint": {
      const table = assumed(catalog, resolve(catalog, operation.table));
      const constraint = table.constraints.get(operation.constraint);
      if (!constraint) return;
      table.constraints.delete(constraint.name);
      table.released.push({ ...constraint, in: catalog.deployment });
      if (constraint.type === "notNull") {
        const column = table.columns.get(constraint.columns[0] ?? "");
        if (column) column.notNull = false;
      }
      for (const index of indexesOf(catalog, table)) {
        if (index.constraint !== constraint.name) continue;
        catalog.indexes.delete(index.id);
        catalog.dropped.add(index.id);
        table.indexes.delete(index.id);
      }
      if (operation.cascade) for (const other of catalog.relations.values()) for (const each of [...other.constraints.values()]) {
        if (each.parent === table.id && sameColumns(each.parentColumns ?? [], constraint.columns)) other.constraints.delete(each.name);
      }
      return;
    }
    case "validateConstraint": {
      const table = assumed(catalog, resolve(catalog, operation.table));
      const constraint = table.constraints.get(operation.constraint);
      if (!constraint) return;
      constraint.validated = true;
      const column = constraint.type === "notNull" ? table.columns.get(constraint.columns[0] ?? "") : undefined;
      if (column) column.notNull = true;
      return;
    }
    case "renameConstraint": {
      const table = assumed(catalog, resolve(catalog, operation.table));
      const constraint = table.constraints.get(operation.constraint);
      if (!constraint) return;
      table.constraints.delete(constraint.name);
      constraint.name = operation.to;
      table.constraints.set(operation.to, constraint);
      const index = catalog.indexes.get(`${table.schema}.${operation.constraint}`);
      if (index?.constraint !== operation.constraint) return;
      catalog.indexes.delete(index.id);
      table.indexes.delete(index.id);
      addIndex(catalog, table, { ...index, name: operation.to, constraint: operation.to });
      return;
    }
    default: {
      const table = assumed(catalog, resolve(catalog, operation.table));
      const { name } = operation.constraint;
      if (name !== undefined && table.constraints.has(name)) return;
      addConstraint(catalog, table, TYPES[operation.kind], operation.constraint as Definition, birth);
    }
  }
}

export const sameColumns = (one: readonly string[], two: readonly string[]): boolean => one.length === two.length && one.every((name) => two.includes(name));
