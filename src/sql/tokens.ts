import type { Range } from "../source/text.ts";

/**
 * PostgreSQL's lexical structure, in UTF-16 offsets. Ranges of operations are made of these tokens: parsers give
 * starts in bytes and seldom ends. https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 * A test holds it against PostgreSQL's own scanner.
 */
export interface Token extends Range {
  readonly kind: "word" | "quoted" | "string" | "number" | "symbol" | "comment" | "parameter";
}

const WORD_START = /[A-Za-z_\u0080-\uffff]/;
const isSpace = (c: number) => c === 32 || (c >= 9 && c <= 13);
const isDigit = (c: number) => c >= 48 && c <= 57;
const isWordStart = (c: number) => (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || c >= 128;
const isWord = (c: number) => isWordStart(c) || isDigit(c) || c === 36;

/** All tokens of `text`, comments included. Never throws; what is not closed ends with the text. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let token = nextToken(text, 0); token; token = nextToken(text, token.end)) tokens.push(token);
  return tokens;
}

/** The first token that begins at `from` or behind it. */
function nextToken(text: string, from: number): Token | undefined {
  const end = text.length;
  let i = from;
  while (i < end && isSpace(text.charCodeAt(i))) i++;
  if (i >= end) return undefined;
  const c = text.charCodeAt(i);
  const start = i;
  let kind: Token["kind"] = "symbol";
  if (c === 45 && text.charCodeAt(i + 1) === 45) {
    kind = "comment";
    i = lineEnd(text, i);
  } else if (c === 47 && text.charCodeAt(i + 1) === 42) {
    kind = "comment";
    i = blockEnd(text, i);
  } else if (c === 39) {
    kind = "string";
    i = stringEnd(text, i, false);
  } else if (c === 34) {
    kind = "quoted";
    i = quoteEnd(text, i, 34, false);
  } else if (c === 36 && isDigit(text.charCodeAt(i + 1))) {
    kind = "parameter";
    i++;
    while (isDigit(text.charCodeAt(i))) i++;
  } else if (c === 36) {
    const close = dollarEnd(text, i);
    kind = close === undefined ? "symbol" : "string";
    i = close ?? i + 1;
  } else if (isDigit(c) || (c === 46 && isDigit(text.charCodeAt(i + 1)))) {
    kind = "number";
    i = numberEnd(text, i);
  } else if (isWordStart(c)) {
    const prefixed = prefixedEnd(text, i);
    if (prefixed) [kind, i] = prefixed;
    else {
      kind = "word";
      while (i < end && isWord(text.charCodeAt(i))) i++;
    }
  } else i += c === 46 && text.charCodeAt(i + 1) === 46 ? 2 : 1;
  return { kind, start, end: Math.min(i, end) };
}

function lineEnd(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 13) return i;
  }
  return text.length;
}

/** Block comments nest. */
function blockEnd(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 47 && text.charCodeAt(i + 1) === 42) {
      depth++;
      i++;
    } else if (c === 42 && text.charCodeAt(i + 1) === 47) {
      i++;
      if (--depth === 0) return i + 1;
    }
  }
  return text.length;
}

function quoteEnd(text: string, from: number, quote: number, backslash: boolean): number {
  for (let i = from + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (backslash && c === 92) i++;
    else if (c === quote) {
      if (text.charCodeAt(i + 1) === quote) i++;
      else return i + 1;
    }
  }
  return text.length;
}

const CONTINUED = /[ \t\f\v]*[\n\r][ \t\f\v\n\r]*'/y;

/** Strings go on behind a line end: 'a' (new line) 'b' is one literal. */
function stringEnd(text: string, from: number, backslash: boolean): number {
  let end = quoteEnd(text, from, 39, backslash);
  for (;;) {
    CONTINUED.lastIndex = end;
    if (text.charCodeAt(end - 1) !== 39 || !CONTINUED.test(text)) return end;
    end = quoteEnd(text, CONTINUED.lastIndex - 1, 39, backslash);
  }
}

