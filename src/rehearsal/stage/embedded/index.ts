import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { failure, success } from "../../../source/outcome.ts";
import { startThread, type Thread } from "./thread.ts";
import { EXTENSIONS } from "../extensions.ts";
import { type Limit, type Ran, type Session, SessionLost, type Stage } from "../session.ts";
import type { DatabaseError, Server } from "../../../evidence/rehearsal.ts";

/** Where data directories are kept from one process to the next. */
export interface SnapshotCache {
  /** The data, in memory of its own. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** Does not fail: a cache that cannot be written is none. */
  write(key: string, data: Uint8Array): Promise<void>;
}

export interface EmbeddedOptions {
  /** Extensions by their names in CREATE EXTENSION; those that are not shipped are left out. */
  readonly extensions: readonly string[];
  readonly cache?: SnapshotCache;
}

export interface EmbeddedStage extends Stage {
  /**
   * Starts to open the database that `restore(key)` or, where nothing is kept by that key, `fresh()` will ask for, while the caller does
   * other work. Errors come out there.
   */
  prewarm(key?: string): void;
}

/** Of what is kept: what `pack` writes and how the cluster is made. */
const FORMAT = 1;

/**
 * PostgreSQL in WebAssembly, in a thread of this process, in memory. One database is alive at a time: opening one ends the one before.
 * The minor version of the server is known, and in `server.version`, once a database was opened.
 */
export function embeddedStage({ extensions, cache }: EmbeddedOptions): EmbeddedStage {
  const package_ = embeddedVersion();
  const server = {
    kind: "embedded",
    version: package_.version,
    major: package_.major,
    superuser: true,
  } as const satisfies Server;
  const loaded = extensions.filter((name) => EXTENSIONS.has(name)).sort();
  const kept = new Map<string, Uint8Array>();
  const writing = new Set<Promise<void>>();
  const keyOf = (key?: string): string => JSON.stringify([FORMAT, package_.version, loaded, key ?? null]);
  let current: EmbeddedSession | undefined;
  let thread: Thread | undefined;
  let closed = false;

  const open = async (data?: Uint8Array): Promise<EmbeddedSession> => {
    await current?.close();
    if (closed) throw new SessionLost("The embedded database was closed.");
    const started = (thread = !thread || thread.ended ? startThread() : thread);
    const version = await started.call<string>("open", {
      extensions: loaded.map((name) => [name, ...(EXTENSIONS.get(name) ?? [])]),
      data,
    });
    Object.assign(server, { version: package_.version.replace(/^\S+/, version) });
    return (current = embeddedSession(server, started));
  };
  /** What was kept by `key`; the empty database without one. Data of the cache that does not open is as good as none. */
  const openKept = async (key?: string): Promise<EmbeddedSession | undefined> => {
    const name = keyOf(key);
    const own = kept.get(name);
    if (own) return open(own);
    const cached = await cache?.read(name);
    if (!cached) return undefined;
    try {
      const session = await open(cached);
      kept.set(name, cached);
      return session;
    } catch (error) {
      if (closed) throw error;
      // Whatever is wrong with the file would be wrong in every run after this one.
      await thread?.end();
      return undefined;
    }
  };
  const keep = async (session: EmbeddedSession, key: string | undefined, lasting: boolean): Promise<void> => {
    const data = await session.dump();
    kept.set(keyOf(key), data);
    if (!cache || !lasting) return;
    const write = cache.write(keyOf(key), data);
    writing.add(write);
    // Told of by close().
    write.then(
      () => writing.delete(write),
      () => undefined,
    );
  };
  const openEmpty = async (): Promise<EmbeddedSession> => {
    const session = await openKept();
    if (session) return session;
    const made = await open();
    await keep(made, undefined, true);
    return made;
  };
  // One opens while another waits for its turn: two at once would end each other unnoticed.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  let ahead: { readonly key: string | undefined; readonly session: EmbeddedSession } | undefined;
  /** What was opened ahead, if it is what is wanted and still there. */
  const takeAhead = (key: string | undefined): EmbeddedSession | undefined => {
    if (ahead?.key !== key || ahead?.session !== current || current?.lost) return undefined;
    ahead = undefined;
    return current;
  };
  return {
    server,
    prewarm(key) {
      const opened = inTurn(async () => {
        const session = key === undefined ? undefined : await openKept(key);
        ahead = session ? { key, session } : { key: undefined, session: await openEmpty() };
      });
      // Who asks for the database then opens it again, and is told.
      opened.catch(() => undefined);
    },
    fresh: () =>
      inTurn(async () => {
        try {
          return success(takeAhead(undefined) ?? (await openEmpty()));
        } catch (error) {
          if (closed || !(error instanceof SessionLost)) throw error;
          return failure(
            `The embedded PostgreSQL did not start: ${error.message} Free some memory, or rehearse on a server with --server URL.`,
          );
        }
      }),
    async keep(session, key, lasting) {
      await keep(session as EmbeddedSession, key, lasting === true);
      return session;
    },
    restore: (key) => inTurn(async () => takeAhead(key) ?? openKept(key)),
    forget: (key) => inTurn(() => Promise.resolve(void kept.delete(keyOf(key)))),
    async close() {
      closed = true;
      current = undefined;
      kept.clear();
      await Promise.all([thread?.end(), ...writing]);
    },
  };
}

