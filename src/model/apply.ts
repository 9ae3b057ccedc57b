import type { TypeName } from "../sql/expression.ts";
import type { Operation, OperationOf } from "../sql/operation.ts";
import { type Birth, type Catalog, type Relation, assumed, createdAs, creationSchema, indexesOf, newColumn, newRelation, objectName, resolve, resolveType, settled, viewsOn } from "./catalog.ts";
import { addConstraint, applyConstraint, copyIndex, disinherit, inherit } from "./apply-constraints.ts";
import { type RelationId } from "./effects.ts";
import { viewsUsing } from "./predict/columns.ts";
import { mentionedColumns, queryColumns, queryTables } from "./queries.ts";

/**
 * Folds one operation into the catalog. What contradicts the catalog changes nothing: whether that is a failure is
 * said elsewhere (contradictions.ts), here it only must not make the catalog wrong.
 */
export function apply(catalog: Catalog, operation: Operation, birth: Birth): void {
  if (operation.body?.in === "function") return;
  if (operation.body?.conditional || operation.body?.loop || operation.body?.guarded) for (const id of named(catalog, operation)) catalog.doubtful.add(id);
  if ("ifTableExists" in operation && operation.ifTableExists && !isThere(catalog, resolve(catalog, operation.table))) return;
  switch (operation.kind) {
    case "createSchema":
      catalog.schemas.add(operation.name);
      return;
    case "dropSchema":
      for (const id of [...catalog.relations.keys()]) if (id.startsWith(`${operation.name}.`)) {
        removeViews(catalog, id);
        removeRelation(catalog, id);
      }
      for (const id of [...catalog.types.keys()]) if (id.startsWith(`${operation.name}.`)) dropType(catalog, id);
      catalog.schemas.delete(operation.name);
      return;
    case "renameSchema":
      renameSchema(catalog, operation.name, operation.to);
      return;
    case "createExtension":
      catalog.extensions.add(operation.name);
      return;
    case "createEnum":
    case "createDomain":
    case "createType":
    case "addEnumValue":
    case "renameEnumValue":
    case "alterDomain":
    case "dropType":
    case "renameType":
    case "setTypeSchema":
      applyType(catalog, operation, birth);
      return;
    case "createSequence": {
      const id = createdAs(catalog, operation.sequence);
      catalog.dropped.delete(id);
      if (!catalog.relations.has(id)) catalog.relations.set(id, { ...newRelation(...split(id), "sequence", birth), temporary: operation.temporary, ...owner(catalog, operation) });
      return;
    }
    case "alterSequence": {
      const sequence = catalog.relations.get(resolve(catalog, operation.sequence));
      if (sequence) Object.assign(sequence, owner(catalog, operation));
      return;
    }
    case "createTable":
      createTable(catalog, operation, birth);
      return;
    case "dropTable":
      dropTable(catalog, operation);
      return;
    case "renameTable":
      renameRelation(catalog, operation);
      return;
    case "setTableSchema": {
      const id = resolve(catalog, operation.table);
      if (operation.ifExists && !catalog.relations.has(id)) return;
      moveRelation(catalog, id, operation.schema, id.slice(id.indexOf(".") + 1));
      return;
    }
    case "truncate": {
      const table = assumed(catalog, resolve(catalog, operation.table));
      table.truncatedBy = birth;
      return;
    }
    case "addColumn":
    case "dropColumn":
    case "renameColumn":
    case "alterColumnType":
    case "setDefault":
    case "dropDefault":
    case "setNotNull":
    case "dropNotNull":
    case "setExpression":
    case "dropExpression":
    case "addIdentity":
    case "dropIdentity":
      for (const table of family(catalog, operation)) applyColumn(catalog, table, operation, birth);
      return;
    case "addForeignKey":
    case "addCheck":
    case "addUnique":
    case "addPrimaryKey":
    case "addExclusion":
    case "addNotNull":
    case "dropConstraint":
    case "validateConstraint":
    case "renameConstraint":
    case "createIndex":
    case "dropIndex":
      applyConstraint(catalog, operation, birth);
      return;
    case "attachPartition":
    case "detachPartition": {
      const parent = assumed(catalog, resolve(catalog, operation.table), "partitioned");
      const child = assumed(catalog, resolve(catalog, operation.partition));
      if (operation.kind === "attachPartition") {
        parent.children.add(child.id);
        child.parents.add(parent.id);
        if (operation.default) parent.defaultPartition = child.id;
        inherit(catalog, parent, child, birth);
      } else {
        disinherit(catalog, parent, child);
        if (parent.defaultPartition === child.id) delete parent.defaultPartition;
        parent.children.delete(child.id);
        child.parents.delete(parent.id);
      }
      return;
    }
    case "alterTable":
      if (operation.action === "inherit" && operation.subject !== undefined) {
        const parent = assumed(catalog, resolve(catalog, { name: operation.subject }));
        const child = assumed(catalog, resolve(catalog, operation.table));
        parent.children.add(child.id);
        child.parents.add(parent.id);
        inherit(catalog, parent, child, birth);
      } else if (operation.action === "noInherit" && operation.subject !== undefined) {
        const parent = assumed(catalog, resolve(catalog, { name: operation.subject }));
        const child = assumed(catalog, resolve(catalog, operation.table));
        parent.children.delete(child.id);
        child.parents.delete(parent.id);
        disinherit(catalog, parent, child);
      } else if (operation.action === "setLogged" || operation.action === "setUnlogged") assumed(catalog, resolve(catalog, operation.table)).unlogged = operation.action === "setUnlogged";
      else if (operation.object === "table") assumed(catalog, resolve(catalog, operation.table));
      return;
    case "createView":
      createView(catalog, operation, birth);
      return;
    case "createFunction":
      catalog.functions.set(createdAs(catalog, operation.function), {
        id: createdAs(catalog, operation.function),
        volatility: operation.volatility,
        language: operation.language,
        operations: operation.operations,
        birth,
      });
      return;
    case "createTrigger":
      assumed(catalog, resolve(catalog, operation.table)).triggers.set(operation.name, resolve(catalog, operation.function));
      return;
    case "createPolicy":
      assumed(catalog, resolve(catalog, operation.table)).policies.add(operation.name);
      return;
    case "createRule":
      assumed(catalog, resolve(catalog, operation.table)).rules.set(operation.name, { event: operation.event, nothing: operation.instead && !operation.conditional && operation.actions.length === 0, changes: operation.actions.flatMap((action) => ("change" in action ? [action.change] : [])) });
      return;
    case "createStatistics":
      catalog.statistics.set(createdAs(catalog, { name: operation.name }), resolve(catalog, operation.table));
      return;
    case "publication": {
      const tables = operation.tables.map((name) => resolve(catalog, name));
      const old = catalog.publications.get(operation.name) ?? new Set<RelationId>();
      if (operation.create || operation.action === "set") catalog.publications.set(operation.name, new Set(tables));
      else if (operation.action === "add") catalog.publications.set(operation.name, new Set([...old, ...tables]));
      else catalog.publications.set(operation.name, new Set([...old].filter((id) => !tables.includes(id))));
      return;
    }
    case "dropObject":
      dropObject(catalog, operation);
      return;
    case "insertRows": {
      const table = assumed(catalog, resolve(catalog, operation.table));
      table.filledIn = catalog.deployment;
      return;
    }
    case "copy":
      if (operation.table && operation.direction === "from") assumed(catalog, resolve(catalog, operation.table)).filledIn = catalog.deployment;
      return;
    case "updateRows": {
      const table = assumed(catalog, resolve(catalog, operation.table));
      for (const { column } of operation.change.set) {
        const known = table.columns.get(column);
        if (known) known.filledIn = catalog.deployment;
      }
      return;
    }
    case "deleteRows":
    case "mergeRows":
    case "lockTable":
      assumed(catalog, resolve(catalog, operation.table));
      return;
    case "set":
      applySetting(catalog, operation, birth);
      return;
    case "transaction":
      // What the transaction had made is gone again; which of it is not kept track of.
      if (catalog.searchPathBefore && (operation.action === "commit" || operation.action === "rollback" || operation.action === "prepare")) {
        catalog.searchPath = catalog.searchPathBefore;
        delete catalog.searchPathBefore;
      }
      if (operation.action === "rollback" || operation.action === "rollbackTo") catalog.tainted = true;
      return;
    case "opaque":
      // A DO block's EXECUTE may have changed anything.
      catalog.tainted = true;
      return;
    case "call":
    case "select":
      return;
  }
}

