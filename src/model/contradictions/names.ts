import { type Catalog, resolve } from "../catalog.ts";
import { isGone, presentRelation, presentType } from "../presence.ts";
import { relationName, type Name } from "../../sql/names.ts";
import { type Contradiction, clashes, lacks } from "./clash.ts";

/** What has a name in a schema, and what had it. */

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
  const there = presentRelation(catalog, id);
  return there ? clashes("42P07", id, `${there.what} ${relationName(id)} is there already`, there.birth) : undefined;
}

/** A type of that name is in the way of relations too: of tables and views, which have a row type of their name, and of sequences. */
export function takenByType(catalog: Catalog, id: string): Contradiction | undefined {
  const there = presentType(catalog, id);
  return there ? clashes("42710", id, `type ${relationName(id)} is there already`, there.birth) : undefined;
}

export const relationTaken = (catalog: Catalog, id: string): Contradiction | undefined =>
  taken(catalog, id) ?? takenByType(catalog, id);

/** A table, view or type of that name: each table has a row type of its name. */
export function takenType(catalog: Catalog, id: string): Contradiction | undefined {
  const byType = takenByType(catalog, id);
  if (byType) return byType;
  const there = presentRelation(catalog, id);
  return there?.kind !== undefined && there.kind !== "sequence"
    ? clashes(
        "42710",
        id,
        `${there.what} ${relationName(id)} has that name already, and its row type with it`,
        there.birth,
      )
    : undefined;
}
