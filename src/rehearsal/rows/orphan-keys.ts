import type { Present } from "./recipe.ts";
import type { ColumnShape, TableShape } from "./shapes.ts";
import type { ForeignKeyRows } from "./sql.ts";
import type { Failure } from "../../model/effects.ts";
import { valueAt } from "./values.ts";
import type { Cells } from "./cells.ts";

export interface OrphanKey extends ForeignKeyRows {
  readonly shape: TableShape;
  readonly deployed: TableShape;
  readonly present: Present;
  /** Keys to come have made-up values of their own. */
  readonly number: number;
}

export const keyNumber = ({ coming }: Present, { relation, columns, parent }: Failure): number =>
  Math.max(
    0,
    coming.findIndex(
      (each) => each.child === relation && each.columns.join() === columns.join() && each.parent === parent,
    ),
  );

export const columnOf = (shape: TableShape, name: string): ColumnShape =>
  shape.columns.find((column) => column.name === name)!;

/** Key number `n` that no parent has: the first few are elsewhere. */
export const gone = ({ columns, shape, number }: OrphanKey, n: number): (string | null)[] =>
  columns.map((name) => {
    const { type, modifier } = columnOf(shape, name);
    return valueAt(type, modifier, 7000 + number * 50 + n, "gone") ?? null;
  });

export const NEAR = 2;

/** Key number `n` of a parent that is nowhere else. */
export const alone = ({ columns, shape, number }: OrphanKey, n: number): (string | null)[] =>
  columns.map((name) => {
    const { type, modifier } = columnOf(shape, name);
    return valueAt(type, modifier, 8000 + number * 50 + n, "alone") ?? null;
  });

export const parentsOf = ({ present, parent, parentColumns }: OrphanKey): readonly Cells[] =>
  (present.rows.get(parent) ?? []).filter((row) =>
    parentColumns.every((name) => row[name] !== null && row[name] !== undefined),
  );

export const keyOf = (row: Cells, columns: readonly string[]): string =>
  JSON.stringify(columns.map((name) => row[name]));

export const single = (shape: TableShape, columns: readonly string[]): boolean =>
  shape.uniques.some((unique) => unique.columns.length > 0 && unique.columns.every((name) => columns.includes(name)));

export const cellsOf = (columns: readonly string[], values: readonly (string | null | undefined)[]): Cells =>
  Object.fromEntries(columns.map((name, i) => [name, values[i]]));