/** OWNED BY of a sequence. */
const owner = (catalog: Catalog, { ownedBy }: OperationOf<"createSequence" | "alterSequence">) => (ownedBy ? { ownedBy: { table: resolve(catalog, ownedBy.table), column: ownedBy.column } } : {});

const isThere = (catalog: Catalog, id: RelationId) => catalog.relations.has(id) || catalog.indexes.has(id);

/** The objects that an operation names. */
function named(catalog: Catalog, operation: Operation): RelationId[] {
  const ids: RelationId[] = [];
  if ("table" in operation && operation.table) ids.push(resolve(catalog, operation.table));
  if ("type" in operation) ids.push(resolveType(catalog, operation.type));
  if ("index" in operation && typeof operation.index === "object") ids.push(resolve(catalog, operation.index));
  if ("view" in operation) ids.push(resolve(catalog, operation.view));
  if ("sequence" in operation) ids.push(resolve(catalog, operation.sequence));
  if (operation.kind === "dropObject") ids.push(resolve(catalog, operation.name));
  if (operation.kind === "createIndex" && operation.name !== undefined) ids.push(resolve(catalog, { ...(operation.table.schema !== undefined && { schema: operation.table.schema }), name: operation.name }));
  if (operation.kind === "renameTable" || operation.kind === "renameType") ids.push(resolve(catalog, { name: operation.to }));
  return ids;
}

