import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { converse } from "../src/rehearsal/stage/conversation.ts";
import { embeddedStage } from "../src/rehearsal/stage/embedded/index.ts";
import type { Session, Stage } from "../src/rehearsal/stage/session.ts";
import { readMigration } from "../src/model/walk.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";

/** The statement by statement way of a rehearsal does what PostgreSQL does with the file as Prisma sends it. */

let stage: Stage;
let session: Session;

beforeAll(async () => {
  await postgresReader.load();
  stage = embeddedStage({ extensions: [] });
  const opened = await stage.fresh();
  if (!opened.ok) throw new Error(opened.message);
  session = opened.value;
}, 60_000);

afterAll(() => stage.close());

const SETUP = `drop schema public cascade; create schema public; reset all; set timezone = 'UTC';
  create table base (id int primary key); create table child (id int, base_id int references base deferrable initially deferred); create type e as enum ('a'); create table en (v e);`;

const STATEMENTS = [
  "CREATE TABLE made (id int)",
  "ALTER TABLE made ADD COLUMN more int",
  "INSERT INTO base VALUES (1)",
  "INSERT INTO base VALUES (2)",
  "INSERT INTO child VALUES (1, 9)",
  "INSERT INTO child VALUES (1, 1)",
  "SELECT 1/0",
  "BEGIN",
  "COMMIT",
  "ROLLBACK",
  "SAVEPOINT s",
  "ROLLBACK TO s",
  "RELEASE s",
  "SET LOCAL lock_timeout = '5s'",
  "SET lock_timeout = '7s'",
  "INSERT INTO base SELECT setting::int FROM pg_settings WHERE name = 'lock_timeout'",
  "LOCK TABLE base IN SHARE MODE",
  "CREATE INDEX CONCURRENTLY i ON base (id)",
  "VACUUM base",
  "ALTER TYPE e ADD VALUE 'b'",
  "INSERT INTO en VALUES ('b')",
  "DO $$ BEGIN COMMIT; END $$",
  "DO $$ BEGIN INSERT INTO base VALUES (3); END $$",
  "SET CONSTRAINTS ALL IMMEDIATE",
  "DELETE FROM base",
  "TRUNCATE base CASCADE",
];

interface End {
  readonly error?: string;
  readonly state: unknown;
}

async function state(): Promise<unknown> {
  // The connection ends here, and what it left open is rolled back.
  await session.run("rollback");
  const [row] =
    await session.query(`select (select json_agg(relname || ' ' || relnatts order by relname) from pg_class where relnamespace = 'public'::regnamespace) as relations,
    (select json_agg(id order by id) from base) as base, (select json_agg(base_id order by base_id) from child) as child, (select count(*)::int from en) as en,
    (select json_agg(enumlabel order by enumsortorder) from pg_enum) as labels, current_setting('lock_timeout') as lock_timeout`);
  return row;
}

async function sent(statements: readonly string[], execution: "batch" | "split"): Promise<End> {
  await session.query(SETUP);
  for (const text of execution === "batch" ? [statements.join(";\n")] : statements) {
    const ran = await session.run(text);
    if (!ran.ok) return { error: ran.error.sqlstate, state: await state() };
  }
  return { state: await state() };
}

async function said(statements: readonly string[], execution: "batch" | "split"): Promise<End> {
  await session.query(SETUP);
  const text = statements.join(";\n");
  const migration = readMigration(
    { id: "1", path: "1", up: { path: "1.sql", text }, state: "pending" },
    postgresReader,
    execution,
  );
  if (!migration) throw new Error("no migration");
  const conversation = converse(session, migration, execution, { time: 20_000 });
  let error: string | undefined;
  for (const statement of migration.statements) {
    const { error: failed } = await conversation.say(statement, (observe) => observe());
    if (!failed) continue;
    error = failed.sqlstate;
    break;
  }
  await conversation.end();
  return { ...(error !== undefined && { error }), state: await state() };
}

test.each(["batch", "split"] as const)(
  "%s",
  async (execution) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...STATEMENTS), { minLength: 1, maxLength: 7 }), async (statements) => {
        expect(await said(statements, execution)).toEqual(await sent(statements, execution));
      }),
      { numRuns: 300, seed: 7 },
    );
  },
  120_000,
);
