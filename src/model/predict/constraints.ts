import type { Expression } from "../../sql/expression.ts";
import type { TypeName } from "../../sql/expression.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import { quoted, relationId, relationName, relationSql } from "../../sql/names.ts";
import {
  type Column,
  type Relation,
  assumed,
  foreignKeys,
  indexesOf,
  isUnique,
  primaryKey,
  reached,
  referencing,
  typeOf,
  withChildren,
  withPartitions,
} from "../catalog.ts";
import { indexName, sameColumns } from "../apply/constraints.ts";
import type { RelationId } from "../effects.ts";
import { LOCKS } from "../postgres/locks.ts";
import { does } from "../postgres/versions.ts";
import { printed } from "../sql.ts";
import { type Builder, heaps } from "./builder.ts";
import { volatility } from "./volatility.ts";

/** Effects of constraints and indexes. */

/** Rows of `child` (under the alias c) that have a key but no parent. `columns` and `parentColumns` pair up. */
export function orphanPredicate(
  columns: readonly string[],
  parent: RelationId,
  parentColumns: readonly string[],
): string {
  const pairs = columns
    .map((column, i) => `p.${quoted(parentColumns[i] ?? column)} = c.${quoted(column)}`)
    .join(" AND ");
  const given = columns.map((column) => `c.${quoted(column)} IS NOT NULL`).join(" AND ");
  return `${given} AND NOT EXISTS (SELECT FROM ${relationSql(parent)} p WHERE ${pairs})`;
}

/** The query that counts them. */
const orphanCount = (
  child: RelationId,
  columns: readonly string[],
  parent: RelationId,
  parentColumns: readonly string[],
): string => `SELECT count(*) FROM ${relationSql(child)} c WHERE ${orphanPredicate(columns, parent, parentColumns)};`;

const duplicateCount = (table: RelationId, columns: readonly string[], where: string | undefined) =>
  `SELECT ${columns.map(quoted).join(", ")}, count(*) FROM ${relationSql(table)}${where === undefined ? "" : ` WHERE ${where}`} GROUP BY ${columns.map(quoted).join(", ")} HAVING count(*) > 1;`;

export function addForeignKey(e: Builder, operation: OperationOf<"addForeignKey">): void {
  const table = assumed(e.catalog, e.id(operation.table));
  const key = operation.constraint;
  const parent = assumed(e.catalog, e.id(key.parent));
  const children = table.kind === "partitioned" ? withChildren(e.catalog, table) : [table];
  const parents = parent.kind === "partitioned" ? withChildren(e.catalog, parent) : [parent];
  for (const each of children) e.lock(each.id, LOCKS.addForeignKey, { partner: each !== table });
  for (const each of parents) e.lock(each.id, LOCKS.addForeignKey, { partner: each.id !== table.id });
  const parentColumns = key.parentColumns.length > 0 ? key.parentColumns : (primaryKey(parent)?.columns ?? []);
  if (key.notValid && table.kind === "partitioned" && !does(e.context.postgres, "notValidOnPartitioned")) {
    e.fail({
      kind: "refused",
      relation: table.id,
      columns: key.columns,
      sqlstate: "42809",
      certainty: "sure",
      detail: "a foreign key of a partitioned table cannot be NOT VALID before PostgreSQL 18",
    });
    return;
  }
  if (parent.complete && parentColumns.length > 0 && !isUnique(e.catalog, parent, parentColumns)) {
    e.fail({
      kind: "refused",
      relation: table.id,
      columns: key.columns,
      sqlstate: "42830",
      certainty: "sure",
      detail: `${parent.name}(${parentColumns.join(", ")}) is not unique`,
    });
  }
  const mismatch = key.columns.findIndex(
    (name, i) => !comparable(e, table.columns.get(name)?.type, parent.columns.get(parentColumns[i] ?? "")?.type),
  );
  if (mismatch >= 0) {
    const [own, other] = [key.columns[mismatch] ?? "", parentColumns[mismatch] ?? ""];
    e.fail({
      kind: "refused",
      relation: table.id,
      columns: key.columns,
      sqlstate: "42804",
      certainty: "sure",
      detail: `the types of ${table.name}.${own} and ${parent.name}.${other} cannot be compared`,
    });
    return;
  }
  if (key.notValid || key.notEnforced) return;
  for (const each of heaps(children))
    e.scan(each.id, "foreignKey", `check every row of the foreign key to ${parent.name}`);
  scanParent(e, table, key.columns, parent);
  e.fail({
    kind: "orphans",
    relation: table.id,
    columns: key.columns,
    parent: parent.id,
    parentColumns,
    sqlstate: "23503",
    countQuery: orphanCount(table.id, key.columns, parent.id, parentColumns),
  });
}

