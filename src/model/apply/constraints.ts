import { type Birth, resolve } from "../catalog.ts";
import { type MutableCatalog, type MutableConstraint, type MutableRelation, assumed } from "./catalog.ts";
import { indexesOf, isUnique, withChildren } from "../relatives.ts";
import type { RelationId } from "../effects.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import { mentionedColumns } from "../queries.ts";
import { partsOf, relationId } from "../../sql/names.ts";
import { bound } from "./bindings.ts";
import { indexName, keyNames } from "./names.ts";
import { handDownIndex } from "./inheritance.ts";
import { type Definition, addConstraint, addIndex, isSpecial, releasedKey, sameColumns } from "./additions.ts";

/** Constraints and indexes coming into the catalog and going out of it, named as PostgreSQL names them. */

function removeConstraint(catalog: MutableCatalog, table: MutableRelation, constraint: MutableConstraint): void {
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
      if (known && each.of?.table === table.id && each.of.name === constraint.name) {
        if (each.local) {
          delete each.local;
          delete each.of;
        } else removeConstraint(catalog, known, each);
      }
  }
}

/** CASCADE of a key that is gone: the foreign keys go that point at it. With another key over its columns they may point at that. */
function removePointing(catalog: MutableCatalog, id: RelationId, columns: readonly string[]): void {
  const table = catalog.relations.get(id);
  const again = table && isUnique(catalog, table, columns);
  for (const other of catalog.relations.values())
    for (const each of [...other.constraints.values()]) {
      if (each.parent !== id || !sameColumns(each.parentColumns ?? [], columns)) continue;
      if (again) catalog.doubtful.add(`${other.id}.${each.name}`);
      else other.constraints.delete(each.name);
    }
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

export function applyConstraint(catalog: MutableCatalog, operation: ConstraintOperation, birth: Birth): void {
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
        where: operation.where && bound(catalog, operation.where),
        method: operation.method,
        ...(isSpecial(operation) && { special: true as const }),
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
      const released = releasedKey(index, catalog.deployment);
      if (released) table?.released.push(released);
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
        copy.of = { ...copy.of, name: operation.to };
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
      const known = name === undefined ? undefined : table.constraints.get(name);
      if (known?.of && operation.kind === "addCheck") known.local = true;
      if (known) return;
      const only = operation.only && { only: true };
      addConstraint(catalog, table, TYPES[operation.kind], { ...(operation.constraint as Definition), ...only }, birth);
      return;
    }
    default:
      operation satisfies never;
  }
}
