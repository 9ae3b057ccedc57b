import { storedType } from "../postgres/serial.ts";
import type { Expression } from "../../sql/expression.ts";
import type { Name } from "../../sql/names.ts";
import type { ColumnDefinition } from "../../sql/operation/tables.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import { doubtDependents } from "./doubts.ts";
import { addConstraint, releasedKey } from "./additions.ts";
import { removeRelation, removeViews } from "./relations.ts";
import { ownAnew, ownSequence, ownedSequences } from "./sequences.ts";
import { type Birth, resolve, resolveType } from "../catalog.ts";
import { bound, boundType } from "./bindings.ts";
import type { MutableCatalog, MutableColumn, MutableRelation } from "./catalog.ts";
import { viewsOn } from "../relatives.ts";
import { mentionedColumns } from "../queries.ts";
import { viewsUsing } from "../views.ts";
import { readsColumn, withColumn, withOwnColumn, withRowColumn } from "../rewriting.ts";
import { isWhole } from "../presence.ts";

/** Columns coming into the catalog, changing and going out of it. */

type ColumnOperation = OperationOf<
  | "addColumn"
  | "dropColumn"
  | "renameColumn"
  | "alterColumnType"
  | "setDefault"
  | "dropDefault"
  | "setNotNull"
  | "dropNotNull"
  | "setExpression"
  | "dropExpression"
  | "addIdentity"
  | "setIdentity"
  | "dropIdentity"
>;

export function addColumn(
  catalog: MutableCatalog,
  table: MutableRelation,
  definition: ColumnDefinition,
  birth: Birth,
): void {
  const inherited = table.columns.get(definition.name);
  const made = newColumn(catalog, definition, birth);
  // A column that the table has from a parent or its type is the same one: what is said of it here is added.
  table.columns.set(
    definition.name,
    inherited
      ? {
          ...inherited,
          ...made,
          ...(inherited.type && { type: inherited.type }),
          notNull: made.notNull || inherited.notNull,
          default: made.default ?? inherited.default,
          generated: made.generated ?? inherited.generated,
          ...(table.parents.size > 0 &&
            table.of === undefined &&
            !isPartition(catalog, table) && { local: true as const }),
        }
      : made,
  );
  ownSequence(catalog, table, definition, birth);
  // Before PostgreSQL 18 a NOT NULL has no name.
  if (definition.notNullName !== undefined) catalog.doubtful.add(`${table.id}.${definition.notNullName}`);
}

/** Its columns come and go with those of its parent. */
const isPartition = (catalog: MutableCatalog, table: MutableRelation): boolean =>
  [...table.parents].some((parent) => catalog.relations.get(parent)?.kind === "partitioned");

/** Takes a column away here and from the children that have it from here alone; with ONLY it becomes theirs. */
export function dropColumnBelow(
  catalog: MutableCatalog,
  table: MutableRelation,
  operation: OperationOf<"dropColumn">,
  birth: Birth,
): void {
  const { column: name } = operation;
  applyColumn(catalog, table, operation, birth);
  for (const id of [...table.children]) {
    const child = catalog.relations.get(id);
    const column = child?.columns.get(name);
    if (!child || !column) continue;
    const others = [...child.parents].some(
      (other) => other !== table.id && catalog.relations.get(other)?.columns.has(name),
    );
    if (operation.only && table.kind !== "partitioned") {
      if (others) column.local = true;
      else delete column.local;
    } else if (others) continue;
    else if (column.local) delete column.local;
    else dropColumnBelow(catalog, child, operation, birth);
  }
}

