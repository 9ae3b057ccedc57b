import { relationId, relationName } from "../../sql/names.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import { foreignKeys, reached, referencing, withChildren, withPartitions } from "../relatives.ts";
import { LOCKS } from "../postgres/locks.ts";
import { does } from "../postgres/versions.ts";
import { type Builder, heaps } from "./builder.ts";
import { conflicts, violation } from "./checks.ts";
import type { Expression } from "../../sql/expression.ts";
import { sameColumns } from "../apply/additions.ts";
import { duplicateCount, nullCount, orphanCount } from "./counts.ts";
import { scanParent } from "./foreign-keys.ts";
import { isWhole } from "../presence.ts";
import { constraintOf, indexAt, relationAt } from "../catalog.ts";

/** Effects of constraints and indexes. */

export function addCheck(e: Builder, operation: OperationOf<"addCheck">): void {
  const table = e.assumed(e.id(operation.table));
  const check = operation.constraint;
  const all = withChildren(e.catalog, table);
  const locked =
    check.noInherit && table.kind !== "partitioned" && !does(e.context.postgres, "noInheritLocksChildren")
      ? [table]
      : all;
  for (const each of locked) e.lock(each.id, LOCKS.addCheck, { partner: each !== table });
  if (check.notValid || check.notEnforced) return;
  for (const each of heaps(check.noInherit ? [table] : all))
    e.scan(each.id, "check", `check every row against ${check.name ?? "the constraint"}`);
  e.fail({
    kind: "check",
    relation: table.id,
    sqlstate: "23514",
    ...violation(e, table, check.expression),
    ...(check.name && { detail: check.name }),
  });
}

export function addKey(e: Builder, operation: OperationOf<"addUnique" | "addPrimaryKey">): void {
  const table = e.assumed(e.id(operation.table));
  const key = operation.constraint;
  e.lock(table.id, LOCKS[operation.kind]);
  const all = operation.only ? [table] : withPartitions(e.catalog, table);
  const index = key.usingIndex === undefined ? undefined : indexAt(e.catalog, relationId(table.schema, key.usingIndex));
  const columns = index ? index.columns.flatMap((name) => name ?? []) : key.columns;
  const nullable =
    operation.kind === "addPrimaryKey" ? columns.filter((name) => table.columns.get(name)?.notNull !== true) : [];
  // NOT NULL goes down to the children with the lock of ALTER TABLE.
  const down = does(e.context.postgres, "keyLocksChildren") || nullable.length > 0;
  for (const each of down ? reached(e.catalog, table, operation) : all)
    if (each !== table) e.lock(each.id, down ? LOCKS[operation.kind] : LOCKS.createIndex, { partner: true });
  for (const each of heaps(all)) {
    if (key.usingIndex === undefined)
      e.scan(each.id, "index", `build the index of ${key.name ?? `(${columns.join(", ")})`}`);
    else if (nullable.length > 0)
      e.scan(each.id, "check", `see that ${nullable.join(", ")} has no NULL`, {
        certainty: index && isWhole(table) ? "sure" : "maybe",
      });
  }
  if (key.usingIndex === undefined)
    e.fail({
      kind: "duplicates",
      relation: table.id,
      columns,
      sqlstate: "23505",
      ...duplicateCount(e, table.id, columns, { nullsNotDistinct: key.nullsNotDistinct }),
      demand: { kind: "distinct", keys: columns.map(column), nullsNotDistinct: key.nullsNotDistinct },
    });
  if (nullable.length > 0) {
    e.fail({
      kind: "nulls",
      relation: table.id,
      columns: nullable,
      sqlstate: "23502",
      certainty: isWhole(table) ? "rows" : "maybe",
      ...nullCount(e, table.id, nullable),
    });
  }
}

export const column = (name: string): Expression => ({ kind: "column", column: name });

export function addExclusion(e: Builder, operation: OperationOf<"addExclusion">): void {
  const table = e.assumed(e.id(operation.table));
  e.lock(table.id, LOCKS.addExclusion);
  e.scan(table.id, "index", `build the index of ${operation.constraint.name ?? "the constraint"}`);
  const { constraint } = operation;
  const countQuery = conflicts(e, table, constraint);
  e.fail({
    kind: "exclusion",
    relation: table.id,
    sqlstate: "23P01",
    columns: constraint.columns.flatMap((name) => name ?? []),
    ...(constraint.name !== undefined && { detail: constraint.name }),
    ...(countQuery !== undefined && { countQuery }),
  });
}

