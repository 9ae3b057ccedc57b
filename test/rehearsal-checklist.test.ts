import { describe, expect, test } from "vitest";
import type { CheckResult, CheckedMigration } from "../src/engine/result.ts";
import type { Rehearsal, RehearsalRun, RehearsedDown, RehearsedMigration } from "../src/evidence/rehearsal.ts";
import { makeChecklist, type ChecklistItem } from "../src/report/index.ts";
import { CLEAN, PENDING, SAMPLE, down, rangeOf, up } from "./support/report-sample.ts";

const MIGRATION: RehearsedMigration = {
  id: PENDING.id,
  path: PENDING.path,
  file: up,
  outcome: "applied",
  statements: PENDING.statements.map(({ index, range, transaction }) => ({
    index,
    range,
    transaction,
    outcome: "done",
    disagreements: [],
    trials: [],
    cleanups: [],
    notices: [],
  })),
};
const RUN: RehearsalRun = {
  root: "prisma/migrations",
  execution: "split",
  deployed: { migrations: 1, cached: false, leftOut: [] },
  unfilled: [],
  migrations: [MIGRATION],
  milliseconds: 1,
};
const REHEARSAL: Rehearsal = {
  server: { kind: "embedded", version: "17.6 (PGlite)", major: 17, superuser: true },
  rows: { perTable: 20, seed: 1, hurt: true },
  runs: [RUN],
};
const ERROR = { sqlstate: "23503", message: "insert or update violates `comments_post_id_fkey`" };
const FAILURE = {
  error: ERROR,
  index: 1,
  range: rangeOf(up, 'ADD CONSTRAINT "comments_post_id_fkey"'),
  on: "any rows",
  committed: [0],
} as const;
const DOWN: RehearsedDown = { file: down, differences: [], lost: [], leftOut: [] };

function item(
  id: "staging" | "rollback",
  rehearsal: Rehearsal | undefined,
  migrations: readonly CheckedMigration[] = [PENDING],
): ChecklistItem {
  const histories = [{ root: "prisma/migrations", provider: "postgresql", problems: [], migrations }];
  const result: CheckResult = {
    ...SAMPLE,
    findings: [],
    histories,
    coverage: CLEAN.coverage,
    evidence: { ...SAMPLE.evidence, ...(rehearsal && { rehearsal }) },
  };
  return makeChecklist(result).items.find((candidate) => candidate.id === id) as ChecklistItem;
}

const after = (change: Partial<RehearsedMigration>, rehearsal: Partial<Rehearsal> = {}): Rehearsal => ({
  ...REHEARSAL,
  ...rehearsal,
  runs: [{ ...RUN, migrations: [{ ...MIGRATION, ...change }] }],
});

const LIMITS =
  "This is evidence, not a staging environment: it says nothing about production's rows, its size and its other sessions.";