const split = (id: RelationId): [string, string] => [id.slice(0, id.indexOf(".")), id.slice(id.indexOf(".") + 1)];

/** The table of an ALTER TABLE with its partitions and inheritance children. */
function family(catalog: Catalog, operation: { readonly table: { readonly schema?: string; readonly name: string }; readonly only?: boolean }): Relation[] {
  const table = assumed(catalog, resolve(catalog, operation.table));
  if (operation.only) return [table];
  const all = [table];
  for (const each of all) for (const child of each.children) if (catalog.relations.has(child)) all.push(assumed(catalog, child));
  return all;
}

type TypeOperation = OperationOf<"createEnum" | "createDomain" | "createType" | "addEnumValue" | "renameEnumValue" | "alterDomain" | "dropType" | "renameType" | "setTypeSchema">;

function applyType(catalog: Catalog, operation: TypeOperation, birth: Birth): void {
  if (operation.kind === "createEnum" || operation.kind === "createDomain" || operation.kind === "createType") {
    const id = createdAs(catalog, operation.type);
    if (catalog.types.has(id)) return;
    const [schema, name] = split(id);
    const base = { id, schema, name, values: [] as string[], notNull: false, checks: new Map(), birth, added: new Map() };
    if (operation.kind === "createEnum") catalog.types.set(id, { ...base, kind: "enum", values: [...operation.values] });
    else if (operation.kind === "createType") catalog.types.set(id, { ...base, kind: operation.form });
    else {
      const checks = new Map(operation.checks.map((check, i) => [check.name ?? `${name}_check${i === 0 ? "" : i}`, { validated: true, check }]));
      catalog.types.set(id, { ...base, kind: "domain", base: operation.base, notNull: operation.notNull, checks, ...(operation.default && { default: operation.default }) });
    }
    return;
  }
  const id = resolveType(catalog, operation.type);
  const type = catalog.types.get(id);
  if (!type) {
    if (operation.kind === "dropType") {
      // DROP TYPE also names the row type of nothing else; DROP DOMAIN comes here too.
      catalog.dropped.add(id);
    }
    return;
  }
  switch (operation.kind) {
    case "addEnumValue": {
      if (type.values.includes(operation.value)) return;
      const next = operation.before !== undefined ? type.values.indexOf(operation.before) : operation.after !== undefined ? type.values.indexOf(operation.after) + 1 : type.values.length;
      type.values.splice(next < 0 ? type.values.length : next, 0, operation.value);
      type.added.set(operation.value, birth);
      return;
    }
    case "renameEnumValue":
      type.values = type.values.map((value) => (value === operation.value ? operation.to : value));
      return;
    case "alterDomain": {
      const name = operation.constraint ?? `${type.name}_check`;
      if (operation.action === "addCheck" && operation.check) type.checks.set(name, { validated: !operation.check.notValid, check: operation.check });
      else if (operation.action === "dropConstraint") type.checks.delete(name);
      else if (operation.action === "validate") {
        const known = type.checks.get(name);
        if (known) type.checks.set(name, { ...known, validated: true });
      } else if (operation.action === "setNotNull" || operation.action === "dropNotNull") type.notNull = operation.action === "setNotNull";
      return;
    }
    case "dropType":
      if (operation.cascade) dropType(catalog, id);
      catalog.types.delete(id);
      catalog.dropped.add(id);
      return;
    case "renameType":
    case "setTypeSchema": {
      const schema = operation.kind === "setTypeSchema" ? operation.schema : type.schema;
      const name = operation.kind === "renameType" ? operation.to : type.name;
      const renamed = `${schema}.${name}`;
      // Columns name their types as they were written, so they are renamed with it.
      for (const relation of catalog.relations.values()) {
        for (const column of relation.columns.values()) if (column.type && resolveType(catalog, column.type) === id) column.type = { ...column.type, schema, name };
      }
      catalog.types.delete(id);
      catalog.dropped.add(id);
      catalog.dropped.delete(renamed);
      catalog.types.set(renamed, Object.assign(type, { id: renamed, schema, name }));
      return;
    }
  }
}

