// How fast PostgreSQL scans, checks, builds and rewrites: the figures of src/model/postgres/durations.ts. By hand, on a server of test/servers:
// node test/bench/durations.mjs 17
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import pg from "pg";

const major = Number(process.argv[2] ?? 17);
const warden = spawn(
  process.execPath,
  [
    fileURLToPath(new URL("../servers/server.mjs", import.meta.url)),
    JSON.stringify({ major, settings: { max_wal_size: "8GB" } }),
  ],
  { stdio: ["pipe", "pipe", "inherit"] },
);
const [line] = await once(createInterface(warden.stdout), "line");
const { port } = JSON.parse(line);
const client = new pg.Client({ connectionString: `postgresql://postgres@127.0.0.1:${port}/postgres` });
await client.connect();
try {
  await client.query("CREATE TABLE p (id int PRIMARY KEY)");
  await client.query("INSERT INTO p SELECT generate_series(1, 100000)");
  for (const [rows, padding] of [
    [2_000_000, 20],
    [1_000_000, 300],
  ])
    await measure(rows, padding);
} finally {
  await client.end();
  warden.stdin.end();
}

async function measure(rows, padding) {
  await client.query("DROP TABLE IF EXISTS t");
  await client.query("CREATE TABLE t (id int NOT NULL, k int, email text, v int)");
  await client.query(
    `INSERT INTO t SELECT g, (random() * 99999)::int + 1, md5(g::text) || repeat('x', ${padding}), g FROM generate_series(1, ${rows}) AS g`,
  );
  await client.query("VACUUM ANALYZE t");
  const bytes = await number("SELECT pg_table_size('t')");
  console.log(`PostgreSQL ${major}, ${rows} rows, ${Math.round(bytes / 1e6)} MB`);
  await time("check", "ALTER TABLE t ADD CHECK (v > 0)", bytes, rows);
  await time("check (NOT NULL)", "ALTER TABLE t ALTER v SET NOT NULL", bytes, rows);
  await time("foreignKey", "ALTER TABLE t ADD FOREIGN KEY (k) REFERENCES p", bytes, rows);
  await time("index (int)", "CREATE INDEX i1 ON t (v)", bytes, rows);
  await time("index (random int)", "CREATE INDEX i2 ON t (k)", bytes, rows);
  await time("index (text)", "CREATE UNIQUE INDEX i3 ON t (email)", bytes, rows);
  const indexes = await number("SELECT pg_indexes_size('t')");
  const all = await time("rewrite with three indexes", "ALTER TABLE t ALTER v TYPE bigint", bytes, rows);
  await client.query("DROP INDEX i1, i2, i3");
  const bare = await time("rewrite", "ALTER TABLE t ALTER v TYPE int", bytes, rows);
  console.log(`  indexes of a rewrite: ${Math.round(indexes / 1e6 / (all - bare))} MB/s`);
}

async function number(sql) {
  const { rows } = await client.query({ text: sql, rowMode: "array" });
  return Number(rows[0][0]);
}

async function time(what, sql, bytes, rows) {
  const start = performance.now();
  await client.query(sql);
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `  ${what}: ${seconds.toFixed(2)} s, ${Math.round(bytes / 1e6 / seconds)} MB/s, ${Math.round(rows / 1000 / seconds)} thousand rows/s`,
  );
  return seconds;
}
