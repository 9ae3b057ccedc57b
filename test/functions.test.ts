import { readFileSync, writeFileSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { pgcrypto } from "@electric-sql/pglite/contrib/pgcrypto";
import { tablefunc } from "@electric-sql/pglite/contrib/tablefunc";
import { uuid_ossp } from "@electric-sql/pglite/contrib/uuid_ossp";
import { expect, test } from "vitest";
import { volatility } from "../src/model/postgres/functions.ts";

const FILE = new URL("../src/model/postgres/functions.ts", import.meta.url);

/** Functions that a migration can call by name: not the machinery behind types, operators, casts, aggregates and indexes. */
const NAMES = `
  with callable as (
    select p.oid, proname::text as name, provolatile::text as v from pg_proc p where pronamespace = 'pg_catalog'::regnamespace
      and prorettype not in ('internal'::regtype, 'trigger'::regtype, 'event_trigger'::regtype, 'language_handler'::regtype, 'fdw_handler'::regtype,
        'index_am_handler'::regtype, 'table_am_handler'::regtype, 'tsm_handler'::regtype)
      and not 'internal'::regtype::oid = any(proargtypes) and not 'cstring'::regtype::oid = any(proargtypes) and prorettype <> 'cstring'::regtype
      and proname !~ '^(pg_|RI_|binary_upgrade|currtid|has_|ts_debug|array_subscript|raw_array)'
      and prokind in ('f', 'a'))
  select name, bool_or(v = 'v') as volatile, bool_or(v <> 'v') as steady from callable
  where name in ('nextval', 'now', 'lower', 'upper', 'length') or (oid not in (select oprcode from pg_operator) and oid not in (select castfunc from pg_cast where castfunc <> 0)
    and oid not in (select amproc from pg_amproc) and oid not in (select typsend from pg_type) and oid not in (select aggtransfn from pg_aggregate)
    and oid not in (select aggfinalfn from pg_aggregate) and oid not in (select oprrest from pg_operator) and oid not in (select oprjoin from pg_operator)
    and oid not in (select aggmtransfn from pg_aggregate) and oid not in (select aggminvtransfn from pg_aggregate) and oid not in (select aggcombinefn from pg_aggregate))
  group by name order by name collate "C"`;

async function database(): Promise<PGlite> {
  return PGlite.create({ extensions: { pgcrypto, uuid_ossp, tablefunc } });
}

test("the sets are those of pg_proc (UPDATE=1 rewrites them)", async () => {
  const db = await database();
  const { rows } = await db.query<{ name: string; volatile: boolean; steady: boolean }>(NAMES);
  await db.close();
  const sets = {
    VOLATILE: rows.filter((row) => row.volatile && !row.steady),
    MIXED: rows.filter((row) => row.volatile && row.steady),
    STEADY: rows.filter((row) => !row.volatile),
  };
  const source = readFileSync(FILE, "utf8");
  let expected = source;
  for (const [set, members] of Object.entries(sets)) {
    expected = expected.replace(
      new RegExp(`(const ${set} = words\\(\`)[^\`]*`),
      (_, head: string) => `${head}\n${wrap(members.map((row) => row.name))}\n`,
    );
  }
  if (process.env["UPDATE"] === "1") writeFileSync(FILE, expected);
  expect(readFileSync(FILE, "utf8")).toBe(expected);
}, 60_000);

function wrap(names: readonly string[]): string {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + name.length < 158) lines[lines.length - 1] = `${last} ${name}`;
    else lines.push(`  ${name}`);
  }
  return lines.join("\n");
}

test.each([
  ["gen_random_uuid()", "gen_random_uuid", "volatile"],
  ["random()", "random", "volatile"],
  ["clock_timestamp()", "clock_timestamp", "volatile"],
  ["timeofday()", "timeofday", "volatile"],
  ["uuidv7()", "uuidv7", "volatile"],
  ["uuid_generate_v4()", "uuid_generate_v4", "volatile"],
  ["public.uuid_generate_v1()", "public.uuid_generate_v1", "volatile"],
  ["gen_random_bytes(2)", "gen_random_bytes", "volatile"],
  ["gen_salt('bf')", "gen_salt", "volatile"],
  ["nextval('s')", "nextval", "volatile"],
  ["now()", "now", "stable or immutable"],
  ["current_timestamp", "current_timestamp", "stable or immutable"],
  ["current_user", "current_user", "stable or immutable"],
  ["statement_timestamp()", "statement_timestamp", "stable or immutable"],
  ["txid_current()", "txid_current", "stable or immutable"],
  ["to_char(now(), 'YYYY')", "to_char", "stable or immutable"],
  ["lower('A')", "lower", "stable or immutable"],
  ["uuid_generate_v5(uuid_ns_url(), 'x')", "uuid_generate_v5", "stable or immutable"],
  ["jsonb_build_object()", "jsonb_build_object", "stable or immutable"],
] as const)(
  "ADD COLUMN … DEFAULT %s rewrites exactly when %s is %s",
  async (expression, name, expected) => {
    expect(volatility(name)).toBe(expected);
    shared ??= database().then(async (db) => {
      await db.exec(
        "create extension pgcrypto; create extension \"uuid-ossp\"; create sequence s; create table t (); create view node as select pg_relation_filenode('t') as n",
      );
      return db;
    });
    const db = await shared;
    const type = ((await db.query(`select pg_typeof(${expression})::text as type`)).rows[0] as { type: string }).type;
    const before = (await db.query("select n from node")).rows;
    await db.exec(`alter table t add column c ${type} default ${expression}; alter table t drop column c`);
    const rewritten = JSON.stringify((await db.query("select n from node")).rows) !== JSON.stringify(before);
    expect(rewritten).toBe(expected === "volatile");
  },
  60_000,
);

let shared: Promise<PGlite> | undefined;

test("what is not PostgreSQL's is unknown", () => {
  for (const name of ["nanoid", "cuid", "ulid", "public.my_default", "app.now", "constructor"])
    expect(volatility(name)).toBe("unknown");
});
