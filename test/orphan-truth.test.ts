import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { loadReader } from "../src/sql/readers.ts";
import { edit } from "../src/engine/fix.ts";
import { parseFixture } from "./support/fixture.ts";
import { fixtureNames, fixturePath } from "./support/fixture-folders.ts";
import { withTexts } from "./support/fixture-run.ts";
import { type Rehearsal, openRehearsal } from "./support/orphan-rows.ts";
import { contradictions, judge } from "./support/orphan-truth.ts";

/**
 * Every fixture of the orphan cleanup rules is run in PostgreSQL, over rows made to hurt. What lockstep says must be
 * what happens: silence means that the foreign key holds and no row but an orphan is touched; a finding means that
 * there are rows with which it fails, or rows that are lost though they are no orphans. `-- rows: …` in a fixture
 * adds rows to the made-up ones, `-- rows before: …` puts them there before that deployed migration; `-- meant: …` says that a statement changes or deletes other rows as well, on purpose.
 */

const RULES = ["orphan-cleanup-before-foreign-key", "orphan-cleanup-ineffective", "orphan-cleanup-too-broad"] as const;
const SEEDS = [1, 2, 3, 4, 5, 6];
const reader = await loadReader("postgres");

let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await openRehearsal();
}, 60_000);
afterAll(() => rehearsal.close());

for (const rule of RULES) {
  const files = fixtureNames(rule);
  describe(rule, () => {
    test.each(files)(
      "%s",
      async (file) => {
        const text = readFileSync(fixturePath(`${rule}/${file}`), "utf8");
        const fixture = parseFixture(text, reader);
        const rows = [...text.matchAll(/^-- rows: (.*)$/gm)].map((match) => match[1]).join("\n");
        const from = /^-- rows before: (.*)$/m.exec(text)?.[1];
        const meant = /^-- meant: /m.test(text);
        const judged = { ...(await judge(fixture, fixture.history, rules)), ...(meant && { wholesale: true }) };
        expect(await contradictions(rehearsal, reader, judged, { rows, from, seeds: SEEDS })).toEqual([]);

        // What a fix makes of it has to be as true.
        for (const finding of judged.findings) {
          for (const fix of finding.fixes.filter(({ safety }) => safety !== "display")) {
            const history = withTexts(
              fixture.history,
              new Map([[finding.file.path, edit(finding.file.text, fix.edits)]]),
            );
            const fixed = { ...(await judge(fixture, history, rules)), ...(meant && { wholesale: true }) };
            expect(await contradictions(rehearsal, reader, fixed, { rows, from, seeds: SEEDS }), fix.title).toEqual([]);
          }
        }
      },
      30_000,
    );
  });
}
