import { randomBytes } from "node:crypto";
import type { Client } from "pg";
import { failure, type Outcome, success } from "../../../source/outcome.ts";
import { identifier, literal } from "../../../sql/names.ts";
import { creation, databaseName, dropDatabase, dropLeftovers, dropRun } from "./guardian-drop.mjs";
import { factsOf } from "./facts.ts";
import { startGuardian } from "./guardian.ts";
import { connected, type Connecting, connection } from "./connection.ts";
import {
  creationMistake,
  isServerError,
  type Occupant,
  pooler,
  readOnly,
  rightMissing,
  superuserRefused,
  templateInUse,
  templateMissing,
  templateRightMissing,
} from "./mistakes.ts";
import { serverSession } from "./session.ts";
import { serverAddress } from "./url.ts";
import { type Session, SessionLost, type Stage } from "../session.ts";
import type { Server } from "../../../evidence/rehearsal.ts";

export interface ServerOptions {
  /** As libpq or Prisma write it. Nothing is run in the database that it names. */
  readonly url: string;
  /** A database of the server, by name: scratch databases are copies of it. */
  readonly template?: string | undefined;
  /** Who may do anything on the server is not let in: what a migration runs there, it runs as that. */
  readonly refuseSuperuser?: boolean;
  /** Ends the rehearsal as `close` does; what is waited for then fails with `SessionLost`. */
  readonly signal?: AbortSignal;
}

/** The oldest version that has DROP DATABASE … WITH (FORCE). */
const OLDEST = 13;

/** Bytes from which a database is copied file by file: below, the two checkpoints that this takes cost more than writing it all to the WAL does. */
const LARGE = 32 * 1024 * 1024;

const STOPPED = "The rehearsal was stopped.";

/** What we wait for on a connection that the rehearsal's own work goes through is not to be cut short by defaults of a role or a database. */
const PATIENT = { statement_timeout: "0", lock_timeout: "0" };

/** A setting of no meaning: a pooler that is made to ignore the settings of the startup message does not pass it on. */
const ARRIVED = "lockstep.arrived";

/**
 * A server of the user's. Scratch databases of our own are made there and dropped again, by `close`, by a process that outlives this
 * one if it is killed, or by the next rehearsal. One session is alive at a time: opening one ends the one before.
 */
