import { type Name, undotted } from "../../sql/names.ts";
import type { Expression } from "../../sql/expression.ts";
import type { Operation } from "../../sql/operation/index.ts";
import { type Catalog, type Relation, functionAt, relationAt, resolve, resolveFunction } from "../catalog.ts";
import { changeExpressions, deepExpressions, queryExpressions } from "../queries.ts";
import { writtenBy } from "./row-changes.ts";

/** How far functions are followed that call functions. */
const DEPTH = 5;

/** The functions whose bodies an operation runs: what it calls itself, and what the table that it changes calls. */
export function ranFunctions(catalog: Catalog, operation: Operation): readonly string[] {
  const found = new Set<string>();
  const visit = (id: string, depth: number): void => {
    if (found.has(id) || depth > DEPTH) return;
    found.add(id);
    for (const inner of functionAt(catalog, id)?.operations ?? [])
      for (const each of direct(catalog, inner)) visit(each, depth + 1);
  };
  for (const id of direct(catalog, operation)) visit(id, 0);
  return [...found];
}

/** What those bodies do, as far as they are read. */
export function runs(catalog: Catalog, operation: Operation): readonly Operation[] {
  if (operation.body?.in === "function") return [];
  return ranFunctions(catalog, operation).flatMap((id) => functionAt(catalog, id)?.operations ?? []);
}

function direct(catalog: Catalog, operation: Operation): string[] {
  const named = (name: Name): string[] => {
    const id = resolveFunction(catalog, name);
    return functionAt(catalog, id) ? [id] : [];
  };
  const called = (parts: Iterable<Expression>): string[] =>
    [...parts].flatMap((part) => (part.kind === "call" ? named(undotted(part.name)) : []));
  if (operation.kind === "call") return named(operation.function);
  const found = called(ranExpressions(operation));
  const table = changedTable(catalog, operation);
  if (table) {
    for (const column of table.columns.values())
      found.push(...called(deepExpressions(column.default)), ...called(deepExpressions(column.generated?.expression)));
    for (const constraint of table.constraints.values()) found.push(...called(deepExpressions(constraint.expression)));
    for (const trigger of table.triggers.values()) found.push(...named(undotted(trigger.function)));
  }
  return found;
}

/** The table whose rows the operation changes. */
export function changedTable(catalog: Catalog, operation: Operation): Relation | undefined {
  return "change" in operation ? relationAt(catalog, writtenBy(catalog, resolve(catalog, operation.table))) : undefined;
}

/** Expressions that are computed when the operation runs, over rows or for them. */
export function* ranExpressions(operation: Operation): Generator<Expression> {
  const { kind } = operation;
  if ("change" in operation) yield* changeExpressions(operation.change);
  else if (kind === "select") yield* queryExpressions(operation.query);
  else if (kind === "createTable" && operation.as) yield* queryExpressions(operation.as);
  else if (kind === "createView" && operation.materialized && operation.withData)
    yield* queryExpressions(operation.query);
  else if (kind === "addColumn") {
    yield* deepExpressions(operation.column.default);
    yield* deepExpressions(operation.column.generated?.expression);
  } else if (kind === "addCheck" && !operation.constraint.notValid)
    yield* deepExpressions(operation.constraint.expression);
  else if (kind === "alterColumnType") yield* deepExpressions(operation.using);
  else if (kind === "createIndex") {
    for (const { expression } of operation.columns) yield* deepExpressions(expression);
    yield* deepExpressions(operation.where);
  } else if (kind === "setExpression") yield* deepExpressions(operation.expression);
}
