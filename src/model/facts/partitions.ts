import type { Operation } from "../../sql/operation/index.ts";
import { relationAt, resolve } from "../catalog.ts";
import type { RelationId } from "../effects.ts";
import type { StepPlace } from "./place.ts";
import { isWhole } from "../presence.ts";

/** What a partition that comes or goes keeps waiting: readers of deployed tables. */
export type PartitionLock =
  /** The partition is read, to see that its rows belong there. */
  | { readonly reads: "partition"; readonly table: RelationId; readonly partition: RelationId; readonly maybe: boolean }
  /** The default partition is read, to see that none of its rows belongs into the new one. */
  | { readonly reads: "default"; readonly table: RelationId; readonly partition: RelationId }
  /** Nothing is read, under a lock of the whole table. */
  | { readonly reads: "nothing"; readonly how: "create"; readonly table: RelationId }
  | {
      readonly reads: "nothing";
      readonly how: "detach";
      readonly table: RelationId;
      readonly partition: RelationId;
      /** Whether there is a default partition, with which DETACH … CONCURRENTLY is refused; only a table that the history creates can tell. */
      readonly hasDefault: boolean | "unknown";
    };

export function partitionLocks(operation: Operation, { catalog, effects, deployed }: StepPlace): PartitionLock[] {
  const isRead = (id: RelationId): boolean =>
    deployed(id) && effects.scans.some(({ relation, certainty }) => relation === id && certainty === "sure");
  const ofDefault = (table: RelationId): PartitionLock[] => {
    const partition = relationAt(catalog, table)?.defaultPartition;
    return partition !== undefined && isRead(partition) ? [{ reads: "default", table, partition }] : [];
  };
  if (operation.kind === "attachPartition") {
    const table = resolve(catalog, operation.table);
    const partition = resolve(catalog, operation.partition);
    // A validated CHECK is taken to say what the bound says; a table that the history does not create may have one.
    const maybe = !isWhole(relationAt(catalog, partition));
    return [
      ...(isRead(partition) ? [{ reads: "partition" as const, table, partition, maybe }] : []),
      ...ofDefault(table),
    ];
  }
  if (operation.kind === "createTable" && operation.partitionOf) {
    const table = resolve(catalog, operation.partitionOf);
    const locks = effects.locks.some(({ relation, mode }) => relation === table && mode === "AccessExclusiveLock");
    if (!deployed(table) || !locks) return [];
    const found = ofDefault(table);
    return found.length > 0 ? found : [{ reads: "nothing", how: "create", table }];
  }
  if (operation.kind !== "detachPartition" || operation.concurrently || operation.finalize) return [];
  const table = resolve(catalog, operation.table);
  const partition = resolve(catalog, operation.partition);
  const known = relationAt(catalog, table);
  const hasDefault = known?.defaultPartition !== undefined || (isWhole(known) ? false : "unknown");
  return deployed(table) ? [{ reads: "nothing", how: "detach", table, partition, hasDefault }] : [];
}
