import type { RelationId } from "../model/effects.ts";
import { compareObserved } from "../model/observation.ts";
import type { MigrationView } from "../model/step.ts";
import { type Range, position } from "../source/text.ts";
import type { Statement } from "../sql/statement.ts";
import { type Attempt, converse } from "./stage/conversation.ts";
import type { Observation } from "./observation.ts";
import { type HeldBack, heldBack, makeMissingRole, needsLeftOut } from "./outside.ts";
import type { RehearsalPlan } from "../model/plan.ts";
import { type ForeignKeyRows, type KeyedRows, census, keyedRows, taken } from "./rows/index.ts";
import type {
  Cleanup,
  KeyCensus,
  LeftOut,
  MigrationFailure,
  RehearsedMigration,
  RehearsedStatement,
  DatabaseError,
} from "../evidence/rehearsal.ts";
import { dependent } from "./replay.ts";
import { type Limit, type Session, SessionLost } from "./stage/session.ts";
import { type Hurt, trier } from "./trial.ts";

export interface Deployment {
  readonly session: Session;
  readonly plan: RehearsalPlan;
  readonly execution: "batch" | "split";
  readonly limit: Limit;
  readonly heldBack: HeldBack;
  /** Rows made to hurt, that are there when the deployment begins. */
  readonly hurts: readonly Hurt[];
  /** Whether rows were made up at all: what fails on rows of somebody's own fails. */
  readonly madeUp: boolean;
  /** What was left out so far; grows. */
  readonly leftOut: LeftOut[];
}

/** Runs one pending migration as Prisma would and says what happened. It does not fail: what goes wrong is the result. */
export async function deploy(deployment: Deployment, migration: MigrationView): Promise<RehearsedMigration> {
  const { session, plan, execution, limit } = deployment;
  const { file } = migration;
  const base = { id: migration.id, path: migration.path, file };
  // PostgreSQL parses a message as a whole; Prisma sends a file that cannot be split as one.
  if (migration.errors.length > 0) return unreadable(deployment, migration);
  const conversation = converse(session, migration, execution, limit);
  const try_ = trier(session, deployment.hurts, deployment.madeUp);
  const statements: RehearsedStatement[] = [];
  let failure: MigrationFailure | undefined;
  let stopped: RehearsedMigration["outcome"] | undefined;
  for (const statement of migration.statements) {
    const { index, range } = statement;
    const rest = {
      index,
      range,
      transaction: conversation.members[index]?.id ?? null,
      disagreements: [],
      trials: [],
      cleanups: [],
      notices: [],
    };
    if (stopped) {
      statements.push({ ...rest, outcome: "not reached" });
      continue;
    }
    const held = heldBack(deployment.heldBack, migration, statement);
    if (held) {
      deployment.leftOut.push(held);
      statements.push({ ...rest, outcome: "left out", leftOut: held });
      continue;
    }
    const keys = writesRows(statement) ? foreignKeys(deployment.hurts, migration, index) : [];
    let before = await looked(session, keys);
    const trial = await try_.begin(migration, index);
    const committed = conversation.committed();
    const attempt: Attempt = (observe, undo) =>
      trial.attempt(async () => {
        // Rows went before it is tried again.
        if (trial.error()) before = await looked(session, keys);
        return observe();
      }, undo);
    const say = (): Promise<Observation> =>
      conversation.say(statement, attempt).catch((lost: unknown): never => {
        if (!(lost instanceof SessionLost)) throw lost;
        throw new SessionLost(`${lost.message} It ran ${file.path}:${position(file, range.start).line}.`);
      });
    let said = await say();
    // Each role that is not there is told of alone.
    for (let roles = 0; roles < 20 && said.error && (await makeMissingRole(session, said.error)); roles++)
      said = await say();
    const { error, observed, notices } = said;
    const hurt = trial.error();
    const place = (at: DatabaseError): Range => errorRange(migration, range, at);
    if (hurt) failure ??= { error: hurt, index, range: place(hurt), on: "hurting rows", committed };
    if (error) {
      const why = needsLeftOut(error, deployment.leftOut);
      if (why !== undefined && !session.lost) {
        const leftOut = dependent(migration, statement, why);
        deployment.leftOut.push(leftOut);
        statements.push({ ...rest, outcome: "left out", leftOut });
        continue;
      }
      // Without the rows made to hurt it fails too: that is the failure to tell.
      failure = { error, index, range: place(error), on: "any rows", committed };
      stopped = error.timedOut ? "timed out" : "failed";
      statements.push({
        ...rest,
        outcome: stopped,
        error: { ...error, on: "any rows" },
        trials: trial.results("failed"),
      });
      continue;
    }
    const predicted = plan.predicted.get(migration)?.get(index);
    const after = await looked(session, keys);
    statements.push({
      ...rest,
      outcome: "done",
      notices,
      observed,
      ...(hurt && { error: { ...hurt, on: "hurting rows" } }),
      disagreements: predicted && observed ? compareObserved(predicted, observed).disagreements : [],
      trials: trial.results("done"),
      cleanups: keys.flatMap(({ born: _, ...key }, i) => cleanup(key, before[i], after[i])),
    });
  }
  const unclosed = conversation.unclosed();
  await conversation.end();
  return { ...base, outcome: stopped ?? (unclosed ? "unclosed" : "applied"), statements, failure };
}

