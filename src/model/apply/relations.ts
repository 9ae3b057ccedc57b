import type { OperationOf } from "../../sql/operation/index.ts";
import { partsOf, relationId, sibling } from "../../sql/names.ts";
import { followRelation, followType } from "./bindings.ts";
import { isThere, ownAnew, ownedSequences } from "./sequences.ts";
import { resolve } from "../catalog.ts";
import { type MutableCatalog, type MutableIndex, type MutableRelation, type MutableType, assumed } from "./catalog.ts";
import { isTakenUp } from "../presence.ts";
import { viewsOn } from "../relatives.ts";
import type { RelationId } from "../effects.ts";

/** Relations, schemas and types that go or get another name. */

/** Takes a relation away with its indexes, and what pointed at it. */
export function removeRelation(catalog: MutableCatalog, id: RelationId): void {
  const relation = catalog.relations.get(id);
  catalog.dropped.add(id);
  if (!relation) return;
  for (const index of relation.indexes) {
    catalog.indexes.delete(index);
    catalog.dropped.add(index);
  }
  catalog.relations.delete(id);
  for (const child of relation.children) {
    const known = catalog.relations.get(child);
    known?.parents.delete(id);
    if (known && relation.kind === "partitioned") removeRelation(catalog, child);
  }
  for (const parent of relation.parents) catalog.relations.get(parent)?.children.delete(id);
  for (const sequence of ownedSequences(catalog, relation)) removeRelation(catalog, sequence.id);
  for (const other of catalog.relations.values()) {
    other.uses.delete(id);
    for (const constraint of other.constraints.values())
      if (constraint.parent === id) other.constraints.delete(constraint.name);
  }
}

/** Views that read it go with it, and those that read them. */
export function removeViews(catalog: MutableCatalog, id: RelationId): void {
  for (const view of viewsOn(catalog, id)) removeRelation(catalog, view.id);
}

export function renameRelation(catalog: MutableCatalog, operation: OperationOf<"renameTable">): void {
  const id = resolve(catalog, operation.table);
  const index = catalog.indexes.get(id);
  if (index) {
    const table = catalog.relations.get(index.table);
    const renamed = sibling(id, operation.to);
    if (isThere(catalog, renamed)) return;
    catalog.dropped.add(id);
    catalog.dropped.delete(renamed);
    // The constraint of an index has the index's name.
    const constraint = index.constraint === undefined ? undefined : table?.constraints.get(index.constraint);
    if (constraint && table) {
      table.constraints.delete(constraint.name);
      constraint.name = operation.to;
      table.constraints.set(operation.to, constraint);
      index.constraint = operation.to;
    }
    moveIndex(catalog, table, index, renamed);
    return;
  }
  if ((operation.object === "index" || operation.ifExists) && !catalog.relations.has(id)) return;
  if (operation.object !== "sequence")
    assumed(
      catalog,
      id,
      operation.object === "table" ? "table" : operation.object === "index" ? "table" : operation.object,
    );
  moveRelation(catalog, id, partsOf(id).schema, operation.to);
}

/** Another name or schema; one that is taken already PostgreSQL refuses, and nothing changes. */
export function moveRelation(catalog: MutableCatalog, id: RelationId, schema: string, name: string): void {
  const relation = catalog.relations.get(id);
  const moved = relationId(schema, name);
  if (moved === id || (relation && isThere(catalog, moved) && !isTakenUp(catalog.relations.get(moved)))) return;
  catalog.dropped.add(id);
  if (!relation) return;
  // A statement named one of that name, which the history has not made: it cannot have been there.
  if (catalog.relations.has(moved)) removeRelation(catalog, moved);
  catalog.dropped.delete(moved);
  const oldSchema = relation.schema;
  const owned = ownedSequences(catalog, relation);
  ownAnew(catalog, relation, moved);
  if (schema !== oldSchema) for (const sequence of owned) moveRelation(catalog, sequence.id, schema, sequence.name);
  catalog.relations.delete(id);
  catalog.relations.set(moved, Object.assign(relation, { id: moved, schema, name, renamedIn: catalog.deployment }));
  for (const other of catalog.relations.values()) {
    for (const constraint of [...other.constraints.values(), ...other.released]) {
      if (constraint.parent === id) constraint.parent = moved;
      if (constraint.of?.table === id) constraint.of = { ...constraint.of, table: moved };
    }
    for (const set of [other.children, other.parents, other.uses]) if (set.delete(id)) set.add(moved);
    if (other.defaultPartition === id) other.defaultPartition = moved;
  }
  followRelation(catalog, id, moved);
  for (const [name, table] of catalog.statistics) if (table === id) catalog.statistics.set(name, moved);
  for (const [name, tables] of catalog.publications)
    if (tables.has(id))
      catalog.publications.set(name, new Set([...tables].map((each) => (each === id ? moved : each))));
  for (const index of [...relation.indexes].flatMap((each) => catalog.indexes.get(each) ?? [])) {
    index.table = moved;
    if (schema !== oldSchema) moveIndex(catalog, relation, index, relationId(schema, index.name));
  }
}

function moveIndex(
  catalog: MutableCatalog,
  table: MutableRelation | undefined,
  index: MutableIndex,
  to: RelationId,
): void {
  const { id } = index;
  catalog.indexes.delete(id);
  table?.indexes.delete(id);
  table?.indexes.add(to);
  catalog.indexes.set(to, Object.assign(index, { id: to, name: partsOf(to).name }));
  for (const other of catalog.indexes.values()) if (other.of === id) other.of = to;
}

/** Columns, domains and expressions that name the type follow it. */
export function moveType(catalog: MutableCatalog, type: MutableType, schema: string, name: string): void {
  const { id } = type;
  const moved = relationId(schema, name);
  if (moved === id || catalog.types.has(moved)) return;
  for (const relation of catalog.relations.values())
    for (const column of relation.columns.values()) if (column.defaultOf === id) column.defaultOf = moved;
  catalog.types.delete(id);
  catalog.dropped.add(id);
  catalog.dropped.delete(moved);
  catalog.types.set(moved, Object.assign(type, { id: moved, schema, name, renamedIn: catalog.deployment }));
  followType(catalog, id, moved);
}
