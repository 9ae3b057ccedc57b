import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Range } from "../src/source/text.ts";
import type { Operation, OperationKind, OperationOf } from "../src/sql/operation/index.ts";
import { portableReader } from "../src/sql/portable/read.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import type { Reader, Script } from "../src/sql/statement.ts";
import { corpusStatements, mutatedSql } from "./support/mutated-sql.ts";

/** Places to the last offset, and what readers do with texts that are no SQL. */

beforeAll(() => postgresReader.load());

const slice = (text: string, { start, end }: Range) => text.slice(start, end);
const operationsOf = (script: Script) => script.statements.flatMap((statement) => statement.operations);
/** `kind: text` of every operation. */
const places = (text: string, script: Script) =>
  operationsOf(script).map((operation) => `${operation.kind}: ${slice(text, operation.range)}`);

function onlyOperation<K extends OperationKind>(script: Script, kind: K): OperationOf<K> {
  const [operation, ...more] = operationsOf(script);
  if (operation?.kind !== kind || more.length > 0)
    throw new Error(`expected one ${kind}, got ${JSON.stringify(operationsOf(script))}`);
  return operation as OperationOf<K>;
}

const READERS: readonly Reader[] = [postgresReader, portableReader];

describe.each(READERS)("$name: exact places", (reader) => {
  const read = (text: string) => reader.read(text);

  test("one action of ALTER TABLE, also after text of several bytes, CRLF and tabs", () => {
    const text =
      '-- é 😀\r\nALTER TABLE "é😀"\r\n\tADD COLUMN "ü" TEXT DEFAULT \'a,b\',\r\n  DROP COLUMN "b" , ALTER COLUMN c SET NOT NULL;\r\n';
    expect(places(text, read(text))).toEqual([
      "addColumn: ADD COLUMN \"ü\" TEXT DEFAULT 'a,b'",
      'dropColumn: DROP COLUMN "b"',
      "setNotNull: ALTER COLUMN c SET NOT NULL",
    ]);
    expect(read(text).comments.map((comment) => slice(text, comment.range))).toEqual(["-- é 😀"]);
  });

  test("a single action is the whole statement, without its semicolon and the comments around it", () => {
    const text = "/* a */ ALTER TABLE a /* b */ DROP COLUMN b /* c */ ; -- d";
    expect(places(text, read(text))).toEqual(["dropColumn: ALTER TABLE a /* b */ DROP COLUMN b"]);
  });

  test("each name of DROP and TRUNCATE", () => {
    const text = 'DROP TABLE IF EXISTS "é", app . b,c CASCADE; DROP INDEX CONCURRENTLY i; TRUNCATE a, "b,c"';
    expect(places(text, read(text))).toEqual([
      'dropTable: "é"',
      "dropTable: app . b",
      "dropTable: c",
      "dropIndex: DROP INDEX CONCURRENTLY i",
      "truncate: a",
      'truncate: "b,c"',
    ]);
  });

  test("each column of an index", () => {
    const text = 'CREATE INDEX i ON "é" ("ü" DESC, lower(b, \',\'), (c + d) text_ops);';
    const { columns } = onlyOperation(read(text), "createIndex");
    expect(columns.map((column) => slice(text, column.range))).toEqual([
      '"ü" DESC',
      "lower(b, ',')",
      "(c + d) text_ops",
    ]);
  });

  test("columns, column constraints and table constraints", () => {
    const text =
      "CREATE TABLE t (\r\n  é int NOT NULL CONSTRAINT c CHECK (a > 0) REFERENCES p (id) ON DELETE CASCADE DEFAULT 1 UNIQUE, -- x\r\n  PRIMARY KEY (a, b)\r\n)".replace(
        "é",
        '"é"',
      );
    const table = onlyOperation(read(text), "createTable");
    expect(table.columns.map((column) => slice(text, column.range))).toEqual([
      '"é" int NOT NULL CONSTRAINT c CHECK (a > 0) REFERENCES p (id) ON DELETE CASCADE DEFAULT 1 UNIQUE',
    ]);
    expect(table.columns[0]?.constraints.map((constraint) => slice(text, constraint.range))).toEqual([
      "CONSTRAINT c CHECK (a > 0)",
      "REFERENCES p (id) ON DELETE CASCADE",
      "UNIQUE",
    ]);
    expect(table.constraints.map((constraint) => slice(text, constraint.range))).toEqual(["PRIMARY KEY (a, b)"]);
  });

  test("the column of ADD COLUMN, without the words before it", () => {
    const text = "ALTER TABLE a ADD COLUMN IF NOT EXISTS b int UNIQUE, ADD c text";
    const columns = operationsOf(read(text)).flatMap((operation) =>
      operation.kind === "addColumn" ? [operation.column] : [],
    );
    expect(columns.map((column) => slice(text, column.range))).toEqual(["b int UNIQUE", "c text"]);
    expect(columns[0]?.constraints.map((constraint) => slice(text, constraint.range))).toEqual(["UNIQUE"]);
  });

  test("a byte order mark is an error, and what follows is read", () => {
    const text = "\ufeffDROP TABLE a;";
    const script = read(text);
    expect(script.errors).toMatchObject([{ range: { start: 0, end: 1 } }]);
    expect(places(text, script)).toEqual(["dropTable: DROP TABLE a"]);
  });

  test("NUL is an error, and what is around it is read", () => {
    const text = "DROP TABLE a;\0 DROP TABLE b;";
    const script = read(text);
    expect(script.errors).toMatchObject([{ range: { start: 13, end: 14 } }]);
    expect(places(text, script)).toEqual(["dropTable: DROP TABLE a", "dropTable: DROP TABLE b"]);
  });

  test("half characters keep the places behind them right", () => {
    const text = "COMMENT ON TABLE a IS '\ud83d \ud83d \ude00 \ud83d'; DROP TABLE b";
    expect(places(text, read(text)).at(-1)).toBe("dropTable: DROP TABLE b");
  });

  test.each(["", " \r\n", "-- only a comment", "/* é */\n", ";;", "\ufeff"])("no statements in %j", (text) => {
    expect(read(text).statements).toEqual([]);
    expect(read(text).gaps).toEqual([]);
  });

  test("5,000 parentheses", () => {
    for (const text of [
      `SELECT ${"(".repeat(5000)}1${")".repeat(5000)}; DROP TABLE a`,
      `SELECT ${"(".repeat(5000)}; DROP TABLE a`,
    ]) {
      expect(() => read(text)).not.toThrow();
    }
    const text = `SELECT ${"(".repeat(5000)}1${")".repeat(5000)}; DROP TABLE a`;
    expect(places(text, read(text)).at(-1)).toBe("dropTable: DROP TABLE a");
  });

  test("a broken statement does not hide the others, and counts", () => {
    const text = "CREATE TABLE a (id int);\nALTER TALBE a ADD b int;\n-- x\nDROP TABLE a;";
    const script = read(text);
    expect(script.statements.map(({ index, broken, range }) => [index, broken, slice(text, range)])).toEqual([
      [0, false, "CREATE TABLE a (id int)"],
      [1, true, "ALTER TALBE a ADD b int"],
      [2, false, "DROP TABLE a"],
    ]);
    expect(script.statements[2]?.comments.map((comment) => comment.text)).toEqual(["-- x"]);
    const place =
      reader.name === "postgres"
        ? script.errors.map((error) => slice(text, error.range))
        : script.gaps.map((range) => slice(text, range));
    expect(place).toEqual([reader.name === "postgres" ? "TALBE" : "ALTER TALBE a ADD b int"]);
  });

  test("empty statements have no index", () => {
    const text = ";;SELECT 1;;; /* a */ ;DROP TABLE a;;";
    expect(read(text).statements.map((statement) => statement.index)).toEqual([0, 1]);
  });

  test("comments belong to the statement that they are before or in", () => {
    const text = "-- a\nDROP TABLE /* b */ a; -- c\n/* d */ DROP TABLE b; -- e";
    expect(read(text).statements.map((statement) => statement.comments.map((comment) => comment.text))).toEqual([
      ["-- a", "/* b */"],
      ["-- c", "/* d */"],
    ]);
    expect(read(text).comments.map((comment) => comment.text)).toEqual(["-- a", "/* b */", "-- c", "/* d */", "-- e"]);
  });
});