/** A type goes with the columns of it, the domains over it and the defaults that were written for it. */
function dropType(catalog: Catalog, id: string): void {
  for (const relation of catalog.relations.values()) for (const column of [...relation.columns.values()]) {
    if (column.type && resolveType(catalog, column.type) === id) dropColumn(catalog, relation, column.name);
    if (column.defaultOf !== id) continue;
    delete column.default;
    delete column.defaultOf;
  }
  for (const domain of [...catalog.types.values()]) if (domain.base && resolveType(catalog, domain.base) === id) dropType(catalog, domain.id);
  catalog.types.delete(id);
  catalog.dropped.add(id);
}

/** DROP COLUMN … CASCADE: views that read it and columns that are computed from it go too. */
function dropColumn(catalog: Catalog, table: Relation, name: string): void {
  for (const view of viewsUsing(catalog, table, name)) {
    removeViews(catalog, view.id);
    removeRelation(catalog, view.id);
  }
  const computed = [...table.columns.values()].filter(({ generated }) => generated && mentionedColumns(generated.expression).includes(name));
  removeColumn(catalog, table, name);
  for (const column of computed) dropColumn(catalog, table, column.name);
}

function createTable(catalog: Catalog, operation: OperationOf<"createTable">, birth: Birth): void {
  const id = operation.persistence === "temporary" ? `pg_temp.${operation.table.name}` : createdAs(catalog, operation.table);
  if (catalog.relations.has(id)) return;
  catalog.dropped.delete(id);
  const table = newRelation(...split(id), operation.foreign ? "foreignTable" : operation.partitionedBy ? "partitioned" : "table", birth);
  table.temporary = operation.persistence === "temporary";
  table.unlogged = operation.persistence === "unlogged";
  if (table.temporary && !catalog.searchPath.includes("pg_temp")) catalog.searchPath = ["pg_temp", ...catalog.searchPath];
  catalog.relations.set(id, table);
  const sources = [...operation.inherits, ...(operation.partitionOf ? [operation.partitionOf] : [])];
  for (const source of sources) {
    const parent = catalog.relations.get(resolve(catalog, source));
    if (!parent?.complete) table.complete = false;
    for (const column of parent?.columns.values() ?? []) table.columns.set(column.name, { ...column, birth });
  }
  for (const parentName of [...operation.inherits, ...(operation.partitionOf ? [operation.partitionOf] : [])]) {
    const parent = assumed(catalog, resolve(catalog, parentName), operation.partitionOf ? "partitioned" : "table");
    parent.children.add(id);
    table.parents.add(parent.id);
    if (operation.partitionDefault) parent.defaultPartition = id;
    inherit(catalog, parent, table, birth);
  }
  for (const like of operation.like) copyTable(catalog, table, like, birth);
  if (operation.as) {
    const columns = queryColumns(catalog, operation.as);
    if (!columns) table.complete = false;
    for (const name of columns ?? []) table.columns.set(name, { name, notNull: false, identity: false, birth });
    table.filledIn = catalog.deployment;
  }
  for (const definition of operation.columns) {
    table.columns.set(definition.name, newColumn(catalog, definition, birth));
    ownSequence(catalog, table, definition, birth);
  }
  const constraints = [...operation.columns.flatMap((column) => column.constraints), ...operation.constraints];
  // Keys first, as PostgreSQL does: a foreign key of the table to itself needs its primary key.
  for (const constraint of [...constraints].sort((a, b) => Number(a.type === "foreignKey") - Number(b.type === "foreignKey"))) addConstraint(catalog, table, constraint.type, constraint as never, birth);
}

