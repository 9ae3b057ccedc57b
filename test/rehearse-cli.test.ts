import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "./support/command.ts";
import type { Io } from "../src/project/io.ts";
import { repository, write } from "./support/folders.ts";
import { TEST_CACHE } from "./support/rehearsed.ts";

/** The commands rehearse and down, and check --rehearse, as somebody at a terminal calls them. */

const at = (id: string, file = "migration.sql"): string => `prisma/migrations/${id}/${file}`;
const INIT = `CREATE TABLE "Post" ("id" INTEGER PRIMARY KEY);
CREATE TABLE "Comment" ("id" INTEGER PRIMARY KEY, "postId" INTEGER, "text" TEXT NOT NULL);
`;
const NEW = "20260201000000_new";
const LOCK = {
  "package.json": '{ "private": true }',
  "package-lock.json": JSON.stringify({
    lockfileVersion: 3,
    packages: { "node_modules/prisma": { version: "6.19.0" } },
  }),
};

/** main has the tables; the work tree has `pending` besides. */
function project(pending: string, more: Readonly<Record<string, string>> = {}, init = INIT): string {
  const root = repository({
    "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    [at("20260101000000_init")]: init,
    ...LOCK,
  });
  write(root, { [at(NEW)]: pending, ...more });
  return root;
}

async function lockstep(cwd: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const out = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr"): Io["stdout"] => ({
    write: (text) => ((out[name] += text), Promise.resolve()),
    isTTY: false,
  });
  const code = await run(args, {
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    stdin: () => Promise.resolve(new Uint8Array()),
    env: { LOCKSTEP_CACHE_DIR: TEST_CACHE },
    cwd,
  });
  return { code, ...out };
}

interface Ran {
  readonly verdict: string;
  readonly runs: readonly {
    readonly execution: string;
    readonly deployed: { readonly leftOut: readonly { readonly why: string; readonly kind: string }[] };
    readonly migrations: readonly {
      readonly outcome: string;
      readonly failure?: { readonly on: string; readonly error: { readonly sqlstate: string } };
      readonly down?: { readonly differences: readonly unknown[]; readonly lost: readonly unknown[] };
      readonly statements: readonly {
        readonly outcome: string;
        readonly leftOut?: { readonly why: string; readonly kind: string };
        readonly observed?: { readonly rows: readonly unknown[] };
        readonly disagreements: readonly unknown[];
      }[];
    }[];
  }[];
}

async function rehearsal(cwd: string, ...args: string[]): Promise<Ran & { readonly code: number }> {
  const { code, stdout, stderr } = await lockstep(cwd, "rehearse", "--format", "json", ...args);
  if (stdout === "") throw new Error(stderr);
  return { code, ...(JSON.parse(stdout) as Ran) };
}

const FK =
  'ALTER TABLE "Comment" ADD CONSTRAINT "Comment_postId_fkey" FOREIGN KEY ("postId") REFERENCES "Post"("id") ON DELETE CASCADE ON UPDATE CASCADE;\n';

