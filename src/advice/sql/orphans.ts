import type { RelationId } from "../../model/effects.ts";
import { orphanPredicate } from "../../model/predict/counts.ts";
import { sql } from "../programs/command.ts";
import { partsOf, sibling, relationSql } from "../../sql/names.ts";
import { changes } from "./changes.ts";

/** SQL that deals with the orphans of a foreign key, in the ways that people choose between. */
export interface OrphanRepair {
  readonly id: "copy" | "delete" | "setNull";
  readonly title: string;
  readonly sql: string;
}

/**
 * Deleting with a copy kept, deleting, and setting the key to NULL (only where `nullable`). Each leaves rows without
 * a key alone and can run again. A table that points at itself can only be set to NULL in one statement.
 */
export function orphanRepairs(
  child: RelationId,
  columns: readonly string[],
  parent: RelationId,
  parentColumns: readonly string[],
  nullable: boolean,
): OrphanRepair[] {
  const table = relationSql(child);
  const where = orphanPredicate(columns, parent, parentColumns);
  // The key is part of the name: one migration may repair several keys of a table.
  const copy = relationSql(sibling(child, `${partsOf(child).name}_${columns.join("_")}_orphans`));
  const remove = changes.deleteOrphans(table, where);
  const repairs: OrphanRepair[] = [];
  if (child !== parent) {
    repairs.push({
      id: "copy",
      title: "Keep a copy of the orphans, then delete them",
      sql: sql(changes.keepOrphans(copy, table, where), "", remove).text,
    });
    repairs.push({ id: "delete", title: "Delete the orphans", sql: remove.text });
  }
  if (nullable)
    repairs.push({
      id: "setNull",
      title: "Set the orphans' key to NULL",
      sql: changes.detachOrphans(table, columns, where).text,
    });
  return repairs;
}
