import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "./support/command.ts";
import type { Io } from "../src/project/io.ts";
import { commit, folder, git, repository, write } from "./support/folders.ts";

interface Row {
  readonly group: string;
  readonly id: string;
  readonly status: string;
  readonly value: string;
  readonly from?: string;
  readonly help?: string;
}

/** The embedded PostgreSQL starts in each run: from one cache it takes a fraction of a second. */
const ENV = { LOCKSTEP_CACHE_DIR: join(process.env["TMPDIR"] ?? "/tmp", `lockstep-doctor-${process.pid}`) };

async function doctor(
  cwd: string,
  args: readonly string[] = ["--format", "json"],
  env: Io["env"] = ENV,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const out = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr"): Io["stdout"] => ({
    write: (text) => ((out[name] += text), Promise.resolve()),
    isTTY: false,
  });
  const code = await run(["doctor", ...args], {
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    stdin: () => Promise.resolve(new Uint8Array()),
    env,
    cwd,
  });
  return { code, ...out };
}

async function rows(
  cwd: string,
  env?: Io["env"],
): Promise<{ readonly code: number; readonly of: (id: string) => readonly Row[] }> {
  const { code, stdout, stderr } = await doctor(cwd, ["--format", "json"], env);
  expect(stderr).toBe("");
  const report = JSON.parse(stdout) as { version: number; status: string; diagnoses: Row[] };
  expect([report.version, report.status]).toEqual([
    1,
    report.diagnoses.some(({ status }) => status === "problem") ? "problem" : "ok",
  ]);
  for (const row of report.diagnoses)
    expect(row.status === "problem" && row.help === undefined ? row.value : ".").toMatch(/[.:]/);
  return { code, of: (id) => report.diagnoses.filter((row) => row.id === id) };
}

const FILES = {
  "package.json": '{ "devDependencies": { "lockstep": "0.1.0", "prisma": "6.19.0" } }\n',
  "package-lock.json": '{ "lockfileVersion": 3, "packages": { "node_modules/prisma": { "version": "6.19.0" } } }\n',
  "lockstep.config.json": '{ "postgres": 16 }\n',
  ".husky/pre-commit": "npx lockstep check --staged\n",
  ".github/workflows/ci.yml": "on: pull_request\njobs:\n  a:\n    steps:\n      - run: npx lockstep check\n",
  "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
  "prisma/migrations/20260101000000_init/migration.sql": "CREATE TABLE t (id int PRIMARY KEY);\n",
};

test("all is well: exit code 0, and the whole text", async () => {
  const root = repository(FILES);
  git(root, "branch", "develop");
  write(root, { "prisma/migrations/20260201000000_next/migration.sql": "SELECT 1;\n" });
  const { code, stdout } = await doctor(root, []);
  const version = (pattern: RegExp): string => pattern.exec(stdout)?.[1] ?? "";
  expect(stdout).toBe(`lockstep
  ✓ lockstep        0.1.0
  ✓ Node.js         ${process.versions.node}
  ✓ installed       in package.json (npm, package-lock.json)

Project
  ✓ configuration   lockstep.config.json
  ✓ baseline        none
  ✓ statistics      none: lockstep stats prints the query for them
  ✓ migrations      prisma/migrations: 2 migrations, 1 pending (PostgreSQL)
  ✓ Prisma          6.19.0 (package-lock.json)
  ✓ files are sent  each file as one batch (prisma 6.19.0 in package-lock.json)
  ✓ preset          recommended (the default)
  ✓ PostgreSQL      16 (postgres in the configuration)

Branches
  ✓ git             ${version(/git +(\S.*)/)}
  ✓ checked out     main
  ✓ base            main (main exists and no other base was named)
  ✓ branches        develop is development; main is production and main (git flow: develop exists
                    beside main)

Where it runs
  ✓ commit hook     calls lockstep (husky, .husky/pre-commit)
  ✓ CI              calls lockstep (.github/workflows/ci.yml)

Evidence
  ✓ grammar         PostgreSQL's own, in WebAssembly
  ✓ divergence      the branches can be compared
  ✓ rehearsal       ${version(/rehearsal +(\S.*)/)}
  ✓ down.sql        Prisma's schema engine is installed

All is well.
`);
  expect(version(/rehearsal +(\S.*)/)).toMatch(/^in PostgreSQL \d+\.\d+ \(PGlite \S+\), embedded$/);
  expect(code).toBe(0);
});

test("a broken configuration is exit code 2, with its sentence, and the rest without it", async () => {
  const root = repository({ ...FILES, "lockstep.config.json": '{ "postgres": 13 }\n' });
  const { code, of } = await rows(root);
  expect(code).toBe(2);
  expect(of("config")).toMatchObject([
    { status: "problem", value: expect.stringContaining("lockstep.config.json:1:") as string },
  ]);
  expect(of("migrations")).toMatchObject([{ status: "ok", value: "prisma/migrations: 1 migration, 0 pending" }]);
});

test("a broken baseline is exit code 2", async () => {
  const { code, of } = await rows(repository({ ...FILES, "lockstep.baseline.json": "nonsense" }));
  expect([code, of("baseline").map(({ status }) => status)]).toEqual([2, ["problem"]]);
});

