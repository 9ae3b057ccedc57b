import { createHash } from "node:crypto";
import type { MigrationView } from "../model/step.ts";
import type { History } from "../source/history.ts";
import type { Outcome } from "../source/outcome.ts";
import { failure, success } from "../source/outcome.ts";
import { literal } from "../sql/names.ts";
import { type HeldBack, whatIsHeldBack } from "./outside.ts";
import type { RehearsalPlan } from "../model/plan.ts";
import type { LeftOut, RehearsalRun } from "../evidence/rehearsal.ts";
import type { RehearseInput } from "./input.ts";
import { freshState, replay } from "./replay.ts";
import { fillTables } from "./rows/index.ts";
import type { Session } from "./stage/session.ts";

/** Also rows that a migration inserted go. */
export async function emptyTables(session: Session): Promise<void> {
  const tables = await session.query<{ name: string }>(
    "select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema$)'",
  );
  if (tables.length > 0) await session.query(`truncate ${tables.map(({ name }) => name).join(", ")}`);
}

export interface DeployedState {
  readonly session: Session;
  readonly heldBack: HeldBack;
  readonly cached: boolean;
  readonly leftOut: readonly LeftOut[];
  readonly unfilled: RehearsalRun["unfilled"];
}

/** The schema of the deployed migrations, filled with rows; `kept` is the session of a snapshot, where there is one. */
export async function deployedState(
  input: RehearseInput,
  { deployed, pending }: RehearsalPlan,
  key: string,
  kept: Session | undefined,
  memos: Map<string, Memo>,
): Promise<Outcome<DeployedState>> {
  const { stage } = input;
  if (kept) {
    const memo = memos.get(key) ?? (await readMemo(kept, deployed));
    return success({
      session: kept,
      heldBack: await whatIsHeldBack(kept, input.mayReachOutside),
      cached: true,
      ...memo,
    });
  }
  const opened = await stage.fresh();
  if (!opened.ok) return opened;
  const session = opened.value;
  const heldBack = await whatIsHeldBack(session, input.mayReachOutside);
  let leftOut: readonly LeftOut[] = [];
  if (input.template === undefined) {
    const replayed = await replay(session, deployed, {
      heldBack,
      limit: input.limit,
      progress: (done) => {
        input.signal?.throwIfAborted();
        input.progress?.({ step: "deployed", done, of: deployed.length });
      },
    });
    if (!replayed.ok) return replayed;
    leftOut = replayed.value;
  }
  if (input.data) {
    const ran = await session.run(input.data.text, input.limit);
    if (!ran.ok)
      return failure(
        `${input.data.path} (--data) does not run after the deployed migrations: ${ran.error.message} (SQLSTATE ${ran.error.sqlstate}). Correct it, or leave it out.`,
      );
    await freshState(session);
  }
  input.progress?.({ step: "rows", done: 0, of: 1 });
  const unfilled = await fill(input, session, false);
  memos.set(key, { leftOut, unfilled });
  if (stage.server.kind === "embedded") await writeMemo(session, { leftOut, unfilled });
  const wanted = pending.some((migration) => migration.down) || stage.server.kind === "embedded";
  return success({
    session: wanted ? await stage.keep(session, key, deployed.length > 0) : session,
    heldBack,
    cached: false,
    leftOut,
    unfilled,
  });
}

/** Everything that decides what the deployed state is: another version of lockstep may make other rows. */
export function snapshotKey(input: RehearseInput, { migrations }: History): string {
  const hash = createHash("sha256");
  for (const { id, state, up } of migrations) if (state === "history" && up) hash.update(JSON.stringify([id, up.text]));
  hash.update(
    JSON.stringify([input.version, input.rows, input.seed, input.data?.text, input.template, input.mayReachOutside]),
  );
  return hash.digest("hex");
}

/** Rows for every empty table, as the user asked for them. */
export async function fill(input: RehearseInput, session: Session, again: boolean): Promise<RehearsalRun["unfilled"]> {
  if (input.rows === 0 || (input.template !== undefined && !again)) return [];
  const { unfilled } = await fillTables(session, { rows: input.rows, seed: input.seed });
  return unfilled;
}

/** What was said while a state was made. */
export interface Memo {
  readonly leftOut: readonly LeftOut[];
  readonly unfilled: RehearsalRun["unfilled"];
}

/** What was said while the state was made is told again when another rehearsal takes the snapshot: it is kept as the database's comment, which no schema shows. */
async function writeMemo(session: Session, { leftOut, unfilled }: Memo): Promise<void> {
  const text = JSON.stringify({ leftOut: leftOut.map(({ file: _, ...rest }) => rest), unfilled });
  await session.query(`comment on database ${DATABASE} is ${literal(text)}`);
}

const DATABASE = "postgres";

async function readMemo(session: Session, deployed: readonly MigrationView[]): Promise<Memo> {
  const [row] = await session.query<{ text: string | null }>(
    `select shobj_description(oid, 'pg_database') as text from pg_database where datname = '${DATABASE}'`,
  );
  if (row?.text == null) return { leftOut: [], unfilled: [] };
  const { leftOut, unfilled } = JSON.parse(row.text) as {
    leftOut: Omit<LeftOut, "file">[];
    unfilled: RehearsalRun["unfilled"];
  };
  return {
    unfilled,
    leftOut: leftOut.flatMap((each) =>
      deployed.filter(({ id }) => id === each.migration).map(({ file }) => ({ ...each, file })),
    ),
  };
}
