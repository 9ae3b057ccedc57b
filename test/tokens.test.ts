import { readFileSync } from "node:fs";
import fc from "fast-check";
import { loadModule, parseSync, scanSync } from "libpg-query";
import { beforeAll, describe, expect, test } from "vitest";
import { unitsOfBytes } from "../src/sql/postgres/bytes.ts";
import { splitStatements, tokenize } from "../src/sql/tokens.ts";
import { mutatedSql } from "./support/mutated-sql.ts";

/** The tokenizer and the splitter against PostgreSQL's own. */

// PostgreSQL's scanner ends at NUL and half characters mislead it; the readers replace both before they begin.
const readableSql = mutatedSql.map((text) => text.replaceAll("\0", " ").replace(/\p{Surrogate}/gu, "\ufffd"));

beforeAll(() => loadModule());

const corpus = readFileSync("test/sql/corpus.sql", "utf8");

/** PostgreSQL's operators are one token, ours one for each character: both are cut into characters. */
const OPERATOR = /^[-+*/<>=~!@#%^&|`?:.,;()[\]]+$/;
const inCharacters = (texts: readonly string[]) =>
  texts.flatMap((text) =>
    OPERATOR.test(text) && !text.startsWith("--") && !text.startsWith("/*") ? [...text] : [text],
  );

function ours(text: string): string[] {
  return inCharacters(tokenize(text).map((token) => text.slice(token.start, token.end)));
}

/** Undefined where PostgreSQL's scanner refuses the text. */
function theirs(text: string): string[] | undefined {
  try {
    const units = unitsOfBytes(text);
    return inCharacters(
      scanSync(text)
        .tokens.map((token) => text.slice(units(token.start), units(token.end)))
        .filter((token) => token !== ""),
    );
  } catch {
    return undefined;
  }
}

describe("tokens are PostgreSQL's", () => {
  test("on the corpus", () => {
    const expected = theirs(corpus);
    expect(expected?.length).toBeGreaterThan(5000);
    expect(ours(corpus)).toEqual(expected);
  });

  test("on the corpus with CRLF", () => {
    const text = corpus.replaceAll("\n", "\r\n");
    expect(ours(text)).toEqual(theirs(text));
  });

  test.each([
    ["E'a\\'b' c", ["E'a\\'b'", "c"]],
    ["'a''b' \"c\"\"d\"", ["'a''b'", '"c""d"']],
    ["$$a$b$$ $x$ $$ $x$", ["$$a$b$$", "$x$ $$ $x$"]],
    ["/* a /* b */ c */ d -- e\nf", ["/* a /* b */ c */", "d", "-- e", "f"]],
    ["é$1 $1", ["é$1", "$1"]],
    ["'a' \n\t'b' 'c'\n-- d\n'e' N'f'", ["'a' \n\t'b'", "'c'", "-- d", "'e'", "N", "'f'"]],
    ["1.5e-3 .5 1..2 0x1F 1_000", ["1.5e-3", ".5", "1", "..", "2", "0x1F", "1_000"]],
    ["a$b$c 😀 ü", ["a$b$c", "😀", "ü"]],
  ])("%s", (text, expected) => {
    expect(ours(text)).toEqual(inCharacters(expected));
  });

  test("on mutated SQL that PostgreSQL's scanner accepts", () => {
    let accepted = 0;
    fc.assert(
      fc.property(readableSql, (text) => {
        const expected = theirs(text);
        if (expected === undefined) return;
        accepted++;
        expect(ours(text)).toEqual(expected);
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });

  test("cover the text: in order, without overlap, with only white space between", () => {
    fc.assert(
      fc.property(fc.oneof(mutatedSql, fc.string({ unit: "binary" }), fc.string()), (text) => {
        let end = 0;
        for (const token of tokenize(text)) {
          expect(token.start).toBeGreaterThanOrEqual(end);
          expect(token.end).toBeGreaterThan(token.start);
          expect(text.slice(end, token.start)).toMatch(/^[\t\n\v\f\r ]*$/);
          end = token.end;
        }
        expect(text.slice(end)).toMatch(/^[\t\n\v\f\r ]*$/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("statements are cut where PostgreSQL cuts them", () => {
  /** From the first token of each statement to its last, as the readers give ranges. */
  function boundaries(text: string): { start: number; end: number }[] {
    const units = unitsOfBytes(text);
    const tokens = tokenize(text).filter((token) => token.kind !== "comment");
    return (parseSync(text).stmts ?? []).map((statement: { stmt_location?: number; stmt_len?: number }) => {
      const start = units(statement.stmt_location ?? 0);
      const end =
        statement.stmt_len === undefined ? text.length : units((statement.stmt_location ?? 0) + statement.stmt_len);
      const own = tokens.filter((token) => token.start >= start && token.end <= end);
      return { start: own[0]?.start ?? -1, end: own.at(-1)?.end ?? -1 };
    });
  }

  test("on the corpus, also with CRLF", () => {
    for (const text of [corpus, corpus.replaceAll("\n", "\r\n")])
      expect(splitStatements(text, tokenize(text))).toEqual(boundaries(text));
  });

  test.each([
    "CREATE RULE r AS ON UPDATE TO t DO ALSO (DELETE FROM a; INSERT INTO b VALUES (1)); SELECT 1",
    "CREATE FUNCTION f() RETURNS void BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END; SELECT 3",
    "CREATE PROCEDURE f() BEGIN ATOMIC END; SELECT 3",
    'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 AS "end"; SELECT CASE WHEN a THEN CASE b WHEN 1 THEN 2 END END; END',
    "CREATE OR REPLACE FUNCTION f(begin atomic) RETURNS int LANGUAGE sql AS 'SELECT 1'; SELECT 2",
    "CREATE OR REPLACE FUNCTION f(begin atomic) RETURNS begin BEGIN ATOMIC SELECT 1; END; SELECT 2",
    "SELECT begin atomic; SELECT 2",
    "CREATE VIEW v AS SELECT begin atomic; SELECT 2",
    "BEGIN; SELECT 1; END; SELECT 2",
    ";;SELECT 1;;",
    "SELECT $a$;$a$; SELECT ';' \";\" /* ; */ -- ;\n; SELECT 2",
    "-- nothing",
  ])("%s", (text) => {
    expect(splitStatements(text, tokenize(text))).toEqual(boundaries(text));
  });

  test("on mutated SQL that PostgreSQL's parser accepts", () => {
    let accepted = 0;
    fc.assert(
      fc.property(readableSql, (text) => {
        let expected;
        try {
          expected = boundaries(text);
        } catch {
          return;
        }
        accepted++;
        expect(splitStatements(text, tokenize(text))).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
