import type { Range, SourceFile } from "../source/text.ts";
import type { Operation } from "../sql/operation/index.ts";
import type { Statement } from "../sql/statement.ts";
import { tokenize } from "../sql/tokens.ts";
import { type Membership, surelySplit } from "../model/transactions.ts";
import type { MigrationView } from "../model/step.ts";
import type { Edit, Fix } from "./finding.ts";

/** The pieces that fixes of several rules are made of. */

/** What a fix has to know of the statement that it changes. */
export interface FixPlace {
  readonly migration: MigrationView;
  readonly statement: Statement;
  readonly transactions: readonly Membership[];
  readonly execution: "batch" | "split";
}

/** The line ending that the file uses. */
export const lineBreak = (file: SourceFile): string => (file.text.includes("\r\n") ? "\r\n" : "\n");

/** The statement runs in autocommit. */
const runsAlone = ({ migration, statement, transactions }: FixPlace): boolean =>
  (transactions[migration.statements.indexOf(statement)]?.id ?? null) === null;

/** A statement that a fix adds beside this one runs in a transaction of its own. */
export const addsStatements = (place: FixPlace): boolean => place.execution === "split" && runsAlone(place);

/** The offset behind the first bare `word` of an operation (a key word, in any case); undefined where it has none. */
export function afterWord(file: SourceFile, operation: Operation, word: string): number | undefined {
  const { start, end } = operation.range;
  const text = file.text.slice(start, end);
  const token = tokenize(text).find(
    (each) => each.kind === "word" && text.slice(each.start, each.end).toLowerCase() === word,
  );
  return token && start + token.end;
}

/**
 * These key words, one behind the other and not within parentheses, of an operation, with the blanks before them; undefined where it has
 * none.
 */
export function keywordsAt(
  file: SourceFile,
  operation: Operation,
  ...words: readonly [string, ...string[]]
): Range | undefined {
  const { start, end } = operation.range;
  const text = file.text.slice(start, end);
  let depth = 0;
  const flat = tokenize(text).flatMap((token) => {
    const word = text.slice(token.start, token.end).toLowerCase();
    if (token.kind === "symbol" && word === "(") depth++;
    if (token.kind === "symbol" && word === ")") depth--;
    return depth === 0 && token.kind !== "comment"
      ? [{ ...token, word: token.kind === "word" ? word : undefined }]
      : [];
  });
  const at = flat.findIndex((_, index) => words.every((word, offset) => flat[index + offset]?.word === word));
  const [first, last, before] = [flat[at], flat[at + words.length - 1], flat[at - 1]];
  if (!first || !last) return undefined;
  const blank = before !== undefined && text.slice(before.end, first.start).trim() === "";
  return { start: start + (blank ? before.end : first.start), end: start + last.end };
}

/**
 * CONCURRENTLY at `at`. Where PostgreSQL refuses it or may do so (another statement shares the transaction) it is for display:
 * the statement has to move into a migration of its own first.
 */
export function concurrently(
  place: FixPlace,
  at: number | undefined,
  how: {
    readonly title: string;
    readonly safety?: "safe" | "unsafe" /** The form keeps Prisma from splitting the file. */;
    readonly unsplittable?: boolean;
  },
): Fix[] {
  const { migration, statement } = place;
  if (at === undefined || statement.operations.length !== 1 || statement.operations[0]?.body) return [];
  const alone = migration.statements.length === 1;
  const legal = runsAlone(place) && (alone || (how.unsplittable !== true && surelySplit(migration.statements)));
  const edits = [{ range: { start: at, end: at }, text: " CONCURRENTLY" }];
  return [
    legal
      ? { title: how.title, safety: how.safety ?? "safe", edits }
      : { title: `${how.title}, in a migration of its own`, safety: "display", edits },
  ];
}

/** NOT VALID at the end of `operation` and `validate` after it: in the same file where that is another transaction, else as a note for a later migration. */
export function notValid(place: FixPlace, operation: Operation, validate: string): Fix[] {
  const { migration, statement } = place;
  if (operation.body) return [];
  const nl = lineBreak(migration.file);
  // In a batch a second statement would share its transaction, and with it the lock.
  const own = addsStatements(place);
  const after = own ? `;${nl}${nl}${validate}` : `;${nl}${nl}-- In a later migration:${nl}-- ${validate}`;
  const end = statement.range.end;
  const edits: Edit[] =
    operation.range.end === end
      ? [{ range: { start: end, end }, text: ` NOT VALID${after}` }]
      : [
          { range: { start: operation.range.end, end: operation.range.end }, text: " NOT VALID" },
          { range: { start: end, end }, text: after },
        ];
  return [
    {
      title: own
        ? "Add it NOT VALID and validate it in a statement of its own"
        : "Add it NOT VALID and validate it in a later migration",
      safety: own ? "unsafe" : "display",
      edits,
    },
  ];
}

/** The statement without some of its actions and with `sql` in front; in place of the statement where nothing is left. */
export function withoutActions(
  file: SourceFile,
  statement: Statement,
  gone: readonly Operation[],
  sql: string,
): readonly Edit[] {
  const { range, operations } = statement;
  const kept = operations.filter((operation) => !gone.some((each) => each.range === operation.range));
  if (kept.length === 0) return [{ range, text: sql.replace(/;$/, "") }];
  const head = file.text.slice(range.start, operations[0]?.range.start);
  const actions = kept.map((operation) => file.text.slice(operation.range.start, operation.range.end));
  return [{ range, text: `${sql}\n\n${head}${actions.join(",\n")}` }];
}

/** `sql` on lines of its own before the statement and the line comments right above it. */
export function insertBefore(file: SourceFile, statement: Statement, sql: string): Edit {
  let at = statement.range.start;
  for (const comment of [...statement.comments].reverse()) {
    // A block comment is Prisma's list of warnings, or the header of the file.
    if (
      comment.text.startsWith("--") &&
      /^[ \t]*(?:\r\n|\n|\r)?[ \t]*$/.test(file.text.slice(comment.range.end, at)) &&
      startsLine(file, comment.range.start)
    )
      at = comment.range.start;
    else break;
  }
  const nl = lineBreak(file);
  return { range: { start: at, end: at }, text: `${startsLine(file, at) ? "" : nl}${sql}${nl}${nl}` };
}

/** `sql` on lines of its own behind the statement, its semicolon and what a comment says of it on the same line. */
export function insertAfter(file: SourceFile, statement: Statement, sql: string): Edit {
  const nl = lineBreak(file);
  const [closed = ""] = /^\s*;(?:[ \t]*--[^\r\n]*)?/.exec(file.text.slice(statement.range.end)) ?? [];
  const at = statement.range.end + closed.length;
  return { range: { start: at, end: at }, text: `${closed === "" ? ";" : ""}${nl}${nl}${sql}` };
}

const startsLine = (file: SourceFile, offset: number): boolean =>
  /(?:^\ufeff?|[\r\n])[ \t]*$/.test(file.text.slice(0, offset));
