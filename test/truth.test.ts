import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Observation } from "../src/rehearsal/observation.ts";
import { compareObserved, disagreementSentence } from "../src/model/observation.ts";
import { LATEST, type Observer, openObserver } from "./support/observe.ts";
import { readMigrationViews } from "./support/predict.ts";
import { type Predicted, predictStatements } from "./support/truth-run.ts";

/**
 * Every statement of truth/cases.sql is run in PostgreSQL over the schema of its setup, and what it did is compared
 * with what is written there and with what lockstep predicts. UPDATE=1 writes both lines.
 */

const FILE = new URL("truth/cases.sql", import.meta.url);
const SHORT = {
  AccessShareLock: "AS",
  RowShareLock: "RS",
  RowExclusiveLock: "RE",
  ShareUpdateExclusiveLock: "SUE",
  ShareLock: "S",
  ShareRowExclusiveLock: "SRE",
  ExclusiveLock: "EX",
  AccessExclusiveLock: "AE",
} as const;

/** What follows `does` and `predicted`, by major version; 18 is the one without a number. */
type ByVersion = ReadonlyMap<number, string>;

interface Case {
  readonly name: string;
  readonly before: readonly string[];
  readonly sql: string;
  readonly does: ByVersion;
  readonly predicted: ByVersion;
  readonly because?: string;
}

/** What `does` and `predicted` without a number are about. */
const MARK = /^-- (does|predicted)((?: \d\d)*): (.*)$/;

const { setup, cases } = read(readFileSync(FILE, "utf8"));

function read(text: string): { readonly setup: string; readonly cases: readonly Case[] } {
  const [head = "", ...rest] = text.split(/^-- case: /m);
  return {
    setup: head.slice(head.indexOf("-- setup")).replace(/^-- ==.*$/gm, ""),
    cases: rest.map((block) => {
      const [name = "", ...lines] = block.split("\n");
      const because = lines.find((line) => line.startsWith("-- because: "))?.slice("-- because: ".length);
      return {
        name,
        before: lines.filter((line) => line.startsWith("-- before: ")).map((line) => line.slice("-- before: ".length)),
        does: byVersion(lines, "does"),
        predicted: byVersion(lines, "predicted"),
        ...(because !== undefined && { because }),
        sql: lines
          .filter((line) => !line.startsWith("-- "))
          .join("\n")
          .trim(),
      };
    }),
  };
}

function byVersion(lines: readonly string[], mark: "does" | "predicted"): Map<number, string> {
  const found = new Map<number, string>();
  for (const line of lines) {
    const [, name, versions = "", value = ""] = MARK.exec(line) ?? [];
    if (name === mark)
      for (const version of versions === "" ? [LATEST] : versions.trim().split(" ").map(Number))
        found.set(version, value);
  }
  return found;
}

const at = (known: ByVersion, version: number): string => known.get(version) ?? known.get(LATEST) ?? "";

/** The lines of a mark with `value` for `version`; versions that do as the latest one have none of their own. */
function marked(mark: "does" | "predicted", known: ByVersion, version: number, value: string): readonly string[] {
  const latest = version === LATEST ? value : at(known, LATEST);
  const others = new Map<string, number[]>();
  for (const [each, line] of [...new Map([...known, [version, value]])].sort(([a], [b]) => a - b))
    if (each !== LATEST && line !== latest) others.set(line, [...(others.get(line) ?? []), each]);
  return [
    ...(latest === "" ? [] : [`-- ${mark}: ${latest}`]),
    ...[...others].map(([line, versions]) => `-- ${mark} ${versions.join(" ")}: ${line}`),
  ];
}

let observer: Observer;
/** Whether the database holds the setup and nothing else. */
let clean = false;
const results = new Map<string, { readonly does: string; readonly predicted: string }>();

beforeAll(async () => {
  observer = await openObserver();
}, 60_000);

afterAll(async () => {
  await observer.close();
  if (process.env["UPDATE"] !== "1" || results.size !== cases.length) return;
  const blocks = readFileSync(FILE, "utf8").split(/^(?=-- case: )/m);
  const written = blocks.map((block, index) => {
    const known: Case | undefined = cases[index - 1];
    const result = known && results.get(known.name);
    if (known === undefined || result === undefined) return block;
    const lines = block.split("\n").filter((line) => !MARK.test(line));
    const from = lines.findLastIndex((line) => /^-- (case|before): /.test(line)) + 1;
    lines.splice(
      from,
      0,
      ...marked("does", known.does, observer.postgres, result.does),
      ...marked("predicted", known.predicted, observer.postgres, result.predicted),
    );
    return lines.join("\n");
  });
  writeFileSync(FILE, written.join(""));
});

