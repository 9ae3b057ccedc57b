import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type WrittenDown, writeDown, writeDownIn } from "../src/rehearsal/down/index.ts";
import { verifyDown } from "../src/rehearsal/down/verification.ts";
import { embeddedStage } from "../src/rehearsal/stage/embedded/index.ts";
import { compareFingerprints, fingerprint } from "../src/rehearsal/schema/fingerprint.ts";
import { type HeldBack, whatIsHeldBack } from "../src/rehearsal/outside.ts";
import type { RehearsedDown } from "../src/evidence/rehearsal.ts";
import type { Session } from "../src/rehearsal/stage/session.ts";
import { readMigration } from "../src/model/walk.ts";
import type { MigrationView } from "../src/model/step.ts";
import type { History } from "../src/source/history.ts";
import { postgresReader as reader } from "../src/sql/postgres/read.ts";

const stage = embeddedStage({ extensions: ["citext"] });
const limit = { time: 20_000 };
vi.setConfig({ testTimeout: 30_000 });
let session: Session;
let heldBack: HeldBack;

beforeAll(async () => {
  await reader.load();
  await open();
  heldBack = await whatIsHeldBack(session, false);
}, 60_000);
afterAll(() => stage.close());

async function open(): Promise<void> {
  const fresh = await stage.fresh();
  if (!fresh.ok) throw new Error(fresh.message);
  session = fresh.value;
}

async function start(before: string): Promise<void> {
  await session.run("ROLLBACK");
  await session.query(`do $$ declare name text; begin
    for name in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop execute format('drop schema %I cascade', name); end loop;
    for name in select extname from pg_extension where extname <> 'plpgsql' loop execute format('drop extension %I cascade', name); end loop;
    for name in select evtname from pg_event_trigger loop execute format('drop event trigger %I', name); end loop;
    create schema public; end $$`);
  const ran = await session.run(before);
  if (!ran.ok) throw new Error(ran.error.message);
}

function view(text: string): MigrationView {
  return readMigration(
    {
      id: "20260101000000_up",
      path: "prisma/migrations/20260101000000_up",
      up: { path: "prisma/migrations/20260101000000_up/migration.sql", text },
      state: "pending",
    },
    reader,
    "batch",
  )!;
}

