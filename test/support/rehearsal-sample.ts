import type { Evidence } from "../../src/evidence/evidence.ts";
import type {
  LeftOut,
  Rehearsal,
  RehearsalRun,
  RehearsedMigration,
  RehearsedStatement,
} from "../../src/evidence/rehearsal.ts";
import type { Observed } from "../../src/model/observation.ts";
import type { Range, SourceFile } from "../../src/source/text.ts";

/** A rehearsal made by hand, with every shape that a rehearsal can have. */

export const EVIDENCE: Evidence = {
  execution: { mode: "split", because: "prisma 7.10.0 in pnpm-lock.yaml" },
  postgres: { version: 17, because: "the default" },
  prisma: { version: "7.10.0", from: "pnpm-lock.yaml", packageManager: "pnpm" },
};

const ROOT = "prisma/migrations";
const fileOf = (id: string, text: string, name = "migration.sql"): SourceFile => ({
  path: `${ROOT}/${id}/${name}`,
  text,
});

/** The range of `part` in `file`. */
function rangeOf(file: SourceFile, part: string): Range {
  const start = file.text.indexOf(part);
  if (start < 0) throw new Error(`${part} is not in ${file.path}`);
  return { start, end: start + part.length };
}

const seen = (change: Partial<Observed>): Observed => ({
  locks: [],
  held: [],
  rewrites: [],
  scans: [],
  rows: [],
  milliseconds: 0.84,
  ...change,
});

/** Statements are where their texts are, one after the other. */
function statements(
  file: SourceFile,
  parts: readonly (readonly [text: string, change: Partial<RehearsedStatement>])[],
): readonly RehearsedStatement[] {
  return parts.map(([text, change], index) => ({
    index,
    range: rangeOf(file, text),
    outcome: "done",
    transaction: null,
    disagreements: [],
    trials: [],
    cleanups: [],
    notices: [],
    ...change,
  }));
}

// 1. What a hotfix should be: a copy, a cleanup, a constraint, in one transaction of its own.
const fix = "20260131120000_fix_orphans";
const fixUp = fileOf(
  fix,
  [
    "-- Comments point to posts that are gone (#4711).",
    "BEGIN;",
    "SET LOCAL lock_timeout = '5s';",
    'CREATE TABLE "comments_orphaned" AS',
    '    SELECT * FROM "comments" AS c -- all of them',
    '    WHERE c."post_id" IS NOT NULL AND NOT EXISTS (SELECT FROM "posts" AS p WHERE p."id" = c."post_id");',
    'DELETE FROM "comments" AS c WHERE c."post_id" IS NOT NULL AND NOT EXISTS (SELECT FROM "posts" AS p WHERE p."id" = c."post_id");',
    'ALTER TABLE "comments" ADD CONSTRAINT "comments_post_id_fkey" FOREIGN KEY ("post_id") REFERENCES "posts"("id") ON DELETE CASCADE ON UPDATE CASCADE;',
    "COMMIT;",
    "",
  ].join("\n"),
);
const fixDown = fileOf(
  fix,
  'ALTER TABLE "comments" DROP CONSTRAINT "comments_post_id_fkey";\n-- The orphans stay gone.\nDROP TABLE "comments_orphaned";\n',
  "down.sql",
);

