import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findBase } from "../src/evidence/git/base.ts";
import type { Inputs, LoadOptions } from "../src/project/inputs.ts";
import { loadInputs } from "../src/project/inputs.ts";
import {
  currentBranch,
  foldersInTree,
  gitRoot,
  migrationDirectoriesInTree,
  resolveRef,
  treeHistory,
} from "../src/source/git/repository.ts";
import type { Outcome } from "../src/source/outcome.ts";
import { commit, folder, git, repository, write } from "./support/folders.ts";

const FIRST = "prisma/migrations/20240101000000_init/migration.sql";
const SECOND = "prisma/migrations/20240102000000_größe und \u{1F418}/migration.sql";
const THIRD = "prisma/migrations/20240103000000_new/migration.sql";
const LOCK = { "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n' };

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

async function load(cwd: string, options: Partial<LoadOptions> = {}): Promise<Inputs> {
  const inputs = await loadInputs({ cwd, paths: [], environment: {}, ...options });
  if (!inputs.ok) throw new Error(inputs.message);
  return inputs.value;
}

async function sentence(cwd: string, options: Partial<LoadOptions>): Promise<string> {
  const inputs = await loadInputs({ cwd, paths: [], environment: {}, ...options });
  return inputs.ok ? "no failure" : inputs.message;
}

function states({ histories }: Inputs): string[] {
  return histories.flatMap((history) =>
    history.migrations.map((one) => `${one.id.replace(/^\d+_/, "")}: ${one.state}`),
  );
}

test("a migrations folder that was moved is as deployed as it was", async () => {
  const root = repository({ [FIRST.replace("prisma/", "db/")]: "CREATE TABLE a (id int);\n" });
  git(root, "checkout", "-q", "-b", "move");
  mkdirSync(join(root, "prisma"));
  git(root, "mv", "db/migrations", "prisma/migrations");
  commit(root, { ...LOCK, [THIRD]: "CREATE INDEX a_id ON a (id);\n" });
  const { histories } = await load(root, { base: "main" });
  expect(histories[0]?.migrations.map(({ id, state }) => [id, state])).toEqual([
    ["20240101000000_init", "history"],
    ["20240103000000_new", "pending"],
  ]);
});

describe("a tree", () => {
  test("is read without a checkout, with its bytes as they are", () => {
    const root = repository({
      ...LOCK,
      [FIRST]: "\uFEFFSELECT 1;\r\n",
      [SECOND]: Buffer.from([0x2d, 0x2d, 0xff]),
      "prisma/migrations/20240103000000_lost/notes.txt": "x",
      "prisma/migrations/20240104000000_down/migration.sql": "",
      "prisma/migrations/20240104000000_down/down.sql": "SELECT 4;",
    });
    const first = git(root, "rev-parse", "HEAD");
    commit(root, { [FIRST]: "changed" });
    const history = value(
      treeHistory(root, first, "prisma/migrations", (id) => (id.endsWith("down") ? "pending" : "history")),
    );
    expect(history).toMatchObject({ root: "prisma/migrations", layout: "prisma", provider: "postgresql" });
    expect(
      history.migrations.map((one) => [one.up?.path, one.up?.text, one.up?.invalidUtf8, one.down?.text, one.state]),
    ).toEqual([
      [FIRST, "\uFEFFSELECT 1;\r\n", undefined, undefined, "history"],
      [SECOND, "--\uFFFD", true, undefined, "history"],
      [undefined, undefined, undefined, undefined, "history"],
      ["prisma/migrations/20240104000000_down/migration.sql", "", undefined, "SELECT 4;", "pending"],
    ]);
    expect(history.problems.map((one) => one.file)).toEqual(["prisma/migrations/20240103000000_lost"]);
    expect(value(migrationDirectoriesInTree(root, first))).toEqual(["prisma/migrations"]);
    expect([...value(foldersInTree(root, first, "prisma/migrations"))]).toEqual([
      "20240101000000_init",
      "20240102000000_größe und \u{1F418}",
      "20240104000000_down",
    ]);
    expect(value(treeHistory(root, first, "elsewhere", () => "history")).migrations).toEqual([]);
  });
  test("works where the migrations are the root of the repository", () => {
    const root = repository({
      "1_a/migration.sql": "SELECT 1;",
      "migration_lock.toml": LOCK["prisma/migrations/migration_lock.toml"],
    });
    expect(value(treeHistory(root, "HEAD", "", () => "history")).migrations.map((one) => one.up?.path)).toEqual([
      "1_a/migration.sql",
    ]);
  });
});

describe("refs", () => {
  test("branches, tags and commits; never a file, an option or two lines", () => {
    const root = repository({ "a file": "x" });
    const head = git(root, "rev-parse", "HEAD");
    git(root, "tag", "-a", "v1", "-m", "x");
    for (const ref of ["main", "v1", head, head.slice(0, 10), "HEAD"])
      expect(value(resolveRef(root, [ref]))).toEqual({ ref, commit: head });
    for (const ref of ["", "a file", "--all", "main\nHEAD", "no such", "HEAD:a file", "HEAD~9"])
      expect(value(resolveRef(root, [ref]))).toBeUndefined();
    expect(value(resolveRef(root, ["no", "main"]))).toEqual({ ref: "main", commit: head });
    expect(currentBranch(root)).toBe("main");
    git(root, "checkout", "-q", "--detach");
    expect(currentBranch(root)).toBeUndefined();
  });
  test("the base is found: named, environment, CI, the remote's default, main, master", () => {
    const remote = repository({ a: "1" });
    git(remote, "branch", "production");
    const root = folder();
    git(root, "clone", "-q", `file://${remote}`, ".");
    const head = git(root, "rev-parse", "HEAD");
    const base = (named?: string, environment: Record<string, string> = {}): unknown =>
      value(findBase(root, named, environment));
    expect(base("main")).toEqual({ ref: "main", commit: head, because: "--base" });
    expect(base("production")).toEqual({ ref: "origin/production", commit: head, because: "--base" });
    expect(base(undefined, { LOCKSTEP_BASE: "production", GITHUB_BASE_REF: "main" })).toEqual({
      ref: "origin/production",
      commit: head,
      because: "LOCKSTEP_BASE",
    });
    expect(base(undefined, { GITHUB_BASE_REF: "production" })).toEqual({
      ref: "origin/production",
      commit: head,
      because: "GITHUB_BASE_REF of GitHub Actions",
    });
    expect(base(undefined, { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main" })).toEqual({
      ref: "origin/main",
      commit: head,
      because: "CI_MERGE_REQUEST_TARGET_BRANCH_NAME of GitLab CI",
    });
    expect(base(undefined, { BITBUCKET_PR_DESTINATION_BRANCH: "main" })).toMatchObject({ ref: "origin/main" });
    expect(base(undefined, { CHANGE_TARGET: "main" })).toMatchObject({ ref: "origin/main" });
    expect(base(undefined, { GITHUB_BASE_REF: "" })).toEqual({
      ref: "origin/main",
      commit: head,
      because: "origin/HEAD, the remote's default branch",
    });
    git(root, "remote", "set-head", "origin", "--delete");
    commit(root, { a: "2" });
    expect(base()).toEqual({
      ref: "origin/main",
      commit: head,
      because: "origin/main exists and no other base was named",
    });
    git(root, "remote", "remove", "origin");
    expect(base()).toMatchObject({ ref: "main", commit: git(root, "rev-parse", "HEAD") });
    git(root, "branch", "-m", "main", "master");
    expect(base()).toMatchObject({ ref: "master" });
    git(root, "branch", "-m", "master", "trunk");
    expect(base()).toBeUndefined();
  });
  test("a ref that is not there is one sentence", () => {
    const root = repository({ a: "1" });
    expect(findBase(root, "stable", {})).toEqual({
      ok: false,
      message: `The base "stable" (--base) names no commit in ${root}: check its spelling, or run "git fetch origin stable" first.`,
    });
    expect(findBase(root, undefined, { GITHUB_BASE_REF: "dev" })).toEqual({
      ok: false,
      message: `The base "origin/dev" (GITHUB_BASE_REF of GitHub Actions) names no commit in ${root}: check its spelling, or run "git fetch origin dev" first.`,
    });
  });
  test("a shallow clone that lacks the ref says how to fetch it, and that command helps", () => {
    const remote = repository({ a: "1" });
    git(remote, "checkout", "-q", "-b", "feature");
    commit(remote, { a: "2" });
    const root = folder();
    git(root, "clone", "-q", "--depth=1", "--branch=feature", `file://${remote}`, ".");
    expect(findBase(root, undefined, { GITHUB_BASE_REF: "main" })).toEqual({
      ok: false,
      message: `The base "origin/main" (GITHUB_BASE_REF of GitHub Actions) is not in this shallow clone of ${root}: run "git fetch origin main:refs/remotes/origin/main --depth=1" first, or let the checkout fetch everything (fetch-depth: 0).`,
    });
    git(root, "fetch", "-q", "origin", "main:refs/remotes/origin/main", "--depth=1");
    expect(value(findBase(root, undefined, { GITHUB_BASE_REF: "main" }))).toMatchObject({
      ref: "origin/main",
      commit: git(remote, "rev-parse", "main"),
    });
  });
});

describe("what is pending", () => {
  test("what the base lacks, committed or not; an edited migration of the base stays history, with the text of the work tree", async () => {
    const root = repository({ ...LOCK, [FIRST]: "SELECT 1;", [SECOND]: "SELECT 2;" });
    git(root, "checkout", "-q", "-b", "hotfix/x");
    commit(root, { [FIRST]: "SELECT 100;", [THIRD]: "SELECT 3;" });
    write(root, { "prisma/migrations/20240100000000_late/migration.sql": "" });
    const inputs = await load(root);
    expect(states(inputs)).toEqual(["late: pending", "init: history", "größe und \u{1F418}: history", "new: pending"]);
    expect(inputs.histories[0]?.migrations[1]?.up?.text).toBe("SELECT 100;");
    expect(inputs).toMatchObject({
      each: false,
      gitRoot: root,
      evidence: { branch: "hotfix/x", base: { ref: "main", commit: git(root, "rev-parse", "main") } },
    });
    expect(states(await load(root, { base: "hotfix/x" }))).toEqual([
      "late: pending",
      "init: history",
      "größe und \u{1F418}: history",
      "new: history",
    ]);
    const all = await load(root, { all: true });
    expect(all.histories[0]?.migrations.every((one) => one.state === "pending")).toBe(true);
    expect(all.each).toBe(true);
    expect(all.evidence.base).toBeUndefined();
  });
  test("the tip of the base counts, not the merge base", async () => {
    const root = repository({ [FIRST]: "" });
    git(root, "checkout", "-q", "-b", "feature");
    git(root, "checkout", "-q", "main");
    commit(root, { [SECOND]: "" });
    git(root, "checkout", "-q", "feature");
    commit(root, { [SECOND]: "", [THIRD]: "" });
    expect(states(await load(root))).toEqual(["init: history", "größe und \u{1F418}: history", "new: pending"]);
  });
  test("nothing, where HEAD is the base", async () => {
    const root = repository({ [FIRST]: "", [SECOND]: "" });
    const inputs = await load(root);
    expect(states(inputs)).toEqual(["init: history", "größe und \u{1F418}: history"]);
    expect(inputs.each).toBe(false);
  });
  test("a folder of the base without migration.sql was never applied", async () => {
    const root = repository({ [FIRST]: "", "prisma/migrations/20240103000000_new/notes.txt": "" });
    git(root, "checkout", "-q", "-b", "x");
    commit(root, { [THIRD]: "" });
    expect(states(await load(root))).toEqual(["init: history", "new: pending"]);
  });
  test("migrations that are named, with what comes before them as history, and no look at git", async () => {
    const root = folder({ ".git/HEAD": "not a repository", [FIRST]: "", [SECOND]: "", [THIRD]: "" });
    const one = await load(root, { paths: [SECOND] });
    expect(states(one)).toEqual(["init: history", "größe und \u{1F418}: pending"]);
    expect(one.evidence.base).toBeUndefined();
    expect(one.each).toBe(false);
    expect(states(await load(root, { paths: [THIRD, FIRST] }))).toEqual([
      "init: pending",
      "größe und \u{1F418}: history",
      "new: pending",
    ]);
  });
  test("migrations that are named, with a base: what it lacks before them is deployed with them", async () => {
    const root = repository({ [FIRST]: "" });
    git(root, "checkout", "-q", "-b", "x");
    commit(root, { [SECOND]: "", [THIRD]: "" });
    expect(states(await load(root, { paths: [SECOND], base: "main" }))).toEqual([
      "init: history",
      "größe und \u{1F418}: pending",
    ]);
    expect(states(await load(root, { paths: [THIRD], base: "main" }))).toEqual([
      "init: history",
      "größe und \u{1F418}: pending",
      "new: pending",
    ]);
  });
  test("without a base everything is, each for itself, and a problem says so", async () => {
    const root = folder({ [FIRST]: "", [SECOND]: "" });
    const inputs = await load(root);
    expect(states(inputs)).toEqual(["init: pending", "größe und \u{1F418}: pending"]);
    expect(inputs.each).toBe(true);
    expect(inputs.gitRoot).toBeUndefined();
    expect(inputs.histories[0]?.problems).toEqual([
      {
        file: "prisma/migrations",
        message:
          "The migrations are in no git repository. So all migrations are checked, each as a deployment of its own.",
        help: "Name the branch that production runs with --base or LOCKSTEP_BASE, or say --all.",
        code: "no base",
      },
    ]);
    const fresh = folder({ [FIRST]: "" });
    git(fresh, "init", "-q", "-b", "trunk");
    const unborn = await load(fresh);
    expect(unborn.each).toBe(true);
    expect(unborn.histories[0]?.problems[0]?.message).toBe(
      "No base branch was found. So all migrations are checked, each as a deployment of its own.",
    );
  });
  test("SQL files in a folder: those that the base lacks", async () => {
    const root = repository({ "sql/a.sql": "", "other.sql": "" });
    git(root, "checkout", "-q", "-b", "x");
    write(root, { "sql/b.sql": "" });
    const inputs = await load(root, { paths: ["sql", "other.sql"] });
    expect(inputs.histories.map((one) => [one.layout, one.migrations.map((each) => [each.id, each.state])])).toEqual([
      [
        "files",
        [
          ["sql/a.sql", "history"],
          ["sql/b.sql", "pending"],
          ["other.sql", "pending"],
        ],
      ],
    ]);
  });
  test("in a worktree and below the root, with a hook's environment", async () => {
    const root = repository({ [FIRST]: "" });
    const tree = join(folder(), "tree with space");
    git(root, "worktree", "add", "-q", "-b", "x", tree);
    commit(tree, { [THIRD]: "" });
    expect(gitRoot(join(tree, "prisma/migrations"))).toBe(tree);
    const before = { ...process.env };
    process.env["GIT_DIR"] = "/nowhere";
    process.env["GIT_INDEX_FILE"] = "/nowhere/index";
    try {
      const inputs = await load(join(tree, "prisma"));
      expect(states(inputs)).toEqual(["init: history", "new: pending"]);
      expect(inputs).toMatchObject({ gitRoot: tree, evidence: { branch: "x" } });
      expect(inputs.histories[0]?.root).toBe("migrations");
    } finally {
      process.env = before;
    }
  });
  test("a workspace has a history for each folder; one for another database is left out aloud, named it is refused", async () => {
    const root = repository({
      "a/prisma/migrations/1_a/migration.sql": "",
      "b/prisma/migrations/1_b/migration.sql": "",
      "c/prisma/migrations/1_c/migration.sql": "",
      "c/prisma/migrations/migration_lock.toml": 'provider = "mysql"',
    });
    const inputs = await load(root);
    expect(inputs.histories.map((one) => one.root)).toEqual(["a/prisma/migrations", "b/prisma/migrations"]);
    const refused =
      "c/prisma/migrations/migration_lock.toml says that these migrations are for mysql, but lockstep reads PostgreSQL and CockroachDB only: check another migrations folder.";
    expect(inputs.histories[0]?.problems).toEqual([
      {
        file: "c/prisma/migrations",
        message: `This migrations folder was left out: ${refused}`,
        help: 'Name the folders to check as "migrations" in the configuration.',
      },
    ]);
    expect(await sentence(root, { paths: ["c"] })).toBe(refused);
    expect((await load(root, { migrations: ["b/prisma/migrations"] })).histories.map((one) => one.root)).toEqual([
      "b/prisma/migrations",
    ]);
  });
});

describe("failures are one sentence", () => {
  test("--base without a repository", async () => {
    expect(await sentence(folder({ [FIRST]: "" }), { base: "main" })).toBe(
      "The base main (--base) needs a git repository, but prisma/migrations is in none: leave it out, or use --all.",
    );
  });
  test("no git", async () => {
    const root = repository({ [FIRST]: "" });
    const before = { ...process.env };
    const empty = join(root, "empty");
    mkdirSync(empty);
    process.env["PATH"] = empty;
    try {
      const said =
        "git was not found, which is needed to compare with a base branch: install it, or check without a base by --all or by naming migration files.";
      expect(await sentence(root, { base: "main" })).toBe(said);
      expect((await load(root)).histories[0]?.problems[0]?.message).toBe(
        `${said} So all migrations are checked, each as a deployment of its own.`,
      );
      expect(states(await load(root, { paths: [FIRST] }))).toEqual(["init: pending"]);
    } finally {
      process.env = before;
    }
  });
});
