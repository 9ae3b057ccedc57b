import { readdirSync, readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import type { Observation } from "../../src/evidence/rehearsal/observe.ts";
import { type Observer, openObserver, statementsOf } from "./observe.ts";

export interface Migration {
  readonly id: string;
  readonly text: string;
}

export interface ObservedMigration {
  readonly migration: string;
  readonly statements: readonly ObservedStatement[];
  /** The file could not be parsed. */
  readonly error?: string;
}

export interface ObservedStatement extends Observation {
  readonly index: number;
  /** The first 200 characters. */
  readonly sql: string;
}

/** The migrations of a folder in the order in which Prisma applies them. */
export function readMigrations(folder: string): readonly Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, "migration.sql")))
    .map((entry) => entry.name)
    .sort()
    .map((id) => ({ id, text: readFileSync(join(folder, id, "migration.sql"), "utf8") }));
}

/**
 * Replays a history, statement by statement. Tables get one row each, with the same value for every column of a
 * type so that foreign keys hold: on empty tables a foreign key is checked without a look at the other side. Where
 * the rows stand in the way of a statement it runs again on empty tables.
 */
export async function replay(migrations: readonly Migration[]): Promise<readonly ObservedMigration[]> {
  const observer = await openObserver();
  try {
    await observer.exec(PRISMA_TABLE);
    const filled = new Map<string, string>();
    const result: ObservedMigration[] = [];
    for (const { id, text } of migrations) {
      result.push({ migration: id, ...(await replayOne(observer, text)) });
      if (!observer.inTransaction()) await fill(observer, filled);
    }
    return result;
  } finally {
    await observer.close();
  }
}

/** What Prisma itself keeps in every database that it migrates. */
const PRISMA_TABLE = `create table _prisma_migrations (id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz,
  migration_name varchar(255) not null, logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`;

async function replayOne(observer: Observer, text: string): Promise<Omit<ObservedMigration, "migration">> {
  let texts: readonly string[];
  try {
    texts = await statementsOf(text);
  } catch (error) {
    return { statements: [], error: (error as Error).message };
  }
  const statements: ObservedStatement[] = [];
  // What fails inside the file's own transaction cannot be run again.
  if (texts.some((sql) => /^(--.*\n|\s)*begin\b/i.test(sql))) await empty(observer);
  for (const [index, sql] of texts.entries()) {
    let observation = await observer.observe(sql);
    if (observation.error !== undefined && /^(2[23]|P0)/.test(observation.error.sqlstate) && !observer.inTransaction()) {
      await empty(observer);
      observation = await observer.observe(sql);
    }
    statements.push({ index, sql: sql.slice(0, 200), ...observation });
  }
  return { statements };
}

const TABLES = "n.nspname !~ '^(pg_|information_schema$)' and c.relname <> '_prisma_migrations'";

/** Takes all rows away, in the transaction that is open or in one of its own. */
export async function empty({ session, exec }: Observer): Promise<void> {
  const rows = await session.query<{ name: string }>(`select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and ${TABLES}`);
  await exec(`set local session_replication_role = replica; ${rows.map(({ name }) => `delete from only ${name};`).join(" ")} set local session_replication_role = origin`);
}

/** Gives every empty table a row, where its constraints allow the values; one whose columns are others than those in `filled` gets a new one. */
export async function fill({ session, exec }: Observer, filled: Map<string, string>): Promise<void> {
  const rows = await session.query<{ name: string; columns: string | null; values: string | null }>(`
    select format('%I.%I', n.nspname, c.relname) as name, string_agg(quote_ident(attname), ', ' order by attnum) as columns, string_agg(${VALUE}, ', ' order by attnum) as values
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      left join pg_attribute a on a.attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '' and attidentity <> 'a'
      left join pg_type t on t.oid = a.atttypid
    where c.relkind in ('r', 'p') and not c.relispartition and ${TABLES} group by n.nspname, c.relname`);
  for (const { name, columns, values } of rows) {
    if (columns === null || values === null) continue;
    const anew = filled.get(name) === columns ? "" : `delete from only ${name};`;
    filled.set(name, columns);
    const insert = `execute ${literal(`${anew} insert into ${name} (${columns}) select ${values} where not exists (select from ${name})`)};`;
    await exec(`set local session_replication_role = replica; do $fill$ begin ${insert} exception when others then null; end $fill$; set local session_replication_role = origin`);
  }
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const VALUE = `case
  when t.typcategory = 'N' then '1' when t.typcategory = 'B' then 'true' when t.typname in ('date', 'timestamp', 'timestamptz') then quote_literal('2026-06-15')
  when t.typname = 'uuid' then quote_literal('b4d2a2d4-1e3f-4a3c-9d5e-6f7a8b9c0d1e') when t.typname in ('json', 'jsonb') then quote_literal('{}')
  when t.typtype = 'e' then (select quote_literal(enumlabel) from pg_enum where enumtypid = t.oid order by enumsortorder limit 1)
  when t.typcategory = 'A' then quote_literal('{}') when t.typcategory = 'S' then quote_literal('x')
  when t.typname in ('time', 'timetz', 'interval') then quote_literal('03:04:05') when t.typname in ('inet', 'cidr') then quote_literal('10.0.0.1')
  when t.typname in ('bytea', 'tsvector') then quote_literal('') else 'null' end`;

/** An empty database, and a session as it was opened. */
export async function resetDatabase({ exec }: Observer): Promise<void> {
  await exec("rollback");
  await exec("discard all");
  await exec(`set timezone = 'UTC'; set client_min_messages = error;
    do $$ declare name text; begin
      for name in select pubname from pg_publication loop execute format('drop publication %I', name); end loop;
      for name in select extname from pg_extension where extname <> 'plpgsql' loop execute format('drop extension %I cascade', name); end loop;
      for name in select nspname from pg_namespace where nspname !~ '^(pg_|information_schema$)' loop execute format('drop schema %I cascade', name); end loop;
    end $$;
    create schema public`);
}
