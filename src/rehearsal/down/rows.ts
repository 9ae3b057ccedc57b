import type { RelationId } from "../../model/effects.ts";
import type { LostData } from "../../evidence/rehearsal.ts";
import type { Session } from "../stage/session.ts";
import { literal, quotedName, relationId } from "../../sql/names.ts";

/** Tables whose rows were kept. */
export interface KeptRows {
  readonly tables: readonly KeptTable[];
}

interface KeptTable {
  readonly relation: RelationId;
  readonly schema: string;
  readonly name: string;
  /** Columns of the primary key; empty where there is none: rows are then told apart by all that they hold. */
  readonly key: readonly string[];
}

/** Partitions are read through their table. A key is looked for that cannot be null. */
const TABLES = `
  select n.nspname as schema, c.relname as name, coalesce((
    select json_agg(a.attname order by u.i) from pg_catalog.pg_index x cross join unnest(x.indkey) with ordinality u (number, i)
      join pg_catalog.pg_attribute a on a.attrelid = x.indrelid and a.attnum = u.number where x.indrelid = c.oid and x.indisprimary), '[]') as key
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't' and c.relname <> '_prisma_migrations' and n.nspname !~ '^(pg_|information_schema$|_lockstep$)'
  order by 1, 2`;

const tablesOf = async (session: Session): Promise<readonly KeptTable[]> =>
  (await session.query<Omit<KeptTable, "relation">>(TABLES)).map((table) => ({
    ...table,
    relation: relationId(table.schema, table.name),
  }));

/** Copies all rows, as JSON, to a schema of our own that no fingerprint counts: copies of the tables would hold on to their types. */
export async function keepRows(session: Session): Promise<KeptRows> {
  const tables = await tablesOf(session);
  await session.query("create schema _lockstep");
  await copy(session, "before", tables);
  return { tables };
}

/** What of the kept rows is gone or other now, whole rows first; ends the keeping. */
export async function lostRows(session: Session, { tables }: KeptRows): Promise<readonly LostData[]> {
  const there = new Set((await tablesOf(session)).map(({ relation }) => relation));
  await copy(
    session,
    "after",
    tables.filter(({ relation }) => there.has(relation)),
  );
  const lost = await session.query<{ relation: string; column: string | null; rows: number }>(LOST);
  await session.query("drop schema _lockstep cascade");
  return lost.map(({ relation, column, rows }) => ({ relation, ...(column !== null && { column }), rows }));
}

/** A column of the key that is not there any more is null in the key, so that its rows count as gone. */
async function copy(session: Session, to: "before" | "after", tables: readonly KeptTable[]): Promise<void> {
  const inserts = tables.map(({ relation, schema, name, key }) => {
    const parts =
      key.length === 0
        ? "null"
        : `jsonb_build_array(${key.map((column) => `r -> ${literal(column)}`).join(", ")})::text`;
    return `insert into _lockstep.${to} select ${literal(relation)}, ${parts}, r from (select to_jsonb(t) as r from ${quotedName({ schema, name })} t) s`;
  });
  await session.query(
    [`create table _lockstep.${to} (relation text not null, key text, r jsonb not null)`, ...inserts].join(";\n"),
  );
}

/** Rows with a key are compared one by one; those without are counted, and their values as bags. */
const LOST = `
  with keyed as (
    select b.relation, b.r as was, a.r as now from _lockstep.before b left join _lockstep.after a on a.relation = b.relation and a.key = b.key where b.key is not null
  ), counted as (
    select relation, sum(b)::int4 as b, sum(a)::int4 as a from (
      select relation, 1 as b, 0 as a from _lockstep.before where key is null union all select relation, 0, 1 from _lockstep.after where key is null) s group by relation
  ), bags as (
    select s.relation, s.name, sum(greatest(s.b - s.a, 0))::int4 as less from (
      select relation, name, value, sum(b) as b, sum(a) as a from (
        select relation, e.key as name, e.value, 1 as b, 0 as a from _lockstep.before, jsonb_each_text(r) e where _lockstep.before.key is null and e.value is not null
        union all select relation, e.key, e.value, 0, 1 from _lockstep.after, jsonb_each_text(r) e where _lockstep.after.key is null and e.value is not null) v
      group by relation, name, value) s group by s.relation, s.name
  )
  select relation, null::text as "column", count(*)::int4 as rows from keyed where now is null group by relation
  union all select relation, e.key, count(*)::int4 from keyed, jsonb_each_text(was) e where now is not null and (now ->> e.key) is distinct from e.value group by relation, e.key
  union all select relation, null, b - a from counted where b > a
  union all select bags.relation, bags.name, bags.less - greatest(counted.b - counted.a, 0) from bags join counted using (relation) where bags.less > greatest(counted.b - counted.a, 0)
  order by 1, 2 nulls first`;