/** LIKE: columns and NOT NULL always, the rest as it is asked for. */
function copyTable(catalog: Catalog, table: Relation, { table: name, including }: OperationOf<"createTable">["like"][number], birth: Birth): void {
  const source = catalog.relations.get(resolve(catalog, name));
  if (!source?.complete) table.complete = false;
  if (!source) return;
  const asked = (what: (typeof including)[number]) => including.includes("all") || including.includes(what);
  for (const { default: value, generated, identity, defaultOf: _defaultOf, type, ...column } of source.columns.values()) {
    table.columns.set(column.name, {
      ...column,
      ...(type && { type: { ...type, name: SERIAL[type.name] ?? type.name } }),
      identity: identity && asked("identity"),
      ...(asked("defaults") && (value ?? (type && type.name in SERIAL)) && { default: value ?? { kind: "call" as const, name: "nextval", args: [] } }),
      ...(generated && asked("generated") && { generated }),
      birth,
    });
    if (identity && asked("identity")) ownSequence(catalog, table, { name: column.name, identity }, birth);
  }
  for (const constraint of source.constraints.values()) {
    if (constraint.type === "check" && asked("constraints")) table.constraints.set(constraint.name, { ...constraint, birth });
    else if ((constraint.type === "primaryKey" || constraint.type === "unique") && asked("indexes")) addConstraint(catalog, table, constraint.type, { columns: constraint.columns, parentColumns: [] }, birth);
  }
  if (asked("indexes")) for (const index of indexesOf(catalog, source)) if (index.constraint === undefined) copyIndex(catalog, table, index, birth);
}

const SERIAL: Readonly<Record<string, string>> = { serial: "int4", bigserial: "int8", smallserial: "int2" };

function ownSequence(catalog: Catalog, table: Relation, column: { readonly name: string; readonly identity?: unknown; readonly type?: TypeName }, birth: Birth): void {
  if (column.identity === undefined && !/serial$/.test(column.type?.name ?? "")) return;
  const wanted = objectName(table.name, column.name, "seq");
  let name = wanted;
  for (let i = 1; isThere(catalog, `${table.schema}.${name}`); i++) name = `${wanted}${i}`;
  catalog.relations.set(`${table.schema}.${name}`, { ...newRelation(table.schema, name, "sequence", birth), temporary: table.temporary, ownedBy: { table: table.id, column: column.name } });
}

function ownedSequences(catalog: Catalog, table: Relation, column?: string): Relation[] {
  return [...catalog.relations.values()].filter(({ ownedBy }) => ownedBy?.table === table.id && (column === undefined || ownedBy.column === column));
}

/** ALTER TABLE moves or renames a table: what is said of it is said under the new name. */
function ownAnew(catalog: Catalog, table: Relation, to: RelationId, from?: string, column?: string): void {
  for (const sequence of ownedSequences(catalog, table, from)) sequence.ownedBy = { table: to, column: column ?? sequence.ownedBy?.column ?? "" };
}