test("what is missing is named with what to do, and exits with 1", async () => {
  const root = folder({
    "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    "prisma/migrations/1_a/migration.sql": "SELECT 1;\n",
    "prisma/migrations/2_b/": "",
    "compose.yml": "services:\n  db:\n    image: 'postgres:15'\n",
  });
  const { code, of } = await rows(root);
  expect(code).toBe(1);
  expect(of("repository")).toMatchObject([{ status: "problem", help: expect.stringContaining("git init") as string }]);
  expect(of("migration")).toMatchObject([
    {
      status: "problem",
      value: expect.stringContaining("prisma/migrations/2_b: The folder holds no migration.sql") as string,
    },
  ]);
  expect(of("execution")).toMatchObject([{ status: "problem", value: "not known" }]);
  expect(of("postgres")).toMatchObject([
    { status: "note", value: "17", help: expect.stringContaining("postgres:15 in compose.yml") as string },
  ]);
  expect(of("installed")).toMatchObject([
    { status: "note", help: expect.stringContaining("npm install --save-dev lockstep") as string },
  ]);
});

describe("odd repositories", () => {
  test("detached HEAD", async () => {
    const root = repository(FILES);
    git(root, "checkout", "-q", "--detach");
    const { code, of } = await rows(root);
    expect([code, of("branch")[0]?.value]).toEqual([0, "a commit, no branch (detached HEAD)"]);
  });

  test("no commits", async () => {
    const root = folder(FILES);
    git(root, "init", "-q", "-b", "main");
    const { of } = await rows(root);
    expect(of("branch")).toMatchObject([{ value: "main, without a commit" }]);
    expect(of("base")).toMatchObject([{ status: "note" }]);
  });

  test("bare, with nothing of a project in it", async () => {
    const root = folder();
    git(root, "init", "-q", "--bare", "-b", "main");
    const { code, of } = await rows(root);
    expect(code).toBe(1);
    expect(of("repository")).toMatchObject([
      { status: "problem", value: expect.stringContaining("no work tree") as string },
    ]);
  });

  test("a worktree and a submodule", async () => {
    const root = repository(FILES);
    git(root, "worktree", "add", "-q", "-b", "feature", "../wt-of-doctor");
    const outer = repository({ readme: "" });
    git(outer, "submodule", "add", "-q", root, "db");
    commit(outer, {});
    const worktree = await rows(join(root, "../wt-of-doctor"));
    expect([worktree.code, worktree.of("branch")[0]?.value, worktree.of("hook")[0]?.status]).toEqual([
      0,
      "feature",
      "ok",
    ]);
    git(root, "worktree", "remove", "--force", "../wt-of-doctor");
    const submodule = await rows(join(outer, "db"));
    expect([submodule.code, submodule.of("base")[0]?.value]).toEqual([0, "origin/main"]);
  });

  test("a shallow clone", async () => {
    const root = repository(FILES);
    commit(root, { a: "" });
    const clone = folder();
    git(clone, "clone", "-q", "--depth", "1", `file://${root}`, "c");
    const { code, of } = await rows(join(clone, "c"));
    expect([code, of("shallow")[0]?.help]).toEqual([1, expect.stringContaining("git fetch --unshallow")]);
  });

  test("a base that is not there, and none that is known", async () => {
    const root = folder(FILES);
    git(root, "init", "-q", "-b", "stable");
    commit(root, {});
    expect((await rows(root)).of("base")).toMatchObject([
      { status: "problem", help: expect.stringContaining("LOCKSTEP_BASE") as string },
    ]);
    const named = await rows(root, { ...ENV, LOCKSTEP_BASE: "nope" });
    expect([named.code, named.of("base")[0]?.status]).toEqual([1, "problem"]);
    expect(named.of("base")[0]?.value).toContain('"nope"');
  });

  test("a .git that leads nowhere, and one that is damaged", async () => {
    const lost = folder({ ...FILES, ".git": "gitdir: /nowhere\n" });
    expect((await rows(lost)).code).toBe(1);
    const damaged = repository(FILES);
    writeFileSync(join(damaged, ".git/HEAD"), "nonsense");
    expect((await rows(damaged)).code).toBe(1);
    const empty = folder();
    mkdirSync(join(empty, ".git"));
    expect((await rows(empty)).code).toBe(1);
  });

  test("a server that does not answer", async () => {
    const { code, of } = await rows(repository(FILES), {
      ...ENV,
      LOCKSTEP_SERVER: "postgresql://u:secret@127.0.0.1:1/db",
    });
    expect([code, of("rehearsal")]).toMatchObject([1, [{ status: "problem", from: "LOCKSTEP_SERVER" }]]);
    expect(JSON.stringify(of("rehearsal"))).not.toContain("secret");
  });

  test("the preset that a hotfix branch has by itself, and one that was chosen", async () => {
    const root = repository(FILES);
    const env = { ...ENV, LOCKSTEP_SERVER: "postgresql://127.0.0.1:1/db" };
    git(root, "checkout", "-q", "-b", "hotfix/orders");
    expect((await rows(root, env)).of("preset")).toMatchObject([
      { status: "ok", value: "hotfix", from: "the branch hotfix/orders matches hotfix/*" },
    ]);
    write(root, { "lockstep.config.json": '{ "preset": "all" }\n' });
    expect((await rows(root, env)).of("preset")).toMatchObject([{ value: "all", from: "preset in the configuration" }]);
  });
});