const FAMILIES: Readonly<Record<string, string>> = {
  int2: "number",
  int4: "number",
  int8: "number",
  smallserial: "number",
  serial: "number",
  bigserial: "number",
  numeric: "number",
  float4: "number",
  float8: "number",
  text: "text",
  varchar: "text",
  uuid: "uuid",
  bool: "bool",
  date: "time",
  timestamp: "time",
  timestamptz: "time",
  json: "json",
  jsonb: "jsonb",
};

/** False only for types that have no = between them for certain: https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-REFERENCES */
function comparable(e: Builder, one: TypeName | undefined, two: TypeName | undefined): boolean {
  const family = (type: TypeName | undefined): string | undefined =>
    type === undefined || type.array > 0 || typeOf(e.catalog, type) !== undefined ? undefined : FAMILIES[type.name];
  const [a, b] = [family(one), family(two)];
  return a === undefined || b === undefined || a === b;
}

function scanParent(e: Builder, table: Relation, columns: readonly string[], parent: Relation): void {
  // In a partitioned parent every row is looked up by itself, with the index.
  if (parent.kind === "partitioned" && does(e.context.postgres, "partitionsNotReadForKey")) return;
  // For a key of several columns the planner may walk the parent's index instead.
  const certainty = mayLookUpNothing(e, table, columns, parent)
    ? "rows"
    : columns.length > 1 && parent.kind !== "partitioned"
      ? "maybe"
      : "sure";
  for (const each of heaps(withPartitions(e.catalog, parent)))
    e.scan(each.id, "foreignKey", "look up the rows that are pointed at", { certainty });
}

/** With no key to look up PostgreSQL never reads the parent (measured: the hash join's other side stays untouched): where all keys are NULL, and where the check passes because one of the two has no rows. */
function mayLookUpNothing(e: Builder, table: Relation, columns: readonly string[], parent: Relation): boolean {
  const optional = columns.some((name) => {
    const column = table.columns.get(name);
    return column?.notNull === false || column?.requiredIn === e.catalog.deployment;
  });
  return optional || e.emptyKey(table, columns) || isProvenEmpty(e, table) || isProvenEmpty(e, parent);
}

/** This deployment made it, emptied it, or gave it a required column without a value, which only an empty table takes. */
function isProvenEmpty({ catalog }: Builder, table: Relation): boolean {
  if (table.filledIn === catalog.deployment) return false;
  const young = (birth: { readonly deployment: number } | undefined): boolean =>
    birth?.deployment === catalog.deployment;
  const bare = (column: Column): boolean =>
    column.notNull === true &&
    column.requiredIn === undefined &&
    column.default === undefined &&
    !column.identity &&
    !column.generated &&
    !/serial$/.test(column.type?.name ?? "");
  return (
    young(table.birth) ||
    young(table.truncatedBy) ||
    [...table.columns.values()].some((column) => young(column.birth) && bare(column))
  );
}

export function addCheck(e: Builder, operation: OperationOf<"addCheck">): void {
  const table = assumed(e.catalog, e.id(operation.table));
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
    countQuery: `SELECT count(*) FROM ${relationSql(table.id)} WHERE NOT (${printed(check.expression)});`,
    demand: { kind: "check", expression: check.expression },
    ...(check.name && { detail: check.name }),
  });
}

export function addKey(e: Builder, operation: OperationOf<"addUnique" | "addPrimaryKey">): void {
  const table = assumed(e.catalog, e.id(operation.table));
  const key = operation.constraint;
  e.lock(table.id, LOCKS[operation.kind]);
  const all = operation.only ? [table] : withPartitions(e.catalog, table);
  const index =
    key.usingIndex === undefined ? undefined : e.catalog.indexes.get(relationId(table.schema, key.usingIndex));
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
        certainty: index && table.complete ? "sure" : "maybe",
      });
  }
  if (key.usingIndex === undefined)
    e.fail({
      kind: "duplicates",
      relation: table.id,
      columns,
      sqlstate: "23505",
      countQuery: duplicateCount(table.id, columns, undefined),
      demand: { kind: "distinct", keys: columns.map(column), nullsNotDistinct: key.nullsNotDistinct },
    });
  if (nullable.length > 0) {
    e.fail({
      kind: "nulls",
      relation: table.id,
      columns: nullable,
      sqlstate: "23502",
      certainty: table.complete ? "rows" : "maybe",
      countQuery: `SELECT count(*) FROM ${relationSql(table.id)} WHERE ${nullable.map((name) => `${quoted(name)} IS NULL`).join(" OR ")};`,
    });
  }
}

const column = (name: string): Expression => ({ kind: "column", column: name });

export function addExclusion(e: Builder, operation: OperationOf<"addExclusion">): void {
  const table = assumed(e.catalog, e.id(operation.table));
  e.lock(table.id, LOCKS.addExclusion);
  e.scan(table.id, "index", `build the index of ${operation.constraint.name ?? "the constraint"}`);
  e.fail({
    kind: "exclusion",
    relation: table.id,
    sqlstate: "23P01",
    columns: operation.constraint.columns.flatMap((name) => name ?? []),
  });
}

