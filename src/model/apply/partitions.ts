import type { Name } from "../../sql/names.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import { disinherit, inherit } from "./inheritance.ts";
import { type Birth, resolve } from "../catalog.ts";
import { type MutableCatalog, assumed } from "./catalog.ts";
import { linkRefusal } from "../hierarchy.ts";
import { withChildren } from "../relatives.ts";

/** Partitions and inheritance children that come to a table or go from it. */
export function applyPartition(
  catalog: MutableCatalog,
  operation:
    | OperationOf<"attachPartition" | "detachPartition">
    | { readonly kind: "inherit" | "noInherit"; readonly table: Name; readonly parent: Name },
  birth: Birth,
): void {
  const [above, below] =
    "parent" in operation ? [operation.parent, operation.table] : [operation.table, operation.partition];
  // What PostgreSQL refuses, circles among it, is not stored.
  const link = { kind: operation.kind, parent: resolve(catalog, above), child: resolve(catalog, below) };
  if (link.parent === link.child || linkRefusal(catalog, link)) return;
  const parent = assumed(catalog, link.parent, "parent" in operation ? "table" : "partitioned");
  const child = assumed(catalog, link.child);
  const attached = operation.kind === "attachPartition" || operation.kind === "inherit";
  if (attached && withChildren(catalog, child).includes(parent)) return;
  if (attached) {
    parent.children.add(child.id);
    child.parents.add(parent.id);
    if (operation.kind === "attachPartition" && operation.default) parent.defaultPartition = child.id;
    inherit(catalog, parent, child, birth);
  } else {
    disinherit(catalog, parent, child);
    if (parent.defaultPartition === child.id) delete parent.defaultPartition;
    parent.children.delete(child.id);
    child.parents.delete(parent.id);
  }
}

/** ALTER INDEX … ATTACH PARTITION: the index goes with the one above it from now on. */
export function attachIndex(catalog: MutableCatalog, operation: OperationOf<"attachIndex">): void {
  const above = catalog.indexes.get(resolve(catalog, operation.index));
  const below = catalog.indexes.get(resolve(catalog, operation.partition));
  if (!above || !below) return;
  below.of = above.id;
  const constraint =
    below.constraint === undefined ? undefined : catalog.relations.get(below.table)?.constraints.get(below.constraint);
  if (constraint && above.constraint !== undefined) constraint.of = { table: above.table, name: above.constraint };
}