describe("rehearse", () => {
  test("a foreign key over orphans fails, and is shown without them too", async () => {
    const root = project(FK);
    const { code, stdout } = await lockstep(root, "rehearse");
    expect(code).toBe(1);
    expect(stdout).toContain("SQLSTATE 23503");
    expect(stdout).toContain("SHARE ROW EXCLUSIVE on Comment and Post");
    const ran = await rehearsal(root);
    expect(ran.runs.map(({ execution }) => execution)).toEqual(["batch"]);
    expect(ran.runs[0]?.migrations[0]).toMatchObject({
      outcome: "applied",
      failure: { on: "hurting rows", error: { sqlstate: "23503" } },
      statements: [{ outcome: "done", disagreements: [] }],
    });
  });

  test("a good cleanup makes it pass", async () => {
    const root = project(
      `DELETE FROM "Comment" c WHERE c."postId" IS NOT NULL AND NOT EXISTS (SELECT FROM "Post" p WHERE p."id" = c."postId");\n${FK}`,
    );
    expect(await rehearsal(root, "--execution", "both")).toMatchObject({
      code: 0,
      verdict: "passed",
      runs: [{ execution: "batch" }, { execution: "split" }],
    });
  });

  test("what fails on any rows fails, with what it leaves behind", async () => {
    const root = project(
      'CREATE TABLE "Tag" ("id" INTEGER PRIMARY KEY);\nCREATE TABLE "Tag" ("id" INTEGER PRIMARY KEY);\n',
    );
    const ran = await rehearsal(root, "--execution", "split");
    expect(ran).toMatchObject({
      code: 1,
      verdict: "failed",
      runs: [
        {
          migrations: [
            { outcome: "failed", failure: { on: "any rows", error: { sqlstate: "42P07" }, committed: [0] } },
          ],
        },
      ],
    });
    expect(await rehearsal(root, "--execution", "batch")).toMatchObject({
      runs: [{ migrations: [{ failure: { committed: [] } }] }],
    });
  });

  test("a statement that does not end is stopped, and the exit code is 2", async () => {
    for (const endless of ["SELECT pg_sleep(600);\n", "DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$;\n"]) {
      expect(await rehearsal(project(`${endless}CREATE TABLE "Tag" ();\n`), "--time-limit", "1")).toMatchObject({
        code: 2,
        verdict: "unfinished",
        runs: [
          {
            migrations: [{ outcome: "timed out", statements: [{ outcome: "timed out" }, { outcome: "not reached" }] }],
          },
        ],
      });
    }
  });

  test("what reaches outside is left out and named, and run when asked for", async () => {
    const root = project(`COPY "Post" FROM PROGRAM 'echo 1';\nCREATE TABLE "Tag" ("id" INTEGER PRIMARY KEY);\n`);
    const ran = await rehearsal(root);
    expect(ran.runs[0]?.migrations[0]?.statements.map(({ outcome, leftOut }) => [outcome, leftOut?.kind])).toEqual([
      ["left out", "outside"],
      ["done", undefined],
    ]);
    expect((await lockstep(root, "rehearse")).stdout).toContain("COPY … PROGRAM runs a program on the server");
    // There are no programs in WebAssembly.
    expect(await lockstep(root, "rehearse", "--allow-unsafe")).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(
        /^lockstep: The embedded database broke down[^\n]* It ran prisma\/migrations\/20260201000000_new\/migration\.sql:1\. Rehearse on a server with --server URL\.\n$/,
      ) as string,
    });
  });

  test("an extension that is not there, and what needs it, are left out and named; the rest is rehearsed", async () => {
    const root = project(
      'ALTER TABLE "Place" ADD COLUMN "name" TEXT;\nALTER TABLE "Post" ADD COLUMN "at" geometry;\nALTER TABLE "Post" ADD COLUMN "title" TEXT;\n',
      {},
      `CREATE EXTENSION postgis;\n${INIT}CREATE TABLE "Place" ("id" INTEGER PRIMARY KEY, "at" geometry(Point, 4326));\n`,
    );
    const ran = await rehearsal(root);
    expect(ran.runs[0]?.deployed.leftOut.map(({ why }) => why)).toEqual([
      "the embedded PostgreSQL has no extension postgis",
      expect.stringContaining('type "geometry" does not exist'),
    ]);
    expect(ran.runs[0]?.migrations[0]?.statements.map(({ outcome }) => outcome)).toEqual([
      "left out",
      "left out",
      "done",
    ]);
    // From the snapshot it is told again.
    expect((await rehearsal(root)).runs[0]?.deployed.leftOut).toHaveLength(2);
  });

  test("what a platform brings is left out and named, and roles that are named are made", async () => {
    const root = project(
      'ALTER TABLE "Post" ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON "Post" FOR SELECT TO authenticated, "App Reader" USING (true);\nGRANT SELECT ON "Post" TO anon;\nALTER TABLE "Person" DROP CONSTRAINT person_account;\nALTER TABLE "Person" ADD COLUMN "name" TEXT;\n',
      {},
      `${INIT}CREATE TABLE "Person" ("id" UUID PRIMARY KEY);\nALTER TABLE "Person" ADD CONSTRAINT person_account FOREIGN KEY ("id") REFERENCES auth.users("id");\nGRANT SELECT ON "Person" TO app_reader, service_role;\n`,
    );
    const ran = await rehearsal(root);
    expect(ran.runs[0]?.deployed.leftOut.map(({ kind, why }) => [kind, why])).toEqual([
      ["platform", "no migration makes the schema auth"],
    ]);
    expect(ran.runs[0]?.migrations[0]?.statements.map(({ outcome }) => outcome)).toEqual([
      "done",
      "done",
      "done",
      "left out",
      "done",
    ]);
  });

  test("a schema that a migration makes too late, and one in a pending migration, are no platform's", async () => {
    const late = project("SELECT 1;\n", {}, `${INIT}CREATE TABLE later.things (id int);\nCREATE SCHEMA later;\n`);
    const { code, stderr } = await lockstep(late, "rehearse");
    expect(code).toBe(2);
    expect(stderr).toContain('schema "later" does not exist');
    const typo = project('ALTER TABLE pubic."Post" ADD COLUMN "name" TEXT;\n');
    const ran = await rehearsal(typo);
    expect(ran.runs[0]?.migrations[0]?.failure?.error.sqlstate).toBe("3F000");
  });

  test("extensions that ship are there", async () => {
    const root = project(
      'ALTER TABLE "Post" ADD COLUMN "embedding" vector(3), ADD COLUMN "slug" CITEXT;\n',
      {},
      `CREATE EXTENSION vector;\nCREATE EXTENSION IF NOT EXISTS "citext";\nCREATE EXTENSION "uuid-ossp";\n${INIT}`,
    );
    expect(await rehearsal(root)).toMatchObject({ code: 0, runs: [{ deployed: { leftOut: [] } }] });
  });

  test("a deployed history that does not run is one sentence", async () => {
    const root = project("SELECT 1;\n", {}, "CREATE TABLE a ();\nALTER TABLE b ADD COLUMN c INT;\n");
    const { code, stderr } = await lockstep(root, "rehearse");
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^lockstep: The deployed migration prisma\/migrations\/20260101000000_init\/migration\.sql does not run in PostgreSQL 18\.\d+ \(PGlite [\d.]+\) \(line 2: relation "b" does not exist, SQLSTATE 42P01\)\. [^\n]+\n$/,
    );
  });

  test("rows of one's own", async () => {
    const root = project('ALTER TABLE "Comment" ALTER COLUMN "text" TYPE INTEGER USING "text"::integer;\n', {
      "rows.sql": `INSERT INTO "Comment" VALUES (1, NULL, '12'), (2, NULL, '13');\n`,
      "broken.sql": "INSERT INTO nowhere VALUES (1);\n",
    });
    expect(await rehearsal(root, "--data", "rows.sql", "--no-hurt")).toMatchObject({ code: 0 });
    expect(await rehearsal(root)).toMatchObject({
      code: 1,
      runs: [{ migrations: [{ failure: { error: { sqlstate: "22P02" } } }] }],
    });
    expect(await rehearsal(root, "--rows", "0")).toMatchObject({ code: 0 });
    expect((await lockstep(root, "rehearse", "--data", "broken.sql")).stderr).toBe(
      'lockstep: broken.sql (--data) does not run after the deployed migrations: relation "nowhere" does not exist (SQLSTATE 42P01). Correct it, or leave it out.\n',
    );
    expect((await lockstep(root, "rehearse", "--data", "none.sql")).stderr).toBe(
      "lockstep: --data none.sql could not be read (ENOENT): name a file of SQL that inserts rows.\n",
    );
  });

  test("the same seed makes the same rows", async () => {
    const root = project('UPDATE "Comment" SET "text" = NULL WHERE "postId" > 0;\n');
    const messages = await Promise.all(
      ["1", "1", "2"].map(
        async (seed) =>
          /Failing row contains[^\n]*/.exec((await lockstep(root, "rehearse", "--seed", seed)).stdout)?.[0],
      ),
    );
    expect(messages[0]).toBeDefined();
    expect(messages[1]).toBe(messages[0]);
    expect(messages[2]).not.toBe(messages[0]);
  });

  test("nothing pending is said, and mistakes are sentences", async () => {
    const root = repository({
      "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
      [at("20260101000000_init")]: INIT,
    });
    expect(await lockstep(root, "rehearse")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^No migration is pending: /) as string,
    });
    expect((await lockstep(root, "rehearse", "--template", "x", at("20260101000000_init"))).stderr).toBe(
      "lockstep: --template names a database of a server: say which with --server URL or LOCKSTEP_SERVER.\n",
    );
    expect((await lockstep(root, "rehearse", "nowhere")).code).toBe(2);
    expect(
      (
        await lockstep(
          root,
          "rehearse",
          "--output-file",
          `json=${at("20260101000000_init")}`,
          "prisma/migrations/20260101000000_init",
        )
      ).stderr,
    ).toMatch(/would overwrite/);
  });
});

