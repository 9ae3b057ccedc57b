import { embeddedStage } from "../../src/rehearsal/stage/embedded/index.ts";
import { EXTENSIONS } from "../../src/rehearsal/stage/extensions.ts";
import { type Observation, observeAlone, observeInTransaction } from "../../src/rehearsal/observation.ts";
import { serverStage } from "../../src/rehearsal/stage/server/index.ts";
import type { Session, Stage } from "../../src/rehearsal/stage/session.ts";
import type { Observed } from "../../src/model/observation.ts";
import { control } from "../../src/model/transactions.ts";
import { postgresReader } from "../../src/sql/postgres/read.ts";
import { startServer } from "./server.ts";

/** Runs statements one by one in the PostgreSQL that the tests hold lockstep against, each in a transaction, where it can be looked at. */
export interface Observer {
  readonly session: Session;
  /** Major version. */
  readonly postgres: number;
  /** Runs one statement. Outside of a transaction it gets one of its own, which is committed. */
  observe(statement: string): Promise<Observation>;
  /** Whether a BEGIN of the observed statements is open. */
  inTransaction(): boolean;
  /** Runs our own SQL; an error is thrown. */
  exec(sql: string): Promise<void>;
  close(): Promise<void>;
}

const NOTHING: Observed = { locks: [], held: [], rewrites: [], scans: [], rows: [], milliseconds: 0 };

/** The major version of a real server, started by the test, that is held against the model instead of the embedded PostgreSQL. */
export const TRUTH_SERVER = process.env["LOCKSTEP_TRUTH_SERVER"];

/** The newest major version, which the embedded PostgreSQL is. */
export const LATEST = 18;

/** A place for databases: embedded, or on a server of its own. */
async function openStage(): Promise<Stage> {
  if (TRUTH_SERVER === undefined) return embeddedStage({ extensions: [...EXTENSIONS.keys()] });
  const server = await startServer(Number(TRUTH_SERVER));
  const stage = await serverStage({ url: server.url });
  if (!stage.ok) throw new Error(stage.message);
  return {
    ...stage.value,
    async close() {
      await stage.value.close();
      await server.stop();
    },
  };
}

/** A fresh database, with the extensions ready to be created. Time zone is UTC, which is what servers have. */
export async function openObserver(): Promise<Observer> {
  await postgresReader.load();
  const stage = await openStage();
  const opened = await stage.fresh();
  if (!opened.ok) throw new Error(opened.message);
  const session = opened.value;
  let open = false;
  const exec = async (sql: string): Promise<void> => {
    const ran = await session.run(sql);
    if (!ran.ok) throw new Error(`${ran.error.sqlstate} ${ran.error.message} in: ${sql}`);
  };
  return {
    session,
    postgres: stage.server.major,
    inTransaction: () => open,
    exec,
    close: () => stage.close(),
    async observe(sql) {
      const [statement] = postgresReader.read(sql).statements;
      if (statement?.operations[0]?.kind === "transaction") {
        const ran = await session.run(sql);
        if (!ran.ok) return { error: ran.error, notices: [] };
        const action = control(statement);
        if (action !== undefined) open = action === "begin";
        return { observed: NOTHING, notices: ran.notices };
      }
      if (open) return observeInTransaction(session, sql);
      await exec("begin");
      const observation = await observeInTransaction(session, sql);
      if (observation.error === undefined) {
        const committed = await session.run("commit");
        return committed.ok ? observation : { error: committed.error, notices: observation.notices };
      }
      await exec("rollback");
      return observation.error.sqlstate === "25001" ? observeAlone(session, sql) : observation;
    },
  };
}

/** The statements of a text, where PostgreSQL's parser ends them; throws its syntax error. */
export async function statementsOf(text: string): Promise<readonly string[]> {
  await postgresReader.load();
  const { statements, errors } = postgresReader.read(text);
  if (errors[0]) throw new Error(errors[0].message);
  return statements.map(({ range }) => text.slice(range.start, range.end));
}
