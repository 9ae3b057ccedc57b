import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkSync } from "../src/engine/check.ts";
import type { Finding, History } from "../src/index.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import { rules } from "../rules/index.ts";
import { fixtureHistories } from "./support/fixture-histories.ts";
import { type Mutant, mixed, mutantsOf, statementsWithPrefix } from "./support/mutants.ts";
import { type Observer, openObserver } from "./support/observe.ts";
import { resetDatabase } from "./support/replay.ts";

/**
 * One mistake in a statement: a name misspelt, another type, an object that went before. What PostgreSQL refuses in a schema without rows
 * `check` refuses with its SQLSTATE, and what it takes is not called refused. A sample; the whole is `npm run truth:mutants`.
 */

const WANTED = Number(process.env["LOCKSTEP_MUTANTS"] ?? 150);
const REPORT = process.env["LOCKSTEP_MUTANTS_REPORT"];

await postgresReader.load();
let observer: Observer;
beforeAll(async () => {
  observer = await openObserver();
}, 60_000);
afterAll(() => observer.close());

/** A schema, and the statements that come after it. */
interface Bed {
  readonly name: string;
  readonly execution: "batch" | "split";
  readonly deployed: readonly string[];
  readonly statements: readonly { readonly prefix: string; readonly sql: string; readonly before?: string }[];
}

interface Outcome {
  readonly place: string;
  readonly mutant: Mutant;
  readonly refused?: { readonly sqlstate: string; readonly message: string };
  readonly said: readonly Finding[];
}

/** Findings that say: PostgreSQL refuses it, whatever the rows are. */
const REFUSALS = new Set([
  "refused-by-postgres",
  "contradicts-history",
  "syntax-error",
  "enum-value-used-in-same-transaction",
  "concurrently-in-transaction",
]);

/** Of the transaction that the mutants run in. */
const OF_THE_TEST = new Set(["25001", "25P01"]);

test("what PostgreSQL refuses is said, and what it takes is not", async () => {
  const outcomes: Outcome[] = [];
  const beds = [truthBed(), ...fixtureBeds()];
  const places = mixed(
    beds.flatMap((bed, b) => bed.statements.map((_, s) => ({ bed: b, statement: s }))),
    7,
  );
  const each = Math.max(2, Math.ceil((WANTED * 4) / places.length));
  const chosen = places.slice(0, WANTED);
  for (const [b, bed] of beds.entries()) {
    const own = chosen.filter((place) => place.bed === b);
    if (own.length === 0) continue;
    await resetDatabase(observer);
    for (const text of bed.deployed) for (const { sql } of statementsWithPrefix(text)) await observer.session.run(sql);
    const relations = await relationsNow();
    for (const { statement } of own) {
      const { prefix, sql, before } = bed.statements[statement]!;
      for (const mutant of mixed(mutantsOf(sql, relations), 3 + statement).slice(0, each)) {
        const ran = await tryOut(mutant, prefix, before);
        if (ran === "prefix" || (ran && OF_THE_TEST.has(ran.sqlstate))) continue;
        const deployed = [...bed.deployed, before ?? "", mutant.before ?? ""].filter((text) => text !== "");
        outcomes.push({
          place: bed.name,
          mutant: { ...mutant, sql: prefix + mutant.sql },
          ...(ran && { refused: ran }),
          said: saidOf(deployed, prefix + mutant.sql, bed.execution),
        });
      }
    }
  }
  judge(outcomes);
}, 3_600_000);

