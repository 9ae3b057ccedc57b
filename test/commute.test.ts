import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type EmbeddedStage, embeddedStage } from "../src/rehearsal/stage/embedded/index.ts";
import type { Session } from "../src/rehearsal/stage/session.ts";
import type { Commutation, CommutingMigration } from "../src/model/order/commutation.ts";
import { commute, schemaAfter } from "../src/model/order/index.ts";
import { differences } from "../src/model/differences.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import { BASE, POOL, TABLES } from "./support/order-pool.ts";
import { bothOrders } from "./support/order-truth.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let stage: EmbeddedStage;
let session: Session;
beforeAll(async () => {
  await postgresReader.load();
  stage = embeddedStage({ extensions: [] });
  const fresh = await stage.fresh();
  if (!fresh.ok) throw new Error(fresh.message);
  session = fresh.value;
  const ran = await session.run(BASE);
  if (!ran.ok) throw new Error(ran.error.message);
});
afterAll(() => stage.close());

const migration = (id: string, text: string): CommutingMigration => ({
  id,
  file: { path: `${id}/migration.sql`, text },
  statements: postgresReader.read(text).statements,
});
const model = (one: string, other: string, base = BASE): Commutation =>
  commute(schemaAfter([migration("base", base)]), [migration("one", one)], [migration("other", other)]);
const reasons = ({ because }: Commutation): string[] =>
  because.map(
    ({ verdict, why, object, columns }) =>
      `${verdict} ${why} ${object.kind} ${object.name}${columns && columns.length > 0 ? ` (${columns.join(", ")})` : ""}`,
  );

