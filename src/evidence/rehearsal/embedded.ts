import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { success } from "../../source/outcome.ts";
import { EXTENSIONS } from "./extensions.ts";
import { type DatabaseError, type Limit, type Ran, type Server, type Session, SessionLost, type Stage } from "./session.ts";

/** Where data directories are kept from one process to the next. */
export interface SnapshotCache {
  read(key: string): Promise<Uint8Array | undefined>;
  /** Does not fail: a cache that cannot be written is none. */
  write(key: string, data: Uint8Array): Promise<void>;
}

export interface EmbeddedOptions {
  /** Extensions by their names in CREATE EXTENSION; those that are not shipped are left out. */
  readonly extensions: readonly string[];
  readonly cache?: SnapshotCache;
}

/** PostgreSQL in WebAssembly, in this process, in memory. One database is alive at a time: opening one ends the one before. */
export function embeddedStage({ extensions, cache }: EmbeddedOptions): Stage {
  const { version, major } = embeddedVersion();
  const server: Server = { kind: "embedded", version, major, superuser: true };
  const loaded = extensions.filter((name) => EXTENSIONS.has(name)).sort();
  const kept = new Map<string, Uint8Array>();
  const empty = `empty ${version}`;
  let current: EmbeddedSession | undefined;
  const open = async (data?: Uint8Array): Promise<EmbeddedSession> => {
    await current?.close();
    current = await openEmbedded(server, loaded, data);
    return current;
  };
  return {
    server,
    async fresh() {
      const data = kept.get(empty) ?? (await cache?.read(empty));
      const session = await open(data);
      if (!data) {
        const made = await session.dump();
        kept.set(empty, made);
        await cache?.write(empty, made);
      }
      return success(session);
    },
    async keep(session, key, lasting) {
      const data = await (session as EmbeddedSession).dump();
      kept.set(key, data);
      if (lasting) await cache?.write(snapshotKey(version, loaded, key), data);
      return session;
    },
    async restore(key) {
      const data = kept.get(key) ?? (await cache?.read(snapshotKey(version, loaded, key)));
      if (!data) return undefined;
      kept.set(key, data);
      return open(data);
    },
    async close() {
      kept.clear();
      await current?.close();
      current = undefined;
    },
  };
}

const snapshotKey = (version: string, extensions: readonly string[], key: string): string => [version, ...extensions, key].join(" ");

/** PGlite's own version, and PostgreSQL's that it is built from. */
export function embeddedVersion(): { readonly version: string; readonly major: number } {
  // The package does not export its package.json.
  const entry = createRequire(import.meta.url).resolve("@electric-sql/pglite");
  const { version } = JSON.parse(readFileSync(join(dirname(entry), "../package.json"), "utf8")) as { version: string };
  return { version: `18 (PGlite ${version})`, major: 18 };
}

interface EmbeddedSession extends Session {
  dump(): Promise<Uint8Array>;
}

type Reply = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly thrown: { readonly message: string; readonly stack?: string } };

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

async function openEmbedded(server: Server, extensions: readonly string[], data: Uint8Array | undefined): Promise<EmbeddedSession> {
  const worker = new Worker(new URL("./embedded-worker.mjs", import.meta.url));
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let last = 0;
  let lost = false;
  let closed = false;
  const fail = (error: Error): void => {
    lost = true;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on("message", (reply: Reply) => {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ("thrown" in reply) asked?.reject(Object.assign(new Error(reply.thrown.message), { stack: reply.thrown.stack }));
    else asked?.resolve(reply.value);
  });
  worker.on("error", fail);
  worker.on("exit", () => fail(new SessionLost("The embedded database was stopped.")));
  const call = <T>(name: string, given?: unknown): Promise<T> => {
    if (lost || closed) return Promise.reject(new SessionLost("The embedded database was stopped."));
    const id = ++last;
    return new Promise<T>((resolve, reject) => {
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      worker.postMessage({ id, call: name, given });
    });
  };
  const stop = async (): Promise<void> => {
    closed = true;
    await worker.terminate();
  };
  await call("open", { extensions: extensions.map((name) => [name, ...(EXTENSIONS.get(name) ?? [])]), data });
  const session: EmbeddedSession = {
    server,
    get lost() {
      return lost;
    },
    async run(sql, limit) {
      const answer = call<{ ok: true; notices: string[] } | { ok: false; error: Given }>("run", { sql });
      const ran = await (limit ? withLimit(answer, limit, stop) : answer);
      if (ran === undefined) {
        lost = true;
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
      await worker.terminate();
    },
  };
  const [row] = await session.query<{ version: string }>("set timezone = 'UTC'; select current_setting('server_version') as version");
  if (row === undefined) throw new Error("The embedded database does not answer.");
  return session;
}

/** WebAssembly has no signals, so that statement_timeout does nothing there: the thread is ended. */
async function withLimit<T>(answer: Promise<T>, { time }: Limit, stop: () => Promise<void>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const ran = answer.catch((error: unknown) => {
    if (error instanceof SessionLost) return undefined;
    throw error;
  });
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), time);
  });
  const first = await Promise.race([ran, late]);
  clearTimeout(timer);
  if (first === undefined) await stop();
  return first;
}

function timedOut(limit: Limit | undefined): DatabaseError {
  return { sqlstate: "57014", message: `the time limit of ${(limit?.time ?? 0) / 1000} s for a statement ran out`, timedOut: true };
}

/** PostgreSQL counts characters from 1; offsets are UTF-16 code units from 0. */
export function databaseError(given: Given, sql: string): DatabaseError {
  const { code, message, position, detail, hint, schema, table, column, constraint } = given;
  const characters = position === undefined ? Number.NaN : Number(position) - 1;
  return {
    sqlstate: code,
    message,
    ...(detail !== undefined && { detail }),
    ...(hint !== undefined && { hint }),
    ...(characters >= 0 && { offset: [...sql].slice(0, characters).join("").length }),
    ...(schema !== undefined && { schema }),
    ...(table !== undefined && { table }),
    ...(column !== undefined && { column }),
    ...(constraint !== undefined && { constraint }),
  };
}

