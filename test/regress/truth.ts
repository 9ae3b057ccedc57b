import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Session, Stage } from "../../src/rehearsal/stage/session.ts";
import { type Sent, sentByPsql } from "./psql.ts";
import type { Scripts } from "./source.ts";

/** What PostgreSQL made of one statement. */
export interface Outcome extends Sent {
  readonly ok: boolean;
  readonly sqlstate?: string;
  readonly message?: string;
}

const SETUP = "test_setup";
/** Milliseconds for a statement. */
const LIMIT = 15_000;
/** How often a script may end its database: after that the rest of it is left out. */
const RESTARTS = 4;

/** Runs each script in a database of its own, after the suite's setup, and keeps what came out. */
export async function truthOf(
  stage: Stage,
  scripts: Scripts,
  { name, text }: Scripts["files"][number],
): Promise<readonly Outcome[]> {
  const setup = scripts.files.find((file) => file.name === SETUP)?.text ?? "";
  const key = createHash("sha256")
    .update(JSON.stringify([1, stage.server.version, setup, text]))
    .digest("hex");
  const kept = join(scripts.cache, `${name}-${key.slice(0, 16)}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, "utf8")) as Outcome[];
  const outcomes = await run(stage, sentByPsql(text), name === SETUP ? [] : sentByPsql(setup));
  writeFileSync(kept, JSON.stringify(outcomes));
  return outcomes;
}

/** The statements of the setup that run, as every other script finds them done. */
export const isSetup = (name: string): boolean => name === SETUP;

async function run(stage: Stage, sent: readonly Sent[], setup: readonly Sent[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let session = await prepared(stage, setup);
  let restarts = 0;
  for (const each of sent) {
    if (each.fromStdin) {
      outcomes.push({ ...each, ok: false, sqlstate: "57014", message: "its rows are not sent" });
      continue;
    }
    if (session.lost && restarts === RESTARTS) break;
    if (session.lost) {
      restarts++;
      session = await prepared(stage, setup);
      // What ran before the statement that ended the database.
      for (const { sql, ok } of outcomes) if (ok) await session.run(sql, { time: LIMIT });
    }
    outcomes.push({ ...each, ...(await outcomeOf(session, each.sql)) });
  }
  await session.close();
  return outcomes;
}

async function outcomeOf(session: Session, sql: string): Promise<Pick<Outcome, "ok" | "sqlstate" | "message">> {
  try {
    const ran = await session.run(sql, { time: LIMIT });
    return ran.ok ? { ok: true } : { ok: false, sqlstate: ran.error.sqlstate, message: ran.error.message };
  } catch (error) {
    return { ok: false, sqlstate: "58000", message: String(error) };
  }
}

async function prepared(stage: Stage, setup: readonly Sent[]): Promise<Session> {
  const key = `regress ${setup.length}`;
  const kept = await stage.restore(key);
  if (kept) return kept;
  const opened = await stage.fresh();
  if (!opened.ok) throw new Error(opened.message);
  for (const { sql, fromStdin } of setup) if (!fromStdin) await opened.value.run(sql, { time: LIMIT });
  return stage.keep(opened.value, key);
}
