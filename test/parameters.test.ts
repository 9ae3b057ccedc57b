import { afterAll, beforeAll, expect, test } from "vitest";
import { parameter, parameterNames } from "../src/model/postgres/parameters.ts";
import { settingRefusals } from "../src/model/refusal/parameters.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import { type Observer, openObserver } from "./support/observe.ts";

/** The parameters that the model knows are those of the PostgreSQL at hand (`npm run truth:servers` asks the older ones), and SET does with each what is said. */

let observer: Observer;
beforeAll(async () => {
  observer = await openObserver();
}, 60_000);
afterAll(() => observer.close());

/** What pg_settings does not list. */
const HIDDEN = new Set(
  "default_with_oids role seed session_authorization sort_mem ssl_renegotiation_limit vacuum_mem force_parallel_mode ssl_ecdh_curve".split(
    " ",
  ),
);
/** Of a build for debugging, without a library, or of the newest minor releases alone. */
const OF_BUILDS = new Set([
  "trace_syncscan",
  "trace_sort",
  "jit_debugging_support",
  "jit_profiling_support",
  "output_plugin_libraries",
]);

const isHere = (name: string): boolean => {
  const { since = 0, until = 99 } = parameter(name) ?? {};
  return since <= observer.postgres && observer.postgres <= until;
};

interface Row {
  readonly name: string;
  readonly context: string;
  readonly vartype: string;
}

test("each has its row", async () => {
  const rows = await observer.session.query<Row>("select lower(name) as name, context, vartype from pg_settings");
  const listed = rows.filter(({ name }) => !name.includes("."));
  expect(listed.length).toBeGreaterThan(300);
  expect(listed.filter(({ name }) => !parameter(name) || !isHere(name)).map(({ name }) => name)).toEqual([]);
  const names = new Set(listed.map(({ name }) => name));
  expect(
    parameterNames().filter((name) => !names.has(name) && !HIDDEN.has(name) && !OF_BUILDS.has(name) && isHere(name)),
  ).toEqual([]);
  const settable = (name: string): boolean => parameter(name)?.takes !== "fixed";
  expect(
    listed
      .filter(({ name, context }) => settable(name) !== (context === "user" || context === "superuser"))
      .map(({ name }) => name),
  ).toEqual([]);
  // One that became something else since takes what it takes now.
  expect(
    listed
      .filter(({ name, vartype }) => parameter(name)?.takes === "boolean" && vartype !== "bool")
      .map(({ name }) => name),
  ).toEqual([]);
});

test.each([
  ["set lock_timout = '5s'", "42704"],
  ["set local lock_timeout = '5sx'", "22023"],
  ["set max_connections = 5", "55P02"],
  ["set wal_level = 'logical'", "55P02"],
  ["set row_security = 'maybe'", "22023"],
  ["set enable_seqscan = of", undefined],
  ["set row_security = 'tr'", undefined],
  ["set lock_timeout = ' 1.5 min '", undefined],
  ["set statement_timeout = 0", undefined],
  ["set my.own = 'x'", undefined],
  ["set time zone 'UTC'", undefined],
  ["set names 'utf8'", undefined],
  ["set role none", undefined],
  ["set seed to 0.5", undefined],
  ["reset lock_timout", "42704"],
])("%s", async (sql, sqlstate) => {
  await observer.exec("begin");
  const ran = await observer.session.run(sql);
  await observer.exec("rollback");
  expect(ran.ok ? undefined : ran.error.sqlstate).toBe(sqlstate);
  expect(refusalOf(sql)).toBe(sqlstate);
});

function refusalOf(sql: string): string | undefined {
  const [operation] = postgresReader.read(sql).statements[0]?.operations ?? [];
  return operation?.kind === "set" ? settingRefusals(operation, observer.postgres)[0]?.sqlstate : undefined;
}