const fixOrphans: RehearsedMigration = {
  id: fix,
  path: `${ROOT}/${fix}`,
  file: fixUp,
  outcome: "applied",
  statements: statements(fixUp, [
    ["BEGIN", { transaction: 0, observed: seen({ milliseconds: 0.1 }) }],
    ["SET LOCAL lock_timeout = '5s'", { transaction: 0, observed: seen({ milliseconds: 0.1 }) }],
    [
      fixUp.text.slice(fixUp.text.indexOf("CREATE TABLE"), fixUp.text.indexOf(";\nDELETE")),
      {
        transaction: 0,
        observed: seen({
          milliseconds: 3.2,
          scans: ["public.comments", "public.posts"],
          rows: [{ relation: "public.comments_orphaned", inserted: 3, updated: 0, deleted: 0 }],
        }),
      },
    ],
    [
      fixUp.text.slice(fixUp.text.indexOf("DELETE"), fixUp.text.indexOf(";\nALTER")),
      {
        transaction: 0,
        observed: seen({
          milliseconds: 12.4,
          locks: [{ relation: "public.comments", mode: "RowExclusiveLock" }],
          scans: ["public.comments"],
          rows: [{ relation: "public.comments", inserted: 0, updated: 0, deleted: 3 }],
        }),
        cleanups: [
          {
            child: "public.comments",
            columns: ["post_id"],
            parent: "public.posts",
            parentColumns: ["id"],
            before: { orphans: 3, matched: 15, nullKeys: 2 },
            after: { orphans: 0, matched: 15, nullKeys: 2 },
            took: { orphans: 3, matched: 0, nullKeys: 0 },
          },
        ],
      },
    ],
    [
      fixUp.text.slice(fixUp.text.indexOf("ALTER"), fixUp.text.indexOf(";\nCOMMIT")),
      {
        transaction: 0,
        observed: seen({
          milliseconds: 1204,
          locks: [
            { relation: "public.comments", mode: "ShareRowExclusiveLock" },
            { relation: "public.posts", mode: "ShareRowExclusiveLock" },
          ],
          held: [{ relation: "public.comments", mode: "RowExclusiveLock" }],
          scans: ["public.comments"],
        }),
        trials: [
          {
            kind: "orphans",
            sqlstate: "23503",
            relation: "public.comments",
            columns: ["post_id"],
            rows: "3 rows of comments whose post_id has no parent in posts",
            count: 3,
            left: 0,
            outcome: "passed",
            predicted: "prepared",
          },
        ],
      },
    ],
    [
      "COMMIT",
      {
        transaction: 0,
        observed: seen({
          milliseconds: 0.2,
          held: [
            { relation: "public.comments", mode: "ShareRowExclusiveLock" },
            { relation: "public.comments_orphaned", mode: "AccessExclusiveLock" },
            { relation: "public.posts", mode: "ShareRowExclusiveLock" },
          ],
        }),
      },
    ],
  ]),
  down: { file: fixDown, differences: [], lost: [{ relation: "public.comments", rows: 3 }], leftOut: [] },
};

// 2. Only fails where the rows are there; a notice; an extension that is not; lockstep wrong; CONCURRENTLY.
const search = "20260202090000_search";
const searchUp = fileOf(
  search,
  [
    "CREATE EXTENSION IF NOT EXISTS postgis;",
    'ALTER TABLE "places" ADD COLUMN "at" geography(Point);',
    'ALTER TABLE "posts" ALTER COLUMN "title" SET NOT NULL;',
    'CREATE UNIQUE INDEX CONCURRENTLY "users_email_key" ON "users"("email");',
    'UPDATE "posts" SET "title" = upper("title");',
    "DO $$ BEGIN RAISE NOTICE 'größer'; END $$;",
    "",
  ].join("\n"),
);
const searchDown = fileOf(
  search,
  'DROP INDEX "users_email_key";\nALTER TABLE "posts" ALTER COLUMN "title" DROP NOT NULL, ALTER COLUMN "title" TYPE varchar(80);\n',
  "down.sql",
);
const postgis: LeftOut = {
  migration: search,
  file: searchUp,
  range: rangeOf(searchUp, "CREATE EXTENSION IF NOT EXISTS postgis"),
  why: "the embedded PostgreSQL has no extension postgis",
  kind: "extension",
};
const geography: LeftOut = {
  migration: search,
  file: searchUp,
  range: rangeOf(searchUp, 'ALTER TABLE "places" ADD COLUMN "at" geography(Point)'),
  why: 'it needs what was left out before (type "geography" does not exist)',
  kind: "depends",
};