test("INITIALLY DEFERRED implies DEFERRABLE, at a column and at a table", () => {
  const text =
    "CREATE TABLE t (a int REFERENCES p INITIALLY DEFERRED UNIQUE, FOREIGN KEY (a) REFERENCES p INITIALLY DEFERRED)";
  const { columns, constraints } = onlyOperation(postgresReader.read(text), "createTable");
  expect(columns[0]?.constraints).toMatchObject([
    { type: "foreignKey", deferrable: true },
    { type: "unique", deferrable: false },
  ]);
  expect(constraints).toMatchObject([{ type: "foreignKey", deferrable: true }]);
});

describe("PostgreSQL's errors have their place", () => {
  test.each([
    ["SELECT 'é😀', 1 +; SELECT 1", ";", 17],
    ["SELECT 1; CREATE TABLE é (a int,); SELECT 2", ")", 32],
    ["SELECT 1; SELECT 'open", "'open", 17],
  ])("%s", (text, _token, start) => {
    const { errors, statements } = postgresReader.read(text);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.range.start).toBe(start - (text.includes("+;") ? 1 : 0));
    expect(statements.some((statement) => !statement.broken)).toBe(true);
  });
});

describe("the portable reader leaves unread what pgsql-ast-parser would get wrong", () => {
  test.each([
    "SELECT interval '1' day",
    "SELECT B'101'",
    "SELECT 1e3",
    "SELECT position('a' IN b)",
    "SELECT a || b -> 'c' FROM t",
    "SELECT N'n'",
    "SELECT a || b + c FROM t",
    "SELECT 1 UNION SELECT 2 ORDER BY 1 LIMIT 1",
    "SELECT -1::int",
    "SELECT a IN ((1, 2))",
    'CREATE TABLE t ("a ""b""" int)',
    "CREATE TABLE t (a int REFERENCES p (id) DEFERRABLE)",
    "CREATE TABLE t (a int) WITH (fillfactor = 70)",
    "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p (id) NOT ENFORCED",
    "DO $$ BEGIN DELETE FROM a; END $$",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
  ])("%s", (text) => {
    const script = portableReader.read(text);
    expect(script.gaps.map((range) => slice(text, range))).toEqual([text]);
    expect(script.statements).toMatchObject([{ index: 0, broken: true, operations: [] }]);
    expect(script.errors).toEqual([]);
  });
});