/** As one message: PostgreSQL says what is wrong with it, before it runs any of it. */
async function unreadable({ session, limit }: Deployment, migration: MigrationView): Promise<RehearsedMigration> {
  const { id, path, file } = migration;
  const ran = await session.run(file.text, limit);
  if (ran.ok) return { id, path, file, outcome: "applied", statements: [] };
  await session.run("rollback");
  const whole = { start: 0, end: file.text.length };
  return {
    id,
    path,
    file,
    outcome: ran.error.timedOut ? "timed out" : "failed",
    statements: [],
    failure: { error: ran.error, range: errorRange(migration, whole, ran.error), on: "any rows", committed: [] },
  };
}

/** The word that PostgreSQL points at, else the statement. */
function errorRange({ file }: MigrationView, range: Range, { offset }: DatabaseError): Range {
  if (offset === undefined) return range;
  const start = Math.min(range.start + offset, range.end);
  const word = /^(?:"(?:[^"]|"")*"|[\p{L}\p{N}_$]+|\S)/u.exec(file.text.slice(start, range.end))?.[0] ?? "";
  return { start, end: start + word.length };
}

interface Look {
  readonly counts: KeyCensus;
  readonly rows: KeyedRows | undefined;
}

/** One after the other: a session answers one question at a time. */
async function looked(session: Session, keys: readonly KeyToCome[]): Promise<readonly (Look | undefined)[]> {
  const looks: (Look | undefined)[] = [];
  for (const key of keys) {
    const counts = await census(session, key);
    looks.push(counts && { counts, rows: await keyedRows(session, key, { others: keys, born: key.born }) });
  }
  return looks;
}

function cleanup(key: ForeignKeyRows, before: Look | undefined, after: Look | undefined): Cleanup[] {
  if (!before || !after) return [];
  return [
    {
      ...key,
      before: before.counts,
      after: after.counts,
      ...(before.rows && after.rows && { took: taken(before.rows, after.rows) }),
    },
  ];
}

const WRITES: ReadonlySet<string> = new Set([
  "insertRows",
  "updateRows",
  "deleteRows",
  "mergeRows",
  "truncate",
  "call",
  "opaque",
  "select",
  "copy",
]);

const writesRows = (statement: Statement): boolean => statement.operations.some(({ kind }) => WRITES.has(kind));

interface KeyToCome extends ForeignKeyRows {
  /** The deployment itself adds columns of the child's key. */
  readonly born: boolean;
}

/** Foreign keys that this statement or a later one of the deployment checks: what is done to their rows before is a cleanup. */
function foreignKeys(hurts: readonly Hurt[], migration: MigrationView, index: number): readonly KeyToCome[] {
  const found = new Map<string, KeyToCome>();
  let passed = hurts.some((hurt) => hurt.migration === migration);
  for (const { migration: at, statement, hurting } of hurts) {
    const { kind, relation, columns, parent, parentColumns } = hurting.failure;
    if (at === migration) passed = false;
    if (
      passed ||
      kind !== "orphans" ||
      parent === undefined ||
      parentColumns === undefined ||
      (at === migration && statement < index)
    )
      continue;
    found.set(keyOf(relation, columns, parent, parentColumns), {
      child: relation,
      columns,
      parent,
      parentColumns,
      born: hurting.columnsAdded ?? false,
    });
  }
  return [...found.values()];
}

const keyOf = (...parts: readonly (RelationId | readonly string[])[]): string => JSON.stringify(parts);
