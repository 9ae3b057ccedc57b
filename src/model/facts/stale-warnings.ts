import type { Range } from "../../source/text.ts";
import type { Name } from "../../sql/names.ts";
import type { Operation } from "../../sql/operation/index.ts";
import type { MigrationView, Step } from "../step.ts";

/** A line of the warnings that Prisma writes at the head of a migration, about a statement that the file does not have. */
export interface StaleWarning {
  readonly range: Range;
  /** Its first sentence. */
  readonly sentence: string;
}

/** None where a statement could not be read: it may be the one. */
export function staleWarnings(migration: MigrationView, steps: readonly Step[]): readonly StaleWarning[] {
  const { comments, statements, errors, gaps } = migration;
  const operations = steps.map(({ operation }) => operation);
  const isUnread =
    errors.length + gaps.length > 0 ||
    statements.some(({ broken }) => broken) ||
    operations.some(({ kind }) => kind === "opaque");
  if (isUnread) return [];
  return comments.flatMap(({ range, text }) =>
    /^\/\*\s*Warnings:/.test(text) ? linesOf(text).flatMap((line) => stale(line, range.start, operations)) : [],
  );
}

interface Line {
  readonly at: number;
  readonly text: string;
}

const linesOf = (text: string): Line[] =>
  [...text.matchAll(/^[^\S\n]*- (.+)$/gm)].map((found) => ({
    at: found.index + found[0].indexOf("- ") + 2,
    text: (found[1] as string).trimEnd(),
  }));

function stale({ at, text }: Line, start: number, operations: readonly Operation[]): StaleWarning[] {
  for (const { form, meant } of FORMS) {
    const found = form.exec(text);
    if (!found) continue;
    const [, one = "", two = ""] = found;
    if (operations.some((operation) => meant(operation, one, two))) return [];
    return [{ range: { start: start + at, end: start + at + found[0].length }, sentence: found[0] }];
  }
  return [];
}

interface Form {
  readonly form: RegExp;
  readonly meant: (operation: Operation, one: string, two: string) => boolean;
}

const is = (name: Name, written: string): boolean =>
  written === name.name || (name.schema !== undefined && written === `${name.schema}.${name.name}`);

/** The commonest of them, as Prisma's schema engine words them. A column that goes with its table, or comes with it, is meant too. */
const FORMS: readonly Form[] = [
  {
    form: /^You are about to drop the column `(.+?)` on the `(.+?)` table/,
    meant: (operation, column, table) =>
      (operation.kind === "dropColumn" && operation.column === column && is(operation.table, table)) ||
      (operation.kind === "dropTable" && is(operation.table, table)),
  },
  {
    form: /^You are about to drop the `(.+?)` table/,
    meant: (operation, table) => operation.kind === "dropTable" && is(operation.table, table),
  },
  {
    form: /^Added the required column `(.+?)` to the `(.+?)` table without a default value/,
    meant: (operation, column, table) =>
      operation.kind === "addColumn" &&
      operation.column.name === column &&
      is(operation.table, table) &&
      operation.column.notNull &&
      operation.column.default === undefined,
  },
  {
    form: /^Made the column `(.+?)` on table `(.+?)` required/,
    meant: (operation, column, table) =>
      operation.kind === "setNotNull" && operation.column === column && is(operation.table, table),
  },
  {
    form: /^A unique constraint covering the columns `\[(.+?)\]` on the table `(.+?)` will be added/,
    meant: (operation, columns, table) => {
      const names =
        operation.kind === "createIndex" && operation.unique
          ? operation.columns.map(({ column }) => column)
          : operation.kind === "addUnique" || operation.kind === "addPrimaryKey"
            ? operation.constraint.columns
            : undefined;
      return (
        names?.join() === columns && "table" in operation && operation.table !== undefined && is(operation.table, table)
      );
    },
  },
];