const FLAT = { in: "do", conditional: false, loop: false, guarded: false };
const inDo = (text: string) =>
  operationsOf(postgresReader.read(text)).map(
    (operation) => [operation.kind, slice(text, operation.range), operation.body] as const,
  );

describe("bodies", () => {
  test("static SQL of a DO block, at its own place, with what surrounds it", () => {
    const text = `-- é
DO $$
DECLARE n int := 0;
BEGIN
  DELETE FROM "é" WHERE a = 1;
  IF n = 0 THEN
    ALTER TABLE t ADD COLUMN a int, DROP COLUMN b;
  ELSIF n = 1 THEN
    UPDATE t SET a = 1;
  ELSE
    DROP TABLE x;
  END IF;
  LOOP
    DELETE FROM b;
    EXIT WHEN NOT FOUND;
  END LOOP;
  BEGIN
    TRUNCATE c;
  EXCEPTION WHEN OTHERS THEN
    DROP TABLE d;
  END;
END $$;
DROP TABLE after;`;
    expect(inDo(text)).toEqual([
      ["deleteRows", 'DELETE FROM "é" WHERE a = 1', FLAT],
      ["addColumn", "ADD COLUMN a int", { ...FLAT, conditional: true }],
      ["dropColumn", "DROP COLUMN b", { ...FLAT, conditional: true }],
      ["updateRows", "UPDATE t SET a = 1", { ...FLAT, conditional: true }],
      ["dropTable", "DROP TABLE x", { ...FLAT, conditional: true }],
      ["deleteRows", "DELETE FROM b", { ...FLAT, loop: true }],
      ["truncate", "TRUNCATE c", { ...FLAT, guarded: true, swallows: true }],
      ["dropTable", "DROP TABLE d", { ...FLAT, conditional: true }],
      ["dropTable", "DROP TABLE after", undefined],
    ]);
  });

  test("EXECUTE of a constant is read, of a computed string it is opaque", () => {
    const text = `DO $do$ BEGIN
  EXECUTE 'DROP TABLE a';
  EXECUTE format('ALTER TABLE %I DROP COLUMN %I', 'T', 'c');
  EXECUTE 'DROP ' || 'TABLE b';
  EXECUTE $x$ DELETE FROM "e" $x$;
  EXECUTE 'DROP TABLE ' || quote_ident(name);
END $do$`;
    expect(inDo(text).map(([kind, at]) => [kind, at])).toEqual([
      ["dropTable", "'DROP TABLE a'"],
      ["dropColumn", "format('ALTER TABLE %I DROP COLUMN %I', 'T', 'c')"],
      ["dropTable", "'DROP ' || 'TABLE b'"],
      ["deleteRows", '$x$ DELETE FROM "e" $x$'],
      ["opaque", "'DROP TABLE ' || quote_ident(name)"],
    ]);
    const dropped = operationsOf(postgresReader.read(text)).find((operation) => operation.kind === "dropColumn");
    expect(dropped).toMatchObject({ table: { name: "T" }, column: "c" });
  });

  test("a body in plain quotes is read, too; where quotes are doubled its place is the literal", () => {
    expect(inDo("DO 'BEGIN DELETE FROM a; END'").map(([kind, at]) => [kind, at])).toEqual([
      ["deleteRows", "DELETE FROM a"],
    ]);
    expect(inDo("DO 'BEGIN DELETE FROM a WHERE b = ''x''; END'").map(([kind, at]) => [kind, at])).toEqual([
      ["deleteRows", "'BEGIN DELETE FROM a WHERE b = ''x''; END'"],
    ]);
  });

  test("a DO block in another language, or one that cannot be read, is opaque", () => {
    for (const text of ["DO LANGUAGE plpython3u $$ x $$", "DO $$ BEGIN IF END $$"])
      expect(inDo(text)).toEqual([["opaque", text, undefined]]);
  });

  test.each([
    ["CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DELETE FROM a; END $$", ["DELETE FROM a"]],
    [
      "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DELETE FROM a; UPDATE b SET c = 1 $$",
      ["DELETE FROM a", "UPDATE b SET c = 1"],
    ],
    [
      "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $x$ DELETE FROM a WHERE b = $$;$$ $x$",
      ["DELETE FROM a WHERE b = $$;$$"],
    ],
    [
      "CREATE PROCEDURE f() LANGUAGE sql BEGIN ATOMIC DELETE FROM a; DELETE FROM b; END",
      [
        "CREATE PROCEDURE f() LANGUAGE sql BEGIN ATOMIC DELETE FROM a; DELETE FROM b; END",
        "CREATE PROCEDURE f() LANGUAGE sql BEGIN ATOMIC DELETE FROM a; DELETE FROM b; END",
      ],
    ],
  ])("%s", (text, expected) => {
    const created = onlyOperation(postgresReader.read(text), "createFunction");
    expect(slice(text, created.range)).toBe(text);
    expect(created.operations.map((operation) => slice(text, operation.range))).toEqual(expected);
    expect(created.operations.every((operation) => operation.body?.in === "function")).toBe(true);
  });
});

