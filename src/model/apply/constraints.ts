import type { Check, Exclusion, ForeignKey, Key, NotNull } from "../../sql/operation/constraints.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import {
  type Birth,
  type Catalog,
  type Constraint,
  type Index,
  type Relation,
  assumed,
  indexesOf,
  isUnique,
  objectName,
  primaryKey,
  resolve,
  withChildren,
} from "../catalog.ts";
import type { RelationId } from "../effects.ts";
import { mentionedColumns } from "../queries.ts";
import { partsOf, relationId, undotted } from "../../sql/names.ts";

/** Constraints and indexes coming into the catalog and going out of it, named as PostgreSQL names them. */

type Definition = Partial<ForeignKey & Check & Key & Exclusion & NotNull>;

/** Adds a constraint of a table; the name is PostgreSQL's own where the statement gives none. */
export function addConstraint(
  catalog: Catalog,
  table: Relation,
  type: Constraint["type"],
  definition: Definition,
  birth: Birth,
): void {
  if (type === "notNull") {
    const column = table.columns.get(definition.column ?? "");
    if (column && !definition.notValid) column.notNull = true;
    const name = definition.name ?? objectName(table.name, definition.column ?? "", "not_null");
    table.constraints.set(name, {
      name,
      type,
      columns: [definition.column ?? ""],
      validated: !definition.notValid,
      enforced: true,
      birth,
    });
    return;
  }
  const using =
    definition.usingIndex === undefined
      ? undefined
      : catalog.indexes.get(relationId(table.schema, definition.usingIndex));
  const columns = using
    ? using.columns.flatMap((name) => name ?? [])
    : (definition.columns ?? []).flatMap((name) => name ?? []);
  const mentioned = type === "check" ? mentionedColumns(definition.expression) : columns;
  const name = definition.name ?? definition.usingIndex ?? freeName(catalog, table, constraintName(type, mentioned));
  const constraint: Constraint = {
    name,
    type,
    columns: mentioned,
    validated: !definition.notValid && !definition.notEnforced,
    enforced: !definition.notEnforced,
    birth,
  };
  if (type === "foreignKey" && definition.parent) {
    constraint.parent = resolve(catalog, definition.parent);
    const parent = constraint.parent === table.id ? table : catalog.relations.get(constraint.parent);
    if (!parent) assumed(catalog, constraint.parent);
    constraint.parentColumns = definition.parentColumns?.length
      ? definition.parentColumns
      : (primaryKey(parent)?.columns ?? []);
    constraint.onDelete = definition.onDelete ?? "no action";
    constraint.onUpdate = definition.onUpdate ?? "no action";
  }
  if (definition.deferrable) constraint.deferrable = true;
  if (definition.noInherit) constraint.noInherit = true;
  if (type === "check" && definition.expression) constraint.expression = definition.expression;
  table.constraints.set(name, constraint);
  // Below a partitioned table constraints are everywhere, below an inheritance parent only those on single rows.
  const below = table.kind === "partitioned" ? type !== "exclusion" : type === "check" && !constraint.noInherit;
  const handDown = () => {
    for (const child of below ? table.children : []) {
      const known = catalog.relations.get(child);
      if (known) handDownConstraint(catalog, table, known, constraint, birth);
    }
  };
  if (type === "primaryKey")
    for (const column of columns) {
      const known = table.columns.get(column);
      if (known) known.notNull = true;
    }
  if (type !== "primaryKey" && type !== "unique" && type !== "exclusion") {
    handDown();
    return;
  }
  if (using) {
    // PostgreSQL gives the index the constraint's name.
    catalog.indexes.delete(using.id);
    table.indexes.delete(using.id);
    addIndex(catalog, table, { ...using, name, constraint: name });
    return;
  }
  const method = type === "exclusion" ? (definition.method ?? "gist") : "btree";
  addIndex(catalog, table, {
    name,
    unique: type !== "exclusion",
    columns,
    include: definition.include ?? [],
    mentions: [],
    partial: false,
    method,
    constraint: name,
    handWritten: type === "exclusion",
    birth,
  });
  handDown();
}

