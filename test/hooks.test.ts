import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, readFileSync, readlinkSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { namedBlocks } from "./support/code-blocks.ts";
import { folder, git, repository, write } from "./support/folders.ts";
import { type BuiltProgram, builtProgram } from "./support/program.ts";

/** The recipes of docs/hooks.md, as they are written there, with the real tools: every commit is one of git's. */
const HOME = join(import.meta.dirname, "..");
const RECIPES = namedBlocks("hooks.md");
const PRE_COMMIT = spawnSync("pre-commit", ["--version"]).status === 0;

const MIGRATION = "prisma/migrations/20260201000000_next/migration.sql";
const GOOD = 'CREATE TABLE "tags" ("id" integer PRIMARY KEY);\n';
const BAD = 'DROP TABLE "users";\n';

let built: BuiltProgram;
beforeAll(async () => {
  built = await builtProgram();
  chmodSync(built.cli, 0o755);
});
afterAll(() => {
  built.remove();
});

interface Project {
  readonly root: string;
  readonly run: (
    command: string,
    ...args: readonly string[]
  ) => { readonly status: number | null; readonly said: string };
  /** What lockstep was started with since the last time that this was asked. */
  readonly started: () => readonly string[];
}

/** A repository with a deployed migration and lockstep installed below `at`. */
function project(at = "."): Project {
  const root = repository({
    ".gitignore": "node_modules\n.started\n",
    "package.json": '{ "name": "blog", "private": true }\n',
    [join(at, "prisma/migrations/migration_lock.toml")]: 'provider = "postgresql"\n',
    [join(at, "prisma/migrations/20260101000000_init/migration.sql")]:
      'CREATE TABLE "users" ("id" integer PRIMARY KEY, "email" text);\n',
  });
  const home = folder({
    ".gitconfig": '[user]\n\tname = Ada\n\temail = ada@example.com\n[protocol "file"]\n\tallow = always\n',
  });
  const log = join(root, ".started");
  write(root, {
    [join(at, "node_modules/.bin/lockstep")]:
      `#!/bin/sh\necho "$*" >> "${log}"\nexec "${process.execPath}" "${built.cli}" "$@"\n`,
  });
  chmodSync(join(root, at, "node_modules/.bin/lockstep"), 0o755);
  const env = {
    PATH: process.env["PATH"],
    HOME: home,
    PRE_COMMIT_HOME: join(home, "pre-commit"),
    GIT_CONFIG_NOSYSTEM: "1",
    NO_COLOR: "1",
    TERM: "dumb",
  };
  return {
    root,
    run(command, ...args) {
      const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: "utf8", env });
      return { status, said: stdout + stderr };
    },
    started() {
      const lines = existsSync(log)
        ? readFileSync(log, "utf8")
            .split("\n")
            .filter((line) => line !== "")
        : [];
      write(root, { ".started": "" });
      return lines;
    },
  };
}

/** Packages of this repository's node_modules with their programs, as `npm install` would put them there. */
function install({ root }: Project, ...names: readonly string[]): void {
  for (const name of names) {
    symlinkSync(join(HOME, "node_modules", name), join(root, "node_modules", name));
    const program = join(HOME, "node_modules/.bin", name);
    if (existsSync(program))
      symlinkSync(join(dirname(program), readlinkSync(program)), join(root, "node_modules/.bin", name));
  }
}

/** Writes the files of a recipe and commits them, so that only migrations are staged from then on. */
function follow({ root }: Project, recipe: string): void {
  const blocks = RECIPES.get(recipe);
  if (!blocks || blocks.length === 0) throw new Error(`docs/hooks.md has no recipe "${recipe}"`);
  for (const { file, text } of blocks) {
    write(root, { [file]: text });
    if (file.startsWith(".git/") || file.startsWith(".husky/")) chmodSync(join(root, file), 0o755);
  }
  git(root, "add", "-A");
  git(root, "-c", "core.hooksPath=/dev/null", "commit", "-q", "--allow-empty", "-m", "the recipe");
}

interface Recipe {
  readonly name: string;
  readonly set: (project: Project) => void;
  /** Without a migration the tool does not start lockstep at all. */
  readonly skips: boolean;
  /** What lockstep is started with for one migration. */
  readonly starts?: (root: string) => string;
  readonly at?: string;
  readonly skipped?: boolean;
}

function done(run: { readonly status: number | null; readonly said: string }): void {
  if (run.status !== 0) throw new Error(run.said);
}

