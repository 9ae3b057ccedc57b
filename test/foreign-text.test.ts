import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { check, memoryHistory } from "../src/index.ts";
import { withoutForeign } from "../src/sql/foreign-text.ts";
import { readableText } from "../src/sql/script.ts";
import { portableReader } from "../src/sql/portable/read.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";

const LINES = [
  "<<<<<<< HEAD",
  "||||||| base",
  "=======",
  ">>>>>>> other",
  "COPY t (a) FROM stdin;",
  "1\tit's",
  "\\.",
  "\\restrict x",
  "  \\connect y",
  "> app@1.0.0 diff",
  "$ prisma migrate diff",
  "│ Update │",
  "SELECT 1;",
  "SELECT 'a",
  "\\b';",
  "-- \\note",
  "$$",
  "",
  "Loaded Prisma config from prisma.config.ts.",
];

describe("what is no SQL", () => {
  test("leaves every other character where it is", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...LINES), fc.string()), { maxLength: 12 }),
        fc.constantFrom("\n", "\r\n"),
        (written, ending) => {
          const text = written.join(ending);
          const { readable, errors } = withoutForeign(text);
          expect(readable.length).toBe(text.length);
          for (const [at, unit] of [...readable].entries()) if (unit !== " ") expect(unit).toBe([...text][at]);
          for (const { range } of errors) {
            expect(range.start).toBeLessThan(range.end);
            expect(text.slice(range.start, range.end)).not.toMatch(/[\r\n]/);
          }
          if (errors.length === 0) expect(readable).toBe(text);
        },
      ),
    );
  });

  test.each([
    ["a line of a string", "SELECT 'a\n\\b';"],
    ["a line of a body", "DO $$\n\\x\n$$;"],
    ["a line of a comment", "/*\n\\x\n> y\n*/ SELECT 1;"],
    ["a rule of a comment", "-- x\n-- =======\nSELECT 1;"],
    ["an operator on a line of its own", "SELECT 2\n> 1;"],
    ["one marker alone", "SELECT '\n<<<<<<< HEAD\n';"],
  ])("%s is none of it", (_, text) => {
    expect(withoutForeign(text)).toEqual({ readable: text, errors: [] });
  });

  // Each of them takes minutes where a line is looked for from every line before it.
  test.each<[string, string, readonly string[]]>([
    ["commands", "\\x\n", ["psql command"]],
    ["COPY without rows", "COPY t FROM stdin;\n", ["psql command"]],
    ["COPY with rows", "COPY t FROM stdin;\n1\n\\.\n", ["rows of COPY", "psql command"]],
    ["words of COPY", "COPY a FROM\n", ["psql command"]],
    ["conflicts", "<<<<<<< a\n=======\n>>>>>>> b\n", ["unfinished merge", "psql command"]],
    ["conflicts without an end", "<<<<<<< a\n=======\n", ["psql command"]],
    ["output", "> a\n", ["psql command", "command output"]],
  ])("takes time that grows with the text alone: %s", (_, part, kinds) => {
    const { errors } = withoutForeign(`${part.repeat(200_000)}\n\\last\nSELECT 1;\n`);
    expect(errors.map(({ foreign }) => foreign)).toEqual(kinds);
  });

  test("a conflict without an end does not hide the others", () => {
    const whole = "<<<<<<< a\nSELECT 1;\n=======\nSELECT 2;\n>>>>>>> b\n";
    const { readable, errors } = withoutForeign(`${whole}<<<<<<< c\nSELECT 3;\n`);
    expect(errors.map(({ foreign }) => foreign)).toEqual(["unfinished merge"]);
    expect(readable.replace(/\s+/g, " ")).toBe(" SELECT 1; <<<<<<< c SELECT 3; ");
  });

  test.each([postgresReader, portableReader])("UTF-16 is one error, with the $name reader", async (reader) => {
    await reader.load();
    const bytes = Buffer.from("\ufeffCREATE TABLE a (id int);\r\nSELECT 1;\r\n", "utf16le");
    for (const given of [bytes, bytes.subarray(2), Buffer.from(bytes).swap16()]) {
      const { errors, statements } = reader.read(given.toString("utf8"));
      expect(errors.map(({ message }) => message)).toEqual(["the file is in UTF-16"]);
      expect(statements).toEqual([]);
    }
  });

  test("a migration or a down.sql in UTF-16 is one finding, without an SQLSTATE", async () => {
    const utf16 = Buffer.from("\ufeffCREATE TABLE a (id int);\r\n", "utf16le").toString("utf8");
    const history = memoryHistory({
      "prisma/migrations/1_a/migration.sql": utf16,
      "prisma/migrations/2_b/migration.sql": "CREATE TABLE b (id int PRIMARY KEY);",
      "prisma/migrations/2_b/down.sql": utf16,
    });
    if (!history.ok) throw new Error(history.message);
    const { findings } = await check({ histories: [history.value], rules });
    const told = findings.filter(({ rule }) => rule === "syntax-error");
    expect(told.map(({ file, messageId, sqlstate }) => [file.path, messageId, sqlstate])).toEqual([
      ["prisma/migrations/1_a/migration.sql", "encoding", undefined],
      ["prisma/migrations/2_b/down.sql", "encoding", undefined],
    ]);
  });

  test("some NUL characters are one error and no UTF-16", () => {
    const { errors, readable } = readableText("SELECT 1;\0\nSELECT\0 2;");
    expect(errors.map(({ message }) => message)).toEqual(["the file holds a NUL character, which PostgreSQL refuses"]);
    expect(readable).toBe("SELECT 1; \nSELECT  2;");
  });
});
