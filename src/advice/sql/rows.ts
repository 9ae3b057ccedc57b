import { quoted, literal } from "../../sql/names.ts";
import { commands } from "../programs/command.ts";

/** What is asked of rows, and kept of them. Tables are names as SQL writes them, columns are plain names. */
export const rows = commands("rows", "sql", {
  count: ["counts the rows of a table", (table: string) => `SELECT count(*) FROM ${table};`],
  countValues: [
    "counts the values of a column",
    (table: string, column: string) => `SELECT count(${quoted(column)}) FROM ${table};`,
  ],
  mostFrequent: [
    "shows the values of a column, the most frequent first",
    (table: string, column: string, form: "as it is" | "as text") =>
      `SELECT ${quoted(column)}${form === "as text" ? "::text" : ""}, count(*) FROM ${table} GROUP BY 1 ORDER BY 2 DESC LIMIT 50;`,
  ],
  countEach: [
    "counts the rows that have one of some values",
    (table: string, column: string, values: readonly string[]) =>
      `SELECT ${quoted(column)}, count(*) FROM ${table} WHERE ${quoted(column)}::text IN (${values.map(literal).join(", ")}) GROUP BY 1;`,
  ],
  keep: [
    "keeps a copy of rows in a table beside theirs",
    (copy: string, from: string) => `CREATE TABLE ${copy} AS\nSELECT * ${from};`,
  ],
});
