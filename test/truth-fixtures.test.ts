import { afterAll, beforeAll, expect, test } from "vitest";
import { disagreementSentence } from "../src/model/observation.ts";
import { readHistory } from "../src/model/walk.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import { type FixtureHistory, fixtureHistories } from "./support/fixture-histories.ts";
import { type Observer, TRUTH_SERVER, openObserver } from "./support/observe.ts";
import { empty, fill, resetDatabase } from "./support/replay.ts";
import { type Predicted, type Ran, isNotThere, predictStatements, runMigration } from "./support/truth-run.ts";

/**
 * Every statement of every fixture, as it is and as fixes leave it, is run in PostgreSQL as Prisma would send it, over tables with
 * rows; what it does is what lockstep says that it does: locks, rewrites and scans, relation by relation, and with which SQLSTATE it fails.
 */

await postgresReader.load();
const fixtures = fixtureHistories(postgresReader);
let observer: Observer;
beforeAll(async () => {
  observer = await openObserver();
}, 60_000);
afterAll(() => observer.close());

/** A superuser may drop a system table in the embedded PostgreSQL, as far as nothing depends on it; a server refuses. */
const SYSTEM_TABLE = TRUTH_SERVER === undefined ? "2BP01" : "42501";

/** Statements that are not what lockstep says of them, by name and place: why, and what differs. */
const DIFFERENCES: Readonly<Record<string, readonly [why: string, ...differences: string[]]>> = {
  "drop-table/invalid-in-doubt.sql 0002_change [1]": [
    "a branch of the block before may have dropped the table: what is lost is said as possible, the lock is not",
    "lock public.notes: predicted nothing, observed AccessExclusiveLock",
  ],
  "fails-in-rehearsal/invalid-raises.sql 0002_guard [0]": [
    "what a block raises nobody can read from it",
    "error: predicted nothing, observed P0001",
  ],
  "lost-in-rehearsal/invalid-columns.sql 0002_tidy [0]": [
    "the block changes whatever information_schema lists, which nobody can read from it",
    "lock public.Attic: predicted nothing, observed AccessExclusiveLock",
    "lock public.Cellar: predicted nothing, observed AccessExclusiveLock",
  ],
  "lost-in-rehearsal/invalid-loop.sql 0002_tidy [0]": [
    "the block drops whatever pg_tables lists, which nobody can read from it",
    "lock public.Attic: predicted nothing, observed AccessExclusiveLock",
    "lock public.Cellar: predicted nothing, observed AccessExclusiveLock",
  ],
  "lost-in-rehearsal/invalid-rows.sql 0002_tidy [0]": [
    "the block assembles its statement, which nobody can read from it",
    "lock public.Attic: predicted nothing, observed RowExclusiveLock",
    "scan public.Attic: predicted nothing, observed yes",
  ],
  "opaque-statement/invalid-dynamic.sql 0002_fix [0]": [
    "the block drops whatever pg_tables lists, which nobody can read from it",
    `error: predicted nothing, observed ${SYSTEM_TABLE}`,
  ],
  "orphan-cleanup-before-foreign-key/invalid-inline-reference.sql 0002_posts_of_comments [0]": [
    "no row of posts has the default's key, so that it passes with no rows alone; and then it has nothing to look up",
    "scan public.posts: predicted yes, observed nothing",
  ],
  "orphan-cleanup-ineffective/invalid-parents-inserted-that-are-there.sql 0002_posts_of_comments [0]": [
    "which keys an INSERT finds is not predicted as a failure of its own: orphan-cleanup-ineffective says it",
    "error: predicted nothing, observed 23505",
  ],
  "syntax-error/invalid-dump.sql 0001_notes [2]": [
    "nobody sends the rows of a COPY FROM stdin: that they are in the file is what the finding says",
    "error: predicted nothing, observed 57014",
  ],
  "projects/blog 20260714234500_fix_orphaned_reactions [0]": [
    "where no row of reactions is left, the subquery does not run",
    "scan public.comments: predicted yes, observed nothing",
  ],
};

