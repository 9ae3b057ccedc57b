import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { afterAll, describe, expect, test, vi } from "vitest";
import { buildRepository } from "../fixtures/repositories/build.mjs";
import { rules } from "../rules/index.ts";
import { type BranchesInput, type BranchesResult, judgeBranches } from "../src/engine/branches.ts";
import { resolveConfig } from "../src/engine/config.ts";
import { answered } from "../src/model/order/answers.ts";
import { readBranches } from "../src/evidence/git/branches.ts";
import type { OrderAnswer } from "../src/model/order/answers.ts";
import { askOrder } from "../src/rehearsal/order/index.ts";
import type { Stage } from "../src/rehearsal/stage/session.ts";
import { loadReader } from "../src/sql/readers.ts";
import { branchesJson } from "../src/report/branches/json.ts";
import { branchesMermaid } from "../src/report/branches/mermaid.ts";
import { branchesText } from "../src/report/branches/text.ts";
import { viewpoints } from "../src/evidence/git/viewpoints.ts";
import { answerInWords } from "../src/model/divergence/judgement/answers.ts";
import { remembering } from "../src/project/remembering.ts";
import { askOrders, orderQuestions } from "../src/rehearsal/order/questions.ts";
import type { SourceFile } from "../src/source/text.ts";
import { folder } from "./support/folders.ts";
import { testStage } from "./support/rehearsed.ts";

vi.setConfig({ testTimeout: 120_000 });

const reader = await loadReader("postgres");
const once = remembering(reader);
const readOnce = ({ text }: SourceFile) => once.read(text).statements;
const stage: Stage = testStage();
afterAll(() => stage.close());

const published = readFileSync(new URL("../schema/branches.schema.json", import.meta.url), "utf8");
const schema = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
  JSON.parse(published.replaceAll('"additionalProperties": true', '"additionalProperties": false')) as object,
);

const OPTIONS = { reader, rows: 10, seed: 1, limit: { time: 20_000 }, mayReachOutside: false } as const;
const migration = (id: string, text: string) => ({ id, path: id, file: { path: `${id}/migration.sql`, text } });

async function ask(base: string, one: string, other: string): Promise<OrderAnswer> {
  const answer = await askOrder(
    stage,
    { base: [migration("1_base", base)], one: [migration("2_one", one)], other: [migration("3_other", other)] },
    OPTIONS,
  );
  if (!answer.ok) throw new Error(answer.message);
  return answer.value;
}

const BASE =
  "CREATE TYPE state AS ENUM ('open'); CREATE TABLE parent (id int PRIMARY KEY, tier text); CREATE TABLE child (id serial PRIMARY KEY, parent_id int, s state, at timestamptz);";

describe("both orders in PostgreSQL", () => {
  test("an enum's values", async () => {
    const { matters, schema, refused } = await ask(
      BASE,
      "ALTER TYPE state ADD VALUE 'a';",
      "ALTER TYPE state ADD VALUE 'b';",
    );
    expect([matters, refused]).toEqual(["yes", [undefined, undefined]]);
    expect(schema).toEqual([
      { kind: "enum", object: "public.state", change: "changed", was: "('open', 'a', 'b')", is: "('open', 'b', 'a')" },
    ]);
  });

  test("nothing in common", async () => {
    const answer = await ask(BASE, "ALTER TABLE parent ADD COLUMN a int;", "ALTER TABLE child ADD COLUMN b int;");
    expect([answer.matters, answer.schema, answer.rows, answer.columnOrder]).toEqual(["no", [], [], []]);
  });

  test("columns in another order are no difference, and are told", async () => {
    const answer = await ask(BASE, "ALTER TABLE parent ADD COLUMN a int;", "ALTER TABLE parent ADD COLUMN b int;");
    expect([answer.matters, answer.columnOrder]).toEqual(["no", ["public.parent"]]);
  });

  test("a backfill before or after a constraint, which no schema shows", async () => {
    const { matters, refused } = await ask(
      BASE,
      "ALTER TABLE parent ALTER COLUMN tier SET NOT NULL;",
      "UPDATE parent SET tier = 'basic' WHERE tier IS NULL;",
    );
    expect(matters).toBe("yes");
    expect(refused.map((end) => end && [end.migration, end.error.sqlstate])).toEqual([["2_one", "23502"], undefined]);
  });

  test("orphans that one of them deletes", async () => {
    const { matters, refused } = await ask(
      BASE,
      "DELETE FROM child c WHERE NOT EXISTS (SELECT FROM parent p WHERE p.id = c.parent_id);",
      "ALTER TABLE child ADD CONSTRAINT fk FOREIGN KEY (parent_id) REFERENCES parent (id);",
    );
    expect(matters).toBe("yes");
    expect(refused.map((end) => end && [end.migration, end.error.sqlstate])).toEqual([undefined, ["3_other", "23503"]]);
  });

  test("rows alone: a default that a later insert takes", async () => {
    const { matters, schema, rows } = await ask(
      BASE,
      "ALTER TABLE parent ALTER COLUMN tier SET DEFAULT 'x';",
      "INSERT INTO parent (id) VALUES (4711);",
    );
    expect([matters, schema]).toEqual(["yes", []]);
    expect(rows).toEqual([{ relation: "public.parent", columns: ["tier"], counts: [11, 11] }]);
  });

  test("a clock is no difference", async () => {
    const answer = await ask(BASE, "UPDATE child SET at = clock_timestamp();", "ALTER TABLE parent ADD COLUMN a int;");
    expect([answer.matters, answer.rows]).toEqual(["no", []]);
  });

  test("what fails in either order says nothing of the order", async () => {
    const answer = await ask(BASE, "ALTER TABLE nowhere ADD COLUMN a int;", "ALTER TABLE parent ADD COLUMN a int;");
    expect([answer.matters, answer.why]).toEqual(["unknown", "2_one fails in either order"]);
  });

  test("the same column twice", async () => {
    const { matters, refused } = await ask(
      BASE,
      "ALTER TABLE parent ADD COLUMN a int;",
      "ALTER TABLE parent ADD COLUMN a text;",
    );
    expect([matters, refused.map((end) => end?.migration)]).toEqual(["yes", ["3_other", "2_one"]]);
  });

  test("a statement that does not end is a sentence, and the next question is answered", async () => {
    const limited = await askOrder(
      stage,
      {
        base: [migration("1_base", BASE)],
        one: [migration("2_one", "SELECT count(*) FROM generate_series(1, 100000000000);")],
        other: [migration("3_other", "ALTER TABLE parent ADD COLUMN a int;")],
      },
      { ...OPTIONS, limit: { time: 300 } },
    );
    expect(limited).toEqual({
      ok: false,
      message:
        "PostgreSQL could not go on: 2_one/migration.sql was stopped, the time limit of 0.3 s for a statement ran out.",
    });
    expect(
      (await ask(BASE, "ALTER TABLE parent ADD COLUMN a int;", "ALTER TABLE child ADD COLUMN b int;")).matters,
    ).toBe("no");
  });

  test("a base that does not run is a sentence", async () => {
    const answer = await askOrder(
      stage,
      { base: [migration("1_base", "SELECT nothing;")], one: [], other: [] },
      OPTIONS,
    );
    expect(answer.ok ? "" : answer.message).toMatch(
      /^The deployed migration 1_base\/migration.sql does not run in PostgreSQL .*42703/,
    );
  });
});

