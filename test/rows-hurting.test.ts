import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { embeddedStage } from "../src/rehearsal/stage/embedded/index.ts";
import { type Hurting, addHurtingRows, census, cure, fillTables, hurtingLeft } from "../src/rehearsal/rows/index.ts";
import type { Session, Stage } from "../src/rehearsal/stage/session.ts";
import type { Failure } from "../src/model/effects.ts";
import { readMigration, walk } from "../src/model/walk.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";

// The embedded database starts slowly on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let stage: Stage;
let session: Session;

beforeAll(async () => {
  await postgresReader.load();
  stage = embeddedStage({ extensions: ["btree_gist", "citext"] });
  const fresh = await stage.fresh();
  if (!fresh.ok) throw new Error(fresh.message);
  session = fresh.value;
});

afterAll(() => stage.close());

const RESET = `do $$ declare s text; begin for s in select nspname from pg_namespace where nspname !~ '^(pg_|information_schema$)' loop execute format('drop schema %I cascade', s); end loop; end $$;
  create schema public; set search_path to public`;

interface Prediction {
  readonly failure: Failure;
  readonly statement: string;
}

/** Failures that the model predicts for the pending statements. */
function predicted(deployed: string, pending: string): Prediction[] {
  const read = (id: string, text: string, state: "history" | "pending") =>
    readMigration({ id, path: id, up: { path: `${id}/migration.sql`, text }, state }, postgresReader, "split") ?? [];
  const found: Prediction[] = [];
  walk(
    [read("1", deployed, "history"), read("2", pending, "pending")].flat(),
    { postgres: 18, execution: "split", deployments: "one", timeZoneUtc: true },
    {
      statement(statement, effects, _steps, { migration }) {
        if (migration.state === "pending")
          for (const failure of effects.failures)
            found.push({ failure, statement: pending.slice(statement.range.start, statement.range.end) });
      },
    },
  );
  return found;
}

async function must(sql: string): Promise<void> {
  const ran = await session.run(sql);
  if (!ran.ok) throw new Error(`${ran.error.message} in: ${sql}`);
}

/** Deploys, fills, hurts. */
async function hurt(
  deployed: string,
  pending: string,
  rows = 12,
): Promise<{ readonly predictions: readonly Prediction[]; readonly hurting: readonly Hurting[] }> {
  await must(RESET);
  await must(deployed);
  const { unfilled } = await fillTables(session, { rows, seed: 7 });
  expect(unfilled.filter(({ why }) => why !== "it has no partition")).toEqual([]);
  const predictions = predicted(deployed, pending);
  return {
    predictions,
    hurting: await addHurtingRows(
      session,
      predictions.map(({ failure }) => failure),
      { seed: 7 },
    ),
  };
}

const VALIDATE = `do $$ declare k record; begin
  for k in select conrelid::regclass as t, conname, pg_get_constraintdef(oid) as definition from pg_constraint where contype in ('f', 'c') and conrelid <> 0 and conparentid = 0 and convalidated loop
    execute format('alter table %s drop constraint %I', k.t, k.conname);
    execute format('alter table %s add constraint %I %s', k.t, k.conname, k.definition);
  end loop; end $$`;

const USERS =
  "create type kind as enum ('a', 'b', 'c'); create table users (id serial primary key, name text not null, active bool not null, kind kind);";
const POSTS = `${USERS} create table posts (id serial primary key, author_id int, title text, flag bool not null);`;

