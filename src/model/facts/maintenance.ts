import type { LockMode } from "../../sql/lock-modes.ts";
import type { Operation } from "../../sql/operation/index.ts";
import { type Catalog, relationAt, resolve } from "../catalog.ts";
import { indexesOf } from "../relatives.ts";
import type { RelationId } from "../effects.ts";
import { blocksWrites } from "../postgres/locks.ts";
import type { WalkPlace } from "../step.ts";

/** A command that changes no schema, and locks deployed tables or a materialized view for long. */
export type Maintenance =
  /** Of every table of the database, where none is named. */
  | { readonly work: "vacuum" | "cluster"; readonly tables: readonly RelationId[] }
  | {
      readonly work: "refresh" | "empty";
      readonly tables: readonly [RelationId];
      /** It has the unique index that REFRESH … CONCURRENTLY asks for: https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html */
      readonly concurrent: boolean;
    }
  | { readonly work: "lock"; readonly tables: readonly [RelationId]; readonly mode: LockMode };

export function maintenance(operation: Operation, { catalog, deployed }: WalkPlace): Maintenance | undefined {
  if (operation.kind === "vacuum") {
    const named = operation.tables.map((name) => resolve(catalog, name));
    const tables = named.filter(deployed);
    return operation.full && (named.length === 0 || tables.length > 0) ? { work: "vacuum", tables } : undefined;
  }
  if (operation.kind === "cluster") {
    const tables = operation.table ? [resolve(catalog, operation.table)] : [];
    return tables.every(deployed) ? { work: "cluster", tables } : undefined;
  }
  if (operation.kind === "refreshView") {
    const id = resolve(catalog, operation.view);
    if (operation.concurrently || !deployed(id)) return undefined;
    return { work: operation.withData ? "refresh" : "empty", tables: [id], concurrent: hasUniqueIndex(catalog, id) };
  }
  if (operation.kind !== "lockTable") return undefined;
  const id = resolve(catalog, operation.table);
  const { mode } = operation;
  return blocksWrites(mode) && deployed(id) ? { work: "lock", tables: [id], mode } : undefined;
}

function hasUniqueIndex(catalog: Catalog, id: RelationId): boolean {
  const view = relationAt(catalog, id);
  return (
    view !== undefined &&
    indexesOf(catalog, view).some(
      (index) => index.unique && !index.partial && index.columns.every((name) => name !== null),
    )
  );
}
