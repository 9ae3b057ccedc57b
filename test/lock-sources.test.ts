import { expect, test } from "vitest";
import { check, memoryHistory } from "../src/index.ts";
import { LOCKS, type LockRow } from "../src/model/postgres/locks.ts";
import { effectsMarkdown } from "../src/report/effects/markdown.ts";
import { lockModePage } from "../src/report/effects/lock-mode.ts";
import { LOCK_MODES, lockModeOf, sqlMode } from "../src/sql/lock-modes.ts";

/** A lock that is named comes with the page of PostgreSQL's manual that its row of the table has. */

const MANUAL = /^https:\/\/www\.postgresql\.org\/docs\/current\/[\w.-]+(?:#[\w-]+)?$/;
const rows = Object.values(LOCKS) as readonly LockRow[];

test("each row says what takes the lock, once, and where that is written", () => {
  for (const { statement, source } of rows) expect(source, statement).toMatch(MANUAL);
  expect(new Set(rows.map(({ statement }) => statement)).size).toBe(rows.length);
});

test("each lock that is predicted has its source, also one on a table that is not named", async () => {
  const history = memoryHistory({
    "prisma/migrations/1_init/migration.sql":
      "CREATE TABLE users (id int PRIMARY KEY, name text); CREATE TABLE posts (id int PRIMARY KEY, author_id int); CREATE VIEW names AS SELECT name FROM users;",
    "prisma/migrations/2_next/migration.sql": `ALTER TABLE posts ADD FOREIGN KEY (author_id) REFERENCES users (id);
LOCK TABLE users IN SHARE MODE;
DROP TABLE users CASCADE;
CREATE INDEX CONCURRENTLY ON posts (author_id);
DELETE FROM posts;
CREATE RULE r AS ON DELETE TO posts DO ALSO DELETE FROM posts;
VACUUM FULL posts;`,
  });
  if (!history.ok) throw new Error(history.message);
  const { histories } = await check({ histories: [history.value], rules: [] });
  const statements = histories.flatMap(({ migrations }) => migrations.flatMap((each) => each.statements));
  const locks = statements.flatMap(({ effects }) => effects.locks);
  expect(locks.length).toBeGreaterThan(8);
  expect(locks.filter(({ source }) => source === undefined || !MANUAL.test(source))).toEqual([]);
  expect(locks.some(({ partner }) => partner)).toBe(true);
  const concurrently = statements.find(({ operations }) => operations.some(({ kind }) => kind === "createIndex"));
  expect(concurrently && effectsMarkdown(concurrently)).toContain(
    `[SHARE UPDATE EXCLUSIVE](${LOCKS.createIndexConcurrently.source})`,
  );
});

test.each(LOCK_MODES)("%s is found by its names, and its page has every row of it", (mode) => {
  const name = sqlMode(mode);
  for (const words of [mode, name, `${name} lock`, name.toLowerCase().replaceAll(" ", "-")])
    expect(lockModeOf(words)).toBe(mode);
  const page = lockModePage(mode);
  for (const { mode: taken, statement, source } of rows) {
    expect(page.includes(`- ${statement}\n`) || page.endsWith(`- ${statement}`), statement).toBe(taken === mode);
    if (taken === mode) expect(page).toContain(source);
  }
});

test("no rule and no half a name is a mode", () => {
  for (const words of ["drop-column", "exclusive table", "", "lock"]) expect(lockModeOf(words)).toBeUndefined();
});
