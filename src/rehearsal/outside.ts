import type { MigrationView } from "../model/step.ts";
import type { Statement } from "../sql/statement.ts";
import type { LeftOut, DatabaseError, Server } from "../evidence/rehearsal.ts";
import type { Session } from "./stage/session.ts";
import { reachesOutside } from "../model/postgres/outside.ts";

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

/** Something that is named is not there: of a type, function, operator, table, column, schema, language, collation or access method. */
const NOT_THERE: ReadonlySet<string> = new Set(["42704", "42883", "42P01", "42703", "3F000", "42P10", "42P17"]);

/** A clause where the error is what leaving out others leads to; undefined where it is an error of its own. */
export function needsLeftOut(error: DatabaseError, leftOut: readonly LeftOut[]): string | undefined {
  if (!NOT_THERE.has(error.sqlstate)) return undefined;
  const [first] = leftOut;
  return first && `it needs what was left out before (${error.message})`;
}
