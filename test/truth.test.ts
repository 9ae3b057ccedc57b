import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Observation } from "../src/evidence/rehearsal/observe.ts";
import type { Effects } from "../src/model/effects.ts";
import { compareObserved, disagreementSentence } from "../src/model/observed.ts";
import { type Observer, openObserver } from "./support/observe.ts";
import { predictHistory } from "./support/predict.ts";

/**
 * Every statement of truth/cases.sql is run in PostgreSQL over the schema of its setup, and what it did is compared
 * with what is written there and with what lockstep predicts. UPDATE=1 writes both lines anew.
 */

const FILE = new URL("truth/cases.sql", import.meta.url);
const SHORT = { AccessShareLock: "AS", RowShareLock: "RS", RowExclusiveLock: "RE", ShareUpdateExclusiveLock: "SUE", ShareLock: "S", ShareRowExclusiveLock: "SRE", ExclusiveLock: "EX", AccessExclusiveLock: "AE" } as const;

interface Case {
  readonly name: string;
  readonly before: readonly string[];
  readonly sql: string;
  readonly does: string;
  readonly predicted: string;
}

const { setup, cases } = read(readFileSync(FILE, "utf8"));

function read(text: string): { readonly setup: string; readonly cases: readonly Case[] } {
  const [head = "", ...rest] = text.split(/^-- case: /m);
  return {
    setup: head.slice(head.indexOf("-- setup")).replace(/^-- ==.*$/gm, ""),
    cases: rest.map((block) => {
      const [name = "", ...lines] = block.split("\n");
      const marked = (mark: string): readonly string[] => lines.filter((line) => line.startsWith(`-- ${mark}: `)).map((line) => line.slice(mark.length + 5));
      return {
        name,
        before: marked("before"),
        does: marked("does").join("\n"),
        predicted: marked("predicted").join("\n"),
        sql: lines.filter((line) => !line.startsWith("-- ")).join("\n").trim(),
      };
    }),
  };
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
  const written = blocks.map((block) => {
    const name = /^-- case: (.*)$/m.exec(block)?.[1];
    const result = name === undefined ? undefined : results.get(name);
    if (result === undefined) return block;
    const lines = block.split("\n").filter((line) => !/^-- (does|predicted): /.test(line));
    const at = lines.findLastIndex((line) => /^-- (case|before): /.test(line)) + 1;
    lines.splice(at, 0, `-- does: ${result.does}`, ...(result.predicted === "" ? [] : [`-- predicted: ${result.predicted}`]));
    return lines.join("\n");
  });
  writeFileSync(FILE, written.join(""));
});

test("names are unique", () => {
  expect(new Set(cases.map((each) => each.name)).size).toBe(cases.length);
  expect(cases.length).toBeGreaterThan(300);
});

test.each(cases)("$name", async ({ name, before, sql, does, predicted }) => {
  const { observed, line } = await observe(before, sql);
  const prediction = await predict(before, sql);
  const differences = observed ? compareObserved(prediction, observed).disagreements.map(disagreementSentence).join("; ") : "";
  results.set(name, { does: line, predicted: differences });
  if (process.env["UPDATE"] === "1") return;
  expect(line).toBe(does);
  expect(differences).toBe(predicted);
}, 30_000);

/** In a transaction that is rolled back; what cannot run in one, runs outside and the schema is made anew. */
async function observe(before: readonly string[], sql: string): Promise<Observation & { readonly line: string }> {
  if (!clean || before.length > 0) await reset();
  for (const preparation of before) await observer.exec(preparation);
  clean = before.length === 0;
  await observer.observe("begin");
  const observation = await observer.observe(sql);
  await observer.observe("rollback");
  if (observation.error?.sqlstate !== "25001") return { ...observation, line: describe(observation) };
  clean = false;
  const alone = await observer.observe(sql);
  return { ...alone, line: describe(alone) };
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

async function predict(before: readonly string[], sql: string): Promise<Effects> {
  const history = [setup, ...before, sql].map((text, index) => ({ id: `${index}`, text }));
  const found = (await predictHistory(history, { postgres: observer.postgres })).get(`${history.length - 1}`)?.get(0);
  if (found === undefined) throw new Error(`no prediction for ${sql}`);
  return found;
}

function describe({ observed, error }: Observation): string {
  if (error !== undefined) return `error ${error.sqlstate}`;
  const list = (items: readonly string[] = []): string => items.map((item) => item.replace(/^public\./, "")).join(" ") || "-";
  const held = observed?.locks === undefined ? "outside of a transaction" : list(observed.locks.map(({ relation, mode }) => `${relation.replace(/^public\./, "")}:${SHORT[mode]}`));
  return `${held} | ${list(observed?.rewrites)} | ${list(observed?.scans)}`;
}
