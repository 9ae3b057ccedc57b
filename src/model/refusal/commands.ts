import type { ConstraintOperation } from "../../sql/operation/constraints.ts";
import type { IndexOperation } from "../../sql/operation/indexes.ts";
import type { MaintenanceOperation, SessionOperation } from "../../sql/operation/session.ts";
import type { Operation, OperationOf } from "../../sql/operation/index.ts";
import type { SchemaOperation, SequenceOperation } from "../../sql/operation/schemas.ts";
import type { TableOperation } from "../../sql/operation/tables.ts";
import type { TypeOperation } from "../../sql/operation/types.ts";
import { type Catalog, type Relation, relationAt, relationNamed, resolve } from "../catalog.ts";
import { belowRefusal, linkRefusal } from "../hierarchy.ts";
import {
  changedColumns,
  detached,
  droppedIndex,
  fixedColumn,
  newColumn,
  newDefault,
  newIndex,
  newKey,
  newTable,
  noLongerRequired,
  numberable,
  replacedFunction,
} from "./tables.ts";
import { foreignKeys, indexesOf, referencing } from "../relatives.ts";
import type { PredictContext } from "../predict/index.ts";
import { queryColumns } from "../queries.ts";
import type { Refusal } from "../typing/refusal.ts";
import { castRefusal } from "../typing/literals.ts";
import { chosenOperator } from "../typing/calls.ts";
import { type Type, typeInWords, typeNamed } from "../typing/type.ts";
import { circularView } from "./circular-views.ts";
import { constraint as constraintPresence, isWhole, sureRelation } from "../presence.ts";

/** What a command may not do to the object that it names, each said on the manual's page of the command. */
export function commandRefusals(operation: Operation, { catalog }: PredictContext): readonly Refusal[] {
  const refusal = commandRefusal(operation, catalog) ?? circularView(operation, catalog);
  return refusal ? [refusal] : [];
}

const refused = (sqlstate: string, message: string, about: Refusal["about"] = "command"): Refusal => ({
  sqlstate,
  message,
  about,
});

function commandRefusal(operation: Operation, catalog: Catalog): Refusal | undefined {
  switch (operation.kind) {
    case "createView":
      return operation.replace && !operation.materialized ? replacedView(operation, catalog) : undefined;
    case "createTable":
      return operation.ifNotExists && relationNamed(catalog, operation.table)
        ? undefined
        : (madeBelow(operation, catalog) ?? newTable(operation, catalog));
    case "attachPartition":
      return linked(operation, catalog);
    case "detachPartition":
      return linked(operation, catalog) ?? detached(operation, catalog);
    case "alterTable":
      return (operation.action === "inherit" || operation.action === "noInherit") && operation.parent
        ? linkRefusal(catalog, {
            kind: operation.action,
            parent: resolve(catalog, operation.parent),
            child: resolve(catalog, operation.table),
          })
        : undefined;
    case "createFunction":
      return replacedFunction(operation, catalog);
    case "createIndex":
      return newIndex(operation, catalog);
    case "dropIndex":
      return droppedIndex(operation, catalog);
    case "addUnique":
    case "addPrimaryKey":
      return newKey(operation, catalog);
    // https://www.postgresql.org/docs/current/sql-altertable.html
    case "addIdentity":
      return identity(operation, catalog) ?? numberable(operation, catalog);
    case "alterColumnType":
      return fixedColumn(operation, catalog) ?? retyped(operation, catalog);
    case "dropColumn":
      return fixedColumn(operation, catalog);
    case "addColumn":
      return newColumn(operation, catalog);
    case "setDefault":
      return newDefault(operation, catalog);
    case "dropNotNull":
      return noLongerRequired(operation, catalog);
    case "insertRows":
      return changedColumns(operation, catalog) ?? conflict(operation, catalog);
    case "updateRows":
      return changedColumns(operation, catalog);
    case "renameColumn":
    case "dropDefault":
    case "setNotNull":
    case "setExpression":
    case "dropExpression":
    case "setIdentity":
    case "refreshView":
    case "createTrigger":
    case "createPolicy":
    case "createStatistics":
    case "createRule":
    case "renameOnTable":
    case "renameObject":
    case "setObjectSchema":
    case "dropObject":
    case "comment":
    case "grant":
    case "publication":
    case "deleteRows":
    case "mergeRows":
    case "select":
    case "call":
    case "copy":
    case "truncate":
    case "alterPolicy":
    case "dropIdentity":
      return undefined;
    default:
      operation satisfies
        | SchemaOperation
        | TypeOperation
        | SequenceOperation
        | Exclude<
            TableOperation,
            { readonly kind: "createTable" | "attachPartition" | "detachPartition" | "alterTable" }
          >
        | ConstraintOperation
        | IndexOperation
        | MaintenanceOperation
        | SessionOperation;
      return undefined;
  }
}

const linked = (
  { kind, table, partition }: OperationOf<"attachPartition" | "detachPartition">,
  catalog: Catalog,
): Refusal | undefined =>
  linkRefusal(catalog, { kind, parent: resolve(catalog, table), child: resolve(catalog, partition) });

