import type { TypeName } from "../../sql/expression.ts";
import type { Name } from "../../sql/names.ts";
import type { Operation } from "../../sql/operation/index.ts";
import type { SchemaOperation } from "../../sql/operation/schemas.ts";
import type { SessionOperation } from "../../sql/operation/session.ts";
import { type Catalog, resolve, resolveFunction, resolveType } from "../catalog.ts";
import { type Known, relation, schema as presentSchema, type as presentType, userFunction } from "../presence.ts";
import type { Refusal } from "../typing/refusal.ts";
import { meant, missingRelation } from "../typing/scope.ts";
import { isBuiltInType } from "../typing/type.ts";

/** Tables, types, functions and schemas that an operation names and that are not there, in a history that makes all it names. */
export function bindNames(operation: Operation, catalog: Catalog, all: boolean): readonly Refusal[] {
  if (!all) return [];
  const found: Refusal[] = [];
  const type = (name: TypeName | undefined): void => {
    if (!name || isBuiltInType(name)) return;
    // A table has a row type of its name.
    if (
      isAbsent(presentType(catalog, resolveType(catalog, name))) &&
      isAbsent(relation(catalog, resolve(catalog, name)))
    )
      missingType(name);
  };
  const missingType = (name: TypeName): void => {
    const written = name.schema === undefined ? name.name : `${name.schema}.${name.name}`;
    found.push({
      sqlstate: "42704",
      message: `type "${written}" does not exist`,
      about: "type",
      meant: meant(
        name.name,
        [...catalog.types.values()].map((each) => each.name),
      ),
    });
  };
  const table = (name: Name | undefined): void => {
    const refusal = name && missingRelation(catalog, name);
    if (refusal) found.push(refusal);
  };
  const schema = (name: string | undefined): void => {
    if (name !== undefined && isAbsent(presentSchema(catalog, name)))
      found.push({ sqlstate: "3F000", message: `schema "${name}" does not exist`, about: "schema" });
  };
  switch (operation.kind) {
    case "createTable":
      schema(operation.table.schema);
      for (const column of operation.columns) type(column.type);
      for (const each of [...operation.constraints, ...operation.columns.flatMap(({ constraints }) => constraints)])
        if (each.type === "foreignKey" && !sameName(each.parent, operation.table)) table(each.parent);
      for (const each of [...operation.inherits, ...operation.like.map((like) => like.table)]) table(each);
      table(operation.partitionOf);
      break;
    case "createView":
    case "createFunction":
    case "createEnum":
    case "createSequence":
      schema(nameOf(operation).schema);
      break;
    case "addColumn":
      if (!("ifTableExists" in operation && operation.ifTableExists)) table(operation.table);
      type(operation.column.type);
      for (const each of operation.column.constraints) if (each.type === "foreignKey") table(each.parent);
      break;
    case "alterColumnType":
      table(operation.table);
      type(operation.type);
      break;
    case "addForeignKey":
      table(operation.table);
      table(operation.constraint.parent);
      break;
    case "createIndex":
    case "addCheck":
    case "addUnique":
    case "addPrimaryKey":
    case "dropColumn":
    case "dropConstraint":
    case "renameColumn":
    case "setNotNull":
    case "dropNotNull":
    case "setDefault":
    case "dropDefault":
    case "truncate":
    case "validateConstraint":
    case "createPolicy":
    case "renameConstraint":
    case "lockTable":
    case "alterTable":
      if (!("ifTableExists" in operation && operation.ifTableExists)) table(operation.table);
      break;
    case "renameTable":
    case "dropTable":
    case "setTableSchema":
      if (!operation.ifExists) table(operation.table);
      break;
    case "createTrigger":
      table(operation.table);
      if (isMissingFunction(catalog, operation.function))
        found.push({
          sqlstate: "42883",
          message: `function ${spoken(operation.function)}() does not exist`,
          about: "function",
        });
      break;
    case "analyze":
    case "vacuum":
      operation.tables.forEach(table);
      break;
    case "addEnumValue":
    case "renameEnumValue":
    case "createDomain":
    case "alterDomain":
    case "createType":
    case "dropType":
    case "renameType":
    case "setTypeSchema":
    case "alterSequence":
    case "attachPartition":
    case "detachPartition":
    case "setExpression":
    case "dropExpression":
    case "addIdentity":
    case "setIdentity":
    case "addExclusion":
    case "addNotNull":
    case "dropIndex":
    case "attachIndex":
    case "refreshView":
    case "createStatistics":
    case "createRule":
    case "renameOnTable":
    case "renameObject":
    case "setObjectSchema":
    case "dropObject":
    case "comment":
    case "grant":
    case "publication":
    case "insertRows":
    case "updateRows":
    case "deleteRows":
    case "mergeRows":
    case "select":
    case "call":
    case "copy":
    case "cluster":
    case "reindex":
    case "alterConstraint":
    case "alterPolicy":
    case "dropIdentity":
      break;
    default:
      operation satisfies SchemaOperation | SessionOperation;
  }
  return found;
}

const isAbsent = (known: Known<unknown>): boolean => known.is === "absent";
const sameName = (one: Name, other: Name): boolean => one.name === other.name && one.schema === other.schema;
const spoken = (name: Name): string => (name.schema === undefined ? name.name : `${name.schema}.${name.name}`);

const nameOf = (
  operation: Extract<Operation, { kind: "createView" | "createFunction" | "createEnum" | "createSequence" }>,
): Name =>
  operation.kind === "createView"
    ? operation.view
    : operation.kind === "createFunction"
      ? operation.function
      : operation.kind === "createEnum"
        ? operation.type
        : operation.sequence;

/** Functions that PostgreSQL brings for triggers. */
const TRIGGERS = new Set([
  "suppress_redundant_updates_trigger",
  "tsvector_update_trigger",
  "tsvector_update_trigger_column",
  "unique_key_recheck",
]);

const isMissingFunction = (catalog: Catalog, name: Name): boolean =>
  !(name.schema === undefined && TRIGGERS.has(name.name)) &&
  isAbsent(userFunction(catalog, resolveFunction(catalog, name)));
