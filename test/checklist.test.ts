import { PGlite } from "@electric-sql/pglite";
import { expect, test } from "vitest";
import type { CheckResult, CheckedMigration } from "../src/engine/result.ts";
import type { Evidence } from "../src/evidence/evidence.ts";
import { makeChecklist, type ChecklistItem } from "../src/report/index.ts";
import { CLEAN, PENDING, SAMPLE } from "./support/report-sample.ts";

type Id = ChecklistItem["id"];

function item(id: Id, change: Partial<CheckedMigration> = {}, evidence: Partial<Evidence> = {}): ChecklistItem {
  const history = {
    root: "prisma/migrations",
    provider: "postgresql",
    problems: [],
    migrations: [{ ...PENDING, ...change }],
  };
  const result: CheckResult = {
    ...SAMPLE,
    evidence: { ...SAMPLE.evidence, ...evidence },
    histories: [history],
    coverage: CLEAN.coverage,
  };
  return makeChecklist(result).items.find((candidate) => candidate.id === id) as ChecklistItem;
}

const commands = (checked: ChecklistItem, language: "sh" | "sql") =>
  checked.run
    .filter((command) => command.language === language)
    .map((command) => command.text)
    .join("\n");
const prisma = (version: string, packageManager: "npm" | "pnpm" | "yarn" | "bun") => ({
  prisma: { version, from: "package.json", packageManager },
});

test("every SQL command that it offers runs in PostgreSQL", async () => {
  const database = await PGlite.create();
  await database.exec(`
    CREATE TABLE posts (id int PRIMARY KEY);
    CREATE TABLE comments (id int PRIMARY KEY, post_id int, author_id int, created_at timestamptz);
    CREATE INDEX comments_post_id_idx ON comments (post_id);
    ALTER TABLE comments ADD CONSTRAINT comments_post_id_fkey FOREIGN KEY (post_id) REFERENCES posts (id);
    CREATE TABLE _prisma_migrations (migration_name text, started_at timestamptz, finished_at timestamptz, rolled_back_at timestamptz, logs text);
  `);
  const sql = makeChecklist(SAMPLE).items.flatMap((checked) =>
    checked.run.filter((command) => command.language === "sql"),
  );
  expect(sql.length).toBeGreaterThan(8);
  for (const { text } of sql) await expect(database.exec(text), text).resolves.toBeDefined();
  await database.close();
}, 30_000);

test("db execute: version 6 needs the schema, 7 has no such option, unknown says both", () => {
  expect(commands(item("rollback", {}, prisma("6.19.0", "npm")), "sh")).toContain(
    "npx prisma db execute --file prisma/migrations/20260131120000_fix_orphans/down.sql --schema prisma/schema.prisma",
  );
  const seven = commands(item("rollback", {}, prisma("7.10.0", "yarn")), "sh");
  expect(seven).toContain("yarn prisma db execute --file prisma/migrations/20260131120000_fix_orphans/down.sql");
  expect(seven).not.toContain("--schema");
  const { prisma: _, ...unknown } = SAMPLE.evidence;
  const result: CheckResult = { ...SAMPLE, evidence: unknown };
  const rollback = makeChecklist(result).items.find(({ id }) => id === "rollback") as ChecklistItem;
  expect(commands(rollback, "sh")).toContain("up to 6, add --schema");
});

test("migrate resolve --rolled-back is for the failed case only", () => {
  const { run } = item("rollback", {}, prisma("7.10.0", "bun"));
  const failed = run
    .filter(({ title }) => title.startsWith("If the migration failed"))
    .map(({ text }) => text)
    .join("\n");
  const rest = run
    .filter(({ title, language }) => language === "sh" && !title.startsWith("If the migration failed"))
    .map(({ text }) => text)
    .join("\n");
  expect(failed).toContain("bunx prisma migrate resolve --rolled-back 20260131120000_fix_orphans");
  expect(rest).not.toContain("migrate resolve");
  expect(commands(item("rollback"), "sql")).toContain(`DELETE FROM "_prisma_migrations"`);
});

test("what stays after a failure follows the execution and the transactions", () => {
  const inOne = PENDING.statements.map((statement) => ({ ...statement, transaction: 0 }));
  const because = (change: Partial<CheckedMigration>) => item("rollback", change).because;
  expect(because({})).toContain(
    "every statement before the failing one stays committed, since Prisma sends them one by one",
  );
  expect(because({ execution: "batch", statements: inOne })).toContain(
    "nothing of it stays: Prisma sends it as one batch, which is one transaction",
  );
  expect(because({ statements: inOne })).toContain("nothing of it stays: its own BEGIN and COMMIT hold it together");
  expect(because({ execution: "unknown", statements: inOne })).toContain("look what of it is there");
  expect(
    because({
      execution: "batch",
      statements: inOne.map((statement, index) => ({ ...statement, transaction: index })),
    }),
  ).toContain("the file has more than one");
  expect(commands(item("rollback", { execution: "batch", statements: inOne }), "sh")).toContain(
    "down.sql must not run",
  );
});

