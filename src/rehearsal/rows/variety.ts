import { fitsType } from "./checks.ts";
import type { Cells } from "./cells.ts";
import type { ColumnShape, TableShape } from "./shapes.ts";
import type { Spoken } from "./literals.ts";

/** Cells of the columns that a set of rows is not about. */
export interface Variety {
  readonly shape: TableShape;
  readonly spoken: Spoken;
  /** Columns that get their values elsewhere. */
  readonly but: ReadonlySet<string>;
  /** Keys with which a column of the same type could be taken for another one: some that are there, some that are not. */
  readonly confusable?: { readonly type: string; readonly there: readonly string[]; readonly gone: readonly string[] };
}

/**
 * Cells for the row number `n` of a set: within a few rows each column that is free takes NULL and not NULL, every label and
 * both booleans, what statements compare it with, and keys of other rows. What is left out is made as usual.
 */
export function varied({ shape, spoken, but, confusable }: Variety, n: number, rows: readonly Cells[]): Cells {
  const cells: Cells = {};
  const bound = new Set([
    ...shape.keys.flatMap(({ columns }) => columns),
    ...shape.checks.flatMap(({ columns }) => columns),
    ...but,
  ]);
  const unique = new Set(shape.uniques.flatMap(({ columns }) => columns));
  for (const [index, column] of shape.columns.entries()) {
    const { name } = column;
    if (column.generated || bound.has(name)) continue;
    const constants = (spoken.constants.get(name) ?? []).filter((text) => fits(text, column));
    if (unique.has(name)) {
      const free = around(constants).find((text) => fits(text, column) && !rows.some((row) => row[name] === text));
      if (n < 2 && free !== undefined) cells[name] = free;
      continue;
    }
    const choices = choicesOf(column, constants, confusable, n);
    // As in a Latin square, so that columns do not change together.
    const choice = choices[(n + index + Math.floor(n / choices.length) * (index % choices.length)) % choices.length];
    if (choice !== undefined) cells[name] = choice;
  }
  return cells;
}

/** Undefined: any. */
function choicesOf(
  { name: _, type, required, ...column }: ColumnShape,
  constants: readonly string[],
  confusable: Variety["confusable"],
  n: number,
): readonly (string | null | undefined)[] {
  const nothing = required || (type.kind === "domain" && type.required) ? [] : [null];
  if (type.kind === "enum") return [...type.labels, ...nothing];
  if (type.name === "bool" && type.kind === "base") return ["true", "false", ...nothing];
  if (confusable && sameType({ type, ...column }, confusable.type)) {
    const turn = Math.floor(n / 3);
    return [
      confusable.there[turn % Math.max(1, confusable.there.length)],
      confusable.gone[turn % Math.max(1, confusable.gone.length)],
      ...nothing,
      ...constants,
    ];
  }
  return [...constants, undefined, ...nothing];
}

const sameType = ({ type }: Pick<ColumnShape, "type">, name: string): boolean =>
  type.kind === "base" && type.name === name;

const fits = (text: string, { type, modifier }: ColumnShape): boolean =>
  fitsType(text, type) && (modifier <= 4 || !/^(varchar|bpchar)$/.test(type.name) || text.length <= modifier - 4);

/** A number itself, and others well below and above it. */
const around = (constants: readonly string[]): readonly string[] =>
  constants.flatMap((text) =>
    /^-?\d{1,8}$/.test(text) ? [text, String(Number(text) - 1009), String(Number(text) + 1009)] : [text],
  );
