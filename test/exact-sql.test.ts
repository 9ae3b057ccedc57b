import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exactSql } from "../src/model/exact-sql.ts";
import { loadReader } from "../src/sql/readers.ts";

/** What a query that a finding shows is made of means what was written: PostgreSQL computes both. */

const reader = await loadReader("postgres");
let db: PGlite;
beforeAll(async () => {
  db = await PGlite.create();
  await db.exec(
    `create table t (a int, b int, "C d" text, at timestamp, j jsonb, l text[]); insert into t values (1, 2, 'x''y', '2020-02-29 10:00', '{"k": "v"}', '{p,q}'), (null, 3, null, null, null, null), (-1, 0, 'Ab', '1999-01-01', '[]', '{}')`,
  );
}, 60_000);
afterAll(() => db.close());

test.each([
  "a + b * 2 - -b",
  "(a + b) * 2",
  "NOT (a > 0 AND b > 0 OR a IS NULL)",
  "a BETWEEN 0 AND b",
  "a NOT BETWEEN SYMMETRIC b AND 0",
  "a IN (1, 2, NULL)",
  "a NOT IN (1, 2)",
  "a = ANY (ARRAY[1, 2])",
  "a <> ALL (ARRAY[1, 2])",
  "a IS DISTINCT FROM b",
  "(a > 0) IS NOT TRUE",
  "NULLIF(a, 1)",
  "COALESCE(a, b, 0)",
  "GREATEST(a, b)",
  "EXTRACT(year FROM at)",
  "POSITION('y' IN \"C d\")",
  'SUBSTRING("C d" FROM 2 FOR 1)',
  "SUBSTRING(\"C d\" FROM '[a-z]+')",
  "OVERLAY(\"C d\" PLACING 'zz' FROM 1)",
  "TRIM(BOTH 'x' FROM \"C d\")",
  "at AT TIME ZONE 'UTC'",
  "at::date",
  "CAST(a AS numeric(8, 2))",
  "\"C d\" || '-' || a",
  "\"C d\" LIKE 'x%'",
  "\"C d\" !~ '^a'",
  "j ->> 'k'",
  'j @> \'{"k": "v"}\'',
  "l && ARRAY['p']",
  "ROW(a, b) = ROW(1, 2)",
  "CASE WHEN a > 0 THEN 'p' WHEN a < 0 THEN 'n' END",
  "CASE a WHEN 1 THEN 'one' ELSE \"C d\" END",
  'length("C d") > 2 AND at < CURRENT_TIMESTAMP',
])("%s", async (sql) => {
  const operation = reader.read(`SELECT ${sql} FROM t`).statements[0]?.operations[0];
  const value = operation?.kind === "select" ? operation.query.targets[0]?.value : undefined;
  const exact = value && exactSql(value);
  expect(exact).toBeDefined();
  const { rows } = await db.query<{ same: boolean }>(
    `select bool_and((${sql}) is not distinct from (${exact})) as same from t`,
  );
  expect(rows).toEqual([{ same: true }]);
});

test("what is not understood is no query", () => {
  const operation = reader.read("SELECT (SELECT 1), count(*) OVER (PARTITION BY a) FROM t").statements[0]
    ?.operations[0];
  const targets = operation?.kind === "select" ? operation.query.targets : [];
  expect(targets.map(({ value }) => exactSql(value))).toEqual([undefined, undefined]);
});
