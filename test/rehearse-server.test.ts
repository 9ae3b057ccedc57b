import { cpSync } from "node:fs";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "./support/command.ts";
import type { Io } from "../src/project/io.ts";
import { repository } from "./support/folders.ts";
import { type TestServer, installedServer, startServer } from "./support/server.ts";

/** The command on a real server: what it says is what the embedded one says, and nothing of it stays. */

const major = installedServer();
let server: TestServer;

describe.skipIf(major === undefined)("rehearse --server", () => {
  beforeAll(async () => {
    server = await startServer(major ?? 0);
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query("create role rehearser login createdb; create role heir login createdb; grant postgres to heir");
    await client.end();
  });
  afterAll(() => server.stop());

  const lockstep = async (
    cwd: string,
    ...args: string[]
  ): Promise<{ code: number; stdout: string; stderr: string }> => {
    const out = { stdout: "", stderr: "" };
    const sink = (name: "stdout" | "stderr"): Io["stdout"] => ({
      write: (text) => ((out[name] += text), Promise.resolve()),
      isTTY: false,
    });
    const code = await run(args, {
      stdout: sink("stdout"),
      stderr: sink("stderr"),
      stdin: () => Promise.resolve(new Uint8Array()),
      env: { LOCKSTEP_SERVER: as("rehearser") },
      cwd,
    });
    return { code, ...out };
  };
  const as = (user: string): string => server.url.replace("postgres@", `${user}@`);
  const databases = async (): Promise<string[]> => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const { rows } = await client.query<{ datname: string }>("select datname from pg_database order by 1");
    await client.end();
    return rows.map(({ datname }) => datname);
  };
  const blog = (): string => {
    const root = repository({ "README.md": "" });
    cpSync(new URL("../fixtures/projects/blog", import.meta.url), root, { recursive: true });
    return root;
  };
  const PENDING = "prisma/migrations/20260714234500_fix_orphaned_reactions";

  test("the sample hotfix is caught, in both ways of sending it", async () => {
    const { code, stdout, stderr } = await lockstep(
      blog(),
      "rehearse",
      "--execution",
      "both",
      "--format",
      "json",
      PENDING,
    );
    expect([code, stderr]).toEqual([1, ""]);
    const { server: ran, runs } = JSON.parse(stdout) as {
      server: { kind: string; major: number };
      runs: {
        execution: string;
        migrations: {
          failure: { error: { sqlstate: string } };
          statements: { disagreements: unknown[]; cleanups: { before: unknown; after: unknown }[] }[];
        }[];
      }[];
    };
    expect(ran).toMatchObject({ kind: "server", major });
    expect(runs.map(({ execution }) => execution)).toEqual(["batch", "split"]);
    for (const { migrations } of runs) {
      expect(migrations[0]?.failure.error.sqlstate).toBe("23503");
      expect(migrations[0]?.statements.flatMap(({ disagreements }) => disagreements)).toEqual([]);
      const [cleanup] = migrations[0]?.statements[0]?.cleanups ?? [];
      expect(cleanup?.after).toEqual(cleanup?.before);
    }
    expect(await databases()).toEqual(["postgres", "template0", "template1"]);
  });

  test("a copy of a database: its rows decide", async () => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query("create database app_staging owner rehearser");
    const url = new URL(server.url);
    url.username = "rehearser";
    url.pathname = "/app_staging";
    const app = new pg.Client({ connectionString: url.href });
    await app.connect();
    await app.query(`create table comments (id int primary key, public_id uuid unique); create table reactions (id int primary key, comment_ref uuid);
      insert into comments values (1, '00000000-0000-4000-8000-000000000001'); insert into reactions values (1, '00000000-0000-4000-8000-000000000001')`);
    await app.end();
    const { code, stdout } = await lockstep(blog(), "rehearse", "--template", "app_staging", PENDING);
    expect(code, stdout).toBe(0);
    // Rows that are really there do not hurt because somebody made them to.
    const broken = new pg.Client({ connectionString: url.href });
    await broken.connect();
    await broken.query(
      "insert into comments values (2, null); insert into reactions values (2, '00000000-0000-4000-8000-000000000002')",
    );
    await broken.end();
    const failed = JSON.parse(
      (await lockstep(blog(), "rehearse", "--template", "app_staging", "--format", "json", PENDING)).stdout,
    ) as {
      runs: {
        migrations: {
          outcome: string;
          failure: { on: string; error: { sqlstate: string } };
          statements: { cleanups: { before: object }[] }[];
        }[];
      }[];
    };
    expect(failed.runs[0]?.migrations[0]).toMatchObject({
      outcome: "failed",
      failure: { on: "any rows", error: { sqlstate: "23503" } },
      statements: [{ cleanups: [{ before: { orphans: 1, matched: 1, nullKeys: 0 } }] }, {}],
    });
    const { rows } = await client.query(
      "select count(*)::int as connections from pg_stat_activity where datname = 'app_staging'",
    );
    expect(rows).toEqual([{ connections: 0 }]);
    await client.query("drop database app_staging");
    await client.end();
    expect(await databases()).toEqual(["postgres", "template0", "template1"]);
  });

  test("what reaches all databases of the server is left out there", async () => {
    const root = repository({
      "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
      "prisma/migrations/1_roles/migration.sql":
        "CREATE ROLE lockstep_test_role;\nCREATE TABLE t (id int PRIMARY KEY);\n",
    });
    const { stdout } = await lockstep(root, "rehearse", "--execution", "split", "prisma/migrations/1_roles");
    expect(stdout).toMatch(/left out: CREATE ROLE is about a role, which all databases of the server share/);
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    expect((await client.query("select from pg_roles where rolname = 'lockstep_test_role'")).rowCount).toBe(0);
    await client.end();
  });

  test.each(["postgres", "heir"])("the superuser %s is refused, unless it is let in", async (user) => {
    const root = repository({
      "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
      "prisma/migrations/1_t/migration.sql": "CREATE TABLE t (id int PRIMARY KEY);\n",
    });
    const asked = ["rehearse", "--server", as(user), "prisma/migrations/1_t"];
    const { code, stderr } = await lockstep(root, ...asked);
    expect(stderr).toMatch(/(is|may become) a superuser.*CREATE ROLE lockstep LOGIN CREATEDB.*--allow-superuser/);
    expect(code).toBe(2);
    expect(await lockstep(root, ...asked, "--allow-superuser")).toMatchObject({ code: 0, stderr: "" });
    expect(await databases()).toEqual(["postgres", "template0", "template1"]);
  });

  test("as a superuser too, nothing is run whose text is not known, nor written to what all databases share", async () => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const before = await client.query("select rolname, rolconnlimit from pg_authid order by 1");
    const ATTEMPTS = [
      "DO $$ BEGIN EXECUTE convert_from(decode('QUxURVIgUk9MRSByZWhlYXJzZXIgQ09OTkVDVElPTiBMSU1JVCA3', 'base64'), 'UTF8'); END $$;",
      "DO $$ BEGIN EXECUTE chr(65) || 'LTER ROLE rehearser CONNECTION LIMIT 7'; END $$;",
      "DO $$ DECLARE s text := 'SELECT 1'; BEGIN SELECT reverse('7 TIMIL NOITCENNOC resraeher ELOR RETLA') INTO s; EXECUTE s; END $$;",
      "DO $$ DECLARE s text; BEGIN s := 'SELECT 1'; s := s || reverse('7 TIMIL NOITCENNOC resraeher ELOR RETLA ;'); EXECUTE s; END $$;",
      "DO $$ BEGIN EXECUTE format('%s', reverse('7 TIMIL NOITCENNOC resraeher ELOR RETLA')); END $$;",
      "DO $$ DECLARE r record; BEGIN FOR r IN SELECT reverse('7 TIMIL NOITCENNOC resraeher ELOR RETLA') AS s LOOP EXECUTE r.s; END LOOP; END $$;",
      "CREATE VIEW v AS SELECT * FROM pg_authid;\nUPDATE v SET rolconnlimit = 7 WHERE rolname = 'rehearser';",
      "CREATE VIEW v AS SELECT rolname, rolconnlimit AS x FROM pg_catalog.pg_authid a;\nUPDATE v SET x = 7 WHERE rolname = 'rehearser';",
      "CREATE VIEW v AS SELECT * FROM pg_database;\nUPDATE v SET datconnlimit = 7 WHERE datname = 'template1';",
    ];
    for (const sql of ATTEMPTS) {
      const root = repository({
        "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
        "prisma/migrations/1_t/migration.sql": `${sql}\n`,
      });
      const { stdout } = await lockstep(
        root,
        ...["rehearse", "--server", as("postgres"), "--allow-superuser", "--execution", "split"],
        "prisma/migrations/1_t",
      );
      expect(stdout, sql).toMatch(/left out: (EXECUTE runs a text|a view that)/);
      expect((await client.query("select rolname, rolconnlimit from pg_authid order by 1")).rows, sql).toEqual(
        before.rows,
      );
    }
    const { rows } = await client.query("select datname from pg_database where datconnlimit = 7");
    expect(rows).toEqual([]);
    await client.end();
  });
});
