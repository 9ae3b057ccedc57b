import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Rehearsal, RehearsalRun, RehearsedMigration, RehearsedStatement } from "../src/evidence/rehearsal.ts";
import { rehearsalJson } from "../src/report/rehearsal/json.ts";
import { progressLine } from "../src/report/rehearsal/progress.ts";
import { cleanupInWords, duration } from "../src/report/rehearsal/sentences.ts";
import { rehearsalText } from "../src/report/rehearsal/text.ts";
import { width } from "../src/report/text/width.ts";
import { BATCH, EVIDENCE, GOOD, SAMPLE } from "./support/rehearsal-sample.ts";

const options = { color: false, columns: 100, evidence: EVIDENCE, version: "0.1.0" };

describe("the sample", () => {
  test("as text", async () => {
    await expect(rehearsalText(SAMPLE, options)).toMatchFileSnapshot("snapshots/rehearsal-text.txt");
    await expect(rehearsalText(BATCH, options)).toMatchFileSnapshot("snapshots/rehearsal-batch.txt");
    await expect(rehearsalText(GOOD, options)).toMatchFileSnapshot("snapshots/rehearsal-good.txt");
  });

  test("as text, in colour, on a narrow terminal", async () => {
    await expect(rehearsalText(SAMPLE, { ...options, color: true, columns: 60 })).toMatchFileSnapshot(
      "snapshots/rehearsal-narrow.ansi",
    );
  });
});

describe("json", () => {
  const tool = { name: "lockstep", version: "0.1.0" };
  const schema = JSON.parse(
    readFileSync(new URL("../schema/rehearsal.schema.json", import.meta.url), "utf8"),
  ) as Record<string, unknown>;
  const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
  const errors = (value: unknown): unknown =>
    validate(value) ? [] : validate.errors?.map((error) => `${error.instancePath} ${error.message}`);
  const written = (rehearsal: typeof SAMPLE) =>
    JSON.parse(rehearsalJson(rehearsal, { tool, evidence: EVIDENCE })) as Record<string, unknown>;

  test("the sample", async () => {
    await expect(rehearsalJson(SAMPLE, { tool, evidence: EVIDENCE })).toMatchFileSnapshot("snapshots/rehearsal.json");
  });

  test.each([
    ["every shape", SAMPLE],
    ["a batch", BATCH],
    ["a good one", GOOD],
    ["nothing", { ...SAMPLE, runs: [] }],
    ["an empty run", { ...GOOD, runs: GOOD.runs.map((run) => ({ ...run, migrations: [] })) }],
  ])("%s is valid by the schema", (_, rehearsal) => {
    expect(errors(written(rehearsal))).toEqual([]);
  });

  test("names the schema that it keeps, and would not pass as another version", () => {
    expect(written(GOOD)["$schema"]).toBe(schema["$id"]);
    expect(errors({ ...written(GOOD), version: 2 })).toEqual(["/version must be equal to constant"]);
  });

  test("the schema knows every field that is written", () => {
    const seen = new Set<string>();
    const walk = (value: unknown): void => {
      if (Array.isArray(value)) value.forEach(walk);
      else if (typeof value === "object" && value !== null)
        for (const [key, inner] of Object.entries(value)) {
          seen.add(key);
          walk(inner);
        }
    };
    walk([written(SAMPLE), written(BATCH)]);
    const declared = new Set<string>();
    const collect = (value: unknown, inProperties: boolean): void => {
      if (typeof value !== "object" || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        if (inProperties) declared.add(key);
        collect(inner, !inProperties && key === "properties");
      }
    };
    collect(schema, false);
    // Both ways: nothing is written that is not declared, and the samples write everything that is.
    expect([...declared].filter((name) => !seen.has(name)).sort()).toEqual([]);
    expect([...seen].filter((name) => !declared.has(name)).sort()).toEqual([]);
  });

  test("places are lines and columns", () => {
    const { runs } = written(SAMPLE) as { runs: { migrations: { failure?: { range: unknown } }[] }[] };
    expect(runs[0]?.migrations[2]?.failure?.range).toMatchObject({ startLine: 5, startColumn: 5, endLine: 5 });
  });
});

