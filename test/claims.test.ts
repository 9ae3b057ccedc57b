import { afterAll, describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { checkSync } from "../src/engine/check.ts";
import { NO_EQUALITY } from "../src/model/postgres/type-names.ts";
import { portableReader } from "../src/sql/portable/read.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import { type Wrong, claimsOf } from "./support/claims.ts";
import { isMeant } from "./support/meant-claims.ts";
import { type FixtureHistory, fixtureHistories } from "./support/fixture-histories.ts";
import { emptiedStage } from "./support/rehearsed.ts";

/**
 * What findings show is put to PostgreSQL: of each rule one query of each kind, and one fix. LOCKSTEP_CLAIMS=all takes all fixtures;
 * npm run truth:histories takes whole histories.
 */

await Promise.all([postgresReader.load(), portableReader.load()]);
const stage = emptiedStage();
afterAll(() => stage.close());

const fixtures = fixtureHistories(postgresReader).filter(({ of }) => of === undefined);
const chosen = process.env["LOCKSTEP_CLAIMS"] === "all" ? fixtures : sample();

/** Fixtures that show something that none before them shows, and those of what is not there under its name before. */
function sample(): readonly FixtureHistory[] {
  const seen = new Set<string>();
  return fixtures.filter(({ name, history, execution }) => {
    const { findings } = checkSync({
      histories: [history],
      rules,
      reader: postgresReader,
      config: { preset: "all", execution, postgres: 18 },
    });
    const before = seen.size;
    for (const { rule, messageId, queries, fixes } of findings)
      for (const shown of [
        ...queries.map(({ title }) => title.replace(/ of \S+/, "")),
        ...fixes.map(({ title, safety }) => `${title} ${safety}`),
      ])
        seen.add(`${rule} ${messageId} ${shown}`);
    return seen.size > before || name.includes("/invalid-young");
  });
}

describe.each([postgresReader, portableReader])("the $name reader", (reader) => {
  test("queries run before the migration, fixes in its place", async () => {
    const wrong: (Wrong & { readonly fixture: string })[] = [];
    let [queries, fixes] = [0, 0];
    for (const { name: fixture, history, execution } of chosen) {
      const claims = await claimsOf(history, { stage, reader, execution });
      queries += claims.queries - claims.unknown;
      fixes += claims.fixes - claims.without;
      // That a fixture does not run is what most of them are about.
      wrong.push(...claims.wrong.flatMap((each) => (each.kind === "history" ? [] : [{ ...each, fixture }])));
    }
    expect(wrong.filter((each) => !isMeant(each))).toEqual([]);
    expect(queries).toBeGreaterThan(30);
    expect(fixes).toBeGreaterThan(60);
  }, 600_000);
});

test("which types cannot be grouped", async () => {
  const opened = await stage.fresh();
  if (!opened.ok) throw new Error(opened.message);
  const rows = await opened.value.query<{ name: string }>(`
    select t.typname::text as name from pg_type t
    where t.typnamespace = 'pg_catalog'::regnamespace and t.typtype = 'b' and t.typcategory not in ('A', 'Z', 'P') and not exists (
      select from pg_opclass c join pg_am m on m.oid = c.opcmethod where m.amname in ('btree', 'hash') and c.opcdefault and (c.opcintype = t.oid or exists (
        select from pg_cast k where k.castsource = t.oid and k.casttarget = c.opcintype and k.castmethod = 'b' and k.castcontext = 'i')))`);
  expect(rows.map(({ name }) => name).sort()).toEqual([...NO_EQUALITY].sort());
});
