import type { CheckedMigration, CheckedStatement } from "../../engine/result.ts";
import type { RehearsedMigration } from "../../evidence/rehearsal.ts";
import type { Certainty, RelationId } from "../../model/effects.ts";
import type { LockMode } from "../../sql/lock-modes.ts";
import { blockedBy, strength } from "../../model/postgres/locks.ts";
import { byText } from "../../words.ts";

/** A lock on a deployed relation, from the statement that takes it to the end of its transaction. */
export interface Hold {
  readonly relation: RelationId;
  readonly mode: LockMode;
  readonly certainty: Certainty;
  /** Positions in the migration's statements, both included. */
  readonly from: number;
  readonly to: number;
  /** "reads and writes", "writes" or "". */
  readonly blocks: string;
}

/** The last statement of the transaction of the statement at `index`: the statement itself where it is committed on its own. */
export function transactionEnd(statements: readonly CheckedStatement[], index: number): number {
  const { transaction } = statements[index] ?? { transaction: null };
  if (transaction === null) return index;
  return Math.max(
    index,
    statements.findLastIndex((other) => other.transaction === transaction),
  );
}

/**
 * Locks beyond ACCESS SHARE on relations that hold rows and users. A lock that the transaction has already, in that mode or a stronger
 * one, is not taken again.
 */
export function holdsOf({ statements }: CheckedMigration): readonly Hold[] {
  const found: Hold[] = [];
  statements.forEach((statement, from) => {
    const to = transactionEnd(statements, from);
    const locks = statement.effects.locks.filter(
      ({ relation, mode }) => statement.deployed.has(relation) && strength(mode) >= strength("RowShareLock"),
    );
    for (const lock of [...locks].sort(
      (a, b) =>
        rank(a.certainty) - rank(b.certainty) || strength(b.mode) - strength(a.mode) || byText(a.relation, b.relation),
    )) {
      const known = found.some(
        (hold) =>
          hold.relation === lock.relation &&
          hold.to >= from &&
          strength(hold.mode) >= strength(lock.mode) &&
          rank(hold.certainty) <= rank(lock.certainty),
      );
      if (!known)
        found.push({
          relation: lock.relation,
          mode: lock.mode,
          certainty: lock.certainty,
          from,
          to,
          blocks: blockedBy(lock.mode),
        });
    }
  });
  return found;
}

const rank = (certainty: Certainty): number => (certainty === "sure" ? 0 : 1);

/** How long its statements took in the rehearsal, in milliseconds; undefined where one of them was not run to its end. */
export function heldFor(
  { from, to }: Hold,
  { statements }: CheckedMigration,
  rehearsed: RehearsedMigration,
): number | undefined {
  let sum = 0;
  for (const { index } of statements.slice(from, to + 1)) {
    const ran = rehearsed.statements.find((statement) => statement.index === index);
    if (ran?.outcome !== "done" || !ran.observed) return undefined;
    sum += ran.observed.milliseconds;
  }
  return sum;
}
