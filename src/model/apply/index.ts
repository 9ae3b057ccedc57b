import type { Change } from "../../sql/expression.ts";
import type { Operation, OperationOf } from "../../sql/operation.ts";
import { partsOf } from "../../sql/names.ts";
import { applyColumn } from "./columns.ts";
import { applyConstraint, disinherit, inherit } from "./constraints.ts";
import { dropTable, moveRelation, removeRelation, removeViews, renameRelation, renameSchema } from "./relations.ts";
import { dropsNumbering, isThere, owner } from "./sequences.ts";
import { createTable, createView } from "./tables.ts";
import { applyType, dropType } from "./types.ts";
import {
  type Birth,
  type Catalog,
  type Relation,
  assumed,
  createdAs,
  creationSchema,
  newRelation,
  resolve,
  resolveType,
} from "../catalog.ts";
import type { RelationId } from "../effects.ts";

/**
 * Folds one operation into the catalog. What contradicts the catalog changes nothing: whether that is a failure is
 * said elsewhere (contradictions/), here it only must not make the catalog wrong.
 */
export function apply(catalog: Catalog, operation: Operation, birth: Birth): void {
  if (operation.body?.in === "function") return;
  if (operation.body?.conditional || operation.body?.loop || operation.body?.guarded)
    for (const id of named(catalog, operation)) catalog.doubtful.add(id);
  if ("ifTableExists" in operation && operation.ifTableExists && !isThere(catalog, resolve(catalog, operation.table)))
    return;
  switch (operation.kind) {
    case "createSchema":
      catalog.schemas.add(operation.name);
      return;
    case "dropSchema":
      for (const id of [...catalog.relations.keys()])
        if (id.startsWith(`${operation.name}.`)) {
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
      if (!catalog.relations.has(id))
        catalog.relations.set(id, {
          ...newRelation(id, "sequence", birth),
          temporary: operation.temporary,
          ...owner(catalog, operation),
        });
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
      moveRelation(catalog, id, operation.schema, partsOf(id).name);
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
      } else if (operation.action === "setLogged" || operation.action === "setUnlogged")
        assumed(catalog, resolve(catalog, operation.table)).unlogged = operation.action === "setUnlogged";
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
      assumed(catalog, resolve(catalog, operation.table)).triggers.set(
        operation.name,
        resolve(catalog, operation.function),
      );
      return;
    case "createPolicy":
      assumed(catalog, resolve(catalog, operation.table)).policies.add(operation.name);
      return;
    case "createRule":
      assumed(catalog, resolve(catalog, operation.table)).rules.set(operation.name, {
        event: operation.event,
        nothing: operation.instead && !operation.conditional && operation.actions.length === 0,
        changes: operation.actions.flatMap((action) => ("change" in action ? [action.change] : [])),
      });
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
    case "copy":
      if (operation.table && operation.direction === "from")
        assumed(catalog, resolve(catalog, operation.table)).filledIn = catalog.deployment;
      return;
    case "insertRows":
    case "updateRows":
    case "deleteRows":
    case "mergeRows":
      changeRows(catalog, operation.change);
      return;
    case "lockTable":
      assumed(catalog, resolve(catalog, operation.table));
      return;
    case "set":
      applySetting(catalog, operation, birth);
      return;
    case "transaction":
      // What the transaction had made is gone again; which of it is not kept track of.
      if (
        catalog.searchPathBefore &&
        (operation.action === "commit" || operation.action === "rollback" || operation.action === "prepare")
      ) {
        catalog.searchPath = catalog.searchPathBefore;
        delete catalog.searchPathBefore;
      }
      if (operation.action === "rollback" || operation.action === "rollbackTo") catalog.tainted = true;
      return;
    case "opaque":
      // A DO block's EXECUTE may have changed anything.
      catalog.tainted = true;
      return;
    case "select":
      for (const { change } of operation.query.ctes) if (change) changeRows(catalog, change);
      return;
    // What the catalog does not keep: databases, options, storage, comments, privileges.
    case "createDatabase":
    case "dropDatabase":
    case "setIdentity":
    case "alterConstraint":
    case "attachIndex":
    case "refreshView":
    case "alterPolicy":
    case "renameOnTable":
    case "comment":
    case "grant":
    case "call":
    case "vacuum":
    case "analyze":
    case "cluster":
    case "reindex":
    case "systemCommand":
    case "other":
      return;
    default:
      operation satisfies never;
  }
}

/** What is known of rows that are changed: that they are. */
function changeRows(catalog: Catalog, change: Change): void {
  for (const cte of change.ctes) if (cte.change) changeRows(catalog, cte.change);
  const table = assumed(catalog, resolve(catalog, change.table));
  if (change.kind === "insertRows") table.filledIn = catalog.deployment;
  else table.changedIn = catalog.deployment;
  if (change.kind !== "updateRows") return;
  for (const { column } of change.set) {
    const known = table.columns.get(column);
    if (known) known.filledIn = catalog.deployment;
  }
}

/** The objects that an operation names. */
function named(catalog: Catalog, operation: Operation): RelationId[] {
  const ids: RelationId[] = [];
  if ("table" in operation && operation.table) ids.push(resolve(catalog, operation.table));
  if ("type" in operation) ids.push(resolveType(catalog, operation.type));
  if ("index" in operation && typeof operation.index === "object") ids.push(resolve(catalog, operation.index));
  if ("view" in operation) ids.push(resolve(catalog, operation.view));
  if ("sequence" in operation) ids.push(resolve(catalog, operation.sequence));
  if (operation.kind === "dropObject") ids.push(resolve(catalog, operation.name));
  if (operation.kind === "createIndex" && operation.name !== undefined)
    ids.push(
      resolve(catalog, {
        schema: operation.table.schema,
        name: operation.name,
      }),
    );
  if (operation.kind === "renameTable" || operation.kind === "renameType")
    ids.push(resolve(catalog, { name: operation.to }));
  return ids;
}

/** The table of an ALTER TABLE with its partitions and inheritance children. */
function family(
  catalog: Catalog,
  operation: {
    readonly table: { readonly schema?: string | undefined; readonly name: string };
    readonly only?: boolean;
  },
): Relation[] {
  const table = assumed(catalog, resolve(catalog, operation.table));
  if (operation.only) return [table];
  const all = [table];
  for (const each of all)
    for (const child of each.children) if (catalog.relations.has(child)) all.push(assumed(catalog, child));
  return all;
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
    case "owned":
      // What the role owns is in no migration.
      catalog.tainted = true;
      return;
    // Kinds that the catalog does not keep.
    case "aggregate":
    case "subscription":
    case "foreignTable":
    case "collation":
    case "operator":
    case "cast":
    case "role":
    case "other":
      return;
    default:
      operation.object satisfies never;
  }
}

function applySetting(catalog: Catalog, operation: OperationOf<"set">, birth: Birth): void {
  if (operation.name === "search_path") {
    if (operation.local) catalog.searchPathBefore ??= catalog.searchPath;
    else delete catalog.searchPathBefore;
    const schemas =
      operation.value === null ? ["public"] : operation.values.filter((schema) => schema !== "$user" && schema !== "");
    catalog.searchPath = operation.value === "" ? [] : schemas;
    if (catalog.searchPath.length === 0 && operation.value !== "")
      catalog.searchPath = [creationSchema({ ...catalog, searchPath: ["public"] })];
  }
  if (operation.name === "all") catalog.settings.clear();
  else if (operation.value === null) catalog.settings.delete(operation.name);
  else
    catalog.settings.set(operation.name, {
      value: operation.value,
      local: operation.local,
      migration: birth.migration,
    });
}
