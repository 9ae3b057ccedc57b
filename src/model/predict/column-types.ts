import { storedType } from "../postgres/serial.ts";
import { computed } from "./using.ts";
import { columnUsers } from "../column-users.ts";
import type { Expression } from "../../sql/expression.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import { type Column, type Constraint, type Relation, columnOf, resolveType, typeOf } from "../catalog.ts";
import { foreignKeys, indexesOf, referencing, withChildren, withPartitions } from "../relatives.ts";
import { LOCKS } from "../postgres/locks.ts";
import { does } from "../postgres/versions.ts";
import { typeChange } from "../postgres/types.ts";
import { mentionedColumns } from "../queries.ts";
import { typeSql } from "../sql.ts";
import { viewsUsing } from "../views.ts";
import { partsOf } from "../../sql/names.ts";
import { type Builder, heaps } from "./builder.ts";
import { otherLabels } from "./checks.ts";
import { domainOf, isEnum, usingKind } from "./volatility.ts";
import type { Demand } from "../effects.ts";

export function alterColumnType(e: Builder, operation: OperationOf<"alterColumnType">): void {
  const { catalog } = e;
  const table = e.assumed(e.id(operation.table));
  const all = withChildren(catalog, table);
  for (const each of all) e.lock(each.id, LOCKS.alterColumnType, { partner: each !== table });
  const column = table.columns.get(operation.column);
  const from = column?.type;
  const keys = affectedKeys(e, table, operation.column);
  for (const { partner } of keys)
    if (partner !== table.id)
      for (const each of withPartitions(catalog, e.assumed(partner))) {
        const early = each.kind === "partitioned" && !does(e.context.postgres, "partitionedKeyLocks");
        e.lock(each.id, early ? LOCKS.addForeignKey : LOCKS.alterColumnType, { partner: true });
      }
  const reason = `convert ${operation.column} to ${typeSql(operation.type)}`;
  if (!from) {
    for (const each of heaps(all)) {
      e.rewrite(each.id, reason, "maybe");
      e.scan(each.id, "rewrite", reason, { certainty: "maybe" });
    }
    e.fail({
      kind: "cast",
      relation: table.id,
      columns: [operation.column],
      sqlstate: "22000",
      certainty: "maybe",
      detail: `to ${typeSql(operation.type)}`,
      demand: typeDemand(e, operation),
    });
    return;
  }
  const values = operation.using && computed(catalog, operation.using, from, operation.type);
  const cast = typeChange(storedType(from), operation.type, {
    timeZoneUtc: e.context.timeZoneUtc,
    using: usingKind(operation.column, operation.type, operation.using),
    collationChange: operation.collation !== undefined,
    domain: (type) => (type.array > 0 ? undefined : domainOf(catalog, type)),
    isEnum: (type) => isEnum(catalog, type),
  });
  const change = values?.fits
    ? { ...cast, fails: "never" as const, losesPrecision: values.loses }
    : { ...cast, ...(values?.sqlstate !== undefined && { sqlstate: values.sqlstate }) };
  const detail = `from ${typeSql(from)} to ${typeSql(operation.type)}`;
  if (change.fails === "always") {
    e.fail({
      kind: "refused",
      relation: table.id,
      columns: [operation.column],
      sqlstate: change.sqlstate ?? "42804",
      certainty: "sure",
      detail: `${detail} has no cast that PostgreSQL applies by itself`,
    });
    return;
  }
  const certainty = change.rewrite === "maybe" ? "maybe" : "sure";
  const indexed = indexesOf(catalog, table).some(
    (index) => index.columns.includes(operation.column) || index.mentions.includes(operation.column),
  );
  const changed =
    typeSql({ ...from, ...partsOf(resolveType(catalog, from)) }) !==
    typeSql({ ...operation.type, ...partsOf(resolveType(catalog, operation.type)) });
  const checked =
    changed &&
    [...table.constraints.values()].some(
      (constraint) =>
        constraint.type === "check" && constraint.validated && constraint.columns.includes(operation.column),
    );
  for (const each of heaps(all)) {
    if (column.generated?.stored === false) break;
    if (change.rewrite !== "no") {
      e.rewrite(each.id, reason, certainty);
      e.scan(each.id, "rewrite", reason, { certainty });
    }
    if (change.rewrite !== "yes" && change.rebuildsIndexes && indexed)
      e.scan(each.id, "index", `rebuild the indexes on ${operation.column}`);
    if (change.rewrite !== "yes" && checked)
      e.scan(each.id, "check", `check the constraints on ${operation.column} again`);
    if (change.rewrite !== "yes" && domainOf(catalog, operation.type)?.constrained && changed)
      e.scan(each.id, "check", "check the domain");
  }
  if (changed)
    for (const { child, partner, partnerIsParent, otherType, validated } of keys) {
      if (validated && !sameOperators(from, operation.type, otherType)) {
        const parent = partnerIsParent ? partner : table.id;
        const read = [child, parent].flatMap((id) => withPartitions(catalog, e.assumed(id)));
        const spared = (each: Relation): boolean =>
          each.id !== parent && each.id !== child && does(e.context.postgres, "partitionsNotReadForKey");
        for (const each of heaps(read)) if (!spared(each)) e.scan(each.id, "foreignKey", "check the foreign key again");
      }
    }
  if (change.fails === "may" && !keepsLabels(e, from, operation)) {
    const enumValue = isEnum(catalog, operation.type);
    const countQuery = enumValue ? otherLabels(e, table, operation) : undefined;
    e.fail({
      kind: enumValue ? "enumValueInUse" : "cast",
      relation: table.id,
      columns: [operation.column],
      sqlstate: enumValue ? "22P02" : (change.sqlstate ?? "22000"),
      detail,
      demand: typeDemand(e, operation),
      ...(countQuery !== undefined && { countQuery }),
    });
  }
  if (change.losesPrecision) e.loss({ kind: "precision", relation: table.id, name: operation.column, data: true });
  for (const view of viewsUsing(e.catalog, table, operation.column)) {
    if (changed)
      e.fail({
        kind: "dependents",
        relation: table.id,
        columns: [operation.column],
        sqlstate: "0A000",
        certainty: "sure",
        detail: `view ${view.name} reads it`,
      });
  }
  for (const other of table.columns.values()) {
    if (changed && other.generated && mentionedColumns(other.generated.expression).includes(operation.column)) {
      e.fail({
        kind: "dependents",
        relation: table.id,
        columns: [operation.column],
        sqlstate: "0A000",
        certainty: "sure",
        detail: `generated column ${other.name} is computed from it`,
      });
    }
  }
  if (changed)
    for (const { kind, what } of columnUsers(e.catalog, table, operation.column))
      e.fail({
        kind: "dependents",
        relation: table.id,
        columns: [operation.column],
        sqlstate: "0A000",
        certainty: "sure",
        detail: `cannot alter type of a column used in a ${kind} definition (${what})`,
      });
  if (column.default !== undefined && isEnum(catalog, operation.type) && changed && operation.using !== undefined) {
    e.fail({
      kind: "refused",
      relation: table.id,
      columns: [operation.column],
      sqlstate: "42804",
      certainty: "sure",
      detail: `its default cannot be cast to ${typeSql(operation.type)}`,
    });
  }
}