test("a rollback plan is only done where something checked that it restores", () => {
  const { down: _, ...without } = PENDING;
  const result = (migration: CheckedMigration): CheckResult => ({
    ...CLEAN,
    histories: [{ root: "prisma/migrations", provider: "postgresql", problems: [], migrations: [migration] }],
  });
  const state = (checked: CheckResult) => makeChecklist(checked).items.find(({ id }) => id === "rollback")?.state;
  expect(state(result(without))).toBe("needs you");
  expect(state(result({ ...PENDING, down: { path: "down.sql", text: "-- nothing\n/* here */" } }))).toBe("needs you");
  expect(state(result(PENDING))).toBe("not known");
  const first = SAMPLE.rules[0];
  expect(
    state({
      ...result(PENDING),
      rules: [{ ...first, id: "down-migration-does-not-restore" } as CheckResult["rules"][number]],
    }),
  ).toBe("done");
});

test("a window is needed for work under a blocking lock, not for row changes", () => {
  expect(item("window")).toMatchObject({ state: "needs you" });
  expect(item("window").because).toMatch(
    /^The worst lock is ACCESS EXCLUSIVE on `public.comments`, at line 5 of .* reads and writes while `public.comments` is read from end to end to check every row/,
  );
  expect(item("window", { statements: PENDING.statements.slice(0, 1) })).toMatchObject({ state: "not needed" });
});

test("a lock held for a moment needs a lock_timeout or somebody who looks", () => {
  const [remove, alter] = PENDING.statements as [
    CheckedMigration["statements"][number],
    CheckedMigration["statements"][number],
  ];
  const brief = { ...alter, effects: { ...alter.effects, scans: [], rewrites: [] } };
  const set = (local: boolean) => ({
    ...remove,
    operations: [
      { kind: "set", range: remove.range, name: "lock_timeout", value: "5s", values: ["5s"], local } as const,
    ],
    effects: { ...remove.effects, locks: [], scans: [] },
  });
  expect(item("window", { statements: [brief] }).state).toBe("needs you");
  expect(item("window", { statements: [set(false), brief] }).state).toBe("not needed");
  expect(item("window", { statements: [set(true), brief] }).state).toBe("needs you");
});

test("a backup is needed for lost rows of deployed tables only", () => {
  expect(item("backup").because).toBe(
    "Only a backup brings back what is lost: rows of `public.comments` where `post_id NOT IN (SELECT id FROM posts)`.",
  );
  const born = PENDING.statements.map((statement) => ({ ...statement, deployed: new Set<string>() }));
  for (const id of ["backup", "window", "team", "monitor"] as const)
    expect(item(id, { statements: born }).state, id).toBe("not needed");
});

test("names that SQL and the shell would misread are quoted in the dump", () => {
  const [remove] = PENDING.statements as [CheckedMigration["statements"][number]];
  const relation = "public.Comment's";
  const losing = {
    ...remove,
    deployed: new Set([relation]),
    effects: {
      ...remove.effects,
      losses: [{ kind: "table", relation, data: true, certainty: "sure", along: false } as const],
    },
  };
  expect(commands(item("backup", { statements: [losing] }), "sh")).toContain(`--table='public."Comment'\\''s"'`);
});

test("Prisma's own headings and instructions to linters document nothing", () => {
  const comment = (text: string) => ({ range: { start: 0, end: 1 }, text });
  const statements = PENDING.statements.map((statement) => ({ ...statement, range: { start: 10, end: 20 } }));
  const state = (text: string) => item("document", { comments: [comment(text)], statements }).state;
  for (const text of [
    "-- CreateTable",
    "/*\n  Warnings:\n\n  - You are about to drop a column\n*/",
    "-- lockstep-ignore drop-column: gone",
    "-- ----",
    "-- This is an empty migration.",
  ])
    expect(state(text), text).toBe("needs you");
  expect(state("/* Orphaned comments since the import of May */")).toBe("done");
});

test("nothing pending, nothing to do", () => {
  const list = makeChecklist({ ...SAMPLE, histories: [] });
  expect(list.ready).toBe(true);
  expect(new Set(list.items.map(({ state }) => state))).toEqual(new Set(["not needed"]));
});
