import type { Name } from "../../sql/names.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import { resolve, resolveType } from "../catalog.ts";
import type { MutableCatalog } from "./catalog.ts";
import type { RelationId } from "../effects.ts";
import { closure } from "../closure.ts";
import { changeTables, queryTables } from "../queries.ts";
import { withChildren } from "../relatives.ts";
import { dropColumn } from "./columns.ts";
import { doubtDependents } from "./doubts.ts";
import { removeRelation, removeViews } from "./relations.ts";

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

/** A type goes with the columns of it, the domains over it and the defaults that were written for it. */
export function dropType(catalog: MutableCatalog, type: string): void {
  const over = (id: string) =>
    [...catalog.types.values()]
      .filter(({ base, rangeOf }) => rangeOf === id || (base && resolveType(catalog, base) === id))
      .map((each) => each.id);
  for (const id of closure(type, over)) dropOne(catalog, id);
}

function dropOne(catalog: MutableCatalog, id: string): void {
  for (const relation of [...catalog.relations.values()]) {
    if (relation.of === id) {
      removeCascading(catalog, relation.id);
      continue;
    }
    for (const column of [...relation.columns.values()]) {
      if (column.type && resolveType(catalog, column.type) === id) {
        // A partitioned table goes with its key; which columns an expression reads is not kept.
        if (relation.partitionKey?.includes(column.name)) {
          removeCascading(catalog, relation.id);
          break;
        }
        if (relation.partitionKey?.includes("")) catalog.doubtful.add(relation.id);
        dropColumn(catalog, relation, column.name);
      }
      if (column.defaultOf !== id) continue;
      delete column.default;
      delete column.defaultOf;
    }
  }
  catalog.types.delete(id);
  catalog.dropped.add(id);
}
