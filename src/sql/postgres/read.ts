import { hasSqlDetails, loadModule, parseSync } from "libpg-query";
import type { Range } from "../../source/text.ts";
import { crashedStatement, readableText, tooDeep, walkable, withComments } from "../script.ts";
import type { Mention } from "../mention.ts";
import type { Comment, Reader, Script, Statement, SyntaxError } from "../statement.ts";
import { type Token, partsOf, splitStatements, tokenize } from "../tokens.ts";
import { unitsOfCharacters } from "./bytes.ts";
import { mentionsOf, mentionsOfText } from "./mentions.ts";
import { type Raw, list } from "./node.ts";
import { type Span, rangeOf, tokenAt } from "../piece.ts";
import { type ParsedPiece as Piece, piece } from "./piece.ts";
import { operations } from "./statements.ts";
import { youngSyntax } from "./young.ts";

/** PostgreSQL's own grammar, by libpg-query. `read` needs `load` to have settled. */
export const postgresReader: Reader = { name: "postgres", load: loadModule, read };

function read(text: string): Script {
  const { readable, errors } = readableText(text);
  const statements: Statement[] = [];
  const comments: Comment[] = [];
  for (const part of partsOf(readable)) {
    const source = readable.slice(part.start, part.end);
    const tokens = tokenize(source);
    const from: Origin = { shift: part.start, index: statements.length };
    const found = whole(source, tokens, from) ?? oneByOne(source, tokens, from, errors);
    const own = withComments(source, tokens, found, part.start);
    for (const each of own.statements) statements.push(each);
    for (const each of own.comments) comments.push(each);
  }
  return { statements, comments, errors, gaps: [] };
}

/** Where a part of a text begins in it, and the number of its first statement. */
interface Origin {
  readonly shift: number;
  readonly index: number;
}

/** All statements where the whole text is good, else undefined. */
function whole(text: string, tokens: readonly Token[], { shift, index }: Origin): Statement[] | undefined {
  // The parser throws for an empty text.
  if (text === "") return [];
  let parsed: Raw;
  try {
    parsed = parseSync(text);
  } catch {
    return undefined;
  }
  const at = piece(text, shift, { tokens });
  return list(parsed.stmts).map((raw, count) => {
    const start = at.units(raw.stmt_location ?? 0);
    const end = raw.stmt_len === undefined ? text.length : at.units((raw.stmt_location ?? 0) + raw.stmt_len);
    return statement(at, raw.stmt, { from: tokenAt(at, start), to: tokenAt(at, end) }, index + count);
  });
}

function statement(at: Piece, node: Raw, span: Span, index: number): Statement {
  const range = rangeOf(at, span);
  const source = at.text.slice(range.start - at.shift, range.end - at.shift);
  return { index, range, comments: [], ...lowered(at, node, span, range), broken: false, mentions: mentionsIn(source) };
}

/** Parsed again for the few who ask: the tree takes many times the memory of its text. */
const mentionsIn = (source: string) => (): readonly Mention[] => {
  try {
    return mentionsOf(list(parseSync(source).stmts)[0]?.stmt, source);
  } catch (error) {
    if (!isParserError(error)) throw error;
    return mentionsOfText(source);
  }
};

function lowered(at: Piece, node: Raw, span: Span, range: Range): Pick<Statement, "operations" | "crash" | "young"> {
  try {
    const young = youngSyntax(node, at.text.slice(range.start - at.shift, range.end - at.shift));
    return { operations: walkable(operations(at, node, span), range), ...(young.length > 0 && { young }) };
  } catch (error) {
    // A tree that the parser's stack held and ours does not.
    if (error instanceof RangeError) return { operations: tooDeep(range) };
    return crashedStatement(range, error);
  }
}

/** One broken statement does not hide the others: each is parsed alone. */
function oneByOne(text: string, tokens: readonly Token[], from: Origin, errors: SyntaxError[]): Statement[] {
  return splitStatements(text, tokens).map((own, count): Statement => {
    const source = text.slice(own.start, own.end);
    const range = { start: own.start + from.shift, end: own.end + from.shift };
    const index = from.index + count;
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