/** PGlite's own version, and PostgreSQL's that it is built from. */
function embeddedVersion(): { readonly version: string; readonly major: number } {
  // The package does not export its package.json.
  const entry = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  const { version } = JSON.parse(readFileSync(join(dirname(entry), "../package.json"), "utf8")) as { version: string };
  return { version: `18 (PGlite ${version})`, major: 18 };
}

interface EmbeddedSession extends Session {
  dump(): Promise<Uint8Array>;
}

interface Given {
  readonly code: string;
  readonly message: string;
  readonly position?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
}

function embeddedSession(server: Server, thread: Thread): EmbeddedSession {
  let lost = false;
  let closed = false;
  const call = async <T>(name: string, given?: unknown): Promise<T> => {
    if (lost || closed) throw new SessionLost("The embedded database was stopped.");
    try {
      return await thread.call<T>(name, given);
    } catch (error) {
      lost = true;
      throw error;
    }
  };
  return {
    server,
    get lost() {
      return lost || thread.ended;
    },
    async run(sql, limit) {
      const answer = call<{ ok: true; notices: string[] } | { ok: false; error: Given }>("run", { sql });
      const ran = await (limit ? withLimit(answer, limit) : answer);
      if (ran === LATE) {
        lost = true;
        await thread.end();
        return { ok: false, error: timedOut(limit) };
      }
      return ran.ok ? ran : ({ ok: false, error: databaseError(ran.error, sql) } satisfies Ran);
    },
    async query<Row>(sql: string) {
      const answer = await call<{ ok: true; rows: Row[] } | { ok: false; error: Given }>("query", { sql });
      if (!answer.ok) throw new Error(`${answer.error.code} ${answer.error.message} in: ${sql}`);
      return answer.rows;
    },
    dump: () => call<Uint8Array>("dump"),
    async close() {
      if (closed) return;
      closed = true;
      // A statement that runs cannot be waited for; otherwise the thread goes on to the next database.
      if (thread.ended) return;
      if (lost || thread.busy) await thread.end();
      else await thread.call("close");
    },
  };
}

const LATE = Symbol("late");

/** WebAssembly has no signals, so that statement_timeout does nothing there: the thread has to be ended. */
async function withLimit<T>(answer: Promise<T>, { time }: Limit): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(resolve, time, LATE);
  });
  // It is rejected when the thread is ended, and nobody listens then.
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function timedOut(limit: Limit | undefined): DatabaseError {
  return {
    sqlstate: "57014",
    message: `the time limit of ${(limit?.time ?? 0) / 1000} s for a statement ran out`,
    timedOut: true,
  };
}

/** PostgreSQL counts characters from 1; offsets are UTF-16 code units from 0. */
export function databaseError(given: Given, sql: string): DatabaseError {
  const { code, message, position, detail, hint, schema, table, column, constraint } = given;
  const characters = position === undefined ? Number.NaN : Number(position) - 1;
  return {
    sqlstate: code,
    message,
    detail,
    hint,
    ...(characters >= 0 && { offset: [...sql].slice(0, characters).join("").length }),
    ...(schema !== undefined && { schema }),
    ...(table !== undefined && { table }),
    ...(column !== undefined && { column }),
    ...(constraint !== undefined && { constraint }),
  };
}
