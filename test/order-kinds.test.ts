import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type EmbeddedStage, embeddedStage } from "../src/rehearsal/stage/embedded/index.ts";
import type { Session } from "../src/rehearsal/stage/session.ts";
import type { CommutingMigration } from "../src/model/order/commutation.ts";
import { commute, schemaAfter } from "../src/model/order/index.ts";
import { compareFingerprints, fingerprint } from "../src/rehearsal/schema/fingerprint.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

interface Pair {
  readonly name: string;
  readonly postgres: string;
  readonly before: string;
  readonly one: string;
  readonly other: string;
}

const [, BASE = "", ...rest] = readFileSync(new URL("truth/orders.sql", import.meta.url), "utf8").split(
  /^-- base:\n|^-- pair: /m,
);
const PAIRS = rest.map((text): Pair => {
  const [name = "", postgres = "", ...parts] = text.split(/\n-- postgres: |\n-- (?=before:|one:|other:)/);
  const part = (of: string): string =>
    (parts.find((each) => each.startsWith(`${of}:`)) ?? "").slice(of.length + 1).trim();
  return { name, postgres, before: part("before"), one: part("one"), other: part("other") };
});

let stage: EmbeddedStage;
let session: Session;
beforeAll(async () => {
  await postgresReader.load();
  stage = embeddedStage({ extensions: ["pg_trgm"] });
  const fresh = await stage.fresh();
  if (!fresh.ok) throw new Error(fresh.message);
  session = fresh.value;
});
afterAll(() => stage.close());

const migration = (id: string, text: string): CommutingMigration => ({
  id,
  file: { path: `${id}/migration.sql`, text },
  statements: postgresReader.read(text).statements,
});

/** What is there at the end, or why not everything ran. Nothing of it is left. */
async function end(scripts: readonly string[]) {
  await session.run("BEGIN");
  try {
    for (const script of scripts) {
      const ran = await session.run(script);
      if (!ran.ok) return { refused: `${ran.error.sqlstate} ${ran.error.message}` };
    }
    const texts = await session.query<{ text: string }>(TEXTS);
    const tables = texts.filter(({ text }) => text.startsWith("select"));
    const rows: unknown[] = [];
    for (const { text } of tables) rows.push(await session.query(text));
    return { schema: await fingerprint(session), rest: JSON.stringify([texts, rows]) };
  } finally {
    await session.run("ROLLBACK");
  }
}

/** Sequences and privileges, and a query for each table's rows. */
const TEXTS = `select format('select jsonb_agg(to_jsonb(t) order by to_jsonb(t)::text)::text from %s t', c.oid::regclass) as text
    from pg_class c where c.relkind in ('r', 'm') and c.relispopulated and c.relnamespace::regnamespace::text !~ '^(pg_|information)'
  union all select format('%s.%s %s', schemaname, sequencename, last_value) from pg_sequences
  union all select c.oid::regclass || ' ' || coalesce(c.relacl::text, '') from pg_class c where c.relnamespace::regnamespace::text !~ '^(pg_|information)' and c.relkind in ('r', 'v', 'm', 'S')
  union all select p.oid::regprocedure || ' ' || coalesce(p.proacl::text, '') || coalesce(p.proconfig::text, '') from pg_proc p where p.pronamespace::regnamespace::text !~ '^(pg_|information)'
  order by 1`;

async function truth({ before, one, other }: Pair): Promise<string> {
  const first = await end([BASE, before, one, other]);
  const second = await end([BASE, before, other, one]);
  if (first.refused !== undefined && second.refused !== undefined) return "both fail";
  if (first.schema === undefined || second.schema === undefined) return "yes (fails)";
  return compareFingerprints(first.schema, second.schema).length > 0 || first.rest !== second.rest ? "yes" : "no";
}

const model = ({ before, one, other }: Pair) =>
  commute(
    schemaAfter([migration("base", BASE), migration("before", before)]),
    [migration("one", one)],
    [migration("other", other)],
  );

describe("kinds of meetings", () => {
  test.each(PAIRS)("$name: PostgreSQL runs both orders, and the model does not contradict it", async (pair) => {
    expect(await truth(pair)).toBe(pair.postgres);
    const { commutes, because } = model(pair);
    if (pair.postgres === "no") expect(commutes, JSON.stringify(because.map(({ object }) => object))).not.toBe("no");
    else expect(commutes).not.toBe("yes");
  });

  test("what is not known is rare", () => {
    expect(PAIRS.length).toBeGreaterThan(100);
    const unknown = PAIRS.filter((pair) => model(pair).commutes === "unknown");
    expect(unknown.length / PAIRS.length, unknown.map(({ name }) => name).join(", ")).toBeLessThanOrEqual(0.12);
  });
});