/** What the rows are called, and the statement that they make fail. */
const CASES: readonly (readonly [name: string, deployed: string, pending: string, sqlstate: string, rows: RegExp])[] = [
  [
    "orphans",
    POSTS,
    "alter table posts add constraint fk foreign key (author_id) references users (id)",
    "23503",
    /^\d+ rows whose author_id has no parent in users$/,
  ],
  [
    "orphans of a required column",
    POSTS.replace("author_id int", "author_id int not null"),
    "alter table posts add constraint fk foreign key (author_id) references users (id) on delete cascade",
    "23503",
    /^\d+ rows whose author_id has no parent in users$/,
  ],
  [
    "orphans of a composite key",
    "create table t (a int, b text, primary key (a, b)); create table c (id int primary key, a int, b text)",
    "alter table c add foreign key (a, b) references t (a, b)",
    "23503",
    /^\d+ rows whose \(a, b\) have no parent in t$/,
  ],
  [
    "orphans of a table that points at itself",
    "create table tree (id int primary key, up int)",
    "alter table tree add foreign key (up) references tree (id)",
    "23503",
    /^\d+ rows whose up has no parent in tree$/,
  ],
  [
    "orphans of a key that is to be moved",
    `${POSTS} create table people (id int primary key); alter table posts add constraint fk foreign key (author_id) references users (id)`,
    "alter table posts add constraint fk2 foreign key (author_id) references people (id)",
    "23503",
    /^\d+ rows whose author_id has no parent in people$/,
  ],
  [
    "orphans of a key that is validated",
    `${POSTS} alter table posts add constraint fk foreign key (author_id) references users (id) not valid`,
    "alter table posts validate constraint fk",
    "23503",
    /^\d+ rows whose author_id has no parent in users$/,
  ],
  [
    "orphans with uuid keys",
    "create table u (id uuid primary key); create table p (id uuid primary key, u_id uuid not null, x text not null)",
    "alter table p add foreign key (u_id) references u (id)",
    "23503",
    /^\d+ rows whose u_id has no parent in u$/,
  ],
  ["NULLs", POSTS, "alter table posts alter column title set not null", "23502", /^\d+ rows whose title is NULL$/],
  [
    "NULLs in a column of a key",
    `${POSTS} alter table posts add constraint fk foreign key (author_id) references users (id)`,
    "alter table posts alter author_id set not null",
    "23502",
    /^\d+ rows whose author_id is NULL$/,
  ],
  [
    "a required column without a default",
    POSTS,
    "alter table posts add column slug text not null",
    "23502",
    /^\d+ rows for which slug has no value$/,
  ],
  ["duplicates", POSTS, "create unique index i on posts (title)", "23505", /^\d+ rows that repeat title of another$/],
  [
    "duplicates of two columns",
    POSTS,
    "alter table posts add unique (author_id, title)",
    "23505",
    /^\d+ rows that repeat \(author_id, title\) of another$/,
  ],
  [
    "duplicates where the case differs",
    POSTS,
    "create unique index i on users (lower(name))",
    "23505",
    /^\d+ rows that repeat name of another$/,
  ],
  [
    "duplicates among some rows",
    POSTS,
    "create unique index i on posts (title) where flag",
    "23505",
    /^\d+ rows that repeat title of another$/,
  ],
  [
    "duplicates of a primary key",
    "create table t (a int not null, b text)",
    "alter table t add primary key (a)",
    "23505",
    /^\d+ rows that repeat a of another$/,
  ],
  [
    "the same value for all rows",
    POSTS,
    "alter table posts add column token text unique default 'x'",
    "23505",
    /^\d+ rows that would share one value of token$/,
  ],
  [
    "a check",
    "create table t (id int primary key, price int not null, state text)",
    "alter table t add constraint positive check (price > 0 and state in ('open', 'closed'))",
    "23514",
    /^\d+ rows that violate positive$/,
  ],
  [
    "a check on a text",
    "create table t (id int primary key, code varchar(20) not null)",
    "alter table t add constraint code_format check (code ~ '^[A-Z]{3}-[0-9]+$')",
    "23514",
    /^\d+ rows that violate code_format$/,
  ],
  [
    "a check that is validated",
    "create table t (id int primary key, price int not null); alter table t add constraint positive check (price > 0) not valid",
    "alter table t validate constraint positive",
    "23514",
    /^\d+ rows that violate positive$/,
  ],
  [
    "a check of two columns",
    "create table t (id int primary key, a date not null, b date not null)",
    "alter table t add constraint later check (b >= a)",
    "23514",
    /^\d+ rows that violate later$/,
  ],
  [
    "a check of a domain",
    "create domain price as int; create table t (id int primary key, p price)",
    "alter domain price add constraint positive check (value > 0)",
    "23514",
    /^\d+ rows that violate the check$/,
  ],
  [
    "values that are too long",
    POSTS,
    "alter table posts alter title type varchar(20)",
    "22001",
    /^\d+ rows whose title cannot become varchar\(20\)$/,
  ],
  [
    "values out of range",
    "create table t (id int primary key, n bigint not null)",
    "alter table t alter n type int",
    "22003",
    /^\d+ rows whose n cannot become integer$/,
  ],
  [
    "numbers with too many digits",
    "create table t (id int primary key, n numeric(12, 2) not null)",
    "alter table t alter n type numeric(6, 2)",
    "22003",
    /^\d+ rows whose n cannot become numeric\(6,2\)$/,
  ],
  [
    "texts that are no numbers",
    POSTS,
    "alter table posts alter title type int using title::int",
    "22P02",
    /^\d+ rows whose title cannot become integer$/,
  ],
  [
    "texts that are no uuid",
    POSTS,
    "alter table posts alter title type uuid using (title::uuid)",
    "22P02",
    /^\d+ rows whose title cannot become uuid$/,
  ],
  [
    "a partition that is attached",
    "create table t (id int, at date not null, primary key (id, at)) partition by range (at); create table t1 (id int, at date not null, primary key (id, at))",
    "alter table t attach partition t1 for values from ('2024-01-01') to ('2025-01-01')",
    "23514",
    /^2 rows with at at both ends of what the type holds$/,
  ],
  [
    "exclusion",
    "create extension if not exists btree_gist; create table b (id int primary key, room int not null, during tsrange not null)",
    "alter table b add constraint no_overlap exclude using gist (room with =, during with &&)",
    "23P01",
    /^\d+ rows that agree in \(room, during\)$/,
  ],
];

