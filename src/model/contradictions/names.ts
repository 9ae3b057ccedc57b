import { type Birth, type Catalog, type Relation, resolve } from "../catalog.ts";
import { relationName, type Name } from "../../sql/names.ts";
import { type Contradiction, clashes, lacks } from "./clash.ts";

/** What has a name in a schema, and what had it. */

const KINDS: Readonly<Record<Relation["kind"], string>> = {
  table: "table",
  partitioned: "table",
  view: "view",
  materializedView: "materialized view",
  sequence: "sequence",
  foreignTable: "foreign table",
};

/** What has a name among the relations of a schema: tables, views, sequences and indexes share it. */
export function occupant(
  catalog: Catalog,
  id: string,
): { readonly what: string; readonly birth?: Birth | undefined } | undefined {
  const relation = catalog.relations.get(id);
  // Taken up because a statement named it, after the history had dropped it: not there.
  if (relation && isPresent(catalog, relation)) return { what: KINDS[relation.kind], birth: relation.birth };
  const index = catalog.indexes.get(id);
  if (index) return { what: "index", birth: index.birth };
  // A composite type is among the relations.
  const type = catalog.types.get(id);
  return type?.kind === "composite" ? { what: "composite type", birth: type.birth } : undefined;
}

/** A relation without a birth is there because statements say so; not after the history dropped it. */
export const isPresent = (catalog: Catalog, relation: Relation): boolean =>
  relation.birth !== undefined || !catalog.dropped.has(relation.id);

/** The history dropped it and made nothing of that name since. */
export function isGone(catalog: Catalog, id: string): boolean {
  return catalog.dropped.has(id) && occupant(catalog, id) === undefined && !catalog.types.has(id);
}

export function gone(catalog: Catalog, name: Name, what: string): Contradiction | undefined {
  const id = resolve(catalog, name);
  return isGone(catalog, id)
    ? lacks(
        "42P01",
        id,
        `${what} ${relationName(id)} is not there any more: an earlier statement dropped or renamed it`,
      )
    : undefined;
}

/** The table of an ALTER TABLE and its like; IF EXISTS takes one that is gone for no error. */
export function tableGone(
  catalog: Catalog,
  operation: { readonly table: Name; readonly ifTableExists?: true },
): Contradiction | undefined {
  return operation.ifTableExists ? undefined : gone(catalog, operation.table, "table");
}

export function taken(catalog: Catalog, id: string): Contradiction | undefined {
  const there = occupant(catalog, id);
  return there && clashes("42P07", id, `${there.what} ${relationName(id)} is there already`, there.birth);
}

/** A type of that name is in the way of relations too: of tables and views, which have a row type of their name, and of sequences. */
export function takenByType(catalog: Catalog, id: string): Contradiction | undefined {
  const type = catalog.types.get(id);
  return type && clashes("42710", id, `type ${relationName(id)} is there already`, type.birth);
}

export const relationTaken = (catalog: Catalog, id: string): Contradiction | undefined =>
  taken(catalog, id) ?? takenByType(catalog, id);

/** A table, view or type of that name: each table has a row type of its name. */
export function takenType(catalog: Catalog, id: string): Contradiction | undefined {
  const type = takenByType(catalog, id);
  if (type) return type;
  const relation = catalog.relations.get(id);
  return relation && relation.kind !== "sequence" && isPresent(catalog, relation)
    ? clashes(
        "42710",
        id,
        `${KINDS[relation.kind]} ${relationName(id)} has that name already, and its row type with it`,
        relation.birth,
      )
    : undefined;
}
