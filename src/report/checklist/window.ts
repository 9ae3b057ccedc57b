import type { Lock } from "../../model/effects.ts";
import type { CheckedMigration, CheckedStatement } from "../../engine/result.ts";
import { amount, type Sizes, worksOf } from "../../engine/sizes.ts";
import { blockedBy, strength } from "../../model/postgres/locks.ts";
import { sqlMode } from "../../sql/lock-modes.ts";
import { sql } from "../../advice/programs/command.ts";
import { changes } from "../../advice/sql/changes.ts";
import { server } from "../../advice/sql/server.ts";
import { byText, counted, durationInWords } from "../../words.ts";
import { qualifiedSql } from "../../sql/names.ts";
import type { ChecklistItem, ItemCommand } from "./item.ts";
import { placeInWords, type Pending, type PendingStatement } from "./pending.ts";
import { named } from "../named.ts";

const TITLE = "Low-traffic window";

/** A lock on a deployed relation that keeps others from writing or reading, and for how long. */
interface Blockage extends PendingStatement {
  readonly lock: Lock;
  /** What is done while it is held and grows with a table; absent where it is held for a moment. */
  readonly work?: {
    readonly relation: string;
    readonly reason: string;
    readonly rewrite: boolean;
    readonly sure: boolean;
    /** Roughly, of all such work until the lock is given back; absent where the sizes of the tables are not known. */
    readonly seconds?: number;
  };
}

export function windowItem(pending: Pending): ChecklistItem {
  const base = { id: "window" as const, title: TITLE };
  const known = pending.result.sizes;
  const blockages = pending.migrations.flatMap((migration) => blockagesOf(migration, known)).sort(worstFirst);
  const worst = blockages[0];
  if (!worst) {
    if (pending.gaps > 0)
      return {
        ...base,
        state: "not known",
        because: `No blocking lock was seen, but ${counted(pending.gaps, "statement")} could not be read.`,
        run: [],
      };
    return {
      ...base,
      state: "not needed",
      because: "No pending statement takes a lock on a deployed table that keeps others from reading or writing it.",
      run: [],
    };
  }
  const others = new Set(blockages.map(({ lock }) => lock.relation)).size - 1;
  const more =
    others > 0 ? ` ${counted(others, "other table is", "other tables are")} blocked too, none for longer.` : "";
  if (worst.work)
    return {
      ...base,
      state: "needs you",
      because: `${inWords(worst)}.${howLong(worst.work, known)}${more}${onReplicas(worst, pending)}`,
      run: [sizes(blockages)],
    };

  const timeout = pending.migrations
    .filter((migration) => blockages.some((blockage) => blockage.migration === migration))
    .every(setsLockTimeout);
  const because = `${inWords(worst)}, but only for a moment${known?.isSmall(worst.lock.relation) ? `, since ${named(worst.lock.relation)} is small` : ""}.${more}`;
  if (timeout)
    return {
      ...base,
      state: "not needed",
      because: `${because} A lock_timeout is set, so it gives up rather than queue.`,
      run: [],
    };
  return {
    ...base,
    state: "needs you",
    because: `${because} It waits behind every query that is running on the table, and everybody else waits behind it: deploy when no long query runs, or set a lock_timeout.`,
    run: [
      {
        title: "First line of migration.sql, so that it gives up instead of queueing",
        ...sql(changes.lockTimeout("5s")),
      },
      sizes(blockages),
    ],
  };
}

function blockagesOf(migration: CheckedMigration, known: Sizes | undefined): readonly Blockage[] {
  return migration.statements.flatMap((statement, index) =>
    statement.effects.locks
      .filter((lock) => blockedBy(lock.mode) !== "" && statement.deployed.has(lock.relation))
      .map((lock) => {
        const work = workUnder(migration, index, known);
        return { migration, statement, lock, ...(work ? { work } : {}) };
      }),
  );
}

/** Undefined where no table of the work is known. */
function secondsUnder(statements: readonly CheckedStatement[], known: Sizes): number | undefined {
  const times = statements.flatMap(({ effects, deployed }) => {
    const works = worksOf(effects).filter(({ relation }) => deployed.has(relation));
    return [...new Set(works.map(({ relation }) => relation))].flatMap((id) => known.seconds(id, works) ?? []);
  });
  return times.length === 0 ? undefined : times.reduce((sum, each) => sum + each, 0);
}