const NULLS = {
  sqlstate: "23502",
  message: 'column "title" of relation "posts" contains null values',
  schema: "public",
  table: "posts",
  column: "title",
} as const;

const searchMigration: RehearsedMigration = {
  id: search,
  path: `${ROOT}/${search}`,
  file: searchUp,
  outcome: "applied",
  statements: statements(searchUp, [
    ["CREATE EXTENSION IF NOT EXISTS postgis", { outcome: "left out", leftOut: postgis }],
    ['ALTER TABLE "places" ADD COLUMN "at" geography(Point)', { outcome: "left out", leftOut: geography }],
    [
      'ALTER TABLE "posts" ALTER COLUMN "title" SET NOT NULL',
      {
        observed: seen({
          milliseconds: 2.1,
          locks: [{ relation: "public.posts", mode: "AccessExclusiveLock" }],
          scans: ["public.posts"],
        }),
        error: { ...NULLS, on: "hurting rows" },
        trials: [
          {
            kind: "nulls",
            sqlstate: "23502",
            relation: "public.posts",
            columns: ["title"],
            rows: "1 row of posts whose title is NULL",
            count: 1,
            left: 1,
            outcome: "failed",
            predicted: "fails",
          },
        ],
        disagreements: [
          {
            what: "lock",
            relation: "public.posts",
            predicted: "ShareUpdateExclusiveLock",
            observed: "AccessExclusiveLock",
          },
        ],
      },
    ],
    [
      'CREATE UNIQUE INDEX CONCURRENTLY "users_email_key" ON "users"("email")',
      {
        observed: { held: [], rewrites: [], rows: [], milliseconds: 65_300 },
        trials: [
          {
            kind: "duplicates",
            sqlstate: "23505",
            relation: "public.users",
            columns: ["email"],
            rows: "2 rows",
            count: 0,
            outcome: "not tried",
            predicted: "fails",
            why: "a CHECK of users could not be satisfied",
          },
        ],
      },
    ],
    [
      'UPDATE "posts" SET "title" = upper("title")',
      {
        observed: seen({
          locks: [{ relation: "public.posts", mode: "RowExclusiveLock" }],
          scans: ["public.posts"],
          rewrites: ["public.posts"],
          rows: [
            { relation: "public.audit", inserted: 20, updated: 0, deleted: 0 },
            { relation: "public.posts", inserted: 0, updated: 20, deleted: 1 },
          ],
        }),
        disagreements: [
          { what: "rewrite", relation: "public.posts", observed: "yes" },
          { what: "scan", relation: "audit.log", predicted: "yes" },
          { what: "lock", relation: "audit.log", predicted: "RowExclusiveLock" },
        ],
        trials: [
          {
            kind: "check",
            sqlstate: "23514",
            relation: "public.posts",
            columns: [],
            rows: "4 rows of posts whose title is too long",
            count: 4,
            left: 3,
            outcome: "passed",
            predicted: "fails",
          },
        ],
      },
    ],
    ["DO $$ BEGIN RAISE NOTICE 'größer'; END $$", { observed: seen({}), notices: ["größer", "2", "3", "4"] }],
  ]),
  failure: {
    error: NULLS,
    index: 2,
    range: rangeOf(searchUp, 'ALTER COLUMN "title" SET NOT NULL'),
    on: "hurting rows",
    committed: [],
  },
  down: {
    file: searchDown,
    differences: [
      { kind: "column", object: "public.posts.title", change: "changed", was: "text", is: "character varying(80)" },
      {
        kind: "index",
        object: "public.users: users_email_idx",
        change: "missing",
        was: "CREATE INDEX users_email_idx ON public.users USING btree (email)",
      },
      {
        kind: "function",
        object: "audit.write()",
        change: "surplus",
        is: "CREATE OR REPLACE FUNCTION audit.write()\n RETURNS trigger\n LANGUAGE plpgsql\nAS $function$\nBEGIN\n  INSERT INTO log VALUES (1);\n  RETURN NEW;\nEND\n$function$",
      },
    ],
    lost: [
      { relation: "public.posts", column: "title", rows: 20 },
      { relation: "audit.log", rows: 1 },
    ],
    leftOut: [],
  },
};

