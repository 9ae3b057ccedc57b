import type { MigrationView } from "../model/step.ts";
import type { Outcome } from "../source/outcome.ts";
import { failure, success } from "../source/outcome.ts";
import { position } from "../source/text.ts";
import type { Statement } from "../sql/statement.ts";
import { type HeldBack, heldBack, makeMissingRole, needsLeftOut, needsPlatform } from "./outside.ts";
import type { LeftOut, DatabaseError } from "../evidence/rehearsal.ts";
import type { Limit, Session } from "./stage/session.ts";

export interface ReplayOptions {
  readonly heldBack: HeldBack;
  readonly limit: Limit;
  /** After each migration, with how many are done. */
  readonly progress?: (done: number) => void;
}

/** Prisma keeps its ledger in every database that it migrates; some migrations read it. */
const LEDGER = `create table if not exists public._prisma_migrations (id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz,
  migration_name varchar(255) not null, logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`;

/**
 * Runs the deployed migrations in an empty database, each as one message, and statement by statement where that is refused: they did run
 * in production in one of the two ways. Returns what had to be left out; fails with a sentence where one does not run at all.
 */
export async function replay(
  session: Session,
  migrations: readonly MigrationView[],
  options: ReplayOptions,
): Promise<Outcome<readonly LeftOut[]>> {
  const leftOut: LeftOut[] = [];
  await session.query(LEDGER);
  for (const [index, migration] of migrations.entries()) {
    const held = migration.statements.some(
      (statement) => heldBack(options.heldBack, migration, statement) !== undefined,
    );
    const whole = held ? undefined : await runWhole(session, migration.file.text, options.limit);
    if (whole?.ok === false && whole.error.timedOut) return failure(sentence(session, migration, whole.error, 0));
    if (whole?.ok !== true) {
      if (whole) await session.run("rollback");
      const split = await replaySplit(session, migration, leftOut, { ...options, made: schemasMade(migrations) });
      // The message as a whole tells the first error, wherever in the file it is.
      if (!split.ok)
        return whole && migration.statements.length === 0
          ? failure(sentence(session, migration, whole.error, whole.error.offset ?? 0))
          : split;
    }
    options.progress?.(index + 1);
  }
  await freshState(session);
  return success(leftOut);
}

/** As a connection of its own finds it: each deployment has one. */
export async function freshState(session: Session): Promise<void> {
  await session.run("rollback");
  // It refuses to share a message with others.
  await session.query("discard all");
  await session.query("set timezone = 'UTC'");
}

/** Again with the roles that it lacks, each of which is told of alone. */
async function runWhole(session: Session, sql: string, limit: Limit): ReturnType<Session["run"]> {
  let ran = await session.run(sql, limit);
  for (let roles = 0; !ran.ok && roles < MOST_ROLES; roles++) {
    const { error } = ran;
    // The message that failed was a transaction, and has left none behind but one that it opened itself.
    await session.run("rollback");
    if (!(await makeMissingRole(session, error))) break;
    ran = await session.run(sql, limit);
  }
  return ran;
}

const MOST_ROLES = 20;

const schemasMade = (migrations: readonly MigrationView[]): ReadonlySet<string> =>
  new Set(
    migrations.flatMap(({ statements }) =>
      statements.flatMap(({ operations }) =>
        operations.flatMap((operation) => (operation.kind === "createSchema" ? [operation.name] : [])),
      ),
    ),
  );

async function replaySplit(
  session: Session,
  migration: MigrationView,
  leftOut: LeftOut[],
  options: ReplayOptions & { readonly made: ReadonlySet<string> },
): Promise<Outcome<undefined>> {
  if (migration.statements.length === 0) return failure("");
  for (const statement of migration.statements) {
    const held = heldBack(options.heldBack, migration, statement);
    if (held) {
      leftOut.push(held);
      continue;
    }
    const { start, end } = statement.range;
    const ran = await runWhole(session, migration.file.text.slice(start, end), options.limit);
    if (ran.ok) continue;
    const platform = needsPlatform(ran.error, options.made);
    if (platform !== undefined) {
      const { id, file } = migration;
      leftOut.push({ migration: id, file, range: statement.range, kind: "platform", why: platform });
      await session.run("rollback");
      continue;
    }
    const why = needsLeftOut(ran.error, leftOut);
    if (why === undefined || ran.error.timedOut)
      return failure(sentence(session, migration, ran.error, start + (ran.error.offset ?? 0)));
    leftOut.push(dependent(migration, statement, why));
    await session.run("rollback");
  }
  return success(undefined);
}

export function dependent(migration: MigrationView, statement: Statement, why: string): LeftOut {
  return { migration: migration.id, file: migration.file, range: statement.range, kind: "depends", why };
}

function sentence({ server }: Session, { file }: MigrationView, error: DatabaseError, offset: number): string {
  const { line } = position(file, offset);
  const way =
    server.kind === "embedded"
      ? "Rehearse on a copy of a database that has it, with --server URL --template NAME"
      : "Rehearse on a copy of a database that has it, with --template NAME";
  return `The deployed migration ${file.path} does not run in PostgreSQL ${server.version} (line ${line}: ${error.message.replace(/\.$/, "")}, SQLSTATE ${error.sqlstate}). ${way}, or correct the history.`;
}