export function applyColumn(
  catalog: MutableCatalog,
  table: MutableRelation,
  operation: ColumnOperation,
  birth: Birth,
): void {
  if (operation.kind === "addColumn") {
    const known = table.columns.get(operation.column.name);
    // A child that has it keeps its own, which is the parent's too from now on.
    if (known && table.parents.size > 0) known.local = true;
    if (known) return;
    addColumn(catalog, table, operation.column, birth);
    for (const constraint of operation.column.constraints)
      addConstraint(catalog, table, constraint.type, constraint as never, birth);
    return;
  }
  if (operation.kind === "dropColumn") {
    if (operation.cascade) dropColumn(catalog, table, operation.column);
    else removeColumn(catalog, table, operation.column);
    return;
  }
  const column = table.columns.get(operation.column);
  if (operation.kind === "renameColumn") {
    const { partitionKey } = table;
    if (partitionKey)
      table.partitionKey = partitionKey.map((name) => (name === operation.column ? operation.to : name));
    if (column) renameColumn(catalog, table, column.name, operation.to);
    else
      table.columns.set(operation.to, {
        name: operation.to,
        notNull: "unknown",
        identity: false,
        renamedIn: catalog.deployment,
      });
    return;
  }
  const known = column ?? { name: operation.column, notNull: "unknown" as const, identity: false };
  if (!column && !isWhole(table)) table.columns.set(operation.column, known);
  const target = column ?? table.columns.get(operation.column);
  if (!target) return;
  switch (operation.kind) {
    case "alterColumnType":
      if (target.default !== undefined && target.type && catalog.types.has(resolveType(catalog, target.type)))
        target.defaultOf ??= resolveType(catalog, target.type);
      target.type = boundType(catalog, operation.type);
      table.retypedIn = catalog.deployment;
      target.retypedIn = catalog.deployment;
      return;
    case "setDefault":
      notSerial(target);
      target.default = bound(catalog, operation.value);
      delete target.defaultOf;
      return;
    case "dropDefault":
      notSerial(target);
      delete target.default;
      delete target.defaultOf;
      return;
    case "setNotNull":
    case "dropNotNull":
      if (operation.kind === "setNotNull" && target.notNull !== true) target.requiredIn = catalog.deployment;
      target.notNull = operation.kind === "setNotNull";
      for (const { name, type, columns } of target.notNull ? [] : [...table.constraints.values()])
        if (type === "notNull" && columns.includes(target.name)) table.constraints.delete(name);
      return;
    case "setExpression":
      target.generated = {
        stored: target.generated?.stored ?? true,
        expression: bound(catalog, operation.expression),
      };
      return;
    case "dropExpression":
      delete target.generated;
      return;
    case "setIdentity":
      // SET GENERATED may say either.
      delete target.always;
      return;
    case "addIdentity":
    case "dropIdentity":
      target.identity = operation.kind === "addIdentity";
      delete target.always;
      if (operation.kind === "addIdentity")
        ownSequence(catalog, table, { name: target.name, identity: true, sequence: operation.sequence }, birth);
      else for (const sequence of ownedSequences(catalog, table, target.name)) removeRelation(catalog, sequence.id);
      return;
    default:
      operation satisfies never;
  }
}

/** A serial column is an integer with a default: without that one it no longer needs its sequence. */
function notSerial(column: MutableColumn): void {
  if (column.type) column.type = storedType(column.type);
}

/** Takes a column away with what depends on it: indexes, constraints, foreign keys of others (CASCADE). */
function removeColumn(catalog: MutableCatalog, table: MutableRelation, name: string): void {
  for (const sequence of ownedSequences(catalog, table, name)) removeRelation(catalog, sequence.id);
  table.columns.delete(name);
  for (const constraint of [...table.constraints.values()])
    if (constraint.columns.includes(name)) {
      table.constraints.delete(constraint.name);
      table.released.push({ ...constraint, in: catalog.deployment, withColumn: true });
    }
  for (const index of [...table.indexes].flatMap((id) => catalog.indexes.get(id) ?? [])) {
    if (index.columns.includes(name) || index.include.includes(name) || index.mentions.includes(name)) {
      catalog.indexes.delete(index.id);
      catalog.dropped.add(index.id);
      table.indexes.delete(index.id);
      const released = releasedKey(index, catalog.deployment);
      if (released) table.released.push({ ...released, withColumn: true });
    }
  }
  for (const other of catalog.relations.values()) {
    for (const constraint of [...other.constraints.values()])
      if (constraint.parent === table.id && constraint.parentColumns?.includes(name))
        other.constraints.delete(constraint.name);
  }
}

