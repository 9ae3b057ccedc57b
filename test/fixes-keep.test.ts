import { expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { checkSync } from "../src/engine/check.ts";
import { edit } from "../src/engine/fix.ts";
import type { Finding } from "../src/index.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import { fixtureHistories } from "./support/fixture-histories.ts";

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

/** What a text does, in no order. A fix may leave a value to whoever writes it. */
const doneBy = (text: string): string[] =>
  postgresReader
    .read(text.replaceAll("…", "NULL"))
    .statements.flatMap(({ operations }) => operations)
    .map((operation) => JSON.stringify(operation, (key, value: unknown) => (key === "range" ? undefined : value)));

/** The actions beside those that the finding is about: a rename takes the place of a DROP and of the ADD that it names. */
function others({ file: { text }, range, related, statement: index }: Finding): string[] {
  const statement = postgresReader.read(text).statements.find((each) => each.index === index);
  if (!statement || statement.operations.length < 2) return [];
  return statement.operations
    .filter((operation) =>
      [range, ...related.map((place) => place.range)].every(
        (place) => operation.range.end <= place.start || place.end <= operation.range.start,
      ),
    )
    .map((operation) => JSON.stringify(operation, (key, value: unknown) => (key === "range" ? undefined : value)));
}

test("what a statement does besides is still done", () => {
  const beside = fixes.filter(({ finding }) => others(finding).length > 0);
  expect(beside.length).toBeGreaterThan(20);
  const lost = beside.flatMap(({ name, finding, fix }) => {
    const after = doneBy(edit(finding.file.text, fix.edits));
    return others(finding)
      .filter((each) => {
        const at = after.indexOf(each);
        if (at >= 0) after.splice(at, 1);
        return at < 0;
      })
      .map((each) => `${name}: "${fix.title}" loses ${each.slice(0, 120)}`);
  });
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
