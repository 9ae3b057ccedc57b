import type { Change, Expression, Query } from "../../sql/expression.ts";
import { type Catalog, type Column, type Relation, relationAt, resolve } from "../catalog.ts";
import { referencing } from "../relatives.ts";
import { mentions } from "./mentions.ts";
import type { RowAccess } from "./objects.ts";
import { changeTables, expressions } from "../queries.ts";
import { isWhole } from "../presence.ts";

export function changes(catalog: Catalog, change: Change, add: (access: RowAccess, only?: boolean) => void): void {
  const id = resolve(catalog, change.table);
  const table = relationAt(catalog, id);
  const mentioned = mentions(change).columns;
  for (const name of changeTables(change)) add({ relation: resolve(catalog, name), mode: "read", columns: mentioned });
  for (const cte of change.ctes) if (cte.change) changes(catalog, cte.change, add);
  switch (change.kind) {
    case "insertRows": {
      const numbered = [...(table?.columns.values() ?? [])]
        .filter((column) => !change.columns.includes(column.name) && isNumbered(column))
        .map(({ name }) => name);
      const given = change.columns.length > 0 ? change.columns : [...(table?.columns.keys() ?? [])];
      const values =
        change.query?.values &&
        insertedValues(given, change.query)?.map((row) => [...row, ...defaultsOf(table, given)]);
      add(
        {
          relation: id,
          mode: "insert",
          ...(change.columns.length > 0 && { columns: change.columns }),
          ...(values ? { values } : { computed: true as const }),
          ...(change.onConflict && { upsert: true as const }),
          ...(numbered.length > 0 && { numbered }),
        },
        true,
      );
      break;
    }
    case "updateRows": {
      const columns = change.set.map(({ column }) => column);
      const values = asked(change.where);
      add(
        {
          relation: id,
          mode: "update",
          columns,
          by: mentioned,
          values,
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
      const values = asked(change.where);
      add({ relation: id, mode: "delete", by: mentioned, values }, change.only);
      cascades(catalog, id, add, new Set());
      break;
    }
    case "mergeRows":
      for (const action of change.actions)
        if (action !== "nothing") add({ relation: id, mode: action, computed: true });
      break;
  }
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

function isNumbered(column: Column): boolean {
  if (column.identity || /serial$/.test(column.type?.name ?? "")) return true;
  return [...expressions(column.default)].some((part) => part.kind === "call" && part.name === "nextval");
}

/** What an INSERT gives to columns that it leaves out, where that is one fixed value. */
function defaultsOf(table: Relation | undefined, given: readonly string[]): (readonly [string, string])[] {
  if (!isWhole(table)) return [];
  return [...table.columns.values()].flatMap((column): (readonly [string, string])[] => {
    if (given.includes(column.name) || isNumbered(column) || column.generated) return [];
    const value = column.default ? literalOf(column.default) : "NULL";
    return value === undefined ? [] : [[column.name, value]];
  });
}

function insertedValues(columns: readonly string[], query: Query): RowAccess["values"] {
  return query.values?.map((row) =>
    row.flatMap((value, i): (readonly [string, string])[] => {
      const literal = literalOf(value);
      const column = columns[i];
      return literal === undefined || column === undefined ? [] : [[column, literal]];
    }),
  );
}

/** The values that a condition asks its columns to have, where it is an AND of such parts or has some: no other row fits. */
function asked(where: Expression | undefined): RowAccess["values"] {
  const parts = where?.kind === "and" ? where.args : where ? [where] : [];
  const found = parts.flatMap((part): (readonly [string, string])[] => {
    if (part.kind === "isNull" && !part.negated && part.arg.kind === "column") return [[part.arg.column, "NULL"]];
    if (part.kind !== "operator" || part.operator !== "=") return [];
    const [left, right] = part.args;
    const column = left?.kind === "column" ? left.column : right?.kind === "column" ? right.column : undefined;
    const value = left?.kind === "column" ? literalOf(right) : literalOf(left);
    return column === undefined || value === undefined ? [] : [[column, value]];
  });
  return found.length > 0 ? [found] : undefined;
}

function literalOf(value: Expression | undefined): string | undefined {
  const bare = value?.kind === "cast" ? value.arg : value;
  if (bare?.kind !== "literal") return undefined;
  return bare.value === null ? "NULL" : `'${String(bare.value)}'`;
}
