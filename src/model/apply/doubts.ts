import type { Expression, Query } from "../../sql/expression.ts";
import type { ColumnOperation } from "../../sql/operation/tables.ts";
import type { ConstraintOperation } from "../../sql/operation/constraints.ts";
import type { MaintenanceOperation, SessionOperation } from "../../sql/operation/session.ts";
import type { Operation } from "../../sql/operation/index.ts";
import type { RowOperation } from "../../sql/operation/rows.ts";
import { partsOf, relationId, sibling } from "../../sql/names.ts";
import { resolve, resolveType } from "../catalog.ts";
import type { MutableCatalog, MutableRelation } from "./catalog.ts";
import { indexesOf, viewsOn } from "../relatives.ts";
import { deepExpressions, queryExpressions } from "../queries.ts";

/**
 * What CASCADE takes along where it cannot be told for sure: functions of one name, types and tables that only an
 * expression names. It may be there still, and nothing is said of it.
 */
export function doubtDependents(
  catalog: MutableCatalog,
  on: { readonly part: (expression: Expression) => boolean; readonly query?: (query: Query) => boolean },
): void {
  const depends = (expression: Expression | undefined): boolean => {
    for (const each of deepExpressions(expression)) {
      if (on.part(each)) return true;
      const query = "query" in each ? each.query : undefined;
      if (query && on.query?.(query)) return true;
    }
    return false;
  };
  for (const relation of catalog.relations.values()) {
    for (const name of dependingParts(catalog, relation, depends)) catalog.doubtful.add(name);
    if (!relation.query || ![...queryExpressions(relation.query)].some(on.part)) continue;
    for (const view of [relation, ...viewsOn(catalog, relation.id)]) catalog.doubtful.add(view.id);
  }
}

function* dependingParts(
  catalog: MutableCatalog,
  relation: MutableRelation,
  depends: (expression: Expression | undefined) => boolean,
): Generator<string> {
  const { id } = relation;
  for (const [name, { when }] of relation.triggers) if (depends(when)) yield `${id}.${name}`;
  for (const [name, { using, check }] of relation.policies) if (depends(using) || depends(check)) yield `${id}.${name}`;
  for (const { name, expression } of relation.constraints.values()) if (depends(expression)) yield `${id}.${name}`;
  for (const { name, generated } of relation.columns.values())
    if (depends(generated?.expression)) yield `${id}.${name}`;
  // Of an index on an expression only its columns are kept.
  for (const index of indexesOf(catalog, relation))
    if (index.columns.includes(null) || depends(index.where)) yield index.id;
}

/** A statement that may not have run: whether what it names is there, nobody knows from then on. */
export function doubt(catalog: MutableCatalog, operation: Operation): void {
  for (const id of named(catalog, operation)) catalog.doubtful.add(id);
}

function* named(catalog: MutableCatalog, operation: Operation): Generator<string> {
  if ("table" in operation && operation.table) yield resolve(catalog, operation.table);
  if ("type" in operation) yield resolveType(catalog, operation.type);
  if ("index" in operation && typeof operation.index === "object") yield resolve(catalog, operation.index);
  if ("view" in operation) yield resolve(catalog, operation.view);
  if ("sequence" in operation && operation.sequence) yield resolve(catalog, operation.sequence);
  if ("partition" in operation) yield resolve(catalog, operation.partition);
  switch (operation.kind) {
    case "dropObject":
      yield resolve(catalog, operation.name);
      return;
    case "createIndex":
      if (operation.name !== undefined) yield sibling(resolve(catalog, operation.table), operation.name);
      return;
    case "renameTable":
      yield sibling(resolve(catalog, operation.table), operation.to);
      return;
    case "setTableSchema":
      yield relationId(operation.schema, partsOf(resolve(catalog, operation.table)).name);
      return;
    case "renameType":
      yield sibling(resolveType(catalog, operation.type), operation.to);
      return;
    case "setTypeSchema":
      yield relationId(operation.schema, partsOf(resolveType(catalog, operation.type)).name);
      return;
    case "createSchema":
    case "createExtension":
      yield operation.name;
      return;
    case "dropSchema":
    case "renameSchema":
      yield operation.name;
      for (const id of [...catalog.relations.keys(), ...catalog.indexes.keys(), ...catalog.types.keys()]) {
        if (partsOf(id).schema !== operation.name) continue;
        yield id;
        if (operation.kind === "renameSchema") yield relationId(operation.to, partsOf(id).name);
      }
      if (operation.kind === "renameSchema") yield operation.to;
      return;
    // Nothing besides what is named above.
    case "createDatabase":
    case "dropDatabase":
    case "dropIndex":
    case "attachIndex":
    case "createView":
    case "refreshView":
    case "createFunction":
    case "createTrigger":
    case "createPolicy":
    case "alterPolicy":
    case "createStatistics":
    case "createRule":
    case "renameOnTable":
    case "renameObject":
    case "setObjectSchema":
    case "comment":
    case "grant":
    case "publication":
    case "createTable":
    case "dropTable":
    case "attachPartition":
    case "detachPartition":
    case "alterTable":
    case "createEnum":
    case "addEnumValue":
    case "renameEnumValue":
    case "createDomain":
    case "alterDomain":
    case "createType":
    case "dropType":
    case "createSequence":
    case "alterSequence":
      return;
    default:
      operation satisfies
        | ColumnOperation
        | ConstraintOperation
        | RowOperation
        | MaintenanceOperation
        | SessionOperation;
  }
}
