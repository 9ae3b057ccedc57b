import type { OperationOf } from "../../sql/operation/index.ts";
import { partsOf, relationId, sibling } from "../../sql/names.ts";
import { ownAnew, ownedSequences } from "./sequences.ts";
import { resolve, resolveType } from "../catalog.ts";
import { type MutableCatalog, type MutableType, assumed } from "./catalog.ts";
import { viewsOn } from "../relatives.ts";
import type { RelationId } from "../effects.ts";
import { withTable } from "../rewriting.ts";

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
  for (const child of relation.children) {
    const known = catalog.relations.get(child);
    known?.parents.delete(id);
    if (known && relation.kind === "partitioned") removeRelation(catalog, child);
  }
  for (const parent of relation.parents) catalog.relations.get(parent)?.children.delete(id);
  catalog.relations.delete(id);
  for (const sequence of ownedSequences(catalog, relation)) removeRelation(catalog, sequence.id);
  for (const other of catalog.relations.values())
    for (const constraint of other.constraints.values())
      if (constraint.parent === id) other.constraints.delete(constraint.name);
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
    catalog.indexes.delete(id);
    catalog.dropped.add(id);
    table?.indexes.delete(id);
    table?.indexes.add(renamed);
    // The constraint of an index has the index's name.
    const constraint = index.constraint === undefined ? undefined : table?.constraints.get(index.constraint);
    if (constraint && table) {
      table.constraints.delete(constraint.name);
      constraint.name = operation.to;
      table.constraints.set(operation.to, constraint);
      index.constraint = operation.to;
    }
    catalog.indexes.set(renamed, Object.assign(index, { id: renamed, name: operation.to }));
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

export function moveRelation(catalog: MutableCatalog, id: RelationId, schema: string, name: string): void {
  const relation = catalog.relations.get(id);
  const moved = relationId(schema, name);
  catalog.dropped.add(id);
  if (!relation || moved === id) return;
  catalog.dropped.delete(moved);
  const oldSchema = relation.schema;
  const owned = ownedSequences(catalog, relation);
  ownAnew(catalog, relation, moved);
  if (schema !== oldSchema) for (const sequence of owned) moveRelation(catalog, sequence.id, schema, sequence.name);
  catalog.relations.delete(id);
  catalog.relations.set(moved, Object.assign(relation, { id: moved, schema, name }));
  for (const other of catalog.relations.values()) {
    for (const constraint of [...other.constraints.values(), ...other.released])
      if (constraint.parent === id) constraint.parent = moved;
    for (const set of [other.children, other.parents]) if (set.delete(id)) set.add(moved);
    if (other.uses.delete(id)) {
      other.uses.add(moved);
      if (other.query) other.query = withTable(other.query, (each) => resolve(catalog, each) === id, { schema, name });
    }
    if (other.defaultPartition === id) other.defaultPartition = moved;
  }
  for (const index of [...relation.indexes].flatMap((each) => catalog.indexes.get(each) ?? [])) {
    index.table = moved;
    if (schema === oldSchema) continue;
    catalog.indexes.delete(index.id);
    relation.indexes.delete(index.id);
    index.id = relationId(schema, index.name);
    catalog.indexes.set(index.id, index);
    relation.indexes.add(index.id);
  }
}

/** Columns and domains name their types as they were written, so they are renamed with it. */
export function moveType(catalog: MutableCatalog, type: MutableType, schema: string, name: string): void {
  const { id } = type;
  const moved = relationId(schema, name);
  for (const relation of catalog.relations.values())
    for (const column of relation.columns.values()) {
      if (column.type && resolveType(catalog, column.type) === id) column.type = { ...column.type, schema, name };
      if (column.defaultOf === id) column.defaultOf = moved;
    }
  for (const other of catalog.types.values())
    if (other.base && resolveType(catalog, other.base) === id) other.base = { ...other.base, schema, name };
  catalog.types.delete(id);
  catalog.dropped.add(id);
  catalog.dropped.delete(moved);
  catalog.types.set(moved, Object.assign(type, { id: moved, schema, name }));
}
