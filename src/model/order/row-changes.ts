import type { Change, Expression, Query } from "../../sql/expression.ts";
import { type Catalog, type Column, type Relation, relationAt, resolve } from "../catalog.ts";
import type { Value } from "../evaluation.ts";
import { indexesOf, referencing } from "../relatives.ts";
import { mentions } from "./mentions.ts";
import type { RowAccess } from "./objects.ts";
import { type Known, literalOf } from "./predicates.ts";
import { changeTables, expressions, mentionedColumns } from "../queries.ts";
import { isWhole } from "../presence.ts";

export function changes(catalog: Catalog, change: Change, add: (access: RowAccess, only?: boolean) => void): void {
  const id = writtenBy(catalog, resolve(catalog, change.table));
  const table = relationAt(catalog, id);
  const mentioned = mentions(change).columns;
  const read = new Set(changeTables(change).flatMap((name) => readBy(catalog, resolve(catalog, name))));
  // One table alone, so that the condition is about it.
  const from = change.kind === "insertRows" && change.ctes.length === 0 && read.size === 1 ? change.query : undefined;
  for (const each of read)
    add({ relation: each, mode: "read", columns: mentioned, ...(from?.ctes.length === 0 && { where: from.where }) });
  for (const cte of change.ctes) {
    if (!cte.change) continue;
    changes(catalog, cte.change, add);
    // What it returns may be any column.
    add({ relation: writtenBy(catalog, resolve(catalog, cte.change.table)), mode: "read" });
  }
  switch (change.kind) {
    case "insertRows": {
      const numbered = [...(table?.columns.values() ?? [])]
        .filter((column) => !change.columns.includes(column.name) && isNumbered(column))
        .map(({ name }) => name);
      const given = change.columns.length > 0 ? change.columns : [...(table?.columns.keys() ?? [])];
      const rows = insertedRows(table, given, change.query);
      add(
        {
          relation: id,
          mode: "insert",
          ...(change.columns.length > 0 && { columns: change.columns }),
          ...(rows ? { rows } : { computed: true as const }),
          ...(change.onConflict && { upsert: true as const }),
          ...(numbered.length > 0 && { numbered }),
          keys: table ? keysOf(catalog, table) : [],
        },
        true,
      );
      break;
    }
    case "updateRows": {
      const own = change.set.map(({ column }) => column);
      const columns = withGenerated(table, own);
      add(
        {
          relation: id,
          mode: "update",
          columns,
          by: mentioned,
          // Names of the condition may be another table's.
          ...(change.from.length === 0 && { where: change.where }),
          set: change.set,
          ...(change.set.some(({ value }) => value.kind !== "literal") && { computed: true as const }),
        },
        change.only,
      );
      // A key that children point at goes with it, or is refused.
      for (const { table: child, constraint } of table ? referencing(catalog, id) : [])
        if (constraint.parentColumns?.some((column) => columns.includes(column)))
          add({ relation: child.id, mode: "update", columns: constraint.columns, by: constraint.columns });
      break;
    }
    case "deleteRows": {
      add(
        { relation: id, mode: "delete", by: mentioned, ...(change.using.length === 0 && { where: change.where }) },
        change.only,
      );
      cascades(catalog, id, add, new Set());
      break;
    }
    case "mergeRows": {
      for (const action of change.actions)
        if (action !== "nothing")
          add({ relation: id, mode: action, computed: true, ...(action === "insert" && { upsert: true as const }) });
      if (change.actions.includes("delete")) cascades(catalog, id, add, new Set());
      break;
    }
  }
}

/** The table whose rows change where the statement names `id`: itself, or the one that a simple view shows. */
export function writtenBy(catalog: Catalog, id: string): string {
  const view = relationAt(catalog, id);
  const [used, ...more] = view?.kind === "view" ? view.uses : [];
  return used === undefined || more.length > 0 ? id : writtenBy(catalog, used);
}

/** The relations whose rows are read where a query names `id`: of a view, those that it reads. */
export function readBy(catalog: Catalog, id: string): readonly string[] {
  const view = relationAt(catalog, id);
  return view?.kind === "view"
    ? [id, ...[...view.uses].flatMap((used) => (used === id ? [] : readBy(catalog, used)))]
    : [id];
}

/** The columns, and those that are generated from them. */
function withGenerated(table: Relation | undefined, columns: readonly string[]): string[] {
  const generated = [...(table?.columns.values() ?? [])].filter(({ generated: made }) =>
    mentionedColumns(made?.expression).some((each) => columns.includes(each)),
  );
  return [...columns, ...generated.map(({ name }) => name)];
}

function keysOf(catalog: Catalog, table: Relation): (readonly string[])[] {
  return [
    ...[...table.constraints.values()]
      .filter(({ type }) => type === "unique" || type === "primaryKey")
      .map(({ columns }) => columns),
    ...indexesOf(catalog, table)
      .filter((index) => index.unique && !index.partial && index.columns.every((each) => each !== null))
      .map((index) => index.columns.flatMap((each) => each ?? [])),
  ];
}

/** Rows of other tables that go, or change, with deleted ones. */
export function cascades(catalog: Catalog, id: string, add: (access: RowAccess) => void, seen: Set<string>): void {
  if (seen.has(id)) return;
  seen.add(id);
  for (const { table, constraint } of referencing(catalog, id)) {
    if (constraint.onDelete === "cascade") {
      add({ relation: table.id, mode: "delete", by: constraint.columns });
      cascades(catalog, table.id, add, seen);
    } else if (constraint.onDelete === "set null" || constraint.onDelete === "set default")
      add({ relation: table.id, mode: "update", columns: constraint.columns, by: constraint.columns });
    else add({ relation: table.id, mode: "read", columns: constraint.columns });
  }
}

export function isNumbered(column: Column): boolean {
  if (column.identity || /serial$/.test(column.type?.name ?? "")) return true;
  return [...expressions(column.default)].some((part) => part.kind === "call" && part.name === "nextval");
}

/** The rows of VALUES, with the defaults of what they leave out; undefined for other queries. */
function insertedRows(
  table: Relation | undefined,
  given: readonly string[],
  query: Query | undefined,
): readonly Known[] | undefined {
  const values = query ? query.values : [[]];
  return values?.map((row) => {
    const known = new Map<string, Value>();
    for (const [at, value] of row.entries()) {
      const [column, literal] = [given[at], literalOf(value)];
      if (column !== undefined && literal !== undefined) known.set(column, literal);
    }
    if (!isWhole(table)) return known;
    const written = new Set(given.filter((_, at) => !isDefault(row[at])));
    for (const column of table.columns.values()) {
      if (written.has(column.name) || isNumbered(column) || column.generated) continue;
      const value = column.default ? literalOf(column.default) : null;
      if (value !== undefined) known.set(column.name, value);
    }
    return known;
  });
}

const isDefault = (value: Expression | undefined): boolean =>
  value === undefined || (value.kind === "call" && value.name === "default");