describe("held against PostgreSQL, which runs both orders over rows", () => {
  /** What the model says has to be so: the reasons are exact, and PostgreSQL agrees with each verdict. */
  const cases: readonly (readonly [one: string, other: string, reasons: readonly string[]])[] = [
    // nothing in common
    ["ALTER TABLE post ADD COLUMN slug text", "ALTER TABLE tag ADD COLUMN color text", []],
    ["ALTER TABLE post ADD COLUMN slug text", "ALTER TABLE post ADD COLUMN views int NOT NULL DEFAULT 0", []],
    ["CREATE INDEX post_title_idx ON post (title)", "ALTER TABLE post ADD COLUMN slug text", []],
    [
      "CREATE TABLE note (id serial PRIMARY KEY, post_id int REFERENCES post (id))",
      "CREATE TABLE label (tag_id int REFERENCES tag (id))",
      [],
    ],
    ["UPDATE author SET age = 18 WHERE age IS NULL", "UPDATE author SET name = 'x' WHERE role = 'ADMIN'", []],
    ["UPDATE post SET status = 'draft' WHERE status IS NULL", "CREATE INDEX post_score_idx ON post (score)", []],
    ["INSERT INTO tag (id, label) VALUES (3, 'z')", "UPDATE tag SET label = 'a' WHERE id = 1", []],
    // the known case: two branches add values to one enum
    [`ALTER TYPE "Role" ADD VALUE 'GUEST'`, `ALTER TYPE "Role" ADD VALUE 'OWNER'`, ["no schema type public.Role"]],
    [`ALTER TYPE "Role" ADD VALUE 'GUEST'`, `ALTER TYPE "Role" ADD VALUE 'EDITOR' BEFORE 'ADMIN'`, []],
    [`ALTER TYPE "Role" ADD VALUE 'GUEST'`, `ALTER TYPE "Role" RENAME VALUE 'USER' TO 'MEMBER'`, []],
    // the same twice
    [
      "ALTER TABLE post ADD COLUMN slug text",
      "ALTER TABLE post ADD COLUMN slug text",
      ["no refused column public.post.slug"],
    ],
    [
      "ALTER TABLE post ADD COLUMN IF NOT EXISTS slug text",
      "ALTER TABLE post ADD COLUMN IF NOT EXISTS slug int",
      ["no schema column public.post.slug"],
    ],
    ["DROP INDEX IF EXISTS post_status_idx", "DROP INDEX IF EXISTS post_status_idx", []],
    ["UPDATE author SET age = 18 WHERE age IS NULL", "UPDATE author SET age = 18 WHERE age IS NULL", []],
    [
      "ALTER TABLE author ALTER COLUMN age SET DEFAULT 2",
      "ALTER TABLE author ALTER COLUMN age SET DEFAULT 3",
      ["no schema column public.author.age"],
    ],
    ["COMMENT ON TABLE tag IS 'one'", "COMMENT ON TABLE tag IS 'two'", ["no definition comment table public.tag"]],
    [
      "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
      "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
      ["no definition function public.touch"],
    ],
    // what one needs the other takes away
    [
      "ALTER TABLE post RENAME COLUMN title TO headline",
      "CREATE INDEX post_title_idx ON post (title)",
      ["no refused column public.post.title"],
    ],
    ["DROP TABLE tag", "ALTER TABLE tag ADD COLUMN color text", ["no refused relation public.tag"]],
    [
      "ALTER TABLE post ALTER COLUMN score TYPE bigint",
      "CREATE VIEW scores AS SELECT score FROM post",
      ["no refused column type public.post.score"],
    ],
    [
      "ALTER TABLE post DROP COLUMN score",
      "CREATE POLICY own ON post USING (score > 0)",
      ["no refused column public.post.score"],
    ],
    [
      "ALTER TABLE tag DROP CONSTRAINT tag_pkey",
      "CREATE TABLE label (tag_id int REFERENCES tag (id))",
      ["no refused key public.tag (id)"],
    ],
    [
      "DROP FUNCTION touch()",
      "CREATE TRIGGER post_touch BEFORE UPDATE ON post FOR EACH ROW EXECUTE FUNCTION touch()",
      ["no refused function public.touch"],
    ],
    // what depends on a table, a key or a view
    [
      "TRUNCATE post",
      "CREATE TABLE note (id serial PRIMARY KEY, post_id int REFERENCES post (id))",
      ["no refused truncation public.post"],
    ],
    ["TRUNCATE post CASCADE", "CREATE TABLE note (id serial PRIMARY KEY, post_id int REFERENCES post (id))", []],
    ["ALTER TABLE post DROP COLUMN status CASCADE", "DROP VIEW drafts", ["no refused relation public.drafts"]],
    ["ALTER TABLE post DROP COLUMN score CASCADE", "DROP VIEW drafts", ["unknown refused relation public.drafts"]],
    [
      "DROP TABLE tag; CREATE TABLE tag (id int PRIMARY KEY, label text, color text)",
      "COMMENT ON TABLE tag IS 'one'",
      ["no schema relation public.tag"],
    ],
    [
      "DROP TABLE tag; CREATE TABLE tag (id int PRIMARY KEY, label text, color text)",
      "GRANT SELECT ON tag TO PUBLIC",
      ["no schema relation public.tag"],
    ],
    [
      "DROP TABLE tag; CREATE TABLE tag (id int PRIMARY KEY, label text, color text)",
      "CREATE TRIGGER tag_touch BEFORE UPDATE ON tag FOR EACH ROW EXECUTE FUNCTION touch()",
      ["no schema trigger public.tag: tag_touch"],
    ],
    [
      "DROP TABLE tag; CREATE TABLE tag (id int PRIMARY KEY, label text, color text)",
      "CREATE POLICY own ON tag USING (id > 0)",
      ["no schema policy public.tag: own"],
    ],
    [
      "DROP TABLE tag; CREATE TABLE tag (id int PRIMARY KEY, label text, color text)",
      "CREATE RULE quiet AS ON DELETE TO tag DO INSTEAD NOTHING",
      ["no schema relation public.tag"],
    ],
    [
      "DROP TABLE tag; CREATE TABLE tag (id int PRIMARY KEY, label text, color text)",
      "CREATE STATISTICS tag_st ON id, label FROM tag",
      ["no schema relation public.tag"],
    ],
    [
      "DROP TABLE tag; CREATE TABLE tag (id int PRIMARY KEY, label text, color text)",
      "ALTER TABLE tag ENABLE ROW LEVEL SECURITY",
      ["no schema relation public.tag"],
    ],
    [
      "DROP TABLE tag; CREATE TABLE tag (id int PRIMARY KEY, label text, color text)",
      "CREATE PUBLICATION pub FOR TABLE tag",
      ["no schema relation public.tag"],
    ],
    [
      "ALTER TABLE tag DROP CONSTRAINT tag_pkey",
      "INSERT INTO tag (id, label) VALUES (4, 'q') ON CONFLICT (id) DO NOTHING",
      ["no refused key public.tag (id)"],
    ],
    [
      "ALTER TABLE author ALTER COLUMN age TYPE text",
      "DELETE FROM post WHERE author_id NOT IN (SELECT id FROM author WHERE age > 1)",
      ["unknown rows rows public.author (age)"],
    ],
    [
      "ALTER TABLE post DROP CONSTRAINT post_author_fkey",
      "DELETE FROM author WHERE age IS NULL",
      ["no rows rows public.author (id)"],
    ],
    ["ALTER TABLE post DROP CONSTRAINT post_author_fkey", "INSERT INTO author (email) VALUES ('d@x')", []],
    // rows
    [
      "UPDATE tag SET label = 'none' WHERE label IS NULL",
      "ALTER TABLE tag ALTER COLUMN label SET NOT NULL",
      ["no rows rows public.tag (label)"],
    ],
    [
      "ALTER TABLE author ALTER COLUMN age SET DEFAULT 2",
      "INSERT INTO author (email) VALUES ('d@x')",
      ["no rows column default public.author.age"],
    ],
    ["DELETE FROM tag WHERE id = 3", "INSERT INTO tag (id, label) VALUES (3, 'z')", ["no rows rows public.tag (id)"]],
    [
      "INSERT INTO author (email) VALUES ('d@x')",
      "INSERT INTO author (email, age) VALUES ('e@x', 5)",
      ["no rows rows public.author (id)"],
    ],
    [
      "UPDATE author SET age = 18 WHERE age IS NULL",
      "DELETE FROM author WHERE age IS NULL",
      ["no rows rows public.author (age)"],
    ],
    [
      "ALTER TABLE post DROP CONSTRAINT post_author_fkey, ADD CONSTRAINT post_author_fkey FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE CASCADE",
      "DELETE FROM author WHERE age = 30",
      ["no rows rows public.author (id)"],
    ],
    [
      "UPDATE post SET score = (SELECT count(*) FROM author)",
      "DELETE FROM author WHERE age IS NULL",
      ["no rows rows public.author"],
    ],
    // a statement that takes the table's own rows away and creates it again
    [
      "DROP TABLE tag; CREATE TABLE tag (id int PRIMARY KEY, label text)",
      "INSERT INTO tag (id, label) VALUES (3, 'z')",
      ["no rows rows public.tag"],
    ],
  ];
  test.each(cases)("%s; %s", async (one, other, expected) => {
    const found = model(one, other);
    expect(reasons(found).sort()).toEqual([...expected].sort());
    const turned = model(other, one);
    expect([turned.commutes, turned.schema, turned.rows]).toEqual([found.commutes, found.schema, found.rows]);
    const truth = await bothOrders(session, one, other, TABLES);
    if (found.schema === "no") expect(truth.schema, truth.says).toBe(false);
    if (found.commutes === "yes") expect(truth.schema && truth.rows, truth.says).toBe(true);
  });

  test("what the rows show: these leave others in each order", async () => {
    for (const [one, other, expected] of cases) {
      // A column without NULLs, a value that nothing has: rows that would show the difference are not there.
      if (!expected.some((reason) => reason.includes(" rows ")) || one.includes("label IS NULL")) continue;
      const truth = await bothOrders(session, one, other, TABLES);
      expect(truth.rows, `${one}; ${other}`).toBe(false);
    }
  });

  test("any two statements: what is said to commute does, what is said not to has a schema or refusal to show for it", async () => {
    const base = schemaAfter([migration("base", BASE)]);
    const read = POOL.map((text) => migration("one", text));
    const index = fc.nat(POOL.length - 1);
    await fc.assert(
      fc.asyncProperty(index, index, async (i, j) => {
        // The same INSERT twice is refused in either order.
        if (i === j && POOL[i]?.startsWith("INSERT INTO tag (id")) return;
        const found = commute(
          base,
          [read[i] as CommutingMigration],
          [{ ...(read[j] as CommutingMigration), id: "other" }],
        );
        const truth = await bothOrders(session, POOL[i] ?? "", POOL[j] ?? "", TABLES);
        const both = `${POOL[i] ?? ""}; ${POOL[j] ?? ""}: ${reasons(found).join(", ")} / ${truth.says}`;
        if (found.commutes === "yes") expect(truth.schema && truth.rows, both).toBe(true);
        if (found.schema === "no") expect(truth.schema && truth.rows, both).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});

describe("without PostgreSQL", () => {
  test("the base is left as it was", () => {
    const base = schemaAfter([migration("base", BASE)]);
    for (const text of POOL) commute(base, [migration("one", text)], [migration("other", POOL[0] ?? "")]);
    expect(differences(schemaAfter([migration("base", BASE)]), base)).toEqual([]);
  });
  test("columns that are in another order are a fact, not a conflict", () => {
    expect(model("ALTER TABLE post ADD COLUMN a int", "ALTER TABLE post ADD COLUMN b int")).toEqual({
      commutes: "yes",
      schema: "yes",
      rows: "yes",
      because: [],
      columnOrder: ["public.post"],
    });
  });
  test("what each order leaves is told with its statements", () => {
    const [conflict] = model(`ALTER TYPE "Role" ADD VALUE 'A'`, `ALTER TYPE "Role" ADD VALUE 'B'`).because;
    expect(conflict?.leaves).toEqual([
      { is: "state", text: "enum (USER, ADMIN, A, B)" },
      { is: "state", text: "enum (USER, ADMIN, B, A)" },
    ]);
    expect([conflict?.one.migration, conflict?.one.operation.kind, conflict?.other.migration]).toEqual([
      "one",
      "addEnumValue",
      "other",
    ]);
    const [refused] = model(
      "ALTER TABLE post DROP COLUMN score",
      "ALTER TABLE post ALTER COLUMN score SET NOT NULL",
    ).because;
    expect(refused?.leaves[0]).toMatchObject({
      is: "refused",
      sqlstate: "42703",
      sentence: "post has no column score",
      statement: { migration: "other" },
    });
  });
  test.each([
    [
      "dynamic SQL that names a table of the other side",
      "DO $$ BEGIN EXECUTE 'ALTER TABLE post ' || current_setting('x.y'); END $$",
      "ALTER TABLE post ADD COLUMN a int",
      "unknown",
    ],
    [
      "dynamic SQL that names none of them",
      "DO $$ BEGIN EXECUTE 'ALTER TABLE tag ' || current_setting('x.y'); END $$",
      "ALTER TABLE post ADD COLUMN a int",
      "yes",
    ],
    [
      "dynamic SQL over the catalog",
      "DO $$ DECLARE r record; BEGIN FOR r IN SELECT relname FROM pg_class LOOP EXECUTE format('ALTER TABLE %I ADD x int', r.relname); END LOOP; END $$",
      "ALTER TABLE post ADD COLUMN a int",
      "unknown",
    ],
    [
      "a broken statement that names it",
      "ALTER TABLE post ADD COLUMNS (a int)",
      "ALTER TABLE post ADD COLUMN b int",
      "unknown",
    ],
    [
      "a branch that may not run",
      "DO $$ BEGIN IF random() < 2 THEN ALTER TABLE post DROP COLUMN score; END IF; END $$",
      "ALTER TABLE post ALTER COLUMN score SET NOT NULL",
      "unknown",
    ],
    ["a search path that stays", "CREATE SCHEMA app; SET search_path = app", "CREATE TABLE x (id int)", "unknown"],
  ] as const)("%s", (_name, one, other, verdict) => {
    expect(model(one, other).commutes).toBe(verdict);
    expect(model(other, one).commutes).toBe(verdict);
  });
});
