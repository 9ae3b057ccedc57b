import type { Range } from "../source/text.ts";
import { withoutForeign } from "./foreign-text.ts";
import { unquoted } from "./names.ts";
import type { Operation } from "./operation/index.ts";
import type { Comment, CutName, Script, Statement, SyntaxError } from "./statement.ts";
import type { Token } from "./tokens.ts";

/** What both readers do to a text before they read it, and with the statements that they found. */

const BOM = "\ufeff";

/** `text` with spaces for what PostgreSQL would refuse in any place (so that offsets stay), and errors that say so. */
export function readableText(text: string): { readable: string; errors: SyntaxError[] } {
  if (isUtf16(text)) {
    const range = { start: 0, end: Math.max(1, text.search(/[\r\n]|$/)) };
    return {
      readable: "",
      errors: [
        {
          range,
          message: "the file is in UTF-16",
          foreign: "encoding",
        },
      ],
    };
  }
  const errors: SyntaxError[] = [];
  let readable = text;
  if (text.startsWith(BOM)) {
    // The server takes the mark for the beginning of a name; it is reported, and the rest is read without it.
    errors.push({
      range: { start: 0, end: 1 },
      message: "the file begins with a byte order mark, which PostgreSQL takes for part of the first word",
    });
    readable = ` ${text.slice(1)}`;
  }
  // The parser's strings end at NUL, PostgreSQL refuses it.
  const at = readable.indexOf("\0");
  if (at >= 0)
    errors.push({
      range: { start: at, end: at + 1 },
      message: "the file holds a NUL character, which PostgreSQL refuses",
    });
  // A half character has no UTF-8; libpg-query takes its length for another and cuts the end of the text off.
  if (/[\0\ud800-\udfff]/.test(readable))
    readable = readable.replaceAll("\0", " ").replace(/\p{Surrogate}/gu, "\ufffd");
  const own = withoutForeign(readable);
  return { readable: own.readable, errors: [...errors, ...own.errors] };
}

/** As PowerShell's > wrote it for long: after its mark, every second byte of SQL is NUL. */
function isUtf16(text: string): boolean {
  const begin = text.slice(0, 200).replace(/^\ufffd+/, "");
  return begin.length > 1 && (begin.match(/[^\0]\0|\0[^\0]/g) ?? []).length * 2 >= begin.length * 0.9;
}

/** All comments of a text that begins at `shift` of its file, and each statement with those between the one before it and its own end. */
export function withComments(
  text: string,
  tokens: readonly Token[],
  statements: readonly Statement[],
  shift = 0,
): { statements: readonly Statement[]; comments: Comment[] } {
  const comments = tokens
    .filter((token) => token.kind === "comment")
    .map(
      (token): Comment => ({
        range: { start: token.start + shift, end: token.end + shift },
        text: text.slice(token.start, token.end),
      }),
    );
  const long = cutNames(text, tokens, shift);
  let next = 0;
  let passed = 0;
  const own = (statement: Statement): readonly Comment[] => {
    const from = next;
    while (next < comments.length && (comments[next] as Comment).range.start < statement.range.end) next++;
    return comments.slice(from, next);
  };
  return {
    comments,
    statements: statements.map((statement) => {
      const before = own(statement);
      while (passed < long.length && (long[passed] as CutName).range.start < statement.range.start) passed++;
      const begin = passed;
      while (passed < long.length && (long[passed] as CutName).range.start < statement.range.end) passed++;
      const cut = long.slice(begin, passed);
      if (before.length === 0 && cut.length === 0) return statement;
      return { ...statement, ...(before.length > 0 && { comments: before }), ...(cut.length > 0 && { cut }) };
    }),
  };
}

/** NAMEDATALEN - 1 of PostgreSQL as everybody has it. */
const LONGEST = 63;

/** Names that are longer than PostgreSQL keeps them. It cuts between two characters. */
function cutNames(text: string, tokens: readonly Token[], shift: number): readonly CutName[] {
  return tokens.flatMap(({ kind, start, end }): CutName[] => {
    // No character has more than three bytes for each of its code units.
    if ((kind !== "word" && kind !== "quoted") || (end - start) * 3 <= LONGEST) return [];
    const written = kind === "quoted" ? unquoted(text.slice(start, end)) : text.slice(start, end);
    if (Buffer.byteLength(written) <= LONGEST) return [];
    let kept = "";
    let size = 0;
    for (const character of written) {
      size += Buffer.byteLength(character);
      if (size > LONGEST) break;
      kept += character;
    }
    return [{ range: { start: start + shift, end: end + shift }, written, kept }];
  });
}

/** Walks over an expression take some frames for each level of it: on the main thread of Node.js they end at about 3,000. */
const DEEPEST = 2_000;

/** The operations of a statement, unless nobody could walk over them. */
export function walkable(operations: readonly Operation[], range: Range): readonly Operation[] {
  return isDeeper(operations, DEEPEST) ? tooDeep(range) : operations;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  for (const key in value) if (isDeeper((value as Record<string, unknown>)[key], levels - 1)) return true;
  return false;
}

export const tooDeep = (range: Range): readonly Operation[] => [
  { kind: "opaque", range, reason: "unsupported", what: "a statement that is nested too deeply" },
];

/** Longer texts are not read: what lockstep keeps of one takes a hundred times its length. */
const LONGEST_TEXT = 16 * 2 ** 20;

/** What stands for a text that is too long, at its first line. */
export function unreadText(text: string): Script | undefined {
  if (text.length <= LONGEST_TEXT) return undefined;
  const range = { start: 0, end: Math.max(1, text.search(/[\r\n]|$/)) };
  const what = `a file of more than ${LONGEST_TEXT / 2 ** 20} MB`;
  const operations: readonly Operation[] = [{ kind: "opaque", range, reason: "unsupported", what }];
  return {
    statements: [{ index: 0, range, comments: [], operations, broken: false }],
    errors: [],
    comments: [],
    gaps: [],
  };
}

/** A statement that a reader has a bug with, or a whole text. */
export function crashedStatement(range: Range, error: unknown): Pick<Statement, "operations" | "crash"> {
  return {
    operations: [{ kind: "opaque", range, reason: "unsupported", what: "a statement that lockstep failed on" }],
    crash: { error },
  };
}
