import { quoted, literal } from "../../sql/names.ts";
import { commands } from "../programs/command.ts";

/**
 * Statements that a migration should have, instead of or beside what it has. Tables and types are names as SQL writes them,
 * columns and constraints are plain names; … stands for what only a person knows.
 */
export const changes = commands("changes", "sql", {
  lockTimeout: [
    "gives up where a lock is not to be had in time",
    (timeout: string) => `SET lock_timeout = ${literal(timeout)};`,
  ],
  lockTimeoutHere: [
    "gives up where a lock is not to be had in time, as long as the transaction lasts",
    (timeout: string) => `SET LOCAL lock_timeout = ${literal(timeout)};`,
  ],
  noLockTimeout: ["waits for locks as the connection did before", () => "RESET lock_timeout;"],

  addColumn: [
    "adds a column that may be NULL",
    (table: string, column: string, type: string) => `ALTER TABLE ${table} ADD COLUMN ${quoted(column)} ${type};`,
  ],
  fill: [
    "fills what is NULL in a column",
    (table: string, column: string) => `UPDATE ${table} SET ${quoted(column)} = … WHERE ${quoted(column)} IS NULL;`,
  ],
  setNotNull: [
    "makes a column required",
    (table: string, column: string) => `ALTER TABLE ${table} ALTER COLUMN ${quoted(column)} SET NOT NULL;`,
  ],
  convert: [
    "changes a column's type and keeps its values",
    (table: string, column: string, type: string) =>
      `ALTER TABLE ${table} ALTER COLUMN ${quoted(column)} TYPE ${type} USING ${quoted(column)}::${type};`,
  ],
  renameColumn: [
    "renames a column, with its values",
    (table: string, from: string, to: string) => `ALTER TABLE ${table} RENAME COLUMN ${quoted(from)} TO ${quoted(to)};`,
  ],
  renameTable: [
    "renames a table, with its rows",
    (table: string, to: string) => `ALTER TABLE ${table} RENAME TO ${quoted(to)};`,
  ],
  renameValue: [
    "renames a value of an enum, in every row",
    (type: string, from: string, to: string) => `ALTER TYPE ${type} RENAME VALUE ${literal(from)} TO ${literal(to)};`,
  ],

  validate: [
    "checks the rows of a constraint that was added NOT VALID, while reads and writes go on",
    (table: string, constraint: string) => `ALTER TABLE ${table} VALIDATE CONSTRAINT ${quoted(constraint)};`,
  ],
  proveNotNull: [
    "adds a CHECK that proves, once it is validated, that a column has no NULL",
    (table: string, column: string, constraint: string) =>
      `ALTER TABLE ${table} ADD CONSTRAINT ${quoted(constraint)} CHECK (${quoted(column)} IS NOT NULL) NOT VALID;`,
  ],
  dropConstraint: [
    "drops a constraint",
    (table: string, constraint: string) => `ALTER TABLE ${table} DROP CONSTRAINT ${quoted(constraint)};`,
  ],
  buildUnique: [
    "builds a unique index while writes go on",
    (table: string, columns: readonly string[], index: string) =>
      `CREATE UNIQUE INDEX CONCURRENTLY ${quoted(index)} ON ${table} (${columns.map(quoted).join(", ")});`,
  ],
  takeIndex: [
    "makes an index that is there a constraint's own",
    (table: string, constraint: string, what: string) =>
      `ALTER TABLE ${table} ADD CONSTRAINT ${quoted(constraint)} ${what} USING INDEX ${quoted(constraint)};`,
  ],

  keepOrphans: [
    "keeps a copy of the rows without a parent",
    (copy: string, table: string, where: string) =>
      `CREATE TABLE ${copy} AS SELECT c.* FROM ${table} c WHERE ${where};`,
  ],
  deleteOrphans: [
    "deletes the rows without a parent",
    (table: string, where: string) => `DELETE FROM ${table} c WHERE ${where};`,
  ],
  detachOrphans: [
    "sets the key of the rows without a parent to NULL",
    (table: string, columns: readonly string[], where: string) =>
      `UPDATE ${table} c SET ${columns.map((column) => `${quoted(column)} = NULL`).join(", ")} WHERE ${where};`,
  ],
});
