import type { Operation } from "../../sql/operation/index.ts";
import { type Catalog, indexAt, relationAt, resolve } from "../catalog.ts";
import { changedTable } from "./bodies.ts";
import type { Touches } from "./touches.ts";

/** What tables take over from others: partitions, inheritance, LIKE. */
export function shapeAccesses(catalog: Catalog, operation: Operation, { add }: Touches): void {
  const table = "table" in operation && operation.table ? resolve(catalog, operation.table) : undefined;
  if (operation.kind === "createTable") {
    for (const parent of [...operation.inherits, ...(operation.partitionOf ? [operation.partitionOf] : [])])
      add("reads", "alone", resolve(catalog, parent));
    for (const { table: source, including } of operation.like) {
      const id = resolve(catalog, source);
      const all = including.includes("all");
      add("reads", "copied", `${id} columns`);
      for (const what of ["defaults", "constraints", "indexes", "identity", "generated"] as const)
        if (all || including.includes(what)) add("reads", "copied", `${id} ${what}`);
      if (all || including.includes("other"))
        for (const what of ["comments", "storage", "statistics"]) add("reads", "copied", `${id} ${what}`);
    }
    return;
  }
  if (table === undefined) {
    if (operation.kind === "dropIndex") {
      const index = indexAt(catalog, resolve(catalog, operation.index));
      if (index) add("changes", "copied", `${index.table} indexes`);
    }
    return;
  }
  const copied = COPIED[operation.kind];
  if (copied !== undefined) add("changes", "copied", `${table} ${copied}`);
  if (operation.kind === "addPrimaryKey" || operation.kind === "dropConstraint")
    add("changes", "copied", `${table} indexes`);
  if (operation.kind === "comment") add("changes", "copied", `${table} comments`);
  if (operation.kind === "alterTable" && (operation.action === "setStorage" || operation.action === "setCompression"))
    add("changes", "copied", `${table} storage`);
  if (operation.kind === "alterTable" && operation.action === "setStatistics")
    add("changes", "copied", `${table} statistics`);
  if (operation.kind === "alterColumnType") add("changes", "storage", `${table}.${operation.column}`);
  if (copied !== undefined && "only" in operation && operation.only) add("changes", "alone", table);
  family(catalog, operation, table, add);
}

/** What LIKE copies that an operation changes. */
const COPIED: Readonly<Partial<Record<Operation["kind"], string>>> = {
  addColumn: "columns",
  dropColumn: "columns",
  renameColumn: "columns",
  alterColumnType: "columns",
  setNotNull: "columns",
  dropNotNull: "columns",
  addNotNull: "columns",
  addPrimaryKey: "columns",
  setDefault: "defaults",
  dropDefault: "defaults",
  addCheck: "constraints",
  dropConstraint: "constraints",
  renameConstraint: "constraints",
  addUnique: "indexes",
  addExclusion: "indexes",
  createIndex: "indexes",
  addIdentity: "identity",
  setIdentity: "identity",
  dropIdentity: "identity",
  setExpression: "generated",
  dropExpression: "generated",
  createStatistics: "statistics",
};

/** Tables that come into a family or leave it, against what is done to all of the family. */
function family(catalog: Catalog, operation: Operation, table: string, add: Touches["add"]): void {
  const inherits =
    operation.kind === "alterTable" && (operation.action === "inherit" || operation.action === "noInherit");
  if (operation.kind === "attachPartition" || operation.kind === "detachPartition" || inherits) {
    const parent = inherits && operation.subject !== undefined ? resolve(catalog, { name: operation.subject }) : table;
    const child = "partition" in operation ? resolve(catalog, operation.partition) : table;
    const leaves = operation.kind === "detachPartition" || (inherits && operation.action === "noInherit");
    for (const part of ["columns", "rows", ...(leaves ? ["rest", "insert"] : [])]) {
      add("changes", "partitions", `${parent} ${part}`);
      if (part === "columns") add("changes", "partitions", `${child} ${part}`);
    }
    return;
  }
  const copied = COPIED[operation.kind];
  if (copied !== undefined && ["columns", "defaults", "constraints", "identity", "generated"].includes(copied))
    add("reads", "partitions", `${table} columns`);
  if (copied === "indexes" || operation.kind === "createTrigger") add("reads", "partitions", `${table} rest`);
  const changed = changedTable(catalog, operation);
  if (!changed && operation.kind !== "truncate") return;
  const id = changed?.id ?? table;
  if (operation.kind === "insertRows") add("reads", "partitions", `${id} insert`);
  else add("reads", "partitions", `${id} rows`);
  if (operation.kind === "insertRows" && relationAt(catalog, id)?.kind === "partitioned")
    add("reads", "partitions", id);
}