// 3. A bad hotfix: fails whatever is done before, half of it stays.
const bad = "20260203100000_bad_hotfix";
const badUp = fileOf(
  bad,
  [
    'DELETE FROM "likes" WHERE "comment_id" NOT IN (SELECT "comment_id" FROM "comments_seen");',
    'UPDATE "likes" SET "comment_id" = NULL WHERE "comment_id" < 0;',
    'ALTER TABLE "likes"',
    '    ADD COLUMN "weight" int,',
    '    ADD CONSTRAINT "likes_comment_id_fkey" FOREIGN KEY ("comment_id") REFERENCES "comments"("id");',
    'CREATE INDEX "likes_comment_id_idx" ON "likes"("comment_id");',
    "COPY \"likes\" TO PROGRAM 'gzip > /tmp/likes.gz';",
    "",
  ].join("\n"),
);
const ORPHANS = {
  sqlstate: "23503",
  message: 'insert or update on table "likes" violates foreign key constraint "likes_comment_id_fkey"',
  detail: 'Key (comment_id)=(2147483646) is not present in table "comments".',
  schema: "public",
  table: "likes",
  constraint: "likes_comment_id_fkey",
} as const;

const badHotfix: RehearsedMigration = {
  id: bad,
  path: `${ROOT}/${bad}`,
  file: badUp,
  outcome: "failed",
  statements: statements(badUp, [
    [
      badUp.text.slice(0, badUp.text.indexOf(";\nUPDATE")),
      {
        observed: seen({
          locks: [{ relation: "public.likes", mode: "RowExclusiveLock" }],
          scans: ["public.comments_seen", "public.likes"],
        }),
        cleanups: [
          {
            child: "public.likes",
            columns: ["comment_id"],
            parent: "public.comments",
            parentColumns: ["id"],
            before: { orphans: 3, matched: 17, nullKeys: 2 },
            after: { orphans: 3, matched: 17, nullKeys: 2 },
          },
        ],
      },
    ],
    [
      'UPDATE "likes" SET "comment_id" = NULL WHERE "comment_id" < 0',
      {
        observed: seen({
          locks: [{ relation: "public.likes", mode: "RowExclusiveLock" }],
          scans: ["public.likes"],
          rows: [{ relation: "public.likes", inserted: 0, updated: 2, deleted: 2 }],
        }),
        cleanups: [
          {
            child: "public.likes",
            columns: ["comment_id"],
            parent: "public.comments",
            parentColumns: ["id"],
            before: { orphans: 3, matched: 17, nullKeys: 2 },
            after: { orphans: 1, matched: 16, nullKeys: 3 },
          },
        ],
      },
    ],
    [
      badUp.text.slice(badUp.text.indexOf("ALTER TABLE"), badUp.text.indexOf(";\nCREATE INDEX")),
      {
        outcome: "failed",
        error: { ...ORPHANS, on: "any rows" },
        trials: [
          {
            kind: "orphans",
            sqlstate: "23503",
            relation: "public.likes",
            columns: ["comment_id"],
            rows: "3 rows of likes whose comment_id has no parent in comments",
            count: 3,
            left: 1,
            outcome: "failed",
            predicted: "prepared",
          },
          {
            kind: "dependents",
            sqlstate: "2BP01",
            relation: "public.likes",
            columns: ["comment_id"],
            rows: "1 view",
            count: 1,
            outcome: "not tried",
            predicted: "maybe",
            why: "the statement fails for another reason",
          },
        ],
      },
    ],
    ['CREATE INDEX "likes_comment_id_idx" ON "likes"("comment_id")', { outcome: "not reached" }],
    ["COPY \"likes\" TO PROGRAM 'gzip > /tmp/likes.gz'", { outcome: "not reached" }],
  ]),
  failure: {
    error: ORPHANS,
    index: 2,
    range: rangeOf(
      badUp,
      'ADD CONSTRAINT "likes_comment_id_fkey" FOREIGN KEY ("comment_id") REFERENCES "comments"("id")',
    ),
    on: "any rows",
    committed: [0, 1],
  },
};

