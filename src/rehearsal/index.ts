import type { History } from "../source/history.ts";
import type { Outcome } from "../source/outcome.ts";
import { failure, success } from "../source/outcome.ts";
import { readHistory } from "../model/walk.ts";
import type { MigrationView } from "../model/step.ts";
import type { RehearseInput } from "./input.ts";
import { deploy } from "./deployment.ts";
import { type Memo, deployedState, emptyTables, fill, snapshotKey } from "./deployed-state.ts";
import { type RehearsalPlan, plan, predictedFailures } from "../model/plan.ts";
import type { Rehearsal, RehearsalRun, RehearsedMigration } from "../evidence/rehearsal.ts";
import { freshState, replay } from "./replay.ts";
import { type Hurting, addHurtingRows } from "./rows/index.ts";
import { type Limit, type Session, SessionLost } from "./stage/session.ts";
import type { Hurt } from "./trial.ts";

/** Replays, fills, deploys, watches. Fails with one sentence where the deployed state cannot be made; what pending migrations do wrong is the result. */
export async function rehearse(input: RehearseInput): Promise<Outcome<Rehearsal>> {
  const { stage, rows, seed, hurt, data, template } = input;
  const runs: RehearsalRun[] = [];
  const memos = new Map<string, Memo>();
  try {
    for (const history of input.histories) {
      for (const execution of input.executions) {
        const run = await rehearseHistory(input, history, execution, memos);
        if (!run.ok) return run;
        runs.push(run.value);
      }
    }
  } catch (error) {
    if (input.signal?.aborted) return failure("The rehearsal was stopped; nothing of it is left.");
    if (error instanceof SessionLost)
      return failure(
        `${error.message}${stage.server.kind === "embedded" ? " Rehearse on a server with --server URL." : ""}`,
      );
    throw error;
  }
  return success({
    server: stage.server,
    rows: { perTable: rows, seed, hurt, ...(data && { data: data.path }), ...(template !== undefined && { template }) },
    runs,
  });
}

async function rehearseHistory(
  input: RehearseInput,
  history: History,
  execution: "batch" | "split",
  memos: Map<string, Memo>,
): Promise<Outcome<RehearsalRun>> {
  const started = performance.now();
  const { stage, deployments } = input;
  const key = snapshotKey(input, history);
  // An embedded database starts on another thread, while the history is read on this one.
  stage.prewarm?.(key);
  const planned = plan(readHistory(history, input.reader, execution), execution, stage.server.major, deployments);
  const state = await deployedState(input, planned, key, await stage.restore(key), memos);
  if (!state.ok) return state;
  const { heldBack, cached, unfilled } = state.value;
  let { session } = state.value;
  const leftOut = [...state.value.leftOut];
  const migrations: RehearsedMigration[] = [];
  let hurts: readonly Hurt[] = deployments === "one" ? await makeHurt(input, session, planned, planned.pending) : [];
  let goesOn = true;
  for (const [index, migration] of planned.pending.entries()) {
    input.signal?.throwIfAborted();
    input.progress?.({ step: "pending", done: index, of: planned.pending.length, migration: migration.id });
    if (!goesOn) {
      migrations.push(notReached(migration));
      continue;
    }
    if (deployments === "each") {
      await fill(input, session, index > 0);
      hurts = await makeHurt(input, session, planned, [migration]);
    }
    const deployed = await deploy(
      {
        session,
        plan: planned,
        execution,
        limit: input.limit,
        heldBack,
        hurts,
        madeUp: input.hurt || input.rows > 0,
        leftOut,
      },
      migration,
    );
    goesOn =
      deployed.outcome !== "timed out" &&
      (deployed.outcome !== "failed" ||
        (deployments === "each" && (await passOver(session, migration, deployed, input.limit))));
    migrations.push(deployed);
  }
  const downs = planned.pending.filter(
    (migration) => migration.down && migrations.some(({ id, outcome }) => id === migration.id && outcome === "applied"),
  );
  for (const [index, migration] of downs.entries()) {
    const { down } = migration;
    if (!down) continue;
    input.signal?.throwIfAborted();
    const { verifyDown } = await import("./down/verification.ts");
    input.progress?.({ step: "down", done: index, of: downs.length, migration: migration.id });
    const restored = await stage.restore(key);
    if (!restored) throw new Error("The deployed state was not kept.");
    session = restored;
    const upTo = planned.pending.indexOf(migration);
    const earlier = planned.pending.slice(0, upTo);
    // Where rows are in the way, only the schema can make the round trip.
    if (migrations.slice(0, upTo + 1).some((each) => each.failure)) await emptyTables(session);
    const before = await replay(session, earlier, { heldBack, limit: input.limit });
    if (!before.ok) continue;
    const at = migrations.findIndex(({ id }) => id === migration.id);
    migrations[at] = {
      ...migrations[at]!,
      down: await verifyDown(session, { migration, down, reader: input.reader, heldBack, limit: input.limit }),
    };
  }
  return success({
    root: history.root,
    execution,
    deployed: { migrations: planned.deployed.length, cached, leftOut: state.value.leftOut },
    unfilled,
    migrations,
    milliseconds: performance.now() - started,
  });
}

/** A migration of a whole history did run in production, where the rows were others: the next ones are rehearsed on what it leaves in empty tables. */
async function passOver(
  session: Session,
  migration: MigrationView,
  { failure }: RehearsedMigration,
  limit: Limit,
): Promise<boolean> {
  await freshState(session);
  await emptyTables(session);
  for (const { index, range } of migration.statements) {
    if (failure?.committed.includes(index)) continue;
    if (!(await session.run(migration.file.text.slice(range.start, range.end), limit)).ok) return false;
  }
  return true;
}

const notReached = ({ id, path, file, statements }: MigrationView): RehearsedMigration => ({
  id,
  path,
  file,
  outcome: "not reached",
  statements: statements.map(({ index, range }) => ({
    index,
    range,
    outcome: "not reached",
    transaction: null,
    disagreements: [],
    trials: [],
    cleanups: [],
    notices: [],
  })),
});

async function makeHurt(
  input: RehearseInput,
  session: Session,
  planned: RehearsalPlan,
  migrations: readonly MigrationView[],
): Promise<readonly Hurt[]> {
  // No rows are made that cannot be there.
  const predicted = predictedFailures(planned, migrations).filter(
    ({ failure: { preparation } }) => !(preparation.verdict === "done" && preparation.settled),
  );
  const failures = predicted.map(({ failure }) => failure);
  // Rows that satisfy everything may still make a statement fail: what foresees that is there without rows of its own too.
  const hurting = input.hurt
    ? await addHurtingRows(session, failures, {
        seed: input.seed,
        statements: migrations.flatMap(({ statements }) => statements),
      })
    : failures.map((each): Hurting => ({ failure: each, rows: "", count: 0, why: "none were asked for" }));
  return predicted.flatMap(({ migration, statement, failure }) => {
    const made = hurting.find((each) => each.failure === failure);
    return made ? [{ migration, statement, hurting: made }] : [];
  });
}
