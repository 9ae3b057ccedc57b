import type { Operation } from "../../sql/operation/index.ts";
import type { Change, Cte, Expression } from "../../sql/expression.ts";
import { undotted, nameIn } from "../../sql/names.ts";
import { type Catalog, functionAt, relationAt, resolve, resolveFunction, typeOf } from "../catalog.ts";
import { deepExpressions } from "../queries.ts";
import { ranExpressions, ranFunctions, runs } from "./bodies.ts";
import { readBy, writtenBy } from "./row-changes.ts";
import { mentions } from "./mentions.ts";
import { queryTables, changeTables } from "../queries.ts";
import { identifiersOf } from "./clauses.ts";
import type { Touches } from "./touches.ts";
import { ownedSequence } from "./sequences.ts";

/** What an operation runs beyond what it names: functions, sequences, defaults, views, triggers, domains. */
export function executedAccesses(catalog: Catalog, operation: Operation, text: string, { add }: Touches): void {
  for (const id of ranFunctions(catalog, operation)) {
    add("needs", "function", id);
    add("reads", "body", id);
  }
  for (const part of ranExpressions(operation)) sequenceCall(catalog, part);
  for (const id of readViews(catalog, operation)) add("reads", "definition", id);
  const byKeyword = identifiersOf(text).has("default");
  for (const change of allChanges(catalog, operation)) changed(change, byKeyword);

  function changed(change: Change, keyword: boolean): void {
    const table = relationAt(catalog, writtenBy(catalog, resolve(catalog, change.table)));
    if (!table) return;
    const written = writtenColumns(change);
    // What a trigger does with a row is not read: it may name any column.
    if (table.triggers.size > 0)
      for (const name of table.columns.keys()) add("needs", "column", `${table.id}.${name}`, { unsure: true });
    for (const column of table.columns.values()) {
      const type = column.type && typeOf(catalog, column.type);
      const isWritten = written === undefined || written.includes(column.name);
      if (type?.kind === "domain" && (isWritten || change.kind === "insertRows")) add("reads", "domain", type.id);
      const byDefault =
        (change.kind === "insertRows" && ((written !== undefined && !isWritten) || !change.query || keyword)) ||
        (change.kind === "mergeRows" && change.actions.includes("insert")) ||
        (change.kind === "updateRows" &&
          change.set.some(
            ({ column: name, value }) => name === column.name && value.kind === "call" && value.name === "default",
          ));
      if (!byDefault) continue;
      const how = change.kind === "mergeRows" ? { unsure: true as const } : {};
      add("reads", "column default", `${table.id}.${column.name}`, how);
      const sequence = ownedSequence(catalog, table, column);
      if (sequence === undefined) continue;
      add("reads", "numbers", sequence, how);
      add("needs", "relation", sequence, { unsure: true });
    }
  }

  function sequenceCall(at: Catalog, part: Expression): void {
    if (part.kind !== "call" || !["nextval", "setval", "currval"].includes(part.name)) return;
    const [first] = part.args;
    const id = sequenceOf(at, first);
    if (id !== undefined) {
      add("needs", "relation", id);
      add(part.name === "currval" ? "reads" : "changes", "numbers", id);
    }
  }
}

/** The sequence that an argument names, or the one of the column that pg_get_serial_sequence is asked for. */
function sequenceOf(catalog: Catalog, argument: Expression | undefined): string | undefined {
  const bare = argument?.kind === "cast" ? argument.arg : argument;
  if (bare?.kind === "literal" && typeof bare.value === "string") return resolve(catalog, nameIn(bare.value));
  if (bare?.kind !== "call" || bare.name !== "pg_get_serial_sequence") return undefined;
  const [table, column] = bare.args.map((each) => (each.kind === "cast" ? each.arg : each));
  if (table?.kind !== "literal" || typeof table.value !== "string" || column?.kind !== "literal") return undefined;
  const known = relationAt(catalog, resolve(catalog, nameIn(table.value)));
  const its = known?.columns.get(String(column.value));
  return known && its && ownedSequence(catalog, known, its);
}

/** What an operation changes, its CTEs and the functions that it runs included. */
function allChanges(catalog: Catalog, operation: Operation): Change[] {
  const within = (ctes: readonly Cte[]): Change[] =>
    ctes.flatMap(({ query, change }) => [
      ...(query ? within(query.ctes) : []),
      ...(change ? [change, ...within(change.ctes)] : []),
    ]);
  const own = (each: Operation): Change[] =>
    "change" in each
      ? [each.change, ...within(each.change.ctes)]
      : each.kind === "select"
        ? within(each.query.ctes)
        : [];
  return [operation, ...runs(catalog, operation)].flatMap(own);
}

/** Columns that a change writes; undefined for all. */
function writtenColumns(change: Change): readonly string[] | undefined {
  if (change.kind === "updateRows") return change.set.map(({ column }) => column);
  if (change.kind === "insertRows" && change.columns.length > 0) return change.columns;
  return change.kind === "deleteRows" ? [] : undefined;
}

/** Views whose rows are read at once, and those below them. */
function readViews(catalog: Catalog, operation: Operation): string[] {
  const query =
    operation.kind === "createTable"
      ? operation.as
      : operation.kind === "createView" && operation.materialized
        ? operation.query
        : undefined;
  const names =
    "change" in operation
      ? [operation.table, ...changeTables(operation.change)]
      : operation.kind === "refreshView"
        ? [...(relationAt(catalog, resolve(catalog, operation.view))?.uses ?? [])].map(undotted)
        : queryTables(query);
  return names
    .flatMap((name) => readBy(catalog, resolve(catalog, name)))
    .filter((id) => relationAt(catalog, id)?.kind === "view");
}

/** What the text of an SQL function's body names: it is looked up when the function is made. */
export function bodyAccesses(
  catalog: Catalog,
  operation: Operation,
  text: string,
  { add, needs, reads }: Touches,
): void {
  if (operation.kind !== "createFunction") return;
  const words = identifiersOf(text);
  const kept = words.has("atomic");
  if (operation.language !== "sql" && !kept) return;
  for (const inner of operation.operations) {
    const names =
      "change" in inner
        ? [inner.table, ...changeTables(inner.change)]
        : inner.kind === "select"
          ? queryTables(inner.query)
          : [];
    if (inner.kind === "select" && kept) reads(inner.query);
    const written =
      "change" in inner ? mentions(inner.change).columns : inner.kind === "select" ? mentions(inner.query).columns : [];
    for (const name of names) {
      const id = needs(name);
      for (const column of relationAt(catalog, id)?.columns.keys() ?? []) {
        const own = inner.kind === "insertRows" && inner.change.columns.includes(column);
        const set = inner.kind === "updateRows" && inner.change.set.some((each) => each.column === column);
        if (!written.includes(column) && !own && !set) continue;
        add("needs", "column", `${id}.${column}`);
        if (kept) add("reads", "column type", `${id}.${column}`);
      }
    }
    for (const part of inner.kind === "select"
      ? inner.query.targets.flatMap(({ value }) => [...deepExpressions(value)])
      : []) {
      if (part.kind !== "call") continue;
      const id = resolveFunction(catalog, undotted(part.name));
      if (functionAt(catalog, id)) add("needs", "function", id);
    }
  }
}