/** Each label of the old enum, or the one that USING names, is one of the new enum too. */
function keepsLabels(
  e: Builder,
  from: NonNullable<Column["type"]>,
  { type, using, column }: OperationOf<"alterColumnType">,
): boolean {
  const [old, target] = [typeOf(e.catalog, from), typeOf(e.catalog, type)];
  if (target?.kind !== "enum") return false;
  const value = uncast(using ?? { kind: "column", column });
  if (value.kind === "literal") return value.value === null || target.values.includes(String(value.value));
  return (
    old?.kind === "enum" &&
    value.kind === "column" &&
    value.column === column &&
    from.array === type.array &&
    old.values.every((label) => target.values.includes(label))
  );
}

const uncast = (value: Expression): Expression => (value.kind === "cast" ? uncast(value.arg) : value);

function typeDemand(e: Builder, { type, using }: OperationOf<"alterColumnType">): Demand {
  const target = typeOf(e.catalog, type);
  return {
    kind: "type",
    to: type,
    using,
    ...(target?.kind === "enum" && { labels: [...target.values] }),
  };
}

interface AffectedKey {
  readonly child: string;
  readonly partner: string;
  readonly partnerIsParent: boolean;
  readonly otherType: Column["type"];
  readonly validated: boolean;
}

/** Foreign keys on either side of the column: each is dropped and made again. */
function affectedKeys(e: Builder, table: Relation, column: string): AffectedKey[] {
  const other = (
    id: string,
    names: readonly string[] | undefined,
    own: readonly string[] | undefined,
  ): Column["type"] => columnOf(e.catalog, id, names?.[own?.indexOf(column) ?? -1] ?? "")?.type;
  const out = foreignKeys(table).filter((key) => key.columns.includes(column) && key.parent !== undefined);
  const into = referencing(e.catalog, table.id).filter(({ constraint }) => constraint.parentColumns?.includes(column));
  return [
    ...out.map((key: Constraint) => ({
      child: table.id,
      partner: key.parent as string,
      partnerIsParent: true,
      otherType: other(key.parent as string, key.parentColumns, key.columns),
      validated: key.validated,
    })),
    ...into.map(({ table: child, constraint }) => ({
      child: child.id,
      partner: child.id,
      partnerIsParent: false,
      otherType: other(child.id, constraint.columns, constraint.parentColumns),
      validated: constraint.validated,
    })),
  ];
}

const TEXTUAL = new Set(["text", "varchar"]);
/** A foreign key is not checked again where its comparison stays the same operator. */
function sameOperators(
  from: NonNullable<Column["type"]>,
  to: NonNullable<Column["type"]>,
  _other: Column["type"],
): boolean {
  const one = storedType(from);
  return one.array === to.array && (one.name === to.name || (TEXTUAL.has(one.name) && TEXTUAL.has(to.name)));
}