const afterwards = "20260204000000_afterwards";
const afterwardsUp = fileOf(afterwards, "SELECT 1;\nSELECT 2;\n");
const notReached: RehearsedMigration = {
  id: afterwards,
  path: `${ROOT}/${afterwards}`,
  file: afterwardsUp,
  outcome: "not reached",
  statements: statements(afterwardsUp, [
    ["SELECT 1", { outcome: "not reached" }],
    ["SELECT 2", { outcome: "not reached" }],
  ]),
};

const old: SourceFile = fileOf(
  "20240101000000_init",
  "CREATE SERVER legacy FOREIGN DATA WRAPPER postgres_fdw;\nCREATE ROLE reporting;\n",
);

const split: RehearsalRun = {
  root: ROOT,
  execution: "split",
  deployed: {
    migrations: 12,
    cached: true,
    leftOut: [
      {
        migration: "20240101000000_init",
        file: old,
        range: rangeOf(old, "CREATE SERVER legacy FOREIGN DATA WRAPPER postgres_fdw"),
        why: "CREATE SERVER is about a connection to another server",
        kind: "outside",
      },
    ],
  },
  unfilled: [{ relation: "public.places", why: "CHECK (ST_IsValid(shape)) could not be solved" }],
  migrations: [fixOrphans, searchMigration, badHotfix, notReached],
  milliseconds: 2710,
};

export const SAMPLE: Rehearsal = {
  server: { kind: "embedded", version: "18.6 (PGlite 0.5.14)", major: 18, superuser: true },
  rows: { perTable: 20, seed: 1, hurt: true },
  runs: [split],
};

// 4. What a batch shows: a transaction of Prisma's, one that stays open, a loop without an end, a text that is no SQL, a down.sql that fails.
const open = "20260205000000_open";
const openUp = fileOf(
  open,
  "CREATE TABLE a (id int);\nCOMMIT;\nBEGIN;\nCREATE TABLE b (id int);\nALTER TABLE a ADD COLUMN b int;\n",
);
const unclosed: RehearsedMigration = {
  id: open,
  path: `${ROOT}/${open}`,
  file: openUp,
  outcome: "unclosed",
  statements: statements(openUp, [
    ["CREATE TABLE a (id int)", { transaction: 0, observed: seen({}) }],
    ["COMMIT", { transaction: 0, observed: seen({}), notices: ["there is no transaction in progress"] }],
    ["BEGIN", { transaction: 1, observed: seen({}) }],
    ["CREATE TABLE b (id int)", { transaction: 1, observed: seen({}) }],
    [
      "ALTER TABLE a ADD COLUMN b int",
      { transaction: 1, observed: seen({ locks: [{ relation: "public.a", mode: "AccessExclusiveLock" }] }) },
    ],
  ]),
};

const typo = "20260206000000_typo";
const typoUp = fileOf(typo, "CREATE TABLE c (id int);\nCREATE TABEL d (id int);\n");
const unparsed: RehearsedMigration = {
  id: typo,
  path: `${ROOT}/${typo}`,
  file: typoUp,
  outcome: "failed",
  statements: [],
  failure: {
    error: { sqlstate: "42601", message: 'syntax error at or near "TABEL"', hint: "Correct it.", offset: 32 },
    range: rangeOf(typoUp, "TABEL"),
    on: "any rows",
    committed: [],
  },
};