/** The end of `$tag$ … $tag$` at `from`, undefined where no dollar quote begins there. */
function dollarEnd(text: string, from: number): number | undefined {
  let i = from + 1;
  if (WORD_START.test(text[i] ?? "")) while (isWord(text.charCodeAt(i)) && text.charCodeAt(i) !== 36) i++;
  if (text.charCodeAt(i) !== 36) return undefined;
  const tag = text.slice(from, i + 1);
  const close = text.indexOf(tag, i + 1);
  return close < 0 ? text.length : close + tag.length;
}

/** scan.l: hexinteger, octinteger, bininteger, real, numeric, decinteger. */
const NUMBER =
  /0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*(?:\.(?!\.)(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?/y;

function numberEnd(text: string, from: number): number {
  NUMBER.lastIndex = from;
  return NUMBER.test(text) ? NUMBER.lastIndex : from + 1;
}

/** E'…', B'…', X'…', U&'…' and U&"…". The N of N'…' is a token of its own. */
function prefixedEnd(text: string, from: number): ["string" | "quoted", number] | undefined {
  const c = text.charCodeAt(from) | 32;
  const next = text.charCodeAt(from + 1);
  if (next === 39 && (c === 101 || c === 98 || c === 120)) return ["string", stringEnd(text, from + 1, c === 101)];
  if (c === 117 && next === 38) {
    const quote = text.charCodeAt(from + 2);
    if (quote === 39) return ["string", stringEnd(text, from + 2, false)];
    if (quote === 34) return ["quoted", quoteEnd(text, from + 2, 34, false)];
  }
  return undefined;
}

/** Only their bodies may be BEGIN ATOMIC … END: elsewhere both are names, `SELECT begin atomic` and `f(begin atomic)` among them. */
const ROUTINE = /^create(?: or replace)? (?:function|procedure)\b/;

/**
 * Where the statements of `text` are, cut at semicolons outside parentheses and BEGIN ATOMIC bodies; empty ones
 * are left out. For texts that PostgreSQL's parser refuses as a whole, and for the portable reader.
 */
export function splitStatements(text: string, tokens: readonly Token[]): Range[] {
  const found: Range[] = [];
  let first: Token | undefined;
  let last: Token | undefined;
  const ends = statementEnds(text);
  for (const token of tokens) {
    if (token.kind === "comment") continue;
    if (!ends(token)) {
      first ??= token;
      last = token;
      continue;
    }
    if (first && last) found.push({ start: first.start, end: last.end });
    first = last = undefined;
  }
  if (first && last) found.push({ start: first.start, end: last.end });
  return found;
}

/** Told of one token after the other, without comments, says which is a semicolon that ends a statement. */
function statementEnds(text: string): (token: Token) => boolean {
  let depth = 0;
  let atomic = 0;
  let before = "";
  let words = "";
  return (token) => {
    const word = token.kind === "word" ? text.slice(token.start, token.end).toLowerCase() : "";
    if (token.kind === "symbol") {
      const c = text.charCodeAt(token.start);
      if (c === 40) depth++;
      else if (c === 41) depth = Math.max(0, depth - 1);
      else if (c === 59 && depth === 0 && atomic === 0) {
        before = words = "";
        return true;
      }
    } else if (word === "atomic" && before === "begin" && depth === 0 && ROUTINE.test(words)) atomic = 1;
    else if (atomic > 0 && word === "case") atomic++;
    else if (atomic > 0 && word === "end") atomic--;
    before = word;
    if (words.length < 30) words += `${word} `;
    return false;
  };
}

/** Reading takes memory of many times the text: what is longer is read in parts. */
const PART = 2 ** 18;

/** `text` in parts of whole statements, each but the last longer than is asked for; whole where it is short. */
export function* partsOf(text: string, length: number = PART): Generator<Range> {
  let start = 0;
  if (text.length > length) {
    const ends = statementEnds(text);
    for (let token = nextToken(text, 0); token; token = nextToken(text, token.end)) {
      if (token.kind === "comment" || !ends(token) || token.end - start < length) continue;
      yield { start, end: token.end };
      start = token.end;
    }
  }
  if (start < text.length || start === 0) yield { start, end: text.length };
}
