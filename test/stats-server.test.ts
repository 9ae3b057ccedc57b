import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Statistics } from "../src/evidence/statistics/statistics.ts";
import type { Io } from "../src/project/io.ts";
import { run } from "./support/command.ts";
import { folder, write } from "./support/folders.ts";
import { type TestServer, serverInstalled, startServer } from "./support/server.ts";

/** The query of `lockstep stats` on real servers, as a role that may only read. */

const SECRET = "ada@example.com";

const SCHEMA = [
  `CREATE TABLE users (id int PRIMARY KEY, email text, nickname text, "Mixed Case" int)`,
  `INSERT INTO users SELECT g, CASE WHEN g % 2 = 0 THEN '${SECRET}' END, 'n' || g, g % 10 FROM generate_series(1, 20000) AS g`,
  "CREATE TABLE empty (id int)",
  "CREATE TABLE uncounted (id int) WITH (autovacuum_enabled = off)",
  "INSERT INTO uncounted SELECT generate_series(1, 500)",
  "CREATE SCHEMA audit",
  "CREATE TABLE audit.events (id int, at date) PARTITION BY RANGE (at)",
  "CREATE TABLE audit.events_1 PARTITION OF audit.events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
  "CREATE TABLE audit.events_2 PARTITION OF audit.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
  "INSERT INTO audit.events SELECT g, '2025-06-01'::date + (g % 2) * 365 FROM generate_series(1, 4000) AS g",
  "CREATE TABLE audit.hidden (id int)",
  "INSERT INTO audit.hidden SELECT generate_series(1, 100)",
  "CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM users",
  "ANALYZE users, audit.events, audit.hidden, totals",
  "CREATE ROLE reader LOGIN",
  "GRANT USAGE ON SCHEMA public, audit TO reader",
  "GRANT SELECT ON users, empty, uncounted, audit.events, audit.events_1, audit.events_2, totals TO reader",
];

