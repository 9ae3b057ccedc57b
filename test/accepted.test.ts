import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { portableReader } from "../src/sql/portable/read.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import { openObserver, type Observer } from "./support/observe.ts";
import { emptyJudgement, judge } from "./regress/model.ts";
import { sentByPsql } from "./regress/psql.ts";
import type { Outcome } from "./regress/truth.ts";
import { resetDatabase } from "./support/replay.ts";

/** What PostgreSQL accepts is never said to be refused: scripts of kinds of statements that were, each run in PostgreSQL too. */

const scripts = readFileSync(new URL("truth/accepted.sql", import.meta.url), "utf8")
  .split(/^-- script: /m)
  .slice(1)
  .map((part) => ({ name: part.slice(0, part.indexOf("\n")), sql: part.slice(part.indexOf("\n") + 1) }));

let observer: Observer;
beforeAll(async () => {
  observer = await openObserver();
}, 180_000);
afterAll(() => observer?.close());

describe.each(scripts)("$name", ({ sql }) => {
  const outcomes: Outcome[] = [];

  test("runs in PostgreSQL", async () => {
    await resetDatabase(observer);
    await observer.exec("drop role if exists seller");
    for (const sent of sentByPsql(sql)) {
      const ran = await observer.session.run(sent.sql);
      outcomes.push({ ...sent, ok: ran.ok });
      expect(ran.ok ? "" : `${ran.error.message} in: ${sent.sql}`).toBe("");
    }
    expect(outcomes.length).toBeGreaterThan(2);
  });

  test.each([postgresReader, portableReader])("is not said to fail by the $name reader", (reader) => {
    // Everything that makes a table is there: then what the script does not make is said not to be there.
    const first: Outcome = { sql: "create table before_all (id integer)", fromStdin: false, ok: true };
    const judgement = emptyJudgement();
    judge(judgement, "", [first, ...outcomes], { reader, grammar: postgresReader });
    expect(judgement.wrong).toEqual([]);
    expect(judgement.crashes).toEqual([]);
    if (reader === postgresReader) expect([...judgement.unread.keys()]).toEqual([]);
  });
});

test("a statement that fails is still said to", async () => {
  const judgement = emptyJudgement();
  const outcomes = ["create table t (id integer)", "create table t (id integer)", "select missing from t"].map(
    (sql, at): Outcome => ({ sql, fromStdin: false, ok: at === 0, sqlstate: ["", "42P07", "42703"][at] ?? "" }),
  );
  judge(judgement, "", outcomes, { reader: postgresReader, grammar: postgresReader });
  expect(judgement.foretold).toBe(2);
});