describe("the text", () => {
  const plain = (rehearsal: Rehearsal, columns: number) => rehearsalText(rehearsal, { ...options, columns });

  test("keeps to the width, but for commands and words that are longer", () => {
    for (const rehearsal of [SAMPLE, BATCH, GOOD])
      for (const columns of [40, 60, 81, 100, 300])
        for (const line of plain(rehearsal, columns).split("\n")) {
          const commands = / prisma (?:migrate|db) /.test(line);
          const longest = Math.max(...line.trimStart().split(" ").map(width));
          expect(
            commands || longest > columns / 2 || width(line) <= Math.min(columns, 120),
            `${columns}: ${line}`,
          ).toBe(true);
        }
  });

  test("colours change nothing but colours", () => {
    for (const rehearsal of [SAMPLE, BATCH, GOOD]) {
      const coloured = rehearsalText(rehearsal, { ...options, color: true });

      expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(plain(rehearsal, 100));
      expect(coloured).toContain("\u001b[");
    }
  });

  test("a cleanup that removes nothing is told of the statements that are about its table", () => {
    const told = (relation: string): boolean => {
      const runs = SAMPLE.runs.map((run) => ({
        ...run,
        migrations: run.migrations.slice(2, 3).map((migration) => ({
          ...migration,
          statements: migration.statements.slice(0, 1).map((statement) => ({
            ...statement,
            observed: {
              held: [],
              rewrites: [],
              scans: [],
              rows: [],
              milliseconds: 1,
              locks: [{ relation, mode: "RowExclusiveLock" as const }],
            },
          })),
        })),
      }));
      return plain({ ...SAMPLE, runs }, 100).includes("removed none of the 3 orphans in likes");
    };
    expect([told("public.likes"), told("public.posts")]).toEqual([true, false]);
  });

  test("names the exit code where it is not 0", () => {
    expect(plain(SAMPLE, 100)).toContain("(exit code 1).");
    expect(plain(BATCH, 100)).toContain("(exit code 2).");
    expect(plain(GOOD, 100)).not.toContain("exit code");
    expect(plain({ ...GOOD, runs: [] }, 100)).toBe("No migration was rehearsed.\n");
  });

  test("what the files and PostgreSQL say cannot steer the terminal", () => {
    const evil = "\u001b[2J\r\nx\u202e";
    const runs = GOOD.runs.map((run) => ({
      ...run,
      root: evil,
      unfilled: [{ relation: evil, why: evil }],
      migrations: run.migrations.map((migration) => ({
        ...migration,
        id: evil,
        statements: migration.statements.map((statement) => ({ ...statement, notices: [evil] })),
        failure: {
          error: { sqlstate: "P0001", message: evil, detail: evil },
          index: 1,
          range: { start: 0, end: 9 },
          on: "any rows" as const,
          committed: [0],
        },
      })),
    }));
    expect(plain({ ...GOOD, runs, rows: { ...GOOD.rows, data: evil } }, 100)).not.toMatch(/\u001b|\r|\u202e/);
  });

  test("whatever a rehearsal holds, a place that is not in the text included", () => {
    const numbers = fc.integer({ min: 0, max: 400 });
    const range = fc.tuple(numbers, numbers).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));
    const relation = fc.constantFrom("public.a", "b.c", "public.größe 漢", "x");
    const mode = fc.constantFrom("RowShareLock", "ShareLock", "AccessExclusiveLock" as const);
    const held = fc.array(fc.record({ relation, mode: mode as fc.Arbitrary<"ShareLock"> }), { maxLength: 3 });
    const observed = fc.record({
      locks: held,
      held,
      rewrites: fc.array(relation, { maxLength: 2 }),
      scans: fc.array(relation, { maxLength: 2 }),
      rows: fc.array(fc.record({ relation, inserted: numbers, updated: numbers, deleted: numbers }), { maxLength: 2 }),
      milliseconds: fc.double({ min: 0, max: 1e7, noNaN: true }),
    });
    const census = fc.record({ orphans: numbers, matched: numbers, nullKeys: numbers });
    const cleanup = fc.record({
      child: relation,
      columns: fc.constant(["k"]),
      parent: relation,
      parentColumns: fc.constant(["id"]),
      before: census,
      after: census,
    });
    const trial = fc.record({
      kind: fc.constantFrom("orphans", "nulls", "odd"),
      sqlstate: fc.constant("23503"),
      relation,
      columns: fc.constant(["k"]),
      rows: fc.constant("3 rows"),
      count: numbers,
      left: numbers,
      outcome: fc.constantFrom("failed", "passed", "not tried" as const),
      predicted: fc.constantFrom("fails", "prepared", "maybe" as const),
    });
    const statement = fc.record({
      index: fc.integer({ min: 0, max: 5 }),
      range,
      outcome: fc.constantFrom("done", "failed", "timed out", "left out", "not reached" as const),
      transaction: fc.constantFrom(null, 0, 1),
      observed,
      disagreements: fc.array(
        fc.record({
          what: fc.constantFrom("lock", "rewrite", "scan" as const),
          relation,
          predicted: fc.constant("ShareLock"),
        }),
        { maxLength: 1 },
      ),
      trials: fc.array(trial, { maxLength: 2 }),
      cleanups: fc.array(cleanup, { maxLength: 2 }),
      notices: fc.array(fc.string(), { maxLength: 5 }),
    });
    const migration = fc.record({
      text: fc.string({ unit: "binary", maxLength: 100 }),
      outcome: fc.constantFrom("applied", "failed", "timed out", "unclosed", "not reached" as const),
      statements: fc.array(statement as fc.Arbitrary<RehearsedStatement>, { maxLength: 6 }),
      failure: fc.option(
        fc.record({
          error: fc.record({ sqlstate: fc.constantFrom("23503", "42601"), message: fc.string() }),
          index: fc.integer({ min: 0, max: 6 }),
          range,
          on: fc.constantFrom("any rows", "hurting rows" as const),
          committed: fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 3 }),
        }),
        { nil: undefined },
      ),
    });
    fc.assert(
      fc.property(
        fc.array(migration, { maxLength: 3 }),
        fc.integer({ min: 1, max: 140 }),
        fc.constantFrom("batch", "split" as const),
        (migrations, columns, execution) => {
          const made = migrations.map(
            ({ text, failure, ...rest }, index): RehearsedMigration => ({
              id: `m${index}`,
              path: "p",
              file: { path: "p/migration.sql", text },
              ...rest,
              ...(failure && { failure }),
            }),
          );
          const rehearsal: Rehearsal = {
            ...GOOD,
            runs: [{ ...(GOOD.runs[0] as RehearsalRun), execution, migrations: made }],
          };
          const text = plain(rehearsal, columns);
          expect(text).not.toContain("undefined");
          expect(text).not.toContain("NaN");
          JSON.parse(rehearsalJson(rehearsal, { tool: { name: "lockstep", version: "0" }, evidence: EVIDENCE }));
        },
      ),
      { numRuns: 60 },
    );
  }, 20_000);
});

