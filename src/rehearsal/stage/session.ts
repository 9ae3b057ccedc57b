import type { DatabaseError, Server } from "../../evidence/rehearsal.ts";
import type { Outcome } from "../../source/outcome.ts";

export type Ran =
  | { readonly ok: true /** Warnings and notices, without their details. */; readonly notices: readonly string[] }
  | { readonly ok: false; readonly error: DatabaseError };

/** A connection to a scratch database. One at a time is used by one caller. */
export interface Session {
  readonly server: Server;
  /** Sends text as one simple-query message, as Prisma does, with all that PostgreSQL does then: several statements are one implicit transaction. */
  run(sql: string, limit?: Limit): Promise<Ran>;
  /**
   * A query of our own. Rows of the last statement; values as JSON has them where the query asks for text, int4, bool or json, which
   * both kinds of server give alike. An error is a bug and is thrown, but for `SessionLost`.
   */
  query<Row>(sql: string): Promise<readonly Row[]>;
  /** After a time limit an embedded database has to be given up: everything asked of it then fails. */
  readonly lost: boolean;
  close(): Promise<void>;
}

export interface Limit {
  /** Milliseconds. */
  readonly time: number;
}

/** The database went away under a query: an embedded one that was stopped, a server that closed the connection. */
export class SessionLost extends Error {}

/** A place where scratch databases are made. Nothing is ever run in a database that it did not make. */
export interface Stage {
  readonly server: Server;
  /** An empty database, or a copy of the template. */
  fresh(): Promise<Outcome<Session>>;
  /**
   * Keeps what `session` holds as it is now, to come back to by `key`, and gives a session that goes on from it (maybe the same). With
   * `lasting` a later process finds it too, where the stage has a cache.
   */
  keep(session: Session, key: string, lasting?: boolean): Promise<Session>;
  /** A session in a copy of what was kept, if anything was. */
  restore(key: string): Promise<Session | undefined>;
  /** Begins to open what `restore(key)`, or `fresh()` where nothing is kept by it, will ask for, while the caller does other work. Errors come out there. */
  prewarm?(key: string): void;
  /** Lets go of what was kept by `key` in this process; what lasts in the cache stays there. */
  forget?(key: string): Promise<void>;
  /** Ends all of its sessions and removes all of its databases. Safe to call twice. */
  close(): Promise<void>;
}
