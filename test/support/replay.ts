import { readdirSync, readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import type { Observer } from "./observe.ts";

export interface Migration {
  readonly id: string;
  readonly text: string;
}

/** The migrations of a folder in the order in which Prisma applies them. */
export function readMigrations(folder: string): readonly Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, "migration.sql")))
    .map((entry) => entry.name)
    .sort()
    .map((id) => ({ id, text: readFileSync(join(folder, id, "migration.sql"), "utf8") }));
}

const TABLES = "n.nspname !~ '^(pg_|information_schema$)' and c.relname <> '_prisma_migrations'";

/** Takes all rows away, in the transaction that is open or in one of its own. */
export async function empty({ session, exec }: Observer): Promise<void> {
  const rows = await session.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and ${TABLES}`,
  );
  await exec(
    `set local session_replication_role = replica; ${rows.map(({ name }) => `delete from only ${name};`).join(" ")} set local session_replication_role = origin`,
  );
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
    const emptied = filled.get(name) === columns ? "" : `delete from only ${name};`;
    filled.set(name, columns);
    const insert = `execute ${literal(`${emptied} insert into ${name} (${columns}) select ${values} where not exists (select from ${name})`)};`;
    await exec(
      `set local session_replication_role = replica; do $fill$ begin ${insert} exception when others then null; end $fill$; set local session_replication_role = origin`,
    );
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
