import type { RelationId } from "./effects.ts";
import { closure } from "./closure.ts";
import type { Catalog, Constraint, Index, Relation } from "./catalog.ts";

/** A catalog to read or one to change: relatives are of the same kind. */
interface Relations<R extends Relation> {
  readonly relations: ReadonlyMap<RelationId, R>;
}

/** Foreign keys of other tables that point at `parent`. */
export function referencing(
  catalog: Catalog,
  parent: RelationId,
): { readonly table: Relation; readonly constraint: Constraint }[] {
  const found: { table: Relation; constraint: Constraint }[] = [];
  for (const table of catalog.relations.values()) {
    for (const constraint of table.constraints.values())
      if (constraint.type === "foreignKey" && constraint.parent === parent && table.id !== parent)
        found.push({ table, constraint });
  }
  return found;
}

export const foreignKeys = (relation: Relation): Constraint[] =>
  [...relation.constraints.values()].filter((constraint) => constraint.type === "foreignKey");

export const primaryKey = (relation: Relation | undefined): Constraint | undefined =>
  relation && [...relation.constraints.values()].find((constraint) => constraint.type === "primaryKey");

export function indexesOf<I extends Index>(
  catalog: { readonly indexes: ReadonlyMap<RelationId, I> },
  relation: Relation,
): I[] {
  return [...relation.indexes].flatMap((id) => catalog.indexes.get(id) ?? []);
}

/** Views and materialized views that read `id`, directly or through another. */
export function viewsOn<R extends Relation>(catalog: Relations<R>, id: RelationId): R[] {
  const [, ...found] = closure<RelationId>(id, (used) =>
    [...catalog.relations.values()].filter((view) => view.uses.has(used)).map((view) => view.id),
  );
  return found.flatMap((each) => catalog.relations.get(each) ?? []);
}

/** The relation and everything below it in partitioning and inheritance. */
export function withChildren<R extends Relation>(catalog: Relations<R>, relation: R): R[] {
  return closure(relation, ({ children }) => [...children].flatMap((child) => catalog.relations.get(child) ?? []));
}

/** The partitions of a partitioned table with it; any other table alone. */
export const withPartitions = <R extends Relation>(catalog: Relations<R>, relation: R): R[] =>
  relation.kind === "partitioned" ? withChildren(catalog, relation) : [relation];

/** Everything that a statement on a table goes to: with ONLY the table alone. */
export const reached = <R extends Relation>(
  catalog: Relations<R>,
  relation: R,
  { only }: { readonly only?: boolean },
): R[] => (only ? [relation] : withChildren(catalog, relation));

/** True where columns are unique by a constraint or a plain unique index; unknown tables are never said to be. */
export function isUnique(catalog: Catalog, relation: Relation, columns: readonly string[]): boolean {
  const same = (set: readonly (string | null)[]) =>
    set.length > 0 && set.every((name) => name !== null && columns.includes(name));
  for (const constraint of relation.constraints.values())
    if ((constraint.type === "primaryKey" || constraint.type === "unique") && same(constraint.columns)) return true;
  return indexesOf(catalog, relation).some((index) => index.unique && !index.partial && same(index.columns));
}