describe("down", () => {
  const PENDING =
    'ALTER TABLE "Post" ADD COLUMN "title" TEXT NOT NULL DEFAULT \'\';\nALTER TABLE "Comment" DROP COLUMN "text";\nALTER TABLE "Post" ADD CONSTRAINT "title_length" CHECK (length("title") < 100);\n';

  test("writes one that restores, which the next rehearsal verifies", async () => {
    const root = project(PENDING);
    const { code, stderr } = await lockstep(root, "down");
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(
        /^lockstep: Wrote prisma\/migrations\/20260201000000_new\/down\.sql: \d statements; run in PostgreSQL [^\n]*, they restore the schema\. One of them cannot bring data back: see line \d+\.\n$/,
      ),
    ]);
    const text = readFileSync(join(root, at(NEW, "down.sql")), "utf8");
    expect(text.split("\n")[Number(/line (\d+)/.exec(stderr)?.[1]) - 1]).toMatch(/^-- Cannot bring back/);
    const ran = await rehearsal(root);
    expect(ran.runs[0]?.migrations[0]?.down).toMatchObject({ differences: [] });
    expect(ran.runs[0]?.migrations[0]?.down?.lost.length).toBeGreaterThan(0);
  });

  test("keeps what is there, unless it is forced", async () => {
    const root = project(PENDING, { [at(NEW, "down.sql")]: "SELECT 1;\n" });
    expect(await lockstep(root, "down", NEW)).toEqual({
      code: 2,
      stdout: "",
      stderr: `lockstep: ${at(NEW, "down.sql")} is there already and was kept: --force writes over it, --stdout prints what would be written.\n`,
    });
    expect((await lockstep(root, "down")).stderr).toBe(
      "lockstep: Every pending migration has its down.sql: lockstep rehearse shows whether it restores the schema.\n",
    );
    const printed = await lockstep(root, "down", "--stdout", `prisma/migrations/${NEW}`);
    expect(readFileSync(join(root, at(NEW, "down.sql")), "utf8")).toBe("SELECT 1;\n");
    expect((await lockstep(root, "down", "--force", NEW)).code).toBe(0);
    expect(readFileSync(join(root, at(NEW, "down.sql")), "utf8")).toBe(printed.stdout);
  });

  test("a deployed migration is not touched", async () => {
    const root = project(PENDING);
    for (const name of ["20260101000000_init", at("20260101000000_init")]) {
      expect(await lockstep(root, "down", "--base", "main", name)).toEqual({
        code: 2,
        stdout: "",
        stderr:
          "lockstep: prisma/migrations/20260101000000_init is on main (--base), so it is deployed, and deployed migrations are not touched: make a new migration that leads back.\n",
      });
    }
    expect(existsSync(join(root, at("20260101000000_init", "down.sql")))).toBe(false);
    expect((await lockstep(root, "down", "20260201000000_ne")).stderr).toBe(
      "lockstep: There is no migration 20260201000000_ne. Did you mean 20260201000000_new? Name its folder.\n",
    );
  });

  test("a wrong down.sql is told", async () => {
    const root = project(PENDING, { [at(NEW, "down.sql")]: 'ALTER TABLE "Post" DROP COLUMN "title";\n' });
    expect(await rehearsal(root)).toMatchObject({
      code: 1,
      runs: [{ migrations: [{ down: { differences: [{ kind: "column", change: "missing" }] } }] }],
    });
    const { stdout } = await lockstep(root, "check", "--rehearse");
    expect(stdout).toMatch(/down-migration-does-not-restore[^]*column Comment\.text is\s+missing/);
  });
});

