import type { ForeignKeyShape, TableShape, UniqueShape } from "./shapes.ts";
import { satisfies, valueOf } from "./checks.ts";
import { randomOf } from "./random.ts";
import type { Cells, RowsOf } from "./cells.ts";
import { type Unit, unitsOf } from "./units.ts";

/** Rows of one table in the making. */
export interface TablePlan {
  readonly shape: TableShape;
  readonly rows: Cells[];
  /** Keys whose parents are not there yet. */
  readonly late: readonly ForeignKeyShape[];
  /** Why there are fewer rows than were asked for, as a clause. */
  why?: string;
  /** PostgreSQL has refused rows: more is tried where a check cannot be computed here. */
  bold: boolean;
  /** Adds rows until there are `wanted`, or no more can be found. */
  add(wanted: number): void;
  /** Points the late keys of rows that have none yet at rows that are there by now. Rows where that fails are given back. */
  settle(): readonly Cells[];
  remove(rows: ReadonlySet<Cells>): void;
}

export interface PlanOptions {
  readonly seed: number;
  readonly wanted: number;
  /** Makes other rows of the same table others. */
  readonly salt?: string;
  readonly rowsOf: RowsOf;
  readonly late: readonly ForeignKeyShape[];
  /** Rows that the table has already: they are in `rows` from the start. */
  readonly existing?: readonly Cells[];
  /** Cells that the next row has to have, whatever that means for the others; undefined: there are enough. */
  forced?(made: readonly Cells[]): Cells | undefined;
}

const TRIES = 300;

export function planTable(
  shape: TableShape,
  { seed, wanted: total, salt = "", rowsOf, late, existing = [], forced = () => ({}) }: PlanOptions,
): TablePlan {
  const random = randomOf(seed, shape.id, salt);
  const columns = new Map(shape.columns.map((column) => [column.name, column]));
  const units = unitsOf(shape, late, total, existing, random);
  const first = units.filter((unit) => !unit.late);
  const rows: Cells[] = [];
  const settled = new Set<Cells>();
  const taken = shape.uniques.map(() => new Set<string>());
  const value = (row: Cells) => (name: string) => {
    const column = columns.get(name);
    return column && !column.generated && name in row ? valueOf(row[name], column.type) : undefined;
  };
  const uniqueKey = (unique: UniqueShape, row: Cells): string | undefined => {
    if (unique.columns.length === 0 || (unique.where && satisfiesWhere(unique.where, value(row)) === false))
      return undefined;
    const cells = unique.columns.map((name) => row[name]);
    if (cells.includes(undefined) || (cells.includes(null) && !unique.nullsNotDistinct)) return undefined;
    const key = JSON.stringify(cells);
    return unique.expressions ? key.toLowerCase() : key;
  };
  const conflict = (row: Cells): readonly string[] | undefined => {
    const check = shape.checks.find(({ expression }) => expression && satisfies(expression, value(row)) === false);
    if (check) return check.columns;
    return shape.uniques.find((unique, i) => {
      const key = uniqueKey(unique, row);
      return key !== undefined && taken[i]!.has(key);
    })?.columns;
  };
  const enter = (row: Cells): void => {
    rows.push(row);
    shape.uniques.forEach((unique, i) => {
      const key = uniqueKey(unique, row);
      if (key !== undefined) taken[i]!.add(key);
    });
  };
  const leave = (row: Cells): void => {
    rows.splice(rows.indexOf(row), 1);
    shape.uniques.forEach((unique, i) => {
      const key = uniqueKey(unique, row);
      if (key !== undefined) taken[i]!.delete(key);
    });
  };
  const repair = (row: Cells, movable: readonly Unit[], fixed: Cells): boolean => {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const bad = conflict(row);
      if (!bad) return true;
      const able = movable.filter((unit) => unit.columns.some((name) => bad.includes(name) && !(name in fixed)));
      if (able.length === 0) return false;
      random.pick(able).assign(row, { attempt, own: rows, rowsOf, fixed });
    }
    return conflict(row) === undefined;
  };
  for (const row of existing) enter(row);
  const plan: TablePlan = {
    shape,
    rows,
    late,
    bold: false,
    add(wanted) {
      let failures = 0;
      while (rows.length - existing.length < wanted && failures < 4) {
        const fixed = forced(rows.slice(existing.length));
        if (!fixed) return;
        const row: Cells = { ...fixed };
        for (const unit of units) if (unit.late) for (const name of unit.columns) row[name] = undefined;
        const why = first
          .map((unit) => unit.assign(row, { attempt: plan.bold && unit.bold ? 1 : 0, own: rows, rowsOf, fixed }))
          .find((each) => each !== undefined);
        if (why !== undefined) plan.why = why;
        if (why === undefined && repair(row, first, fixed)) {
          enter(row);
          failures = 0;
        } else {
          failures++;
          plan.why ??= "no more rows were found that satisfy its constraints";
        }
      }
    },
    settle() {
      const lost: Cells[] = [];
      const movable = units.filter((unit) => unit.late);
      for (const row of late.length > 0 ? [...rows] : []) {
        if (settled.has(row)) continue;
        settled.add(row);
        leave(row);
        const whys = movable
          .map((unit) => unit.assign(row, { attempt: 0, own: rows, rowsOf, fixed: {} }))
          .filter((why) => why !== undefined);
        if (whys.length === 0 && repair(row, movable, {})) enter(row);
        else {
          lost.push(row);
          plan.why = whys[0] ?? "no rows were found that satisfy its constraints";
        }
      }
      return lost;
    },
    remove(gone) {
      for (const row of rows.filter((each) => gone.has(each))) leave(row);
    },
  };
  return plan;
}

/** A unique index holds only what its predicate says is true. */
function satisfiesWhere(
  where: NonNullable<UniqueShape["where"]>,
  row: Parameters<typeof satisfies>[1],
): boolean | undefined {
  return satisfies({ kind: "operator", operator: "is true", args: [where] }, row);
}
