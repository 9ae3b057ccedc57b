import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ServerOptions, serverStage } from "../src/rehearsal/stage/server/index.ts";
import { type Session, SessionLost, type Stage } from "../src/rehearsal/stage/session.ts";
import { installedServer, serverInstalled, startServer, type TestServer } from "./support/server.ts";

const major = installedServer();
const SECRET = "s3cr&t";

describe.skipIf(major === undefined)("a rehearsal on a server", { timeout: 30_000 }, () => {
  let server: TestServer;
  let admin: pg.Client;
  let where: string;
  let stages: Stage[] = [];

  beforeAll(async () => {
    server = await startServer(major!, {
      hba: ["host all secretive 127.0.0.1/32 scram-sha-256", "host all unwanted 127.0.0.1/32 reject"],
      settings: { max_prepared_transactions: "5" },
    });
    where = `127.0.0.1:${server.port}`;
    admin = new pg.Client({ connectionString: server.url, application_name: "the test" });
    await admin.connect();
    await admin.query(`create role secretive login createdb password '${SECRET}'`);
    for (const role of ["unwanted", "humble", "owner createdb", "stranger createdb"])
      await admin.query(`create role ${role.replace(" ", " login ")}${role.includes(" ") ? "" : " login"}`);
    for (const sql of [
      "create database shop owner owner",
      "create role narrow login createdb connection limit 1",
      "create role reader login createdb",
      "alter role reader set default_transaction_read_only = on",
    ])
      await admin.query(sql);
    const shop = new pg.Client({ connectionString: url({ user: "owner", database: "shop" }) });
    await shop.connect();
    await shop.query("create table public.posts (id int primary key); insert into posts select generate_series(1, 10)");
    await shop.query(
      "create schema blog; create table blog.posts (id int primary key); insert into blog.posts values (1), (2)",
    );
    await shop.end();
  }, 60_000);

  afterEach(async () => {
    for (const stage of stages) await stage.close();
    stages = [];
    expect(await databases()).toEqual([]);
  });

  afterAll(async () => {
    await admin?.end();
    await server?.stop();
  });

  const url = ({ user = "postgres", password = "", host = where, database = "postgres", query = "" }): string =>
    `postgresql://${user}${password === "" ? "" : `:${encodeURIComponent(password)}`}@${host}/${database}${query}`;

  const databases = async (): Promise<string[]> =>
    (
      await admin.query<{ name: string }>(
        "select datname::text as name from pg_database where datname like 'lockstep%' order by 1",
      )
    ).rows.map(({ name }) => name);

  async function stageOf(options: Partial<ServerOptions> = {}): Promise<Stage> {
    const opened = await serverStage({ url: server.url, ...options });
    if (!opened.ok) throw new Error(opened.message);
    stages.push(opened.value);
    return opened.value;
  }

  async function fresh(stage: Stage): Promise<Session> {
    const opened = await stage.fresh();
    if (!opened.ok) throw new Error(opened.message);
    return opened.value;
  }

  /** What a user is told; the stage must not come about. */
  async function mistake(options: Partial<ServerOptions>): Promise<string> {
    const opened = await serverStage({ url: server.url, ...options });
    if (opened.ok) {
      await opened.value.close();
      throw new Error("no mistake was seen");
    }
    expect(opened.message).not.toMatch(/s3cr|\n/);
    return opened.message;
  }

  describe("sessions", () => {
    test("say what server it is", async () => {
      const stage = await stageOf();
      expect(stage.server).toMatchObject({ kind: "server", major, superuser: true });
      expect(stage.server.version).toMatch(new RegExp(`^${major}\\.\\d+$`));
      expect((await stageOf({ url: url({ user: "owner" }) })).server.superuser).toBe(false);
    });

    test("run text as one message: several statements are one transaction, notices come along", async () => {
      const session = await fresh(await stageOf());
      expect(
        await session.run("create table t (a int); do $$ begin raise notice 'n'; raise warning 'w'; end $$"),
      ).toEqual({ ok: true, notices: ["NOTICE: n", "WARNING: w"] });
      expect(await session.run("insert into t values (1); insert into t values (1 / 0)")).toMatchObject({
        ok: false,
        error: { sqlstate: "22012" },
      });
      expect(await session.query("select count(*)::int4 as n from t")).toEqual([{ n: 0 }]);
      expect(await session.run("insert into t values (1)")).toEqual({ ok: true, notices: [] });
      expect(await session.run("  -- nothing")).toEqual({ ok: true, notices: [] });
    });

    test("give the place of an error in UTF-16 code units, and what it is about", async () => {
      const session = await fresh(await stageOf());
      const before = "select 'ä😀';\nselect ";
      expect(await session.run(`${before}nope`)).toEqual({
        ok: false,
        error: { sqlstate: "42703", message: 'column "nope" does not exist', offset: before.length },
      });
      await session.run("create table t (a int constraint positive check (a > 0), b int not null)");
      expect(await session.run("insert into t values (0, 1)")).toEqual({
        ok: false,
        error: {
          sqlstate: "23514",
          message: 'new row for relation "t" violates check constraint "positive"',
          detail: "Failing row contains (0, 1).",
          schema: "public",
          table: "t",
          constraint: "positive",
        },
      });
      expect(await session.run("insert into t values (1)")).toMatchObject({
        error: { sqlstate: "23502", schema: "public", table: "t", column: "b" },
      });
    });

    test("answer queries of our own with the rows of the last statement; an error is a bug", async () => {
      const session = await fresh(await stageOf());
      expect(
        await session.query(
          `select 1; select 7::int4 as i, true as b, 'x' as t, null::text as n, '{"a":[1]}'::json as j`,
        ),
      ).toEqual([{ i: 7, b: true, t: "x", n: null, j: { a: [1] } }]);
      expect(await session.query("create table t ()")).toEqual([]);
      await expect(session.query("select nope")).rejects.toThrow('42703 column "nope" does not exist in: select nope');
    });

    test("refuse COPY FROM STDIN, for which there is no data, and go on", async () => {
      const session = await fresh(await stageOf());
      await session.run("create table t (a int)");
      expect(await session.run("copy t from stdin", { time: 5_000 })).toMatchObject({
        ok: false,
        error: { sqlstate: "57014", message: expect.stringContaining("COPY from stdin failed") as string },
      });
      expect(await session.run("copy t to stdout")).toMatchObject({ ok: true });
      expect(await session.query("select 1 as one")).toEqual([{ one: 1 }]);
    });

    test("begin alike: settings of our own survive RESET ALL, nothing of the session before is left", async () => {
      const stage = await stageOf();
      const session = await fresh(stage);
      await session.run("set statement_timeout = 60000; set timezone = 'Asia/Tokyo'; create table t ()");
      await session.run("reset all");
      expect(
        await session.query(
          "select current_setting('timezone') as zone, current_setting('idle_in_transaction_session_timeout') as idle",
        ),
      ).toEqual([{ zone: "UTC", idle: "0" }]);
      const next = await fresh(stage);
      expect(
        await next.query("select to_regclass('t')::text as t, current_database() <> 'postgres' as scratch"),
      ).toEqual([{ t: null, scratch: true }]);
      await expect(session.query("select 1")).rejects.toThrow(SessionLost);
      expect(session.lost).toBe(true);
    });
  });

  describe("a time limit", () => {
    const ran = {
      ok: false,
      error: { sqlstate: "57014", message: "the time limit of 0.2 s for a statement ran out", timedOut: true },
    };

    test.each([
      "select pg_sleep(100)",
      "do $$ begin loop end loop; end $$",
      "set statement_timeout = '1h'; select pg_sleep(100)",
    ])("cancels: %s", async (sql) => {
      const session = await fresh(await stageOf());
      expect(await session.run(sql, { time: 200 })).toEqual(ran);
      expect(session.lost).toBe(false);
      expect(await session.query("select 1 as one")).toEqual([{ one: 1 }]);
    });

    test("ends the session where the statement holds against it", async () => {
      const stage = await stageOf();
      const session = await fresh(stage);
      expect(
        await session.run(
          "do $$ begin loop begin perform pg_sleep(10); exception when query_canceled then null; end; end loop; end $$",
          { time: 200 },
        ),
      ).toEqual(ran);
      expect(session.lost).toBe(true);
      await expect(session.run("select 1")).rejects.toThrow(SessionLost);
      expect((await fresh(stage)).lost).toBe(false);
    });

    test("is not the migration's own: that is an error like others", async () => {
      const session = await fresh(await stageOf());
      expect(await session.run("set statement_timeout = 200; select pg_sleep(100)", { time: 10_000 })).toEqual({
        ok: false,
        error: { sqlstate: "57014", message: "canceling statement due to statement timeout" },
      });
    });

    test("does not hit the statement after the one that was just in time", async () => {
      const session = await fresh(await stageOf());
      for (let round = 0; round < 40; round++) {
        await session.run("select pg_sleep(0.01)", { time: 10 });
        expect(await session.run("select pg_sleep(0.002)")).toEqual({ ok: true, notices: [] });
      }
    });
  });

  describe("keeping and coming back", () => {
    test("keep goes on from what is there, restore comes back to it, as often as wanted", async () => {
      const stage = await stageOf();
      const first = await fresh(stage);
      await first.run("create table t as select 1 as a");
      const second = await stage.keep(first, "one");
      await second.run("update t set a = 2");
      const third = await stage.keep(second, "two");
      await third.run("drop table t");
      expect(await (await stage.restore("one"))?.query("select a from t")).toEqual([{ a: 1 }]);
      expect(await (await stage.restore("two"))?.query("select a from t")).toEqual([{ a: 2 }]);
      const again = await stage.restore("one");
      await again?.run("update t set a = 3");
      expect(await (await stage.restore("one"))?.query("select a from t")).toEqual([{ a: 1 }]);
      expect(await stage.restore("three")).toBe(undefined);
      await first.close();
      // One for each key, one for the session.
      expect(await databases()).toHaveLength(3);
    });

    test("a key that is kept again is what it was the last time", async () => {
      const stage = await stageOf();
      const first = await fresh(stage);
      await first.run("create table t as select 1 as a");
      const second = await stage.keep(first, "k");
      await second.run("update t set a = 2");
      await stage.keep(second, "k");
      expect(await (await stage.restore("k"))?.query("select a from t")).toEqual([{ a: 2 }]);
      expect(await databases()).toHaveLength(2);
    });

    test("close drops what migrations made hard to drop", async () => {
      const stage = await stageOf();
      const session = await fresh(stage);
      await session.run("create table t (a int)");
      expect(await session.run("begin; insert into t values (1); prepare transaction 'p'")).toMatchObject({ ok: true });
      expect(
        await session.run(
          "create subscription s connection 'host=127.0.0.1 port=1' publication p with (connect = false)",
        ),
      ).toMatchObject({ ok: true });
      await session.run(
        "do $$ begin execute format('alter database %I is_template true', current_database()); execute format('alter database %I connection limit 5', current_database()); end $$",
      );
      expect(await databases()).toHaveLength(1);
      await stage.close();
      expect(await databases()).toEqual([]);
    });
  });

  describe("a template", () => {
    test("is copied with its rows, and is not touched", async () => {
      const stage = await stageOf({ url: url({ user: "owner" }), template: "shop" });
      const session = await fresh(stage);
      await session.run("delete from posts where id > 3");
      expect(await session.query("select count(*)::int4 as n from posts")).toEqual([{ n: 3 }]);
      expect(await (await fresh(stage)).query("select count(*)::int4 as n from posts")).toEqual([{ n: 10 }]);
    });

    test("may be the database of the URL itself; Prisma's schema is the one that is searched", async () => {
      const stage = await stageOf({
        url: url({
          user: "owner",
          database: "shop",
          query:
            "?schema=blog&connection_limit=1&pgbouncer=true&pool_timeout=2&connect_timeout=3&socket_timeout=4&statement_cache_size=0&sslaccept=accept_invalid_certs&query_timeout=1",
        }),
        template: "shop",
      });
      expect(
        await (await fresh(stage)).query(
          "select count(*)::int4 as n, current_setting('search_path') as path from posts",
        ),
      ).toEqual([{ n: 2, path: '"blog"' }]);
    });

    test("that is large is copied file by file", async () => {
      await admin.query("create database large");
      const large = new pg.Client({ connectionString: url({ database: "large" }) });
      await large.connect();
      await large.query("create table t as select i, repeat('x', 1000) as s from generate_series(1, 30000) i");
      await large.end();
      const stage = await stageOf({ template: "large" });
      const before = (await admin.query<{ lsn: string }>("select pg_current_wal_lsn()::text as lsn")).rows[0]?.lsn;
      expect(await (await fresh(stage)).query("select count(*)::int4 as n from t")).toEqual([{ n: 30000 }]);
      const { rows } = await admin.query<{ small: boolean }>(
        "select pg_wal_lsn_diff(pg_current_wal_lsn(), $1) < 4e6 as small",
        [before],
      );
      expect(rows).toEqual([{ small: true }]);
      await stage.close();
      await admin.query("drop database large");
    });

    test("that is in use: says by whom", async () => {
      const stage = await stageOf({ url: url({ user: "owner" }), template: "shop" });
      const user = new pg.Client({
        connectionString: url({ user: "owner", database: "shop" }),
        application_name: "the shop",
      });
      const other = new pg.Client({ connectionString: url({ user: "humble", database: "shop" }) });
      await user.connect();
      await other.connect();
      const pids = await Promise.all(
        [user, other].map(
          async (client) => (await client.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]!.pid,
        ),
      );
      // Other users' addresses are for superusers only.
      const said = await stage.fresh();
      const seen = [
        `"the shop" (process ${pids[0]}, user "owner", from 127.0.0.1)`,
        `a nameless program (process ${pids[1]}, user "humble")`,
      ];
      expect(said).toEqual({
        ok: false,
        message: `The database "shop" of ${where} (--template) is in use by ${(pids[0]! < pids[1]! ? seen : seen.reverse()).join(" and ")}: PostgreSQL copies a database only when nobody is connected to it. End those sessions, or rehearse on a copy made by pg_dump.`,
      });
      await user.end();
      await other.end();
      expect((await fresh(stage)).lost).toBe(false);
    });

    test("that is not there, that is another's", async () => {
      expect(await mistake({ template: 'no"where' })).toBe(
        `${where} has no database "no"where" (--template): correct its name.`,
      );
      expect(await mistake({ url: url({ user: "stranger" }), template: "shop" })).toBe(
        `The user "stranger" may not copy the database "shop" of ${where} (--template): copy it as its owner or a superuser, or ALTER DATABASE "shop" IS_TEMPLATE true.`,
      );
    });
  });

  describe("mistakes", () => {
    test.each([
      [
        "localhost:5432/x",
        "--server is no URL of a PostgreSQL server: write postgresql://USER:PASSWORD@HOST:PORT/DATABASE.",
      ],
      [
        "mysql://root:s3cret@h/x",
        "--server is no URL of a PostgreSQL server: write postgresql://USER:PASSWORD@HOST:PORT/DATABASE.",
      ],
      [
        "prisma+postgres://accelerate.example/?api_key=s3cret",
        "--server is a prisma+postgres:// URL, which leads to Prisma's own service and not to a server: give the direct URL, postgresql://USER:PASSWORD@HOST:PORT/DATABASE.",
      ],
      [
        "postgresql://u:s3cr#et@h/x",
        "--server is no URL that can be read: write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, and characters such as # / ? @ % in the password as %23 %2F %3F %40 %25.",
      ],
      [
        "postgresql://u:s3cr%zzet@h/x",
        "--server is no URL that can be read: write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, and characters such as # / ? @ % in the password as %23 %2F %3F %40 %25.",
      ],
      [
        "postgresql://u:s3cret@h/x?sslmode=maybe",
        "--server has an sslmode that there is not: write disable, prefer, require, verify-ca or verify-full.",
      ],
      [
        "postgresql://u:s3cret@127.0.0.1:1/x",
        "No server listens at 127.0.0.1:1 (--server): start PostgreSQL there, or correct host and port.",
      ],
      [
        "postgresql://u:s3cret@nowhere.invalid/x",
        "The host of nowhere.invalid:5432 (--server) cannot be found: correct its name.",
      ],
      [
        "postgresql://u@/x?host=/nowhere",
        "No server listens at the socket in /nowhere (--server): start PostgreSQL there, or correct the folder.",
      ],
      [
        "postgresql://u:s3cret@127.0.0.1:1/x?sslmode=verify-full&sslrootcert=/nowhere.pem",
        "The file /nowhere.pem that the URL of --server names cannot be read (ENOENT): correct sslrootcert, sslcert or sslkey.",
      ],
    ])("%s", async (given, said) => {
      expect(await mistake({ url: given })).toBe(said);
    });

    test("passwords and users", async () => {
      expect(await mistake({ url: url({ user: "secretive", password: "s3crwrong" }) })).toBe(
        `${where} does not accept the password of the user "secretive": correct it in the URL of --server, with special characters as %XX.`,
      );
      expect(await mistake({ url: url({ user: "secretive" }) })).toBe(
        `${where} asks for a password for the user "secretive": put it into the URL of --server, or into PGPASSWORD.`,
      );
      expect(await mistake({ url: url({ user: "unwanted" }) })).toMatch(
        new RegExp(
          `^${where} does not let the user "unwanted" in \\(pg_hba.conf rejects connection for host "127.0.0.1", user "unwanted", database "postgres", no encryption\\): correct the user or sslmode in the URL of --server, or the server's pg_hba.conf.$`,
        ),
      );
      expect(await mistake({ url: url({ user: "nobody" }) })).toBe(
        `${where} does not let the user "nobody" in (role "nobody" does not exist): correct the user or sslmode in the URL of --server, or the server's pg_hba.conf.`,
      );
      expect((await fresh(await stageOf({ url: url({ user: "secretive", password: SECRET }) }))).lost).toBe(false);
    });

    test("databases and rights", async () => {
      expect(await mistake({ url: url({ database: "nowhere" }) })).toBe(
        `${where} has no database "nowhere": name one that is there in the URL of --server, such as /postgres. Nothing is run in it.`,
      );
      expect(await mistake({ url: url({ user: "humble" }) })).toBe(
        `The user "humble" may not create databases at ${where}, and a rehearsal runs in databases of its own: ALTER ROLE "humble" CREATEDB, or give --server another user.`,
      );
      expect(await mistake({ url: url({ user: "reader" }) })).toBe(
        `${where} is read-only (default_transaction_read_only is on), and a rehearsal makes databases of its own: give --server a primary server.`,
      );
      expect(await mistake({ url: url({ query: "?sslmode=require" }) })).toBe(
        `${where} has no TLS, which the URL of --server asks for: take sslmode or ssl out of it.`,
      );
      const narrow = await stageOf({ url: url({ user: "narrow" }) });
      expect(await narrow.fresh()).toEqual({
        ok: false,
        message: `${where} has no connection left (too many connections for role "narrow"): a rehearsal needs three. Close some, or raise max_connections.`,
      });
    });

    test("a right that is taken away in the midst", async () => {
      await admin.query("create role waning login createdb");
      const stage = await stageOf({ url: url({ user: "waning" }) });
      await admin.query("alter role waning nocreatedb");
      expect(await stage.fresh()).toEqual({
        ok: false,
        message: `The user "waning" may not create databases at ${where}, and a rehearsal runs in databases of its own: ALTER ROLE "waning" CREATEDB, or give --server another user.`,
      });
    });

    test("what is no PostgreSQL server", async () => {
      await proxied(
        (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
        async (port) => {
          expect(await mistake({ url: url({ host: `127.0.0.1:${port}` }) })).toMatch(
            new RegExp(
              `^127.0.0.1:${port} does not answer as a PostgreSQL server does \\(.+\\): correct host and port of --server.$`,
            ),
          );
        },
      );
      await proxied(
        (socket) => socket.destroy(),
        async (port) => {
          expect(await mistake({ url: url({ host: `127.0.0.1:${port}` }) })).toMatch(
            new RegExp(
              `^127.0.0.1:${port} does not answer as a PostgreSQL server does \\(.+\\): correct host and port of --server.$`,
            ),
          );
        },
      );
    });

    test("poolers: one that refuses settings of the connection, one that drops them", async () => {
      for (const [refuses, why] of [
        [true, "unsupported startup parameter: options"],
        [false, "it does not pass settings of the connection on"],
      ] as const) {
        await pooled(server, refuses, async (port) => {
          expect(await mistake({ url: url({ host: `127.0.0.1:${port}` }) })).toBe(
            `127.0.0.1:${port} seems to be a connection pooler (${why}): a rehearsal makes databases of its own and needs the server itself. Give --server the URL without the pooler, the one that migrations are deployed by.`,
          );
        });
      }
    });

    test("a standby", async () => {
      const standby = await startServer(major!, { standby: true });
      try {
        expect(await mistake({ url: standby.url })).toBe(
          `127.0.0.1:${standby.port} is read-only (it is a standby), and a rehearsal makes databases of its own: give --server a primary server.`,
        );
      } finally {
        await standby.stop();
      }
    });

    test.skipIf(!serverInstalled(12))("a server that is too old", async () => {
      const old = await startServer(12);
      try {
        expect(await mistake({ url: old.url })).toMatch(
          new RegExp(
            `^127.0.0.1:${old.port} runs PostgreSQL 12\\.\\d+, and a rehearsal needs 13 or later: give --server a newer one, or rehearse in the embedded PostgreSQL.$`,
          ),
        );
      } finally {
        await old.stop();
      }
    });
  });

  describe("ends in the midst", () => {
    const terminate = (condition: string): Promise<unknown> =>
      admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'lockstep%' and ${condition}`,
      );

    test("a session that a migration or somebody else ends is an error of its statement", async () => {
      const stage = await stageOf();
      const session = await fresh(stage);
      expect(await session.run("select pg_terminate_backend(pg_backend_pid())")).toEqual({
        ok: false,
        error: { sqlstate: "57P01", message: "terminating connection due to administrator command" },
      });
      expect(session.lost).toBe(true);
      await expect(session.run("select 1")).rejects.toThrow(SessionLost);
      expect((await fresh(stage)).lost).toBe(false);
    });

    test("a connection that is lost under a statement: one sentence, and the databases are removed", async () => {
      const stage = await stageOf();
      const session = await fresh(stage);
      const running = session.run("select pg_sleep(100)").then(
        () => "it ended",
        (error: unknown) => error,
      );
      await terminate("application_name like '%control'");
      const error = await running;
      expect(error).toBeInstanceOf(SessionLost);
      expect((error as Error).message).toBe(
        `The connection to ${where} was lost in the midst of the rehearsal (terminating connection due to administrator command); its databases are removed when the server answers again.`,
      );
      await expect(stage.fresh()).rejects.toThrow(SessionLost);
      await stage.close();
      expect(await databases()).toEqual([]);
    });

    test("an AbortSignal ends what runs, and close is done when all is removed", async () => {
      const abort = new AbortController();
      const stage = await stageOf({ signal: abort.signal });
      const session = await fresh(stage);
      const running = session.run("select pg_sleep(100)", { time: 60_000 });
      setTimeout(() => abort.abort(), 50);
      await expect(running).rejects.toThrow(new SessionLost("The rehearsal was stopped."));
      await stage.close();
      expect(await databases()).toEqual([]);
      await expect(stage.fresh()).rejects.toThrow(SessionLost);
      await stage.close();
      expect(await serverStage({ url: server.url, signal: abort.signal })).toEqual({
        ok: false,
        message: "The rehearsal was stopped.",
      });
    });

    test("two at once do not harm each other", async () => {
      const [one, two] = await Promise.all([stageOf(), stageOf()]);
      const [a, b] = await Promise.all([fresh(one), fresh(two)]);
      await Promise.all([a.run("create table t as select 'a' as name"), b.run("create table t as select 'b' as name")]);
      const [c, d] = await Promise.all([one.keep(a, "k"), two.keep(b, "k")]);
      await one.close();
      expect(await d.query("select name from t")).toEqual([{ name: "b" }]);
      await stageOf();
      expect(await (await two.restore("k"))?.query("select name from t")).toEqual([{ name: "b" }]);
      expect(c.lost).toBe(true);
    });

    test("databases of others stay, whatever their names", async () => {
      const names = ["lockstep_rehearsal_x", "lockstep_rehearsal_0123456789ab_1"];
      for (const name of names) await admin.query(`create database ${name}`);
      const stage = await stageOf();
      await fresh(stage);
      await stage.close();
      expect(await databases()).toEqual([...names].sort());
      for (const name of names) await admin.query(`drop database ${name}`);
    });
  });
});

/** A server on this machine for the time of `use`. */
async function proxied(answer: (socket: Socket) => void, use: (port: number) => Promise<void>): Promise<void> {
  const proxy = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => answer(socket));
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  try {
    await use((proxy.address() as AddressInfo).port);
  } finally {
    proxy.close();
  }
}

/** What PgBouncer 1.18 does with the setting `options` of a startup message: it refuses it, or drops it (ignore_startup_parameters). */
async function pooled(server: TestServer, refuses: boolean, use: (port: number) => Promise<void>): Promise<void> {
  const pooler = createServer((socket) => {
    socket.on("error", () => undefined);
    const read = (data: Buffer): void => {
      if (data.readInt32BE(4) === 80877103) {
        socket.write("N");
        socket.once("data", read);
        return;
      }
      const words = data.subarray(8).toString().split("\0");
      const at = words.indexOf("options");
      if (at >= 0 && refuses) {
        const fields = Buffer.from("SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: options\0\0");
        const head = Buffer.from([0x45, 0, 0, 0, 4 + fields.length]);
        socket.end(Buffer.concat([head, fields]));
        return;
      }
      if (at >= 0) words.splice(at, 2);
      const kept = Buffer.from(words.join("\0"));
      const head = Buffer.alloc(8);
      head.writeInt32BE(8 + kept.length, 0);
      head.writeInt32BE(data.readInt32BE(4), 4);
      const behind = connect(server.port, "127.0.0.1", () => behind.write(Buffer.concat([head, kept])));
      behind.on("error", () => socket.destroy());
      socket.on("close", () => behind.destroy());
      socket.pipe(behind).pipe(socket);
    };
    socket.once("data", read);
  });
  pooler.listen(0, "127.0.0.1");
  await once(pooler, "listening");
  try {
    await use((pooler.address() as AddressInfo).port);
  } finally {
    pooler.close();
  }
}