/** Every range of a script with the range that it has to lie in. */
function* nested(script: Script, text: string): Generator<readonly [string, Range, Range]> {
  const all = { start: 0, end: text.length };
  for (const error of script.errors) yield ["error", error.range, all];
  for (const comment of script.comments) yield ["comment", comment.range, all];
  for (const range of script.gaps) yield ["gap", range, all];
  for (const statement of script.statements) {
    yield ["statement", statement.range, all];
    for (const operation of statement.operations) yield* ofOperation(operation, statement.range);
  }
}

function* ofOperation(operation: Operation, outer: Range): Generator<readonly [string, Range, Range]> {
  yield [operation.kind, operation.range, outer];
  const inside = operation.range;
  if (operation.kind === "createFunction") for (const inner of operation.operations) yield* ofOperation(inner, inside);
  if (operation.kind === "createIndex") for (const column of operation.columns) yield ["column", column.range, inside];
  const columns =
    operation.kind === "createTable" ? operation.columns : operation.kind === "addColumn" ? [operation.column] : [];
  for (const column of columns) {
    yield ["column", column.range, inside];
    for (const constraint of column.constraints) yield ["constraint", constraint.range, column.range];
  }
  if (operation.kind === "createTable")
    for (const constraint of operation.constraints) yield ["constraint", constraint.range, inside];
}

