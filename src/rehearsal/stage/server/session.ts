import type { Client } from "pg";
import { databaseError } from "../embedded/index.ts";
import { isServerError } from "./mistakes.ts";
import { type Limit, type Ran, type Session, SessionLost } from "../session.ts";
import type { Server } from "../../../evidence/rehearsal.ts";

/** What a session asks of its stage. */
export interface SessionHost {
  readonly server: Server;
  /** On another connection: that is how a running statement is cancelled. Throws `SessionLost` when there is none any more. */
  ask(sql: string): Promise<void>;
  /** Why connections are gone, as a sentence, if they are. */
  lost(): string | undefined;
}

/** Milliseconds between cancelling a statement and cancelling it again; a handler in PL/pgSQL can hold the first one up. */
const AGAIN = 500;
/** After so many the session is ended. */
const CANCELS = 6;

/** A session on a connected client. `pid` is that of its server process; `close` is what has to be done when it is closed, once. */
export function serverSession(
  client: Client,
  pid: number,
  host: SessionHost,
  close: () => Promise<void>,
): Session & { readonly end: () => Promise<void> } {
  let gone: string | undefined;
  let ended = false;
  let closed: Promise<void> | undefined;
  let notices: string[] = [];
  client.on("notice", ({ severity, message }) => notices.push(`${severity ?? "NOTICE"}: ${message ?? ""}`));
  client.on("error", (error: Error) => {
    gone ??= error.message;
  });
  const lostNow = (why: string): SessionLost =>
    new SessionLost(host.lost() ?? `The connection to the scratch database was lost (${why}).`);

  const send = async (sql: string): Promise<Answer> => {
    const lost = host.lost();
    if (ended || gone !== undefined || lost !== undefined) throw lostNow(gone ?? "it was closed");
    try {
      // Text and nothing else: a simple query.
      const result: unknown = await client.query(sql);
      const last: unknown = Array.isArray(result) ? result.at(-1) : result;
      return { ok: true, rows: (last as { rows?: unknown[] } | undefined)?.rows ?? [] };
    } catch (error) {
      if (isServerError(error)) {
        // Classes of errors that end the session: only if the others are alive was it the session's own doing.
        if (/^57P0|^25P0[34]|^XX00/.test(error.code) && (await isGone())) {
          await host.ask("select 1");
          const lostSince = host.lost();
          if (lostSince !== undefined) throw new SessionLost(lostSince);
        }
        return { ok: false, error };
      }
      if (host.lost() !== undefined || gone !== undefined || ended || isOfConnection(error)) {
        gone ??= (error as Error).message;
        throw lostNow(gone);
      }
      throw error;
    }
  };

  /** After an error that may have ended the session: whether it has. */
  const isGone = async (): Promise<boolean> => {
    if (gone !== undefined) return true;
    await client.query("").catch((error: unknown) => {
      if (!isServerError(error) || /^57P0/.test(error.code)) gone ??= (error as Error).message;
    });
    return gone !== undefined;
  };

  const cancel = async (asked: Promise<unknown>): Promise<void> => {
    let settled = false;
    const done = asked.then(
      () => (settled = true),
      () => (settled = true),
    );
    for (let tries = 0; !settled; tries++) {
      await host
        .ask(tries < CANCELS ? `select pg_cancel_backend(${pid})` : `select pg_terminate_backend(${pid})`)
        .catch(() => undefined);
      if (tries > CANCELS) void client.end();
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([done, new Promise((resolve) => (timer = setTimeout(resolve, AGAIN)))]);
      clearTimeout(timer);
    }
  };

  const limited = async (sql: string, { time }: Limit): Promise<Answer | "timed out"> => {
    const asked = send(sql);
    let cancelling: Promise<void> | undefined;
    const timer = setTimeout(() => {
      cancelling = cancel(asked);
    }, time);
    try {
      const answer = await asked;
      clearTimeout(timer);
      if (!cancelling) return answer;
      await cancelling;
      if (!answer.ok && (answer.error.code === "57014" || gone !== undefined)) return "timed out";
      // It ended just then: the cancel must not meet the next statement.
      await client.query("").catch(() => undefined);
      return answer;
    } catch (error) {
      clearTimeout(timer);
      if (!cancelling || host.lost() !== undefined || ended) throw error;
      await cancelling;
      return "timed out";
    }
  };

  return {
    server: host.server,
    get lost() {
      return ended || gone !== undefined || host.lost() !== undefined;
    },
    async run(sql, limit): Promise<Ran> {
      notices = [];
      const answer = await (limit ? limited(sql, limit) : send(sql));
      if (answer === "timed out")
        return {
          ok: false,
          error: {
            sqlstate: "57014",
            message: `the time limit of ${(limit?.time ?? 0) / 1000} s for a statement ran out`,
            timedOut: true,
          },
        };
      return answer.ok ? { ok: true, notices } : { ok: false, error: databaseError(answer.error, sql) };
    },
    async query<Row>(sql: string) {
      const answer = await send(sql);
      if (!answer.ok) throw new Error(`${answer.error.code} ${answer.error.message} in: ${sql}`);
      return answer.rows as Row[];
    },
    async end() {
      ended = true;
      await client.end();
    },
    close: () => (closed ??= close()),
  };
}

type Answer =
  | { readonly ok: true; readonly rows: unknown[] }
  | { readonly ok: false; readonly error: Parameters<typeof databaseError>[0] & { readonly code: string } };

/** What `pg` and the network say when a connection ends under a query. */
function isOfConnection(error: unknown): boolean {
  const { message = "", code = "" } = error as { message?: string; code?: string };
  return (
    /^Connection terminated|not queryable/.test(message) || /^(?:ECONNRESET|EPIPE|ETIMEDOUT|ECONNABORTED)$/.test(code)
  );
}
