import type { OperationOf } from "../../sql/operation/index.ts";
import { relationId } from "../../sql/names.ts";
import { type Index, type Relation, indexAt, relationAt } from "../catalog.ts";
import { indexesOf, referencing, withChildren } from "../relatives.ts";
import { indexName } from "../apply/names.ts";
import { LOCKS } from "../postgres/locks.ts";
import { type Builder, heaps } from "./builder.ts";
import { volatility } from "./volatility.ts";
import { column } from "./constraints.ts";
import { duplicateCount } from "./counts.ts";
import { isDoubtful, isWhole } from "../presence.ts";

export function createIndex(e: Builder, operation: OperationOf<"createIndex">): void {
  const table = e.assumed(e.id(operation.table));
  if (table.kind === "view") {
    e.fail({
      kind: "refused",
      relation: table.id,
      sqlstate: "42809",
      certainty: "sure",
      detail: `${table.name} is a view`,
    });
    return;
  }
  const unsteady = operation.columns.find(
    ({ expression }) => expression !== undefined && volatility(e.catalog, expression) === "volatile",
  );
  if (unsteady)
    e.fail({
      kind: "refused",
      relation: table.id,
      sqlstate: "42P17",
      certainty: "sure",
      detail: "an index cannot be built over a volatile function",
    });
  const mode = operation.concurrently ? LOCKS.createIndexConcurrently : LOCKS.createIndex;
  const all = operation.only || table.kind !== "partitioned" ? [table] : withChildren(e.catalog, table);
  e.lock(table.id, mode);
  const name = indexName(e.catalog, table, operation);
  if (operation.ifNotExists && indexAt(e.catalog, relationId(table.schema, name)) !== undefined) return;
  if (operation.concurrently && table.kind === "partitioned" && !operation.only) {
    e.fail({
      kind: "refused",
      relation: table.id,
      sqlstate: "0A000",
      certainty: "sure",
      detail: "an index of a partitioned table cannot be built concurrently",
    });
    return;
  }
  for (const each of all) e.lock(each.id, mode, { partner: each !== table });
  // Where a branch may have dropped it nobody knows whether it is there.
  const certainty =
    operation.ifNotExists && (isDoubtful(e.catalog, table.id) || isDoubtful(e.catalog, relationId(table.schema, name)))
      ? "maybe"
      : "sure";
  for (const each of heaps(all)) e.scan(each.id, "index", `build index ${name}`, { certainty });
  if (!operation.unique) return;
  const columns = operation.columns.flatMap((column) => column.column ?? []);
  const whole = columns.length === operation.columns.length;
  e.fail({
    kind: "duplicates",
    relation: table.id,
    columns,
    sqlstate: "23505",
    detail: name,
    demand: {
      kind: "distinct",
      keys: operation.columns.flatMap(
        (each) => each.expression ?? (each.column === undefined ? [] : column(each.column)),
      ),
      nullsNotDistinct: operation.nullsNotDistinct,
      where: operation.where,
    },
    ...(whole && duplicateCount(e, table.id, columns, operation)),
  });
}

export function dropIndex(e: Builder, operation: OperationOf<"dropIndex">): void {
  const id = e.id(operation.index);
  const index = indexAt(e.catalog, id);
  if (!index) {
    if (!operation.ifExists) e.loss({ kind: "index", name: id, data: false, certainty: "maybe" });
    return;
  }
  e.lock(index.table, operation.concurrently ? LOCKS.dropIndexConcurrently : LOCKS.dropIndex);
  if (index.constraint !== undefined) {
    e.fail({
      kind: "refused",
      relation: index.table,
      sqlstate: "2BP01",
      certainty: "sure",
      detail: `constraint ${index.constraint} needs it`,
    });
    return;
  }
  const key = operation.cascade ? undefined : onlyKeyOf(e, index);
  if (key) e.fail({ kind: "dependents", relation: index.table, sqlstate: "2BP01", certainty: "sure", detail: key });
  e.loss({ kind: "index", relation: index.table, name: index.name, data: false });
  const table = relationAt(e.catalog, index.table);
  if (table?.kind === "partitioned")
    for (const each of withChildren(e.catalog, table)) e.lock(each.id, LOCKS.dropIndex, { partner: each !== table });
}

/** The foreign key that refers to the index: no other unique key has its columns. */
function onlyKeyOf({ catalog }: Builder, index: Index): string | undefined {
  const table = relationAt(catalog, index.table);
  if (!table || !index.unique || index.partial || index.columns.includes(null)) return undefined;
  const same = (columns: readonly (string | null)[]): boolean =>
    columns.length === index.columns.length && columns.every((name) => index.columns.includes(name));
  const others = [
    ...[...table.constraints.values()].filter(({ type }) => type === "unique" || type === "primaryKey"),
    ...indexesOf(catalog, table).filter((each) => each.id !== index.id && each.unique && !each.partial),
  ];
  if (others.some(({ columns }) => same(columns))) return undefined;
  const found = referencing(catalog, table.id).find(({ constraint }) => same(constraint.parentColumns ?? []));
  return found && `foreign key ${found.constraint.name} of ${found.table.name} refers to it`;
}

export function reindex(e: Builder, operation: OperationOf<"reindex">): void {
  const mode = operation.concurrently ? LOCKS.reindexConcurrently : LOCKS.reindex;
  const scanned = (table: Relation, reason: string) => {
    e.lock(table.id, mode);
    e.scan(table.id, "index", reason);
  };
  if (operation.target === "index") {
    const index = indexAt(e.catalog, e.id(operation.name));
    if (index) scanned(e.assumed(index.table), `rebuild index ${index.name}`);
  } else if (operation.target === "table") {
    const table = e.assumed(e.id(operation.name));
    if (indexesOf(e.catalog, table).length > 0 || !isWhole(table)) scanned(table, "rebuild its indexes");
    else e.lock(table.id, mode);
  } else
    for (const table of e.catalog.relations.values()) {
      if (table.kind === "table" && (operation.target !== "schema" || table.schema === operation.name.name))
        scanned(table, "rebuild its indexes");
    }
}
