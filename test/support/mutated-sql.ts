import { readFileSync } from "node:fs";
import fc from "fast-check";
import { splitStatements, tokenize } from "../../src/sql/tokens.ts";

const corpus = readFileSync(new URL("../sql/corpus.sql", import.meta.url), "utf8");

/** The statements of the corpus, each alone. */
export const corpusStatements: readonly string[] = splitStatements(corpus, tokenize(corpus)).map((range) =>
  corpus.slice(range.start, range.end),
);

/** What breaks readers: quotes, brackets, comments, ends of lines, several bytes, half characters. */
const SHARDS = [
  "'",
  '"',
  "$$",
  "$a$",
  ";",
  "(",
  ")",
  "[",
  "]",
  ",",
  ".",
  "--",
  "/*",
  "*/",
  "\\",
  "E'",
  "U&'",
  "é",
  "😀",
  "\ud83d",
  "\u0000",
  "\r\n",
  "\n",
  "\t",
  "\ufeff",
  " ",
  "$1",
  "1e",
  "0x",
  "::",
  "begin atomic",
  "end",
  "case",
  "as",
  "not",
  "null",
  "in",
];

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const edit = fc.record({
  at: fc.nat(),
  remove: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 12 })),
  insert: fc.oneof(fc.constant(""), fc.constantFrom(...SHARDS), fc.string({ unit: "binary", maxLength: 3 })),
});

function apply(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const { at, remove, insert } of edits) {
    const from = result.length === 0 ? 0 : at % result.length;
    result = result.slice(0, from) + insert + result.slice(from + remove);
  }
  return result;
}

/** One to four statements of the corpus with up to four wounds. */
export const mutatedSql: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.constantFrom(...corpusStatements), { minLength: 1, maxLength: 4 }),
    fc.constantFrom(";\n", "; ", ";\r\n", ";-- é\n"),
    fc.array(edit, { maxLength: 4 }),
  )
  .map(([statements, between, edits]) => apply(statements.join(between), edits));
