import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fingerprint, makeBaseline, readBaseline, writeBaseline, type BaselineEntry } from "../src/engine/baseline.ts";
import { resolveConfig } from "../src/engine/config.ts";
import type { Finding } from "../src/engine/finding.ts";
import { applySuppressions, readSuppressions, type CommentedFile } from "../src/engine/suppression.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";

await postgresReader.load();
const RULES = ["drop-column", "drop-table", "table-rewrite"];

function source(text: string, path = "m/1_a/migration.sql"): CommentedFile {
  const { comments, statements } = postgresReader.read(text);
  return { file: { path, text }, migration: "1_a", comments, statements };
}

function read(text: string) {
  const { suppressions, problems } = readSuppressions(source(text), RULES);
  return {
    suppressions: suppressions.map(({ rules, reason, statement }) => ({
      rules: rules.map(({ id }) => id),
      reason,
      on: statement ? text.slice(statement.range.start, statement.range.end) : "file",
    })),
    problems: problems.map(({ message, range, data }) => ({ message, at: text.slice(range.start, range.end), data })),
  };
}

const one = (rules: string[], on: string, reason = "it is fine") => ({
  suppressions: [{ rules, reason, on }],
  problems: [],
});

describe("a comment stands for", () => {
  test.each<[string, string, ReturnType<typeof one>]>([
    [
      "the next statement",
      "SELECT 1;\n-- lockstep-ignore drop-column: it is fine\n\n-- more\nSELECT 2;\nSELECT 3;",
      one(["drop-column"], "SELECT 2"),
    ],
    [
      "the next one, as a block",
      "/* lockstep-ignore drop-column: it is fine */ SELECT 2;",
      one(["drop-column"], "SELECT 2"),
    ],
    [
      "the one at the end of whose line it is",
      "SELECT 1; -- lockstep-ignore drop-column: it is fine\nSELECT 2;",
      one(["drop-column"], "SELECT 1"),
    ],
    [
      "the one before, without a semicolon",
      "SELECT 1 -- lockstep-ignore drop-column: it is fine\n",
      one(["drop-column"], "SELECT 1"),
    ],
    [
      "the one that it is in",
      "SELECT -- lockstep-ignore drop-column: it is fine\n1;\nSELECT 2;",
      one(["drop-column"], "SELECT -- lockstep-ignore drop-column: it is fine\n1"),
    ],
    [
      "the next one where it is between two on one line",
      "SELECT 1; /* lockstep-ignore drop-column: it is fine */ SELECT 2;",
      one(["drop-column"], "SELECT 2"),
    ],
    [
      "the file",
      "SELECT 1;\n-- lockstep-ignore-file drop-table, table-rewrite : it is fine",
      one(["drop-table", "table-rewrite"], "file"),
    ],
    [
      "several rules",
      "--lockstep-ignore drop-table,drop-column table-rewrite:it is fine\r\nSELECT 'é😀';",
      one(["drop-table", "drop-column", "table-rewrite"], "SELECT 'é😀'"),
    ],
    [
      "a reason over lines",
      "/**\n * lockstep-ignore drop-table: it\n * is: fine\n **/\nSELECT 1;",
      one(["drop-table"], "SELECT 1", "it is: fine"),
    ],
  ])("%s", (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });
});