export async function serverStage({
  url,
  template,
  refuseSuperuser = false,
  signal,
}: ServerOptions): Promise<Outcome<Stage>> {
  const read = serverAddress(url);
  if (!read.ok) return read;
  const address = read.value;
  const { where } = address;
  const to: Connecting = { address, token: randomBytes(6).toString("hex"), encrypted: true };
  const opened = await openControl(to, template, refuseSuperuser);
  if (!opened.ok) return opened;
  const { control, maintenance, facts, settings } = opened.value;
  const { token } = to;
  const server: Server = { kind: "server", version: facts.version, major: facts.major, superuser: facts.superuser };

  let lost: string | undefined;
  let current: OpenSession | undefined;
  let closing: Promise<void> | undefined;
  let number = 0;
  const kept = new Map<string, string>();
  const connect = (database: string): Promise<Client> => connected(to, database, "cleaner", PATIENT);

  const placeholder = databaseName(token, 0);
  const guardian = await startGuardian({
    token,
    maintenance: address.connection(maintenance, to.encrypted),
    scratch: address.connection(placeholder, to.encrypted),
    placeholder,
  });

  const lose = (why: string): void => {
    lost ??= why;
    void current?.session.end();
  };
  const loseConnection = ({ message }: Error): void =>
    lose(
      `The connection to ${where} was lost in the midst of the rehearsal (${message}); its databases are removed when the server answers again.`,
    );
  control.on("error", loseConnection);

  // One query at a time, whoever asks.
  let last: Promise<unknown> = Promise.resolve();
  let asking = 0;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    if (lost !== undefined) return Promise.reject(new SessionLost(lost));
    asking++;
    const done = last.then(work).catch((error: unknown): never => {
      if (isServerError(error) && !/^57P0/.test(error.code)) throw error;
      loseConnection(error as Error);
      throw new SessionLost(lost);
    });
    last = done.then(
      () => asking--,
      () => asking--,
    );
    return done;
  };
  const ask = <Row>(sql: string): Promise<Row[]> => inTurn(async () => (await control.query(sql)).rows as Row[]);

  /** A new scratch database: empty without `source`. */
  const make = async (source: string | undefined): Promise<Outcome<string>> => {
    const name = databaseName(token, ++number);
    try {
      for (const sql of creation(name, source === undefined ? "template template0" : await copyOf(source)))
        await ask(sql);
      return success(name);
    } catch (error) {
      if (!isServerError(error)) throw error;
      if (error.code === "55006" && source !== undefined)
        return failure(templateInUse(source, where, await occupants(source), error.detail));
      return failure(creationMistake(error, address, control.user ?? "", source));
    }
  };

  const copyOf = async (source: string): Promise<string> => {
    const template = `template ${identifier(source)}`;
    if (server.major < 15) return template;
    const [row] = await ask<{ large: boolean | null }>(
      `select case when has_database_privilege(datname, 'connect') then pg_database_size(oid) >= ${LARGE} end as large from pg_database where datname = ${literal(source)}`,
    );
    return row?.large === true ? `${template} strategy file_copy` : template;
  };

  const occupants = (database: string): Promise<Occupant[]> =>
    ask(
      `select pid, usename::text as "user", application_name as application, host(client_addr) as client from pg_stat_activity where datname = ${literal(database)} and pid <> pg_backend_pid() order by pid`,
    );

  const open = async (database: string): Promise<Outcome<Session>> => {
    const made = await connection(to, database, "session", settings);
    if (lost !== undefined) {
      if (made.ok) await made.value.end();
      throw new SessionLost(lost);
    }
    if (!made.ok) {
      const [there] = await ask(`select from pg_database where datname = ${literal(database)}`);
      return there && /has no database/.test(made.message)
        ? failure(pooler(where, "a database that was just made there cannot be connected to"))
        : made;
    }
    const client = made.value;
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    const pid = rows[0]?.pid ?? Number.NaN;
    const host = { server, ask: async (sql: string): Promise<void> => void (await ask(sql)), lost: () => lost };
    const session = serverSession(client, pid, host, async () => {
      await leave(opening);
      if (lost === undefined) await drop(database);
    });
    const opening: OpenSession = { session, database, pid };
    current = opening;
    return success(session);
  };

  /** Ends a session and waits until its server process is gone: until then the database cannot be copied, and PostgreSQL looks every 100 ms only. */
  const leave = async (left: OpenSession): Promise<void> => {
    if (current === left) current = undefined;
    await left.session.end();
    while (lost === undefined) {
      const rows = await ask(
        `select pg_terminate_backend(pid) from pg_stat_activity where pid = ${left.pid} and datname = ${literal(left.database)}`,
      );
      if (rows.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };

  /** What cannot be dropped now is tried again by close(). */
  const drop = async (database: string): Promise<void> => {
    await inTurn(() => dropDatabase(control, database, connect)).catch((error: unknown) => {
      if (!isServerError(error)) throw error;
    });
  };

  const running = (): void => {
    if (closing) lose(STOPPED);
    if (lost !== undefined) throw new SessionLost(lost);
  };

  /** In place of an outcome, where the contract has none: what the user can put right ends the rehearsal. */
  const required = <T>(outcome: Outcome<T>): T => {
    if (outcome.ok) return outcome.value;
    throw new SessionLost(outcome.message);
  };

  const shut = async (): Promise<void> => {
    signal?.removeEventListener("abort", stop);
    const idle = lost === undefined && asking === 0;
    lose(STOPPED);
    let clean = false;
    let cleaner: Client | undefined;
    try {
      // What it still does, such as copying a large database, is not waited for.
      if (!idle) await control.end();
      cleaner = idle ? control : await connect(maintenance);
      await dropRun(cleaner, token, connect);
      clean = true;
    } catch (error) {
      // The server is away, or refuses: the guardian goes on trying.
      if (!(error instanceof Error)) throw error;
    }
    await cleaner?.end().catch(() => undefined);
    await guardian.end(clean);
  };

  const stage: Stage = {
    server,
    async fresh() {
      running();
      await current?.session.close();
      const made = await make(template);
      return made.ok ? open(made.value) : made;
    },
    async keep(session, key) {
      running();
      const held = current;
      if (!held || held.session !== session) throw new Error("only the session that is open can be kept");
      await leave(held);
      const before = kept.get(key);
      kept.set(key, required(await make(held.database)));
      if (before !== undefined) await drop(before);
      return required(await open(held.database));
    },
    async restore(key) {
      running();
      const source = kept.get(key);
      if (source === undefined) return undefined;
      await current?.session.close();
      return required(await open(required(await make(source))));
    },
    async forget(key) {
      // Everything is gone then.
      if (closing) return;
      const source = kept.get(key);
      kept.delete(key);
      if (source !== undefined) await drop(source);
    },
    close: () => (closing ??= shut()),
  };
  const stop = (): void => void stage.close();
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) {
    await stage.close();
    return failure(STOPPED);
  }
  await dropLeftovers(control, connect);
  return success(stage);
}