test("check --rehearse: findings with what was seen of them, nothing said twice", async () => {
  const root = project(FK);
  const { code, stdout } = await lockstep(root, "check", "--rehearse", "--format", "json");
  const { findings, evidence } = JSON.parse(stdout) as {
    findings: { rule: string; rehearsed?: string }[];
    evidence: { rehearsal: { verdict: string } };
  };
  expect(code).toBe(1);
  expect(evidence.rehearsal.verdict).toBe("failed");
  expect(findings.filter(({ rule }) => rule === "fails-in-rehearsal")).toEqual([]);
  const failing = project("DO $$ BEGIN RAISE EXCEPTION 'no'; END $$;\n");
  const own = (
    JSON.parse((await lockstep(failing, "check", "--rehearse", "--format", "json")).stdout) as {
      findings: { rule: string; rehearsed?: string }[];
    }
  ).findings.filter(({ rule }) => rule === "fails-in-rehearsal");
  expect(own.map(({ rehearsed }) => rehearsed)).toEqual([undefined]);
  expect(findings.find(({ rule }) => rule === "orphan-cleanup-before-foreign-key")?.rehearsed).toMatch(
    /it failed with 23503/,
  );
  const checklist = await lockstep(root, "checklist", "--rehearse");
  expect(checklist.stdout).toMatch(/rehears/i);
});

