/** The text of a value; undefined for DEFAULT. */
export type Cell = string | null | undefined;

/** Cells by column. */
export type Cells = Record<string, Cell>;

/** Rows that are there, by the id of their table. */
export type RowsOf = (table: string) => readonly Cells[];
