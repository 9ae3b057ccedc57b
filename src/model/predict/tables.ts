import type { OperationOf } from "../../sql/operation/index.ts";
import { columnsOf, needed, overDomains } from "./objects.ts";
import { type Relation, createdAs, indexAt, relationAt } from "../catalog.ts";
import { LOCKS } from "../postgres/locks.ts";
import { mentionedColumns, queryTables } from "../queries.ts";
import { type Builder, heaps } from "./builder.ts";
import { readTables } from "./rows.ts";
import { foreignKeys, indexesOf, reached, referencing, viewsOn, withChildren, withPartitions } from "../relatives.ts";
import { does } from "../postgres/versions.ts";
import { relationName } from "../../sql/names.ts";
import { lockKeys } from "./partitions.ts";
import { relation, isWhole } from "../presence.ts";

/** Effects of statements that make, drop, move and store tables as a whole. */

export function createTable(e: Builder, operation: OperationOf<"createTable">): void {
  const { catalog } = e;
  if (operation.ifNotExists && relationAt(catalog, createdAs(catalog, operation.table)) !== undefined) return;
  const constraints = [...operation.constraints, ...operation.columns.flatMap((column) => column.constraints)];
  const own = createdAs(catalog, operation.table);
  for (const constraint of constraints) {
    if (constraint.type !== "foreignKey") continue;
    const parent = e.id(constraint.parent);
    const known = relationAt(catalog, parent);
    for (const id of known ? withPartitions(catalog, known).map((each) => each.id) : [parent])
      if (parent !== own) e.lock(id, LOCKS.referencedTable, { partner: true });
  }
  if (operation.partitionOf && e.id(operation.partitionOf) !== own) {
    const parent = e.assumed(e.id(operation.partitionOf), "partitioned");
    e.lock(parent.id, LOCKS.createPartition);
    if (parent.defaultPartition) {
      e.lock(parent.defaultPartition, LOCKS.defaultPartition, { partner: true });
      e.scan(parent.defaultPartition, "check", "see that no row of the default partition belongs in the new one");
      e.fail({
        kind: "partitionBound",
        relation: parent.defaultPartition,
        sqlstate: "23514",
        detail: "a row of the default partition belongs in the new one",
      });
    }
    lockKeys(e, parent);
  }
  for (const parent of operation.inherits) e.lock(e.id(parent), LOCKS.inheritedParent);
  for (const { table } of operation.like) e.lock(e.id(table), LOCKS.readRows);
  if (operation.as && operation.withoutData)
    for (const name of queryTables(operation.as)) e.lock(e.id(name), LOCKS.readRows);
  else if (operation.as) readTables(e, operation.as);
}

export function dropTable(e: Builder, operation: OperationOf<"dropTable">): void {
  const id = e.id(operation.table);
  const table = relationAt(e.catalog, id);
  if (!table) {
    // Unknown: it may be there. A DROP without IF EXISTS says that it is.
    if (!operation.ifExists) {
      e.lock(id, LOCKS.dropTable);
      e.loss({ kind: "table", relation: id, data: true });
    } else if (relation(e.catalog, id).is !== "absent")
      e.loss({ kind: "table", relation: id, data: true, certainty: "maybe" });
    return;
  }
  for (const each of table.kind === "partitioned" || operation.cascade ? withChildren(e.catalog, table) : [table]) {
    e.lock(each.id, LOCKS.dropTable, { partner: each !== table });
    for (const key of foreignKeys(each)) {
      const parent = key.parent !== each.id && key.parent !== undefined ? e.assumed(key.parent) : undefined;
      for (const other of parent ? withPartitions(e.catalog, parent) : [])
        if (other.kind !== "partitioned" || does(e.context.postgres, "partitionedKeyLocks"))
          e.lock(other.id, LOCKS.dropTable, { partner: true });
    }
    e.loss({ kind: "table", relation: each.id, data: !each.temporary, along: each !== table });
  }
  for (const parent of table.parents) {
    if (relationAt(e.catalog, parent)?.kind !== "partitioned") continue;
    // A partition's bound is kept at its parent, which therefore changes too.
    e.lock(parent, LOCKS.dropTable, { partner: true });
    const [key] = operation.cascade || e.context.together.has(parent) ? [] : referencing(e.catalog, parent);
    if (key)
      e.fail({
        kind: "dependents",
        relation: table.id,
        sqlstate: "2BP01",
        certainty: "sure",
        detail: `foreign key ${key.constraint.name} of ${key.table.name} points at it through ${relationName(parent)}`,
      });
  }
  if (table.kind !== "partitioned" && !operation.cascade)
    for (const child of table.children) {
      if (!e.context.together.has(child))
        e.fail({
          kind: "dependents",
          relation: table.id,
          sqlstate: "2BP01",
          certainty: "sure",
          detail: `${relationName(child)} inherits from it`,
        });
    }
  dropsDependents(e, table, operation.cascade);
  rowTypeUsed(e, table, operation.cascade);
  e.breaks({
    kind: "table",
    relation: id,
    name: table.name,
    sentence: `Code that still reads or writes ${table.name} fails: the table is gone.`,
  });
}

