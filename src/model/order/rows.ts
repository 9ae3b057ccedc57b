import { undotted } from "../../sql/names.ts";
import type { Change, Expression, Query } from "../../sql/expression.ts";
import type { MaintenanceOperation, SessionOperation } from "../../sql/operation/session.ts";
import type { Operation, OperationOf } from "../../sql/operation/index.ts";
import type { SchemaOperation, SequenceOperation } from "../../sql/operation/schemas.ts";
import type { TableConstraint } from "../../sql/operation/constraints.ts";
import type { TypeOperation } from "../../sql/operation/types.ts";
import {
  type Catalog,
  type Relation,
  primaryKey,
  referencing,
  resolve,
  resolveFunction,
  withChildren,
} from "../catalog.ts";
import { mentions } from "./mentions.ts";
import type { RowAccess } from "./objects.ts";
import { typeChange } from "../postgres/types.ts";
import { changeTables, expressions, mentionedColumns, queryTables } from "../queries.ts";

/** How an operation touches rows; `catalog` is the one just before it. Tables that the operation itself makes have none. */
export function rowAccesses(catalog: Catalog, operation: Operation): RowAccess[] {
  const found: RowAccess[] = [];
  const family = (id: string, only?: boolean): string[] => {
    const table = catalog.relations.get(id);
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
    const held = catalog.relations
      .get(id)
      ?.released.some(
        (old) =>
          old.type === each.type &&
          old.in === catalog.deployment &&
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
          each.parentColumns.length > 0
            ? each.parentColumns
            : (primaryKey(catalog.relations.get(parent))?.columns ?? []),
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
      const view = catalog.relations.get(resolve(catalog, operation.view));
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
      const known = catalog.relations.get(id)?.constraints.get(operation.constraint);
      add({ relation: id, mode: "validate", ...(known && { columns: known.columns }) });
      if (known?.parent !== undefined)
        add({ relation: known.parent, mode: "parent", child: id, columns: known.parentColumns ?? [] });
      break;
    }
    case "dropConstraint": {
      const known = catalog.relations.get(resolve(catalog, operation.table))?.constraints.get(operation.constraint);
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
      for (const target of operation.query.targets) called(catalog, target.value, found);
      break;
    case "call":
      for (const inner of catalog.functions.get(resolveFunction(catalog, operation.function))?.operations ?? [])
        found.push(...rowAccesses(catalog, inner));
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
  const from = catalog.relations.get(resolve(catalog, table))?.columns.get(column)?.type;
  if (!from || (using && using.kind !== "cast")) return true;
  const { fails, losesPrecision, castKind } = typeChange(from, type, {
    timeZoneUtc: "unknown",
    using: using ? { casts: [using.type] } : "none",
    collationChange: false,
  });
  return fails !== "never" || losesPrecision || castKind === "text" || castKind === "unknown";
}

/** What the bodies of functions do that an expression calls. */
function called(catalog: Catalog, value: Expression, found: RowAccess[]): void {
  for (const part of expressions(value)) {
    if (part.kind !== "call") continue;
    const known = catalog.functions.get(resolveFunction(catalog, undotted(part.name)));
    for (const inner of known?.operations ?? []) found.push(...rowAccesses(catalog, inner));
  }
}

function changes(catalog: Catalog, change: Change, add: (access: RowAccess, only?: boolean) => void): void {
  const id = resolve(catalog, change.table);
  const table = catalog.relations.get(id);
  const mentioned = mentions(change).columns;
  for (const name of changeTables(change)) add({ relation: resolve(catalog, name), mode: "read", columns: mentioned });
  for (const cte of change.ctes) if (cte.change) changes(catalog, cte.change, add);
  switch (change.kind) {
    case "insertRows": {
      const numbered = [...(table?.columns.values() ?? [])]
        .filter((column) => !change.columns.includes(column.name) && isNumbered(column))
        .map(({ name }) => name);
      const given = change.columns.length > 0 ? change.columns : [...(table?.columns.keys() ?? [])];
      const values =
        change.query?.values &&
        insertedValues(given, change.query)?.map((row) => [...row, ...defaultsOf(table, given)]);
      add(
        {
          relation: id,
          mode: "insert",
          ...(change.columns.length > 0 && { columns: change.columns }),
          ...(values ? { values } : { computed: true as const }),
          ...(change.onConflict && { upsert: true as const }),
          ...(numbered.length > 0 && { numbered }),
        },
        true,
      );
      break;
    }
    case "updateRows": {
      const columns = change.set.map(({ column }) => column);
      const values = asked(change.where);
      add(
        {
          relation: id,
          mode: "update",
          columns,
          by: mentioned,
          values,
          ...(change.set.some(({ value }) => value.kind !== "literal") && { computed: true as const }),
        },
        change.only,
      );
      // A key that children point at goes with it, or is refused.
      for (const { table: child, constraint } of table ? referencing(catalog, id) : [])
        if (constraint.parentColumns?.some((column) => columns.includes(column)))
          add({ relation: child.id, mode: "update", columns: constraint.columns, by: constraint.columns });
      break;
    }
    case "deleteRows": {
      const values = asked(change.where);
      add({ relation: id, mode: "delete", by: mentioned, values }, change.only);
      cascades(catalog, id, add, new Set());
      break;
    }
    case "mergeRows":
      for (const action of change.actions)
        if (action !== "nothing") add({ relation: id, mode: action, computed: true });
      break;
  }
}

/** Rows of other tables that go, or change, with deleted ones. */
function cascades(catalog: Catalog, id: string, add: (access: RowAccess) => void, seen: Set<string>): void {
  if (seen.has(id)) return;
  seen.add(id);
  for (const { table, constraint } of referencing(catalog, id)) {
    if (constraint.onDelete === "cascade") {
      add({ relation: table.id, mode: "delete", by: constraint.columns });
      cascades(catalog, table.id, add, seen);
    } else if (constraint.onDelete === "set null" || constraint.onDelete === "set default")
      add({ relation: table.id, mode: "update", columns: constraint.columns, by: constraint.columns });
    else add({ relation: table.id, mode: "read", columns: constraint.columns });
  }
}

function isNumbered(column: Relation["columns"] extends Map<string, infer C> ? C : never): boolean {
  if (column.identity || /serial$/.test(column.type?.name ?? "")) return true;
  return [...expressions(column.default)].some((part) => part.kind === "call" && part.name === "nextval");
}

/** What an INSERT gives to columns that it leaves out, where that is one fixed value. */
function defaultsOf(table: Relation | undefined, given: readonly string[]): (readonly [string, string])[] {
  if (!table?.complete) return [];
  return [...table.columns.values()].flatMap((column): (readonly [string, string])[] => {
    if (given.includes(column.name) || isNumbered(column) || column.generated) return [];
    const value = column.default ? literalOf(column.default) : "NULL";
    return value === undefined ? [] : [[column.name, value]];
  });
}

function insertedValues(columns: readonly string[], query: Query): RowAccess["values"] {
  return query.values?.map((row) =>
    row.flatMap((value, i): (readonly [string, string])[] => {
      const literal = literalOf(value);
      const column = columns[i];
      return literal === undefined || column === undefined ? [] : [[column, literal]];
    }),
  );
}

/** The values that a condition asks its columns to have, where it is an AND of such parts or has some: no other row fits. */
function asked(where: Expression | undefined): RowAccess["values"] {
  const parts = where?.kind === "and" ? where.args : where ? [where] : [];
  const found = parts.flatMap((part): (readonly [string, string])[] => {
    if (part.kind === "isNull" && !part.negated && part.arg.kind === "column") return [[part.arg.column, "NULL"]];
    if (part.kind !== "operator" || part.operator !== "=") return [];
    const [left, right] = part.args;
    const column = left?.kind === "column" ? left.column : right?.kind === "column" ? right.column : undefined;
    const value = left?.kind === "column" ? literalOf(right) : literalOf(left);
    return column === undefined || value === undefined ? [] : [[column, value]];
  });
  return found.length > 0 ? [found] : undefined;
}

function literalOf(value: Expression | undefined): string | undefined {
  const bare = value?.kind === "cast" ? value.arg : value;
  if (bare?.kind !== "literal") return undefined;
  return bare.value === null ? "NULL" : `'${String(bare.value)}'`;
}

/** What two ways of touching rows of one relation have to do with each other; undefined where the order cannot matter. */
export function rowConflict(
  one: RowAccess,
  other: RowAccess,
): { readonly verdict: "no" | "unknown"; readonly columns: readonly string[] } | undefined {
  const order: readonly RowAccess["mode"][] = [
    "insert",
    "update",
    "delete",
    "read",
    "validate",
    "guard",
    "parent",
    "rewrite",
    "release",
  ];
  const [a, b] = order.indexOf(one.mode) <= order.indexOf(other.mode) ? [one, other] : [other, one];
  if (disjoint(a, b)) return undefined;
  // What held until it was created again holds for any rows; only what happens to children of deleted rows may be another.
  if (b.held && !(b.mode === "parent" && a.mode === "delete")) return undefined;
  const no = (columns: readonly string[] = []): { readonly verdict: "no"; readonly columns: readonly string[] } => ({
    verdict: "no",
    columns,
  });
  const unknown = (
    columns: readonly string[] = [],
  ): { readonly verdict: "unknown"; readonly columns: readonly string[] } => ({ verdict: "unknown", columns });
  const shared = common(a.columns, b.columns);
  if (a.mode === "insert") {
    switch (b.mode) {
      case "insert": {
        const numbered = common(a.numbered, b.numbered);
        if (a.numbered && b.numbered && numbered.length > 0) return no(numbered);
        return a.upsert || b.upsert ? unknown() : undefined;
      }
      case "update":
        return no(b.columns);
      case "delete":
      case "read":
        return no(b.by ?? []);
      case "parent":
        return no(b.columns);
      case "guard":
      case "rewrite":
        return unknown(b.columns);
      case "release":
        return undefined;
      default:
        // A constraint that looks refuses the rows in either order.
        return a.upsert ? unknown(b.columns) : undefined;
    }
  }
  if (a.mode === "update") {
    const written = a.columns ?? [];
    switch (b.mode) {
      case "update": {
        const decides = [...common(written, b.by), ...common(a.by, b.columns)];
        if (shared.length > 0) return no(shared);
        return decides.length > 0 ? no(decides) : undefined;
      }
      case "delete":
        return common(written, b.by).length > 0 ? no(common(written, b.by)) : undefined;
      case "read":
        return b.columns === undefined || shared.length > 0 ? no(shared) : undefined;
      case "rewrite":
        if (b.computed && shared.length > 0) return no(shared);
        return shared.length > 0 || common(a.by, b.columns).length > 0 ? unknown(shared) : undefined;
      case "release":
        return shared.length > 0 ? no(shared) : undefined;
      default:
        return b.columns === undefined || shared.length > 0 ? no(shared) : undefined;
    }
  }
  if (a.mode === "delete") {
    switch (b.mode) {
      case "read":
      case "parent":
        return no(b.columns);
      case "release":
        return b.by ? no(b.by) : undefined;
      case "validate": {
        const about = common(a.by, b.columns);
        return a.by === undefined || a.by.length === 0 || about.length > 0 ? no(about) : unknown(b.columns);
      }
      case "rewrite":
        return common(a.by, b.columns).length > 0 ? unknown(b.columns) : undefined;
      default:
        return undefined;
    }
  }
  // A comparison that the old type has, the new one may lack.
  if (a.mode === "read" && b.mode === "rewrite")
    return a.columns === undefined || shared.length > 0 ? unknown(shared) : undefined;
  return undefined;
}

const common = (one: readonly string[] | undefined, other: readonly string[] | undefined): string[] =>
  one && other ? one.filter((name) => other.includes(name)) : [];

/** Fixed values show that no row is touched by both: each pair of rows differs in a column that neither changes. */
function disjoint(one: RowAccess, other: RowAccess): boolean {
  if (!one.values || !other.values || one.values.length === 0 || other.values.length === 0) return false;
  const inserts = [one, other].filter((each) => each.mode === "insert").length;
  // Two inserts conflict by their numbers, whatever the values.
  if (inserts === 2) return false;
  // What one change writes the other may then find; a row that is inserted is as it is.
  const changed = new Set(
    inserts === 1 ? [] : [one, other].flatMap((each) => (each.mode === "update" ? (each.columns ?? []) : [])),
  );
  return one.values.every((row) =>
    (other.values ?? []).every((next) =>
      row.some(
        ([column, value]) => !changed.has(column) && next.some(([name, its]) => name === column && its !== value),
      ),
    ),
  );
}