interface OpenSession {
  readonly session: ReturnType<typeof serverSession>;
  readonly database: string;
  readonly pid: number;
}

interface Control {
  readonly control: Client;
  /** The database that it is connected to. */
  readonly maintenance: string;
  readonly facts: Facts;
  /** For the sessions in scratch databases. */
  readonly settings: Readonly<Record<string, string>>;
}

interface Facts {
  readonly major: number;
  readonly version: string;
  readonly superuser: boolean;
}

/** The connection that databases are made and dropped by, to a server that has been found fit for it. */
async function openControl(
  to: Connecting,
  template: string | undefined,
  refuseSuperuser: boolean,
): Promise<Outcome<Control>> {
  const { address } = to;
  const { where } = address;
  // A database is not copied while somebody, be it ourselves, is connected to it.
  const maintenance =
    template === undefined || address.database !== template
      ? address.database
      : template === "postgres"
        ? "template1"
        : "postgres";
  const opened = await connection(to, maintenance, "control", { ...PATIENT, [ARRIVED]: "yes" });
  if (!opened.ok)
    return maintenance === address.database
      ? opened
      : failure(
          `${opened.message.replace(/\.$/, "")}. (--template names the database of the URL, which can only be copied when another one is connected to.)`,
        );
  const control = opened.value;
  const refuse = async (message: string): Promise<Outcome<Control>> => {
    await control.end();
    return failure(message);
  };
  const arrived = await control.query<{ yes: boolean }>(
    `select coalesce(current_setting('${ARRIVED}', true), '') = 'yes' as yes`,
  );
  if (!arrived.rows[0]?.yes) return refuse(pooler(where, "it does not pass settings of the connection on"));
  const facts = await factsOf(control);
  if (!facts) return refuse(`${where} does not say who its user is: give --server a PostgreSQL server.`);
  const { version, superuser, user } = facts;
  const major = Math.floor(facts.number / 10_000);
  if (major < OLDEST)
    return refuse(
      `${where} runs PostgreSQL ${version}, and a rehearsal needs ${OLDEST} or later: give --server a newer one, or rehearse in the embedded PostgreSQL.`,
    );
  if (refuseSuperuser && facts.becomes) return refuse(superuserRefused(where, user, superuser));
  if (facts.recovering) return refuse(readOnly(where, "it is a standby"));
  if (facts.readonly) return refuse(readOnly(where, "default_transaction_read_only is on"));
  if (!facts.creates) return refuse(rightMissing(where, user));
  if (template !== undefined) {
    const found = await control.query<{ copies: boolean }>(
      "select datistemplate or pg_has_role(datdba, 'usage') as copies from pg_database where datname = $1",
      [template],
    );
    const [there] = found.rows;
    if (!there) return refuse(templateMissing(template, where));
    if (!there.copies) return refuse(templateRightMissing(template, where, user));
  }
  const idle = { idle_in_transaction_session_timeout: "0", ...(major >= 14 && { idle_session_timeout: "0" }) };
  for (const [name, value] of Object.entries(idle)) await control.query(`set ${name} = ${value}`);
  const settings = {
    ...idle,
    timezone: "UTC",
    ...(template !== undefined && address.schema !== undefined && { search_path: identifier(address.schema) }),
  };
  return success({ control, maintenance, facts: { major, version, superuser }, settings });
}
