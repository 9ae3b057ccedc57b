import { type Piece, type Span, insideParentheses, splitCommas, symbolAt, wordAt } from "../piece.ts";
import { type Name, unquoted } from "../names.ts";
import { LONGEST_NAME, bytes, gap } from "./parser.ts";
import type { Operation } from "../operation/index.ts";

/** A place among the tokens of one statement, for statements that are read word by word. */
export interface Cursor {
  readonly piece: Piece;
  readonly to: number;
  at: number;
}

export const cursor = (piece: Piece, span: Span): Cursor => ({ piece, at: span.from, to: span.to });

export const done = (c: Cursor): boolean => c.at >= c.to;

/** Steps over `words` ("if exists") if they come next. */
export function takes(c: Cursor, words: string): boolean {
  const wanted = words.split(" ");
  if (c.at + wanted.length > c.to || !wanted.every((word, i) => wordAt(c.piece, c.at + i) === word)) return false;
  c.at += wanted.length;
  return true;
}

export function takesSymbol(c: Cursor, symbol: string): boolean {
  if (c.at >= c.to || symbolAt(c.piece, c.at) !== symbol) return false;
  c.at++;
  return true;
}

export function needs(c: Cursor, words: string): void {
  if (!takes(c, words)) gap(`no ${words}`);
}

/** A gap where something is left: what was not understood could matter. */
export function ends<T>(c: Cursor, result: T): T {
  return done(c) ? result : gap("more than is understood");
}

export function sourceAt(c: Cursor, index = c.at): string {
  const token = index < c.to ? c.piece.tokens[index] : undefined;
  return token ? c.piece.text.slice(token.start, token.end) : "";
}

/** One name, folded as PostgreSQL folds it. */
export function takeName(c: Cursor): string {
  const token = c.at < c.to ? c.piece.tokens[c.at] : undefined;
  const source = sourceAt(c);
  if (!token || (token.kind !== "word" && token.kind !== "quoted")) return gap("no name");
  c.at++;
  if (token.kind === "quoted")
    return source.startsWith('"') && source.length > 2 ? cut(unquoted(source)) : gap("a name with a prefix");
  return /[^\0-\x7f]/.test(source) ? gap("a name beyond ASCII without quotes") : cut(source.toLowerCase());
}

/** As PostgreSQL cuts long names, between two characters. */
function cut(name: string): string {
  if (bytes(name) <= LONGEST_NAME) return name;
  const characters = [...name];
  while (bytes(characters.join("")) > LONGEST_NAME) characters.pop();
  return characters.join("");
}

export function takeParts(c: Cursor): string[] {
  const parts = [takeName(c)];
  while (takesSymbol(c, ".")) parts.push(takeName(c));
  return parts;
}

/** `[schema.]name`. A database in front is not told from it, so three parts are a gap. */
export function takeRelation(c: Cursor): Name {
  const [first, second, ...more] = takeParts(c);
  if (first === undefined || more.length > 0) return gap("a name of three parts");
  return second === undefined ? { name: first } : { schema: first, name: second };
}

/** The same, but without pg_catalog: types and functions. */
export function takeQualified(c: Cursor): Name {
  const name = takeRelation(c);
  return name.schema === "pg_catalog" ? { name: name.name } : name;
}

/** A plain string literal. */
export function takeString(c: Cursor): string {
  const source = sourceAt(c);
  if (c.piece.tokens[c.at]?.kind !== "string" || !source.startsWith("'") || !source.endsWith("'") || source.length < 2)
    return gap("no plain string");
  c.at++;
  const inside = source.slice(1, -1);
  return inside.replaceAll("''", "").includes("'") ? gap("a string on several lines") : unquoted(source);
}

/** Names between commas. */
export function takeRelations(c: Cursor): Name[] {
  const names = [takeRelation(c)];
  while (takesSymbol(c, ",")) names.push(takeRelation(c));
  return names;
}

/** CASCADE or RESTRICT at the end. */
export function takeCascade(c: Cursor): boolean {
  const cascade = takes(c, "cascade");
  if (!cascade) takes(c, "restrict");
  return cascade;
}

/** The text of a span. */
export function textOf(piece: Piece, span: Span): string {
  const first = piece.tokens[span.from];
  const last = piece.tokens[span.to - 1];
  return first && last && span.to > span.from ? piece.text.slice(first.start, last.end) : "";
}

/** Index of the first of `words` outside parentheses in the span; `to` where there is none. */
export function findWord(piece: Piece, span: Span, words: readonly string[]): number {
  let depth = 0;
  for (let i = span.from; i < span.to; i++) {
    const symbol = symbolAt(piece, i);
    if (symbol === "(" || symbol === "[") depth++;
    else if (symbol === ")" || symbol === "]") depth--;
    else if (depth === 0 && words.includes(wordAt(piece, i))) return i;
  }
  return span.to;
}

/** `text` up to the end of the last span, with spaces for everything outside the spans: places stay. */
export function only(piece: Piece, ...spans: readonly Span[]): string {
  let result = "";
  for (const span of spans) {
    const first = piece.tokens[span.from];
    const last = piece.tokens[span.to - 1];
    if (!first || !last || span.to <= span.from) continue;
    result = result.padEnd(first.start) + piece.text.slice(first.start, last.end);
  }
  return result;
}

export type On = { readonly range: Operation["range"] };

/** `(a, b)` at the cursor. */
export function namesInParentheses(piece: Piece, c: ReturnType<typeof cursor>): string[] {
  const inside = symbolAt(piece, c.at) === "(" ? insideParentheses(piece, { from: c.at, to: c.to }) : undefined;
  if (!inside) return gap("no names");
  c.at = inside.to + 1;
  return splitCommas(piece, inside).map((span) => {
    const inner = cursor(piece, span);
    const name = takeName(inner);
    return done(inner) ? name : gap("no name");
  });
}

/** Index of the first of `words` in the span, or undefined. */
export function wordIn(piece: Piece, span: Span, ...words: readonly string[]): number | undefined {
  const at = findWord(piece, span, words);
  return at < span.to ? at : undefined;
}
