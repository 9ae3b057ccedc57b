import { readHistory } from "../../model/walk.ts";
import type { MigrationView } from "../../model/step.ts";
import type { History } from "../../source/history.ts";
import { type Outcome, failure, success } from "../../source/outcome.ts";
import type { Reader } from "../../sql/statement.ts";
import { engineSteps } from "./engine.ts";
import { qualified } from "./names.ts";
import { beyondUndoing, notesOf } from "./notes.ts";
import { planDown } from "./plan.ts";
import { renamesBack } from "./renames.ts";
import { type PlannedStatement, type RunStatement, runSteps } from "./run.ts";
import { type Note, PHASE, nameOf } from "./step.ts";
import { type DownFile, downText } from "./text.ts";
import { type Fingerprint, compareFingerprints, fingerprint, reorderedRelations } from "../schema/fingerprint.ts";
import { type HeldBack, heldBack, needsLeftOut, whatIsHeldBack } from "../outside.ts";
import type { CatalogDifference } from "../../model/observation.ts";
import type { LeftOut, DatabaseError } from "../../evidence/rehearsal.ts";
import { dependent, freshState, replay } from "../replay.ts";
import { type Description, describeForPrisma } from "../schema/engine.ts";
import type { Limit, Session, Stage } from "../stage/session.ts";
import type { ProjectFacts } from "../../advice/programs/facts.ts";

export type { Note } from "./step.ts";

/** A down.sql that has been run. */
export interface WrittenDown extends DownFile {
  readonly statements: readonly RunStatement[];
  /** What no statement says: rows that the migration deletes, columns in another order. */
  readonly beyond: readonly Note[];
  /** Of the schema before the migration and after its down.sql; empty where it is restored. */
  readonly differences: readonly CatalogDifference[];
  /** What of the migration could not be run, so that nothing undoes it. */
  readonly leftOut: readonly LeftOut[];
}

export interface DownInput {
  readonly migration: MigrationView;
  /** Of the down.sql, for the command in its header. */
  readonly path: string;
  /** Of the project, for the same command; npm and a new Prisma if absent. */
  readonly facts?: ProjectFacts;
  /** Settled by `load` already. */
  readonly reader: Reader;
  readonly heldBack: HeldBack;
  /** For each message. */
  readonly limit: Limit;
}

export interface HistoryDownInput extends Omit<DownInput, "migration" | "heldBack" | "path"> {
  readonly mayReachOutside: boolean;
  /** Where the file will be; beside migration.sql if absent. */
  readonly path?: string;
}

/** Writes the down.sql of one migration of a history, in a fresh database of the stage, with all migrations before it. */
export async function writeDown(
  stage: Stage,
  history: History,
  id: string,
  input: HistoryDownInput,
): Promise<Outcome<WrittenDown>> {
  const views = readHistory(history, input.reader, "batch");
  const at = views.findIndex((view) => view.id === id);
  const migration = views[at];
  if (migration === undefined) return failure(`There is no migration ${id} with a migration.sql in ${history.root}.`);
  const fresh = await stage.fresh();
  if (!fresh.ok) return fresh;
  const session = fresh.value;
  try {
    const heldBack = await whatIsHeldBack(session, input.mayReachOutside);
    const before = await replay(session, views.slice(0, at), { heldBack, limit: input.limit });
    if (!before.ok) return before;
    return await writeDownIn(
      session,
      { ...input, migration, heldBack, path: input.path ?? `${migration.path}/down.sql` },
      before.value,
    );
  } finally {
    if (!session.lost) await session.close();
  }
}

/**
 * Writes the down.sql of a migration. `session` holds the schema before it, no rows needed; afterwards it holds what up and down left.
 * Fails with a sentence where the migration does not run.
 */
export async function writeDownIn(
  session: Session,
  input: DownInput,
  leftOutBefore: readonly LeftOut[] = [],
): Promise<Outcome<WrittenDown>> {
  const { migration, path, reader } = input;
  const before = await fingerprint(session);
  const described = await describeForPrisma(session);
  const leftOut: LeftOut[] = [];
  const error = await runUp(session, input, leftOutBefore, leftOut);
  if (error !== undefined) {
    return failure(
      `The migration ${migration.path} does not run in PostgreSQL ${session.server.version}, so that nothing can lead back from it: ${error.message.replace(/\.$/, "")} (SQLSTATE ${error.sqlstate}). Correct it first.`,
    );
  }
  const after = await fingerprint(session);
  const found = await bestWay(session, before, described.ok ? described.value : undefined, input);
  const statements = found.done.map((statement) => ({
    ...statement,
    notes: statement.notes ?? notesOf(reader.read(statement.sql).statements.flatMap(({ operations }) => operations)),
  }));
  const file = (beyond: readonly Note[], differences: readonly CatalogDifference[]): DownFile =>
    downText({
      id: migration.id,
      path,
      facts: input.facts ?? { packageManager: "npm" },
      version: session.server.version,
      withoutRows: found.withoutRows,
      statements,
      beyond,
      differences,
      leftOut,
    });
  if (found.withoutRows) await removeRows(session);
  const ran = await session.run(file([], []).text, input.limit);
  if (!ran.ok)
    return failure(
      `The statements that lead back from ${migration.path} run one by one, but not as one script: ${ran.error.message} (SQLSTATE ${ran.error.sqlstate}). Write its down.sql by hand, and please report it.`,
    );
  const restored = await fingerprint(session);
  const differences = compareFingerprints(before, restored);
  const reordered = new Set(reorderedRelations(before, restored));
  const order = before.definitions.relations.flatMap((relation): Note[] =>
    reordered.has(nameOf(relation))
      ? [{ kind: "lost before", text: `Cannot bring back: the order of the columns of ${qualified(relation)}` }]
      : [],
  );
  const beyond = [
    ...beyondUndoing(
      migration.statements.flatMap(({ operations }) => operations),
      tablesMade(before, after),
    ),
    ...order,
  ];
  return success({ ...file(beyond, differences), statements, beyond, differences, leftOut });
}