describe("rows that hurt", () => {
  test.each(CASES)("%s", async (_name, deployed, pending, sqlstate, rows) => {
    const { predictions, hurting } = await hurt(deployed, pending);
    const at = predictions.findIndex(({ failure }) => failure.sqlstate === sqlstate);
    const found = hurting[at]!;
    expect(found.why).toBeUndefined();
    expect(found.rows).toMatch(rows);
    expect(found.count).toBeGreaterThan(1);
    await must(VALIDATE);
    const countable = found.failure.kind !== "partitionBound";
    expect(await hurtingLeft(session, found)).toBe(countable ? found.count : undefined);
    const failed = await session.run(pending);
    expect(failed).toMatchObject({ ok: false, error: { sqlstate } });
    await must("begin");
    await cure(session, found);
    expect(await hurtingLeft(session, found)).toBe(countable ? 0 : undefined);
    expect(await session.run(pending)).toMatchObject({ ok: true });
    await must(VALIDATE);
    await must("commit");
  });
});

describe("rows that hurt beside others", () => {
  test("orphans are beside NULL keys and good keys, with every value of other columns", async () => {
    const deployed = `${USERS} create table posts (id serial primary key, author_id int, active bool not null, kind kind not null, note text)`;
    const { hurting } = await hurt(deployed, "alter table posts add foreign key (author_id) references users (id)");
    const key = { child: "public.posts", columns: ["author_id"], parent: "public.users", parentColumns: ["id"] };
    const counts = await census(session, key);
    expect(counts?.orphans).toBe(hurting[0]?.count);
    expect(counts?.nullKeys).toBeGreaterThan(0);
    expect(counts?.matched).toBeGreaterThan(0);
    const orphans = await session.query<{ active: number; kinds: number; notes: number }>(
      "select count(distinct active)::int4 as active, count(distinct kind)::int4 as kinds, (count(*) filter (where note is null))::int4 as notes from posts p where author_id is not null and not exists (select from users where id = p.author_id)",
    );
    expect(orphans).toMatchObject([{ active: 2, kinds: 3 }]);
    expect(orphans[0]!.notes).toBeGreaterThan(0);
  });

  test("a part of a composite key may be NULL", async () => {
    await hurt(
      "create table t (a int, b text, primary key (a, b)); create table c (id int primary key, a int, b text)",
      "alter table c add foreign key (a, b) references t (a, b)",
    );
    const [row] = await session.query<{ half: number; mixed: number }>(
      "select (count(*) filter (where (a is null) <> (b is null)))::int4 as half, (count(*) filter (where a in (select a from t) and b is not null and not exists (select from t where t.a = c.a and t.b = c.b)))::int4 as mixed from c",
    );
    expect(row!.half).toBeGreaterThan(0);
    expect(row!.mixed).toBeGreaterThan(0);
  });

  test("an enum value that is to be removed", async () => {
    const deployed = `create type "Role" as enum ('USER', 'ADMIN', 'OWNER'); create table "User" (id int primary key, role "Role" not null default 'USER')`;
    const pending = `BEGIN;
      CREATE TYPE "Role_new" AS ENUM ('USER', 'ADMIN');
      ALTER TABLE "User" ALTER COLUMN "role" DROP DEFAULT;
      ALTER TABLE "User" ALTER COLUMN "role" TYPE "Role_new" USING ("role"::text::"Role_new");
      COMMIT;`;
    const { predictions, hurting } = await hurt(deployed, pending);
    const at = predictions.findIndex(({ failure }) => failure.kind === "enumValueInUse");
    expect(hurting[at]?.rows).toMatch(/^\d+ rows whose role cannot become "Role_new"$/);
    expect(await hurtingLeft(session, hurting[at]!)).toBe(hurting[at]!.count);
    expect(await session.run(pending)).toMatchObject({ ok: false, error: { sqlstate: "22P02" } });
    await must("rollback; begin; create type \"Role_new\" as enum ('USER', 'ADMIN')");
    expect(await hurtingLeft(session, hurting[at]!)).toBe(hurting[at]!.count);
    await cure(session, hurting[at]!);
    await must(predictions[at]!.statement.replace(/TYPE/, "drop default, alter column role type"));
    await must("rollback");
  });

  test("what points at cured rows goes with them", async () => {
    const deployed = `${POSTS} create table comments (id int primary key, post_id int not null references posts (id)); create table likes (id int primary key, comment_id int not null references comments (id))`;
    const { hurting } = await hurt(deployed, "alter table posts alter title set not null");
    await must("update comments set post_id = (select min(id) from posts where title is null)");
    await must("begin");
    await cure(session, hurting[0]!);
    expect(await session.query("select count(*)::int4 as n from posts where title is null")).toEqual([{ n: 0 }]);
    expect(
      await session.query(
        "select (select count(*)::int4 from comments) as comments, (select count(*)::int4 from likes) as likes",
      ),
    ).toEqual([{ comments: 0, likes: 0 }]);
    await must(VALIDATE);
    await must("rollback");
  });

  test("rows of others point at a partition that is detached", async () => {
    await must(RESET);
    await must(
      "create table t (id int primary key) partition by range (id); create table t1 partition of t for values from (0) to (10000); create table t2 partition of t for values from (10000) to (20000); create table c (id int primary key, t int not null references t)",
    );
    await fillTables(session, { rows: 10, seed: 1 });
    const [found] = await addHurtingRows(
      session,
      [
        {
          kind: "dependents",
          relation: "public.t1",
          columns: ["id"],
          sqlstate: "23503",
          certainty: "rows",
          preparation: { verdict: "none" },
        },
      ],
      { seed: 1 },
    );
    expect(found).toMatchObject({
      count: expect.any(Number) as number,
      rows: expect.stringMatching(/^\d+ rows that others may point at$/) as string,
    });
    expect(await session.run("alter table t detach partition t1")).toMatchObject({
      ok: false,
      error: { sqlstate: "23503" },
    });
    await must("begin");
    await cure(session, found!);
    await must(`alter table t detach partition t1; ${VALIDATE}; commit`);
  });

  test("triggers neither run nor are in the way", async () => {
    const deployed = `${POSTS} create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$; create trigger refuse before insert or update or delete on posts for each row execute function refuse()`;
    const { hurting } = await hurt(deployed, "alter table posts alter title set not null");
    expect(hurting[0]!.count).toBeGreaterThan(3);
    await cure(session, hurting[0]!);
    expect(await hurtingLeft(session, hurting[0]!)).toBe(0);
    expect(await session.run("delete from posts")).toMatchObject({ ok: false, error: { message: "no" } });
  });

  test("the same number makes the same rows", async () => {
    const digest = async () => {
      await hurt(
        POSTS,
        "alter table posts add foreign key (author_id) references users (id); create unique index on posts (title); alter table posts alter title set not null",
      );
      return session.query("select md5(string_agg(p::text, ',' order by id)) as md5 from posts p");
    };
    expect(await digest()).toEqual(await digest());
  });
});

