import type { TypeName } from "../../sql/expression.ts";
import type { OperationOf } from "../../sql/operation.ts";
import { type Birth, type Catalog, type Relation, newRelation, objectName, resolve } from "../catalog.ts";
import type { RelationId } from "../effects.ts";
import { relationId } from "../../sql/names.ts";

/** The sequences that number columns: serial, identity and OWNED BY. */

/** OWNED BY of a sequence. */
export const owner = (catalog: Catalog, { ownedBy }: OperationOf<"createSequence" | "alterSequence">) =>
  ownedBy ? { ownedBy: { table: resolve(catalog, ownedBy.table), column: ownedBy.column } } : {};

export const SERIAL: Readonly<Record<string, string>> = { serial: "int4", bigserial: "int8", smallserial: "int2" };

export const isThere = (catalog: Catalog, id: RelationId) => catalog.relations.has(id) || catalog.indexes.has(id);

export function ownSequence(
  catalog: Catalog,
  table: Relation,
  column: { readonly name: string; readonly identity?: unknown; readonly type?: TypeName },
  birth: Birth,
): void {
  if (column.identity === undefined && !/serial$/.test(column.type?.name ?? "")) return;
  const wanted = objectName(table.name, column.name, "seq");
  let name = wanted;
  for (let i = 1; isThere(catalog, relationId(table.schema, name)); i++) name = `${wanted}${i}`;
  catalog.relations.set(relationId(table.schema, name), {
    ...newRelation(relationId(table.schema, name), "sequence", birth),
    temporary: table.temporary,
    ownedBy: { table: table.id, column: column.name },
  });
}

export function ownedSequences(catalog: Catalog, table: Relation, column?: string): Relation[] {
  return [...catalog.relations.values()].filter(
    ({ ownedBy }) => ownedBy?.table === table.id && (column === undefined || ownedBy.column === column),
  );
}

/** ALTER TABLE moves or renames a table: what is said of it is said under the new name. */
export function ownAnew(catalog: Catalog, table: Relation, to: RelationId, from?: string, column?: string): void {
  for (const sequence of ownedSequences(catalog, table, from))
    sequence.ownedBy = { table: to, column: column ?? sequence.ownedBy?.column ?? "" };
}

/** DROP SEQUENCE … CASCADE takes the default along that counts with it. */
export function dropsNumbering(catalog: Catalog, id: RelationId): void {
  const { ownedBy } = catalog.relations.get(id) ?? {};
  const column = ownedBy && catalog.relations.get(ownedBy.table)?.columns.get(ownedBy.column);
  if (!column) return;
  if (column.type) column.type = { ...column.type, name: SERIAL[column.type.name] ?? column.type.name };
  delete column.default;
}
