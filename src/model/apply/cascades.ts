import type { Name } from "../../sql/names.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import { resolve, resolveType } from "../catalog.ts";
import type { MutableCatalog } from "./catalog.ts";
import type { RelationId } from "../effects.ts";
import { changeTables, queryTables } from "../queries.ts";
import { withChildren } from "../relatives.ts";
import { dropColumn } from "./columns.ts";
import { doubtDependents } from "./doubts.ts";
import { removeRelation, removeViews } from "./relations.ts";
import { dropType } from "./types.ts";

/** Tables that go, and with CASCADE what depends on them. */

export function dropTable(catalog: MutableCatalog, operation: OperationOf<"dropTable">): void {
  const id = resolve(catalog, operation.table);
  const table = catalog.relations.get(id);
  if (!table && operation.ifExists) return;
  if (!operation.cascade) removeRelation(catalog, id);
  else for (const each of table ? withChildren(catalog, table) : [{ id }]) removeCascading(catalog, each.id);
}

/** With all that depends on it. */
export function removeCascading(catalog: MutableCatalog, id: RelationId): void {
  goWith(catalog, id);
  removeRelation(catalog, id);
}

/** CASCADE: views that read it, columns of its row type, and perhaps policies and rules of others that name it. */
export function goWith(catalog: MutableCatalog, id: RelationId): void {
  removeViews(catalog, id);
  const is = (name: Name) => resolve(catalog, name) === id;
  doubtDependents(catalog, { part: () => false, query: (query) => queryTables(query).some(is) });
  // Domains over its row type.
  if (!catalog.types.has(id))
    for (const domain of [...catalog.types.values()])
      if (domain.base && resolveType(catalog, domain.base) === id) dropType(catalog, domain.id);
  for (const relation of catalog.relations.values()) {
    for (const column of [...relation.columns.values()])
      if (column.type && resolveType(catalog, column.type) === id && !catalog.types.has(id))
        dropColumn(catalog, relation, column.name);
    for (const [name, { changes }] of relation.rules)
      if (changes.some((change) => is(change.table) || changeTables(change).some(is)))
        catalog.doubtful.add(`${relation.id}.${name}`);
  }
}