/** A lock is held until the transaction ends: the work of this statement and of those after it in the same transaction counts. */
function workUnder(migration: CheckedMigration, index: number, known: Sizes | undefined): Blockage["work"] {
  const own = migration.statements[index];
  const later = migration.statements
    .slice(index)
    .filter((other) => other === own || (other.transaction !== null && other.transaction === own?.transaction));
  for (const [rewrite, sure] of [
    [true, true],
    [false, true],
    [true, false],
    [false, false],
  ] as const) {
    for (const { effects, deployed } of later) {
      const found = (rewrite ? effects.rewrites : effects.scans).find(
        (work) =>
          deployed.has(work.relation) &&
          (work.certainty === "sure") === sure &&
          // Where the sizes are known, what is over at once is no reason to wait for the night.
          !(known && (work.lookedUp ?? known.isSmall(work.relation))),
      );
      if (!found) continue;
      const seconds = known && secondsUnder(later, known);
      return {
        relation: found.relation,
        reason: found.reason,
        rewrite,
        sure,
        ...(seconds !== undefined && { seconds }),
      };
    }
  }
  return undefined;
}

function worstFirst(a: Blockage, b: Blockage): number {
  const weight = ({ lock, work }: Blockage) =>
    (work ? 100 : 0) +
    (lock.certainty === "sure" ? 50 : 0) +
    strength(lock.mode) * 2 +
    (work?.sure ? 20 : 0) +
    (work?.rewrite ? 1 : 0);
  const seconds = ({ work }: Blockage) => work?.seconds ?? 0;
  return (
    Number(b.work !== undefined) - Number(a.work !== undefined) ||
    seconds(b) - seconds(a) ||
    weight(b) - weight(a) ||
    byText(a.lock.relation, b.lock.relation)
  );
}

function inWords(blockage: Blockage): string {
  const { lock, work } = blockage;
  const may = lock.certainty === "sure" ? "blocks" : "may block";
  const done = work?.rewrite ? "rewritten" : "read from end to end";
  const during = work
    ? ` while ${named(work.relation)} ${work.sure ? "is" : "may be"} ${done}${work.reason ? ` to ${work.reason}` : ""}`
    : "";
  return `The worst lock is ${sqlMode(lock.mode)} on ${named(lock.relation)}, at ${placeInWords(blockage)}: it ${may} ${blockedBy(lock.mode)}${during}`;
}

function howLong({ relation, seconds }: NonNullable<Blockage["work"]>, known: Sizes | undefined): string {
  const table = known?.tableOf(relation);
  if (!table) return "";
  const time = seconds === undefined ? "" : ` The lock is held for roughly ${durationInWords(seconds)}.`;
  return ` ${named(relation)} has ${amount(table.rows, table.bytes)}.${time}`;
}

/** A standby replays the lock, and its queries wait or are cancelled: https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-CONFLICT */
function onReplicas({ lock }: Blockage, { result }: Pending): string {
  const replicas = result.evidence.statistics?.replicas ?? 0;
  return lock.mode === "AccessExclusiveLock" && replicas > 0
    ? ` ${replicas === 1 ? "The replica holds" : `The ${replicas} replicas hold`} it too.`
    : "";
}

/** SET LOCAL does nothing where each statement is its own transaction. */
function setsLockTimeout(migration: CheckedMigration): boolean {
  return migration.statements.some(({ operations, transaction }) =>
    operations.some(
      (operation) =>
        operation.kind === "set" &&
        operation.name === "lock_timeout" &&
        operation.value !== null &&
        operation.value !== "0" &&
        !(operation.local && (transaction === null || migration.execution === "unknown")),
    ),
  );
}

function sizes(blockages: readonly Blockage[]): ItemCommand {
  const relations = [
    ...new Set(blockages.flatMap(({ lock, work }) => [lock.relation, ...(work ? [work.relation] : [])])),
  ].sort(byText);
  return {
    title: "How big and how busy these tables are",
    ...sql(server.sizes(relations.map(qualifiedSql))),
  };
}