/** A partition's or child's own copy of what its parent has; what is there already under that name becomes the copy. */
function handDownConstraint(
  catalog: Catalog,
  parent: Relation,
  child: Relation,
  constraint: Constraint,
  birth: Birth,
): void {
  const { type, columns } = constraint;
  const keyed = type === "primaryKey" || type === "unique";
  const same = keyed
    ? [...child.constraints.values()].find((each) => each.type === type && sameColumns(each.columns, columns))
    : child.constraints.get(constraint.name);
  if (same && same.type === type) {
    same.of = { table: parent.id, name: constraint.name };
    return;
  }
  if (!keyed) {
    child.constraints.set(constraint.name, { ...constraint, of: { table: parent.id, name: constraint.name }, birth });
    for (const each of child.children) {
      const known = catalog.relations.get(each);
      if (known) handDownConstraint(catalog, child, known, constraint, birth);
    }
    return;
  }
  const include = catalog.indexes.get(relationId(parent.schema, constraint.name))?.include ?? [];
  const name = freeName(catalog, child, constraintName(type, columns));
  addConstraint(catalog, child, type, { name, columns, include, deferrable: constraint.deferrable === true }, birth);
  const made = child.constraints.get(name);
  if (made) made.of = { table: parent.id, name: constraint.name };
}

function handDownIndex(catalog: Catalog, child: Relation, index: Index, birth: Birth): void {
  const same = indexesOf(catalog, child).find(
    (each) =>
      each.of === undefined &&
      each.constraint === undefined &&
      each.unique === index.unique &&
      each.partial === index.partial &&
      each.method === index.method &&
      each.columns.join() === index.columns.join(),
  );
  if (same) {
    same.of = index.id;
    return;
  }
  const name = copyIndex(catalog, child, index, birth);
  const made = catalog.indexes.get(relationId(child.schema, name));
  if (made) made.of = index.id;
  for (const each of made ? child.children : []) {
    const known = catalog.relations.get(each);
    if (known && made) handDownIndex(catalog, known, made, birth);
  }
}

/** The same index on another table, under a name that PostgreSQL makes up; returns it. */
export function copyIndex(catalog: Catalog, table: Relation, index: Index, birth: Birth): string {
  const name = freeName(catalog, table, [
    (index.parts ?? index.columns.map((each) => each ?? "expr")).join("_"),
    "idx",
  ]);
  const { id: _id, table: _table, of: _of, ...rest } = index;
  addIndex(catalog, table, { ...rest, name, birth });
  return name;
}

/** A table has become a partition or an inheritance child: it has its parent's constraints and, as a partition, its indexes. */
export function inherit(catalog: Catalog, parent: Relation, child: Relation, birth: Birth): void {
  for (const constraint of [...parent.constraints.values()]) {
    if (
      parent.kind === "partitioned"
        ? constraint.type !== "exclusion" && constraint.type !== "notNull"
        : constraint.type === "check" && !constraint.noInherit
    )
      handDownConstraint(catalog, parent, child, constraint, birth);
  }
  if (parent.kind === "partitioned")
    for (const index of indexesOf(catalog, parent))
      if (index.constraint === undefined) handDownIndex(catalog, child, index, birth);
}

/** A partition or child is a table of its own from now on; a partition keeps all that it had. */
export function disinherit(catalog: Catalog, parent: Relation, child: Relation): void {
  for (const constraint of child.constraints.values()) if (constraint.of?.table === parent.id) delete constraint.of;
  for (const index of indexesOf(catalog, child))
    if (index.of !== undefined && parent.indexes.has(index.of)) delete index.of;
}

