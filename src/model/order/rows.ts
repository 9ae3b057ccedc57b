import type { MaintenanceOperation, SessionOperation } from "../../sql/operation/session.ts";
import type { Operation, OperationOf } from "../../sql/operation/index.ts";
import type { SchemaOperation, SequenceOperation } from "../../sql/operation/schemas.ts";
import type { TableConstraint } from "../../sql/operation/constraints.ts";
import type { TypeOperation } from "../../sql/operation/types.ts";
import {
  type Catalog,
  type Constraint,
  constraintOf,
  indexAt,
  relationAt,
  relationNamed,
  resolve,
} from "../catalog.ts";
import { primaryKey, withChildren } from "../relatives.ts";
import { mentions } from "./mentions.ts";
import type { RowAccess, RowRule } from "./objects.ts";
import { runs } from "./bodies.ts";
import { expressions, mentionedColumns, queryExpressions, queryTables } from "../queries.ts";
import { typeChange } from "../postgres/types.ts";
import type { Expression, Query } from "../../sql/expression.ts";
import { isWhole } from "../presence.ts";
import { cascades, changes, isNumbered, readBy, writtenBy } from "./row-changes.ts";

/** How an operation touches rows; `catalog` is the one just before it. Tables that the operation itself makes have none. */
export function rowAccesses(catalog: Catalog, operation: Operation, called = false): RowAccess[] {
  const found: RowAccess[] = [];
  const family = (id: string, only?: boolean): string[] => {
    const table = relationAt(catalog, id);
    return table && !only ? withChildren(catalog, table).map((each) => each.id) : [id];
  };
  const add = (access: RowAccess, only?: boolean): void =>
    family(access.relation, only).forEach((relation) => found.push({ ...access, relation }));
  const query = (each: Query | undefined): void => {
    if (!each) return;
    const { columns, star } = mentions(each);
    const names = queryTables(each);
    for (const name of names)
      for (const id of readBy(catalog, resolve(catalog, name)))
        add({
          relation: id,
          mode: "read",
          ...(!star && { columns }),
          ...(names.length === 1 && each.ctes.length === 0 && { where: each.where }),
        });
    for (const { change } of each.ctes) {
      if (!change) continue;
      changes(catalog, change, add);
      add({ relation: writtenBy(catalog, resolve(catalog, change.table)), mode: "read" });
    }
  };
  /** A constraint that goes. */
  const frees = (id: string, known: Constraint): void => {
    const rule = ruleOf(catalog, known, known.parent);
    add({ relation: id, mode: "free", columns: known.columns, rule });
    if (known.parent !== undefined && (known.onDelete === undefined || !ACTIVE.has(known.onDelete)))
      add({ relation: known.parent, mode: "free", columns: known.parentColumns ?? [], child: id, rule });
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
    const rule = ruleOf(catalog, { ...each, columns }, parent);
    add({ relation: id, mode: looks ? "validate" : "guard", columns, rule, ...held });
    if (each.type === "foreignKey" && parent !== undefined) {
      add({
        relation: parent,
        mode: looks ? "parent" : "acts",
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
      add({ relation: resolve(catalog, operation.table), mode: "delete", by: [] }, operation.only);
      if (operation.cascade) cascades(catalog, resolve(catalog, operation.table), add, new Set());
      break;
    case "copy":
      if (operation.table && operation.direction === "from")
        add({ relation: resolve(catalog, operation.table), mode: "insert", computed: true });
      break;
    case "createTable":
      query(operation.as);
      break;
    case "createView":
      if (operation.materialized && operation.withData) query(operation.query);
      break;
    case "refreshView": {
      const view = relationNamed(catalog, operation.view);
      for (const used of view?.uses ?? []) for (const id of readBy(catalog, used)) add({ relation: id, mode: "read" });
      break;
    }
    case "dropTable":
      add({ relation: resolve(catalog, operation.table), mode: "delete", by: [] }, true);
      break;
    case "dropColumn":
      add(
        { relation: resolve(catalog, operation.table), mode: "update", columns: [operation.column], computed: true },
        operation.only,
      );
      break;
    case "addColumn": {
      const id = resolve(catalog, operation.table);
      const { column } = operation;
      for (const each of column.constraints) if (each.type === "foreignKey" && column.default) constraint(id, each);
      const required = column.notNull || column.constraints.some(({ type }) => type === "primaryKey");
      if (
        required &&
        !column.default &&
        !column.identity &&
        !column.generated &&
        !isNumbered({ ...column, identity: false })
      )
        add({
          relation: id,
          mode: "validate",
          columns: [column.name],
          rule: { type: "notNull", columns: [column.name], absent: true },
        });
      const used = mentionedColumns(column.generated?.expression);
      // Its values are computed for the rows that are there, and again for each that changes.
      if (column.default && [...expressions(column.default)].some((part) => part.kind === "subquery"))
        add({ relation: id, mode: "read", columns: used });
      if (isNumbered({ ...column, identity: column.identity !== undefined })) add({ relation: id, mode: "read" });
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
    case "setExpression":
    case "dropExpression": {
      const id = resolve(catalog, operation.table);
      const made = relationAt(catalog, id)?.columns.get(operation.column)?.generated?.expression;
      // From then on it follows its columns otherwise, or no longer.
      if (operation.kind === "dropExpression") add({ relation: id, mode: "read", columns: mentionedColumns(made) });
      break;
    }
    case "attachPartition":
      // Its rows have to be within the bounds.
      add({ relation: resolve(catalog, operation.partition), mode: "validate" });
      break;
    case "setNotNull":
      add({
        relation: resolve(catalog, operation.table),
        mode: "validate",
        columns: [operation.column],
        rule: { type: "notNull", columns: [operation.column] },
      });
      break;
    case "dropNotNull":
      add({
        relation: resolve(catalog, operation.table),
        mode: "free",
        columns: [operation.column],
        rule: { type: "notNull", columns: [operation.column], holds: true },
      });
      break;
    case "dropIndex": {
      const index = indexAt(catalog, resolve(catalog, operation.index));
      const columns = index ? [...index.columns.flatMap((each) => each ?? []), ...index.mentions] : [];
      if (index?.unique)
        add({ relation: index.table, mode: "free", columns, rule: { type: "unique", columns, holds: true } });
      break;
    }
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
      add({
        relation: id,
        mode: "validate",
        ...(known && { columns: known.columns, rule: ruleOf(catalog, known, known.parent) }),
      });
      if (known?.parent !== undefined)
        add({ relation: known.parent, mode: "parent", child: id, columns: known.parentColumns ?? [] });
      break;
    }
    case "dropConstraint": {
      const known = relationNamed(catalog, operation.table)?.constraints.get(operation.constraint);
      if (known) frees(resolve(catalog, operation.table), known);
      const columns = known?.parentColumns ?? [];
      const [deletes, updates] = [known?.onDelete, known?.onUpdate].map(
        (action) => action !== undefined && ACTIVE.has(action),
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
          rule: { type: "unique" },
        });
      break;
    case "select":
      // A SELECT that nobody looks at matters by what its functions and data-modifying parts do.
      if (called || operation.query.ctes.some(({ change }) => change) || writes([...queryExpressions(operation.query)]))
        query(operation.query);
      break;
    case "call":
      break;
    // No rows of tables that exist.
    case "renameTable":
    case "setTableSchema":
    case "detachPartition":
    case "alterTable":
    case "renameColumn":
    case "setDefault":
    case "dropDefault":
    case "addIdentity":
    case "setIdentity":
    case "dropIdentity":
    case "alterConstraint":
    case "renameConstraint":
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
  for (const inner of runs(catalog, operation)) found.push(...rowAccesses(catalog, inner, true));
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

const ACTIVE: ReadonlySet<string> = new Set(["cascade", "set null", "set default"]);

/** A constraint as far as it says which rows fit. */
function ruleOf(
  catalog: Catalog,
  each: {
    readonly type: RowRule["type"];
    readonly columns: readonly (string | null)[];
    readonly expression?: Expression;
    readonly validated?: boolean;
  },
  parent: string | undefined,
): RowRule {
  const known = parent === undefined ? undefined : relationAt(catalog, parent);
  return {
    type: each.type,
    columns: each.columns.flatMap((column) => column ?? []),
    expression: each.expression,
    holds: each.validated ?? false,
    parentless: isWhole(known) && known.filledIn === undefined,
  };
}

/** Whether a call changes something: a function of the history, or one that moves a sequence. */
const writes = (parts: readonly Expression[]): boolean =>
  parts.some((part) => part.kind === "call" && (part.name === "setval" || part.name === "nextval"));
