import { beforeAll, describe, expect, test } from "vitest";
import { emptyCatalog } from "../src/model/apply/catalog.ts";
import type { MigrationView } from "../src/model/step.ts";
import { readWhole, walk } from "../src/model/walk.ts";
import { portableReader } from "../src/sql/portable/read.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import { partsOf } from "../src/sql/tokens.ts";

/** Texts of any length and depth: what is read, and what is told of the rest. How long it takes, `npm run bench -- size` measures. */

beforeAll(() => postgresReader.load());

const READERS = [postgresReader, portableReader];

/** Everything that hides a semicolon. */
const ODD = [
  "INSERT INTO t (a) VALUES ('x;y''z')",
  'UPDATE "t;" SET a = $q$ ; $q$ -- a comment; with one',
  "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END",
  "/* é 😀; */ ALTER TABLE t ADD COLUMN b text, DROP COLUMN c",
  "CREATE RULE r AS ON INSERT TO t DO ALSO (DELETE FROM u; DELETE FROM v)",
  `DROP TABLE ${"long_".repeat(14)}`,
];

describe("a long text is read in parts", () => {
  const text = ODD.map((each) => `${each}\n;\n`).join("");

  test.each([1, 40, 100, 1_000_000])("of whole statements, longer than %i", (length) => {
    const parts = [...partsOf(text, length)];
    expect(parts.map(({ start, end }) => text.slice(start, end)).join("")).toBe(text);
    // What is behind the last semicolon is a part of its own.
    if (length === 1) expect(parts.length).toBe(ODD.length + 1);
    if (length === 1_000_000) expect(parts.length).toBe(1);
  });

  test("and says the same of every statement as of a short one", () => {
    const times = Math.ceil(2 ** 19 / text.length);
    const long = `${text.repeat(times)}-- the end`;
    const short = postgresReader.read(text);
    const read = postgresReader.read(long);
    expect([...partsOf(long)].length).toBeGreaterThan(2);
    expect(read.errors).toEqual([]);
    expect(read.statements.map(({ index }) => index)).toEqual(read.statements.map((_, index) => index));
    expect(read.comments.map(({ range }) => long.slice(range.start, range.end))).toEqual(
      read.comments.map((comment) => comment.text),
    );
    const said = (source: string, { statements }: typeof read) =>
      statements.map(({ range, comments, cut, operations }) => ({
        text: source.slice(range.start, range.end),
        comments: comments.map((each) => each.text),
        cut: cut?.map((each) => [source.slice(each.range.start, each.range.end), each.kept]),
        operations: operations.map((each) => [each.kind, source.slice(each.range.start, each.range.end)]),
      }));
    expect(said(long, read)).toEqual(Array.from({ length: times }, () => said(text, short)).flat());
  });

  test("and a broken statement is the only one", () => {
    const filler = "INSERT INTO t (a) VALUES (1);\n".repeat(10_000);
    const text = `${filler}SELEC 1;\n${filler}`;
    const { statements, errors } = postgresReader.read(text);
    expect(statements.length).toBe(20_001);
    expect(statements.filter(({ broken }) => broken).map(({ range }) => text.slice(range.start, range.end))).toEqual([
      "SELEC 1",
    ]);
    expect(errors.map(({ range }) => text.slice(range.start, range.end))).toEqual(["SELEC"]);
  });
});

const repeated = (before: string, times: number, middle: string, after = "") =>
  before.repeat(times) + middle + after.repeat(times);

const DEEP: readonly (readonly [string, string])[] = [
  ["unions", `INSERT INTO t ${repeated("SELECT 1 UNION ", 3_000, "SELECT 1")}`],
  ["subqueries", `INSERT INTO t ${repeated("SELECT * FROM (", 1_600, "SELECT 1", ") x")}`],
  ["a view of subqueries", `CREATE VIEW v AS ${repeated("SELECT * FROM (", 1_600, "SELECT 1", ") x")}`],
  ["sums", `UPDATE t SET a = ${repeated("a + ", 5_000, "1")}`],
  ["calls", `UPDATE t SET a = ${repeated("abs(", 1_500, "1", ")")}`],
];

describe.each(READERS)("$name: nested too deeply", (reader) => {
  // The portable parser takes minutes for thousands of unions, and knows none in an INSERT.
  const deepest = reader.name === "postgres" ? DEEP : DEEP.filter(([name]) => name !== "unions");
  test.each(deepest)("%s", (_, deep) => {
    const { statements } = reader.read(`CREATE TABLE t (a integer);\n${deep};\nALTER TABLE t DROP COLUMN a;\n`);
    expect(statements.length).toBe(3);
    const [before, at, after] = statements.map(({ operations }) => operations);
    expect(before?.map(({ kind }) => kind)).toEqual(["createTable"]);
    expect(after?.map(({ kind }) => kind)).toEqual(["dropColumn"]);
    // The portable parser may give such a statement up itself.
    if (reader.name === "postgres" || at?.length)
      expect(at).toMatchObject([{ kind: "opaque", what: "a statement that is nested too deeply" }]);
  });

  test("not what people write", () => {
    const { statements } = reader.read(`UPDATE t SET a = ${repeated("a + ", 200, "1")};\n`);
    expect(statements[0]?.operations.map(({ kind }) => kind)).toEqual(["updateRows"]);
  });
});

test.each(READERS)("$name: a file of more than 16 MB is not read, and said so", (reader) => {
  const line = "INSERT INTO t (a) VALUES (1);\n";
  const { statements, errors } = readWhole(reader, line.repeat(Math.ceil((16 * 2 ** 20) / line.length) + 1));
  expect(errors).toEqual([]);
  expect(statements.map(({ range, operations }) => [range, operations])).toEqual([
    [
      { start: 0, end: line.length - 1 },
      [expect.objectContaining({ kind: "opaque", what: "a file of more than 16 MB" })],
    ],
  ]);
});

test("a walk from a folded catalog does not read what made it", () => {
  const file = { path: "b/migration.sql", text: "ALTER TABLE t ADD COLUMN b text NOT NULL;\n" };
  const pending: MigrationView = {
    id: "b",
    path: "b",
    file,
    state: "pending",
    execution: "split",
    ...postgresReader.read(file.text),
  };
  const folded: MigrationView = {
    ...pending,
    id: "a",
    state: "history",
    get statements(): never {
      throw new Error("read again");
    },
  };
  let steps = 0;
  const options = { postgres: 17, execution: "split", deployments: "one", folded: [folded] } as const;
  walk([pending], options, { operation: () => void steps++ }, emptyCatalog());
  expect(steps).toBe(1);
});
