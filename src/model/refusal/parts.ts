import type { Expression } from "../../sql/expression.ts";
import type { ColumnDefinition } from "../../sql/operation/tables.ts";
import type { MaintenanceOperation, SessionOperation } from "../../sql/operation/session.ts";
import type { Operation } from "../../sql/operation/index.ts";
import type { SchemaOperation, SequenceOperation } from "../../sql/operation/schemas.ts";
import type { TableConstraint } from "../../sql/operation/constraints.ts";
import type { TypeOperation } from "../../sql/operation/types.ts";
import { type Catalog, relationNamed } from "../catalog.ts";
import type { Typing } from "../typing/index.ts";
import { type Columns, OPEN, type Scope, columnsOf } from "../typing/scope.ts";
import { type Type, typeNamed } from "../typing/type.ts";
import { sizeRefusal } from "../typing/literals.ts";
import { firstMutable } from "../typing/volatility.ts";
import { subqueries } from "../queries.ts";
import { sureRelation } from "../presence.ts";

interface Binding {
  readonly catalog: Catalog;
  readonly postgres: number;
  readonly types: Typing;
}

/** Binds every expression and query of an operation to the schema; what PostgreSQL would refuse is in `types.refusals` afterwards. */
export function bindExpressions(operation: Operation, binding: Binding): void {
  const { catalog, types } = binding;
  switch (operation.kind) {
    case "insertRows":
    case "updateRows":
    case "deleteRows":
    case "mergeRows":
      types.change(operation.change);
      return;
    case "select":
    case "createView":
      types.query(operation.query);
      return;
    case "copy":
      if (operation.query) types.query(operation.query);
      return;
    case "createTable": {
      if (operation.as) types.query(operation.as);
      if (operation.ifNotExists && relationNamed(catalog, operation.table) !== undefined) return;
      const open = operation.inherits.length > 0 || operation.like.length > 0 || operation.partitionOf !== undefined;
      const own = new Map(operation.columns.map(({ name, type }) => [name, typeNamed(catalog, type)]));
      const scope = scopeOf(operation.table.name, { types: own, open: open || operation.as !== undefined });
      for (const column of operation.columns) bindColumn(column, scope, binding);
      for (const constraint of operation.constraints) bindConstraint(constraint, scope, binding);
      return;
    }
    case "addColumn": {
      const table = tableScope(catalog, operation.table);
      const { column } = operation;
      const [own] = table.sources;
      const known = new Map([...(own?.types ?? []), [column.name, typeNamed(catalog, column.type)] as const]);
      bindColumn(column, scopeOf(operation.table.name, { types: known, open: own?.open ?? true }), binding);
      // Rows that are there get it; CREATE TABLE and SET DEFAULT keep it without looking.
      const size = column.default && sizeRefusal(column.type, column.default);
      if (size) types.refuse(size);
      return;
    }
    case "addCheck":
      noSubquery(operation.constraint.expression, "check constraint", types);
      types.expression(operation.constraint.expression, tableScope(catalog, operation.table));
      return;
    case "setDefault":
      bindDefault(operation.column, operation.value, columnType(catalog, operation.table, operation.column), types);
      return;
    case "setExpression":
      generated(operation.expression, tableScope(catalog, operation.table), binding);
      return;
    case "alterColumnType":
      if (!operation.using) return;
      noSubquery(operation.using, "transform expression", types);
      types.expression(operation.using, tableScope(catalog, operation.table));
      return;
    case "createIndex": {
      const scope = tableScope(catalog, operation.table);
      const immutable = (each: Expression, where: string): void => {
        noSubquery(each, `index ${where}`, types);
        types.expression(each, scope);
        refuseMutable(each, scope, binding, `functions in index ${where} must be marked IMMUTABLE`);
      };
      for (const { expression } of operation.columns) if (expression) immutable(expression, "expression");
      if (operation.where) immutable(operation.where, "predicate");
      return;
    }
    case "createPolicy":
    case "alterPolicy": {
      const scope = tableScope(catalog, operation.table);
      for (const each of [operation.using, operation.check]) if (each) types.expression(each, scope);
      return;
    }
    case "dropTable":
    case "renameTable":
    case "setTableSchema":
    case "attachPartition":
    case "detachPartition":
    case "alterTable":
    case "dropColumn":
    case "renameColumn":
    case "dropDefault":
    case "setNotNull":
    case "dropExpression":
    case "addIdentity":
    case "setIdentity":
    case "addForeignKey":
    case "addUnique":
    case "addExclusion":
    case "addNotNull":
    case "dropConstraint":
    case "validateConstraint":
    case "renameConstraint":
    case "dropIndex":
    case "attachIndex":
    case "refreshView":
    case "createFunction":
    case "createTrigger":
    case "createStatistics":
    case "createRule":
    case "renameOnTable":
    case "renameObject":
    case "setObjectSchema":
    case "dropObject":
    case "comment":
    case "grant":
    case "publication":
    case "call":
    case "truncate":
    case "addPrimaryKey":
    case "alterConstraint":
    case "dropIdentity":
    case "dropNotNull":
      return;
    default:
      operation satisfies SchemaOperation | TypeOperation | SequenceOperation | MaintenanceOperation | SessionOperation;
      return;
  }
}

const scopeOf = (name: string, columns: Columns): Scope => ({ sources: [{ ...columns, name }], outer: undefined });

function tableScope(catalog: Catalog, name: { readonly schema?: string | undefined; readonly name: string }): Scope {
  return scopeOf(name.name, columnsOf(catalog, sureRelation(catalog, name)));
}

function columnType(
  catalog: Catalog,
  table: { readonly schema?: string | undefined; readonly name: string },
  column: string,
): Type {
  return typeNamed(catalog, sureRelation(catalog, table)?.columns.get(column)?.type);
}

function bindColumn(column: ColumnDefinition, scope: Scope, binding: Binding): void {
  if (column.default) bindDefault(column.name, column.default, typeNamed(binding.catalog, column.type), binding.types);
  if (column.generated) generated(column.generated.expression, scope, binding);
  for (const constraint of column.constraints) bindConstraint(constraint, scope, binding);
}

/** A default may name no column, and has to be assignable to its own. */
function bindDefault(column: string, value: Expression, wanted: Type, types: Typing): void {
  if (value.kind === "column") {
    types.refuse({ sqlstate: "0A000", message: "cannot use column reference in DEFAULT expression", about: "column" });
    return;
  }
  noSubquery(value, "DEFAULT expression", types);
  const type = types.expression(value, { sources: [{ ...OPEN, name: undefined }], outer: undefined });
  types.assigned(type, wanted, column, "default expression");
}

function generated(value: Expression, scope: Scope, binding: Binding): void {
  noSubquery(value, "column generation expression", binding.types);
  binding.types.expression(value, scope);
  refuseMutable(value, scope, binding, "generation expression is not immutable");
}

function bindConstraint(constraint: TableConstraint, scope: Scope, { types }: Binding): void {
  if (constraint.type !== "check") return;
  noSubquery(constraint.expression, "check constraint", types);
  types.expression(constraint.expression, scope);
}

function refuseMutable(value: Expression, scope: Scope, { catalog, postgres, types }: Binding, message: string): void {
  const mutable = types.quietly(() => firstMutable(value, scope, { catalog, postgres, types }));
  if (mutable !== undefined) types.refuse({ sqlstate: "42P17", message, about: "volatility", meant: mutable });
}

function noSubquery(value: Expression, where: string, types: Typing): void {
  if (subqueries(value).length > 0)
    types.refuse({ sqlstate: "0A000", message: `cannot use subquery in ${where}`, about: "command" });
}
