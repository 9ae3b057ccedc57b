import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import type { RehearsedStatement } from "../src/evidence/rehearsal/rehearsal.ts";
import { check, loadReader } from "../src/index.ts";
import { parseFixture } from "./support/fixture.ts";
import { emptiedStage, rehearsed } from "./support/rehearsed.ts";

/** What the rules say of the cleanups in fixtures/ is seen when they are rehearsed, over rows that nobody wrote for them. */

const FIXTURES = fileURLToPath(new URL("../fixtures/", import.meta.url));
const RULES = ["orphan-cleanup-before-foreign-key", "orphan-cleanup-ineffective", "orphan-cleanup-too-broad"];
const reader = await loadReader("postgres");
const stage = emptiedStage();

afterAll(() => stage.close());

const tookGoodRows = ({ cleanups }: RehearsedStatement): boolean => cleanups.some(({ before, after }) => after.matched + after.nullKeys < before.matched + before.nullKeys || after.nullKeys < before.nullKeys);

describe.each(RULES)("%s", (rule) => {
  const files = readdirSync(FIXTURES + rule).filter((file) => /^(?:in)?valid-.*(?<!\.fixed|\.unsafe)\.sql$/.test(file));
  test.each(files)("%s", async (file) => {
    const fixture = parseFixture(readFileSync(`${FIXTURES}${rule}/${file}`, "utf8"), reader);
    const execution = fixture.execution ?? "batch";
    const result = await rehearsed(fixture.history, execution, { stage });
    const { findings } = await check({ histories: [fixture.history], rules, config: { preset: "all", execution } });
    const said = (id: string): boolean => findings.some((finding) => finding.rule === id && finding.severity !== "info");
    const statements = result.runs.flatMap(({ migrations }) => migrations.flatMap((migration) => migration.statements));
    const failed = result.runs.some(({ migrations }) => migrations.some(({ failure }) => failure?.error.sqlstate === "23503" || failure?.error.sqlstate === "23502"));
    expect({ fails: failed, tooBroad: statements.some(tookGoodRows) }).toEqual({
      fails: said("orphan-cleanup-before-foreign-key") || said("orphan-cleanup-ineffective"),
      tooBroad: said("orphan-cleanup-too-broad"),
    });
  });
});
