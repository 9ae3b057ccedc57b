import type { MaintenanceOperation, SessionOperation } from "../../sql/operation/session.ts";
import type { Operation, OperationOf } from "../../sql/operation/index.ts";
import type { SchemaOperation, SequenceOperation } from "../../sql/operation/schemas.ts";
import type { TableConstraint } from "../../sql/operation/constraints.ts";
import type { TypeOperation } from "../../sql/operation/types.ts";
import {
  type Catalog,
  constraintOf,
  functionAt,
  relationAt,
  relationNamed,
  resolve,
  resolveFunction,
} from "../catalog.ts";
import { primaryKey, withChildren } from "../relatives.ts";
import { mentions } from "./mentions.ts";
import type { RowAccess } from "./objects.ts";
import { expressions, mentionedColumns, queryTables } from "../queries.ts";
import { typeChange } from "../postgres/types.ts";
import { undotted } from "../../sql/names.ts";
import type { Expression } from "../../sql/expression.ts";
import { cascades, changes } from "./row-changes.ts";

/** How an operation touches rows; `catalog` is the one just before it. Tables that the operation itself makes have none. */
export function rowAccesses(catalog: Catalog, operation: Operation, counted = new Set<string>()): RowAccess[] {
  const found: RowAccess[] = [];
  const family = (id: string, only?: boolean): string[] => {
    const table = relationAt(catalog, id);
    return table && !only ? withChildren(catalog, table).map((each) => each.id) : [id];
  };
  const add = (access: RowAccess, only?: boolean): void =>
    family(access.relation, only).forEach((relation) => found.push({ ...access, relation }));
  const reads = (
    names: readonly { readonly schema?: string | undefined; readonly name: string }[],
    columns: readonly string[],
  ): void => {
    for (const name of names) add({ relation: resolve(catalog, name), mode: "read", columns });
  };
  const constraint = (id: string, each: TableConstraint): void => {
    const columns =
      each.type === "check"
        ? mentionedColumns(each.expression)
        : each.type === "notNull"
          ? [each.column]
          : each.columns.flatMap((column) => column ?? []);
    const looks = !("notValid" in each && each.notValid) && !("notEnforced" in each && each.notEnforced);
    const parent = each.type === "foreignKey" ? resolve(catalog, each.parent) : undefined;
    // Dropped a moment ago to be created again: until then it held.
    const held = relationAt(catalog, id)?.released.some(
      (old) =>
        old.type === each.type &&
        old.in === catalog.deployment &&
        !old.withColumn &&
        old.validated &&
        old.parent === parent &&
        old.columns.join() === columns.join() &&
        each.type !== "check",
    ) && { held: true as const };
    add({ relation: id, mode: looks ? "validate" : "guard", columns, ...held });
    if (each.type === "foreignKey" && parent !== undefined && looks) {
      add({
        relation: parent,
        mode: "parent",
        child: id,
        ...held,
        columns:
          each.parentColumns.length > 0 ? each.parentColumns : (primaryKey(relationAt(catalog, parent))?.columns ?? []),
      });
    }
  };
  switch (operation.kind) {
    case "insertRows":
    case "updateRows":
    case "deleteRows":
    case "mergeRows":
      changes(catalog, operation.change, add);
      break;
    case "truncate":
      add({ relation: resolve(catalog, operation.table), mode: "delete" }, operation.only);
      if (operation.cascade) cascades(catalog, resolve(catalog, operation.table), add, new Set());
      break;
    case "copy":
      if (operation.table && operation.direction === "from")
        add({ relation: resolve(catalog, operation.table), mode: "insert", computed: true });
      break;
    case "createTable":
      reads(queryTables(operation.as), operation.as ? mentions(operation.as).columns : []);
      break;
    case "createView":
      if (operation.materialized && operation.withData)
        reads(queryTables(operation.query), mentions(operation.query).columns);
      break;
    case "refreshView": {
      const view = relationNamed(catalog, operation.view);
      for (const used of view?.uses ?? []) add({ relation: used, mode: "read" });
      break;
    }
    case "dropTable":
      add({ relation: resolve(catalog, operation.table), mode: "delete" }, true);
      break;
    case "dropColumn":
      add(
        { relation: resolve(catalog, operation.table), mode: "update", columns: [operation.column], computed: true },
        operation.only,
      );
      break;
    case "addColumn": {
      const id = resolve(catalog, operation.table);
      for (const each of operation.column.constraints)
        if (each.type === "foreignKey" && operation.column.default) constraint(id, each);
      break;
    }
    case "alterColumnType":
      if (changesValues(catalog, operation))
        add({
          relation: resolve(catalog, operation.table),
          mode: "rewrite",
          columns: [operation.column],
          ...(operation.using && operation.using.kind !== "cast" && { computed: true }),
        });
      break;
    case "setNotNull":
      add({ relation: resolve(catalog, operation.table), mode: "validate", columns: [operation.column] });
      break;
    case "addForeignKey":
    case "addCheck":
    case "addUnique":
    case "addPrimaryKey":
    case "addExclusion":
    case "addNotNull": {
      const type = (
        {
          addForeignKey: "foreignKey",
          addCheck: "check",
          addUnique: "unique",
          addPrimaryKey: "primaryKey",
          addExclusion: "exclusion",
          addNotNull: "notNull",
        } as const
      )[operation.kind];
      constraint(resolve(catalog, operation.table), {
        ...operation.constraint,
        type,
        range: operation.range,
      } as TableConstraint);
      break;
    }
    case "validateConstraint": {
      const id = resolve(catalog, operation.table);
      const known = constraintOf(catalog, id, operation.constraint);
      add({ relation: id, mode: "validate", ...(known && { columns: known.columns }) });
      if (known?.parent !== undefined)
        add({ relation: known.parent, mode: "parent", child: id, columns: known.parentColumns ?? [] });
      break;
    }
    case "dropConstraint": {
      const known = relationNamed(catalog, operation.table)?.constraints.get(operation.constraint);
      const columns = known?.parentColumns ?? [];
      const [deletes, updates] = [known?.onDelete, known?.onUpdate].map(
        (action) => action === "cascade" || action === "set null" || action === "set default",
      );
      if (known?.parent !== undefined && (deletes || updates))
        add({ relation: known.parent, mode: "release", ...(updates && { columns }), ...(deletes && { by: columns }) });
      break;
    }
    case "createIndex":
      if (operation.unique)
        add({
          relation: resolve(catalog, operation.table),
          mode: "validate",
          columns: [
            ...operation.columns.flatMap((each) => each.column ?? mentionedColumns(each.expression)),
            ...mentionedColumns(operation.where),
          ],
        });
      break;
    case "select":
      for (const target of operation.query.targets) called(catalog, target.value, found, counted);
      break;
    case "call":
      body(catalog, resolveFunction(catalog, operation.function), found, counted);
      break;
    // No rows of tables that exist.
    case "renameTable":
    case "setTableSchema":
    case "attachPartition":
    case "detachPartition":
    case "alterTable":
    case "renameColumn":
    case "setDefault":
    case "dropDefault":
    case "dropNotNull":
    case "setExpression":
    case "dropExpression":
    case "addIdentity":
    case "setIdentity":
    case "dropIdentity":
    case "alterConstraint":
    case "renameConstraint":
    case "dropIndex":
    case "attachIndex":
    case "createFunction":
    case "createTrigger":
    case "createPolicy":
    case "alterPolicy":
    case "createStatistics":
    case "createRule":
    case "renameOnTable":
    case "renameObject":
    case "setObjectSchema":
    case "dropObject":
    case "comment":
    case "grant":
    case "publication":
      break;
    default:
      operation satisfies SchemaOperation | TypeOperation | SequenceOperation | MaintenanceOperation | SessionOperation;
  }
  return found;
}

/** Whether values become others, or may be refused, rather than the same in a wider type. */
function changesValues(catalog: Catalog, { table, column, type, using }: OperationOf<"alterColumnType">): boolean {
  const from = relationNamed(catalog, table)?.columns.get(column)?.type;
  if (!from || (using && using.kind !== "cast")) return true;
  const { fails, losesPrecision, castKind } = typeChange(from, type, {
    timeZoneUtc: "unknown",
    using: using ? { casts: [using.type] } : "none",
    collationChange: false,
  });
  return fails !== "never" || losesPrecision || castKind === "text" || castKind === "unknown";
}

/** What the bodies of functions do that an expression calls. */
function called(catalog: Catalog, value: Expression, found: RowAccess[], counted: Set<string>): void {
  for (const part of expressions(value))
    if (part.kind === "call") body(catalog, resolveFunction(catalog, undotted(part.name)), found, counted);
}

/** Each function once: they may call each other in a circle. */
function body(catalog: Catalog, id: string, found: RowAccess[], counted: Set<string>): void {
  if (counted.has(id)) return;
  counted.add(id);
  for (const inner of functionAt(catalog, id)?.operations ?? []) found.push(...rowAccesses(catalog, inner, counted));
}
