import type { Accident } from "./accident.ts";
import { type Block, sh, sql } from "./programs/command.ts";
import type { ProjectFacts } from "./programs/facts.ts";
import { prisma } from "./programs/prisma.ts";
import { server } from "./sql/server.ts";

/** What Prisma says, and the way out. */
export interface Recovery {
  readonly says: readonly Saying[];
  /** What of the migration is in the database, as a sentence with its reason. */
  readonly kept: string;
  /** In order. */
  readonly steps: readonly RecoveryStep[];
  /** Another way that begins at the same point: to finish by hand what was begun. Empty where nothing was. */
  readonly instead: readonly RecoveryStep[];
}

export interface Saying {
  readonly when: "now" | "next deploy";
  /** Absent where Prisma shows no code of its own. */
  readonly code?: "P3018" | "P3009";
  readonly sentence: string;
}

export interface RecoveryStep {
  /** What to do, in the imperative and without a full stop. */
  readonly title: string;
  /** One sentence. */
  readonly why: string;
  /** Absent where it is done in an editor. */
  readonly command?: Block;
}

/**
 * Prisma 6 and 7 on PostgreSQL. The row of `_prisma_migrations` is written before the file is sent and finished after it, so a
 * failed migration has neither `finished_at` nor `rolled_back_at`, and each later deploy stops at it
 * (https://www.prisma.io/docs/orm/prisma-migrate/workflows/patching-and-hotfixing).
 */
export function recovery(accident: Accident): Recovery {
  return { says: says(accident), kept: kept(accident), steps: steps(accident), instead: instead(accident) };
}

function says({ kind, migration, sqlstate, inTransaction }: Accident): readonly Saying[] {
  const next: Saying = {
    when: "next deploy",
    code: "P3009",
    sentence: `migrate found failed migrations in the target database, new migrations will not be applied: The \`${migration}\` migration started at … failed`,
  };
  if (kind === "unclosed")
    return [
      {
        when: "now",
        sentence:
          "All migrations have been successfully applied. It is not so: the transaction that stayed open is rolled back when Prisma disconnects, and with it Prisma's note of the success and what was deployed after it on the same connection.",
      },
      next,
    ];
  if (inTransaction)
    return [
      {
        when: "now",
        sentence: `An error, but not always the one that counts: the connection is left in the aborted transaction, so that Prisma's own UPDATE of _prisma_migrations fails too (25P02) and the column logs stays empty${sqlstate === undefined ? "" : `. What happened is ${sqlstate}`}.`,
      },
      next,
    ];
  return [
    {
      when: "now",
      code: "P3018",
      sentence: `A migration failed to apply. New migrations cannot be applied before the error is recovered from. Migration name: ${migration}${sqlstate === undefined ? "" : `. Database error code: ${sqlstate}`}`,
    },
    next,
  ];
}

function kept(accident: Accident): string {
  const { committed, statements, execution, inTransaction, concurrently, kind } = accident;
  const invalid = concurrently
    ? " An invalid index may be left behind, since CONCURRENTLY runs outside of a transaction."
    : "";
  if (committed.length > 0) {
    const why =
      execution === "split"
        ? "Prisma sends the statements one by one, and each is its own transaction"
        : "the file ends transactions of its own";
    return `${numbered(committed)} ${committed.length === 1 ? "stays" : "stay"} committed: ${why}.${invalid}`;
  }
  if (kind === "unclosed") return "Nothing of it stays: its BEGIN has no COMMIT.";
  if (statements === 0) return "Nothing of it stays: PostgreSQL cannot read the file, so that none of it ran.";
  if (statements < 2) return `Nothing of it stays: it is one statement.${invalid}`;
  if (inTransaction) return "Nothing of it stays: its own BEGIN holds it together.";
  return execution === "batch"
    ? `Nothing of it stays: Prisma sends the file as one batch, which is one transaction.${invalid}`
    : `Nothing of it stays: nothing was committed before it.${invalid}`;
}

