import { type Statement, parse, toSql } from "pgsql-ast-parser";
import { type Token, tokenize } from "../tokens.ts";
import { unquoted } from "../names.ts";

/**
 * pgsql-ast-parser, made honest. It loses clauses without a word (B'101' becomes a cast to a type named b, ORDER BY
 * of a union moves into its right side), so what it read is written back as SQL, and every name, key word, number
 * and string of the text has to be in there again.
 */

/** Thrown where the portable reader does not understand; caught in read.ts, where the statement becomes a gap. */
export function gap(why: string): never {
  throw Object.assign(new Error(why), { name: "Gap" });
}

export const isGap = (error: unknown): boolean => error instanceof Error && error.name === "Gap";

/** Each EXISTS within another doubles the time that its parser takes (0.2 s for 16), and what is deeper still exhausts the stack. */
const DEEPEST = 16;

/** The statement in `text`, or a gap. `text` holds one statement; comments may be in it. */
export function parsed(text: string): Statement {
  // One more space: what is not closed takes it in.
  const tokens = tokenize(`${text} `).filter((token) => token.kind !== "comment");
  if ((tokens.at(-1)?.end ?? 0) > text.length) gap("a quote that is not closed");
  refuse(text, tokens);
  let statements: Statement[];
  let written: string;
  try {
    statements = parse(withoutComments(text), { locationTracking: true });
    if (statements.length !== 1) gap("not one statement");
    written = toSql.statement(statements[0] as Statement);
  } catch (error) {
    // Its parser throws plain errors for what it does not know, and TypeErrors and RangeErrors of its own.
    return gap(error instanceof Error ? error.message : "not understood");
  }
  const lost = missing(words(text, tokens, NOISE), words(written, tokenize(written)));
  if (lost !== undefined) gap(`lost: ${lost}`);
  return statements[0] as Statement;
}

/** `text` with spaces for its comments. */
function withoutComments(text: string): string {
  let result = "";
  let at = 0;
  for (const token of tokenize(text)) {
    if (token.kind !== "comment") continue;
    result += text.slice(at, token.start) + " ".repeat(token.end - token.start);
    at = token.end;
  }
  return result + text.slice(at);
}

/** Interval fields behind a literal are taken for an alias; these calls have a grammar of their own in PostgreSQL. */
const FIELDS = new Set("year month day hour minute second".split(" "));
const SPECIAL = new Set(
  "position overlay treat normalize trim xmlelement xmlforest xmlparse xmlpi xmlroot xmlserialize json json_object json_array json_scalar json_serialize json_query json_value json_exists json_table merge_action grouping collation".split(
    " ",
  ),
);
/** Names are cut to this many bytes by PostgreSQL: NAMEDATALEN - 1. */
export const LONGEST_NAME = 63;
const encoder = new TextEncoder();
export const bytes = (name: string) => encoder.encode(name).length;

/**
 * What pgsql-ast-parser is known to take for something else, or to take minutes for: where E' or $$ has no end, its regular expressions
 * try two ways for every space.
 */
function refuse(text: string, tokens: readonly Token[]): void {
  let depth = 0;
  const at = (i: number) => {
    const token = tokens[i];
    return token === undefined ? "" : text.slice(token.start, token.end).toLowerCase();
  };
  tokens.forEach((token, i) => {
    const word = text.slice(token.start, token.end);
    const next = at(i + 1);
    if (word === "(" && ++depth > DEEPEST) gap("nested too deep");
    if (word === ")") depth--;
    if (token.kind === "string" && !(word.startsWith("'") || (/^e'/i.test(word) && !/\\[^ntr\\']/.test(word))))
      gap("a literal with a prefix");
    if (token.kind === "string" && FIELDS.has(next)) gap("an interval's fields");
    if (token.kind === "quoted" && (!word.startsWith('"') || word.slice(1, -1).includes('"')))
      gap("a name with a prefix or a quote");
    if (
      (token.kind === "quoted" || token.kind === "word") &&
      bytes(word) > LONGEST_NAME + (token.kind === "quoted" ? 2 : 0)
    )
      gap("a long name");
    if (token.kind !== "word") return;
    if (word.includes("$")) gap("a name with a dollar sign");
    if (tokens[i + 1]?.kind === "string" && /^n$/i.test(word)) gap("a national string");
    // PostgreSQL folds only ASCII letters.
    if (/[^\0-\x7f]/.test(word)) gap("a name beyond ASCII without quotes");
    const lower = word.toLowerCase();
    if (next === "(" && SPECIAL.has(lower)) gap(`${lower}()`);
    if (lower === "in" && next === "(" && at(i + 2) === "(") gap("IN over rows");
  });
}

/** Words that the grammar allows to leave out or that pgsql-ast-parser spells in another way. */
const NOISE = new Set("as asc inner outer column table to type data set cast restrict work transaction".split(" "));

/** How often each word, number and string occurs; key words in `without` do not count. */
function words(text: string, tokens: readonly Token[], without: ReadonlySet<string> = new Set()): Map<string, number> {
  const counts = new Map<string, number>();
  for (const token of tokens) {
    const source = text.slice(token.start, token.end);
    if (token.kind === "comment" || token.kind === "symbol" || /^e'/i.test(source)) continue;
    let word = token.kind === "quoted" ? unquoted(source) : source.toLowerCase();
    if (token.kind === "string") word = source;
    else if (token.kind === "word" && without.has(word)) continue;
    else if (token.kind === "number") word = String(Number(source));
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

function missing(wanted: ReadonlyMap<string, number>, got: ReadonlyMap<string, number>): string | undefined {
  for (const [word, count] of wanted) if ((got.get(word) ?? 0) < count) return word;
  return undefined;
}
