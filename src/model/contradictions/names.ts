import { type Catalog, resolve } from "../catalog.ts";
import { isGone, relation, type as typeOfName } from "../presence.ts";
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
  const there = relation(catalog, id);
  return there.is === "present"
    ? clashes("42P07", id, `${there.value.what} ${relationName(id)} is there already`, there.value.birth)
    : undefined;
}

/** A type of that name is in the way of relations too: of tables and views, which have a row type of their name, and of sequences. */
export function takenByType(catalog: Catalog, id: string): Contradiction | undefined {
  const there = typeOfName(catalog, id);
  return there.is === "present"
    ? clashes("42710", id, `type ${relationName(id)} is there already`, there.value.birth)
    : undefined;
}

export const relationTaken = (catalog: Catalog, id: string): Contradiction | undefined =>
  taken(catalog, id) ?? takenByType(catalog, id);

/** A table, view or type of that name: each table has a row type of its name. */
export function takenType(catalog: Catalog, id: string): Contradiction | undefined {
  const byType = takenByType(catalog, id);
  if (byType) return byType;
  const there = relation(catalog, id);
  return there.is === "present" && there.value.kind !== undefined && there.value.kind !== "sequence"
    ? clashes(
        "42710",
        id,
        `${there.value.what} ${relationName(id)} has that name already, and its row type with it`,
        there.value.birth,
      )
    : undefined;
}