function judge(outcomes: readonly Outcome[]): void {
  const refused = outcomes.filter((each) => each.refused && each.refused.sqlstate !== "42601");
  const taken = outcomes.filter((each) => !each.refused);
  const missed = refused.filter(({ said, refused: error }) => !said.some((finding) => tells(finding, error!.sqlstate)));
  const exact = refused.filter(({ said, refused: error }) => said.some(({ sqlstate }) => sqlstate === error!.sqlstate));
  const wrong = taken.filter(({ said }) =>
    said.some(
      ({ rule, severity, sqlstate = "" }) => REFUSALS.has(rule) && severity === "error" && !OF_THE_TEST.has(sqlstate),
    ),
  );
  const figures = `refused ${refused.length}: said ${refused.length - missed.length}, exact ${exact.length}; taken ${taken.length}: called refused ${wrong.length}`;
  console.log(figures);
  if (REPORT)
    writeFileSync(
      REPORT,
      [
        figures,
        ...wrong.map(
          (o) =>
            `WRONG ${o.place}\n  ${o.mutant.before ?? ""}\n  ${o.mutant.sql}\n  ${o.said
              .filter((f) => REFUSALS.has(f.rule))
              .map((f) => f.message)
              .join(" | ")}`,
        ),
        ...missed.map(
          (o) =>
            `MISSED ${o.refused!.sqlstate} ${o.refused!.message} | ${o.place} ${o.mutant.mistake}\n  ${o.mutant.before ?? ""}\n  ${o.mutant.sql}`,
        ),
        ...refused
          .filter((o) => !missed.includes(o) && !exact.includes(o))
          .map(
            (o) =>
              `OTHER ${o.refused!.sqlstate} ${o.refused!.message} | ${o.place}\n  ${o.mutant.before ?? ""}\n  ${o.mutant.sql}\n ${o.said.map((f) => f.message).join(" | ")}`,
          ),
      ].join("\n"),
    );
  expect(wrong.map(({ place, mutant }) => `${place}: ${mutant.sql}`)).toEqual([]);
  expect(refused.length).toBeGreaterThan(WANTED / 3);
  expect((refused.length - missed.length) / refused.length).toBeGreaterThanOrEqual(0.9);
  expect(exact.length / refused.length).toBeGreaterThanOrEqual(0.85);
}

const tells = ({ rule, severity, sqlstate }: Finding, state: string): boolean =>
  severity === "error" && (sqlstate === state || REFUSALS.has(rule));

function saidOf(deployed: readonly string[], pending: string, execution: "batch" | "split"): readonly Finding[] {
  const file = (id: string, text: string) => ({ id, path: id, up: { path: `${id}/migration.sql`, text } });
  const history = {
    root: "m",
    provider: "postgresql",
    problems: [],
    migrations: [
      ...deployed.map((text, i) => ({ ...file(`000${i}_deployed`, text), state: "history" as const })),
      { ...file("9999_pending", pending), state: "pending" as const },
    ],
  } as unknown as History;
  return checkSync({
    histories: [history],
    rules,
    reader: postgresReader,
    config: { preset: "all", execution, postgres: 18 },
  }).findings.filter(({ migration }) => migration === "9999_pending");
}

async function tryOut(mutant: Mutant, prefix: string, before?: string) {
  const { session } = observer;
  await session.run("begin");
  try {
    for (const text of [before, mutant.before, prefix])
      for (const { sql } of statementsWithPrefix(text ?? ""))
        if (!(await session.run(sql)).ok) return "prefix" as const;
    const ran = await session.run(mutant.sql);
    return ran.ok ? undefined : ran.error;
  } finally {
    await session.run("rollback");
  }
}

async function relationsNow(): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await observer.session.query<{ name: string; columns: string[] }>(
    `select quote_ident(c.relname) as name, array_agg(quote_ident(attname)::text) as columns from pg_class c
     join pg_attribute a on a.attrelid = c.oid and attnum > 0 and not attisdropped
     where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace group by 1`,
  );
  return new Map(rows.map(({ name, columns }) => [name, columns]));
}

function truthBed(): Bed {
  const [setup = "", ...cases] = readFileSync("test/truth/cases.sql", "utf8")
    .split(/^-- setup$/m)[1]!
    .split(/^-- case: /m);
  return {
    name: "cases.sql",
    execution: "batch",
    deployed: [
      statementsWithPrefix(setup)
        .map(({ sql }) => sql)
        .filter((sql) => !/^insert/i.test(sql))
        .map((sql) => `${sql.replace(/;$/, "")};\n`)
        .join(""),
    ],
    statements: cases.map((text) => {
      const [, ...lines] = text.split("\n");
      const before = /^-- before: (.*)$/m.exec(text)?.[1];
      const sql = lines
        .filter((line) => !line.startsWith("--"))
        .join("\n")
        .trim();
      return { prefix: "", sql, ...(before !== undefined && { before }) };
    }),
  };
}

function fixtureBeds(): Bed[] {
  return fixtureHistories(postgresReader).flatMap(({ name, history, execution, of }): Bed[] => {
    const texts = (state: string) =>
      history.migrations.flatMap((migration) => (migration.state === state && migration.up ? [migration.up.text] : []));
    const [pending, ...others] = texts("pending");
    if (of !== undefined || pending === undefined || others.length > 0) return [];
    return [
      {
        name,
        execution,
        deployed: texts("history").map((text) =>
          statementsWithPrefix(text)
            .map(({ sql }) => sql)
            .filter((sql) => !/^insert/i.test(sql))
            .map((sql) => `${sql.replace(/;$/, "")};\n`)
            .join(""),
        ),
        statements: statementsWithPrefix(pending),
      },
    ];
  });
}
