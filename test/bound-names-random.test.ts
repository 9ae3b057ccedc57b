import { PGlite } from "@electric-sql/pglite";
import { afterAll, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { check, memoryHistory } from "../src/index.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import { collidingStatements } from "./support/colliding-names.ts";
import { answers } from "./support/statement-answers.ts";

/** What the model is sure that PostgreSQL refuses, PostgreSQL refuses, whatever exchanged its name with what before. */

await postgresReader.load();
const db = await PGlite.create();
afterAll(() => db.close());

/** LOCKSTEP_SEEDS asks for more. */
const SEEDS = Number(process.env["LOCKSTEP_SEEDS"] ?? 12);
const seeds = Array.from({ length: SEEDS }, (_, at) => at + 1);

test("what is refused for sure is refused, and nothing is thrown", async () => {
  let refused = 0;
  let said = 0;
  const wrong: string[] = [];
  for (const seed of seeds) {
    const statements = ["CREATE SCHEMA other", ...collidingStatements(seed, 60)];
    for (const [at, answer] of (await answers(db, statements)).entries()) {
      if (answer.postgres !== undefined) refused++;
      if (answer.said.length > 0) said++;
      if (answer.said.length > 0 && answer.postgres === undefined)
        wrong.push(
          `${seed}:${at} ${answer.sql} said ${answer.said.join(" ")}, PostgreSQL ${answer.postgres ?? "runs it"}`,
        );
    }
    const history = memoryHistory({ "prisma/migrations/1_a/migration.sql": `${statements.join(";\n")};` });
    if (!history.ok) throw new Error(history.message);
    const { crashes } = await check({ histories: [history.value], rules });
    for (const { error } of crashes) wrong.push(`${seed} ${String((error as Error).stack)}`);
  }
  console.log(`${seeds.length * 61} statements, PostgreSQL refuses ${refused}, the model ${said}`);
  expect(wrong).toEqual([]);
}, 600_000);
