import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compareObserved, disagreementSentence } from "../src/model/observed.ts";
import { predictHistory } from "./support/predict.ts";
import { type Migration, type ObservedMigration, readMigrations, replay } from "./support/replay.ts";

/** Whole histories against PostgreSQL: LOCKSTEP_HISTORIES names migrations folders (name=path, comma separated), LOCKSTEP_TRUTH_OUT a folder for the results. */
const histories = (process.env["LOCKSTEP_HISTORIES"] ?? "").split(",").filter((entry) => entry.includes("="));
const out = process.env["LOCKSTEP_TRUTH_OUT"];

test.skipIf(histories.length === 0 || out === undefined).each(histories.length === 0 ? ["none="] : histories)(
  "%s",
  async (entry) => {
    const [name = "", folder = ""] = entry.split("=");
    const migrations = readMigrations(folder);
    mkdirSync(out ?? "", { recursive: true });
    const kept = join(out ?? "", `${name}.json`);
    // Observing takes long and does not change with our code: a file that is there is taken as it is.
    const observed = existsSync(kept) ? (JSON.parse(readFileSync(kept, "utf8")) as ObservedMigration[]) : await replay(migrations);
    writeFileSync(kept, `${JSON.stringify(observed, null, 1)}\n`);
    writeFileSync(join(out ?? "", `${name}.differences.txt`), await differences(migrations, observed));
    expect(observed.length).toBeGreaterThan(0);
  },
  600_000,
);

/** A readable list with a summary in front. */
async function differences(migrations: readonly Migration[], observed: readonly ObservedMigration[]): Promise<string> {
  const predicted = await predictHistory(migrations);
  const lines: string[] = [];
  const counts = { statements: 0, same: 0, agreed: 0, possible: 0, missed: 0, invented: 0, other: 0 };
  for (const { migration, statements } of observed) {
    for (const statement of statements) {
      if (statement.observed === undefined) continue;
      counts.statements++;
      const prediction = predicted.get(migration)?.get(statement.index);
      if (prediction === undefined) {
        lines.push(`${migration} [${statement.index}] no prediction | ${statement.sql.replace(/\s+/g, " ").slice(0, 150)}`);
        continue;
      }
      const comparison = compareObserved(prediction, statement.observed);
      counts.agreed += comparison.agreed;
      counts.possible += comparison.possible;
      if (comparison.disagreements.length === 0) counts.same++;
      else lines.push(`${migration} [${statement.index}] ${comparison.disagreements.map(disagreementSentence).join("; ")} | ${statement.sql.replace(/\s+/g, " ").slice(0, 150)}`);
      for (const disagreement of comparison.disagreements) counts[disagreement.predicted === undefined ? "missed" : disagreement.observed === undefined ? "invented" : "other"]++;
    }
  }
  const all = counts.agreed + counts.possible + counts.missed + counts.invented + counts.other;
  const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`;
  return [
    `statements ${counts.statements}, without a difference ${counts.same} (${percent(counts.same, counts.statements)})`,
    `facts (locks, rewrites, scans) ${all}, agreed ${counts.agreed} (${percent(counts.agreed, all)}), only called possible ${counts.possible}, missed ${counts.missed}, invented ${counts.invented}, another lock mode ${counts.other}`,
    ...lines,
    "",
  ].join("\n");
}