/** Statements in a syntax that older servers do not know, by name and place: the first version that does. */
const SYNTAX_SINCE: Readonly<Record<string, number>> = {
  "constraint-never-validated/invalid-not-null.sql 0002_required [0]": 18,
  "delete-without-where/invalid-merge.sql 0002_rooks [0]": 15,
  "constraint-scan-blocks-reads/invalid-add-not-null.sql 0002_required [0]": 18,
  "constraint-scan-blocks-reads/invalid-add-not-null.unsafe.sql 0002_required [0]": 18,
  "constraint-scan-blocks-reads/valid-not-enforced.sql 0002_check [0]": 18,
  "foreign-key-scan-blocks-writes/valid-not-enforced.sql 0002_fk [0]": 18,
  "syntax-error/valid-new-syntax.sql 0002_fix [0]": 18,
  "table-rewrite/invalid-storage.sql 0002_storage [3]": 15,
  "table-rewrite/invalid-stored-generated.sql 0002_generated [1]": 17,
  "table-rewrite/valid-virtual-generated.sql 0002_virtual [0]": 18,
};

const counts = { statements: 0, compared: 0, failed: 0, notThere: 0 };

test.each(fixtures.map((fixture) => [fixture.name, fixture] as const))(
  "%s",
  async (name, fixture) => {
    const meant = Object.entries(DIFFERENCES).flatMap(([place, [, ...differences]]) =>
      place.startsWith(`${name} `)
        ? differences.map((difference) => `${place.slice(name.length + 1)}: ${difference}`)
        : [],
    );
    expect(await differencesOf(fixture)).toEqual(meant);
  },
  30_000,
);

test("nearly all of them ran", () => {
  expect(counts.statements).toBeGreaterThan(2500);
  expect(counts.compared / counts.statements).toBeGreaterThan(0.95);
});

async function differencesOf({ name, history, execution, of }: FixtureHistory): Promise<string[]> {
  await resetDatabase(observer);
  const views = readHistory(history, postgresReader, execution);
  const predicted = predictStatements(views, { postgres: observer.postgres, execution, deployments: "one" });
  const filled = new Map<string, string>();
  const differences: string[] = [];
  /** What has run: only that can have made something. */
  let done = "";
  for (const [at, view] of views.entries()) {
    // What a fix leaves as it was has been looked at with its fixture.
    if (of !== undefined && at < views.length - 1) {
      for (const { range } of view.statements) {
        const sql = view.file.text.slice(range.start, range.end);
        if ((await observer.session.run(sql)).ok) done += sql;
      }
    } else {
      let failed = false;
      const judged = (ran: Ran): boolean => {
        counts.statements++;
        if (isNotThere(ran, done)) {
          counts.notThere++;
          return true;
        }
        done += ran.sql;
        const young = (SYNTAX_SINCE[`${name} ${view.id} [${ran.index}]`] ?? 0) > observer.postgres;
        if (young && ran.error?.sqlstate !== "42601")
          differences.push(`${view.id} [${ran.index}]: its syntax is known`);
        if (!young) differences.push(...judge(ran).map((difference) => `${view.id} [${ran.index}]: ${difference}`));
        failed ||= ran.error !== undefined;
        return !failed;
      };
      await runMigration(observer.session, view, {
        execution,
        predicted: predicted.get(view) ?? new Map<number, Predicted>(),
        help: (error, times) => help(error, times, filled),
        goesOn: judged,
      });
      if (failed) break;
    }
    if (view.state === "history") await fill(observer, filled);
  }
  return differences;
}

/** An error that depends on rows: once with rows that have the same value everywhere, so that they fit each other, then without rows. */
async function help(
  error: { readonly sqlstate: string },
  times: number,
  filled: Map<string, string>,
): Promise<boolean> {
  if (!/^2[123]/.test(error.sqlstate) || times > 1) return false;
  await empty(observer);
  if (times === 0) await fill(observer, filled);
  return true;
}

function judge({ agreement, error, helped, predicted }: Ran): readonly string[] {
  if (agreement) counts.compared++;
  if (error) counts.failed++;
  const found = agreement?.disagreements.map(disagreementSentence) ?? [];
  const seen = helped ?? error;
  const states = [...predicted.states].join(", ") || "nothing";
  if (seen && !predicted.states.has(seen.sqlstate)) found.push(`error: predicted ${states}, observed ${seen.sqlstate}`);
  if (!error && predicted.certain.size > 0)
    found.push(
      `error: predicted ${[...predicted.certain].join(", ")} for certain, observed ${helped?.sqlstate ?? "nothing"}`,
    );
  return found;
}
