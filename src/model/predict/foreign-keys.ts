import { lookup } from "../../words.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import { type Column, type Relation, typeOf } from "../catalog.ts";
import { isUnique, primaryKey, withChildren, withPartitions } from "../relatives.ts";
import { LOCKS } from "../postgres/locks.ts";
import { does } from "../postgres/versions.ts";
import { type Builder, heaps } from "./builder.ts";
import { orphanCount } from "./counts.ts";
import type { TypeName } from "../../sql/expression.ts";
import { isWhole } from "../presence.ts";

export function addForeignKey(e: Builder, operation: OperationOf<"addForeignKey">): void {
  const table = e.assumed(e.id(operation.table));
  const key = operation.constraint;
  const parent = e.assumed(e.id(key.parent));
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
  const refused = isWhole(parent) && parentColumns.length > 0 && !isUnique(e.catalog, parent, parentColumns);
  if (refused) {
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
    // What cannot be a key need not be comparable.
    ...(!refused && orphanCount(e, table.id, key.columns, parent.id, parentColumns)),
  });
}

const FAMILIES: Readonly<Record<string, string>> = lookup({
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
});

/** False only for types that have no = between them for certain: https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-REFERENCES */
function comparable(e: Builder, one: TypeName | undefined, two: TypeName | undefined): boolean {
  const family = (type: TypeName | undefined): string | undefined =>
    type === undefined || type.array > 0 || typeOf(e.catalog, type) !== undefined ? undefined : FAMILIES[type.name];
  const [a, b] = [family(one), family(two)];
  return a === undefined || b === undefined || a === b;
}

export function scanParent(e: Builder, table: Relation, columns: readonly string[], parent: Relation): void {
  // In a partitioned parent every row is looked up by itself, with the index.
  if (parent.kind === "partitioned" && does(e.context.postgres, "partitionsNotReadForKey")) return;
  // For a key of several columns the planner may walk the parent's index instead.
  const certainty = mayLookUpNothing(e, table, columns, parent)
    ? "rows"
    : columns.length > 1 && parent.kind !== "partitioned"
      ? "maybe"
      : "sure";
  for (const each of heaps(withPartitions(e.catalog, parent)))
    e.scan(each.id, "foreignKey", "look up the rows that are pointed at", { certainty, lookedUp: true });
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