describe("sentences", () => {
  const cleanup = (
    before: [number, number, number],
    after: [number, number, number],
    took?: [number, number, number],
  ) => {
    const census = ([orphans, matched, nullKeys]: [number, number, number]) => ({ orphans, matched, nullKeys });
    return cleanupInWords({
      child: "public.comments",
      columns: ["post_id"],
      parent: "public.posts",
      parentColumns: ["id"],
      before: census(before),
      after: census(after),
      ...(took && { took: census(took) }),
    });
  };

  test.each<[string, [number, number, number], [number, number, number], string | undefined, string | undefined]>([
    ["nothing to do, nothing done", [0, 5, 1], [0, 5, 1], undefined, undefined],
    ["all orphans removed", [3, 5, 1], [0, 5, 1], "removed 3 orphans in comments", "good"],
    ["one of them left", [3, 5, 1], [1, 5, 1], "removed 2 orphans in comments; 1 orphan is left", "bad"],
    ["none removed", [3, 5, 1], [3, 5, 1], "removed none of the 3 orphans in comments (post_id)", "bad"],
    ["keys set to NULL", [3, 5, 1], [0, 5, 4], "set post_id of 3 orphans in comments to NULL", "good"],
    ["parents given", [3, 5, 1], [0, 8, 1], "gave 3 orphans in comments a parent in posts", "good"],
    [
      "NULL keys taken along",
      [3, 5, 2],
      [0, 5, 0],
      "removed 3 orphans in comments and removed 2 rows that were no orphans (post_id is NULL)",
      "bad",
    ],
    [
      "rows with a parent taken along",
      [1, 5, 2],
      [0, 4, 2],
      "removed 1 orphan in comments and removed 1 row that was no orphan (post_id has its parent in posts)",
      "bad",
    ],
    ["new orphans", [0, 5, 0], [2, 3, 0], "made 2 new orphans in comments", "bad"],
  ])("a cleanup: %s", (_, before, after, text, look) => {
    expect(cleanup(before, after)?.text).toBe(text);
    expect(cleanup(before, after)?.look).toBe(look);
  });

  test.each<
    [
      string,
      [number, number, number],
      [number, number, number],
      [number, number, number],
      string | undefined,
      string | undefined,
    ]
  >([
    [
      "all keys set to NULL",
      [3, 5, 1],
      [0, 0, 9],
      [3, 5, 0],
      "set post_id of 3 orphans in comments to NULL and changed post_id of 5 rows that were no orphans (post_id has its parent in posts)",
      "bad",
    ],
    [
      "NULL keys given a parent",
      [3, 5, 1],
      [0, 9, 0],
      [3, 0, 1],
      "gave 3 orphans in comments a parent in posts and changed post_id of 1 row that was no orphan (post_id is NULL)",
      "bad",
    ],
    [
      "rows that had to go for another reason",
      [3, 5, 1],
      [0, 3, 0],
      [3, 0, 0],
      "removed 3 orphans in comments",
      "good",
    ],
    [
      "parents gone meanwhile",
      [3, 5, 1],
      [2, 3, 1],
      [3, 0, 0],
      "removed 3 orphans in comments and made 2 new orphans in comments; 2 orphans are left",
      "bad",
    ],
    ["a column of its own filled", [0, 0, 9], [0, 9, 0], [0, 0, 0], undefined, undefined],
  ])("a cleanup, row by row: %s", (_, before, after, took, text, look) => {
    expect(cleanup(before, after, took)?.text).toBe(text);
    expect(cleanup(before, after, took)?.look).toBe(look);
  });

  test.each([
    [0, "0.0 ms"],
    [9.94, "9.9 ms"],
    [12.4, "12 ms"],
    [999.4, "999 ms"],
    [999.6, "1.0 s"],
    [59_949, "59.9 s"],
    [59_960, "1 min 0 s"],
    [65_300, "1 min 5 s"],
  ])("%d milliseconds", (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });
});

describe("progress", () => {
  test("says what is done and how much is left", () => {
    expect(progressLine({ step: "deployed", done: 410, of: 820 })).toBe(
      "replaying the history  ━━━━━━━━────────  410/820",
    );
    expect(progressLine({ step: "rows", done: 0, of: 1 })).toBe("filling the tables with rows");
    expect(progressLine({ step: "pending", done: 0, of: 2, migration: "20260131_fix\nx" })).toBe(
      "rehearsing  ────────────────  1/2  20260131_fix␊x",
    );
    expect(progressLine({ step: "down", done: 2, of: 2 })).toBe("going back by down.sql  ━━━━━━━━━━━━━━━━  2/2");
  });

  test("is one line, whatever comes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("deployed", "rows", "pending", "down" as const),
        fc.nat(),
        fc.nat(),
        fc.string(),
        (step, done, of, migration) => {
          const line = progressLine({ step, done, of, migration });
          expect(line).not.toMatch(/[\n\r\u001b]/);
          expect(line).not.toContain("NaN");
        },
      ),
    );
  });
});
