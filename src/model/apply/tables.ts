import { SERIAL, storedType } from "../postgres/serial.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import { boundType } from "./bindings.ts";
import { addColumn } from "./columns.ts";
import { addConstraint } from "./additions.ts";
import { copyIndex, inherit } from "./inheritance.ts";
import { ownSequence, temporaryId } from "./sequences.ts";
import { type Birth, createdAs, resolve, resolveType } from "../catalog.ts";
import { partsOf } from "../../sql/names.ts";
import { boundView } from "./view-query.ts";
import { type MutableCatalog, type MutableRelation, assumed, newRelation } from "./catalog.ts";
import { indexesOf } from "../relatives.ts";
import { queryColumns, queryTables } from "../queries.ts";
import { isWhole } from "../presence.ts";

/** Tables and views that are made. */

export function createTable(catalog: MutableCatalog, operation: OperationOf<"createTable">, birth: Birth): void {
  const id =
    operation.persistence === "temporary" ? temporaryId(catalog, operation.table) : createdAs(catalog, operation.table);
  if (catalog.relations.has(id)) return;
  catalog.dropped.delete(id);
  const table = newRelation(
    id,
    operation.foreign ? "foreignTable" : operation.partitionedBy ? "partitioned" : "table",
    birth,
  );
  table.temporary = operation.persistence === "temporary";
  table.unlogged = operation.persistence === "unlogged";
  // What it names is looked up before it is there itself.
  const above = [...operation.inherits, ...(operation.partitionOf ? [operation.partitionOf] : [])]
    .map((name) => resolve(catalog, name))
    .filter((parent) => parent !== id);
  const likes = operation.like.map((like) => ({ ...like, table: partsOf(resolve(catalog, like.table)) }));
  const definitions = operation.columns.map((each) => ({ ...each, type: boundType(catalog, each.type) }));
  catalog.relations.set(id, table);
  // The attributes of a type are not kept.
  if (operation.of) {
    table.complete = false;
    table.of = resolveType(catalog, operation.of);
  }
  if (operation.partitionedBy) table.partitionKey = operation.partitionedBy;
  for (const source of above) {
    const parent = catalog.relations.get(source);
    if (!isWhole(parent)) table.complete = false;
    for (const { local: _local, ...column } of parent?.columns.values() ?? [])
      table.columns.set(column.name, { ...column, birth });
  }
  for (const source of above) {
    const parent = assumed(catalog, source, operation.partitionOf ? "partitioned" : "table");
    parent.children.add(id);
    table.parents.add(parent.id);
    if (operation.partitionDefault) parent.defaultPartition = id;
    inherit(catalog, parent, table, birth);
  }
  if (operation.as) {
    const own = operation.asColumns ?? [];
    const columns = queryColumns(catalog, operation.as);
    if (!columns) table.complete = false;
    for (const name of [...own, ...(columns ?? []).slice(own.length)])
      table.columns.set(name, { name, notNull: false, identity: false, birth });
    table.filledIn = catalog.deployment;
  }
  // Columns are in the order in which they are written, those of LIKE in their midst.
  const copyBefore = (at: number): void => {
    for (const like of likes) if (like.before === at) copyTable(catalog, table, like, birth);
  };
  definitions.forEach((definition, at) => {
    copyBefore(at);
    addColumn(catalog, table, definition, birth);
  });
  copyBefore(operation.columns.length);
  const constraints = [...operation.columns.flatMap((column) => column.constraints), ...operation.constraints];
  // Keys first, as PostgreSQL does: a foreign key of the table to itself needs its primary key.
  for (const constraint of [...constraints].sort(
    (a, b) => Number(a.type === "foreignKey") - Number(b.type === "foreignKey"),
  ))
    addConstraint(catalog, table, constraint.type, constraint as never, birth);
}

/** LIKE: columns and NOT NULL always, the rest as it is asked for. */
function copyTable(
  catalog: MutableCatalog,
  table: MutableRelation,
  { table: name, including }: OperationOf<"createTable">["like"][number],
  birth: Birth,
): void {
  const source = catalog.relations.get(resolve(catalog, name));
  if (!isWhole(source)) table.complete = false;
  if (!source) return;
  const asked = (what: (typeof including)[number]) => including.includes("all") || including.includes(what);
  for (const {
    default: value,
    generated,
    identity,
    always,
    defaultOf: _defaultOf,
    type,
    ...column
  } of source.columns.values()) {
    table.columns.set(column.name, {
      ...column,
      ...(type && { type: storedType(type) }),
      identity: identity && asked("identity"),
      ...(always && asked("identity") && { always }),
      ...(asked("defaults") &&
        (value ?? (type && type.name in SERIAL)) && {
          default: value ?? { kind: "call" as const, name: "nextval", args: [] },
        }),
      ...(generated && asked("generated") && { generated }),
      birth,
    });
    if (identity && asked("identity")) ownSequence(catalog, table, { name: column.name, identity }, birth);
  }
  for (const constraint of source.constraints.values()) {
    if (constraint.type === "check" && asked("constraints"))
      table.constraints.set(constraint.name, { ...constraint, birth });
    else if ((constraint.type === "primaryKey" || constraint.type === "unique") && asked("indexes"))
      addConstraint(catalog, table, constraint.type, { columns: constraint.columns, parentColumns: [] }, birth);
  }
  if (asked("indexes"))
    for (const index of indexesOf(catalog, source))
      if (index.constraint === undefined) copyIndex(catalog, table, index, birth);
}

export function createView(catalog: MutableCatalog, operation: OperationOf<"createView">, birth: Birth): void {
  const id = operation.temporary ? temporaryId(catalog, operation.view) : createdAs(catalog, operation.view);
  const old = catalog.relations.get(id);
  if (old && (!operation.replace || (old.kind !== "view" && old.birth))) return;
  // What is on the view stays: triggers, rules, views over it.
  const view = old ?? newRelation(id, operation.materialized ? "materializedView" : "view", birth);
  view.kind = operation.materialized ? "materializedView" : "view";
  view.complete = true;
  view.birth ??= birth;
  if (old) view.replaced = birth;
  view.temporary = operation.temporary;
  view.query = boundView(catalog, operation.query);
  view.uses = new Set(queryTables(view.query).map((name) => resolve(catalog, name)));
  const columns = operation.columns.length > 0 ? operation.columns : queryColumns(catalog, operation.query);
  if (!columns) view.complete = false;
  for (const name of columns ?? [])
    if (!view.columns.has(name)) view.columns.set(name, { name, notNull: false, identity: false, birth });
  catalog.dropped.delete(id);
  catalog.relations.set(id, view);
}