test("names are unique, and what is not predicted has a reason", () => {
  expect(new Set(cases.map((each) => each.name)).size).toBe(cases.length);
  expect(cases.length).toBeGreaterThan(800);
  expect(
    cases
      .filter(
        ({ predicted, because }) => [...predicted.values()].some((line) => line !== "") !== (because !== undefined),
      )
      .map(({ name }) => name),
  ).toEqual([]);
});

test.each(cases)(
  "$name",
  async ({ name, before, sql, does, predicted }) => {
    const { line, differences } = await run(before, sql);
    results.set(name, { does: line, predicted: differences });
    if (process.env["UPDATE"] === "1") return;
    expect(line).toBe(at(does, observer.postgres));
    expect(differences).toBe(at(predicted, observer.postgres));
  },
  30_000,
);

async function run(
  before: readonly string[],
  sql: string,
): Promise<{ readonly line: string; readonly differences: string }> {
  if (!clean || before.length > 0) await reset();
  clean = before.length === 0;
  for (const preparation of before) {
    const ran = await observer.session.run(preparation);
    // Only an old version may not know it.
    if (!ran.ok && observer.postgres < LATEST) return { line: `before: error ${ran.error.sqlstate}`, differences: "" };
    if (!ran.ok) throw new Error(`${ran.error.message} in ${preparation}`);
  }
  const [observation, alone] = await observe(sql);
  const prediction = await predict(before, sql);
  return { line: describe(observation), differences: differencesOf(prediction, observation, alone).join("; ") };
}

/** In a transaction that is rolled back; what cannot run in one, runs outside and the schema is made again. */
async function observe(sql: string): Promise<readonly [observation: Observation, alone: boolean]> {
  await observer.observe("begin");
  const observation = await observer.observe(sql);
  await observer.observe("rollback");
  if (observation.error?.sqlstate !== "25001") return [observation, false];
  clean = false;
  return [await observer.observe(sql), true];
}

/** Where lockstep says something else: locks, rewrites and scans; how it fails; whether it may run in a transaction. */
function differencesOf(
  { effects, states, certain }: Predicted,
  { observed, error }: Observation,
  alone: boolean,
): readonly string[] {
  const found = observed ? compareObserved(effects, observed).disagreements.map(disagreementSentence) : [];
  const inBlock = [...states].filter((state) => state !== "25001");
  // PostgreSQL 18's grammar has read it: an older version may not know it.
  if (error && !(error.sqlstate === "42601" && observer.postgres < LATEST) && !states.has(error.sqlstate))
    found.push(`error: predicted ${inBlock.join(", ") || "nothing"}, observed ${error.sqlstate}`);
  if (!error && [...certain].some((state) => state !== "25001"))
    found.push(`error: predicted ${inBlock.join(", ")} for certain, observed nothing`);
  if (alone !== certain.has("25001"))
    found.push(
      `transaction block: predicted ${alone ? "allowed" : "refused"}, observed ${alone ? "refused" : "allowed"}`,
    );
  return found;
}

async function reset(): Promise<void> {
  await observer.exec(`rollback; reset all; set timezone = 'UTC'; set client_min_messages = error;
    do $$ declare name text; begin
      for name in select pubname from pg_publication loop execute format('drop publication %I', name); end loop;
      for name in select nspname from pg_namespace where nspname !~ '^(pg_|information_schema$)' loop execute format('drop schema %I cascade', name); end loop;
    end $$;
    create schema public`);
  await observer.exec(setup);
}

/** As if it were in a transaction block. */
async function predict(before: readonly string[], sql: string): Promise<Predicted> {
  const views = await readMigrationViews(
    [setup, ...before, `begin; ${sql}`].map((text, index) => ({ id: `${index}`, text })),
    "split",
  );
  const last = views.at(-1);
  const found =
    last &&
    predictStatements(views, { postgres: observer.postgres, execution: "split", deployments: "each" })
      .get(last)
      ?.get(1);
  if (found === undefined) throw new Error(`no prediction for ${sql}`);
  return found;
}

function describe({ observed, error }: Observation): string {
  if (error !== undefined) return `error ${error.sqlstate}`;
  const list = (items: readonly string[] = []): string =>
    items.map((item) => item.replace(/^public\./, "")).join(" ") || "-";
  const held =
    observed?.locks === undefined
      ? "outside of a transaction"
      : list(observed.locks.map(({ relation, mode }) => `${relation.replace(/^public\./, "")}:${SHORT[mode]}`));
  return `${held} | ${list(observed?.rewrites)} | ${list(observed?.scans)}`;
}
