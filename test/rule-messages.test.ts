import { expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { type ComparedBranch, type Divergence, divergenceOf } from "../src/model/divergence/viewpoint.ts";
import type { Evidence } from "../src/evidence/evidence.ts";
import { type History, check, memoryHistory } from "../src/index.ts";
import { loadReader } from "../src/sql/readers.ts";
import { rehearsed } from "./support/rehearsed.ts";

/** Messages that need what a fixture cannot give: evidence, or braces. */

const reader = await loadReader("postgres");

function historyOf(files: Readonly<Record<string, string>>): History {
  const history = memoryHistory(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`prisma/migrations/${path}`, text])),
    { state: (id) => (id.endsWith("_init") ? "history" : "pending") },
  );
  if (!history.ok) throw new Error(history.message);
  return history.value;
}

async function messages(rule: string, history: History, evidence: Omit<Evidence, "execution" | "postgres">) {
  const config = { execution: "batch" } as const;
  const { findings } = await check({
    histories: [history],
    rules,
    config,
    evidence: {
      ...evidence,
      execution: { mode: "unknown", because: "a test" },
      postgres: { version: 17, because: "a test" },
    },
  });
  return findings.filter((finding) => finding.rule === rule).map(({ message }) => message);
}

test("fails-in-rehearsal: what does not end", async () => {
  const history = historyOf({ "1_loop/migration.sql": "DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$;" });
  const rehearsal = await rehearsed(history, "batch", { limit: { time: 500 } });
  expect(await messages("fails-in-rehearsal", history, { rehearsal })).toEqual([
    `This did not end within the time limit when it was rehearsed in PostgreSQL ${rehearsal.server.version}.`,
  ]);
}, 60_000);

test("down-migration-does-not-restore: a down.sql that fails", async () => {
  const history = historyOf({
    "1_table/migration.sql": "CREATE TABLE t (id int);",
    "1_table/down.sql": "DROP TABLE u;",
  });
  const rehearsal = await rehearsed(history, "batch");
  expect(await messages("down-migration-does-not-restore", history, { rehearsal })).toEqual([
    `Run after its migration in PostgreSQL ${rehearsal.server.version}, this down.sql failed with 42P01: table "u" does not exist.`,
  ]);
}, 60_000);

/** Ours and main, or another hotfix beside it, and what both had where they parted: undefined where that is not known. */
function divergence(ours: History, main: History, shared: History | undefined, beside?: History): Divergence {
  const branch = (name: string, role: ComparedBranch["roles"][number]): ComparedBranch => ({
    name,
    ref: name,
    roles: [role],
    into: role === "main" ? [] : ["main"],
  });
  const migrations = (history: History) =>
    history.migrations.flatMap(({ id, path, up }) => (up ? [{ id, path, file: up }] : []));
  return divergenceOf(
    {
      ours: branch("ours", "other"),
      target: branch("main", "main"),
      others: beside ? [branch("beside", "hotfix")] : [],
    },
    [
      {
        root: ours.root,
        branches: new Map([
          ["ours", { migrations: migrations(ours) }],
          ["main", { migrations: migrations(main) }],
          ...(beside ? [["beside", { migrations: migrations(beside) }] as const] : []),
        ]),
        shared: () => shared && migrations(shared),
      },
    ],
    (file) => reader.read(file.text).statements,
  );
}

test("edited-applied-migration: where the branches parted is not known", async () => {
  const ours = historyOf({ "1_init/migration.sql": "CREATE TABLE t (id bigint);" });
  const main = historyOf({ "1_init/migration.sql": "CREATE TABLE t (id int);" });
  expect(await messages("edited-applied-migration", ours, { divergence: divergence(ours, main, undefined) })).toEqual([
    "main has 1_init with other statements, and where the branches parted is not known, so that either may have changed it: databases that ran one text never run the other.",
  ]);
});

test("late-migration: PostgreSQL saw a difference that the model does not see", async () => {
  const init = { "1_init/migration.sql": "CREATE TABLE t (id int); CREATE TABLE u (id int);" };
  const ours = historyOf({ ...init, "2_ours/migration.sql": "ALTER TABLE t ADD COLUMN a int;" });
  const main = historyOf({ ...init, "3_theirs/migration.sql": "ALTER TABLE u ADD COLUMN a int;" });
  const found = divergence(ours, main, historyOf(init));
  const late = found.histories.get(ours.root)?.target.divergence.facts.find(({ kind }) => kind === "late");
  if (!late) throw new Error("nothing is late");
  const orders = new Map([[late, { matters: "yes" as const, conflicts: [], columnOrder: [] }]]);
  expect(await messages("late-migration", ours, { divergence: { ...found, orders } })).toEqual([
    "2_ours sorts before 3_theirs of main: a database that has that one runs it afterwards, a fresh one before, and they end differently.",
  ]);
});

test("branch-divergence: PostgreSQL saw no difference where the model could not tell", async () => {
  const init = { "1_init/migration.sql": "CREATE TABLE t (id int);" };
  const ours = historyOf({ ...init, "2_ours/migration.sql": "ALTER TABLE t ADD COLUMN a int;" });
  const beside = historyOf({
    ...init,
    "3_theirs/migration.sql": "DO $$ BEGIN EXECUTE 'ANALYZE ' || quote_ident('t'); END $$;",
  });
  const found = divergence(ours, historyOf(init), historyOf(init), beside);
  const late = found.histories.get(ours.root)?.others[0]?.divergence.facts.find(({ kind }) => kind === "late");
  if (!late) throw new Error("nothing is late");
  const orders = new Map([[late, { matters: "no" as const, conflicts: [], columnOrder: [] }]]);
  expect(await messages("branch-divergence", ours, { divergence: { ...found, orders } })).toEqual([
    "2_ours of ours and 3_theirs of beside come to the same in either order: both were run in PostgreSQL.",
  ]);
});

test("drop-column: braces in a name are no placeholder", async () => {
  const history = historyOf({
    "1_init/migration.sql": 'CREATE TABLE t (id int, "{note}" text);',
    "2_retype/migration.sql": 'ALTER TABLE t DROP COLUMN "{note}", ADD COLUMN "{note}" int;',
  });
  expect(await messages("drop-column", history, {})).toEqual([
    "Column {note} of t is dropped and added again as integer: all its values are lost. Prisma writes this where it knows no cast.",
  ]);
});