/** Takes a relation away with its indexes, and what pointed at it. */
export function removeRelation(catalog: Catalog, id: RelationId): void {
  const relation = catalog.relations.get(id);
  catalog.dropped.add(id);
  if (!relation) return;
  for (const index of relation.indexes) {
    catalog.indexes.delete(index);
    catalog.dropped.add(index);
  }
  for (const child of relation.children) {
    const known = catalog.relations.get(child);
    known?.parents.delete(id);
    if (known && relation.kind === "partitioned") removeRelation(catalog, child);
  }
  for (const parent of relation.parents) catalog.relations.get(parent)?.children.delete(id);
  catalog.relations.delete(id);
  for (const sequence of ownedSequences(catalog, relation)) removeRelation(catalog, sequence.id);
  for (const other of catalog.relations.values()) for (const constraint of other.constraints.values()) if (constraint.parent === id) other.constraints.delete(constraint.name);
}

function dropTable(catalog: Catalog, operation: OperationOf<"dropTable">): void {
  const id = resolve(catalog, operation.table);
  if (operation.cascade) {
    for (const child of catalog.relations.get(id)?.children ?? []) dropTable(catalog, { ...operation, table: nameOf(child) });
    removeViews(catalog, id);
  }
  if (catalog.relations.has(id) || !operation.ifExists) removeRelation(catalog, id);
}

/** Views that read it go with it, and those that read them. */
function removeViews(catalog: Catalog, id: RelationId): void {
  for (const view of viewsOn(catalog, id)) removeRelation(catalog, view.id);
}

const nameOf = (id: RelationId) => {
  const [schema, name] = split(id);
  return { schema, name };
};

function renameRelation(catalog: Catalog, operation: OperationOf<"renameTable">): void {
  const id = resolve(catalog, operation.table);
  const index = catalog.indexes.get(id);
  if (index) {
    const table = catalog.relations.get(index.table);
    const renamed = `${id.slice(0, id.indexOf("."))}.${operation.to}`;
    catalog.indexes.delete(id);
    catalog.dropped.add(id);
    table?.indexes.delete(id);
    table?.indexes.add(renamed);
    // The constraint of an index has the index's name.
    const constraint = index.constraint === undefined ? undefined : table?.constraints.get(index.constraint);
    if (constraint && table) {
      table.constraints.delete(constraint.name);
      constraint.name = operation.to;
      table.constraints.set(operation.to, constraint);
      index.constraint = operation.to;
    }
    catalog.indexes.set(renamed, Object.assign(index, { id: renamed, name: operation.to }));
    return;
  }
  if ((operation.object === "index" || operation.ifExists) && !catalog.relations.has(id)) return;
  if (operation.object !== "sequence") assumed(catalog, id, operation.object === "table" ? "table" : operation.object === "index" ? "table" : operation.object);
  moveRelation(catalog, id, id.slice(0, id.indexOf(".")), operation.to);
}

function moveRelation(catalog: Catalog, id: RelationId, schema: string, name: string): void {
  const relation = catalog.relations.get(id);
  const moved = `${schema}.${name}`;
  catalog.dropped.add(id);
  if (!relation || moved === id) return;
  catalog.dropped.delete(moved);
  const oldSchema = relation.schema;
  const owned = ownedSequences(catalog, relation);
  ownAnew(catalog, relation, moved);
  if (schema !== oldSchema) for (const sequence of owned) moveRelation(catalog, sequence.id, schema, sequence.name);
  catalog.relations.delete(id);
  catalog.relations.set(moved, Object.assign(relation, { id: moved, schema, name }));
  for (const other of catalog.relations.values()) {
    for (const constraint of [...other.constraints.values(), ...other.released]) if (constraint.parent === id) constraint.parent = moved;
    for (const set of [other.children, other.parents, other.uses]) if (set.delete(id)) set.add(moved);
    if (other.defaultPartition === id) other.defaultPartition = moved;
  }
  for (const index of [...relation.indexes].flatMap((each) => catalog.indexes.get(each) ?? [])) {
    index.table = moved;
    if (schema === oldSchema) continue;
    catalog.indexes.delete(index.id);
    relation.indexes.delete(index.id);
    index.id = `${schema}.${index.name}`;
    catalog.indexes.set(index.id, index);
    relation.indexes.add(index.id);
  }
}

