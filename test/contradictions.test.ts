import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, describe, expect, test } from "vitest";
import rule from "../rules/history/contradicts-history.ts";
import { check } from "../src/index.ts";
import { loadReader } from "../src/sql/readers.ts";
import { parseFixture } from "./support/fixture.ts";

/** PostgreSQL is the judge of contradicts-history: what is reported it refuses, with that SQLSTATE. */
const FOLDER = fileURLToPath(new URL("../fixtures/rules/history/contradicts-history/", import.meta.url));
const reader = await loadReader("postgres");
const db = await PGlite.create();
afterAll(() => db.close());
const files = readdirSync(FOLDER).filter((file) => file.endsWith(".sql"));

/** The SQLSTATE that PostgreSQL refuses each statement with, by migration and index; a refused one changes nothing. */
async function replay(history: Awaited<ReturnType<typeof parseFixture>>["history"]): Promise<Map<string, string>> {
  const { rows } = await db.query<{ name: string }>(
    "SELECT quote_ident(nspname) AS name FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)'",
  );
  // `unknown` is what the fixtures take to be there without making it.
  await db.exec(
    `DISCARD TEMP; ${rows.map(({ name }) => `DROP SCHEMA ${name} CASCADE;`).join(" ")} CREATE SCHEMA public; CREATE TABLE unknown (id int)`,
  );
  const refused = new Map<string, string>();
  for (const { id, up } of history.migrations) {
    for (const statement of up ? reader.read(up.text).statements : []) {
      const error = await db.exec(up?.text.slice(statement.range.start, statement.range.end) ?? "").then(
        () => undefined,
        (thrown: unknown) => thrown as { code: string },
      );
      if (error) refused.set(`${id}:${statement.index}`, error.code);
    }
  }
  return refused;
}

describe("contradicts-history and PostgreSQL", () => {
  test.each(files)("%s", async (file) => {
    const { history } = parseFixture(readFileSync(FOLDER + file, "utf8"), reader);
    const { findings } = await check({ histories: [history], rules: [rule] });
    const refused = await replay(history);
    const wrong = findings.flatMap((finding) => {
      const said = /\((\w{5})\)/.exec(finding.message)?.[1];
      const code = refused.get(`${finding.migration}:${finding.statement}`);
      return code === said
        ? []
        : [
            `${finding.file.text.slice(finding.range.start, finding.range.end)}: said ${said}, PostgreSQL ${code ?? "runs it"}`,
          ];
    });
    expect(wrong).toEqual([]);
    if (file === "valid-conditional.sql" || file === "valid-names-come-back.sql" || file === "valid-rolled-back.sql")
      expect([...refused.entries()], "PostgreSQL runs it").toEqual([]);
  });
});