/** Foreign keys of others and views: CASCADE takes them along under locks of their own, else they forbid it. */
function dropsDependents(e: Builder, table: Relation, cascade: boolean): void {
  for (const { table: other, constraint } of referencing(e.catalog, table.id)) {
    if (e.context.together.has(other.id)) continue;
    if (cascade) {
      e.lock(other.id, LOCKS.dropConstraint, { partner: true });
      e.loss({ kind: "constraint", relation: other.id, name: constraint.name, data: false, along: true });
    } else
      e.fail({
        kind: "dependents",
        relation: table.id,
        sqlstate: "2BP01",
        certainty: "sure",
        detail: `foreign key ${constraint.name} of ${other.name} points at it`,
      });
  }
  for (const view of viewsOn(e.catalog, table.id)) {
    if (cascade) {
      e.lock(view.id, LOCKS.dropView, { partner: true });
      e.loss({ kind: "view", relation: view.id, data: view.kind === "materializedView", along: true });
    } else if (!e.context.together.has(view.id))
      e.fail({
        kind: "dependents",
        relation: table.id,
        sqlstate: "2BP01",
        certainty: "sure",
        detail: `view ${view.name} reads it`,
      });
  }
  if (!cascade) needed(e, { relation: table.id }, table.id);
}

/** Columns of its row type. */
function rowTypeUsed(e: Builder, table: Relation, cascade: boolean): void {
  if (!cascade) overDomains(e, table.id);
  for (const { relation, column } of columnsOf(e, table.id)) {
    if (e.context.together.has(relation) || relation === table.id) continue;
    if (cascade) {
      e.lock(relation, LOCKS.dropColumn, { partner: true });
      e.loss({ kind: "column", relation, name: column, data: true, along: true });
    } else
      e.fail({
        kind: "dependents",
        relation: table.id,
        sqlstate: "2BP01",
        certainty: "sure",
        detail: `column ${column} of ${relationName(relation)} has its row type`,
      });
  }
}

export function truncate(e: Builder, operation: OperationOf<"truncate">): void {
  const table = e.assumed(e.id(operation.table));
  const emptied = new Map<string, Relation>();
  const visit = (relation: Relation) => {
    if (emptied.has(relation.id)) return;
    emptied.set(relation.id, relation);
    for (const child of reached(e.catalog, relation, operation)) visit(child);
    for (const { table: other, constraint } of referencing(e.catalog, relation.id)) {
      if (operation.cascade) visit(other);
      else if (!e.context.together.has(other.id)) {
        e.fail({
          kind: "dependents",
          relation: relation.id,
          sqlstate: "0A000",
          certainty: "sure",
          detail: `foreign key ${constraint.name} of ${other.name} points at it`,
        });
      }
    }
  };
  visit(table);
  for (const relation of emptied.values()) {
    e.lock(relation.id, LOCKS.truncate, { partner: relation !== table });
    if (relation.kind === "partitioned") continue;
    e.rewrite(relation.id, "start an empty file");
    // Each index is built again over the empty heap, which PostgreSQL counts as a scan.
    if (relation.indexes.size > 0) e.scan(relation.id, "index", "build its indexes over the empty table");
    e.loss({ kind: "rows", relation: relation.id, data: true, along: relation !== table });
  }
}

export function renameTable(e: Builder, operation: OperationOf<"renameTable">): void {
  const id = e.id(operation.table);
  const index = indexAt(e.catalog, id);
  // Renaming an index locks the index alone; ALTER TABLE on an index's name does the same.
  if (index || operation.object === "index" || operation.object === "sequence") return;
  if (operation.ifExists && !relationAt(e.catalog, id)) return;
  const table = e.assumed(
    id,
    operation.object === "view" || operation.object === "materializedView" ? operation.object : "table",
  );
  if (table.kind === "sequence") return;
  e.lock(id, LOCKS.renameTable);
  if (operation.object === "table")
    e.breaks({
      kind: "table",
      relation: id,
      name: table.name,
      sentence: `Code that still uses the name ${table.name} fails.`,
    });
}

