import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Observer, openObserver, statementsOf } from "./support/observe.ts";
import { type Migration, readMigrations, resetDatabase } from "./support/replay.ts";
import { foldHistory, schemaDifferences, schemaOf, schemaOfDatabase } from "./support/schema.ts";

/** The catalog that is folded over statements is the one that PostgreSQL has after them. */

const SETUP = setup();

function setup(): string {
  const text = readFileSync(new URL("truth/cases.sql", import.meta.url), "utf8").split(/^-- case: /m)[0] ?? "";
  return text.slice(text.indexOf("-- setup"));
}

const steps = readFileSync(new URL("truth/schemas.sql", import.meta.url), "utf8")
  .split(/^-- schema: /m)
  .slice(1)
  .map((block) => ({ name: block.slice(0, block.indexOf("\n")), sql: block.slice(block.indexOf("\n") + 1) }));

test("the setup of the truth cases", async () => {
  expect(await differences([{ id: "setup", text: SETUP }])).toEqual([]);
}, 60_000);

test.each(steps)(
  "$name",
  async ({ name, sql }) => {
    expect(await differences([{ id: name, text: sql }])).toEqual([]);
  },
  60_000,
);

/** LOCKSTEP_HISTORIES names migrations folders (name=path, comma separated), LOCKSTEP_TRUTH_OUT a folder for the results. */
const histories = (process.env["LOCKSTEP_HISTORIES"] ?? "").split(",").filter((entry) => entry.includes("="));

test.skipIf(histories.length === 0).each(histories.length === 0 ? ["none="] : histories)(
  "%s",
  async (entry) => {
    const [name = "", folder = ""] = entry.split("=");
    const found = await differences(readMigrations(folder));
    const out = process.env["LOCKSTEP_TRUTH_OUT"];
    if (out !== undefined) writeFileSync(join(out, `${name}.schema.txt`), found.map((line) => `${line}\n`).join(""));
    expect(found).toEqual([]);
  },
  600_000,
);

let observer: Observer;

beforeAll(async () => {
  observer = await openObserver();
});

afterAll(() => observer.close());

async function differences(migrations: readonly Migration[]): Promise<readonly string[]> {
  await resetDatabase(observer);
  const failed: string[] = [];
  for (const { id, text } of migrations) {
    const texts = await statementsOf(text).catch(
      (error: unknown) => void failed.push(`${id}: ${(error as Error).message}`),
    );
    for (const sql of texts ?? []) {
      const ran = await observer.session.run(sql);
      if (!ran.ok && !/create extension/i.test(sql)) failed.push(`${id}: ${ran.error.message} | ${sql.slice(0, 150)}`);
    }
  }
  return [
    ...failed,
    ...schemaDifferences(schemaOf(await foldHistory(migrations)), await schemaOfDatabase(observer.session)),
  ];
}