test.each<[string, string, Record<string, string>, string]>([
  [
    "-- lockstep-ignore drop-column\nSELECT 1;",
    "noReason",
    { word: "lockstep-ignore", rules: "drop-column" },
    "-- lockstep-ignore drop-column",
  ],
  [
    "-- lockstep-ignore drop-column:  \nSELECT 1;",
    "noReason",
    { word: "lockstep-ignore", rules: "drop-column" },
    "-- lockstep-ignore drop-column:  ",
  ],
  [
    "/* lockstep-ignore drop-column: */ SELECT 1;",
    "noReason",
    { word: "lockstep-ignore", rules: "drop-column" },
    "/* lockstep-ignore drop-column: */",
  ],
  ["-- lockstep-ignore: because\nSELECT 1;", "noRule", { word: "lockstep-ignore" }, "-- lockstep-ignore: because"],
  [
    "-- lockstep-ignore drop-colum: because\nSELECT 1;",
    "unknownRule",
    { rule: "drop-colum", hint: " Did you mean drop-column?" },
    "drop-colum",
  ],
  ["-- lockstep-ignore xyz: because\nSELECT 1;", "unknownRule", { rule: "xyz", hint: "" }, "xyz"],
  [
    "-- lockstep-ingore drop-column: because\nSELECT 1;",
    "unknownDirective",
    { word: "lockstep-ingore", meant: "lockstep-ignore" },
    "-- lockstep-ingore drop-column: because",
  ],
  [
    "-- lockstep-ignore-next-line drop-column: because\nSELECT 1;",
    "unknownDirective",
    { word: "lockstep-ignore-next-line", meant: "lockstep-ignore" },
    "-- lockstep-ignore-next-line drop-column: because",
  ],
  [
    "SELECT 1;\n-- lockstep-ignore drop-column: because",
    "noStatement",
    { word: "lockstep-ignore" },
    "-- lockstep-ignore drop-column: because",
  ],
])("%j is a problem and suppresses nothing", (text, message, data, at) => {
  expect(read(text)).toEqual({ suppressions: [], problems: [{ message, data, at }] });
});

test("one unknown rule does not take the others with it", () => {
  expect(read("-- lockstep-ignore drop-colum, drop-table: r\nSELECT 1;")).toMatchObject({
    suppressions: [{ rules: ["drop-table"] }],
    problems: [{ message: "unknownRule" }],
  });
});

test.each([
  "-- see lockstep-ignore",
  "-- lockstep-free prose",
  "SELECT '-- lockstep-ignore drop-table: x';",
  "-- lockstep is a tool",
])("%s is no suppression", (text) => {
  expect(read(text)).toEqual({ suppressions: [], problems: [] });
});

const TEXT = "-- lockstep-ignore drop-column: agreed\nALTER TABLE a DROP COLUMN b;\nALTER TABLE a DROP COLUMN c;\n";

function finding(text: string, rule: string, at: string, more: Partial<Finding> = {}): Finding {
  const start = text.indexOf(at);
  const file = { path: "m/1_a/migration.sql", text };
  return {
    rule,
    severity: "error",
    category: "destructive",
    migration: "1_a",
    file,
    range: { start, end: start + at.length },
    objects: [],
    message: "",
    help: "",
    queries: [],
    related: [],
    fixes: [],
    ...more,
  };
}

function apply(
  text: string,
  findings: readonly Finding[],
  more: {
    config?: Parameters<typeof resolveConfig>[0];
    comments?: boolean;
    baseline?: readonly BaselineEntry[];
    ran?: readonly string[];
  } = {},
) {
  const file = source(text);
  return applySuppressions({
    findings,
    suppressions: readSuppressions(file, RULES).suppressions,
    config: { ...resolveConfig(more.config), comments: more.comments ?? true },
    ...(more.baseline && { baseline: more.baseline }),
    statements: new Map([[file.file.path, file.statements]]),
    ran: new Set(more.ran ?? RULES),
  });
}