function steps(accident: Accident): readonly RecoveryStep[] {
  const { migration, committed, concurrently, down, kind } = accident;
  const facts = factsOf(accident);
  const found: RecoveryStep[] = [];
  if (committed.length > 0)
    found.push({
      title: `Undo ${numbered(committed, false)} by hand, or make ${committed.length === 1 ? "it" : "them"} so that ${committed.length === 1 ? "it" : "they"} can run again (IF NOT EXISTS, IF EXISTS)`,
      why: `The next deploy runs the whole file again, and what stays would be there twice.${down === true ? " down.sql as a whole does not fit: it is for a migration that ran to its end." : ""}`,
    });
  else if (down === true)
    found.push({
      title: "Leave down.sql alone",
      why: "Nothing of the migration was kept, so that there is nothing to undo.",
    });
  if (concurrently)
    found.push({
      title: "Drop the invalid index that the build left behind, by name",
      why: "It slows down every write and serves no query, and the next build stops at its name (42P07).",
      command: sql(server.invalidIndexes()),
    });
  found.push(
    {
      title: "Mark it as rolled back, by the full name of the folder",
      why: "The first line says which host and which database it is. Only a failed migration can be marked so (another is P3012, a shortened name P3011), and until then every deploy stops with P3009.",
      command: sh(prisma.status(facts), prisma.rolledBack(facts, migration)),
    },
    {
      title: correction(accident),
      why:
        kind === "unclosed"
          ? "The file may be edited now: no database holds it as applied."
          : `${reason(accident)} A migration that is marked as rolled back may be edited.`,
    },
    {
      title: "Deploy again",
      why: "It runs as if for the first time, and those behind it after it.",
      command: sh(prisma.deploy(facts)),
    },
  );
  return found;
}

/** To finish by hand: only where something stays, which would have to be undone else. */
function instead(accident: Accident): readonly RecoveryStep[] {
  const { committed, migration, kind } = accident;
  if (committed.length === 0) return [];
  const facts = factsOf(accident);
  return [
    {
      title: `Put what is left of it into rest.sql, ${kind === "unclosed" ? "with a COMMIT at the end" : "corrected"}, and run that`,
      why: "The first line says which host and which database it is. The file is sent as one command, so that all of it runs or nothing; CONCURRENTLY works there only alone.",
      command: sh(prisma.status(facts), prisma.execute(facts, "rest.sql")),
    },
    {
      title: "Mark it as applied",
      why: "Everything that the file says is then in the database, and no deploy runs it again.",
      command: sh(prisma.applied(facts, migration)),
    },
    {
      title: "Deploy what comes after it",
      why: "A failed migration stopped the ones behind it.",
      command: sh(prisma.deploy(facts)),
    },
  ];
}

const factsOf = ({ packageManager, prisma: version, root }: Accident): ProjectFacts => ({
  packageManager,
  prisma: version,
  root,
});

function correction({ kind, sqlstate = "" }: Accident): string {
  if (kind === "unclosed") return "Write the COMMIT that is missing into migration.sql";
  if (TRY_AGAIN[sqlstate] !== undefined) return "Choose a quieter moment";
  return ofRows(sqlstate) ? "Correct the rows that it failed on, or have migration.sql do it" : "Correct migration.sql";
}

/** Nothing is wrong with the file: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const TRY_AGAIN: Readonly<Record<string, string>> = {
  "55P03": "A lock was not to be had in time: somebody else held it.",
  "57014": "The statement was cancelled, by a statement_timeout or by hand.",
  "40P01": "Two sessions waited for each other, and PostgreSQL ended this one.",
  "40001": "Another transaction came in between.",
};

function reason({ sqlstate = "" }: Accident): string {
  return (
    TRY_AGAIN[sqlstate] ??
    (ofRows(sqlstate)
      ? "What it failed on is in the rows: they can be corrected in the database too."
      : "The same file would fail in the same way.")
  );
}

/** Data exceptions and integrity constraint violations. */
const ofRows = (sqlstate: string): boolean => /^2[23]/.test(sqlstate);

/** "Statement 1", "Statements 1 to 3 and 5", as the file counts them, from 1. */
function numbered(indexes: readonly number[], capital = true): string {
  const runs: [number, number][] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last?.[1] === index - 1) last[1] = index;
    else runs.push([index, index]);
  }
  const parts = runs.flatMap(([from, to]) =>
    to - from > 1 ? [`${from + 1} to ${to + 1}`] : to > from ? [String(from + 1), String(to + 1)] : [String(from + 1)],
  );
  const list = parts.length < 2 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
  return `${capital ? "S" : "s"}tatement${indexes.length === 1 ? "" : "s"} ${list}`;
}