function renameSchema(catalog: Catalog, from: string, to: string): void {
  catalog.schemas.delete(from);
  catalog.schemas.add(to);
  for (const relation of [...catalog.relations.values()]) if (relation.schema === from) moveRelation(catalog, relation.id, to, relation.name);
}

type ColumnOperation = OperationOf<
  "addColumn" | "dropColumn" | "renameColumn" | "alterColumnType" | "setDefault" | "dropDefault" | "setNotNull" | "dropNotNull" | "setExpression" | "dropExpression" | "addIdentity" | "dropIdentity"
>;

function applyColumn(catalog: Catalog, table: Relation, operation: ColumnOperation, birth: Birth): void {
  if (operation.kind === "addColumn") {
    if (table.columns.has(operation.column.name)) return;
    table.columns.set(operation.column.name, newColumn(catalog, operation.column, birth));
    ownSequence(catalog, table, operation.column, birth);
    for (const constraint of operation.column.constraints) addConstraint(catalog, table, constraint.type, constraint as never, birth);
    return;
  }
  if (operation.kind === "dropColumn") {
    if (operation.cascade) dropColumn(catalog, table, operation.column);
    else removeColumn(catalog, table, operation.column);
    return;
  }
  const column = table.columns.get(operation.column);
  if (operation.kind === "renameColumn") {
    if (column) renameColumn(catalog, table, column.name, operation.to);
    else table.columns.set(operation.to, { name: operation.to, notNull: "unknown", identity: false });
    return;
  }
  const known = column ?? { name: operation.column, notNull: "unknown" as const, identity: false };
  if (!column && !table.complete) table.columns.set(operation.column, known);
  const target = column ?? table.columns.get(operation.column);
  if (!target) return;
  switch (operation.kind) {
    case "alterColumnType":
      if (target.default !== undefined && target.type && catalog.types.has(resolveType(catalog, target.type))) target.defaultOf ??= resolveType(catalog, target.type);
      target.type = settled(catalog, operation.type);
      return;
    case "setDefault":
      target.default = operation.value;
      delete target.defaultOf;
      return;
    case "dropDefault":
      delete target.default;
      delete target.defaultOf;
      return;
    case "setNotNull":
    case "dropNotNull":
      target.notNull = operation.kind === "setNotNull";
      return;
    case "setExpression":
      target.generated = { stored: target.generated?.stored ?? true, expression: operation.expression };
      return;
    case "dropExpression":
      delete target.generated;
      return;
    case "addIdentity":
    case "dropIdentity":
      target.identity = operation.kind === "addIdentity";
      if (target.identity) ownSequence(catalog, table, { name: target.name, identity: true }, birth);
      else for (const sequence of ownedSequences(catalog, table, target.name)) removeRelation(catalog, sequence.id);
      return;
  }
}

/** Takes a column away with what stands on it: indexes, constraints, foreign keys of others (CASCADE). */
export function removeColumn(catalog: Catalog, table: Relation, name: string): void {
  for (const sequence of ownedSequences(catalog, table, name)) removeRelation(catalog, sequence.id);
  table.columns.delete(name);
  for (const constraint of [...table.constraints.values()]) if (constraint.columns.includes(name)) table.constraints.delete(constraint.name);
  for (const index of [...table.indexes].flatMap((id) => catalog.indexes.get(id) ?? [])) {
    if (index.columns.includes(name) || index.include.includes(name) || index.mentions.includes(name)) {
      catalog.indexes.delete(index.id);
      catalog.dropped.add(index.id);
      table.indexes.delete(index.id);
    }
  }
  for (const other of catalog.relations.values()) {
    for (const constraint of [...other.constraints.values()]) if (constraint.parent === table.id && constraint.parentColumns?.includes(name)) other.constraints.delete(constraint.name);
  }
}