describe.each([14, 18])("on PostgreSQL %i", (major) => {
  const missing = !serverInstalled(major) && !process.env["CI"];
  let server: TestServer;
  let url: string;

  beforeAll(async () => {
    if (missing) return;
    server = await startServer(major);
    const admin = new pg.Client({ connectionString: server.url });
    await admin.connect();
    await admin.query("CREATE DATABASE shop");
    await admin.end();
    const client = new pg.Client({ connectionString: server.url.replace(/\/postgres$/, "/shop") });
    await client.connect();
    for (const sql of SCHEMA) await client.query(sql);
    await client.end();
    url = server.url.replace("postgres@", "reader@").replace(/\/postgres$/, "/shop");
  }, 60_000);
  afterAll(() => (missing ? undefined : server.stop()));

  const written = (root: string): Statistics =>
    JSON.parse(readFileSync(join(root, "lockstep.stats.json"), "utf8")) as Statistics;

  test.skipIf(missing)("a role that only reads is told all that it may know, and no value of a row", async () => {
    const root = folder({ "lockstep.config.json": "{}" });
    const { code, stdout, stderr } = await lockstep(root, "", "stats", "--server", url);
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toContain("lockstep: lockstep.stats.json has 8 tables of shop (PostgreSQL ");
    expect(stderr).toContain("Of 2 it has no shares of NULL");
    expect(readFileSync(join(root, "lockstep.stats.json"), "utf8")).not.toContain(SECRET);
    const statistics = written(root);
    expect(fits(statistics)).toEqual([]);
    expect(statistics).toMatchObject({ version: 1, database: "shop", replicas: 0 });
    expect(statistics.server).toMatch(new RegExp(`^${major}\\.\\d+$`));
    expect(Math.abs(Date.parse(statistics.taken) - Date.now())).toBeLessThan(60_000);
    const table = (schema: string, name: string) =>
      statistics.tables.find((each) => each.schema === schema && each.name === name);
    expect(table("public", "users")).toMatchObject({
      rows: 20_000,
      writes: { inserted: 20_000, updated: 0, deleted: 0 },
      columns: {
        id: { nulls: 0, distinct: -1 },
        email: { nulls: expect.closeTo(0.5, 1) as number, distinct: 1 },
        "Mixed Case": { nulls: 0, distinct: 10 },
      },
    });
    const users = table("public", "users");
    expect(users!.bytes).toBeGreaterThan(users!.heap);
    // Nothing was counted, and what takes no page has no row.
    expect(table("public", "uncounted")).toMatchObject({ rows: null, heap: 48 * 1024, columns: {} });
    expect(table("public", "empty")).toMatchObject({ rows: 0, bytes: 0 });
    expect(table("public", "totals")).toMatchObject({ rows: 1 });
    // With its partitions, whose own sizes are there too.
    expect(table("audit", "events")).toMatchObject({ rows: 4000, columns: { id: { nulls: 0, distinct: -1 } } });
    expect(table("audit", "events_1")).toMatchObject({ rows: 2000 });
    expect(table("audit", "events")!.bytes).toBe(table("audit", "events_1")!.bytes + table("audit", "events_2")!.bytes);
    // The role may not read it: sizes are everybody's to know, values are not.
    expect(table("audit", "hidden")).toMatchObject({ rows: 100, columns: {} });
    expect(statistics.tables.map(({ name }) => name)).not.toContain("pg_class");
  });

  test.skipIf(missing)("replicas are counted, though the role may not know who they are", async () => {
    const root = folder({ "lockstep.config.json": "{}" });
    const replica = new pg.Client({ connectionString: server.url, replication: "database" } as pg.ClientConfig);
    await replica.connect();
    const { code } = await lockstep(root, "", "stats", "--server", url);
    await replica.end();
    expect([code, written(root).replicas]).toEqual([0, 1]);
  });

  const psql = spawnSync("psql", ["--version"]).status === 0;

  test.skipIf(missing || (!psql && !process.env["CI"])).each([
    ["-At", ["-XAtq"]],
    ["--csv", ["-Xq", "--csv"]],
    ["-x", ["-Xqx"]],
    ["its table", ["-Xq"]],
  ])("psql's output is read: %s", async (_, options) => {
    const root = folder({ "lockstep.config.json": "{}" });
    const query = await lockstep(root, "", "stats");
    expect([query.code, query.stderr]).toEqual([0, ""]);
    const answer = spawnSync("psql", [url, ...options], { input: query.stdout, encoding: "utf8" });
    expect([answer.status, answer.stderr]).toEqual([0, ""]);
    const { code, stderr } = await lockstep(root, answer.stdout, "stats", "-");
    expect([code, stderr]).toEqual([0, expect.stringContaining("has 8 tables of shop")]);
    expect(written(root).tables.find(({ name }) => name === "users")?.columns["Mixed Case"]).toEqual({
      nulls: 0,
      distinct: 10,
    });
    // A file by its name, and as a UTF-16 file, which PowerShell writes.
    write(root, { "answer.txt": Buffer.from(`\ufeff${answer.stdout}`, "utf16le") });
    expect((await lockstep(root, "", "stats", "answer.txt")).code).toBe(0);
  });

  test.skipIf(missing)("what keeps it from asking is one sentence", async () => {
    const root = folder({ "lockstep.config.json": "{}" });
    for (const [address, sentence] of [
      [url.replace("/shop", "/nowhere"), /has no database "nowhere": correct its name in the URL of --server\.$/],
      [url.replace("reader@", "nobody@"), /does not let the user "nobody" in/],
      ["mysql://x", /--server is no URL of a PostgreSQL server/],
    ] as const) {
      const { code, stderr } = await lockstep(root, "", "stats", "--server", address);
      expect(code).toBe(2);
      expect(stderr.trimEnd()).toMatch(sentence);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    }
    // A lock that somebody else holds is waited for five seconds.
    const client = new pg.Client({ connectionString: server.url.replace(/\/postgres$/, "/shop") });
    await client.connect();
    await client.query("BEGIN; LOCK TABLE users");
    const { code, stderr } = await lockstep(root, "", "stats", "--server", url);
    await client.end();
    expect([code, stderr]).toEqual([2, expect.stringContaining("Somebody else holds an exclusive lock")]);
    expect(existsSync(join(root, "lockstep.stats.json"))).toBe(false);
  });
});

async function lockstep(
  cwd: string,
  stdin: string,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const out = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr"): Io["stdout"] => ({
    write: (text) => ((out[name] += text), Promise.resolve()),
    isTTY: false,
  });
  const code = await run(args, {
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    stdin: () => Promise.resolve(Buffer.from(stdin)),
    env: {},
    cwd,
  });
  return { code, ...out };
}

function fits(value: unknown): readonly unknown[] {
  const schema: unknown = JSON.parse(readFileSync(new URL("../schema/stats.schema.json", import.meta.url), "utf8"));
  const validate = new Ajv({ allErrors: true }).compile(schema as object);
  return validate(value) ? [] : (validate.errors ?? []);
}
