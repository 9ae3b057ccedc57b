import { storedType } from "../postgres/serial.ts";
import type { TypeName } from "../../sql/expression.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import { type Birth, createdAs, resolve } from "../catalog.ts";
import { type MutableCatalog, type MutableRelation, newRelation } from "./catalog.ts";
import { objectName } from "../object-names.ts";
import type { RelationId } from "../effects.ts";
import { type Name, relationId } from "../../sql/names.ts";

/** The sequences that number columns: serial, identity and OWNED BY. */

/** Where a temporary one is made; its schema is searched first from then on. */
export function temporaryId(catalog: MutableCatalog, { name }: Name): RelationId {
  if (!catalog.searchPath.includes("pg_temp")) catalog.searchPath = ["pg_temp", ...catalog.searchPath];
  return `pg_temp.${name}`;
}

export function applySequence(
  catalog: MutableCatalog,
  operation: OperationOf<"createSequence" | "alterSequence">,
  birth: Birth,
): void {
  const { ownedBy } = operation;
  const id =
    operation.kind === "alterSequence"
      ? resolve(catalog, operation.sequence)
      : operation.temporary
        ? temporaryId(catalog, operation.sequence)
        : createdAs(catalog, operation.sequence);
  if (operation.kind === "createSequence") {
    catalog.dropped.delete(id);
    if (catalog.relations.has(id)) return;
    catalog.relations.set(id, { ...newRelation(id, "sequence", birth), temporary: operation.temporary });
  }
  const sequence = catalog.relations.get(id);
  if (!sequence || ownedBy === undefined) return;
  const owner = ownedBy === "none" ? undefined : catalog.relations.get(resolve(catalog, ownedBy.table));
  if (ownedBy === "none") delete sequence.ownedBy;
  // PostgreSQL refuses a sequence as the owner.
  else if (owner?.kind !== "sequence")
    sequence.ownedBy = { table: resolve(catalog, ownedBy.table), column: ownedBy.column };
}

export const isThere = (catalog: MutableCatalog, id: RelationId) =>
  catalog.relations.has(id) || catalog.indexes.has(id);

export function ownSequence(
  catalog: MutableCatalog,
  table: MutableRelation,
  column: {
    readonly name: string;
    readonly identity?: unknown;
    readonly type?: TypeName;
    readonly sequence?: Name | undefined;
  },
  birth: Birth,
): void {
  if (column.identity === undefined && !/serial$/.test(column.type?.name ?? "")) return;
  const wanted = objectName(table.name, column.name, "seq");
  let id = column.sequence ? createdAs(catalog, column.sequence) : relationId(table.schema, wanted);
  for (let i = 1; !column.sequence && isThere(catalog, id); i++) id = relationId(table.schema, `${wanted}${i}`);
  catalog.dropped.delete(id);
  catalog.relations.set(id, {
    ...newRelation(id, "sequence", birth),
    temporary: table.temporary,
    ownedBy: { table: table.id, column: column.name },
  });
}

export function ownedSequences(catalog: MutableCatalog, table: MutableRelation, column?: string): MutableRelation[] {
  return [...catalog.relations.values()].filter(
    ({ ownedBy }) => ownedBy?.table === table.id && (column === undefined || ownedBy.column === column),
  );
}

/** ALTER TABLE moves or renames a table: what is said of it is said under the new name. */
export function ownAnew(
  catalog: MutableCatalog,
  table: MutableRelation,
  to: RelationId,
  from?: string,
  column?: string,
): void {
  for (const sequence of ownedSequences(catalog, table, from))
    sequence.ownedBy = { table: to, column: column ?? sequence.ownedBy?.column ?? "" };
}

/** DROP SEQUENCE … CASCADE takes the default along that counts with it. */
export function dropsNumbering(catalog: MutableCatalog, id: RelationId): void {
  const { ownedBy } = catalog.relations.get(id) ?? {};
  const column = ownedBy && catalog.relations.get(ownedBy.table)?.columns.get(ownedBy.column);
  if (!column) return;
  if (column.type) column.type = storedType(column.type);
  delete column.default;
}