test("what PostgreSQL shows takes the place of what the model says, and a contradiction is lockstep's mistake", async () => {
  const same = {
    asked: true,
    ...(await ask(BASE, "ALTER TABLE parent ADD COLUMN a int;", "ALTER TABLE child ADD COLUMN b int;")),
  } as const;
  const other = { ...same, matters: "yes" } as const;
  const model = (matters: "yes" | "no" | "unknown") => ({ matters, conflicts: [], columnOrder: [] });
  const judge = (matters: "yes" | "no" | "unknown", rehearsed: typeof same | typeof other) => {
    const { matters: after, mistake } = answered(model(matters), rehearsed);
    return [after, mistake?.includes("a mistake in lockstep") ?? false];
  };
  expect([judge("no", same), judge("unknown", same), judge("unknown", other), judge("yes", other)]).toEqual([
    ["no", false],
    ["no", false],
    ["yes", false],
    ["yes", false],
  ]);
  expect(judge("no", other)).toEqual(["yes", true]);
});

describe("the sample repositories", () => {
  // What PostgreSQL says, and what it makes of what the model says.
  const EXPECTED: Readonly<Record<string, readonly string[]>> = {
    "git-flow-hotfix": ["late 20250310120000_refund_state yes yes"],
    "two-hotfixes": ["conflict 20250308080000_require_tier yes yes"],
    "github-flow": ["late 20250305100000_order_note no no"],
  };

  test.each(Object.keys(EXPECTED))("%s", async (name) => {
    const root = folder();
    buildRepository(name, root);
    const set = readBranches(root, { environment: {} });
    if (!set.ok) throw new Error(set.message);
    const seen = viewpoints(set.value, readOnce);
    const judge = (orders?: BranchesInput["orders"]): BranchesResult =>
      judgeBranches({
        set: set.value,
        viewpoints: seen,
        rules,
        config: resolveConfig({}, rules),
        reader: once,
        evidence: { execution: { mode: "split", because: "a test" }, postgres: { version: 17, because: "a test" } },
        ...(orders && { orders }),
      });
    const asked = await askOrders(orderQuestions(judge().findings.map(({ judgement }) => judgement)), stage, OPTIONS);
    if (!asked.ok) throw new Error(asked.message);
    const after = judge(asked.value);
    const answers = after.findings.filter(({ judgement }) => judgement.order?.rehearsed);
    expect(
      answers.map(
        ({ judgement: { kind, subjects, order } }) =>
          `${kind} ${subjects[0].migration.id} ${order?.rehearsed?.asked ? order.rehearsed.matters : ""} ${order?.matters ?? ""}`,
      ),
    ).toEqual(EXPECTED[name]);
    expect(answers.every(({ judgement }) => judgement.order?.mistake === undefined)).toBe(true);
    const json = branchesJson(after, {
      tool: { name: "lockstep", version: "0.0.0" },
      execution: { mode: "split", because: "a test" },
    });
    expect(schema(JSON.parse(json)) ? [] : schema.errors).toEqual([]);
    const flat = (text: string): string => text.replace(/\s+/g, " ");
    for (const text of [branchesText(after, { color: false, columns: 80, ascii: false }), branchesMermaid(after)])
      expect(flat(text)).toContain("Both orders were run in PostgreSQL 18");
    for (const { judgement } of answers)
      expect(answerInWords(judgement)[0]).toMatch(/^Both orders were run in PostgreSQL 18/);
  });
});
