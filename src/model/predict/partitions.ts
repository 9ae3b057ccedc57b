import type { OperationOf } from "../../sql/operation/index.ts";
import type { Relation } from "../catalog.ts";
import { LOCKS } from "../postgres/locks.ts";
import { type Builder, heaps } from "./builder.ts";
import { foreignKeys, referencing, withPartitions } from "../relatives.ts";
import { does } from "../postgres/versions.ts";

export function attachPartition(e: Builder, operation: OperationOf<"attachPartition">): void {
  const parent = e.assumed(e.id(operation.table), "partitioned");
  const child = e.assumed(e.id(operation.partition));
  e.lock(parent.id, LOCKS.attachPartition);
  e.lock(child.id, LOCKS.attachedPartition);
  const proven = [...child.constraints.values()].some(
    (constraint) => constraint.type === "check" && constraint.validated,
  );
  // Whether a CHECK implies the bound is PostgreSQL's proof, not ours: with one there the scan is a "maybe".
  if (!operation.default || parent.children.size > 0)
    e.scan(child.id, "check", "see that every row fits the partition's bound", {
      certainty: proven ? "maybe" : "sure",
    });
  e.fail({
    kind: "partitionBound",
    relation: child.id,
    parent: parent.id,
    sqlstate: "23514",
    certainty: proven ? "maybe" : "rows",
    detail: "a row lies outside the bound",
  });
  if (parent.defaultPartition) {
    e.fail({
      kind: "partitionBound",
      relation: parent.defaultPartition,
      sqlstate: "23514",
      detail: "a row of the default partition belongs in the new one",
    });
    e.lock(parent.defaultPartition, LOCKS.defaultPartition, { partner: true });
    e.scan(parent.defaultPartition, "check", "see that no row of the default partition belongs in the new one");
  }
  lockKeys(e, parent);
}

/** A new partition has the foreign keys of its parent, on both sides. */
export function lockKeys(e: Builder, parent: Relation): void {
  for (const constraint of foreignKeys(parent))
    if (constraint.parent) e.lock(constraint.parent, LOCKS.referencedTable, { partner: true });
  if (does(e.context.postgres, "partitionedKeyLocks"))
    for (const { table } of referencing(e.catalog, parent.id))
      e.lock(table.id, LOCKS.referencedTable, { partner: true });
}

export function detachPartition(e: Builder, operation: OperationOf<"detachPartition">): void {
  const parent = e.assumed(e.id(operation.table), "partitioned");
  const taken =
    operation.concurrently || operation.finalize ? LOCKS.detachPartitionConcurrently : LOCKS.detachPartition;
  e.lock(parent.id, taken);
  e.lock(e.id(operation.partition), operation.concurrently ? LOCKS.detachPartition : taken);
  if (parent.defaultPartition && !operation.concurrently)
    e.lock(parent.defaultPartition, LOCKS.defaultPartition, { partner: true });
  for (const { table, constraint } of referencing(e.catalog, parent.id)) {
    // The key has a part for each partition: that of this one is checked a last time and dropped.
    if (!operation.concurrently) e.lock(table.id, LOCKS.dropConstraint, { partner: true });
    for (const each of heaps(withPartitions(e.catalog, table)))
      e.scan(each.id, "foreignKey", "see that no row points into the partition");
    e.fail({
      kind: "dependents",
      relation: e.id(operation.partition),
      columns: constraint.parentColumns ?? [],
      sqlstate: "23503",
      detail: `rows of ${table.name} point at its rows (${constraint.name})`,
      referencedBy: { relation: table.id, columns: constraint.columns, constraint: constraint.name },
    });
  }
}
