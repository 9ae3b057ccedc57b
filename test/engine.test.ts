import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { type CheckResult, check, defineRule, memoryHistory } from "../src/index.ts";
import type { ExecutionMode } from "../src/model/transactions.ts";
import { loadReader } from "../src/sql/readers.ts";
import { corpusStatements, mutatedSql } from "./support/mutated-sql.ts";

const all = [...rules];

async function checked(
  files: Readonly<Record<string, string>>,
  options: { mode?: ExecutionMode; pending?: (id: string) => boolean; rules?: typeof all } = {},
): Promise<CheckResult> {
  const made = memoryHistory(files, { state: (id) => ((options.pending?.(id) ?? true) ? "pending" : "history") });
  if (!made.ok) throw new Error(made.message);
  return check({
    histories: [made.value],
    rules: options.rules ?? all,
    config: { preset: "all" },
    evidence: {
      execution: { mode: options.mode ?? "batch", because: "the test" },
      postgres: { version: 17, because: "the test" },
    },
  });
}

const migration = (id: string, sql: string) => ({ [`prisma/migrations/${id}/migration.sql`]: sql });

function holdsRanges(result: CheckResult): void {
  for (const finding of result.findings) {
    const { length } = finding.file.text;
    for (const { start, end } of [
      finding.range,
      ...finding.fixes.flatMap((fix) => fix.edits.map((edit) => edit.range)),
    ]) {
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end).toBeLessThanOrEqual(length);
    }
    expect(finding.message).not.toMatch(/undefined|\{[a-z]+\}|\[object/);
  }
}

describe("arbitrary input", () => {
  test("arbitrary text in any execution mode: nothing throws, ranges lie inside the text", async () => {
    await loadReader("postgres");
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary", maxLength: 300 }),
        fc.constantFrom<ExecutionMode>("batch", "split", "unknown"),
        async (sql, mode) => {
          holdsRanges(await checked(migration("1_a", sql), { mode }));
        },
      ),
      { numRuns: 300 },
    );
  });

  test("mutated SQL after real SQL: nothing throws, ranges lie inside the text", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...corpusStatements), { maxLength: 12 }),
        fc.array(mutatedSql, { maxLength: 4 }),
        async (history, pending) => {
          holdsRanges(
            await checked(
              { ...migration("1_a", history.join(";\n")), ...migration("2_b", pending.join(";\n")) },
              { mode: "unknown", pending: (id) => id === "2_b" },
            ),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test("the same input gives the same result", async () => {
    const files = migration("1_a", corpusStatements.slice(0, 200).join(";\n"));
    const render = (result: CheckResult) =>
      JSON.stringify(result.findings.map(({ rule, range, message }) => [rule, range, message]));
    expect(render(await checked(files))).toBe(render(await checked(files)));
  });
});

describe("what is one decision for the whole project", () => {
  const severities = async (files: Readonly<Record<string, string>>, rule: string): Promise<string[]> =>
    (await checked(files, { pending: (id) => id !== "1_a" })).findings
      .filter((finding) => finding.rule === rule)
      .map(({ migration: id, severity }) => `${id} ${severity}`);
  const made = migration("1_a", "CREATE TABLE a (id int, b int, c int, d int);");
  const files = {
    ...made,
    ...migration("2_b", "ALTER TABLE a DROP COLUMN b;\nALTER TABLE a DROP COLUMN c;"),
    ...migration("3_c", "ALTER TABLE a DROP COLUMN d;"),
  };

  test("is said of the first migration, and is information for the others", async () => {
    expect(await severities(files, "missing-lock-timeout")).toEqual(["2_b warning", "3_c info"]);
    expect(await severities(files, "missing-down-migration")).toEqual(["2_b warning", "3_c info"]);
  });

  test("a project that keeps down.sql has decided otherwise: each migration is to have one", async () => {
    const kept = { ...files, "prisma/migrations/1_a/down.sql": "DROP TABLE a;" };
    expect(await severities(kept, "missing-down-migration")).toEqual(["2_b warning", "3_c warning"]);
  });
});

describe("execution mode", () => {
  const inTransaction = defineRule({
    id: "in-transaction",
    title: "Says which statements share a transaction",
    category: "transactions",
    severity: "error",
    since: "0.1.0",
    messages: { shared: "It shares a transaction." },
    help: "Nothing.",
    on: {
      statement(statement, context) {
        const at = context.migration.statements.indexOf(statement);
        if (context.transactions[at]?.id != null) context.report({ at: statement, message: "shared" });
      },
    },
  });
  const two = migration("1_a", "ALTER TABLE a ADD b int;\nALTER TABLE a ADD c int;");
  const only = [inTransaction];

  test("batch: two statements are one transaction", async () => {
    const { findings } = await checked(two, { mode: "batch", rules: only });
    expect(findings.map(({ severity, message }) => [severity, message])).toEqual([
      ["error", "It shares a transaction."],
      ["error", "It shares a transaction."],
    ]);
  });

  test("split: none", async () => {
    expect((await checked(two, { mode: "split", rules: only })).findings).toEqual([]);
  });

  test("unknown: one severity lower, and the message says where it holds", async () => {
    const { findings } = await checked(two, { mode: "unknown", rules: only });
    expect(findings.map(({ severity, message }) => [severity, message])).toEqual(
      Array(2).fill([
        "warning",
        "It shares a transaction. This holds if Prisma sends the file as one batch (before 7.4).",
      ]),
    );
  });

  test("unknown: what holds in both is reported once and as it is", async () => {
    const { findings } = await checked(migration("1_a", "BEGIN;\nALTER TABLE a ADD b int;\nCOMMIT;"), {
      mode: "unknown",
      rules: only,
    });
    expect(findings.map(({ severity, message }) => [severity, message])).toEqual(
      Array(3).fill(["error", "It shares a transaction."]),
    );
  });
});

describe("evidence and coverage", () => {
  test("a rule without its evidence does not run, and the result says so", async () => {
    const needy = defineRule({
      id: "needy",
      title: "Needs a base",
      category: "history",
      severity: "error",
      since: "0.1.0",
      needs: ["base"],
      messages: { x: "x" },
      help: "x",
      on: { statement: (at, context) => context.report({ at, message: "x" }) },
    });
    const result = await checked(migration("1_a", "SELECT 1;"), { rules: [needy] });
    expect(result.findings).toEqual([]);
    expect(result.coverage.rulesNotRun).toEqual([{ rule: "needy", needs: "base" }]);
  });

  test("what could not be read is counted and placed", async () => {
    const { coverage } = await checked(
      migration("1_a", "SELECT 1;\nSELEC 2;\nDO $$ BEGIN EXECUTE 'DROP TABLE ' || x; END $$;"),
    );
    expect(coverage).toMatchObject({ files: 1, statements: 3, understood: 1 });
    expect(coverage.notUnderstood).toHaveLength(2);
  });

  test("findings of history migrations are not made", async () => {
    const { findings } = await checked(
      { ...migration("1_a", "DROP TABLE a;"), ...migration("2_b", "SELECT 1;") },
      { pending: (id) => id === "2_b" },
    );
    expect(findings).toEqual([]);
  });
});