export function addNotNull(e: Builder, operation: OperationOf<"addNotNull">): void {
  const table = e.assumed(e.id(operation.table));
  const { column, notValid } = operation.constraint;
  for (const each of withChildren(e.catalog, table)) e.lock(each.id, LOCKS.addNotNull, { partner: each !== table });
  if (notValid || table.columns.get(column)?.notNull === true) return;
  e.scan(table.id, "check", `see that ${column} has no NULL`);
  e.fail({
    kind: "nulls",
    relation: table.id,
    columns: [column],
    sqlstate: "23502",
    ...nullCount(e, table.id, [column]),
  });
}

export function dropConstraint(e: Builder, operation: OperationOf<"dropConstraint">): void {
  const table = e.assumed(e.id(operation.table));
  const constraint = table.constraints.get(operation.constraint);
  for (const each of table.kind === "partitioned" ? withChildren(e.catalog, table) : [table])
    e.lock(each.id, LOCKS.dropConstraint, { partner: each !== table });
  if (!constraint) {
    if (!(operation.ifExists && isWhole(table)))
      e.loss({ kind: "constraint", relation: table.id, name: operation.constraint, data: false, certainty: "maybe" });
    return;
  }
  if (constraint.type === "foreignKey" && constraint.parent) {
    const parent = relationAt(e.catalog, constraint.parent);
    const others =
      parent?.kind === "partitioned"
        ? withChildren(e.catalog, parent).filter(
            (each) => each === parent || each.kind !== "partitioned" || does(e.context.postgres, "partitionedKeyLocks"),
          )
        : [];
    for (const id of parent?.kind === "partitioned" ? others.map((each) => each.id) : [constraint.parent])
      e.lock(id, LOCKS.dropConstraint, { partner: id !== table.id });
  }
  e.loss({ kind: "constraint", relation: table.id, name: constraint.name, data: false });
  if (constraint.type !== "primaryKey" && constraint.type !== "unique") return;
  const own = foreignKeys(table)
    .filter((key) => key.parent === table.id)
    .map((key) => ({ table, constraint: key }));
  for (const { table: other, constraint: key } of [...referencing(e.catalog, table.id), ...own]) {
    if (!sameColumns(key.parentColumns ?? [], constraint.columns)) continue;
    if (operation.cascade) {
      e.lock(other.id, LOCKS.dropConstraint, { partner: true });
      e.loss({ kind: "constraint", relation: other.id, name: key.name, data: false, along: true });
    } else
      e.fail({
        kind: "dependents",
        relation: table.id,
        columns: constraint.columns,
        sqlstate: "2BP01",
        certainty: "sure",
        detail: `foreign key ${key.name} of ${other.name} needs it`,
      });
  }
}

export function validateConstraint(e: Builder, operation: OperationOf<"validateConstraint">): void {
  const table = e.assumed(e.id(operation.table));
  const constraint = table.constraints.get(operation.constraint);
  const all =
    constraint?.type === "foreignKey"
      ? withPartitions(e.catalog, table)
      : constraint
        ? withChildren(e.catalog, table)
        : [table];
  for (const each of all) e.lock(each.id, LOCKS.validateConstraint, { partner: each !== table });
  if (!constraint) {
    e.scan(table.id, "check", `check every row against ${operation.constraint}`, { certainty: "maybe" });
    return;
  }
  if (constraint.validated) return;
  const parent = constraint.parent;
  if (constraint.type === "foreignKey" && parent !== undefined) {
    e.lock(parent, LOCKS.validateForeignKeyParent, { partner: parent !== table.id });
    for (const each of heaps(all))
      e.scan(each.id, "foreignKey", `check every row of the foreign key to ${relationName(parent)}`);
    scanParent(e, table, constraint.columns, e.assumed(parent));
    e.fail({
      kind: "orphans",
      relation: table.id,
      columns: constraint.columns,
      parent,
      parentColumns: constraint.parentColumns ?? [],
      sqlstate: "23503",
      ...orphanCount(e, table.id, constraint.columns, parent, constraint.parentColumns ?? []),
    });
    return;
  }
  for (const each of heaps(all)) e.scan(each.id, "check", `check every row against ${constraint.name}`);
  if (constraint.type === "notNull")
    e.fail({
      kind: "nulls",
      relation: table.id,
      columns: constraint.columns,
      sqlstate: "23502",
      ...nullCount(e, table.id, constraint.columns),
    });
  else
    e.fail({
      kind: "check",
      relation: table.id,
      columns: constraint.columns,
      sqlstate: "23514",
      detail: constraint.name,
      ...(constraint.expression && violation(e, table, constraint.expression)),
    });
}

/** NOT ENFORCED and ENFORCED change the triggers on the other side too, DEFERRABLE does not. */
export function alterConstraint(e: Builder, operation: OperationOf<"alterConstraint">): void {
  const parent = constraintOf(e.catalog, e.id(operation.table), operation.constraint)?.parent;
  if (parent !== undefined) e.lock(parent, LOCKS.alterConstraint, { partner: true, certainty: "maybe" });
}
