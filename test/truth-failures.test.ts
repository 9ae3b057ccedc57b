import { afterAll, beforeAll, expect, test } from "vitest";
import { type Hurting, addHurtingRows, cure, fillTables } from "../src/rehearsal/rows/index.ts";
import type { Failure } from "../src/model/effects.ts";
import { readHistory } from "../src/model/walk.ts";
import type { MigrationView } from "../src/model/step.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import { type FixtureHistory, fixtureHistories } from "./support/fixture-histories.ts";
import { LATEST, type Observer, TRUTH_SERVER, openObserver } from "./support/observe.ts";
import { empty, resetDatabase } from "./support/replay.ts";
import { type Predicted, type Ran, isNotThere, predictStatements, runMigration } from "./support/truth-run.ts";

/**
 * Failures that depend on rows are proven by rows: those that lockstep predicts for a statement happen, with their SQLSTATE, where rows were
 * there to cause them; and without such rows no statement of a fixture fails that is not said to.
 */

await postgresReader.load();
const fixtures = fixtureHistories(postgresReader).filter(({ of }) => of === undefined);
let observer: Observer;
beforeAll(async () => {
  observer = await openObserver();
}, 60_000);
afterAll(() => observer.close());

/** A superuser may drop a system table in the embedded PostgreSQL, as far as nothing depends on it; a server refuses. */
const SYSTEM_TABLE = TRUTH_SERVER === undefined ? "2BP01" : "42501";

/** Statements that fail, or do not, other than lockstep says, by name and place: why, and how. */
const DIFFERENCES: Readonly<Record<string, readonly [why: string, difference: string]>> = {
  "fails-in-rehearsal/invalid-raises.sql 0002_guard [0]": [
    "what a block raises nobody can read from it",
    "P0001 without a prediction",
  ],
  "opaque-statement/invalid-dynamic.sql 0002_fix [0]": [
    "the block drops whatever pg_tables lists",
    `${SYSTEM_TABLE} without a prediction`,
  ],
  "orphan-cleanup-ineffective/invalid-filtered-parents-inserted.sql 0002_posts_of_comments [0]": [
    "what an INSERT finds is said by the rule, not as a failure of the statement",
    "23505 without a prediction",
  ],
  "orphan-cleanup-ineffective/invalid-parents-inserted-after-a-delete.sql 0002_posts_of_comments [1]": [
    "what an INSERT finds is said by the rule, not as a failure of the statement",
    "23502 without a prediction",
  ],
  "orphan-cleanup-ineffective/invalid-parents-inserted-without-key.sql 0002_posts_of_comments [0]": [
    "what an INSERT finds is said by the rule, not as a failure of the statement",
    "23502 without a prediction",
  ],
  "orphan-cleanup-ineffective/invalid-parents-inserted-that-are-there.sql 0002_posts_of_comments [0]": [
    "what an INSERT finds is said by the rule, not as a failure of the statement",
    "23505 without a prediction",
  ],
  "syntax-error/invalid-dump.sql 0001_notes [2]": [
    "nobody sends the rows of a COPY FROM stdin: that they are in the file is what the finding says",
    "57014 without a prediction",
  ],
};

const counts = { proven: 0, notTried: 0 };

test.each(fixtures.map((fixture) => [fixture.name, fixture] as const))(
  "%s",
  async (name, fixture) => {
    const meant = Object.entries(DIFFERENCES).flatMap(([place, [, difference]]) =>
      place.startsWith(`${name} `) ? [`${place.slice(name.length + 1)}: ${difference}`] : [],
    );
    expect(await differencesOf(fixture)).toEqual(meant);
  },
  30_000,
);

test("most of the predicted failures were caused", () => {
  expect(counts.proven).toBeGreaterThan(80);
  expect(counts.notTried).toBeLessThan(counts.proven / 2);
});

/** A failure of one statement of the deployment, and the rows that are there for it. */
interface Expected {
  readonly view: MigrationView;
  readonly index: number;
  readonly hurting: Hurting;
  seen: boolean;
}

async function differencesOf({ history, execution }: FixtureHistory): Promise<string[]> {
  await resetDatabase(observer);
  const views = readHistory(history, postgresReader, execution);
  const predicted = predictStatements(views, { postgres: observer.postgres, execution, deployments: "one" });
  const differences: string[] = [];
  const expected: Expected[] = [];
  /** Tables whose rows went with the failure of another statement. */
  const cured = new Set<string>();
  let done = "";
  let filled = false;
  for (const view of views) {
    if (view.state === "history") {
      for (const { range } of view.statements) {
        const sql = view.file.text.slice(range.start, range.end);
        if ((await observer.session.run(sql)).ok) done += sql;
      }
      continue;
    }
    if (!filled) {
      filled = true;
      await fillTables(observer.session, { rows: 3, seed: 1 });
      const places = views.flatMap((each) =>
        [...(predicted.get(each) ?? [])].flatMap(([index, { effects }]) =>
          effects.failures.filter(hangsOnRows).map((failure) => ({ view: each, index, failure })),
        ),
      );
      const hurtings = await addHurtingRows(
        observer.session,
        places.map(({ failure }) => failure),
        { seed: 1 },
      );
      for (const [i, hurting] of hurtings.entries()) {
        const place = places[i];
        if (!place || hurting.count === 0) counts.notTried++;
        else expected.push({ view: place.view, index: place.index, hurting, seen: false });
      }
    }
    let failed = false;
    await runMigration(observer.session, view, {
      execution,
      predicted: predicted.get(view) ?? new Map<number, Predicted>(),
      help: (error, times, index) =>
        help(
          error,
          times,
          expected.filter((each) => each.view === view && each.index === index && !each.seen),
          cured,
        ),
      goesOn(ran: Ran) {
        const there = !isNotThere(ran, done);
        if (there) done += ran.sql;
        const at = `${view.id} [${ran.index}]`;
        const own = expected.filter((each) => each.view === view && each.index === ran.index);
        for (const { hurting, seen } of own) {
          if (seen) counts.proven++;
          else if (ran.error || cured.has(hurting.failure.relation)) counts.notTried++;
          else differences.push(`${at}: ${hurting.failure.sqlstate} predicted, nothing with ${hurting.rows}`);
        }
        const error = ran.helped ?? ran.error;
        // Syntax that the server is too old for: truth-fixtures names it.
        const young = error?.sqlstate === "42601" && observer.postgres < LATEST;
        if (there && error && !young && !ran.predicted.states.has(error.sqlstate))
          differences.push(`${at}: ${error.sqlstate} without a prediction`);
        failed ||= there && ran.error !== undefined;
        return !failed;
      },
    });
    if (failed) break;
  }
  return differences;
}

/** Nothing before it takes care of those rows. */
const hangsOnRows = ({ certainty, preparation }: Failure): boolean =>
  certainty === "rows" && preparation.verdict === "none";

/** The rows that were meant to cause this error go; where there are none, all do. */
async function help(
  { sqlstate }: { readonly sqlstate: string },
  times: number,
  own: readonly Expected[],
  cured: Set<string>,
): Promise<boolean> {
  if (!/^2[123]/.test(sqlstate) || times > 8) return false;
  const causes = own.filter(({ hurting, seen }) => !seen && hurting.failure.sqlstate === sqlstate);
  for (const cause of causes) {
    cause.seen = true;
    await cure(observer.session, cause.hurting);
    cured.add(cause.hurting.failure.relation);
  }
  if (causes.length === 0) await empty(observer);
  return true;
}