function madeBelow(operation: OperationOf<"createTable">, catalog: Catalog): Refusal | undefined {
  if (operation.ifNotExists && sureRelation(catalog, operation.table)) return undefined;
  for (const name of operation.inherits) {
    const refusal = belowRefusal(catalog, "inherits", resolve(catalog, name));
    if (refusal) return refusal;
  }
  return operation.partitionOf && belowRefusal(catalog, "partitionOf", resolve(catalog, operation.partitionOf));
}

/** A view that is replaced keeps its columns in their order; new ones come last: https://www.postgresql.org/docs/current/sql-createview.html */
function replacedView(operation: OperationOf<"createView">, catalog: Catalog): Refusal | undefined {
  const view = sureRelation(catalog, operation.view);
  if (view?.kind !== "view" || !isWhole(view)) return undefined;
  const before = [...view.columns.keys()];
  const after = operation.columns.length > 0 ? operation.columns : queryColumns(catalog, operation.query);
  if (!after) return undefined;
  const at = before.findIndex((name, index) => after[index] !== name);
  if (at < 0) return undefined;
  const name = after[at];
  return name === undefined
    ? refused("42P16", "cannot drop columns from view")
    : refused("42P16", `cannot change name of view column "${before[at] ?? ""}" to "${name}"`);
}

function identity(operation: OperationOf<"addIdentity">, catalog: Catalog): Refusal | undefined {
  const table = sureRelation(catalog, operation.table);
  const column = table?.columns.get(operation.column);
  if (!table || !column) return undefined;
  const subject = `column "${column.name}" of relation "${table.name}"`;
  if (column.notNull === false)
    return refused("55000", `${subject} must be declared NOT NULL before identity can be added`);
  if (column.identity) return refused("55000", `${subject} is already an identity column`);
  const numbered = column.default !== undefined || /serial$/.test(column.type?.name ?? "");
  return numbered ? refused("55000", `${subject} already has a default value`) : undefined;
}

/** A column of another type keeps its default and its foreign keys, in both directions. */
function retyped(operation: OperationOf<"alterColumnType">, catalog: Catalog): Refusal | undefined {
  const table = sureRelation(catalog, operation.table);
  const column = table?.columns.get(operation.column);
  if (!table || !column) return undefined;
  const now = typeNamed(catalog, operation.type);
  const noDefault = column.default?.kind === "literal" && column.default.value === null;
  const numbered = /serial$/.test(column.type?.name ?? "");
  if (
    (numbered || (column.default && !noDefault)) &&
    castRefusal(catalog, typeNamed(catalog, column.type), now, undefined)
  )
    return refused(
      "42804",
      `default for column "${column.name}" cannot be cast automatically to type ${typeInWords(now)}`,
      "assignment",
    );
  const compares = (other: Type): boolean => chosenOperator("=", now, other, true).refusal === undefined;
  const typeOf = (relation: Relation | undefined, name: string | undefined): Type =>
    typeNamed(catalog, name === undefined ? undefined : relation?.columns.get(name)?.type);
  const cannot = (name: string): Refusal =>
    refused("42804", `foreign key constraint "${name}" cannot be implemented`, "type");
  for (const key of foreignKeys(table)) {
    const at = key.columns.indexOf(operation.column);
    if (at < 0 || key.parent === table.id) continue;
    if (!compares(typeOf(relationAt(catalog, key.parent ?? ""), key.parentColumns?.[at]))) return cannot(key.name);
  }
  for (const { table: child, constraint: key } of referencing(catalog, table.id)) {
    const at = key.parentColumns?.indexOf(operation.column) ?? -1;
    if (at >= 0 && !compares(typeOf(child, key.columns[at]))) return cannot(key.name);
  }
  return undefined;
}

/** ON CONFLICT (columns) needs a unique key over exactly these: https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT */
function conflict({ change }: OperationOf<"insertRows">, catalog: Catalog): Refusal | undefined {
  const columns = change.conflict?.columns;
  const table = sureRelation(catalog, change.table);
  const named = change.conflict?.constraint;
  if (
    named !== undefined &&
    isWhole(table) &&
    !isView(table) &&
    constraintPresence(catalog, table.id, named).is === "absent"
  )
    return refused("42704", `constraint "${named}" for table "${table.name}" does not exist`);
  if (!columns || columns.includes(null) || !isWhole(table) || isView(table)) return undefined;
  const wanted = new Set(columns as readonly string[]);
  const same = (key: readonly (string | null)[]): boolean =>
    key.length === wanted.size && key.every((name) => name !== null && wanted.has(name));
  const keys = [...table.constraints.values()].filter(
    ({ type }) => type === "unique" || type === "primaryKey" || type === "exclusion",
  );
  if (keys.some((key) => key.type === "exclusion" || same(key.columns))) return undefined;
  // A partial index serves only where the predicate is there too; whether it is the same is not read here.
  const serves = ({ partial }: { readonly partial: boolean }): boolean => !partial || change.conflict?.partial === true;
  if (indexesOf(catalog, table).some((index) => index.unique && same(index.columns) && serves(index))) return undefined;
  return refused("42P10", "there is no unique or exclusion constraint matching the ON CONFLICT specification");
}

const isView = (relation: Relation): boolean => relation.kind === "view" || relation.kind === "foreignTable";
