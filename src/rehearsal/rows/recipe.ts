import type { RelationId } from "../../model/effects.ts";
import type { Spoken } from "./literals.ts";
import type { Cells } from "./cells.ts";
import type { TableShape } from "./shapes.ts";
import type { ForeignKeyRows } from "./sql.ts";

/** How to make rows for one failure. */
export interface Recipe {
  /** Rows of tables, one after the other. Absent where the rows that are there do it. */
  readonly make?: readonly Making[];
  /** What so many of these rows are, as a phrase. */
  phrase(count: number): string;
  /** For what no query counts: from the number of rows that were added. */
  counted?(added: number): number;
}

export interface Making {
  /** What the rows have to satisfy. */
  readonly shape: TableShape;
  /** The table as it is deployed. */
  readonly deployed: TableShape;
  readonly total: number;
  /** The cells that make the next row what it is for; undefined: there are enough. */
  forced(made: readonly Cells[]): Cells | undefined;
}

export type NoRecipe = { readonly why: string };

/** Tables of the deployed schema with their rows, those that are added here among them. */
export interface Present {
  readonly tables: ReadonlyMap<RelationId, TableShape>;
  readonly rows: Map<RelationId, Cells[]>;
  /** Foreign keys that the statements to come add or validate. */
  readonly coming: readonly ForeignKeyRows[];
  readonly spoken: Spoken;
}

/** "a", "(a, b)". */
export const keyInWords = (names: readonly string[]): string =>
  names.length === 1 ? names[0]! : `(${names.join(", ")})`;

/** A constraint that is NOT VALID does not say that there are no such rows. */
export function withoutOpen(shape: TableShape): TableShape {
  const open = new Set(shape.notValid.map(({ name }) => name));
  return open.size === 0
    ? shape
    : {
        ...shape,
        keys: shape.keys.filter(({ name }) => !open.has(name)),
        checks: shape.checks.filter(({ name }) => !open.has(name)),
      };
}
