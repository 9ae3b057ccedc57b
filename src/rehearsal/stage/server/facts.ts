import type { Client } from "pg";

/** What decides whether a server is fit for a rehearsal. */
export interface ServerFacts {
  /** server_version_num */
  readonly number: number;
  readonly version: string;
  readonly recovering: boolean;
  readonly readonly: boolean;
  readonly superuser: boolean;
  /** The user is a superuser or a member of one. */
  readonly becomes: boolean;
  /** The user may create databases. */
  readonly creates: boolean;
  readonly user: string;
}

/** Undefined where the server does not say who its user is. */
export async function factsOf(control: Client): Promise<ServerFacts | undefined> {
  const { rows } = await control.query<ServerFacts>(
    `select current_setting('server_version_num')::int4 as number, split_part(current_setting('server_version'), ' ', 1) as version, pg_is_in_recovery() as recovering, current_setting('default_transaction_read_only')::bool as readonly, rolsuper as superuser, exists (select from pg_roles own where own.rolsuper and pg_has_role(current_user, own.oid, 'member')) as becomes, rolsuper or rolcreatedb as creates, rolname::text as "user" from pg_roles where rolname = current_user`,
  );
  return rows[0];
}
