import type { ObjectOperation, OperationOf } from "../../sql/operation.ts";
import { type Catalog, createdAs, resolve } from "../catalog.ts";
import { queryTables } from "../queries.ts";
import { relationName } from "../../sql/names.ts";
import { type Contradiction, clashes, firstOf, lacks } from "./clash.ts";
import { gone, tableGone, taken } from "./names.ts";

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
    case "createPolicy":
      return tableGone(catalog, operation) ?? takenOnTable(catalog, operation);
    case "alterPolicy":
    case "createStatistics":
    case "createRule":
    case "renameOnTable":
      return tableGone(catalog, operation);
    case "dropObject":
      return dropped(catalog, operation);
    case "comment":
      if (operation.object === "table" || operation.object === "view" || operation.object === "materializedView")
        return gone(catalog, operation.name, operation.object === "table" ? "table" : "view");
      return operation.table && gone(catalog, operation.table, "table");
    case "createFunction":
    case "grant":
    case "publication":
      return undefined;
    default:
      return operation satisfies never;
  }
}

function takenView(catalog: Catalog, operation: OperationOf<"createView">): Contradiction | undefined {
  const id = createdAs(catalog, operation.view);
  const there = catalog.relations.get(id);
  return operation.ifNotExists ||
    operation.temporary ||
    (operation.replace && (there === undefined || there.kind === "view"))
    ? undefined
    : taken(catalog, id);
}

function takenOnTable(
  catalog: Catalog,
  operation: OperationOf<"createTrigger" | "createPolicy">,
): Contradiction | undefined {
  const table = catalog.relations.get(resolve(catalog, operation.table));
  const names: ReadonlyMap<string, unknown> | ReadonlySet<string> | undefined =
    operation.kind === "createTrigger" ? table?.triggers : table?.policies;
  if (!table || !names?.has(operation.name) || (operation.kind === "createTrigger" && operation.replace))
    return undefined;
  return clashes(
    "42710",
    `${table.id}.${operation.name}`,
    `${relationName(table.id)} has a ${operation.kind === "createTrigger" ? "trigger" : "policy"} ${operation.name} already`,
  );
}

function dropped(catalog: Catalog, operation: OperationOf<"dropObject">): Contradiction | undefined {
  const { object } = operation;
  switch (object) {
    case "trigger":
    case "policy":
    case "rule":
      return missingOnTable(catalog, operation);
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

function missingOnTable(catalog: Catalog, operation: OperationOf<"dropObject">): Contradiction | undefined {
  if (!operation.table) return undefined;
  const lost = operation.ifExists ? undefined : gone(catalog, operation.table, "table");
  const table = catalog.relations.get(resolve(catalog, operation.table));
  if (lost || operation.ifExists || !table?.complete || table.parents.size > 0) return lost;
  const names =
    operation.object === "trigger" ? table.triggers : operation.object === "policy" ? table.policies : table.rules;
  const { name } = operation.name;
  return names.has(name)
    ? undefined
    : lacks(
        "42704",
        `${table.id}.${name}`,
        `${relationName(table.id)} has no ${operation.object} ${name}`,
        table.birth,
      );
}
