import { PGlite } from "@electric-sql/pglite";
import { beforeAll, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { check, memoryHistory } from "../src/index.ts";
import { makeChecklist } from "../src/report/index.ts";

const INIT = `CREATE TABLE posts (id int PRIMARY KEY);
CREATE TABLE comments (id int PRIMARY KEY, post_id int REFERENCES posts (id) ON DELETE CASCADE, author_id int);`;

async function backup(sql: string) {
  const history = memoryHistory(
    {
      "prisma/migrations/20260101000000_init/migration.sql": INIT,
      "prisma/migrations/20260201000000_fix/migration.sql": sql,
    },
    { state: (id) => (id.endsWith("_init") ? "history" : "pending") },
  );
  if (!history.ok) throw new Error(history.message);
  const { items } = makeChecklist(await check({ histories: [history.value], rules }));
  const find = (id: string) => items.find((item) => item.id === id);
  return {
    backup: find("backup"),
    rollback: find("rollback"),
    copies:
      find("backup")
        ?.run.filter(({ language }) => language === "sql")
        .map(({ text }) => text) ?? [],
  };
}

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
  await database.exec(INIT);
}, 60_000);

test.each<[string, string, string]>([
  [
    "a plain condition",
    "DELETE FROM comments WHERE post_id IS NULL;",
    "SELECT * FROM public.comments\nWHERE post_id IS NULL;",
  ],
  [
    "an alias",
    "DELETE FROM comments c WHERE c.post_id IS NULL;",
    "SELECT * FROM public.comments AS c\nWHERE c.post_id IS NULL;",
  ],
  [
    "two with one alias",
    "DELETE FROM comments c WHERE c.post_id = 1; DELETE FROM comments c WHERE c.id = 2;",
    "SELECT * FROM public.comments AS c\nWHERE (c.post_id = 1)\n   OR (c.id = 2);",
  ],
  [
    "two that name the table differently",
    "DELETE FROM comments c WHERE c.post_id = 1; DELETE FROM comments WHERE id = 2;",
    "SELECT * FROM public.comments;",
  ],
  [
    "a join",
    "DELETE FROM comments USING posts p WHERE p.id = comments.post_id AND p.id > 7;",
    "SELECT * FROM public.comments;",
  ],
  [
    "a WITH",
    "WITH old AS (SELECT id FROM posts WHERE id < 5) DELETE FROM comments WHERE post_id IN (SELECT id FROM old);",
    "SELECT * FROM public.comments;",
  ],
  [
    "some rows, and a column of all",
    "DELETE FROM comments WHERE post_id IS NULL; ALTER TABLE comments DROP COLUMN author_id;",
    "SELECT * FROM public.comments;",
  ],
  ["every row", "DELETE FROM comments;", "SELECT * FROM public.comments;"],
])("the copy of %s runs in PostgreSQL", async (_, sql, query) => {
  const { copies } = await backup(sql);
  const copy = copies.find((text) => text.includes("public.comments_before_20260201000000 AS"));
  expect(copy).toBe(`CREATE TABLE public.comments_before_20260201000000 AS\n${query}`);
  await database.exec(`BEGIN; ${copies.join("\n")} ROLLBACK;`);
});

test("a cascade's rows are copied by a query that runs", async () => {
  const { copies } = await backup("DELETE FROM posts WHERE id = 3;");
  expect(copies).toContain("CREATE TABLE public.comments_before_20260201000000 AS\nSELECT * FROM public.comments;");
  await database.exec(`BEGIN; ${copies.join("\n")} ROLLBACK;`);
});

test("rows of which the migration itself keeps a copy need no backup", async () => {
  const where = "c.author_id IS NOT NULL AND c.id > 5";
  const kept = await backup(
    `CREATE TABLE orphans AS SELECT c.* FROM comments c WHERE ${where};\nDELETE FROM comments c WHERE ${where};`,
  );
  expect(kept.backup).toMatchObject({
    state: "done",
    because:
      "The migration itself keeps a copy of rows of `public.comments` where `c.author_id IS NOT NULL AND c.id > 5` in `orphans`.",
    run: [],
  });
  expect(kept.rollback?.because).not.toContain("takes the backup");
  const less = await backup(
    `CREATE TABLE orphans AS SELECT c.* FROM comments c WHERE c.id > 9;\nDELETE FROM comments c WHERE ${where};`,
  );
  expect(less.backup?.state).toBe("needs you");
  const late = await backup(
    `DELETE FROM comments c WHERE ${where};\nCREATE TABLE orphans AS SELECT c.* FROM comments c WHERE ${where};`,
  );
  expect(late.backup?.state).toBe("needs you");
});