function renameColumn(catalog: MutableCatalog, table: MutableRelation, from: string, to: string): void {
  ownAnew(catalog, table, table.id, from, to);
  const renamed = (names: readonly (string | null)[]) => names.map((name) => (name === from ? to : name));
  // The order of columns is kept: a positional INSERT depends on it.
  table.columns = new Map(
    [...table.columns].map(([name, column]) =>
      name === from ? [to, Object.assign(column, { name: to, renamedIn: catalog.deployment })] : [name, column],
    ),
  );
  const is = (name: Name) => resolve(catalog, name) === table.id;
  const under = (expression: Expression): Expression => withOwnColumn(expression, { name: table.name, is }, from, to);
  for (const constraint of [...table.constraints.values(), ...table.released]) {
    constraint.columns = renamed(constraint.columns) as string[];
    if (constraint.expression) constraint.expression = under(constraint.expression);
  }
  for (const index of [...table.indexes].flatMap((id) => catalog.indexes.get(id) ?? [])) {
    index.columns = renamed(index.columns);
    index.include = renamed(index.include) as string[];
    index.mentions = renamed(index.mentions) as string[];
    if (index.where) index.where = under(index.where);
  }
  for (const column of table.columns.values())
    if (column.generated) column.generated = { ...column.generated, expression: under(column.generated.expression) };
  for (const [name, { using, check }] of table.policies)
    table.policies.set(name, { ...(using && { using: under(using) }), ...(check && { check: under(check) }) });
  for (const [name, trigger] of table.triggers)
    table.triggers.set(name, {
      ...trigger,
      columns: renamed(trigger.columns) as string[],
      // NEW and OLD are its rows.
      when: trigger.when && withRowColumn(trigger.when, from, to),
    });
  for (const view of viewsOn(catalog, table.id)) if (view.query) view.query = withColumn(view.query, is, from, to);
  for (const other of catalog.relations.values()) {
    for (const constraint of [...other.constraints.values(), ...other.released])
      if (constraint.parent === table.id && constraint.parentColumns)
        constraint.parentColumns = renamed(constraint.parentColumns) as string[];
  }
}

/** DROP COLUMN … CASCADE: views that read it and columns that are computed from it go too, policies and triggers with its name. */
export function dropColumn(catalog: MutableCatalog, table: MutableRelation, name: string): void {
  const reads = (expression: Expression | undefined) => mentionedColumns(expression).includes(name);
  for (const [policy, { using, check }] of table.policies)
    if (reads(using) || reads(check)) table.policies.delete(policy);
  for (const [trigger, { columns, when }] of table.triggers)
    if (columns.includes(name) || reads(when)) table.triggers.delete(trigger);
  // What rules do with columns is not kept, nor which table a name in a subquery means.
  for (const rule of table.rules.keys()) catalog.doubtful.add(`${table.id}.${rule}`);
  doubtDependents(catalog, {
    part: () => false,
    query: (query) => readsColumn(query, (each) => resolve(catalog, each) === table.id, name),
  });
  for (const view of viewsUsing(catalog, table, name)) {
    removeViews(catalog, view.id);
    removeRelation(catalog, view.id);
  }
  const computed = [...table.columns.values()].filter(
    ({ generated }) => generated && mentionedColumns(generated.expression).includes(name),
  );
  removeColumn(catalog, table, name);
  for (const column of computed) dropColumn(catalog, table, column.name);
}

function newColumn(catalog: MutableCatalog, definition: ColumnDefinition, birth?: Birth): MutableColumn {
  return {
    name: definition.name,
    ...(definition.type.name !== "" && { type: boundType(catalog, definition.type) }),
    notNull: definition.notNull,
    default: definition.default && bound(catalog, definition.default),
    identity: definition.identity !== undefined,
    ...(definition.identity === "always" && { always: true as const }),
    generated: definition.generated && {
      ...definition.generated,
      expression: bound(catalog, definition.generated.expression),
    },
    birth,
  };
}