export function addNotNull(e: Builder, operation: OperationOf<"addNotNull">): void {
  const table = assumed(e.catalog, e.id(operation.table));
  const { column, notValid } = operation.constraint;
  for (const each of withChildren(e.catalog, table)) e.lock(each.id, LOCKS.addNotNull, { partner: each !== table });
  if (notValid || table.columns.get(column)?.notNull === true) return;
  e.scan(table.id, "check", `see that ${column} has no NULL`);
  e.fail({
    kind: "nulls",
    relation: table.id,
    columns: [column],
    sqlstate: "23502",
    countQuery: `SELECT count(*) FROM ${relationSql(table.id)} WHERE ${quoted(column)} IS NULL;`,
  });
}

export function dropConstraint(e: Builder, operation: OperationOf<"dropConstraint">): void {
  const table = assumed(e.catalog, e.id(operation.table));
  const constraint = table.constraints.get(operation.constraint);
  for (const each of table.kind === "partitioned" ? withChildren(e.catalog, table) : [table])
    e.lock(each.id, LOCKS.dropConstraint, { partner: each !== table });
  if (!constraint) {
    if (!(operation.ifExists && table.complete))
      e.loss({ kind: "constraint", relation: table.id, name: operation.constraint, data: false, certainty: "maybe" });
    return;
  }
  if (constraint.type === "foreignKey" && constraint.parent) {
    const parent = e.catalog.relations.get(constraint.parent);
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
  const table = assumed(e.catalog, e.id(operation.table));
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
    scanParent(e, table, constraint.columns, assumed(e.catalog, parent));
    e.fail({
      kind: "orphans",
      relation: table.id,
      columns: constraint.columns,
      parent,
      parentColumns: constraint.parentColumns ?? [],
      sqlstate: "23503",
      countQuery: orphanCount(table.id, constraint.columns, parent, constraint.parentColumns ?? []),
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
      countQuery: `SELECT count(*) FROM ${relationSql(table.id)} WHERE ${quoted(constraint.columns[0] ?? "")} IS NULL;`,
    });
  else
    e.fail({
      kind: "check",
      relation: table.id,
      columns: constraint.columns,
      sqlstate: "23514",
      detail: constraint.name,
      ...(constraint.expression && {
        countQuery: `SELECT count(*) FROM ${relationSql(table.id)} WHERE NOT (${printed(constraint.expression)});`,
        demand: { kind: "check", expression: constraint.expression },
      }),
    });
}

/** NOT ENFORCED and ENFORCED change the triggers on the other side too, DEFERRABLE does not. */
export function alterConstraint(e: Builder, operation: OperationOf<"alterConstraint">): void {
  const parent = e.catalog.relations.get(e.id(operation.table))?.constraints.get(operation.constraint)?.parent;
  if (parent !== undefined) e.lock(parent, LOCKS.alterConstraint, { partner: true, certainty: "maybe" });
}

export function createIndex(e: Builder, operation: OperationOf<"createIndex">): void {
  const table = assumed(e.catalog, e.id(operation.table));
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
  if (operation.ifNotExists && e.catalog.indexes.has(relationId(table.schema, name))) return;
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
    operation.ifNotExists &&
    (e.catalog.doubtful.has(table.id) || e.catalog.doubtful.has(relationId(table.schema, name)))
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
    ...(whole && { countQuery: duplicateCount(table.id, columns, operation.where && printed(operation.where)) }),
  });
}

export function dropIndex(e: Builder, operation: OperationOf<"dropIndex">): void {
  const id = e.id(operation.index);
  const index = e.catalog.indexes.get(id);
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
  e.loss({ kind: "index", relation: index.table, name: index.name, data: false });
  const table = e.catalog.relations.get(index.table);
  if (table?.kind === "partitioned")
    for (const each of withChildren(e.catalog, table)) e.lock(each.id, LOCKS.dropIndex, { partner: each !== table });
}

export function reindex(e: Builder, operation: OperationOf<"reindex">): void {
  const mode = operation.concurrently ? LOCKS.reindexConcurrently : LOCKS.reindex;
  const scanned = (table: Relation, reason: string) => {
    e.lock(table.id, mode);
    e.scan(table.id, "index", reason);
  };
  if (operation.target === "index") {
    const index = e.catalog.indexes.get(e.id(operation.name));
    if (index) scanned(assumed(e.catalog, index.table), `rebuild index ${index.name}`);
  } else if (operation.target === "table") {
    const table = assumed(e.catalog, e.id(operation.name));
    if (indexesOf(e.catalog, table).length > 0 || !table.complete) scanned(table, "rebuild its indexes");
    else e.lock(table.id, mode);
  } else
    for (const table of e.catalog.relations.values()) {
      if (table.kind === "table" && (operation.target !== "schema" || table.schema === operation.name.name))
        scanned(table, "rebuild its indexes");
    }
}