export function setTableSchema(e: Builder, operation: OperationOf<"setTableSchema">): void {
  const id = e.id(operation.table);
  if (operation.object === "sequence" || (operation.ifExists && !relationAt(e.catalog, id))) return;
  const table = e.assumed(id);
  e.lock(id, LOCKS.setTableSchema);
  e.breaks({
    kind: "schema",
    relation: id,
    name: table.name,
    sentence: `Code that looks for ${table.name} in ${table.schema} fails.`,
  });
}

export function alterTable(e: Builder, operation: OperationOf<"alterTable">): void {
  if (operation.object === "index" || operation.object === "sequence") return;
  const kind = operation.object === "view" || operation.object === "materializedView" ? operation.object : "table";
  const id = e.id(operation.table);
  // ALTER TABLE … on the name of an index or a sequence is accepted too.
  if (indexAt(e.catalog, id) !== undefined || relationAt(e.catalog, id)?.kind === "sequence") return;
  const table = e.assumed(id, kind);
  const action = operation.action;
  // A view's options (security_barrier, security_invoker) change what a query means.
  const taken = table.kind === "view" ? LOCKS.other : LOCKS[action];
  const recursive =
    action === "setStatistics" ||
    action === "setColumnOptions" ||
    action === "setStorage" ||
    action === "setCompression" ||
    action === "enableTrigger" ||
    action === "disableTrigger";
  for (const each of recursive ? withChildren(e.catalog, table) : [table])
    e.lock(each.id, taken, { partner: each !== table });
  if (action === "inherit" || action === "noInherit") {
    if (operation.parent) e.lock(e.id(operation.parent), action === "inherit" ? LOCKS.inheritedParent : LOCKS.readRows);
    return;
  }
  if (action !== "setLogged" && action !== "setUnlogged" && action !== "setTablespace" && action !== "setAccessMethod")
    return;
  const same =
    (action === "setTablespace" && operation.subject === "pg_default") ||
    (action === "setAccessMethod" && operation.subject === "heap");
  if (
    same ||
    (action === "setLogged" && table.unlogged === false) ||
    (action === "setUnlogged" && table.unlogged === true)
  )
    return;
  const reason = {
    setLogged: "write it to the log",
    setUnlogged: "keep it out of the log",
    setTablespace: "copy it to the other tablespace",
    setAccessMethod: "store it by another access method",
  }[action];
  for (const each of heaps([table])) {
    e.rewrite(each.id, reason);
    if (action !== "setTablespace") e.scan(each.id, "rewrite", reason);
  }
}

export function cluster(e: Builder, operation: OperationOf<"cluster">): void {
  if (!operation.table) return;
  const table = e.assumed(e.id(operation.table));
  e.lock(table.id, LOCKS.cluster);
  e.rewrite(table.id, "put its rows in the order of an index");
  e.scan(table.id, "rewrite", "put its rows in the order of an index");
}

export function vacuum(e: Builder, operation: OperationOf<"vacuum">): void {
  for (const name of operation.tables) {
    const table = e.assumed(e.id(name));
    e.lock(table.id, operation.full ? LOCKS.vacuumFull : LOCKS.vacuum);
    if (!operation.full) continue;
    e.rewrite(table.id, "remove its dead rows");
    e.scan(table.id, "rewrite", "remove its dead rows");
  }
}

export function createView(e: Builder, operation: OperationOf<"createView">): void {
  const id = createdAs(e.catalog, operation.view);
  const existing = relationAt(e.catalog, id) !== undefined;
  if (existing && operation.ifNotExists) return;
  if (existing && operation.replace) e.lock(id, LOCKS.replaceView);
  if (operation.materialized && operation.withData) readTables(e, operation.query);
  else for (const name of queryTables(operation.query)) e.lock(e.id(name), LOCKS.readRows);
}

export function refreshView(e: Builder, operation: OperationOf<"refreshView">): void {
  const view = e.assumed(e.id(operation.view), "materializedView");
  e.lock(view.id, operation.concurrently ? LOCKS.refreshViewConcurrently : LOCKS.refreshView);
  if (!operation.concurrently) e.rewrite(view.id, "recompute it");
  if (operation.concurrently) e.scan(view.id, "query", "compare it with the new rows");
  else if (view.indexes.size > 0) e.scan(view.id, "index", "build its indexes");
  const indexes = indexesOf(e.catalog, view);
  if (
    operation.concurrently &&
    isWhole(view) &&
    // A predicate without a column may be true for every row, which is none.
    !indexes.some(
      (index) =>
        index.unique &&
        (!index.partial || mentionedColumns(index.where).length === 0) &&
        index.columns.every((column) => column !== null),
    )
  ) {
    e.fail({
      kind: "refused",
      relation: view.id,
      sqlstate: "55000",
      certainty: "sure",
      detail: "without a unique index over columns alone it cannot be refreshed concurrently",
    });
  }
  if (view.query && operation.withData) readTables(e, view.query);
}