const recipes: readonly Recipe[] = [
  {
    name: "husky",
    skips: false,
    set(project) {
      install(project, "husky");
      done(project.run("node_modules/.bin/husky"));
      follow(project, "husky");
    },
  },
  {
    name: "husky and lint-staged",
    skips: true,
    starts: (root) => `check ${root}/${MIGRATION}`,
    set(project) {
      install(project, "husky", "lint-staged");
      done(project.run("node_modules/.bin/husky"));
      follow(project, "husky and lint-staged");
    },
  },
  {
    name: "lefthook",
    skips: true,
    set(project) {
      install(
        project,
        "lefthook",
        ...["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"]
          .map((platform) => `lefthook-${platform}`)
          .filter((name) => existsSync(join(HOME, "node_modules", name))),
      );
      follow(project, "lefthook");
      done(project.run("node_modules/.bin/lefthook", "install"));
    },
  },
  {
    name: "pre-commit",
    skips: true,
    skipped: !PRE_COMMIT && !process.env["CI"],
    set(project) {
      followPreCommit(project);
    },
  },
  {
    name: "pre-commit, without another repository",
    skips: true,
    skipped: !PRE_COMMIT && !process.env["CI"],
    set(project) {
      follow(project, "pre-commit, without another repository");
      done(project.run("pre-commit", "install"));
    },
  },
  {
    name: "Without a tool",
    skips: false,
    set(project) {
      follow(project, "Without a tool");
    },
  },
  {
    name: "In a repository of several packages",
    at: "packages/db",
    skips: false,
    set(project) {
      write(project.root, { "node_modules/.bin/": "" });
      install(project, "husky");
      done(project.run("node_modules/.bin/husky"));
      follow(project, "In a repository of several packages");
    },
  },
];

/** The repository that the recipe names, with the hook's files as they are here, in place of the one on the network. */
function followPreCommit(project: Project): void {
  const hooks = folder();
  for (const file of [".pre-commit-hooks.yaml", "hooks/pre-commit.sh"]) cpSync(join(HOME, file), join(hooks, file));
  git(hooks, "init", "-q", "-b", "main");
  git(hooks, "add", "-A");
  git(hooks, "commit", "-q", "-m", "hooks");
  git(hooks, "tag", "v0.2.0");
  done(project.run("git", "config", "--global", `url.file://${hooks}.insteadOf`, "https://github.com/OWNER/lockstep"));
  follow(project, "pre-commit");
  done(project.run("pre-commit", "install"));
}

test("every recipe of the page is tried", () => {
  expect([...RECIPES.keys()].sort()).toEqual(recipes.map(({ name }) => name).sort());
});

describe.each(recipes)("$name", ({ at = ".", set, skips, starts = () => "check --staged", skipped = false }) => {
  test.skipIf(skipped)(
    "refuses what is staged for its finding, commits what is harmless, and leaves other commits alone",
    () => {
      const one = project(at);
      const { root } = one;
      const migration = join(at, MIGRATION);
      set(one);
      one.started();
      const before = git(root, "rev-parse", "HEAD");

      write(root, { [migration]: BAD });
      git(root, "add", "-A");
      // The work tree is harmless already; what is staged is not.
      write(root, { [migration]: GOOD });
      const refused = one.run("git", "commit", "-m", "bad");
      expect(refused.status, refused.said).toBe(1);
      expect(refused.said).toMatch(/error drop-table .*20260201000000_next\/migration\.sql:1:1/);
      expect(git(root, "rev-parse", "HEAD")).toBe(before);
      expect(readFileSync(join(root, migration), "utf8")).toBe(GOOD);
      expect(one.started()).toEqual([starts(root)]);

      git(root, "add", "-A");
      write(root, { [migration]: BAD });
      const good = one.run("git", "commit", "-m", "good");
      expect(good.status, good.said).toBe(0);
      expect(git(root, "show", `HEAD:${migration}`)).toBe(GOOD.trim());
      expect(readFileSync(join(root, migration), "utf8")).toBe(BAD);
      expect(one.started()).toEqual([starts(root)]);

      write(root, { "notes.md": "x\n" });
      git(root, "add", "notes.md");
      const other = one.run("git", "commit", "-m", "notes");
      expect(other.status, other.said).toBe(0);
      expect(other.said).not.toMatch(/drop-table|pending/);
      expect(one.started()).toEqual(skips ? [] : ["check --staged"]);
    },
  );
});

describe.skipIf(!PRE_COMMIT && !process.env["CI"])("the hook for pre-commit", () => {
  test("finds lockstep in the package that the migrations are in", () => {
    const one = project("packages/db");
    followPreCommit(one);
    write(one.root, { [`packages/db/${MIGRATION}`]: BAD });
    git(one.root, "add", "-A");
    const refused = one.run("git", "commit", "-m", "bad");
    expect([refused.status, one.started()]).toEqual([1, ["check --staged"]]);
    expect(refused.said).toContain("error drop-table");
  });

  test("says in a sentence that lockstep is not installed", () => {
    const one = project("elsewhere");
    followPreCommit(one);
    write(one.root, { [MIGRATION]: GOOD });
    git(one.root, "add", "-A");
    const refused = one.run("git", "commit", "-m", "good");
    expect(refused.status).toBe(1);
    expect(refused.said).toContain(
      'lockstep: It is not installed in this project: run "npm install --save-dev lockstep"',
    );
  });
});