describe("no rows can hurt", () => {
  const cases: readonly (readonly [name: string, deployed: string, pending: string, why: string])[] = [
    [
      "a table that is new",
      "create table a (id int primary key)",
      "create table b (id int primary key, a_id int); insert into b values (1, 1); alter table b add foreign key (a_id) references a (id)",
      "b is not there before the deployment",
    ],
    [
      "a column that is new",
      "create table a (id int primary key); create table b (id int primary key)",
      "alter table b add column a_id int; update b set a_id = 1; alter table b add foreign key (a_id) references a (id)",
      "a_id is not there before the deployment",
    ],
    [
      "a key that holds",
      `${POSTS} alter table posts add constraint fk foreign key (author_id) references users (id)`,
      "alter table posts add constraint fk2 foreign key (author_id) references users (id)",
      "the foreign key fk holds until now",
    ],
    [
      "a unique key that holds",
      "create table t (id int primary key, a int unique, b int)",
      "create unique index on t (a, b)",
      "t_a_key keeps a unique until now",
    ],
    [
      "a check that holds",
      "create table t (id int primary key, a int not null check (a > 0))",
      "alter table t add check (a > -5)",
      "no more rows were found that satisfy its constraints",
    ],
    [
      "a drop",
      `${POSTS} create view v as select title from posts`,
      "alter table posts drop column title",
      "it does not depend on rows",
    ],
  ];
  test.each(cases)("%s", async (_name, deployed, pending, why) => {
    const { hurting } = await hurt(deployed, pending);
    expect(hurting.map((each) => each.why)).toContain(why);
    expect(hurting.find((each) => each.why === why)).toMatchObject({ count: 0, rows: "" });
  });

  test("a required column over no rows", async () => {
    await must(RESET);
    await must(POSTS);
    const hurting = await addHurtingRows(
      session,
      predicted(POSTS, "alter table posts add column slug text not null").map(({ failure }) => failure),
      { seed: 1 },
    );
    expect(hurting.map(({ count, why }) => ({ count, why }))).toEqual([
      { count: 0, why: "posts has no rows that it could fail on" },
    ]);
  });
});

describe("census", () => {
  test("counts rows by their key, whatever their number", async () => {
    await must(RESET);
    await must(
      "create table p (a int, b int); create table c (a int, b int); insert into p values (1, 1), (2, 2); insert into c values (1, 1), (2, 2), (1, 2), (3, null), (null, null), (null, 1)",
    );
    expect(
      await census(session, { child: "public.c", columns: ["a", "b"], parent: "public.p", parentColumns: ["a", "b"] }),
    ).toEqual({ orphans: 1, matched: 2, nullKeys: 3 });
  });

  test("is undefined where something is not there, and leaves the transaction as it was", async () => {
    await must("begin");
    expect(
      await census(session, { child: "public.c", columns: ["a"], parent: "public.nowhere", parentColumns: ["a"] }),
    ).toBeUndefined();
    expect(
      await census(session, { child: "public.c", columns: ["x"], parent: "public.p", parentColumns: ["a"] }),
    ).toBeUndefined();
    expect(
      await census(session, { child: "public.c", columns: ["a"], parent: "public.p", parentColumns: [] }),
    ).toBeUndefined();
    await must("select 1 from c; commit");
  });
});
