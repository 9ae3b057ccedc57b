import type { MigrationView } from "../model/step.ts";
import type { Statement } from "../sql/statement.ts";
import type { LeftOut, DatabaseError, Server } from "../evidence/rehearsal.ts";
import type { Session } from "./stage/session.ts";
import { reachesOutside } from "../model/postgres/outside.ts";
import { identifier } from "../sql/names.ts";

/** What must not be run, or cannot be. */
export interface HeldBack {
  readonly server: Server;
  /** --allow-unsafe */
  readonly mayReachOutside: boolean;
  /** Extensions that CREATE EXTENSION finds. */
  readonly extensions: ReadonlySet<string>;
}

export async function whatIsHeldBack(session: Session, mayReachOutside: boolean): Promise<HeldBack> {
  const rows = await session.query<{ name: string }>("select name::text from pg_available_extensions");
  return { server: session.server, mayReachOutside, extensions: new Set(rows.map(({ name }) => name)) };
}

/** Why a statement is not run, if so. What only reaches other databases of the cluster is harmless where there are none. */
export function heldBack(
  { server, mayReachOutside, extensions }: HeldBack,
  migration: MigrationView,
  statement: Statement,
): LeftOut | undefined {
  const place = { migration: migration.id, file: migration.file, range: statement.range };
  if (!mayReachOutside) {
    const reach = reachesOutside(statement).find(({ scope }) => scope === "host" || server.kind === "server");
    if (reach) return { ...place, kind: "outside", why: reach.what };
  }
  const missing = statement.operations.find(
    (operation) => operation.kind === "createExtension" && !extensions.has(operation.name),
  );
  if (missing?.kind === "createExtension") {
    const where = server.kind === "embedded" ? "the embedded PostgreSQL" : "this server";
    return { ...place, kind: "extension", why: `${where} has no extension ${missing.name}` };
  }
  return undefined;
}

/**
 * A clause where a deployed statement fails since it names a schema that no migration makes: it did run in production, so a platform has
 * brought that (auth, storage). `made`: the schemas that migrations make.
 */
export function needsPlatform({ sqlstate, message }: DatabaseError, made: ReadonlySet<string>): string | undefined {
  const schema = sqlstate === "3F000" ? /"([^"]+)"/.exec(message)?.[1] : undefined;
  return schema === undefined || made.has(schema) ? undefined : `no migration makes the schema ${schema}`;
}

/**
 * Makes the role that a statement failed for, which belongs to the server and is in no migration; only in a PostgreSQL of our own. Whether
 * the statement can be tried again.
 */
export async function makeMissingRole(session: Session, error: DatabaseError): Promise<boolean> {
  const role = error.sqlstate === "42704" ? /^role "(.+)" does not exist$/s.exec(error.message)?.[1] : undefined;
  if (role === undefined || session.server.kind !== "embedded" || session.lost) return false;
  return (await session.run(`create role ${identifier(role)} nologin`)).ok;
}

/** Something that is named is not there: of a type, function, operator, table, column, schema, language, collation or access method. */
const NOT_THERE: ReadonlySet<string> = new Set(["42704", "42883", "42P01", "42703", "3F000", "42P10", "42P17"]);

/** A clause where the error is what leaving out others leads to; undefined where it is an error of its own. */
export function needsLeftOut(error: DatabaseError, leftOut: readonly LeftOut[]): string | undefined {
  if (!NOT_THERE.has(error.sqlstate)) return undefined;
  const [first] = leftOut;
  return first && `it needs what was left out before (${error.message})`;
}
