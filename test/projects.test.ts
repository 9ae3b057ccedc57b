import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { describe, expect, test } from "vitest";

const PROJECTS = fileURLToPath(new URL("../fixtures/projects/", import.meta.url));
const HOTFIX = "20260714";

/** Sends files as Prisma 6 does: each whole, as one implicit transaction. */
async function open(project: string): Promise<{
  readonly db: PGlite;
  readonly pending: readonly string[];
  run(id: string, file?: string): Promise<void>;
  count(query: string): Promise<number>;
}> {
  const folder = `${PROJECTS}${project}/prisma/migrations/`;
  const ids = readdirSync(folder)
    .filter((name) => !name.endsWith(".toml"))
    .sort((a, b) => a.localeCompare(b));
  const db = await PGlite.create();
  const run = async (id: string, file = "migration.sql"): Promise<void> => {
    await db.exec(readFileSync(`${folder}${id}/${file}`, "utf8"));
  };
  for (const id of ids.filter((each) => each < HOTFIX)) await run(id);
  // Post 3 is gone. Comment 4 has no post on purpose (the guestbook). Comment 1 is older than public ids.
  await db.exec(`
    INSERT INTO users (email) VALUES ('ada@example.org');
    INSERT INTO posts (author_id, title, body) VALUES (1, 'One', ''), (1, 'Two', '');
    INSERT INTO comments (post_id, author_name, legacy_author_id, body, public_id) VALUES
      (1, 'a', 7, 'good', NULL),
      (2, 'b', NULL, 'good', '00000000-0000-0000-0000-000000000002'),
      (3, 'c', NULL, 'orphan', '00000000-0000-0000-0000-000000000003'),
      (NULL, 'd', NULL, 'guestbook', '00000000-0000-0000-0000-000000000004');
    INSERT INTO reactions (comment_ref, emoji) VALUES
      ('00000000-0000-0000-0000-000000000002', 'good'),
      ('00000000-0000-0000-0000-000000000003', 'of the orphan'),
      ('00000000-0000-0000-0000-0000000000ff', 'orphan'),
      (NULL, 'of nothing');
  `);
  const count = async (query: string): Promise<number> =>
    Number((await db.query<{ count: string }>(query)).rows[0]?.count);
  return { db, pending: ids.filter((id) => id >= HOTFIX), run, count };
}

describe("the sample projects do in PostgreSQL what they are there to show", () => {
  test("blog: the guestbook and a column are lost, then the second migration fails", async () => {
    const { db, pending, run, count } = await open("blog");
    const [comments = "", reactions = ""] = pending;
    await run(comments);
    expect(await count("SELECT count(*) FROM comments WHERE body = 'orphan'")).toBe(0);
    expect(await count("SELECT count(*) FROM comments WHERE body = 'guestbook'")).toBe(0);
    expect(await count("SELECT count(*) FROM information_schema.columns WHERE column_name = 'legacy_author_id'")).toBe(
      0,
    );
    // NOT IN over a NULL is never true: nothing is deleted, and the constraint meets the orphans.
    await expect(run(reactions)).rejects.toMatchObject({ code: "23503" });
    await db.close();
  });

  test("blog-fixed: only the orphans go, their copy is kept, and nothing is left to fail", async () => {
    const { db, pending, run, count } = await open("blog-fixed");
    for (const id of pending) await run(id);
    expect(await count("SELECT count(*) FROM comments")).toBe(3);
    expect(await count("SELECT count(*) FROM comments WHERE body = 'guestbook'")).toBe(1);
    expect(await count("SELECT count(*) FROM reactions")).toBe(2);
    expect(await count("SELECT count(*) FROM hotfix_20260714.comments")).toBe(1);
    expect(await count("SELECT count(*) FROM hotfix_20260714.reactions")).toBe(2);
    expect(
      await count(
        "SELECT count(*) FROM pg_constraint WHERE conname IN ('comments_post_id_fkey', 'reactions_comment_ref_fkey') AND convalidated",
      ),
    ).toBe(2);
    expect(
      await count("SELECT count(*) FROM pg_index WHERE indexrelid = 'comments_post_id_idx'::regclass AND indisvalid"),
    ).toBe(1);
    await expect(
      db.exec("INSERT INTO comments (post_id, author_name, body) VALUES (99, 'x', 'orphan')"),
    ).rejects.toMatchObject({ code: "23503" });

    // And back: each down.sql, the last one first.
    for (const id of [...pending].reverse()) await run(id, "down.sql");
    expect(await count("SELECT count(*) FROM comments")).toBe(4);
    expect(await count("SELECT count(*) FROM reactions")).toBe(4);
    expect(await count("SELECT count(*) FROM pg_constraint WHERE contype = 'f'")).toBe(1);
    expect(await count("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'hotfix%'")).toBe(0);
    await db.close();
  });

  test.each(["blog", "blog-fixed"])("%s is a Prisma project", (project) => {
    for (const file of [
      "package.json",
      "package-lock.json",
      "lockstep.config.json",
      "prisma/schema.prisma",
      "prisma/migrations/migration_lock.toml",
    ])
      expect(existsSync(`${PROJECTS}${project}/${file}`), file).toBe(true);
    expect(readFileSync(`${PROJECTS}${project}/package-lock.json`, "utf8")).toMatch(
      /"node_modules\/prisma": \{\s+"version": "6\./,
    );
  });
});