describe.each(READERS)("$name: any text", (reader) => {
  function holds(text: string): void {
    const script = reader.read(text);
    for (const [what, range, outer] of nested(script, text)) {
      const at = `${what} ${JSON.stringify(range)} in ${JSON.stringify(outer)}`;
      expect(range.start <= range.end && range.start >= outer.start && range.end <= outer.end, at).toBe(true);
    }
    script.statements.forEach((statement, i) => {
      expect(statement.index).toBe(i);
      if (i > 0) expect(statement.range.start).toBeGreaterThanOrEqual(script.statements[i - 1]?.range.end ?? 0);
    });
  }

  test("each statement of the corpus", () => {
    for (const text of corpusStatements) holds(text);
  });

  test("arbitrary text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: "binary" }),
          fc.array(fc.nat({ max: 0xffff })).map((units) => String.fromCharCode(...units)),
        ),
        holds,
      ),
      { numRuns: 1500 },
    );
  });

  test("mutated SQL", { timeout: 60_000 }, () => {
    fc.assert(fc.property(mutatedSql, holds), { numRuns: reader.name === "postgres" ? 4000 : 1000 });
  });
});

test("where both readers read mutated SQL without an error, they agree", { timeout: 60_000 }, () => {
  let compared = 0;
  fc.assert(
    fc.property(mutatedSql, (text) => {
      const judge = postgresReader.read(text);
      if (judge.errors.length > 0) return;
      const portable = portableReader.read(text);
      expect(portable.statements.map((statement) => statement.range)).toEqual(
        judge.statements.map((statement) => statement.range),
      );
      judge.statements.forEach((statement, i) => {
        const other = portable.statements[i];
        if (!other || other.broken) return;
        compared++;
        expect(other.operations).toEqual(statement.operations);
      });
    }),
    { numRuns: 1500 },
  );
  expect(compared).toBeGreaterThan(200);
});

describe("what pgsql-ast-parser would take years for is a gap at once", () => {
  const many = "a b ".repeat(60);
  test.each([
    ["a string with escapes that has no end", `E'${many}`],
    ["the same behind a clause", `ALTER TABLE t ADD COLUMN c text DEFAULT E'x\\' ${many}`],
    [
      "a name that ends in what begins a string elsewhere",
      `UPDATE t SET a$$ = 1 WHERE ${"b = 1 AND ".repeat(60)} c = 2`,
    ],
    ["a string between dollar signs that has no end", `SELECT $$${many}`],
  ])("%s", (_name, text) => {
    const { statements, gaps } = portableReader.read(`DROP TABLE x; ${text}`);
    expect(gaps.map(({ start }) => start)).toEqual([14]);
    expect(statements.map(({ broken }) => broken)).toEqual([false, true]);
  });
});

test("what exhausts the parser's stack is no syntax error, and the statements around it are read", () => {
  const deep = `SELECT 1${"+1".repeat(20_000)};`;
  const script = postgresReader.read(`DROP TABLE a; ${deep} DROP TABLE b;`);
  expect(script.errors).toEqual([]);
  expect(script.statements.map(({ broken, operations }) => [broken, operations[0]?.kind])).toEqual([
    [false, "dropTable"],
    [false, "opaque"],
    [false, "dropTable"],
  ]);
});
