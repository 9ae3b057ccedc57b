import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FINDS_NOTHING, LOSES_A_PART, MAKES_ANOTHER, TELLS_APART } from "../src/model/postgres/function-values.ts";

/** What the tables say of functions is what PostgreSQL does. */

let db: PGlite;
beforeAll(async () => {
  db = await PGlite.create();
  await db.exec("create sequence numbers");
}, 60_000);
afterAll(() => db.close());

const holds = async (condition: string): Promise<unknown> =>
  (await db.query<{ holds: unknown }>(`select ${condition} as holds`)).rows[0]?.holds;
const named = (name: string, call: string): boolean => call.startsWith(`${name}(`);

test.each(Object.entries(FINDS_NOTHING))("%s() may find nothing", async (name, call) => {
  expect(named(name, call)).toBe(true);
  expect(await holds(`(${call}) is null`)).toBe(true);
});

test.each(Object.entries(LOSES_A_PART))("%s() loses a part", async (name, [one, other]) => {
  expect([one, other].every((call) => named(name, call)) && one !== other).toBe(true);
  expect(await holds(`(${one}) = (${other})`)).toBe(true);
});

test.each(Object.entries(TELLS_APART))("%s() tells apart", async (name, [one, other]) => {
  expect([one, other].every((call) => named(name, call))).toBe(true);
  expect(await holds(`(${one}) <> (${other})`)).toBe(true);
});

test("another value for each row", async () => {
  const calls = [...MAKES_ANOTHER].filter((name) => !name.startsWith("uuid_generate"));
  expect(calls.length).toBeGreaterThan(3);
  for (const name of calls) {
    const call =
      name === "nextval" ? "nextval('numbers')" : name === "row_number" ? "row_number() over ()" : `${name}()`;
    const { rows } = await db.query<{ made: unknown }>(`select ${call} as made from generate_series(1, 50)`);
    expect([name, new Set(rows.map(({ made }) => String(made))).size]).toEqual([name, 50]);
  }
});

test("a text that has no match, and an element that is not there", async () => {
  expect(await holds("substring('a' from 'b') is null")).toBe(true);
  expect(await holds("(array[1])[2] is null")).toBe(true);
  expect(await holds("('{}'::jsonb ->> 'a') is null and ('{}'::jsonb -> 'a') is null")).toBe(true);
  expect(await holds("('{}'::jsonb #>> '{a}') is null and ('{}'::jsonb #> '{a}') is null")).toBe(true);
  expect(await holds("concat(null, 'a') = 'a' and concat_ws(null, 'a', 'b') is null and format(null) is null")).toBe(
    true,
  );
  expect(await holds("greatest(null, 1) = 1 and least(null, 1) = 1 and (array[1] || null::int[]) = array[1]")).toBe(
    true,
  );
});
