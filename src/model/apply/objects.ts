import { relationId } from "../../sql/names.ts";
import type { ObjectOperation, OperationOf } from "../../sql/operation/index.ts";
import { bindings, bound } from "./bindings.ts";
import { createFunction, dropFunction, renameFunction } from "./functions.ts";
import { sibling } from "../../sql/names.ts";
import { goWith } from "./cascades.ts";
import { removeRelation } from "./relations.ts";
import { dropsNumbering } from "./sequences.ts";
import { createView } from "./tables.ts";
import { type Birth, createdAs, resolve, resolveFunction } from "../catalog.ts";
import { type MutableCatalog, type MutableRelation, assumed } from "./catalog.ts";
import type { RelationId } from "../effects.ts";
import { namedChange } from "../naming.ts";

/** Views, functions, and what a table has besides columns, constraints and indexes. */
export function applyObject(catalog: MutableCatalog, operation: ObjectOperation, birth: Birth): void {
  switch (operation.kind) {
    case "createView":
      createView(catalog, operation, birth);
      return;
    case "createFunction":
      createFunction(catalog, operation, birth);
      return;
    case "createTrigger":
      assumed(catalog, resolve(catalog, operation.table)).triggers.set(operation.name, {
        function: resolveFunction(catalog, operation.function),
        columns: operation.columns ?? [],
        when: operation.when && bound(catalog, operation.when),
      });
      return;
    case "createPolicy":
    case "alterPolicy": {
      const { policies } = assumed(catalog, resolve(catalog, operation.table));
      const { using, check } = operation;
      policies.set(operation.name, {
        ...policies.get(operation.name),
        ...(using && { using: bound(catalog, using) }),
        ...(check && { check: bound(catalog, check) }),
      });
      return;
    }
    case "createRule":
      assumed(catalog, resolve(catalog, operation.table)).rules.set(operation.name, {
        event: operation.event,
        nothing: operation.instead && !operation.conditional && operation.actions.length === 0,
        changes: operation.actions.flatMap((action) =>
          "change" in action ? [namedChange(action.change, bindings(catalog))] : [],
        ),
      });
      return;
    case "renameOnTable": {
      const names = namesOf(assumed(catalog, resolve(catalog, operation.table)), operation.object);
      const known = names.get(operation.name);
      if (known === undefined || names.has(operation.to)) return;
      names.delete(operation.name);
      names.set(operation.to, known);
      return;
    }
    case "createStatistics":
      catalog.statistics.set(createdAs(catalog, { name: operation.name }), resolve(catalog, operation.table));
      return;
    case "publication":
      publication(catalog, operation);
      return;
    case "renameObject":
      rename(catalog, operation);
      return;
    case "setObjectSchema":
      setSchema(catalog, operation);
      return;
    case "dropObject":
      drop(catalog, operation);
      return;
    // What the catalog does not keep: rows of a view, comments, privileges.
    case "refreshView":
    case "comment":
    case "grant":
      return;
    default:
      operation satisfies never;
  }
}

function namesOf(table: MutableRelation, object: "trigger" | "policy" | "rule"): Map<string, unknown> {
  return object === "trigger" ? table.triggers : object === "policy" ? table.policies : table.rules;
}

function publication(catalog: MutableCatalog, operation: OperationOf<"publication">): void {
  const tables = operation.tables.map((name) => resolve(catalog, name));
  const old = catalog.publications.get(operation.name) ?? new Set<RelationId>();
  if (operation.create || operation.action === "set") catalog.publications.set(operation.name, new Set(tables));
  else if (operation.action === "add") catalog.publications.set(operation.name, new Set([...old, ...tables]));
  else catalog.publications.set(operation.name, new Set([...old].filter((id) => !tables.includes(id))));
}

function rename(catalog: MutableCatalog, operation: OperationOf<"renameObject">): void {
  const { name, to } = operation;
  switch (operation.object) {
    case "function":
    case "procedure":
    case "aggregate": {
      const id = resolveFunction(catalog, name);
      renameFunction(catalog, id, sibling(id, to));
      return;
    }
    case "statistics": {
      const id = resolve(catalog, name);
      move(catalog.statistics, id, sibling(id, to));
      return;
    }
    case "publication":
      move(catalog.publications, name.name, to);
      return;
    default:
      operation.object satisfies never;
  }
}

function setSchema(catalog: MutableCatalog, { object, name, schema }: OperationOf<"setObjectSchema">): void {
  if (object === "statistics") move(catalog.statistics, resolve(catalog, name), relationId(schema, name.name));
  else renameFunction(catalog, resolveFunction(catalog, name), relationId(schema, name.name));
}

function move<T>(map: Map<string, T>, from: string, to: string): void {
  const known = map.get(from);
  if (known === undefined) return;
  map.delete(from);
  map.set(to, known);
}

function drop(catalog: MutableCatalog, operation: OperationOf<"dropObject">): void {
  const table = operation.table && catalog.relations.get(resolve(catalog, operation.table));
  switch (operation.object) {
    case "trigger":
    case "policy":
    case "rule":
      if (table) namesOf(table, operation.object).delete(operation.name.name);
      return;
    case "function":
    case "procedure":
    case "aggregate":
      dropFunction(catalog, resolveFunction(catalog, operation.name), operation.cascade);
      return;
    case "statistics":
      catalog.statistics.delete(resolve(catalog, operation.name));
      return;
    case "publication":
      catalog.publications.delete(operation.name.name);
      return;
    case "extension":
      catalog.extensions.delete(operation.name.name);
      return;
    case "view":
    case "materializedView":
    case "sequence": {
      const id = resolve(catalog, operation.name);
      if (operation.cascade) goWith(catalog, id);
      if (operation.cascade && operation.object === "sequence") dropsNumbering(catalog, id);
      if (catalog.relations.has(id) || !operation.ifExists) removeRelation(catalog, id);
      return;
    }
    case "owned":
      // What the role owns is in no migration.
      catalog.tainted = true;
      return;
    // Kinds that the catalog does not keep.
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