function removeConstraint(catalog: Catalog, table: Relation, constraint: Constraint): void {
  table.constraints.delete(constraint.name);
  table.released.push({ ...constraint, in: catalog.deployment });
  for (const index of indexesOf(catalog, table)) {
    if (index.constraint !== constraint.name) continue;
    catalog.indexes.delete(index.id);
    catalog.dropped.add(index.id);
    table.indexes.delete(index.id);
  }
  for (const child of table.children) {
    const known = catalog.relations.get(child);
    for (const each of [...(known?.constraints.values() ?? [])])
      if (known && each.of?.table === table.id && each.of.name === constraint.name)
        removeConstraint(catalog, known, each);
  }
}

/** CASCADE of a key that is gone: the foreign keys go that point at it. With another key over its columns they may point at that. */
function removePointing(catalog: Catalog, id: RelationId, columns: readonly string[]): void {
  const table = catalog.relations.get(id);
  const again = table && isUnique(catalog, table, columns);
  for (const other of catalog.relations.values())
    for (const each of [...other.constraints.values()]) {
      if (each.parent !== id || !sameColumns(each.parentColumns ?? [], columns)) continue;
      if (again) catalog.doubtful.add(`${other.id}.${each.name}`);
      else other.constraints.delete(each.name);
    }
}

/** What PostgreSQL makes the name of, besides the table's. */
function constraintName(
  type: Constraint["type"],
  columns: readonly string[],
): readonly [addition: string, label: string] {
  switch (type) {
    case "primaryKey":
      return ["", "pkey"];
    case "check":
      return [columns.length === 1 ? (columns[0] as string) : "", "check"];
    default:
      return [columns.join("_"), { foreignKey: "fkey", unique: "key", exclusion: "excl", notNull: "not_null" }[type]];
  }
}

/** The first that is free: a number goes behind the label before the name is cut to its length. */
function freeName(catalog: Catalog, table: Relation, [addition, label]: readonly [string, string]): string {
  const taken = (candidate: string) =>
    table.constraints.has(candidate) ||
    catalog.indexes.has(relationId(table.schema, candidate)) ||
    catalog.relations.has(relationId(table.schema, candidate));
  let free = objectName(table.name, addition, label);
  for (let i = 1; taken(free); i++) free = objectName(table.name, addition, `${label}${i}`);
  return free;
}

function addIndex(catalog: Catalog, table: Relation, index: Omit<Index, "id" | "table">): void {
  const id = relationId(table.schema, index.name);
  catalog.dropped.delete(id);
  catalog.indexes.set(id, { ...index, id, table: table.id });
  table.indexes.add(id);
}

const keyNames = (operation: OperationOf<"createIndex">) =>
  operation.columns.map(
    (column) => column.column ?? (column.expression?.kind === "call" ? undotted(column.expression.name).name : "expr"),
  );

export function indexName(catalog: Catalog, table: Relation, operation: OperationOf<"createIndex">): string {
  if (operation.name !== undefined) return operation.name;
  return freeName(catalog, table, [keyNames(operation).join("_"), "idx"]);
}

type ConstraintOperation = OperationOf<
  | "addForeignKey"
  | "addCheck"
  | "addUnique"
  | "addPrimaryKey"
  | "addExclusion"
  | "addNotNull"
  | "dropConstraint"
  | "validateConstraint"
  | "renameConstraint"
  | "createIndex"
  | "dropIndex"
>;

const TYPES = {
  addForeignKey: "foreignKey",
  addCheck: "check",
  addUnique: "unique",
  addPrimaryKey: "primaryKey",
  addExclusion: "exclusion",
  addNotNull: "notNull",
} as const;