test("check --rehearse: where the history does not run, what the text says is said, and the exit code is 2", async () => {
  const root = project('ALTER TABLE "Post" DROP COLUMN "id";\n', {}, `${INIT}SELECT nothing_there();\n`);
  const { code, stdout, stderr } = await lockstep(root, "check", "--rehearse", "--format", "json");
  const report = JSON.parse(stdout) as { findings: { rule: string }[]; coverage: object };
  expect(code).toBe(2);
  expect(stderr).toContain("nothing_there() does not exist");
  expect(report.findings.map(({ rule }) => rule)).toContain("drop-column");
  expect(JSON.stringify(report.coverage)).toContain("nothing_there() does not exist");
});

test("check --rehearse: what was seen is in the finding that it belongs to", async () => {
  const root = repository({ "README.md": "" });
  cpSync(new URL("../fixtures/projects/blog", import.meta.url), root, { recursive: true });
  const { stdout } = await lockstep(
    root,
    "check",
    "--rehearse",
    "--format",
    "json",
    "prisma/migrations/20260714231200_fix_orphaned_comments",
    "prisma/migrations/20260714234500_fix_orphaned_reactions",
  );
  const { findings } = JSON.parse(stdout) as { findings: { rule: string; rehearsed?: string }[] };
  const seen = (rule: string): readonly (string | undefined)[] =>
    findings.filter((finding) => finding.rule === rule).map(({ rehearsed }) => rehearsed);
  expect(seen("orphan-cleanup-too-broad")).toEqual([
    expect.stringMatching(/^Of \d+ orphans, none was left after it\. It took \d+ rows that were no orphans\.$/),
  ]);
  expect(seen("orphan-cleanup-ineffective")).toEqual([
    expect.stringMatching(/^Of (\d+) orphans, \1 were left after it\.$/),
  ]);
  expect(seen("index-build-blocks-writes")).toEqual([
    "It took SHARE on comments under SHARE ROW EXCLUSIVE on comments, held since an earlier statement, and comments was read from end to end.",
  ]);
  const under = JSON.parse(
    (
      await lockstep(
        project(
          'BEGIN;\nALTER TABLE "Post" ADD COLUMN "a" INTEGER;\nALTER TABLE "Post" ALTER COLUMN "id" TYPE BIGINT;\nCOMMIT;\n',
        ),
        "check",
        "--rehearse",
        "--format",
        "json",
      )
    ).stdout,
  ) as { findings: { rule: string; rehearsed?: string }[] };
  expect(under.findings.filter(({ rule }) => rule === "table-rewrite").map(({ rehearsed }) => rehearsed)).toEqual([
    expect.stringMatching(
      /^It (?:took SHARE on Post|ran) under ACCESS EXCLUSIVE on Post, held since an earlier statement, and Post was rewritten\.$/,
    ),
  ]);
  expect(seen("missing-down-migration")).toEqual([undefined, undefined]);
});
