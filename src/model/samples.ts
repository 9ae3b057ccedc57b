import type { Expression } from "../sql/expression.ts";
import { type Catalog, type Relation, typeOf } from "./catalog.ts";
import type { Value } from "./evaluation.ts";
import { expressions } from "./queries.ts";

/** Values by column. */
export type Tuple = ReadonlyMap<string, Value>;

/**
 * Rows of a table at which conditions turn: their columns have, in every combination, the literals of the expressions, what lies beside
 * these, all labels of an enum, and NULL where that may be. None where there are too many.
 */
export function sampleRows(
  catalog: Catalog,
  table: Relation,
  columns: readonly string[],
  of: readonly Expression[],
  more: readonly Value[] = [],
): readonly Tuple[] {
  const offered = [...literalsOf(of), ...more];
  let rows: (readonly (readonly [string, Value])[])[] = [[]];
  for (const name of columns) {
    const column = table.columns.get(name);
    const type = column?.type && column.type.array === 0 ? typeOf(catalog, column.type) : undefined;
    const values: readonly Value[] = [
      ...(type?.kind === "enum" ? type.values : offered),
      ...(column?.notNull === false ? [null] : []),
    ];
    if (rows.length * values.length > MOST) return [];
    rows = rows.flatMap((row) => values.map((value) => [...row, [name, value] as const]));
  }
  return rows.map((cells) => new Map(cells));
}

const MOST = 2000;

/** The literals of expressions, the numbers beside them, and a text that none of them is. */
function literalsOf(of: readonly Expression[]): Value[] {
  const found = new Set<Value>();
  for (const each of of.flatMap((expression) => [...expressions(expression)])) {
    if (each.kind !== "literal" || each.value === null) continue;
    found.add(each.value);
    if (typeof each.value === "number") [each.value - 1, each.value + 1].forEach((near) => found.add(near));
    if (typeof each.value === "string") found.add(`${each.value}~`);
    if (typeof each.value === "boolean") found.add(!each.value);
  }
  return [...found];
}
