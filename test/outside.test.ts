import { readdirSync, readFileSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { extensionsOf } from "../src/model/extensions.ts";
import { OUTSIDE, reachesOutside } from "../src/model/postgres/outside.ts";
import { portableReader } from "../src/sql/portable/read.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";

beforeAll(() => postgresReader.load());

const read = (sql: string) => postgresReader.read(sql).statements;
const reach = (sql: string) =>
  read(sql).flatMap((statement) => reachesOutside(statement).map(({ what, scope }) => `${scope}: ${what}`));
const portably = (sql: string) =>
  portableReader
    .read(sql)
    .statements.flatMap((statement) => reachesOutside(statement).map(({ what, scope }) => `${scope}: ${what}`));

/** What reaches outside, with what is said of it. */
const HELD: readonly (readonly [sql: string, said: string])[] = [
  ["COPY t TO PROGRAM 'cat > /tmp/x'", "host: COPY … PROGRAM runs a program on the server"],
  ["COPY t (a) FROM PROGRAM 'ls' WITH (FORMAT csv)", "host: COPY … PROGRAM runs a program on the server"],
  ["COPY (SELECT 1) TO PROGRAM 'cat'", "host: COPY … PROGRAM runs a program on the server"],
  ["COPY t FROM '/etc/passwd'", "host: COPY with a file name reads or writes a file of the server"],
  ["COPY t TO '/tmp/t.csv' CSV", "host: COPY with a file name reads or writes a file of the server"],
  ["CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw", "host: CREATE SERVER is about a connection to another server"],
  ["ALTER SERVER s OPTIONS (SET host 'x')", "host: ALTER SERVER is about a connection to another server"],
  ["ALTER SERVER s RENAME TO t", "host: ALTER SERVER is about a connection to another server"],
  ["ALTER SERVER s OWNER TO me", "host: ALTER SERVER is about a connection to another server"],
  ["DROP SERVER IF EXISTS s CASCADE", "host: DROP SERVER is about a connection to another server"],
  [
    "CREATE FOREIGN DATA WRAPPER f HANDLER h",
    "host: CREATE FOREIGN DATA WRAPPER is about a connection to another server",
  ],
  [
    "ALTER FOREIGN DATA WRAPPER f NO VALIDATOR",
    "host: ALTER FOREIGN DATA WRAPPER is about a connection to another server",
  ],
  ["DROP FOREIGN DATA WRAPPER f", "host: DROP FOREIGN DATA WRAPPER is about a connection to another server"],
  [
    "CREATE USER MAPPING FOR me SERVER s OPTIONS (password 'x')",
    "host: CREATE USER MAPPING is about a login on another server",
  ],
  [
    "ALTER USER MAPPING FOR me SERVER s OPTIONS (SET password 'x')",
    "host: ALTER USER MAPPING is about a login on another server",
  ],
  ["DROP USER MAPPING FOR me SERVER s", "host: DROP USER MAPPING is about a login on another server"],
  ["CREATE FOREIGN TABLE f (a int) SERVER s", "host: CREATE FOREIGN TABLE is about a table of another server"],
  ["ALTER FOREIGN TABLE f ADD COLUMN b int", "host: ALTER FOREIGN TABLE is about a table of another server"],
  ["ALTER FOREIGN TABLE f RENAME TO g", "host: ALTER FOREIGN TABLE is about a table of another server"],
  ["DROP FOREIGN TABLE f", "host: DROP FOREIGN TABLE is about a table of another server"],
  ["IMPORT FOREIGN SCHEMA a FROM SERVER s INTO b", "host: IMPORT FOREIGN SCHEMA reads the schema of another server"],
  [
    "CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p",
    "host: CREATE SUBSCRIPTION is about replication from another server",
  ],
  ["ALTER SUBSCRIPTION s DISABLE", "host: ALTER SUBSCRIPTION is about replication from another server"],
  ["ALTER SUBSCRIPTION s OWNER TO me", "host: ALTER SUBSCRIPTION is about replication from another server"],
  ["DROP SUBSCRIPTION s", "host: DROP SUBSCRIPTION is about replication from another server"],
  ["ALTER SYSTEM SET work_mem = '1GB'", "host: ALTER SYSTEM changes the server's settings"],
  ["ALTER SYSTEM RESET ALL", "host: ALTER SYSTEM changes the server's settings"],
  ["LOAD 'auto_explain'", "host: LOAD loads a library into the server"],
  ["CREATE EXTENSION plpython3u", "host: plpython3u is a language that can do what the server's user can"],
  [
    'CREATE EXTENSION IF NOT EXISTS "plperlu" WITH SCHEMA x',
    "host: plperlu is a language that can do what the server's user can",
  ],
  ["CREATE LANGUAGE pltclu", "host: pltclu is a language that can do what the server's user can"],
  ["CREATE TRUSTED LANGUAGE plsh HANDLER h", "host: plsh is a language that can do what the server's user can"],
  [
    "CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS $$ return 1 $$",
    "host: plpython3u is a language that can do what the server's user can",
  ],
  [
    "CREATE FUNCTION f() RETURNS int LANGUAGE 'C' AS '$libdir/x', 'y'",
    "host: c is a language that can do what the server's user can",
  ],
  [
    "CREATE FUNCTION f(text) RETURNS text LANGUAGE internal AS 'pg_read_file'",
    "host: internal is a language that can do what the server's user can",
  ],
  ["DO LANGUAGE plperlu $$ system('ls') $$", "host: plperlu is a language that can do what the server's user can"],
  ["CREATE TABLESPACE t LOCATION '/data'", "host: CREATE TABLESPACE is about a directory of the server"],
  ["ALTER TABLESPACE t RENAME TO u", "host: ALTER TABLESPACE is about a directory of the server"],
  ["ALTER TABLESPACE t SET (seq_page_cost = 1)", "host: ALTER TABLESPACE is about a directory of the server"],
  ["DROP TABLESPACE t", "host: DROP TABLESPACE is about a directory of the server"],
  ["CREATE DATABASE d", "host: CREATE DATABASE is about another database"],
  ["ALTER DATABASE d SET work_mem = '1GB'", "host: ALTER DATABASE is about another database"],
  ["ALTER DATABASE d RENAME TO e", "host: ALTER DATABASE is about another database"],
  ["ALTER DATABASE d OWNER TO me", "host: ALTER DATABASE is about another database"],
  ["ALTER DATABASE d CONNECTION LIMIT 1", "host: ALTER DATABASE is about another database"],
  ["ALTER DATABASE d REFRESH COLLATION VERSION", "host: ALTER DATABASE is about another database"],
  ["DROP DATABASE d", "host: DROP DATABASE is about another database"],
  ["CREATE ROLE r LOGIN", "cluster: CREATE ROLE is about a role, which all databases of the server share"],
  ["CREATE USER r", "cluster: CREATE ROLE is about a role, which all databases of the server share"],
  ["CREATE GROUP r", "cluster: CREATE ROLE is about a role, which all databases of the server share"],
  ["ALTER ROLE r PASSWORD 'x'", "cluster: ALTER ROLE is about a role, which all databases of the server share"],
  ["ALTER ROLE r SET search_path = a", "cluster: ALTER ROLE is about a role, which all databases of the server share"],
  [
    "ALTER ROLE ALL IN DATABASE d SET work_mem = 1",
    "cluster: ALTER ROLE is about a role, which all databases of the server share",
  ],
  ["ALTER ROLE r RENAME TO s", "cluster: ALTER ROLE is about a role, which all databases of the server share"],
  ["ALTER GROUP g ADD USER u", "cluster: ALTER ROLE is about a role, which all databases of the server share"],
  ["DROP ROLE IF EXISTS r", "cluster: DROP ROLE is about a role, which all databases of the server share"],
  ["DROP USER u", "cluster: DROP ROLE is about a role, which all databases of the server share"],
  ["GRANT a TO b", "cluster: GRANT of a role changes the members of a role, which all databases of the server share"],
  [
    "REVOKE a FROM b",
    "cluster: GRANT of a role changes the members of a role, which all databases of the server share",
  ],
  ["REASSIGN OWNED BY a TO b", "cluster: REASSIGN OWNED reaches objects that all databases of the server share"],
  ["DROP OWNED BY a", "cluster: DROP OWNED reaches objects that all databases of the server share"],
  ["COMMENT ON ROLE r IS 'x'", "cluster: COMMENT ON ROLE is about something that all databases of the server share"],
  [
    "COMMENT ON DATABASE d IS NULL",
    "cluster: COMMENT ON DATABASE is about something that all databases of the server share",
  ],
  [
    "COMMENT ON TABLESPACE t IS 'x'",
    "cluster: COMMENT ON TABLESPACE is about something that all databases of the server share",
  ],
  [
    "SECURITY LABEL ON ROLE r IS 'x'",
    "cluster: SECURITY LABEL ON ROLE is about something that all databases of the server share",
  ],
  [
    "SECURITY LABEL ON DATABASE d IS 'x'",
    "cluster: SECURITY LABEL ON DATABASE is about something that all databases of the server share",
  ],
  [
    "SECURITY LABEL ON TABLESPACE d IS 'x'",
    "cluster: SECURITY LABEL ON TABLESPACE is about something that all databases of the server share",
  ],
  [
    "GRANT CONNECT ON DATABASE d TO r",
    "cluster: GRANT ON DATABASE is about something that all databases of the server share",
  ],
  [
    "REVOKE ALL ON DATABASE d FROM PUBLIC",
    "cluster: GRANT ON DATABASE is about something that all databases of the server share",
  ],
  [
    "GRANT CREATE ON TABLESPACE t TO r",
    "cluster: GRANT ON TABLESPACE is about something that all databases of the server share",
  ],
  [
    "GRANT SET ON PARAMETER work_mem TO r",
    "cluster: GRANT ON PARAMETER is about something that all databases of the server share",
  ],
  ["CHECKPOINT", "cluster: CHECKPOINT makes the whole server write to disk"],
  [
    "UPDATE pg_database SET datallowconn = false",
    "cluster: pg_database is a catalog that all databases of the server share",
  ],
  [
    "CREATE VIEW v AS SELECT rolname AS n FROM pg_authid a WHERE true",
    "cluster: a view that pg_authid can be written through: it is a catalog that all databases of the server share",
  ],
  ["DELETE FROM pg_catalog.pg_authid", "cluster: pg_authid is a catalog that all databases of the server share"],
];

describe("what is held back", () => {
  test.each(HELD)("%s", (sql, said) => {
    expect(reach(sql)).toEqual([said]);
  });

  test("the portable reader holds back what PostgreSQL's grammar does", () => {
    const missed = HELD.filter(
      ([sql, said]) => !portably(sql).some((found) => found === said || found.replace(/USER|GROUP/, "ROLE") === said),
    );
    expect(missed).toEqual([]);
  });

  test("every row has an example here or is about functions, of which each is tried", () => {
    const said = HELD.map(([, sentence]) => sentence);
    const name = (command: string) =>
      ({ "COPY PROGRAM": "COPY … PROGRAM", "COPY FILE": "COPY with a file name", "GRANT ROLE": "GRANT of a role" })[
        command
      ] ?? command.replace(/USER$|GROUP$/, "ROLE");
    for (const row of OUTSIDE) {
      expect(row.source).toMatch(/^https:\/\//);
      for (const command of row.commands ?? []) expect(said).toContain(`${row.scope}: ${name(command)} ${row.does}`);
      for (const each of row.functions ?? []) {
        const call = `${row.schema === undefined ? "" : `${row.schema}.`}${each}`;
        expect(reach(`SELECT ${call}('x')`)).toEqual([`${row.scope}: ${call}() ${row.does}`]);
        expect(portably(`SELECT ${call}('x')`)).toEqual([`${row.scope}: ${call}() ${row.does}`]);
        const anywhere = OUTSIDE.some((other) => other.extension && other.functions?.includes(each));
        expect(reach(`SELECT my_own.${each}('x')`)).toHaveLength(anywhere ? 1 : 0);
      }
      for (const language of row.languages ?? [])
        expect(reach(`CREATE FUNCTION f() RETURNS int LANGUAGE ${language} AS 'x'`)).toEqual([
          `${row.scope}: ${language} ${row.does}`,
        ]);
      for (const extension of row.extensions ?? [])
        expect(reach(`CREATE EXTENSION ${extension}`)).toEqual([`${row.scope}: ${extension} ${row.does}`]);
      for (const table of row.tables ?? [])
        expect(reach(`DELETE FROM ${table}`)).toEqual([`${row.scope}: ${table} ${row.does}`]);
    }
  });
});

describe("wherever it is", () => {
  const FILE = "host: pg_read_file() reads files of the server";
  test.each([
    "SELECT pg_catalog.pg_read_file('x')",
    "SELECT * FROM pg_read_file('x') AS f",
    "INSERT INTO t SELECT a FROM u WHERE a = (SELECT PG_READ_FILE('x'))",
    "WITH w AS (SELECT pg_read_file('x') AS a) UPDATE t SET a = w.a FROM w",
    "CREATE TABLE t (a text DEFAULT pg_read_file('x'))",
    "ALTER TABLE t ADD COLUMN a text DEFAULT pg_read_file('x')",
    "CREATE TABLE t AS SELECT pg_read_file('x')",
    "CREATE VIEW v AS SELECT pg_read_file('x')",
    "CREATE MATERIALIZED VIEW v AS SELECT pg_read_file('x')",
    "CREATE POLICY p ON t USING (a = pg_read_file('x'))",
    "CREATE INDEX ON t (pg_read_file(a))",
    "CREATE RULE r AS ON INSERT TO t DO ALSO SELECT pg_read_file('x')",
    "CREATE AGGREGATE a (text) (SFUNC = pg_read_file, STYPE = text)",
    "COPY (SELECT pg_read_file('x')) TO STDOUT",
    "EXPLAIN ANALYZE SELECT pg_read_file('x')",
    "PREPARE p AS SELECT pg_read_file('x')",
    "SELECT query_to_xml('SELECT pg_read_file(''x'')', true, true, '')",
    "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT pg_read_file('é'); SELECT 1 $$",
    "CREATE FUNCTION f() RETURNS text LANGUAGE sql RETURN pg_read_file('x')",
    "CREATE FUNCTION f() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT pg_read_file('x'); END",
    "CREATE FUNCTION f(a int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN pg_read_file('x'); END $$",
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := pg_read_file('x'); RETURN NEW; END $$",
    "DO $$ DECLARE a text := pg_read_file('x'); BEGIN NULL; END $$",
    "DO $$ DECLARE a text; BEGIN a := pg_read_file('x'); END $$",
    "DO $$ BEGIN IF pg_read_file('x') = '' THEN NULL; END IF; END $$",
    "DO $$ BEGIN PERFORM pg_read_file('x'); EXCEPTION WHEN others THEN NULL; END $$",
    "DO $$ BEGIN RAISE NOTICE '%', pg_read_file('x'); END $$",
    "DO $$ DECLARE r record; BEGIN FOR r IN SELECT pg_read_file('x') LOOP NULL; END LOOP; END $$",
    "DO $$ BEGIN EXECUTE 'SELECT $1' USING pg_read_file('x'); END $$",
    "DO $$ BEGIN EXECUTE 'SELECT pg_read_file(''x'')'; END $$",
    "DO $$ BEGIN EXECUTE 'SELECT pg_' || 'read_file(''x'')'; END $$",
    "DO $$ DECLARE a text := 'SELECT pg_read_file(''x'')'; BEGIN EXECUTE a; END $$",
    "DO $$ DECLARE a text; BEGIN a := 'SELECT pg_read_file(''x'')'; EXECUTE a; END $$",
    "DO $$ BEGIN EXECUTE format('SELECT pg_read_file(%L) FROM %I', 'x', current_schema()); END $$",
    "DO $o$ BEGIN EXECUTE 'DO $i$ BEGIN PERFORM pg_read_file(''x''); END $i$'; END $o$",
    "DO $$ BEGIN EXECUTE 'CREATE FUNCTION f() RETURNS text LANGUAGE sql AS ''SELECT pg_read_file(''''x'''')'''; END $$",
    // PL/pgSQL that libpg-query's parser refuses is read by its words.
    "CREATE FUNCTION f(a posts) RETURNS SETOF posts LANGUAGE plpgsql AS $$ DECLARE r posts%rowtype; BEGIN RETURN QUERY SELECT pg_read_file('x'); END $$",
  ])("%s", (sql) => {
    expect(reach(sql)).toEqual([FILE]);
  });

  test("commands inside of bodies, with parts that are not known", () => {
    expect(
      reach("DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'r') THEN CREATE ROLE r; END IF; END $$"),
    ).toEqual(["cluster: CREATE ROLE is about a role, which all databases of the server share"]);
    expect(
      reach(
        "DO $$ DECLARE r text; BEGIN FOR r IN SELECT rolname FROM pg_roles LOOP EXECUTE 'DROP ROLE ' || quote_ident(r); END LOOP; END $$",
      ),
    ).toEqual(["cluster: DROP ROLE is about a role, which all databases of the server share"]);
    expect(reach("DO $$ BEGIN EXECUTE format('COPY %I TO PROGRAM %L', t, p); END $$")).toEqual([
      "host: COPY … PROGRAM runs a program on the server",
    ]);
    expect(reach("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = 1', d); END $$")).toEqual([
      "host: ALTER DATABASE is about another database",
    ]);
  });

  const TEXT = "cluster: EXECUTE runs a text that is only known when it runs, and may do anything";
  test.each([
    "DO $$ BEGIN EXECUTE a; END $$",
    "DO $$ BEGIN EXECUTE 'SELECT ' || a; END $$",
    "DO $$ BEGIN EXECUTE format('ALTER TABLE %s ADD a int', t); END $$",
    "DO $$ BEGIN EXECUTE chr(67) || 'OPY t TO STDOUT'; END $$",
    "DO $$ DECLARE a text := 'SELECT 1'; BEGIN SELECT b INTO a FROM t; EXECUTE a; END $$",
    "DO $$ DECLARE a text := 'SELECT 1'; BEGIN a := b(); EXECUTE a; END $$",
    "DO $$ DECLARE r record; BEGIN FOR r IN EXECUTE q LOOP NULL; END LOOP; END $$",
    "CREATE FUNCTION f(a text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE a; END $$",
    "CREATE FUNCTION f(a text) RETURNS SETOF int LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE a; END $$",
  ])("a text that is not known: %s", (sql) => {
    expect(reach(sql)).toEqual([TEXT]);
  });

  test.each([
    "DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD a int DEFAULT %L', t, v); END $$",
    "DO $$ BEGIN EXECUTE 'ALTER TABLE ' || quote_ident(t) || ' SET (fillfactor = ' || 70 || ')'; END $$",
    "DO $$ DECLARE a text; BEGIN a := 'SELECT 1'; EXECUTE a; END $$",
    "CREATE VIEW v AS SELECT a.rolname FROM pg_roles a JOIN t ON true",
    "CREATE VIEW v AS SELECT count(*) FROM pg_database GROUP BY datdba",
  ])("what is known, or quoted, is not: %s", (sql) => {
    expect(reach(sql)).toEqual([]);
  });

  test("the database that it runs in is no other", () => {
    expect(
      reach("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = 1', current_database()); END $$"),
    ).toEqual([]);
    expect(
      reach("DO $$ BEGIN EXECUTE 'COMMENT ON DATABASE ' || quote_ident(current_database()) || ' IS ''x'''; END $$"),
    ).toEqual([]);
    expect(reach("DO $$ BEGIN EXECUTE 'GRANT CONNECT ON DATABASE ' || current_database() || ' TO r'; END $$")).toEqual(
      [],
    );
  });

  test("each thing once, in the order of the text", () => {
    expect(reach("DO $$ BEGIN CREATE ROLE a; CREATE ROLE b; PERFORM pg_read_file('x'); END $$")).toEqual([
      "cluster: CREATE ROLE is about a role, which all databases of the server share",
      FILE,
    ]);
  });

  test("what is nested so deep that no parser follows it is read by its words", () => {
    const deep = (count: number, last: string) => `SELECT ''${" || ''".repeat(count)} || ${last}`;
    for (const count of [100, 1000, 3000, 6000]) {
      expect(read(deep(count, "''"))[0]?.broken).toBe(false);
      expect(reach(deep(count, "''"))).toEqual([]);
      expect(reach(deep(count, "pg_read_file('x')"))).toEqual([FILE]);
    }
  });

  test("what is no SQL would not run", () => {
    expect(reach("ALTER SYSTEM SET; CREATE TABLE a ();")).toEqual([]);
  });

  test("the portable reader does not look into bodies", () => {
    expect(portably("DO $$ BEGIN NULL; END $$")).toEqual([
      "host: a DO block may do anything: this parser does not read it",
    ]);
    expect(portably("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")).toEqual([
      "host: the body of a function may do anything: this parser does not read it",
    ]);
    expect(portably("CREATE TABLE copy (load text, program text DEFAULT 'ALTER SYSTEM')")).toEqual([]);
  });
});

/** Kinds of statements that stay inside, by templates: `#` is a name, `§` a string. */
const INSIDE: readonly string[] = [
  "COPY # FROM STDIN",
  "COPY # (#, #) TO STDOUT WITH (FORMAT csv)",
  "CREATE TABLE # (# text DEFAULT §, load int, program text, CHECK (# <> §))",
  "CREATE TABLE #.# (LIKE # INCLUDING ALL)",
  "ALTER TABLE # ADD COLUMN # text NOT NULL DEFAULT §",
  "ALTER TABLE # RENAME COLUMN # TO #",
  "ALTER TABLE # OWNER TO #",
  "ALTER TABLE # SET SCHEMA #",
  "DROP TABLE IF EXISTS # CASCADE",
  "INSERT INTO # (#, #) VALUES (§, §), (now(), gen_random_uuid())",
  "UPDATE # SET # = § WHERE # = lower(§)",
  "DELETE FROM # WHERE # NOT IN (SELECT # FROM pg_database)",
  "SELECT setval(§, 1), set_config(§, §, false), pg_notify(§, §), pg_advisory_lock(1), current_setting(§)",
  "SELECT lo_create(0), lo_unlink(1), pg_sleep(0), pg_backend_pid()",
  "SELECT * FROM pg_stat_activity, pg_roles, pg_file_settings",
  "COMMENT ON TABLE # IS §",
  "COMMENT ON COLUMN #.# IS §",
  "COMMENT ON SCHEMA # IS §",
  "GRANT SELECT ON # TO #",
  "GRANT USAGE ON SCHEMA # TO #",
  "GRANT EXECUTE ON FUNCTION #() TO #",
  "GRANT USAGE ON FOREIGN SERVER # TO #",
  "ALTER DEFAULT PRIVILEGES IN SCHEMA # GRANT SELECT ON TABLES TO #",
  "CREATE EXTENSION IF NOT EXISTS citext",
  "CREATE EXTENSION plpgsql",
  "CREATE EXTENSION plv8",
  "CREATE EXTENSION dblink",
  'CREATE EXTENSION "uuid-ossp" WITH SCHEMA #',
  "CREATE EXTENSION vector",
  "CREATE TYPE # AS ENUM (§, 'b')",
  "CREATE VIEW # AS SELECT # FROM # WHERE # = §",
  "CREATE TRIGGER # BEFORE INSERT ON # FOR EACH ROW EXECUTE FUNCTION my_own()",
  "CREATE FUNCTION #() RETURNS text LANGUAGE sql AS $b$ SELECT § $b$",
  "CREATE FUNCTION #() RETURNS trigger LANGUAGE plpgsql AS $b$ BEGIN NEW.# := §; RAISE NOTICE 'ALTER SYSTEM %', §; RETURN NEW; END $b$",
  "CREATE FUNCTION #() RETURNS text LANGUAGE plv8 AS $b$ pg_read_file() $b$",
  "DO $b$ DECLARE a text := §; BEGIN UPDATE # SET # = a; END $b$",
  "DO $b$ BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN x text DEFAULT %L', #, §); END $b$",
  "CREATE INDEX CONCURRENTLY # ON # (#) TABLESPACE #",
  "CREATE PUBLICATION # FOR TABLE #",
  "CREATE POLICY # ON # USING (# = current_user)",
  "SET ROLE #",
  "SET search_path = #, pg_catalog",
  "ALTER EXTENSION # UPDATE",
  "ALTER LANGUAGE # RENAME TO #",
  "LOCK TABLE # IN EXCLUSIVE MODE",
  "NOTIFY #, §",
  "EXPLAIN SELECT pg_read_file(§)",
  "REFRESH MATERIALIZED VIEW #",
  "VACUUM #",
];

/** Names and texts that sound like more than they are. */
const NAMES = [
  "posts",
  "copy_program",
  '"pg_read_file"',
  '"ALTER SYSTEM"',
  '"COPY t TO PROGRAM"',
  "dblink",
  '"Größe"',
  "role",
  "server",
  "tablespace_",
  "pg_promote_",
];
const TEXTS = [
  "'x'",
  "'COPY t TO PROGRAM ''ls'''",
  "'pg_read_file(''/etc/passwd'')'",
  "'ALTER SYSTEM SET a = 1;'",
  "E'CREATE ROLE\\n r'",
  "'; DROP DATABASE d; --'",
  "''",
];
const COMMENTS = [
  "",
  "-- ALTER SYSTEM SET x = 1\n",
  "/* COPY t FROM PROGRAM 'ls'; SELECT pg_read_file('x') */ ",
  "-- dblink('é')\n",
];

const inside = fc
  .tuple(
    fc.constantFrom(...INSIDE),
    fc.array(fc.constantFrom(...NAMES), { minLength: 5, maxLength: 5 }),
    fc.array(fc.constantFrom(...TEXTS), { minLength: 4, maxLength: 4 }),
    fc.constantFrom(...COMMENTS),
  )
  .map(([template, names, texts, comment]) => {
    let name = 0;
    let text = 0;
    return (
      comment +
      template.replace(/[#§]/g, (mark) =>
        mark === "#" ? (names[name++ % names.length] as string) : (texts[text++ % texts.length] as string),
      )
    );
  });

describe("what is not held back", () => {
  test("no statement of the kinds that stay inside, whatever its names, strings and comments sound like", () => {
    fc.assert(
      fc.property(inside, (sql) => {
        const statements = read(sql);
        expect(
          statements.map(({ broken }) => broken),
          sql,
        ).toEqual([false]);
        expect(reach(sql), sql).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  test("one that does between ones that do not is found, and only it", () => {
    fc.assert(
      fc.property(
        fc.array(inside, { maxLength: 3 }),
        fc.constantFrom(...HELD),
        fc.array(inside, { maxLength: 3 }),
        (before, [sql, said], after) => {
          const found = read([...before, sql, ...after].join(";\n")).map((statement) =>
            reachesOutside(statement).map(({ what, scope }) => `${scope}: ${what}`),
          );
          expect(found).toEqual([...before.map(() => []), [said], ...after.map(() => [])]);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("never throws", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.constantFrom(
              "COPY",
              "DO",
              "$$",
              "BEGIN",
              "EXECUTE",
              "'",
              "(",
              ")",
              ";",
              "FROM",
              "PROGRAM",
              "CREATE",
              "FUNCTION",
              "LANGUAGE",
              "AS",
              "grant",
              "\ud800",
              "é",
            ),
            fc.string({ maxLength: 4 }),
          ),
          { maxLength: 20 },
        ),
        (words) => {
          reach(words.join(" "));
          portably(words.join(" "));
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe("PostgreSQL says", () => {
  let database: PGlite;
  beforeAll(async () => {
    database = await PGlite.create();
  }, 30_000);
  afterAll(() => database.close());

  /** Gone by PostgreSQL 18, or there only before 15. */
  const OLD = new Set([
    "pg_read_file_old",
    "pg_xlog_replay_pause",
    "pg_xlog_replay_resume",
    "pg_switch_xlog",
    "pg_start_backup",
    "pg_stop_backup",
  ]);
  /** Not for everybody, but about this database alone, or about what a superuser may see of it. */
  const STAYS = new Set(
    (
      "pg_stat_reset pg_stat_reset_single_table_counters pg_stat_reset_single_function_counters pg_stat_reset_backend_stats pg_stat_have_stats pg_config pg_nextoid pg_stop_making_pinned_objects pg_get_shmem_allocations pg_get_shmem_allocations_numa pg_get_backend_memory_contexts pg_get_aios " +
      "pg_replication_origin_oid pg_replication_origin_progress pg_replication_origin_session_is_setup pg_replication_origin_session_progress pg_replication_origin_session_reset pg_replication_origin_session_setup pg_replication_origin_xact_reset pg_replication_origin_xact_setup pg_show_replication_origin_status"
    ).split(" "),
  );

  test("every function of a row is one", async () => {
    const own = OUTSIDE.filter((row) => row.extension === undefined && row.schema === undefined).flatMap(
      (row) => row.functions ?? [],
    );
    const { rows } = await database.query<{ proname: string }>(
      "select distinct proname from pg_proc where pronamespace = 'pg_catalog'::regnamespace",
    );
    const known = new Set(rows.map(({ proname }) => proname));
    expect(own.filter((name) => !known.has(name) && !OLD.has(name))).toEqual([]);
    expect([...OLD].filter((name) => known.has(name) || !own.includes(name))).toEqual([]);
  });

  test("every function that it does not give to everybody is in a row, or stays inside", async () => {
    const own = new Set(OUTSIDE.flatMap((row) => row.functions ?? []));
    const { rows } = await database.query<{ proname: string }>(
      "select distinct proname from pg_proc where pronamespace = 'pg_catalog'::regnamespace and proacl is not null and not exists (select from aclexplode(proacl) a where a.grantee = 0 and a.privilege_type = 'EXECUTE') order by 1",
    );
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.map(({ proname }) => proname).filter((name) => !own.has(name) && !STAYS.has(name))).toEqual([]);
  });

  test("every catalog that all databases share is in a row", async () => {
    const own = new Set(OUTSIDE.flatMap((row) => row.tables ?? []));
    const { rows } = await database.query<{ relname: string }>(
      "select relname from pg_class where relisshared and relkind = 'r'",
    );
    expect(rows.map(({ relname }) => relname).filter((name) => !own.has(name))).toEqual([]);
  });

  test("every language that is not trusted is in a row", async () => {
    const own = new Set(OUTSIDE.flatMap((row) => row.languages ?? []));
    const { rows } = await database.query<{ lanname: string }>(
      "select lanname from pg_language where not lanpltrusted",
    );
    expect(rows.map(({ lanname }) => lanname).filter((name) => !own.has(name))).toEqual([]);
    expect(rows.length).toBeGreaterThan(1);
  });
});

test("no fixture is held back but the ones that are about such statements", () => {
  const root = new URL("../fixtures/rules/", import.meta.url);
  const held = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".sql"))
    .filter((path) => reach(readFileSync(new URL(path, root), "utf8")).length > 0);
  // EXECUTE of a text that is not known; CREATE ROLE and DROP OWNED of a role; DROP DATABASE; DO in PL/Python; IMPORT FOREIGN SCHEMA; ALTER SYSTEM, tablespaces and databases.
  expect(held.sort()).toEqual([
    "destructive/drop-cascade/invalid-several.sql",
    "destructive/drop-database/invalid-plain.sql",
    "history/contradicts-history/valid-unread.sql",
    "history/opaque-statement/invalid-dynamic.sql",
    "history/opaque-statement/invalid-unsupported.sql",
    "history/stale-warning/valid-unread.sql",
    "reversibility/down-migration-does-not-restore/invalid-unsure.sql",
    "transactions/concurrently-in-transaction/invalid-all-commands.sql",
    "transactions/session-setting-leaks/invalid-others.sql",
  ]);
});

test("the extensions that a script creates", () => {
  const script = `CREATE EXTENSION IF NOT EXISTS citext; DO $$ BEGIN CREATE EXTENSION "uuid-ossp"; EXECUTE 'CREATE EXTENSION vector'; END $$; CREATE EXTENSION citext; CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'CREATE EXTENSION hstore'`;
  expect(extensionsOf(read(script))).toEqual(["citext", "uuid-ossp", "vector"]);
  expect(extensionsOf(portableReader.read("CREATE EXTENSION pg_trgm SCHEMA public; SELECT 1").statements)).toEqual([
    "pg_trgm",
  ]);
});