/** As one message; statement by statement where that is refused or some must be left out. Then the session is as a new connection finds it. */
async function runUp(
  session: Session,
  { migration, heldBack: held, limit }: DownInput,
  before: readonly LeftOut[],
  leftOut: LeftOut[],
): Promise<DatabaseError | undefined> {
  const refused = new Map(migration.statements.map((statement) => [statement, heldBack(held, migration, statement)]));
  const ran = [...refused.values()].some((reason) => reason !== undefined)
    ? undefined
    : await session.run(migration.file.text, limit);
  if (ran?.ok === false && (session.lost || migration.statements.length === 0)) return ran.error;
  if (ran?.ok !== true) {
    await session.run("ROLLBACK");
    for (const [statement, reason] of refused) {
      if (reason !== undefined) leftOut.push(reason);
      else {
        const alone = await session.run(migration.file.text.slice(statement.range.start, statement.range.end), limit);
        if (alone.ok) continue;
        const why = alone.error.timedOut ? undefined : needsLeftOut(alone.error, [...before, ...leftOut]);
        // What it says as a whole is what Prisma would say.
        if (why === undefined) return ran?.ok === false ? ran.error : alone.error;
        leftOut.push(dependent(migration, statement, why));
        await session.run("ROLLBACK");
      }
    }
  }
  await freshState(session);
  return undefined;
}

/** Tables that were not there before, under no name: what was done to their rows goes with them. */
function tablesMade(before: Fingerprint, after: Fingerprint): ReadonlySet<string> {
  const known = new Set(before.definitions.relations.flatMap((relation) => [relation.oid, nameOf(relation)]));
  return new Set(
    after.definitions.relations.flatMap((relation) =>
      known.has(relation.oid) || known.has(nameOf(relation)) ? [] : [qualified(relation)],
    ),
  );
}

interface Way {
  readonly done: readonly PlannedStatement[];
  /** How many are left at its end. */
  readonly differences: number;
  /** It runs only where the rows that migrations insert are not there. */
  readonly withoutRows: boolean;
}

/** With the engine, then from the catalog alone; with the rows that migrations insert, then without: they may not satisfy what was required before. The first that leads all the way back. */
async function bestWay(
  session: Session,
  before: Fingerprint,
  described: Description | undefined,
  input: DownInput,
): Promise<Way> {
  let best: Way | undefined;
  for (const withoutRows of [false, true]) {
    for (const from of described === undefined ? [undefined] : [described, undefined]) {
      const way = { ...(await leadBack(session, before, from, input, withoutRows)), withoutRows };
      if (best === undefined || way.differences < best.differences) best = way;
      if (way.differences === 0) return way;
    }
  }
  return best!;
}

async function removeRows(session: Session): Promise<void> {
  const { relations } = (await fingerprint(session)).definitions;
  const tables = relations.flatMap((relation) =>
    relation.kind === "r" || relation.kind === "p" ? [qualified(relation)] : [],
  );
  if (tables.length > 0) await session.query(`truncate ${tables.join(", ")}`);
}

/** How often the rest is planned: dropping what is in the way makes new gaps. */
const ROUNDS = 6;

/** Finds statements that lead from what the session holds to `before`, by running them in a transaction that is taken back. */
async function leadBack(
  session: Session,
  before: Fingerprint,
  described: Description | undefined,
  { reader, limit }: DownInput,
  withoutRows: boolean,
): Promise<{ readonly done: readonly PlannedStatement[]; readonly differences: number }> {
  const done: PlannedStatement[] = [];
  const wanted = before.definitions;
  const run = async (steps: Parameters<typeof runSteps>[1]): Promise<number> => {
    const ran = await runSteps(session, steps, limit);
    done.push(...ran);
    return ran.length;
  };
  await session.query("begin");
  try {
    if (withoutRows) await removeRows(session);
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
