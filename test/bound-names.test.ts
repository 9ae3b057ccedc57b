import { readFileSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { check, memoryHistory } from "../src/index.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import { answers } from "./support/statement-answers.ts";

/** Names are bound once: what refers to an object refers to it under every name that it gets, in PostgreSQL and in the catalog. */

await postgresReader.load();
const db = await PGlite.create();
afterAll(() => db.close());

const scripts = readFileSync(new URL("truth/bound-names.sql", import.meta.url), "utf8")
  .split(/^-- script: /m)
  .slice(1)
  .map((block) => {
    const [name = "", ...lines] = block.trim().split("\n");
    return { name, statements: lines.filter((line) => line !== "") };
  });

test.each(scripts)(
  "$name",
  async ({ statements }) => {
    const wrong = (await answers(db, statements)).filter(({ said, postgres }) => said.join(" ") !== (postgres ?? ""));
    expect(
      wrong.map(
        ({ sql, said, postgres }) => `${sql} said ${said.join(" ") || "nothing"}, PostgreSQL ${postgres ?? "runs it"}`,
      ),
    ).toEqual([]);
  },
  60_000,
);

/** What looks through views, defaults and domains: cleanups and keys over all that a script names. */
function probes(statements: readonly string[]): string {
  const names = new Set(
    statements.flatMap((sql) =>
      [...sql.matchAll(/(?:TABLE|VIEW|TO) ((?:\w+\.)?\w+|"\w+")/g)].map(([, name = ""]) => name),
    ),
  );
  return [...names]
    .map(
      (name) => `DELETE FROM posts WHERE author_id NOT IN (SELECT id FROM ${name});
UPDATE ${name} SET id = (SELECT min(id) FROM ${name}) WHERE id IS NULL;
WITH ${name.replace(/.*\./, "")} AS (SELECT * FROM ${name}) SELECT * FROM ${name};
ALTER TABLE posts ADD CONSTRAINT "to_${name.replaceAll('"', "")}" FOREIGN KEY (author_id) REFERENCES ${name} (id);
CREATE TABLE "of_${name.replaceAll('"', "")}" AS SELECT * FROM ${name};
TRUNCATE ${name} CASCADE;
DROP TABLE IF EXISTS ${name} CASCADE;`,
    )
    .join("\n");
}

const POSTS = "CREATE TABLE posts (id int PRIMARY KEY, author_id int);";

test.each(scripts)(
  "a check of: $name",
  async ({ statements }) => {
    for (let deployed = 0; deployed <= statements.length; deployed++)
      for (const order of [statements, statements.toReversed()]) {
        const history = memoryHistory(
          {
            "prisma/migrations/1_a/migration.sql": [POSTS, ...order.slice(0, deployed)].join("\n"),
            "prisma/migrations/2_b/migration.sql": [...order.slice(deployed), probes(statements)].join("\n"),
          },
          { state: (id) => (id === "1_a" ? "history" : "pending") },
        );
        if (!history.ok) throw new Error(history.message);
        const { crashes } = await check({ histories: [history.value], rules });
        expect(crashes.map(({ error }) => (error as Error).stack?.split("\n").slice(0, 14).join("\n"))).toEqual([]);
      }
  },
  60_000,
);
