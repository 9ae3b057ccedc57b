import { hasSqlDetails, loadModule, parseSync } from "libpg-query";
import type { Range } from "../../source/text.ts";
import { crashedStatement, readableText, withComments } from "../script.ts";
import type { Operation } from "../operation/index.ts";
import type { Reader, Script, Statement, SyntaxError } from "../statement.ts";
import { type Token, splitStatements, tokenize } from "../tokens.ts";
import { unitsOfCharacters } from "./bytes.ts";
import { mentionsOf, mentionsOfText } from "./mentions.ts";
import { type Raw, list } from "./node.ts";
import { type Span, rangeOf, tokenAt } from "../piece.ts";
import { type ParsedPiece as Piece, piece } from "./piece.ts";
import { operations } from "./statements.ts";

/** PostgreSQL's own grammar, by libpg-query. `read` needs `load` to have settled. */
export const postgresReader: Reader = { name: "postgres", load: loadModule, read };

function read(text: string): Script {
  const { readable, errors } = readableText(text);
  const tokens = tokenize(readable);
  const statements = whole(readable, tokens) ?? oneByOne(readable, tokens, errors);
  return { ...withComments(readable, tokens, statements), errors, gaps: [] };
}

/** All statements where the whole text is good, else undefined. */
function whole(text: string, tokens: readonly Token[]): Statement[] | undefined {
  // The parser throws for an empty text.
  if (text === "") return [];
  let parsed: Raw;
  try {
    parsed = parseSync(text);
  } catch {
    return undefined;
  }
  const at = piece(text, 0, { tokens });
  return list(parsed.stmts).map((raw, index) => {
    const start = at.units(raw.stmt_location ?? 0);
    const end = raw.stmt_len === undefined ? text.length : at.units((raw.stmt_location ?? 0) + raw.stmt_len);
    return statement(at, raw.stmt, { from: tokenAt(at, start), to: tokenAt(at, end) }, index);
  });
}

function statement(at: Piece, node: Raw, span: Span, index: number): Statement {
  const range = rangeOf(at, span);
  const mentions = () => mentionsOf(node, at.text.slice(range.start - at.shift, range.end - at.shift));
  return { index, range, comments: [], ...lowered(at, node, span, range), broken: false, node, mentions };
}

function lowered(at: Piece, node: Raw, span: Span, range: Range): Pick<Statement, "operations" | "crash"> {
  try {
    return { operations: operations(at, node, span) };
  } catch (error) {
    // A tree that the parser's stack held and ours does not.
    if (error instanceof RangeError) return { operations: tooDeep(range) };
    return crashedStatement(range, error);
  }
}

const tooDeep = (range: Range): readonly Operation[] => [
  { kind: "opaque", range, reason: "unsupported", what: "a statement that is nested too deeply" },
];

/** One broken statement does not hide the others: each is parsed alone. */
function oneByOne(text: string, tokens: readonly Token[], errors: SyntaxError[]): Statement[] {
  return splitStatements(text, tokens).map((range, index): Statement => {
    const source = text.slice(range.start, range.end);
    try {
      const raw = list(parseSync(source).stmts)[0];
      const at = piece(source, range.start);
      if (raw) return statement(at, raw.stmt, { from: 0, to: at.tokens.length }, index);
    } catch (error) {
      if (!isParserError(error))
        return {
          index,
          range,
          comments: [],
          ...crashedStatement(range, error),
          broken: false,
          mentions: () => mentionsOfText(source),
        };
      // Only the parser's own word is a syntax error: PostgreSQL, which has more stack, may well take the statement.
      if (!hasSqlDetails(error) && error.name !== "SqlError") {
        return {
          index,
          range,
          comments: [],
          operations: tooDeep(range),
          broken: false,
          mentions: () => mentionsOfText(source),
        };
      }
      errors.push(syntaxError(error, source, range));
    }
    return { index, range, comments: [], operations: [], broken: true };
  });
}

/** libpg-query throws SqlError for bad SQL; WebAssembly's own errors come from texts that exhaust its stack. */
function isParserError(error: unknown): error is Error {
  return (
    hasSqlDetails(error) ||
    (error instanceof Error &&
      (error.name === "SqlError" || error.name === "RuntimeError" || error instanceof RangeError))
  );
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
