import { type Outcome, failure, success } from "../../source/outcome.ts";
import type { Reader } from "../../sql/statement.ts";
import { engineSteps } from "./down-engine.ts";
import { beyondUndoing, notesOf } from "./down-notes.ts";
import { planDown } from "./down-plan.ts";
import { renamesBack } from "./down-renames.ts";
import { type RunStatement, runSteps } from "./down-run.ts";
import { type Note, PHASE } from "./down-step.ts";
import { downText } from "./down-text.ts";
import { type Fingerprint, compareFingerprints, fingerprint, reorderedRelations } from "./fingerprint.ts";
import type { CatalogDifference } from "./rehearsal.ts";
import { type Description, describeForPrisma } from "./schema-engine.ts";
import type { DatabaseError, Session } from "./session.ts";

export type { Note } from "./down-step.ts";

/** A down.sql that has been run. */
export interface WrittenDown {
  /** Of the file. */
  readonly text: string;
  readonly statements: readonly RunStatement[];
  /** What no statement says: rows that the migration deletes, columns in another order. */
  readonly beyond: readonly Note[];
  /** Of the schema before the migration and after its down.sql; empty where it is restored. */
  readonly differences: readonly CatalogDifference[];
}

export interface DownInput {
  /** Folder's name, as in the ledger. */
  readonly id: string;
  readonly text: string;
  /** Of the down.sql, for the command in its header. */
  readonly path: string;
  /** Settled by `load` already. */
  readonly reader: Reader;
}

/**
 * Writes the down.sql of a migration. `session` holds the schema before it, no rows needed; afterwards it holds what up and down left.
 * Fails with a sentence where the migration does not run.
 */
export async function writeDownIn(session: Session, { id, text, path, reader }: DownInput): Promise<Outcome<WrittenDown>> {
  const before = await fingerprint(session);
  const described = await describeForPrisma(session);
  const error = await runUp(session, text, reader);
  if (error !== undefined) return failure(`The migration ${id} does not run in PostgreSQL ${session.server.version}, so that nothing can lead back from it: ${error.message} (SQLSTATE ${error.sqlstate}).`);
  const after = await fingerprint(session);
  let statements = described.ok ? await leadBack(session, before, described.value, reader) : undefined;
  // Where the engine's way does not lead all the way back, the catalog's alone may.
  if (statements === undefined || statements.differences > 0) {
    const alone = await leadBack(session, before, undefined, reader);
    if (statements === undefined || alone.differences < statements.differences) statements = alone;
  }
  const noted = statements.done.map((statement) => ({ ...statement, notes: statement.notes.length > 0 ? statement.notes : notesOf(reader.read(statement.sql).statements.flatMap(({ operations }) => operations)) }));
  const undone = beyondUndoing(reader.read(text).statements.flatMap(({ operations }) => operations));
  const body = downText({ id, path, version: session.server.version, statements: noted, beyond: undone, differences: [] });
  const ran = await session.run(body);
  if (!ran.ok) throw new Error(`The statements of a down.sql run one by one, but not as one script: ${ran.error.message}`);
  const restored = await fingerprint(session);
  const differences = compareFingerprints(before, restored);
  const reordered = reorderedRelations(before, restored).map((relation): Note => ({ kind: "lost before", text: `Cannot bring back: the order of the columns of ${relation.replace(/^public\./, "")}` }));
  const beyond = [...undone, ...reordered];
  void after;
  return success({ text: downText({ id, path, version: session.server.version, statements: noted, beyond, differences }), statements: noted, beyond, differences });
}

/** As Prisma would, one message or one statement at a time; then as a new connection finds it. */
async function runUp(session: Session, text: string, reader: Reader): Promise<DatabaseError | undefined> {
  const whole = await session.run(text);
  let error = whole.ok ? undefined : whole.error;
  if (!whole.ok) {
    await session.run("ROLLBACK");
    for (const { range } of reader.read(text).statements) {
      const ran = await session.run(text.slice(range.start, range.end));
      if (!ran.ok) {
        await session.run("ROLLBACK");
        return error;
      }
    }
    error = undefined;
  }
  await session.run("ROLLBACK");
  await session.query("discard all");
  await session.query("set timezone = 'UTC'");
  return error;
}

/** How often the rest is planned: dropping what is in the way makes new gaps. */
const ROUNDS = 6;

/** Finds statements that lead from what the session holds to `before`, by running them in a transaction that is taken back. */
async function leadBack(session: Session, before: Fingerprint, described: Description | undefined, reader: Reader): Promise<{ readonly done: readonly RunStatement[]; readonly differences: number }> {
  const done: RunStatement[] = [];
  const wanted = before.definitions;
  const run = async (steps: Parameters<typeof runSteps>[1]): Promise<number> => {
    const ran = await runSteps(session, steps);
    done.push(...ran);
    return ran.length;
  };
  await session.query("begin");
  try {
    let now = await fingerprint(session);
    const renames = renamesBack(now.definitions, wanted);
    if (renames.length > 0) {
      await run(renames);
      now = await fingerprint(session);
      // The old name may be taken by something that the migration made.
      if (renamesBack(now.definitions, wanted).length > 0) {
        await run(planDown(now.definitions, wanted).filter(({ phase }) => phase < PHASE.rename));
        await run(renamesBack((await fingerprint(session)).definitions, wanted));
        now = await fingerprint(session);
      }
    }
    if (described !== undefined) {
      await run(planDown(now.definitions, wanted).filter(({ phase, visible }) => phase < PHASE.dropTables && !visible));
      await run(await engineSteps(session, described, reader));
      now = await fingerprint(session);
    }
    let differences = compareFingerprints(before, now).length;
    for (let round = 0; round < ROUNDS && differences > 0; round++) {
      if ((await run(planDown(now.definitions, wanted))) === 0) break;
      now = await fingerprint(session);
      differences = compareFingerprints(before, now).length;
    }
    return { done, differences };
  } finally {
    await session.run("ROLLBACK");
  }
}
