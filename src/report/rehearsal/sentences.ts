import { FAILING } from "../effects/sentences.ts";
import type { Disagreement, HeldMode, WrittenRows } from "../../model/observation.ts";
import type { CatalogDifference } from "../../model/observation.ts";
import type {
  Cleanup,
  LeftOut,
  LostData,
  Rehearsal,
  RehearsalRun,
  RehearsedMigration,
  RehearsedStatement,
  Trial,
} from "../../evidence/rehearsal.ts";
import { blockedBy, strength } from "../../model/postgres/locks.ts";
import { sqlMode } from "../../sql/lock-modes.ts";
import { counted, listed } from "../../words.ts";
import { relationName } from "../../sql/names.ts";

/** What a rehearsal showed, in words: for the timeline and for the checklist. */

/** "12 ms", "1.2 s", "3 min 5 s". */
export function duration(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** The PostgreSQL: "PostgreSQL 18.6 (PGlite 0.5.14)". */
export const serverInWords = ({ version }: Rehearsal["server"]): string => `PostgreSQL ${version}`;

export const EXECUTION_IN_WORDS = { batch: "each file as one batch", split: "statement by statement" } as const;

/** Locks of one mode together, the strongest first. */
export function locksInWords(
  locks: readonly HeldMode[],
): readonly { readonly mode: HeldMode["mode"]; readonly text: string; readonly blocks: string }[] {
  const modes = [...new Set(locks.map(({ mode }) => mode))].sort((a, b) => strength(b) - strength(a));
  return modes.map((mode) => {
    const relations = locks.filter((lock) => lock.mode === mode).map(({ relation }) => relationName(relation));
    return { mode, text: `${sqlMode(mode)} on ${listed(relations)}`, blocks: blockedBy(mode) };
  });
}

/** "3 inserted, 2 deleted in comments". */
export function rowsInWords({ relation, inserted, updated, deleted }: WrittenRows): string {
  const parts = (
    [
      ["inserted", inserted],
      ["updated", updated],
      ["deleted", deleted],
    ] as const
  )
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${counted(count, "row")} ${what}`);
  return `${listed(parts)} in ${relationName(relation)}`;
}

/** What a trial is about, where there are no rows to name. */
const KINDS: Readonly<Record<string, string>> = { ...FAILING, orphans: "orphans" };

export interface TrialInWords {
  readonly text: string;
  readonly look: "bad" | "good" | "open";
}

/** @param cleaner The statement that had removed them, as "line 3", where one is known. */
export function trialInWords(trial: Trial, sqlstate: string | undefined, cleaner: string | undefined): TrialInWords {
  const { rows, count, left, outcome, why, kind, relation, columns } = trial;
  if (outcome === "not tried") {
    const about =
      count > 0
        ? rows
        : `${KINDS[kind] ?? kind} in ${relationName(relation)}${columns.length > 0 ? ` (${columns.join(", ")})` : ""}`;
    return { look: "open", text: `not tried with ${about}: ${why ?? "no such rows could be made"}` };
  }
  const were = count === 1 ? "was" : "were";
  if (outcome === "failed")
    return {
      look: "bad",
      text: `${rows} ${were} there${left !== undefined && left < count ? `, of which ${left} ${left === 1 ? "was" : "were"} left` : ""}: it failed${sqlstate === undefined ? "" : ` with ${sqlstate}`}`,
    };
  if (left === undefined || left === count) return { look: "good", text: `${rows} ${were} there: it passed` };
  if (left > 0)
    return {
      look: "good",
      text: `${rows} ${were} there, of which ${left} ${left === 1 ? "was" : "were"} left: it passed`,
    };
  return {
    look: "good",
    text: `${rows} ${were} there, and ${cleaner === undefined ? "gone when it ran" : `${cleaner} had dealt with ${count === 1 ? "it" : "them"}`}: it passed`,
  };
}

/** Whether PostgreSQL did what the model says of those rows. */
export function trialSurprises({ predicted, outcome }: Trial): boolean {
  return (predicted === "fails" && outcome === "passed") || (predicted === "prepared" && outcome === "failed");
}

export interface CleanupInWords {
  readonly text: string;
  readonly look: "bad" | "good" | "plain";
}

/** What a statement did to the rows of a foreign key; undefined where it did nothing to them and had nothing to do. */
export function cleanupInWords({ child, columns, parent, before, after, took }: Cleanup): CleanupInWords | undefined {
  const nulls = after.nullKeys - before.nullKeys;
  const matched = after.matched - before.matched;
  const key = columns.join(", ");
  const orphans = took ? took.orphans : Math.max(0, before.orphans - after.orphans);
  const made = Math.max(0, after.orphans - (before.orphans - orphans));
  const good = took ?? { nullKeys: Math.max(0, -nulls), matched: Math.max(0, -matched - made) };
  if (before.orphans === 0 && made === 0 && good.nullKeys === 0 && good.matched === 0) return undefined;
  const emptied = Math.min(orphans, Math.max(0, nulls));
  const adopted = Math.min(orphans - emptied, Math.max(0, matched));
  const removed = orphans - emptied - adopted;
  const of = `in ${relationName(child)}`;
  const fewer = before.orphans + before.matched + before.nullKeys > after.orphans + after.matched + after.nullKeys;
  const hit = fewer ? "removed" : `changed ${key} of`;
  const did = [
    ...(removed > 0 ? [`${hit} ${counted(removed, "orphan")} ${of}`] : []),
    ...(emptied > 0 ? [`set ${key} of ${counted(emptied, "orphan")} ${of} to NULL`] : []),
    ...(adopted > 0 ? [`gave ${counted(adopted, "orphan")} ${of} a parent in ${relationName(parent)}`] : []),
    ...(good.nullKeys > 0 ? [`${hit} ${none(good.nullKeys)} (${key} is NULL)`] : []),
    ...(good.matched > 0 ? [`${hit} ${none(good.matched)} (${key} has its parent in ${relationName(parent)})`] : []),
    ...(made > 0 ? [`made ${counted(made, "new orphan")} ${of}`] : []),
  ];
  if (did.length === 0)
    return before.orphans > 0
      ? { look: "bad", text: `removed none of the ${counted(before.orphans, "orphan")} ${of} (${key})` }
      : undefined;
  const rest = orphans > 0 && after.orphans > 0 ? `; ${counted(after.orphans, "orphan is", "orphans are")} left` : "";
  return {
    look: good.nullKeys > 0 || good.matched > 0 || after.orphans > 0 ? "bad" : "good",
    text: `${listed(did)}${rest}`,
  };
}

const none = (count: number): string =>
  `${counted(count, "row")} that ${count === 1 ? "was no orphan" : "were no orphans"}`;

/** "predicted ACCESS EXCLUSIVE on comments, PostgreSQL took SHARE". */
export function disagreementInWords({ what, relation, predicted, observed }: Disagreement): string {
  const on = relationName(relation);
  if (what === "lock")
    return `predicted ${predicted === undefined ? "no lock" : mode(predicted)} on ${on}, and PostgreSQL took ${observed === undefined ? "none" : mode(observed)}`;
  const did = {
    rewrite: ["a rewrite", "rewrote it", "did not rewrite it"],
    scan: ["a scan", "read it from end to end", "did not read it from end to end"],
  }[what];
  return `predicted ${predicted === undefined ? did[0]?.replace(/^a /, "no ") : did[0]} of ${on}, and PostgreSQL ${observed === undefined ? did[2] : did[1]}`;
}

const mode = (name: string): string => sqlMode(name as HeldMode["mode"]);

/** "loses 20 values of comments.note". */
export function lostInWords({ relation, column, rows }: LostData): string {
  return column === undefined
    ? `${counted(rows, "row")} of ${relationName(relation)}`
    : `${counted(rows, "value")} of ${relationName(relation)}.${column}`;
}

export function differenceInWords({ kind, object, change }: CatalogDifference): string {
  return `${change} ${kind} ${relationName(object)}`;
}

/** What it means that a statement was not run, as a sentence. */
export const MEANING: Readonly<Record<LeftOut["kind"], string>> = {
  outside:
    "It reaches outside of the database, so it is not run without --allow-unsafe: what it does there is not rehearsed.",
  extension:
    "What the extension brings is not there, so nothing that uses it is rehearsed. A server of one's own that has it does: --server URL.",
  platform:
    "It needs what a platform has brought to production, so it is not rehearsed. A copy of a database that has it does: --template NAME.",
  depends: "It needs what was left out before it, so it is not rehearsed either.",
};

/** Numbers that the summary, the json report and the checklist share. A migration that is run in two modes counts once in each. */
export interface RehearsalCounts {
  readonly migrations: number;
  readonly statements: number;
  /** Applied, with nothing to say against it. */
  readonly applied: number;
  /** Fail whatever the rows are. */
  readonly failed: number;
  /** Applied, but fail on rows that were made to hurt. */
  readonly hurt: number;
  readonly unclosed: number;
  readonly timedOut: number;
  readonly notReached: number;
  readonly leftOut: number;
  readonly downs: { readonly restored: number; readonly different: number; readonly failed: number };
  /** Statements where lockstep was wrong. */
  readonly disagreements: number;
}

export function countRehearsal(runs: readonly RehearsalRun[]): RehearsalCounts {
  const migrations = runs.flatMap((run) => run.migrations);
  const statements = migrations.flatMap((migration) => migration.statements);
  const count = (test: (migration: RehearsedMigration) => boolean): number => migrations.filter(test).length;
  const hurting = ({ outcome, failure }: RehearsedMigration): boolean => outcome === "applied" && failure !== undefined;
  const downs = migrations.flatMap(({ down }) => (down ? [down] : []));
  return {
    migrations: migrations.length,
    statements: statements.length,
    applied: count((migration) => migration.outcome === "applied" && !hurting(migration)),
    failed: count(({ outcome }) => outcome === "failed"),
    hurt: count(hurting),
    unclosed: count(({ outcome }) => outcome === "unclosed"),
    timedOut: count(({ outcome }) => outcome === "timed out"),
    notReached: count(({ outcome }) => outcome === "not reached"),
    leftOut:
      statements.filter(({ outcome }) => outcome === "left out").length +
      runs.reduce((sum, { deployed }) => sum + deployed.leftOut.length, 0),
    downs: {
      restored: downs.filter(({ error, differences }) => !error && differences.length === 0).length,
      different: downs.filter(({ error, differences }) => !error && differences.length > 0).length,
      failed: downs.filter(({ error }) => error).length,
    },
    disagreements: statements.filter(surprising).length,
  };
}

/** PostgreSQL did something else than the model says. */
export function surprising({ disagreements, trials }: RehearsedStatement): boolean {
  return disagreements.length > 0 || trials.some(trialSurprises);
}
