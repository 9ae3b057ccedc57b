import { expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { checkSync } from "../src/engine/check.ts";
import { edit } from "../src/engine/fix.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import { fixtureHistories } from "./support/fixture-histories.ts";
import { actionsBeside, actionsLost } from "./support/kept-actions.ts";

/** A fix, shown or applied, keeps the rest of its statement: all that the other actions of an ALTER TABLE do is still done. */

await postgresReader.load();

const fixes = fixtureHistories(postgresReader)
  .filter(({ of }) => of === undefined)
  .flatMap(({ name, history, execution }) =>
    checkSync({
      histories: [history],
      rules,
      reader: postgresReader,
      config: { preset: "all", execution, postgres: 18 },
    }).findings.flatMap((finding) => finding.fixes.map((fix) => ({ name, finding, fix }))),
  );

test("what a statement does besides is still done", () => {
  const beside = fixes.filter(({ finding }) => actionsBeside(postgresReader, finding).length > 0);
  expect(beside.length).toBeGreaterThan(20);
  const lost = beside.flatMap(({ name, finding, fix }) =>
    actionsLost(postgresReader, finding, edit(finding.file.text, fix.edits)).map(
      (each) => `${name}: "${fix.title}" loses ${each.slice(0, 120)}`,
    ),
  );
  expect(lost).toEqual([]);
});

test("whatever is left to fill in, what a fix shows is SQL", () => {
  const broken = fixes.flatMap(({ name, finding, fix }) => {
    const before = postgresReader.read(finding.file.text).errors.length;
    const after = postgresReader.read(edit(finding.file.text, fix.edits).replaceAll("…", "NULL")).errors;
    return after.length > before ? [`${name}: "${fix.title}": ${after[0]?.message ?? ""}`] : [];
  });
  expect(broken).toEqual([]);
});