const wraps = "20260207000000_wraps";
const wrapsUp = fileOf(
  wraps,
  "SET search_path = app;\nALTER TABLE a ADD COLUMN x int NOT NULL;\nALTER TABLE a ADD COLUMN y int;\n",
);
const wrapsDown = fileOf(
  wraps,
  "ALTER TABLE a DROP COLUMN y;\nALTER TABLE a DROP COLUMN z;\nCOPY a TO '/tmp/a';\n",
  "down.sql",
);
const batched: RehearsedMigration = {
  id: wraps,
  path: `${ROOT}/${wraps}`,
  file: wrapsUp,
  outcome: "applied",
  statements: statements(wrapsUp, [
    ["SET search_path = app", { transaction: 0, observed: seen({}) }],
    [
      "ALTER TABLE a ADD COLUMN x int NOT NULL",
      { transaction: 0, observed: seen({ locks: [{ relation: "app.a", mode: "AccessExclusiveLock" }] }) },
    ],
    [
      "ALTER TABLE a ADD COLUMN y int",
      { transaction: 0, observed: seen({ locks: [], held: [{ relation: "app.a", mode: "AccessExclusiveLock" }] }) },
    ],
  ]),
  down: {
    file: wrapsDown,
    error: { sqlstate: "42703", message: 'column "z" of relation "a" does not exist', range: rangeOf(wrapsDown, "z") },
    differences: [],
    lost: [],
    leftOut: [
      {
        migration: wraps,
        file: wrapsDown,
        range: rangeOf(wrapsDown, "COPY a TO '/tmp/a'"),
        why: "COPY with a file name reads or writes a file of the server",
        kind: "outside",
      },
    ],
  },
};

const loop = "20260208000000_loop";
const loopUp = fileOf(
  loop,
  "CREATE TABLE e (id int);\nDO $$ BEGIN LOOP NULL; END LOOP; END $$;\nCREATE TABLE f (id int);\n",
);
const endless: RehearsedMigration = {
  id: loop,
  path: `${ROOT}/${loop}`,
  file: loopUp,
  outcome: "timed out",
  statements: statements(loopUp, [
    ["CREATE TABLE e (id int)", { transaction: 0, observed: seen({}) }],
    [
      "DO $$ BEGIN LOOP NULL; END LOOP; END $$",
      {
        outcome: "timed out",
        transaction: 0,
        error: { sqlstate: "57014", message: "the time limit of 30 s ran out", timedOut: true, on: "any rows" },
      },
    ],
    ["CREATE TABLE f (id int)", { outcome: "not reached", transaction: 0 }],
  ]),
  failure: {
    error: { sqlstate: "57014", message: "the time limit of 30 s ran out", timedOut: true },
    index: 1,
    range: rangeOf(loopUp, "DO $$ BEGIN LOOP NULL; END LOOP; END $$"),
    on: "any rows",
    committed: [],
  },
};

/** On a server, from a copy, with rows of one's own. */
export const BATCH: Rehearsal = {
  server: { kind: "server", version: "16.14", major: 16, superuser: false },
  rows: { perTable: 0, seed: 1, hurt: false, data: "rows.sql", template: "staging" },
  runs: [
    {
      root: "packages/db/prisma/migrations",
      execution: "batch",
      deployed: { migrations: 0, cached: false, leftOut: [] },
      unfilled: [],
      migrations: [unclosed],
      milliseconds: 90,
    },
    {
      root: ROOT,
      execution: "batch",
      deployed: { migrations: 1, cached: false, leftOut: [] },
      unfilled: [],
      migrations: [batched, endless],
      milliseconds: 31_020,
    },
    {
      root: ROOT,
      execution: "split",
      deployed: { migrations: 1, cached: false, leftOut: [] },
      unfilled: [],
      migrations: [unparsed],
      milliseconds: 12,
    },
  ],
};

/** Nothing to say against it. */
export const GOOD: Rehearsal = {
  ...SAMPLE,
  runs: [
    { ...split, deployed: { migrations: 12, cached: false, leftOut: [] }, unfilled: [], migrations: [fixOrphans] },
  ],
};
