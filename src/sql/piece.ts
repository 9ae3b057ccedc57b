import type { Range } from "../source/text.ts";
import type { Body } from "./operation/place.ts";
import type { Operation } from "./operation/index.ts";
import type { Token } from "./tokens.ts";

/** Ranges of operations are found in the tokens of a piece of text: both readers use these. */

/** One text that was given to the parser: a whole file, one broken-out statement, or a query inside a body. */
export interface Piece {
  readonly text: string;
  /** Without comments. */
  readonly tokens: readonly Token[];
  /** Where `text` begins in the file. */
  readonly shift: number;
  /** All ranges are this one: the place in the file is not known more exactly. */
  readonly fixed?: Range | undefined;
  readonly body?: Body | undefined;
}

/** A run of tokens, half-open. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The range in the file. An empty span gives an empty range at its place. */
export function rangeOf(piece: Piece, span: Span): Range {
  if (piece.fixed) return piece.fixed;
  const first = piece.tokens[span.from];
  const last = piece.tokens[Math.max(span.from, span.to - 1)];
  if (!first || !last) return { start: piece.shift, end: piece.shift };
  return { start: first.start + piece.shift, end: last.end + piece.shift };
}

/** Index of the first token at or after a UTF-16 offset. */
export function tokenAt(piece: Piece, offset: number): number {
  let low = 0;
  let high = piece.tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((piece.tokens[middle] as Token).start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function symbolAt(piece: Piece, index: number): string {
  const token = piece.tokens[index];
  return token?.kind === "symbol" ? piece.text.slice(token.start, token.end) : "";
}

/** The word at `index` in lower case, empty for other tokens. */
export function wordAt(piece: Piece, index: number): string {
  const token = piece.tokens[index];
  return token?.kind === "word" ? piece.text.slice(token.start, token.end).toLowerCase() : "";
}

/** Cut at the commas outside parentheses and brackets. */
export function splitCommas(piece: Piece, span: Span): Span[] {
  const spans: Span[] = [];
  let from = span.from;
  let depth = 0;
  for (let i = span.from; i < span.to; i++) {
    const symbol = symbolAt(piece, i);
    if (symbol === "(" || symbol === "[") depth++;
    else if (symbol === ")" || symbol === "]") depth--;
    else if (symbol === "," && depth === 0) {
      spans.push({ from, to: i });
      from = i + 1;
    }
  }
  spans.push({ from, to: span.to });
  return spans;
}

/** What is inside the first parentheses at or after `from`; undefined where there are none in the span. */
export function insideParentheses(piece: Piece, span: Span, from: number = span.from): Span | undefined {
  let open = from;
  while (open < span.to && symbolAt(piece, open) !== "(") open++;
  if (open >= span.to) return undefined;
  let depth = 0;
  for (let i = open; i < span.to; i++) {
    if (symbolAt(piece, i) === "(") depth++;
    else if (symbolAt(piece, i) === ")" && --depth === 0) return { from: open + 1, to: i };
  }
  return undefined;
}

/** The token after a possibly qualified name that begins at `from`. */
export function afterName(piece: Piece, from: number): number {
  let i = from + 1;
  while (symbolAt(piece, i) === ".") i += 2;
  return i;
}

/** The name at the end of a span, without a CASCADE or RESTRICT behind it. */
function nameAtEnd(piece: Piece, span: Span): Span {
  let to = span.to;
  if (wordAt(piece, to - 1) === "cascade" || wordAt(piece, to - 1) === "restrict") to--;
  let from = to - 1;
  while (from - 2 >= span.from && symbolAt(piece, from - 1) === ".") from -= 2;
  return { from: Math.max(span.from, from), to };
}

/** Spread into an operation: where it is in a body, if it is in one. */
export const inBody = (piece: Piece) => (piece.body ? { body: piece.body } : {});

/** Each of `count` objects of a list with its place: the whole statement where it is the only one. */
export function placesOfNames(piece: Piece, span: Span, count: number): { range: Operation["range"]; body?: Body }[] {
  const spans = splitCommas(piece, span);
  return Array.from({ length: count }, (_, i) => {
    const at = count > 1 && spans.length === count ? nameAtEnd(piece, spans[i] ?? span) : span;
    return { range: rangeOf(piece, at), ...inBody(piece) };
  });
}