function renameColumn(catalog: Catalog, table: Relation, from: string, to: string): void {
  ownAnew(catalog, table, table.id, from, to);
  const renamed = (names: readonly (string | null)[]) => names.map((name) => (name === from ? to : name));
  // The order of columns is kept: a positional INSERT depends on it.
  table.columns = new Map([...table.columns].map(([name, column]) => (name === from ? [to, Object.assign(column, { name: to })] : [name, column])));
  for (const constraint of [...table.constraints.values(), ...table.released]) constraint.columns = renamed(constraint.columns) as string[];
  for (const index of [...table.indexes].flatMap((id) => catalog.indexes.get(id) ?? [])) {
    index.columns = renamed(index.columns);
    index.mentions = renamed(index.mentions) as string[];
  }
  for (const other of catalog.relations.values()) {
    for (const constraint of [...other.constraints.values(), ...other.released]) if (constraint.parent === table.id && constraint.parentColumns) constraint.parentColumns = renamed(constraint.parentColumns) as string[];
  }
}

function createView(catalog: Catalog, operation: OperationOf<"createView">, birth: Birth): void {
  const id = operation.temporary ? `pg_temp.${operation.view.name}` : createdAs(catalog, operation.view);
  if (catalog.relations.has(id) && !operation.replace) return;
  const view = newRelation(...split(id), operation.materialized ? "materializedView" : "view", catalog.relations.get(id)?.birth ?? birth);
  view.temporary = operation.temporary;
  view.query = operation.query;
  for (const name of queryTables(operation.query)) view.uses.add(resolve(catalog, name));
  view.uses.delete(id);
  const columns = operation.columns.length > 0 ? operation.columns : queryColumns(catalog, operation.query);
  if (!columns) view.complete = false;
  for (const name of columns ?? []) view.columns.set(name, { name, notNull: false, identity: false, birth });
  catalog.dropped.delete(id);
  catalog.relations.set(id, view);
}

/** DROP SEQUENCE … CASCADE takes the default along that counts with it. */
function dropsNumbering(catalog: Catalog, id: RelationId): void {
  const { ownedBy } = catalog.relations.get(id) ?? {};
  const column = ownedBy && catalog.relations.get(ownedBy.table)?.columns.get(ownedBy.column);
  if (!column) return;
  if (column.type) column.type = { ...column.type, name: SERIAL[column.type.name] ?? column.type.name };
  delete column.default;
}

function dropObject(catalog: Catalog, operation: OperationOf<"dropObject">): void {
  const table = operation.table && catalog.relations.get(resolve(catalog, operation.table));
  const id = resolve(catalog, operation.name);
  switch (operation.object) {
    case "trigger":
      table?.triggers.delete(operation.name.name);
      return;
    case "policy":
      table?.policies.delete(operation.name.name);
      return;
    case "rule":
      table?.rules.delete(operation.name.name);
      return;
    case "function":
    case "procedure":
      catalog.functions.delete(id);
      return;
    case "statistics":
      catalog.statistics.delete(id);
      return;
    case "publication":
      catalog.publications.delete(operation.name.name);
      return;
    case "extension":
      catalog.extensions.delete(operation.name.name);
      return;
    case "view":
    case "materializedView":
    case "sequence":
      if (operation.cascade) removeViews(catalog, id);
      if (operation.cascade && operation.object === "sequence") dropsNumbering(catalog, id);
      if (catalog.relations.has(id) || !operation.ifExists) removeRelation(catalog, id);
      return;
  }
}

function applySetting(catalog: Catalog, operation: OperationOf<"set">, birth: Birth): void {
  if (operation.name === "search_path") {
    if (operation.local) catalog.searchPathBefore ??= catalog.searchPath;
    else delete catalog.searchPathBefore;
    const schemas = operation.value === null ? ["public"] : operation.values.filter((schema) => schema !== "$user" && schema !== "");
    catalog.searchPath = operation.value === "" ? [] : schemas;
    if (catalog.searchPath.length === 0 && operation.value !== "") catalog.searchPath = [creationSchema({ ...catalog, searchPath: ["public"] })];
  }
  if (operation.name === "all") catalog.settings.clear();
  else if (operation.value === null) catalog.settings.delete(operation.name);
  else catalog.settings.set(operation.name, { value: operation.value, local: operation.local, migration: birth.migration });
}
