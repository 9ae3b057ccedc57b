import type { Birth } from "../catalog.ts";
import type { MutableCatalog, MutableIndex, MutableRelation } from "./catalog.ts";
import { indexesOf } from "../relatives.ts";
import { relationId } from "../../sql/names.ts";
import { freeName } from "./names.ts";
import { addIndex, handDownConstraint } from "./additions.ts";

export function handDownIndex(
  catalog: MutableCatalog,
  child: MutableRelation,
  index: MutableIndex,
  birth: Birth,
): void {
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
export function copyIndex(catalog: MutableCatalog, table: MutableRelation, index: MutableIndex, birth: Birth): string {
  const name = freeName(catalog, table, [
    (index.parts ?? index.columns.map((each) => each ?? "expr")).join("_"),
    "idx",
  ]);
  const { id: _id, table: _table, of: _of, ...rest } = index;
  addIndex(catalog, table, { ...rest, name, birth });
  return name;
}

/** A table has become a partition or an inheritance child: it has its parent's constraints and, as a partition, its indexes. */
export function inherit(catalog: MutableCatalog, parent: MutableRelation, child: MutableRelation, birth: Birth): void {
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
export function disinherit(catalog: MutableCatalog, parent: MutableRelation, child: MutableRelation): void {
  for (const constraint of child.constraints.values()) if (constraint.of?.table === parent.id) delete constraint.of;
  for (const index of indexesOf(catalog, child))
    if (index.of !== undefined && parent.indexes.has(index.of)) delete index.of;
}
