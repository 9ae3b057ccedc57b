import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type EmbeddedStage, type SnapshotCache, embeddedStage } from "../src/rehearsal/stage/embedded/index.ts";
import { startThread } from "../src/rehearsal/stage/embedded/thread.ts";
import { type Session, SessionLost } from "../src/rehearsal/stage/session.ts";

async function fresh(stage: EmbeddedStage): Promise<Session> {
  const opened = await stage.fresh();
  if (!opened.ok) throw new Error(opened.message);
  return opened.value;
}

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** The empty database is made once. */
const made = new Map<string, Uint8Array>();
const cache: SnapshotCache = {
  read: async (key) => made.get(key)?.slice(),
  write: async (key, data) => void made.set(key, data.slice()),
};

const refuses = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => false,
    (error: unknown) => error instanceof SessionLost,
  );

describe("an embedded database", () => {
  let stage: EmbeddedStage;
  let session: Session;
  beforeAll(async () => {
    stage = embeddedStage({ extensions: ["citext", "vector", "no_such_extension", "pg_stat_statements"] });
    session = await fresh(stage);
  });
  afterAll(() => stage.close());

  test("says which PostgreSQL it is", async () => {
    expect(stage.server.version).toMatch(/^18\.\d+ \(PGlite \d+\.\d+\.\d+\)$/);
    expect(
      await session.query(
        `select current_setting('server_version') || ' ' as v, current_setting('server_version_num')::int / 10000 as major`,
      ),
    ).toEqual([{ v: `${stage.server.version.split(" ")[0]} `, major: stage.server.major }]);
  });

  test("several statements are one transaction", async () => {
    expect(await session.run("create table once (a int); select 1 / 0")).toEqual({
      ok: false,
      error: { sqlstate: "22012", message: "division by zero" },
    });
    expect(await session.query("select to_regclass('once') is null as gone")).toEqual([{ gone: true }]);
  });

  test("errors have their place in UTF-16, and the names of what they are about", async () => {
    const sql = "create table é😀 (a int primary key); insert into é😀 values (1), (1)";
    expect(await session.run(sql)).toEqual({
      ok: false,
      error: {
        sqlstate: "23505",
        message: `duplicate key value violates unique constraint "é😀_pkey"`,
        detail: "Key (a)=(1) already exists.",
        schema: "public",
        table: "é😀",
        constraint: "é😀_pkey",
      },
    });
    const wrong = "select '😀é', nowhere";
    expect(await session.run(wrong)).toEqual({
      ok: false,
      error: { sqlstate: "42703", message: `column "nowhere" does not exist`, offset: wrong.indexOf("nowhere") },
    });
  });

  test("rows of the last statement, in the types of JSON", async () => {
    expect(
      await session.query(
        "select 1 as gone; select 2::int4 as i, 'x'::text as t, true as b, '{\"a\": [1]}'::json as j, null as n, array['p', null] as l",
      ),
    ).toEqual([{ i: 2, t: "x", b: true, j: { a: [1] }, n: null, l: ["p", null] }]);
    expect(await session.query("select 1; create temp table none (a int)")).toEqual([]);
    expect(await session.query("select 1 as a where false")).toEqual([]);
    expect(await session.query("")).toEqual([]);
    await expect(session.query("select nowhere")).rejects.toThrow(
      /42703 column "nowhere" does not exist in: select nowhere/,
    );
  });

  test("notices", async () => {
    expect(await session.run("drop table if exists nowhere")).toEqual({
      ok: true,
      notices: [`NOTICE: table "nowhere" does not exist, skipping`],
    });
  });

  test("extensions that are shipped", async () => {
    expect(
      await session.run(
        "create extension citext; create extension vector; create extension pg_stat_statements; select 'a'::citext = 'A', '[1,2]'::vector",
      ),
    ).toMatchObject({ ok: true });
    expect(await session.run("create extension no_such_extension")).toMatchObject({
      ok: false,
      error: { sqlstate: "0A000" },
    });
  });

  test("COPY FROM STDIN fails, and does not wait", async () => {
    expect(await session.run("create temp table c (a int); copy c from stdin")).toMatchObject({
      ok: false,
      error: { sqlstate: "57014", message: "COPY from stdin failed: there is no standard input" },
    });
    expect(await session.run("copy (select 1) to stdout")).toEqual({ ok: true, notices: [] });
  });

  test("what was kept comes back, as often as wanted, and is not changed by what is done to it", async () => {
    await session.run(
      "create table t (a int primary key, b text); insert into t select i, repeat('x', 3000) from generate_series(1, 500) i",
    );
    session = await stage.keep(session, "t");
    for (const round of [1, 2]) {
      await session.run(
        `update t set b = 'changed ${round}'; create table more (a int); drop table more; insert into t values (-${round})`,
      );
      const restored = await stage.restore("t");
      if (!restored) throw new Error("nothing kept");
      expect(await refuses(session.query("select 1"))).toBe(true);
      session = restored;
      expect(
        await session.query(
          "select count(*)::int as n, min(length(b)) as l, to_regclass('more') is null as gone from t",
        ),
      ).toEqual([{ n: 500, l: 3000, gone: true }]);
    }
    expect(await stage.restore("never")).toBeUndefined();
    expect(await session.query("select count(*)::int as n from t")).toEqual([{ n: 500 }]);
  });

  test("kept in a failed transaction: what was committed is there", async () => {
    await session.run("create table committed (a int)");
    await session.run("begin; create table uncommitted (a int); select 1 / 0");
    session = await stage.keep(session, "failed");
    const restored = await stage.restore("failed");
    if (!restored) throw new Error("nothing kept");
    session = restored;
    expect(
      await session.query(
        "select to_regclass('committed') is null as a, to_regclass('uncommitted') is null as b, current_setting('TimeZone') as tz",
      ),
    ).toEqual([{ a: false, b: true, tz: "UTC" }]);
  });

  test.each([
    ["an endless loop", "do $$ begin loop end loop; end $$"],
    ["a sleep", "select pg_sleep(3600)"],
  ])("%s is stopped, and what was kept is still there", async (_name, sql) => {
    await session.run("create table before_it (a int)");
    session = await stage.keep(session, "before");
    const stopped = session;
    expect(await session.run(sql, { time: 300 })).toEqual({
      ok: false,
      error: { sqlstate: "57014", message: "the time limit of 0.3 s for a statement ran out", timedOut: true },
    });
    expect(stopped.lost).toBe(true);
    expect(await refuses(stopped.query("select 1"))).toBe(true);
    expect(await refuses(stopped.run("select 1", { time: 1000 }))).toBe(true);
    const restored = await stage.restore("before");
    if (!restored) throw new Error("nothing kept");
    session = restored;
    await stopped.close();
    expect(await session.query("select to_regclass('before_it') is null as gone")).toEqual([{ gone: false }]);
  });

  test("a statement within its limit is none that ran out", async () => {
    expect(await session.run("select pg_sleep(0.05)", { time: 5000 })).toEqual({ ok: true, notices: [] });
  });

  test("a stack overflow is a lost session, not an empty success", async () => {
    await session.run(
      "create function deep(i int) returns int language plpgsql as $$ begin return deep(i + 1); end $$",
    );
    session = await stage.keep(session, "deep");
    const ran = await session.run("select deep(1)", { time: 60_000 }).catch((error: unknown) => error);
    // Where the stack is large enough, PostgreSQL ends it itself (54001, max_stack_depth).
    if (ran instanceof SessionLost) expect(session.lost).toBe(true);
    else expect(ran).toMatchObject({ ok: false, error: { sqlstate: "54001" } });
    const restored = await stage.restore("deep");
    if (!restored) throw new Error("nothing kept");
    session = restored;
    expect(await session.query("select 1 as a")).toEqual([{ a: 1 }]);
  });
});

