import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { check, memoryHistory } from "../src/index.ts";
import { rules } from "../rules/index.ts";
import { postgresReader } from "../src/sql/postgres/read.ts";
import { portableReader } from "../src/sql/portable/read.ts";
import { readMigrationViews } from "./support/predict.ts";
import { predictStatements } from "./support/truth-run.ts";
import { openObserver, type Observer } from "./support/observe.ts";
import { serverInstalled, startServer, type TestServer } from "./support/server.ts";

/**
 * What pg_dump writes is a migration that PostgreSQL takes: nothing in it may be said to fail. Many projects begin their history with
 * one (https://www.prisma.io/docs/orm/prisma-migrate/workflows/baselining).
 */

const SOURCE = readFileSync(new URL("truth/dumped.sql", import.meta.url), "utf8");
/** pg_dump reads servers of its own version and older ones. */
const MAJOR = 15;

function dumpVersion(): number | undefined {
  try {
    return Number(/(\d+)\./.exec(execFileSync("pg_dump", ["--version"], { encoding: "utf8" }))?.[1]);
  } catch {
    return undefined;
  }
}

const able = serverInstalled(MAJOR) && (dumpVersion() ?? 0) >= MAJOR;
if (!able && process.env.CI) throw new Error("There is no pg_dump, or no server for it. Install postgresql-client.");

const WRONG = new Set(["contradicts-history", "refused-by-postgres", "syntax-error"]);

async function wrongFindings(text: string, parser: "postgres" | "portable"): Promise<readonly string[]> {
  const history = memoryHistory({ "prisma/migrations/1_dump/migration.sql": text });
  if (!history.ok) throw new Error(history.message);
  const { findings, crashes } = await check({ histories: [history.value], rules, config: { parser } });
  expect(crashes).toEqual([]);
  return findings.filter(({ rule }) => WRONG.has(rule)).map(({ rule, message }) => `${rule}: ${message}`);
}

/** What the model says to fail for sure, in either way of sending the file. */
async function surelyFailing(text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const execution of ["batch", "split"] as const) {
    const views = await readMigrationViews([{ id: "1_dump", text }], execution);
    const predicted = predictStatements(views, { postgres: MAJOR, execution, deployments: "one" });
    for (const view of views)
      for (const [index, { certain }] of predicted.get(view) ?? [])
        if (certain.size > 0) {
          const range = view.statements[index]?.range ?? { start: 0, end: 0 };
          found.push(`${[...certain].join()} ${view.file.text.slice(range.start, range.end)}`);
        }
  }
  return found;
}

describe.skipIf(!able)("the dump of a schema", () => {
  let server: TestServer;
  let observer: Observer;
  let dump: string;
  beforeAll(async () => {
    await postgresReader.load();
    server = await startServer(MAJOR);
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(SOURCE);
    await client.end();
    // psql's own commands around the dump are not SQL.
    dump = execFileSync("pg_dump", ["--schema-only", "--no-owner", server.url], { encoding: "utf8" }).replace(
      /^\\.*$/gm,
      "",
    );
    observer = await openObserver();
  });
  afterAll(async () => {
    await observer?.close();
    await server?.stop();
  });

  test("has much in it", () => {
    const kinds = new Set(
      postgresReader.read(dump).statements.flatMap(({ operations }) => operations.map(({ kind }) => kind)),
    );
    for (const kind of [
      "attachPartition",
      "attachIndex",
      "addPrimaryKey",
      "addForeignKey",
      "createRule",
      "createPolicy",
    ])
      expect(kinds).toContain(kind);
    expect(postgresReader.read(dump).statements.length).toBeGreaterThan(100);
  });

  test("runs in PostgreSQL", async () => {
    for (const { range } of postgresReader.read(dump).statements)
      await observer.exec(dump.slice(range.start, range.end));
  });

  test.each(["postgres", "portable"] as const)("is said to fail nowhere by the %s reader", async (parser) => {
    expect(await wrongFindings(dump, parser)).toEqual([]);
    expect(await wrongFindings(SOURCE, parser)).toEqual([]);
  });

  test("has no failure that is sure", async () => {
    expect(await surelyFailing(dump)).toEqual([]);
    expect(await surelyFailing(SOURCE)).toEqual([]);
  });

  test("is read whole by PostgreSQL's grammar, and named where the portable reader does not know a statement", () => {
    const unread = (reader: typeof postgresReader) =>
      reader
        .read(dump)
        .statements.filter(({ broken, operations }) => broken || operations.some(({ kind }) => kind === "opaque"));
    expect(unread(postgresReader)).toEqual([]);
    expect(portableReader.read(dump).gaps.length).toBe(unread(portableReader).length);
  });
});
