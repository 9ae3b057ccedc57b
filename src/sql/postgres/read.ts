import { hasSqlDetails, loadModule, parseSync } from "libpg-query";
import type { Range } from "../../source/text.ts";
import type { Comment, Reader, Script, Statement, SyntaxError } from "../statement.ts";
import { type Token, splitStatements, tokenize } from "../tokens.ts";
import { unitsOfCharacters } from "./bytes.ts";
import { type Raw, list } from "./node.ts";
import { type Piece, type Span, piece, rangeOf, tokenAt } from "./piece.ts";
import { operations } from "./statements.ts";

/** PostgreSQL's own grammar, by libpg-query. `read` needs `load` to have settled. */
export const postgresReader: Reader = { name: "postgres", load: loadModule, read };

const BOM = "\ufeff";

function read(text: string): Script {
  const errors: SyntaxError[] = [];
  let readable = text;
  if (text.startsWith(BOM)) {
    // The server takes the mark for the beginning of a name; it is reported, and the rest is read without it.
    errors.push({ range: { start: 0, end: 1 }, message: "the file begins with a byte order mark, which PostgreSQL takes for part of the first word" });
    readable = ` ${text.slice(1)}`;
  }
  // The parser's strings end at NUL, PostgreSQL refuses it.
  for (let at = readable.indexOf("\0"); at >= 0; at = readable.indexOf("\0", at + 1)) {
    errors.push({ range: { start: at, end: at + 1 }, message: "the file holds a NUL character, which PostgreSQL refuses" });
  }
  readable = readable.replaceAll("\0", " ");
  const tokens = tokenize(readable);
  const statements = whole(readable, tokens) ?? oneByOne(readable, tokens, errors);
  const comments = tokens.filter((token) => token.kind === "comment").map((token): Comment => ({ range: { start: token.start, end: token.end }, text: readable.slice(token.start, token.end) }));
  return { statements: withComments(statements, comments), errors, comments, gaps: [] };
}

/** All statements where the whole text is good, else undefined. */
function whole(text: string, tokens: readonly Token[]): Statement[] | undefined {
  let parsed: Raw;
  try {
    parsed = parseSync(text);
  } catch (error) {
    if (isParserError(error)) return undefined;
    throw error;
  }
  const at = piece(text, 0, { tokens });
  return list(parsed.stmts).map((raw, index) => {
    const start = at.units(raw.stmt_location ?? 0);
    const end = raw.stmt_len === undefined ? text.length : at.units((raw.stmt_location ?? 0) + raw.stmt_len);
    return statement(at, raw.stmt, { from: tokenAt(at, start), to: tokenAt(at, end) }, index);
  });
}

function statement(at: Piece, node: Raw, span: Span, index: number): Statement {
  return { index, range: rangeOf(at, span), comments: [], operations: operations(at, node, span), broken: false, node };
}

/** One broken statement does not hide the others: each is parsed alone. */
function oneByOne(text: string, tokens: readonly Token[], errors: SyntaxError[]): Statement[] {
  return splitStatements(text, tokens).map((range, index): Statement => {
    const source = text.slice(range.start, range.end);
    try {
      const raw = list(parseSync(source).stmts)[0];
      const at = piece(source, range.start);
      if (raw) return statement(at, raw.stmt, { from: 0, to: at.tokens.length }, index);
    } catch (error) {
      if (!isParserError(error)) throw error;
      errors.push(syntaxError(error, source, range));
    }
    return { index, range, comments: [], operations: [], broken: true };
  });
}

/** libpg-query throws SqlError for bad SQL; WebAssembly's own errors come from texts that exhaust its stack. */
function isParserError(error: unknown): error is Error {
  return hasSqlDetails(error) || (error instanceof Error && (error.name === "SqlError" || error.name === "RuntimeError" || error instanceof RangeError));
}

function syntaxError(error: Error, source: string, range: Range): SyntaxError {
  const details = hasSqlDetails(error) ? error.sqlDetails : undefined;
  const message = details?.message ?? error.message;
  if (details === undefined) return { range, message };
  const start = range.start + unitsOfCharacters(source, details.cursorPosition);
  if (start >= range.end) return { range: { start: Math.max(range.start, range.end - 1), end: range.end }, message };
  const token = tokenize(source).find((candidate) => candidate.end + range.start > start);
  return { range: { start, end: Math.min(range.end, Math.max(start + 1, (token?.end ?? 0) + range.start)) }, message };
}

/** Gives each statement the comments between the one before it and its own end. */
function withComments(statements: readonly Statement[], comments: readonly Comment[]): Statement[] {
  let next = 0;
  return statements.map((statement) => {
    const own: Comment[] = [];
    for (; next < comments.length; next++) {
      const comment = comments[next] as Comment;
      if (comment.range.start >= statement.range.end) break;
      own.push(comment);
    }
    return { ...statement, comments: own };
  });
}