async function written(before: string, up: string): Promise<WrittenDown> {
  await start(before);
  const outcome = await writeDownIn(session, {
    migration: view(up),
    path: "prisma/migrations/20260101000000_up/down.sql",
    reader,
    heldBack,
    limit,
  });
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

/** What is below the header. */
const body = ({ text }: WrittenDown): string => text.slice(text.indexOf("\n\n") + 2);

async function verified(before: string, up: string, down: string): Promise<RehearsedDown> {
  await start(before);
  return verifyDown(session, {
    migration: view(up),
    down: { path: "prisma/migrations/20260101000000_up/down.sql", text: down },
    reader,
    heldBack,
    limit,
  });
}

const USERS = `
  CREATE TYPE "Role" AS ENUM ('USER', 'ADMIN');
  CREATE TABLE "User" ("id" SERIAL NOT NULL, "email" TEXT NOT NULL, "name" TEXT, "role" "Role" NOT NULL DEFAULT 'USER', "age" INTEGER, CONSTRAINT "User_pkey" PRIMARY KEY ("id"));
  CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
  CREATE TABLE "Post" ("id" SERIAL NOT NULL, "userId" INTEGER NOT NULL, "title" VARCHAR(20) NOT NULL, CONSTRAINT "Post_pkey" PRIMARY KEY ("id"));
  ALTER TABLE "Post" ADD CONSTRAINT "Post_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
`;
const ROWS = `
  INSERT INTO "User" ("email", "name", "age") VALUES ('a@x', 'a', 1), ('b@x', NULL, 2), ('c@x', 'c', NULL);
  INSERT INTO "Post" ("userId", "title") VALUES (1, 'one'), (1, 'two'), (3, 'three');
`;

test("the whole file", async () => {
  const down = await written(USERS, 'ALTER TABLE "User" DROP COLUMN "name"; DELETE FROM "Post";');
  expect(down.differences).toEqual([]);
  expect(down.text).toBe(`-- Leads from the schema after the migration 20260101000000_up back to the one before it.
-- Run in PostgreSQL ${session.server.version}: the schema is then what it was.
--
-- 1. npx prisma db execute --file prisma/migrations/20260101000000_up/down.sql
-- 2. Prisma's ledger does not know of that, and migrate resolve --rolled-back refuses a migration that succeeded (P3012). Run too:
--    DELETE FROM "_prisma_migrations" WHERE migration_name IN ('20260101000000_up') AND rolled_back_at IS NULL;
--    The next migrate deploy applies the migration again unless its folder is taken out.
--
-- Cannot bring back: rows that the migration deletes from "Post".
-- Cannot bring back: the order of the columns of "User".

-- AlterTable
-- Cannot bring back: the values of "User"."name"; rows get NULL.
ALTER TABLE "User" ADD COLUMN "name" TEXT;
`);
});

const cases: readonly (readonly [what: string, before: string, up: string, down: string])[] = [
  [
    "a new table with its key and type",
    USERS,
    `CREATE TYPE "Kind" AS ENUM ('A'); CREATE TABLE "Tag" ("id" TEXT NOT NULL, "kind" "Kind" NOT NULL, "postId" INTEGER NOT NULL REFERENCES "Post"("id"), CONSTRAINT "Tag_pkey" PRIMARY KEY ("id"));`,
    `-- DropForeignKey
ALTER TABLE "Tag" DROP CONSTRAINT "Tag_postId_fkey";

-- DropTable
-- Loses the rows of "Tag".
DROP TABLE "Tag";

-- DropEnum
DROP TYPE "Kind";
`,
  ],
  [
    "renames keep the rows",
    USERS,
    'ALTER TABLE "User" RENAME COLUMN "name" TO "fullName"; ALTER TABLE "Post" RENAME TO "Article"; ALTER TABLE "Article" RENAME CONSTRAINT "Post_pkey" TO "Article_pkey"; ALTER INDEX "User_email_key" RENAME TO "User_mail_key"; ALTER TYPE "Role" RENAME VALUE \'ADMIN\' TO \'ROOT\';',
    `-- AlterEnum
ALTER TYPE "Role" RENAME VALUE 'ROOT' TO 'ADMIN';

-- RenameTable
ALTER TABLE "Article" RENAME TO "Post";

-- RenameColumn
ALTER TABLE "User" RENAME COLUMN "fullName" TO "name";

-- RenameConstraint
ALTER TABLE "Post" RENAME CONSTRAINT "Article_pkey" TO "Post_pkey";

-- RenameIndex
ALTER INDEX "User_mail_key" RENAME TO "User_email_key";
`,
  ],
  [
    "a column renamed, another one under its name",
    USERS,
    'ALTER TABLE "User" RENAME COLUMN "name" TO "fullName"; ALTER TABLE "User" ADD COLUMN "name" INTEGER;',
    `-- AlterTable
-- Loses the values of "User"."name".
ALTER TABLE "User" DROP COLUMN "name";

-- RenameColumn
ALTER TABLE "User" RENAME COLUMN "fullName" TO "name";
`,
  ],
  [
    "columns that change places, and a table",
    `${USERS} CREATE TABLE "Old" ("a" INTEGER)`,
    'ALTER TABLE "User" RENAME COLUMN "name" TO "x"; ALTER TABLE "User" RENAME COLUMN "email" TO "name"; ALTER TABLE "User" RENAME COLUMN "x" TO "email"; ALTER TABLE "Old" RENAME TO "Older"; CREATE TABLE "Old" ("b" TEXT);',
    `-- DropTable
-- Loses the rows of "Old".
DROP TABLE "Old";

-- RenameTable
ALTER TABLE "Older" RENAME TO "Old";

-- RenameColumn
ALTER TABLE "User" RENAME COLUMN "name" TO "name_lockstep";

-- RenameColumn
ALTER TABLE "User" RENAME COLUMN "email" TO "name";

-- RenameColumn
ALTER TABLE "User" RENAME COLUMN "name_lockstep" TO "email";
`,
  ],
  [
    "required columns: a placeholder, one for each row, none that would do",
    `${USERS} ALTER TABLE "User" ADD COLUMN "slug" TEXT NOT NULL UNIQUE, ADD COLUMN "nick" TEXT NOT NULL, ADD COLUMN "number" BIGINT NOT NULL UNIQUE;`,
    'ALTER TABLE "User" DROP COLUMN "slug", DROP COLUMN "nick", DROP COLUMN "number"; ALTER TABLE "Post" DROP COLUMN "userId";',
    `-- AlterTable
-- Cannot bring back: the values of "Post"."userId"; rows get NULL.
ALTER TABLE "Post" ADD COLUMN "userId" INTEGER;
-- Fails while rows have NULL in "Post"."userId": give them a value before.
ALTER TABLE "Post" ALTER COLUMN "userId" SET NOT NULL;

-- AlterTable
-- Cannot bring back: the values of "User"."slug"; rows get its default.
ALTER TABLE "User" ADD COLUMN "slug" TEXT NOT NULL DEFAULT gen_random_uuid()::text;
ALTER TABLE "User" ALTER COLUMN "slug" DROP DEFAULT;

-- AlterTable
-- Cannot bring back: the values of "User"."nick"; rows get its default.
ALTER TABLE "User" ADD COLUMN "nick" TEXT NOT NULL DEFAULT '';
ALTER TABLE "User" ALTER COLUMN "nick" DROP DEFAULT;

-- AlterTable
-- Cannot bring back: the values of "User"."number"; rows get its default.
ALTER TABLE "User" ADD COLUMN "number" BIGINT NOT NULL GENERATED BY DEFAULT AS IDENTITY;
ALTER TABLE "User" ALTER COLUMN "number" DROP IDENTITY;

-- AlterTable
-- Fails while rows of "User" share a key.
ALTER TABLE "User" ADD CONSTRAINT "User_number_key" UNIQUE (number);

-- AlterTable
-- Fails while rows of "User" share a key.
ALTER TABLE "User" ADD CONSTRAINT "User_slug_key" UNIQUE (slug);

-- AddForeignKey
-- Fails while rows of "Post" have no parent in "User".
ALTER TABLE "Post" ADD CONSTRAINT "Post_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"(id) ON UPDATE CASCADE ON DELETE RESTRICT;
`,
  ],
  [
    "a value less in an enum: in place",
    USERS,
    `ALTER TYPE "Role" RENAME TO "Role_old"; CREATE TYPE "Role" AS ENUM ('USER'); ALTER TABLE "User" ALTER COLUMN "role" DROP DEFAULT; ALTER TABLE "User" ALTER COLUMN "role" TYPE "Role" USING ("role"::text::"Role"); ALTER TABLE "User" ALTER COLUMN "role" SET DEFAULT 'USER'; DROP TYPE "Role_old";`,
    `-- AlterEnum
ALTER TYPE "Role" ADD VALUE 'ADMIN';
`,
  ],
  [
    "a value more in an enum: created again, what compares with it too",
    `${USERS} CREATE INDEX "admins" ON "User" ("id") WHERE "role" = 'ADMIN'; ALTER TABLE "User" ADD CONSTRAINT "grown" CHECK ("role" <> 'ADMIN' OR "age" > 17); CREATE VIEW "Admin" AS SELECT "id", "role" FROM "User";`,
    `ALTER TYPE "Role" ADD VALUE 'GUEST' BEFORE 'ADMIN';`,
    `-- AlterTable
ALTER TABLE "User" DROP CONSTRAINT grown;

-- DropView
DROP VIEW "Admin";

-- AlterEnum
-- Fails while rows hold 'GUEST'.
DROP INDEX "admins";
CREATE TYPE "Role_new" AS ENUM ('USER', 'ADMIN');
ALTER TABLE "User" ALTER COLUMN "role" DROP DEFAULT;
ALTER TABLE "User" ALTER COLUMN "role" TYPE "Role_new" USING ("role"::text::"Role_new");
ALTER TYPE "Role" RENAME TO "Role_old";
ALTER TYPE "Role_new" RENAME TO "Role";
DROP TYPE "Role_old";
ALTER TABLE "User" ALTER COLUMN "role" SET DEFAULT 'USER';

-- AlterTable
-- Fails while rows of "User" break it.
ALTER TABLE "User" ADD CONSTRAINT "grown" CHECK (((role <> 'ADMIN'::"Role") OR (age > 17)));

-- CreateView
CREATE VIEW "Admin" AS
 SELECT id,
    role
   FROM "User";

-- CreateIndex
CREATE INDEX admins ON "User" USING btree (id) WHERE role = 'ADMIN'::"Role";
`,
  ],
  [
    "narrower again",
    USERS,
    'ALTER TABLE "Post" ALTER COLUMN "title" TYPE TEXT; ALTER TABLE "User" ALTER COLUMN "age" TYPE TEXT;',
    `-- AlterTable
-- Cannot bring back: what the migration's conversion took from the values of "Post"."title"; a value written since that does not fit fails or is cut.
ALTER TABLE "Post" ALTER COLUMN "title" SET DATA TYPE VARCHAR(20);

-- AlterTable
-- Cannot bring back: what the migration's conversion took from the values of "User"."age"; a value written since that does not fit fails or is cut.
ALTER TABLE "User" ALTER COLUMN "age" SET DATA TYPE INTEGER USING "age"::INTEGER;
`,
  ],
];

test.each(cases)("%s", async (_, before, up, expected) => {
  const down = await written(before, up);
  expect(down.differences).toEqual([]);
  expect(body(down)).toBe(expected);
  expect(reader.read(down.text).errors).toEqual([]);
  // The same again, in another session's words: nothing depends on OIDs or chance.
  expect((await written(before, up)).text).toBe(down.text);
});

/** What Prisma does not see, each undone and seen to be what it was. */
const unseen: readonly (readonly [what: string, before: string, up: string])[] = [
  ["check added", USERS, 'ALTER TABLE "User" ADD CONSTRAINT "adult" CHECK ("age" > 17)'],
  [
    "check dropped",
    `${USERS} ALTER TABLE "User" ADD CONSTRAINT "adult" CHECK ("age" > 17) NOT VALID`,
    'ALTER TABLE "User" DROP CONSTRAINT "adult"',
  ],
  [
    "foreign key not validated before",
    `${USERS} ALTER TABLE "Post" DROP CONSTRAINT "Post_userId_fkey"; ALTER TABLE "Post" ADD CONSTRAINT "Post_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") NOT VALID`,
    'ALTER TABLE "Post" VALIDATE CONSTRAINT "Post_userId_fkey"',
  ],
  ["deferrable", USERS, 'ALTER TABLE "Post" ALTER CONSTRAINT "Post_userId_fkey" DEFERRABLE INITIALLY DEFERRED'],
  [
    "partial and expression indexes",
    `${USERS} CREATE INDEX "lower" ON "User" (lower("email")); CREATE UNIQUE INDEX "partial" ON "User" ("name") WHERE "age" IS NULL`,
    'DROP INDEX "lower"; DROP INDEX "partial"; CREATE INDEX "other" ON "User" ((("age" + 1)))',
  ],
  [
    "views over views",
    `${USERS} CREATE VIEW "v1" AS SELECT "id", "age" FROM "User"; CREATE VIEW "v2" AS SELECT * FROM "v1"; CREATE MATERIALIZED VIEW "m" AS SELECT count(*) AS "n" FROM "v2"; CREATE UNIQUE INDEX "m_n" ON "m" ("n"); COMMENT ON VIEW "v2" IS 'second'`,
    'DROP MATERIALIZED VIEW "m"; DROP VIEW "v2"; DROP VIEW "v1"; ALTER TABLE "User" DROP COLUMN "age"',
  ],
  [
    "a view in the way",
    `${USERS} CREATE VIEW "v1" AS SELECT "id", "name" FROM "User"; GRANT SELECT ON "v1" TO PUBLIC`,
    'DROP VIEW "v1"; ALTER TABLE "User" ALTER COLUMN "name" TYPE VARCHAR(5); CREATE VIEW "v1" AS SELECT "id", "name" FROM "User"; GRANT SELECT ON "v1" TO PUBLIC',
  ],
  [
    "trigger and function",
    USERS,
    `CREATE FUNCTION "touch"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."name" := 'x'; RETURN NEW; END $$; CREATE TRIGGER "touch" BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION "touch"()`,
  ],
  [
    "trigger and function dropped",
    `${USERS} CREATE FUNCTION "touch"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$; CREATE TRIGGER "touch" BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION "touch"(); ALTER TABLE "User" DISABLE TRIGGER "touch"`,
    'DROP TRIGGER "touch" ON "User"; DROP FUNCTION "touch"()',
  ],
  [
    "function replaced, another result",
    `CREATE FUNCTION "f"(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a'`,
    `DROP FUNCTION "f"(integer); CREATE FUNCTION "f"(a integer) RETURNS text LANGUAGE sql AS 'SELECT a::text'`,
  ],
  [
    "policies",
    `${USERS} ALTER TABLE "User" ENABLE ROW LEVEL SECURITY; CREATE POLICY "own" ON "User" FOR SELECT USING ("id" = 1)`,
    'DROP POLICY "own" ON "User"; CREATE POLICY "all" ON "User" USING (true) WITH CHECK ("age" > 0); ALTER TABLE "User" FORCE ROW LEVEL SECURITY; ALTER TABLE "Post" ENABLE ROW LEVEL SECURITY',
  ],
  [
    "comments",
    `${USERS} COMMENT ON COLUMN "User"."age" IS 'in years'`,
    `COMMENT ON COLUMN "User"."age" IS 'in ''days'''; COMMENT ON TABLE "User" IS 'people'; COMMENT ON INDEX "User_email_key" IS 'i'; COMMENT ON CONSTRAINT "User_pkey" ON "User" IS 'k'; COMMENT ON TYPE "Role" IS 't'`,
  ],
  [
    "sequences",
    `CREATE SEQUENCE "s" INCREMENT 5; ${USERS}`,
    'DROP SEQUENCE "s"; CREATE SEQUENCE "t"; ALTER SEQUENCE "User_id_seq" MAXVALUE 1000; ALTER SEQUENCE "Post_id_seq" OWNED BY NONE',
  ],
  [
    "identity and generated columns",
    'CREATE TABLE "t" ("a" INTEGER GENERATED ALWAYS AS IDENTITY (START 7), "b" INTEGER, "c" INTEGER GENERATED ALWAYS AS ("b" * 2) STORED)',
    'ALTER TABLE "t" ALTER COLUMN "a" DROP IDENTITY; ALTER TABLE "t" ALTER COLUMN "c" DROP EXPRESSION; ALTER TABLE "t" ADD COLUMN "d" INTEGER GENERATED BY DEFAULT AS IDENTITY',
  ],
  ["serial column and table dropped", USERS, 'DROP TABLE "Post"; ALTER TABLE "User" DROP COLUMN "id"'],
  ["enum column dropped with its type", USERS, 'ALTER TABLE "User" DROP COLUMN "role"; DROP TYPE "Role"'],
  [
    "an enum in a function's arguments",
    `${USERS} CREATE FUNCTION "is"("r" "Role") RETURNS boolean LANGUAGE sql AS $$ SELECT r = 'ADMIN' $$`,
    `ALTER TYPE "Role" ADD VALUE 'GUEST'`,
  ],
  [
    "an array of an enum",
    `CREATE TYPE "E" AS ENUM ('a'); CREATE TABLE "t" ("e" "E"[] DEFAULT ARRAY['a']::"E"[])`,
    `ALTER TYPE "E" ADD VALUE 'b'`,
  ],
  [
    "domains and composite types",
    `CREATE DOMAIN "positive" AS INTEGER CHECK (VALUE > 0); CREATE TYPE "pair" AS ("a" INTEGER, "b" TEXT); CREATE TABLE "t" ("n" "positive")`,
    'ALTER DOMAIN "positive" DROP CONSTRAINT "positive_check"; ALTER DOMAIN "positive" SET DEFAULT 3; DROP TYPE "pair"; CREATE DOMAIN "other" AS TEXT',
  ],
  ["range types", `CREATE TYPE "floats" AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi)`, 'DROP TYPE "floats"'],
  [
    "partitions",
    'CREATE TABLE "log" ("day" DATE NOT NULL, "n" INTEGER, PRIMARY KEY ("day")) PARTITION BY RANGE ("day"); CREATE TABLE "log1" PARTITION OF "log" FOR VALUES FROM (\'2026-01-01\') TO (\'2026-02-01\')',
    'CREATE TABLE "log2" PARTITION OF "log" FOR VALUES FROM (\'2026-02-01\') TO (\'2026-03-01\'); ALTER TABLE "log" DETACH PARTITION "log1"; CREATE INDEX "log_n" ON "log" ("n")',
  ],
  [
    "a partitioned table dropped",
    'CREATE TABLE "log" ("day" DATE NOT NULL, "n" INTEGER, PRIMARY KEY ("day")) PARTITION BY RANGE ("day"); CREATE TABLE "log1" PARTITION OF "log" FOR VALUES FROM (\'2026-01-01\') TO (\'2026-02-01\')',
    'DROP TABLE "log"',
  ],
  [
    "inheritance",
    'CREATE TABLE "a" ("x" INTEGER); CREATE TABLE "b" ("y" INTEGER) INHERITS ("a")',
    'ALTER TABLE "b" NO INHERIT "a"; ALTER TABLE "a" ADD COLUMN "z" TEXT',
  ],
  [
    "schemas and extensions",
    'CREATE EXTENSION citext; CREATE SCHEMA "two"; CREATE TABLE "two"."t" ("c" citext)',
    'DROP TABLE "two"."t"; DROP SCHEMA "two"; DROP EXTENSION citext; CREATE SCHEMA "three"; CREATE TABLE "three"."t" ("x" INTEGER)',
  ],
  [
    "moved to another schema",
    `${USERS} CREATE SCHEMA "two"`,
    'ALTER TABLE "Post" SET SCHEMA "two"; ALTER TYPE "Role" SET SCHEMA "two"',
  ],
  [
    "settings of tables",
    `${USERS} ALTER TABLE "User" SET (fillfactor = 70)`,
    'ALTER TABLE "User" RESET (fillfactor); ALTER TABLE "Post" SET (autovacuum_enabled = false), REPLICA IDENTITY FULL; CLUSTER "User" USING "User_pkey"; ALTER TABLE "User" ALTER COLUMN "name" SET STATISTICS 500, ALTER COLUMN "name" SET STORAGE EXTERNAL; ALTER TABLE "Post" SET UNLOGGED',
  ],
  [
    "extended statistics and rules",
    `${USERS} CREATE STATISTICS "st" ON "name", "age" FROM "User"; CREATE RULE "no" AS ON DELETE TO "Post" DO INSTEAD NOTHING`,
    'DROP STATISTICS "st"; DROP RULE "no" ON "Post"; CREATE STATISTICS "su" ON "email", "age" FROM "User"',
  ],
  [
    "grants",
    `${USERS} GRANT SELECT ON "User" TO PUBLIC`,
    'REVOKE SELECT ON "User" FROM PUBLIC; GRANT INSERT, UPDATE ON "Post" TO PUBLIC WITH GRANT OPTION'.replace(
      " WITH GRANT OPTION",
      "",
    ),
  ],
  [
    "event triggers",
    `CREATE FUNCTION "seen"() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER "e" ON ddl_command_end WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION "seen"()`,
    'DROP EVENT TRIGGER "e"; DROP FUNCTION "seen"()',
  ],
  [
    "a key of other columns",
    USERS,
    'ALTER TABLE "User" DROP CONSTRAINT "User_pkey" CASCADE; ALTER TABLE "User" ADD CONSTRAINT "User_pkey" PRIMARY KEY ("id", "email")',
  ],
  [
    "a table remade under its name",
    USERS,
    'DROP TABLE "Post"; CREATE TABLE "Post" ("id" TEXT NOT NULL PRIMARY KEY, "body" TEXT)',
  ],
  [
    "a view that becomes a table",
    `${USERS} CREATE VIEW "People" AS SELECT "name" FROM "User"`,
    'DROP VIEW "People"; CREATE TABLE "People" ("name" TEXT)',
  ],
];

test.each(unseen)("%s", async (_, before, up) => {
  await start(before);
  const wanted = await fingerprint(session);
  const down = await written(before, up);
  expect(down.differences).toEqual([]);
  // Not by its own account alone.
  await start(before);
  expect(await session.run(up)).toMatchObject({ ok: true });
  expect(compareFingerprints(wanted, await fingerprint(session)).length).toBeGreaterThan(0);
  expect(await session.run(down.text)).toMatchObject({ ok: true });
  expect(compareFingerprints(wanted, await fingerprint(session))).toEqual([]);
  expect(reader.read(down.text).errors).toEqual([]);
});

test("rows of tables that the migration makes go with them", async () => {
  expect(
    (await written(USERS, `CREATE TABLE "New" ("a" INTEGER); INSERT INTO "New" VALUES (1); UPDATE "New" SET "a" = 2;`))
      .beyond,
  ).toEqual([]);
});

test("rows that the migration inserts do not keep it from being written", async () => {
  const down = await written(
    USERS,
    `ALTER TABLE "User" ALTER COLUMN "email" DROP NOT NULL; INSERT INTO "User" DEFAULT VALUES;`,
  );
  expect(down.differences).toEqual([]);
  expect(down.text).toContain(`in empty tables (the rows that migrations insert make it fail)`);
  expect(down.text).toContain('-- Does not take back: rows that the migration inserts into "User".\n');
  expect(body(down)).toBe(
    `-- AlterTable\n-- Fails while rows have NULL in "User"."email": give them a value before.\nALTER TABLE "User" ALTER COLUMN "email" SET NOT NULL;\n`,
  );
});

test("a migration that does not run is a sentence", async () => {
  await start(USERS);
  expect(
    await writeDownIn(session, {
      migration: view('ALTER TABLE "Nope" ADD COLUMN x INT;'),
      path: "x",
      reader,
      heldBack,
      limit,
    }),
  ).toEqual({
    ok: false,
    message: `The migration prisma/migrations/20260101000000_up does not run in PostgreSQL ${session.server.version}, so that nothing can lead back from it: relation "Nope" does not exist (SQLSTATE 42P01). Correct it first.`,
  });
});

test("what cannot be run is left out and said", async () => {
  const down = await written(
    USERS,
    'CREATE EXTENSION postgis;\nALTER TABLE "User" ADD COLUMN "place" geometry;\nALTER TABLE "User" ADD COLUMN "zip" TEXT;',
  );
  expect(down.leftOut.map(({ kind }) => kind)).toEqual(["extension", "depends"]);
  expect(down.text).toContain(
    "-- Not undone: CREATE EXTENSION postgis, which did not run: the embedded PostgreSQL has no extension postgis.\n",
  );
  expect(body(down)).toBe(
    `-- AlterTable\n-- Loses the values of "User"."zip".\nALTER TABLE "User" DROP COLUMN "zip";\n`,
  );
});

test("verified: nothing differs, and what the rows lose", async () => {
  expect(
    await verified(USERS + ROWS, 'ALTER TABLE "User" ADD COLUMN "x" TEXT', 'ALTER TABLE "User" DROP COLUMN "x"'),
  ).toMatchObject({ differences: [], lost: [], leftOut: [] });
  const round = await verified(
    USERS + ROWS,
    `DELETE FROM "Post" WHERE "userId" = 3; ALTER TABLE "User" DROP COLUMN "name"; ALTER TABLE "Post" ALTER COLUMN "title" TYPE VARCHAR(2) USING left("title", 2);`,
    'ALTER TABLE "User" ADD COLUMN "name" TEXT; ALTER TABLE "Post" ALTER COLUMN "title" TYPE VARCHAR(20);',
  );
  expect(round.error).toBeUndefined();
  expect(round.differences).toEqual([]);
  expect(round.lost).toEqual([
    { relation: "public.Post", rows: 1 },
    { relation: "public.Post", column: "title", rows: 2 },
    { relation: "public.User", column: "name", rows: 2 },
  ]);
});

/** Rows that are there before have to come through what is written, where they can. */
test.each([
  ["renames", cases[1], []],
  ["columns that change places", cases[3], []],
  [
    "placeholders",
    [
      "",
      `${USERS} ALTER TABLE "User" ADD COLUMN "slug" TEXT NOT NULL DEFAULT gen_random_uuid()::text UNIQUE, ADD COLUMN "number" SERIAL NOT NULL UNIQUE, ADD COLUMN "old" "Role" NOT NULL DEFAULT 'USER'; ALTER TABLE "User" ALTER COLUMN "slug" DROP DEFAULT, ALTER COLUMN "number" DROP DEFAULT, ALTER COLUMN "old" DROP DEFAULT; DROP SEQUENCE "User_number_seq"; `,
      'ALTER TABLE "User" DROP COLUMN "slug", DROP COLUMN "number", DROP COLUMN "old";',
    ],
    ["slug"],
  ],
  ["an enum created again", ["", USERS, `ALTER TYPE "Role" ADD VALUE 'GUEST'`], []],
] as const)("what is written runs over rows: %s", async (_, given, lost) => {
  const [, before = "", up = ""] = given ?? [];
  const { text } = await written(before, up);
  const rows = before.includes('"slug"')
    ? `; ALTER TABLE "User" ALTER COLUMN "slug" SET DEFAULT gen_random_uuid()::text, ALTER COLUMN "number" ADD GENERATED BY DEFAULT AS IDENTITY, ALTER COLUMN "old" SET DEFAULT 'USER'; ${ROWS} ALTER TABLE "User" ALTER COLUMN "slug" DROP DEFAULT, ALTER COLUMN "number" DROP IDENTITY, ALTER COLUMN "old" DROP DEFAULT;`
    : `; ${ROWS}`;
  const round = await verified(before + rows, up, text);
  expect(round.error).toBeUndefined();
  expect(round.differences).toEqual([]);
  expect(round.lost.map(({ column }) => column)).toEqual(lost);
});

test("verified without a primary key: rows and values are counted", async () => {
  const before = `CREATE TABLE "t" ("a" INTEGER, "b" TEXT); INSERT INTO "t" VALUES (1, 'x'), (1, 'x'), (2, 'y'), (3, NULL)`;
  expect((await verified(before, `UPDATE "t" SET "b" = 'z' WHERE "a" = 1`, "SELECT 1")).lost).toEqual([
    { relation: "public.t", column: "b", rows: 2 },
  ]);
  expect((await verified(before, `DELETE FROM "t" WHERE "a" = 1`, "SELECT 1")).lost).toEqual([
    { relation: "public.t", rows: 2 },
  ]);
  expect((await verified(before, `DROP TABLE "t"`, `CREATE TABLE "t" ("a" INTEGER, "b" TEXT)`)).lost).toEqual([
    { relation: "public.t", rows: 4 },
  ]);
});

test("verified: what is then other", async () => {
  const round = await verified(
    USERS + ROWS,
    'ALTER TABLE "User" ADD COLUMN "x" TEXT; DROP INDEX "User_email_key"',
    'ALTER TABLE "User" ADD COLUMN "y" TEXT',
  );
  expect(round.differences).toEqual([
    {
      kind: "index",
      object: "public.User: User_email_key",
      change: "missing",
      was: 'CREATE UNIQUE INDEX "User_email_key" ON "User" USING btree (email)',
    },
    { kind: "column", object: "public.User.x", change: "surplus", is: "text" },
    { kind: "column", object: "public.User.y", change: "surplus", is: "text" },
  ]);
});

test.each([
  [
    "with a position",
    'ALTER TABLE "User" DROP COLUMN "x";\nALTER TABLE "Nope" DROP COLUMN "y";',
    "42P01",
    'ALTER TABLE "Nope" DROP COLUMN "y"',
  ],
  [
    "without one",
    'ALTER TABLE "User" DROP COLUMN "x";\nALTER TABLE "User" ADD COLUMN "z" TEXT NOT NULL;',
    "23502",
    'ALTER TABLE "User" ADD COLUMN "z" TEXT NOT NULL',
  ],
  ["of the syntax", 'ALTER TABLE "User" DROP COLUMN "x";\nALTER TABEL "User" ADD;', "42601", undefined],
  [
    "that only a message has",
    'ALTER TABLE "User" DROP COLUMN "x";\nDROP INDEX CONCURRENTLY "User_email_key";',
    "25001",
    'DROP INDEX CONCURRENTLY "User_email_key"',
  ],
])("verified: an error %s", async (_, down, sqlstate, at) => {
  const round = await verified(USERS + ROWS, 'ALTER TABLE "User" ADD COLUMN "x" TEXT', down);
  expect(round.error?.sqlstate).toBe(sqlstate);
  const { start: from, end } = round.error!.range;
  if (at === undefined) expect(from).toBe(down.indexOf("TABEL"));
  else expect(down.slice(from, end)).toBe(at);
  expect(round.differences).toEqual([{ kind: "column", object: "public.User.x", change: "surplus", is: "text" }]);
});

test("for a migration of a history, by the stage", async () => {
  const migration = (id: string, text: string, state: "history" | "pending") => ({
    id,
    path: `prisma/migrations/${id}`,
    up: { path: `prisma/migrations/${id}/migration.sql`, text },
    state,
  });
  const history: History = {
    root: "prisma/migrations",
    layout: "prisma",
    provider: "postgresql",
    problems: [],
    migrations: [
      migration("1_init", USERS, "history"),
      migration(
        "2_more",
        'CREATE INDEX CONCURRENTLY "i" ON "Post"("userId"); ALTER TABLE "Post" ADD COLUMN "z" TEXT;',
        "pending",
      ),
    ],
  };
  const down = await writeDown(stage, history, "2_more", { reader, limit, mayReachOutside: false });
  if (!down.ok) throw new Error(down.message);
  expect(body(down.value)).toBe(
    `-- DropIndex\nDROP INDEX "i";\n\n-- AlterTable\n-- Loses the values of "Post"."z".\nALTER TABLE "Post" DROP COLUMN "z";\n`,
  );
  expect(down.value.text).toContain("--file prisma/migrations/2_more/down.sql\n");
  expect(await writeDown(stage, history, "3_none", { reader, limit, mayReachOutside: false })).toEqual({
    ok: false,
    message: "There is no migration 3_none with a migration.sql in prisma/migrations.",
  });
});