describe("applying", () => {
  const b = finding(TEXT, "drop-column", "DROP COLUMN b", { statement: 0 });
  const c = finding(TEXT, "drop-column", "DROP COLUMN c", { statement: 1 });

  test("a comment marks the findings of its statement and no other", () => {
    const { findings, problems } = apply(TEXT, [b, c]);
    expect(findings.map(({ suppressed }) => suppressed)).toEqual([
      { how: "comment", reason: "agreed", range: { start: 0, end: 38 } },
      undefined,
    ]);
    expect(problems).toEqual([]);
  });

  test("findings without a statement's number are judged by their place", () => {
    const { findings } = apply(TEXT, [
      finding(TEXT, "drop-column", "DROP COLUMN b"),
      finding(TEXT, "drop-column", "DROP COLUMN c"),
    ]);
    expect(findings.map(({ suppressed }) => suppressed?.how)).toEqual(["comment", undefined]);
  });

  test("a comment that suppresses nothing is a problem, and says so if the finding is elsewhere", () => {
    expect(apply(TEXT, []).problems).toMatchObject([
      { message: "unused", data: { rule: "drop-column", what: "statement" }, range: { start: 19, end: 30 } },
    ]);
    expect(apply(TEXT, [c]).problems).toMatchObject([{ message: "elsewhere" }]);
  });

  test("a comment for a rule that did not run, or with comments off, is none", () => {
    expect(apply(TEXT, [], { ran: ["drop-table"] }).problems).toEqual([]);
    const off = apply(TEXT, [b], { comments: false });
    expect(off.findings).toEqual([b]);
    expect(off.problems).toEqual([]);
  });

  test("the configuration's ignores", () => {
    const { findings } = apply(
      "ALTER TABLE a DROP COLUMN b;",
      [finding("ALTER TABLE a DROP COLUMN b;", "drop-column", "DROP")],
      { config: { ignores: [{ path: "m/1_*", rules: ["drop-column"], reason: "old" }] } },
    );
    expect(findings[0]?.suppressed).toEqual({ how: "config", reason: "old" });
  });

  test("the baseline: matched by rule, migration and the statement's words; the rest is stale", () => {
    const statements = new Map([["m/1_a/migration.sql", source(TEXT).statements]]);
    const baseline = [
      ...makeBaseline([c], statements),
      { rule: "drop-table", migration: "1_a", fingerprint: "0000000000000000" },
    ];
    const spaced = TEXT.replace("a DROP COLUMN c", "a\n  DROP   COLUMN c");
    const result = apply(spaced, [finding(spaced, "drop-column", "DROP   COLUMN c", { statement: 1 })], { baseline });
    expect(result.findings[0]?.suppressed).toEqual({ how: "baseline", reason: "accepted in the baseline" });
    expect(result.stale).toEqual([baseline[1]]);
    const changed = TEXT.replace("COLUMN c", "COLUMN d");
    expect(
      apply(changed, [finding(changed, "drop-column", "DROP COLUMN d", { statement: 1 })], { baseline }).findings[0]
        ?.suppressed,
    ).toBeUndefined();
  });
});

test("FNV-1a, 64 bits", () => {
  // Published test vector: http://www.isthe.com/chongo/tech/comp/fnv/
  expect(fingerprint(finding("foobar", "x", "foobar"), new Map())).toBe("85944171f73967e8");
});

test("a baseline is written sorted, without doubles, and read back; it keeps what was not checked", () => {
  const a = finding("SELECT 1", "z", "SELECT 1", { migration: "2" });
  const kept = { rule: "r", migration: "0", fingerprint: "1" };
  const entries = makeBaseline(
    [a, { ...a }, { ...a, migration: "1" }, { ...a, rule: "y", suppressed: { how: "comment", reason: "r" } }],
    new Map(),
    [kept, { ...kept, migration: "2" }],
    new Set(["1", "2"]),
  );
  expect(entries.map(({ rule, migration }) => [migration, rule])).toEqual([
    ["0", "r"],
    ["1", "z"],
    ["2", "z"],
  ]);
  expect(readBaseline(writeBaseline(entries))).toEqual(entries);
  for (const text of ["", "[]", "{}", '{"version":2,"accepted":[]}', '{"version":1,"accepted":[1]}'])
    expect(readBaseline(text)).toBeUndefined();
});

test("no comment makes reading throw, and every range lies in the text", () => {
  const word = fc.constantFrom(
    "lockstep-ignore",
    "lockstep-ignore-file",
    "lockstep-ingore",
    "drop-table",
    ":",
    ",",
    "--",
    "/*",
    "*/",
    "\n",
    "\r\n",
    " ",
    "*",
    "SELECT 1",
    ";",
    "é😀",
    "$$",
    "'",
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(word, fc.string({ unit: "binary", maxLength: 5 }))).map((parts) => parts.join("")),
      (text) => {
        const file = source(text);
        const { suppressions, problems } = readSuppressions(file, RULES);
        for (const range of [
          ...suppressions.flatMap((each) => [each.range, ...each.rules.map((rule) => rule.range)]),
          ...problems.map((each) => each.range),
        ]) {
          expect(range.start).toBeGreaterThanOrEqual(0);
          expect(range.end).toBeLessThanOrEqual(text.length);
          expect(range.start).toBeLessThan(range.end);
        }
        for (const { rules } of suppressions)
          for (const { id, range } of rules) expect(text.slice(range.start, range.end)).toBe(id);
      },
    ),
    { numRuns: 500 },
  );
});
