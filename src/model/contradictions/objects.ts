import type { Name } from "../../sql/names.ts";
import type { ObjectOperation, OperationOf } from "../../sql/operation/index.ts";
import { type Catalog, createdAs, relationAt, relationNamed, resolve } from "../catalog.ts";
import { type OnTable, onTable } from "../presence.ts";
import { queryTables } from "../queries.ts";
import { relationName } from "../../sql/names.ts";
import { type Contradiction, clashes, firstOf, lacks } from "./clash.ts";
import { gone, relationTaken, tableGone } from "./names.ts";

/** Views, triggers, policies, rules, and what is dropped or commented on. */
export function objectClash(catalog: Catalog, operation: ObjectOperation): Contradiction | undefined {
  switch (operation.kind) {
    case "createView":
      return (
        firstOf(queryTables(operation.query), (name) => gone(catalog, name, "relation")) ??
        takenView(catalog, operation)
      );
    case "refreshView":
      return gone(catalog, operation.view, "materialized view");
    case "createTrigger":
    case "createRule":
      return (
        tableGone(catalog, operation) ??
        (operation.replace
          ? undefined
          : takenOnTable(catalog, operation, operation.kind === "createRule" ? "rule" : "trigger", operation.name))
      );
    case "createPolicy":
      return tableGone(catalog, operation) ?? takenOnTable(catalog, operation, "policy", operation.name);
    case "createStatistics":
      return tableGone(catalog, operation);
    case "alterPolicy":
      return tableGone(catalog, operation) ?? missingOnTable(catalog, operation, "policy", operation.name);
    case "renameOnTable": {
      const { object, name, to } = operation;
      return (
        tableGone(catalog, operation) ??
        missingOnTable(catalog, operation, object, name) ??
        takenOnTable(catalog, operation, object, to)
      );
    }
    case "dropObject":
      return dropped(catalog, operation);
    case "comment":
      if (operation.object === "table" || operation.object === "view" || operation.object === "materializedView")
        return gone(catalog, operation.name, operation.object === "table" ? "table" : "view");
      return operation.table && gone(catalog, operation.table, "table");
    case "createFunction":
    case "renameObject":
    case "setObjectSchema":
    case "grant":
    case "publication":
      return undefined;
    default:
      return operation satisfies never;
  }
}

function takenView(catalog: Catalog, operation: OperationOf<"createView">): Contradiction | undefined {
  const id = createdAs(catalog, operation.view);
  const there = relationAt(catalog, id);
  if (operation.ifNotExists || operation.temporary || (operation.replace && there?.kind === "view")) return undefined;
  const clash = relationTaken(catalog, id);
  return clash && operation.replace && there
    ? { ...clash, sqlstate: "42809", sentence: `${relationName(id)} is no view` }
    : clash;
}

function takenOnTable(
  catalog: Catalog,
  { table: on }: { readonly table: Name },
  object: OnTable,
  name: string,
): Contradiction | undefined {
  const table = resolve(catalog, on);
  return onTable(catalog, table, object, name).is === "present"
    ? clashes("42710", `${table}.${name}`, `${relationName(table)} has a ${object} ${name} already`)
    : undefined;
}

function dropped(catalog: Catalog, operation: OperationOf<"dropObject">): Contradiction | undefined {
  const { object } = operation;
  switch (object) {
    case "trigger":
    case "policy":
    case "rule": {
      const { table, name } = operation;
      if (!table || operation.ifExists) return undefined;
      return gone(catalog, table, "table") ?? missingOnTable(catalog, { table }, object, name.name);
    }
    case "view":
    case "materializedView":
    case "sequence":
      return operation.ifExists
        ? undefined
        : gone(catalog, operation.name, object === "materializedView" ? "materialized view" : object);
    case "function":
    case "procedure":
    case "aggregate":
    case "extension":
    case "statistics":
    case "publication":
    case "subscription":
    case "foreignTable":
    case "collation":
    case "operator":
    case "cast":
    case "role":
    case "owned":
    case "other":
      return undefined;
    default:
  }
}

function missingOnTable(
  catalog: Catalog,
  { table: on }: { readonly table: Name },
  object: OnTable,
  name: string,
): Contradiction | undefined {
  const table = relationNamed(catalog, on);
  return table && onTable(catalog, table.id, object, name).is === "absent"
    ? lacks("42704", `${table.id}.${name}`, `${relationName(table.id)} has no ${object} ${name}`, table.birth)
    : undefined;
}