export function applyConstraint(catalog: Catalog, operation: ConstraintOperation, birth: Birth): void {
  switch (operation.kind) {
    case "createIndex": {
      const table = assumed(catalog, resolve(catalog, operation.table));
      const name = indexName(catalog, table, operation);
      if (catalog.indexes.has(relationId(table.schema, name))) return;
      const expressions = operation.columns.flatMap((column) => column.expression ?? []);
      addIndex(catalog, table, {
        name,
        unique: operation.unique,
        columns: operation.columns.map((column) => column.column ?? null),
        parts: keyNames(operation),
        include: operation.include,
        mentions: [
          ...new Set([...expressions, ...(operation.where ? [operation.where] : [])].flatMap(mentionedColumns)),
        ],
        partial: operation.where !== undefined,
        where: operation.where,
        method: operation.method,
        handWritten:
          operation.include.length > 0 ||
          expressions.length > 0 ||
          operation.where !== undefined ||
          operation.nullsNotDistinct,
        birth,
      });
      const made = catalog.indexes.get(relationId(table.schema, name));
      for (const child of operation.only || table.kind !== "partitioned" ? [] : table.children) {
        const partition = catalog.relations.get(child);
        if (partition && made) handDownIndex(catalog, partition, made, birth);
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
      for (const each of [...catalog.indexes.values()])
        if (each.of === id) applyConstraint(catalog, { ...operation, index: partsOf(each.id) }, birth);
      const columns = index.columns.flatMap((name) => name ?? []);
      if (operation.cascade) removePointing(catalog, index.table, columns);
      if (index.unique && !index.partial && columns.length === index.columns.length)
        table?.released.push({
          name: index.name,
          type: "unique",
          columns,
          validated: true,
          enforced: true,
          in: catalog.deployment,
        });
      return;
    }
    case "dropConstraint": {
      const table = assumed(catalog, resolve(catalog, operation.table));
      const constraint = table.constraints.get(operation.constraint);
      if (!constraint) return;
      removeConstraint(catalog, table, constraint);
      if (constraint.type === "notNull") {
        const column = table.columns.get(constraint.columns[0] ?? "");
        if (column) column.notNull = false;
      }
      if (operation.cascade) removePointing(catalog, table.id, constraint.columns);
      return;
    }
    case "validateConstraint": {
      const table = assumed(catalog, resolve(catalog, operation.table));
      const constraint = table.constraints.get(operation.constraint);
      if (!constraint) return;
      constraint.validated = true;
      for (const child of withChildren(catalog, table))
        for (const each of child.constraints.values()) if (each.of?.name === constraint.name) each.validated = true;
      const column = constraint.type === "notNull" ? table.columns.get(constraint.columns[0] ?? "") : undefined;
      if (column) column.notNull = true;
      return;
    }
    case "renameConstraint": {
      const table = assumed(catalog, resolve(catalog, operation.table));
      const constraint = table.constraints.get(operation.constraint);
      // It is there all the same: a NOT NULL has a name of which the history says nothing.
      if (!constraint) catalog.doubtful.add(`${table.id}.${operation.to}`);
      if (!constraint) return;
      table.constraints.delete(constraint.name);
      constraint.name = operation.to;
      table.constraints.set(operation.to, constraint);
      for (const child of constraint.type === "check" ? withChildren(catalog, table) : []) {
        const copy = child.constraints.get(operation.constraint);
        if (copy?.of === undefined) continue;
        child.constraints.delete(copy.name);
        copy.name = operation.to;
        copy.of.name = operation.to;
        child.constraints.set(operation.to, copy);
      }
      const index = catalog.indexes.get(relationId(table.schema, operation.constraint));
      if (index?.constraint !== operation.constraint) return;
      catalog.indexes.delete(index.id);
      table.indexes.delete(index.id);
      addIndex(catalog, table, { ...index, name: operation.to, constraint: operation.to });
      return;
    }
    case "addForeignKey":
    case "addCheck":
    case "addUnique":
    case "addPrimaryKey":
    case "addExclusion":
    case "addNotNull": {
      const table = assumed(catalog, resolve(catalog, operation.table));
      const { name } = operation.constraint;
      if (name !== undefined && table.constraints.has(name)) return;
      addConstraint(catalog, table, TYPES[operation.kind], operation.constraint as Definition, birth);
      return;
    }
    default:
      operation satisfies never;
  }
}

export const sameColumns = (one: readonly string[], two: readonly string[]): boolean =>
  one.length === two.length && one.every((name) => two.includes(name));