test("a mistake of ours in the thread is thrown as one", async () => {
  const thread = startThread();
  const mistake = await thread.call("nothing of the kind").catch((error: unknown) => error);
  if (!(mistake instanceof Error)) throw new Error("no error");
  expect(mistake).not.toBeInstanceOf(SessionLost);
  expect(mistake.message).toMatch(/is not a function$/);
  expect(mistake.stack).toContain("embedded-worker.mjs");
  await thread.end();
  expect(await refuses(thread.call("close"))).toBe(true);
});

describe("a stage", () => {
  test("opens ahead what is asked for then", async () => {
    const stage = embeddedStage({ extensions: [], cache });
    try {
      stage.prewarm("unknown");
      expect(await stage.restore("unknown")).toBeUndefined();
      const first = await fresh(stage);
      await first.run("create table t (a int)");
      await stage.keep(first, "t");
      stage.prewarm("t");
      const [second, third] = await Promise.all([stage.restore("t"), stage.fresh()]);
      if (!third.ok) throw new Error(third.message);
      expect(second && (await refuses(second.query("select 1")))).toBe(true);
      expect(await third.value.query("select to_regclass('t') is null as gone")).toEqual([{ gone: true }]);
    } finally {
      await stage.close();
    }
  });

  test("ends in the midst of opening, and stays closed", async () => {
    const stage = embeddedStage({ extensions: [], cache });
    const opening = refuses(stage.fresh());
    await new Promise((resolve) => setTimeout(resolve, 100));
    await stage.close();
    expect(await opening).toBe(true);
    expect(await refuses(stage.fresh())).toBe(true);
    await stage.close();
  });

  test("ends under a call", async () => {
    const stage = embeddedStage({ extensions: [], cache });
    const session = await fresh(stage);
    const running = refuses(session.run("select pg_sleep(3600)", { time: 3_600_000 }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await stage.close();
    expect(await running).toBe(true);
    expect(session.lost).toBe(true);
    expect(await refuses(session.run("select 1"))).toBe(true);
    expect(await refuses(session.query("select 1"))).toBe(true);
    expect(await refuses(stage.keep(session, "key"))).toBe(true);
    expect(await refuses(stage.restore("key"))).toBe(false);
    await session.close();
  });
});
