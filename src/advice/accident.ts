import type { Evidence } from "../evidence/evidence.ts";
import type { RehearsalRun, RehearsedMigration, RehearsedStatement } from "../evidence/rehearsal.ts";
import type { PackageManager } from "./programs/facts.ts";

/** A migration that `prisma migrate deploy` does not get through, whether it happened or was rehearsed. */
export interface Accident {
  /** The folder's full name. */
  readonly migration: string;
  /** The migrations directory, as `History.root`. */
  readonly root: string;
  readonly packageManager: PackageManager;
  /** Prisma's version where it is known: "7.10.0". */
  readonly prisma?: string;
  readonly execution: "batch" | "split";
  /** `unclosed`: BEGIN without a COMMIT at the end of the file. */
  readonly kind: "failed" | "unclosed";
  /** Of the error; absent for `unclosed`. */
  readonly sqlstate?: string;
  /** How many statements the file has; 0 where it cannot be parsed. */
  readonly statements: number;
  /** Statements whose work stays, by index; those that only open and end transactions or set something do none. */
  readonly committed: readonly number[];
  /** It failed between a BEGIN and its COMMIT, both written in the file: the connection is left in an aborted transaction. */
  readonly inTransaction: boolean;
  /** The statement that failed is CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY, which leaves an invalid index behind. */
  readonly concurrently: boolean;
  /** Whether there is a down.sql beside it; undefined where nobody looked. */
  readonly down?: boolean;
}

/** What a rehearsal shows that a deployment would not get through; undefined where it would, or where nobody can say. */
export function accidentOf(
  run: RehearsalRun,
  migration: RehearsedMigration,
  prisma: Evidence["prisma"],
): Accident | undefined {
  const { failure, statements } = migration;
  const base = {
    migration: migration.id,
    root: run.root,
    packageManager: prisma?.packageManager ?? "npm",
    ...(prisma && { prisma: prisma.version }),
    execution: run.execution,
    statements: statements.length,
    ...(migration.down && { down: true }),
  } as const;
  if (migration.outcome === "unclosed") {
    const open = statements.at(-1)?.transaction ?? null;
    const committed = statements
      .filter(
        (statement) => statement.outcome === "done" && statement.transaction !== open && works(migration, statement),
      )
      .map(({ index }) => index);
    return { ...base, kind: "unclosed", committed, inTransaction: true, concurrently: false };
  }
  if (!failure || migration.outcome === "timed out") return undefined;
  const failing = statements.find(({ index }) => index === failure.index);
  return {
    ...base,
    kind: "failed",
    sqlstate: failure.error.sqlstate,
    committed: failure.committed.filter((index) =>
      statements.some((statement) => statement.index === index && works(migration, statement)),
    ),
    inTransaction:
      failing !== undefined &&
      statements.some(
        (other) =>
          other.index < failing.index &&
          other.transaction !== null &&
          other.transaction === failing.transaction &&
          opens(migration, other),
      ),
    // Refused at once (a syntax error, a transaction block) it leaves nothing behind.
    concurrently:
      failing?.transaction === null &&
      /^(?:create\s+(?:unique\s+)?index|reindex\b.*)\s+concurrently\b/i.test(textOf(migration, failing)) &&
      /^(?:22|23|40|53|55|57)/.test(failure.error.sqlstate),
  };
}

const textOf = ({ file }: RehearsedMigration, { range }: RehearsedStatement): string =>
  file.text.slice(range.start, range.end);

/** Whether anything of it can stay in the database. */
const works = (migration: RehearsedMigration, statement: RehearsedStatement): boolean =>
  !/^(?:begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|set|reset|select\s+pg_advisory\w*)\b/i.test(
    textOf(migration, statement),
  );

const opens = (migration: RehearsedMigration, statement: RehearsedStatement): boolean =>
  /^(?:begin|start\s+transaction)\b/i.test(textOf(migration, statement));