describe("tested in staging", () => {
  test("without a rehearsal it says that nothing was run", () => {
    expect(item("staging", undefined).because).toContain("Nothing was rehearsed");
  });

  test("made-up rows are evidence, and it still needs you", () => {
    const { state, because } = item("staging", REHEARSAL);
    expect(state).toBe("needs you");
    expect(because).toContain(
      `Rehearsed in PostgreSQL 17.6 (PGlite), over 20 made-up rows in each table and rows made to hurt, statement by statement. The migration went through. ${LIMITS}`,
    );
    expect(because).toContain("count them on a copy of production");
  });

  test("a copy of real rows that all migrations went through is a test", () => {
    const { state, because } = item(
      "staging",
      after({}, { rows: { perTable: 0, seed: 1, hurt: false, template: "staging" } }),
    );
    expect(state).toBe("done");
    expect(because).toBe(
      "Rehearsed in PostgreSQL 17.6 (PGlite), in a copy of the database `staging`, statement by statement. The migration went through.",
    );
  });

  test("the same in another version, with a gap, or for another migration is none", () => {
    const rows = { perTable: 0, seed: 1, hurt: false, template: "staging" };
    const older = item("staging", after({}, { rows, server: { ...REHEARSAL.server, major: 16 } }));
    expect([older.state, older.because]).toEqual([
      "needs you",
      expect.stringContaining("Production is taken to be PostgreSQL 17."),
    ]);
    const gap = item(
      "staging",
      after({ statements: MIGRATION.statements.map((statement) => ({ ...statement, outcome: "left out" })) }, { rows }),
    );
    expect([gap.state, gap.because]).toEqual([
      "needs you",
      expect.stringContaining("4 statements were left out of it."),
    ]);
    const other = item("staging", after({}, { rows }), [
      PENDING,
      { ...PENDING, id: "20260301000000_more", file: { path: "more.sql", text: "" } },
    ]);
    expect([other.state, other.because]).toEqual([
      "needs you",
      expect.stringContaining("`20260301000000_more` was not rehearsed."),
    ]);
    expect(item("staging", after({ id: "another" })).because).toContain("Nothing was rehearsed");
  });

  test("what went wrong is there", () => {
    expect(item("staging", after({ outcome: "failed", failure: FAILURE })).because).toContain(
      "`20260131120000_fix_orphans` fails at line 6 with 23503: insert or update violates 'comments_post_id_fkey'.",
    );
    expect(item("staging", after({ failure: { ...FAILURE, on: "hurting rows" } })).because).toContain(
      "fails on rows that production may hold at line 6 with 23503",
    );
    expect(item("staging", after({ outcome: "unclosed" })).because).toContain("leaves a transaction open");
    expect(item("staging", after({ outcome: "timed out" })).because).toContain("did not end within the time limit");
  });

  test("of two ways of execution it takes the one that the check is for", () => {
    const batch: RehearsalRun = {
      ...RUN,
      execution: "batch",
      migrations: [{ ...MIGRATION, outcome: "failed", failure: FAILURE }],
    };
    expect(item("staging", { ...REHEARSAL, runs: [batch, RUN] }).because).toContain("The migration went through.");
    expect(
      item("staging", { ...REHEARSAL, runs: [batch, RUN] }, [{ ...PENDING, execution: "batch" }]).because,
    ).toContain("fails at line 6");
  });
});

describe("rollback plan", () => {
  test("a down.sql that brought the schema back is ready", () => {
    const { state, because } = item("rollback", after({ down: DOWN }));
    expect(state).toBe("done");
    expect(because).toContain(
      "The down.sql of `20260131120000_fix_orphans` brought the schema back in a rehearsal (PostgreSQL 17.6 (PGlite)).",
    );
  });

  test("what it lost is said", () => {
    expect(
      item("rollback", after({ down: { ...DOWN, lost: [{ relation: "public.comments", column: "note", rows: 20 }] } }))
        .because,
    ).toContain("Up and down together lost `20 values of comments.note` there.");
  });

  test("one that does not, or fails, needs you; one with gaps is not known", () => {
    const different = item(
      "rollback",
      after({
        down: { ...DOWN, differences: [{ kind: "index", object: "public.comments: comments_idx", change: "missing" }] },
      }),
    );
    expect([different.state, different.because]).toEqual([
      "needs you",
      expect.stringContaining(
        "does not bring the schema back in a rehearsal (PostgreSQL 17.6 (PGlite)): `missing index comments: comments_idx`.",
      ),
    ]);
    const failed = item("rollback", after({ down: { ...DOWN, error: { ...ERROR, range: { start: 0, end: 1 } } } }));
    expect([failed.state, failed.because]).toEqual([
      "needs you",
      expect.stringContaining("fails in a rehearsal (PostgreSQL 17.6 (PGlite)) with 23503"),
    ]);
    const gap = item(
      "rollback",
      after({
        down: {
          ...DOWN,
          leftOut: [{ migration: PENDING.id, file: down, range: { start: 0, end: 1 }, why: "x", kind: "outside" }],
        },
      }),
    );
    expect(gap.state).toBe("not known");
  });

  test("another down.sql than the one that is there proves nothing", () => {
    expect(
      item("rollback", after({ down: { ...DOWN, file: { path: "other/down.sql", text: "" } } })).because,
    ).toContain("nothing has checked whether it restores the schema");
  });

  test("what stayed is what the rehearsal saw", () => {
    expect(item("rollback", after({ outcome: "failed", failure: FAILURE })).because).toContain(
      "Where `20260131120000_fix_orphans` failed in the rehearsal: statement 1 stays committed: Prisma sends the statements one by one",
    );
  });
});
