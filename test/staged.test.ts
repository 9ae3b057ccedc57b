import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadStaged } from "../src/project/staged.ts";
import { stagedChanges } from "../src/source/git/staged.ts";
import { run, start } from "./support/command.ts";
import type { Io } from "../src/project/io.ts";
import { commit, folder, git, repository, write } from "./support/folders.ts";

const LOCK = "prisma/migrations/migration_lock.toml";
const at = (id: string, name = "migration.sql"): string => `prisma/migrations/${id}/${name}`;
const INIT = "20260101000000_init";
const NEXT = "20260201000000_next";
const BASE = {
  [LOCK]: 'provider = "postgresql"\n',
  [at(INIT)]: 'CREATE TABLE "users" ("id" integer PRIMARY KEY, "email" text);\n',
};
const BLOCKS = 'CREATE INDEX "users_email_idx" ON "users"("email");\n';

async function lockstep(cwd: string, args: readonly string[], env: Io["env"] = {}, program = run) {
  const out = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr"): Io["stdout"] => ({
    write: (text) => ((out[name] += text), Promise.resolve()),
    isTTY: false,
  });
  const code = await program(args, {
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    stdin: () => Promise.resolve(new Uint8Array()),
    env,
    cwd,
  });
  return { code, ...out };
}

/** What a check of the index is given, a line for each migration. */
async function staged(root: string, cwd = root, environment: Io["env"] = {}): Promise<string[]> {
  const changes = stagedChanges(root, environment);
  if (!changes.ok) return [changes.message];
  const loaded = await loadStaged({ cwd, root, changes: changes.value, wanted: () => true });
  if (!loaded.ok) return [loaded.message];
  return loaded.value.histories.flatMap(({ migrations, problems }) => [
    ...migrations.map(
      ({ path, up, down, state }) =>
        `${state} ${path}: ${up?.text.trim() ?? "nothing"}${down ? ` / ${down.text.trim()}` : ""}`,
    ),
    ...problems.map(({ file }) => `problem ${file}`),
  ]);
}

describe("what is staged", () => {
  test("is pending with its text in the index, and the rest of the index is history", async () => {
    const root = repository({ ...BASE, [at("20260301000000_later")]: "SELECT 3;" });
    write(root, { [at(NEXT)]: "SELECT 1;", [at(NEXT, "down.sql")]: "SELECT -1;" });
    git(root, "add", at(NEXT), at(NEXT, "down.sql"));
    // The work tree is another: changed, deleted and new files that are not staged.
    write(root, { [at(NEXT)]: "SELECT 2;", [at("20260401000000_untracked")]: "SELECT 4;" });
    rmSync(join(root, at(INIT)));
    expect(await staged(root)).toEqual([
      `history prisma/migrations/${INIT}: ${BASE[at(INIT)]?.trim()}`,
      `pending prisma/migrations/${NEXT}: SELECT 1; / SELECT -1;`,
      "history prisma/migrations/20260301000000_later: SELECT 3;",
    ]);
  });

  test("an edit of what HEAD has is pending; a new mode alone is not", async () => {
    const root = repository(BASE);
    write(root, { [at(INIT)]: "SELECT 2;" });
    git(root, "add", "-A");
    expect(await staged(root)).toEqual([`pending prisma/migrations/${INIT}: SELECT 2;`]);
    git(root, "checkout", "-q", "HEAD", ".");
    chmodSync(join(root, at(INIT)), 0o755);
    git(root, "add", "-A");
    expect(await staged(root)).toEqual([`history prisma/migrations/${INIT}: ${BASE[at(INIT)]?.trim()}`]);
  });

  test("a renamed folder is pending under its new name, a deleted one is gone, one without migration.sql a problem", async () => {
    const root = repository({
      ...BASE,
      [at("1_moved")]: "SELECT 1;",
      [at("2_deleted")]: "SELECT 2;",
      [at("2_deleted", "x/notes.md")]: "x",
      [at("3_torn")]: "SELECT 3;",
      [at("3_torn", "README.md")]: "x",
    });
    git(root, "mv", "prisma/migrations/1_moved", `prisma/migrations/${NEXT}`);
    git(root, "rm", "-rq", "prisma/migrations/2_deleted", at("3_torn"));
    expect(await staged(root)).toEqual([
      `history prisma/migrations/${INIT}: ${BASE[at(INIT)]?.trim()}`,
      `pending prisma/migrations/${NEXT}: SELECT 1;`,
      "pending prisma/migrations/3_torn: nothing",
      "problem prisma/migrations/3_torn",
    ]);
  });

  test("before the first commit everything is pending; what is only intended is not there", async () => {
    const root = folder({ ...BASE, [at(NEXT)]: "SELECT 1;" });
    git(root, "init", "-q");
    git(root, "add", LOCK, at(INIT));
    git(root, "add", "-N", at(NEXT));
    expect(await staged(root)).toEqual([`pending prisma/migrations/${INIT}: ${BASE[at(INIT)]?.trim()}`]);
  });

  test("with spaces, other scripts and quotes in the path, from a folder inside of it", async () => {
    const directory = 'päckages/the "db"/prisma/migrations';
    const root = repository({ [`${directory}/${INIT}/migration.sql`]: "SELECT 0;" });
    write(root, { [`${directory}/20260201000000_größe 🚀/migration.sql`]: "SELECT 'é';" });
    git(root, "add", "-A");
    expect(await staged(root, join(root, 'päckages/the "db"'))).toEqual([
      `history prisma/migrations/${INIT}: SELECT 0;`,
      "pending prisma/migrations/20260201000000_größe 🚀: SELECT 'é';",
    ]);
  });

  test("in a worktree, and in a submodule but not for the repository around it", async () => {
    const inner = repository(BASE);
    const root = repository({ ...BASE, "other/README.md": "" });
    git(root, "submodule", "add", "-q", inner, "prisma/migrations/vendor");
    write(root, { [`prisma/migrations/vendor/${at(NEXT)}`]: "SELECT 1;" });
    const submodule = join(root, "prisma/migrations/vendor");
    git(submodule, "add", "-A");
    expect((await staged(submodule)).at(-1)).toBe(`pending prisma/migrations/${NEXT}: SELECT 1;`);
    expect(await staged(root)).toEqual([]);
    // As a hook of the outer repository would be: its index is not that of the submodule.
    expect((await staged(submodule, submodule, { GIT_INDEX_FILE: join(root, ".git/index") })).at(-1)).toBe(
      `pending prisma/migrations/${NEXT}: SELECT 1;`,
    );
    commit(root, {});
    const tree = join(root, "../", `${root.split("/").at(-1)}-tree`);
    git(root, "worktree", "add", "-q", "-b", "side", tree);
    try {
      write(tree, { [at(NEXT)]: "SELECT 2;" });
      git(tree, "add", at(NEXT));
      expect((await staged(tree)).at(-1)).toBe(`pending prisma/migrations/${NEXT}: SELECT 2;`);
      expect(await staged(root)).toEqual([]);
    } finally {
      rmSync(tree, { recursive: true, force: true });
    }
  });

  test("is what git commit -a is about to commit: the index of the hook", async () => {
    const root = repository(BASE);
    const hook = join(root, ".git/hooks/pre-commit");
    mkdirSync(join(root, ".git/hooks"), { recursive: true });
    writeFileSync(hook, '#!/bin/sh\necho "$GIT_INDEX_FILE" > .git/given\ncp "$GIT_INDEX_FILE" .git/kept\nexit 1\n', {
      mode: 0o755,
    });
    write(root, { [at(INIT)]: "SELECT 2;" });
    expect(() => git(root, "commit", "-qam", "no")).toThrow();
    expect(readFileSync(join(root, ".git/given"), "utf8")).toMatch(/index\.lock\n$/);
    expect(await staged(root)).toEqual([]);
    expect(await staged(root, root, { GIT_INDEX_FILE: ".git/kept" })).toEqual([
      `pending prisma/migrations/${INIT}: SELECT 2;`,
    ]);
  });

  test("is nothing of node_modules, of links and of other SQL", async () => {
    const root = repository({ "README.md": "" });
    write(root, {
      [`node_modules/x/${at(INIT)}`]: "SELECT 1;",
      "db/seed/migration.sql": "SELECT 2;",
      "migration.sql": "SELECT 3;",
      "target.sql": "SELECT 4;",
    });
    mkdirSync(join(root, "prisma/migrations/20260101000000_link"), { recursive: true });
    symlinkSync("../../../target.sql", join(root, at("20260101000000_link")));
    git(root, "add", "-Af");
    expect(await staged(root)).toEqual([]);
  });

  test("an unfinished merge is told", async () => {
    const root = repository(BASE);
    git(root, "checkout", "-qb", "side");
    commit(root, { [at(NEXT)]: "SELECT 1;" });
    git(root, "checkout", "-q", "main");
    commit(root, { [at(NEXT)]: "SELECT 2;" });
    expect(() => git(root, "merge", "-q", "side")).toThrow();
    expect(await staged(root)).toEqual([
      `${at(NEXT)} has an unfinished merge in the index: resolve it, and stage it with "git add".`,
    ]);
  });
});

describe("check --staged", () => {
  test("finds what the commit would bring, and not what the work tree has", async () => {
    const root = repository(BASE);
    write(root, { [at(NEXT)]: BLOCKS });
    git(root, "add", "-A");
    write(root, { [at(NEXT)]: "SELECT 1;\n" });
    for (const program of [run, start]) {
      const { code, stdout, stderr } = await lockstep(root, ["check", "--staged"], {}, program);
      expect([code, stderr]).toEqual([1, ""]);
      expect(stdout).toContain(`${at(NEXT)}:1:1`);
    }
    git(root, "add", "-A");
    expect((await lockstep(root, ["check", "--staged"])).code).toBe(0);
  });

  test("is silent where nothing of a migration is staged, before anything is loaded", async () => {
    const root = repository({ ...BASE, "lockstep.config.json": "{ broken" });
    write(root, { "src/app.ts": "x", [at(NEXT)]: BLOCKS });
    git(root, "add", "src");
    for (const program of [run, start])
      expect(await lockstep(root, ["check", "--staged"], {}, program)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect((await lockstep(root, ["check", "--staged", "--format", "json"])).code).toBe(2);
    write(root, { "lockstep.config.json": "{}" });
    const json = await lockstep(root, ["check", "--staged", "--format", "json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ migrations: [], findings: [] });
    expect([json.code, json.stderr]).toEqual([0, ""]);
  });

  /** Rule, severity, and the first words, of each finding. */
  const told = async (root: string): Promise<readonly string[]> => {
    git(root, "add", "-A");
    const { stdout } = await lockstep(root, ["check", "--staged", "--format", "json"]);
    return (JSON.parse(stdout) as { findings: { rule: string; severity: string; message: string }[] }).findings
      .filter(({ rule }) => rule === "edited-applied-migration")
      .map(({ severity, message }) => `${severity}: ${message.split(":")[0] ?? ""}`);
  };
  const changes: readonly (readonly [string, (root: string) => void, string])[] = [
    [
      "edited",
      (root) => {
        write(root, { [at(INIT)]: "SELECT 2;\n" });
      },
      `{branch} has ${INIT} with other statements`,
    ],
    [
      "renamed",
      (root) => {
        git(root, "mv", `prisma/migrations/${INIT}`, `prisma/migrations/${INIT}_users`);
      },
      `{branch} has ${INIT}_users as ${INIT}`,
    ],
    [
      "deleted",
      (root) => {
        git(root, "rm", "-q", at(INIT));
      },
      `${INIT} of {branch} was deleted`,
    ],
  ];
  describe.each(changes)("a migration that is %s", (_, change, words) => {
    test("on the main branch, where it is committed", async () => {
      const root = repository({ ...BASE, [at(NEXT)]: "SELECT 1;" });
      git(root, "branch", "-M", "main");
      change(root);
      expect(await told(root)).toEqual([`error: ${words.replace("{branch}", "main (committed)")}`]);
      expect((await lockstep(root, ["check", "--staged"])).code).toBe(1);
      git(root, "reset", "-q", "--hard");
      expect(await lockstep(root, ["check", "--staged"])).toEqual({ code: 0, stdout: "", stderr: "" });
    });

    test("on a branch, where the base has it", async () => {
      const root = repository({ ...BASE, [at(NEXT)]: "SELECT 1;" });
      git(root, "branch", "-M", "main");
      git(root, "checkout", "-q", "-b", "feature");
      change(root);
      expect(await told(root)).toEqual([`error: ${words.replace("{branch}", "main")}`]);
    });

    test("on a branch that alone has it is worth a warning", async () => {
      const root = repository({ "README.md": "" });
      git(root, "branch", "-M", "main");
      git(root, "checkout", "-q", "-b", "feature");
      commit(root, { ...BASE, [at(NEXT)]: "SELECT 1;" });
      change(root);
      expect(await told(root)).toEqual([`warning: ${words.replace("{branch}", "feature (committed)")}`]);
      expect((await lockstep(root, ["check", "--staged"])).code).toBe(0);
    });
  });

  test("a folder without migration.sql fails, and a lock file with the marks of a conflict is told", async () => {
    const root = repository({ ...BASE, [at(NEXT)]: "SELECT 1;" });
    write(root, { [at("20260301000000_lone", "down.sql")]: "SELECT 1;" });
    git(root, "add", "-A");
    const lone = await lockstep(root, ["check", "--staged"]);
    expect([lone.code, lone.stdout]).toEqual([1, expect.stringContaining("P3015") as string]);
    git(root, "rm", "-rfq", "prisma/migrations/20260301000000_lone");
    write(root, { [LOCK]: "# nothing\n" });
    git(root, "add", "-A");
    const unnamed = await lockstep(root, ["check", "--staged"]);
    expect([unnamed.code, unnamed.stdout]).toEqual([1, expect.stringContaining("P3019") as string]);
    write(root, { [LOCK]: '<<<<<<< HEAD\nprovider = "postgresql"\n=======\n>>>>>>> side\n' });
    git(root, "add", LOCK);
    expect((await lockstep(root, ["check", "--staged"])).stdout).toContain(
      "The lock file holds the conflict markers of an unfinished merge.",
    );
  });

  test("keeps to the folder that it is started in, and to the migrations of the configuration", async () => {
    const root = repository({ "README.md": "" });
    for (const name of ["a", "b"])
      write(root, {
        [`${name}/${at(INIT)}`]: "CREATE TABLE a (id integer PRIMARY KEY);",
        [`${name}/${LOCK}`]: 'provider = "postgresql"',
      });
    git(root, "add", "-A");
    const files = async (cwd: string, ...args: string[]) =>
      (
        JSON.parse((await lockstep(cwd, ["check", "--staged", "--format", "json", ...args])).stdout) as {
          migrations: { path: string }[];
        }
      ).migrations.map(({ path }) => path);
    expect(await files(root)).toEqual([`a/prisma/migrations/${INIT}`, `b/prisma/migrations/${INIT}`]);
    expect(await files(join(root, "a"))).toEqual([`prisma/migrations/${INIT}`]);
    write(root, { "lockstep.config.json": '{ "migrations": ["b/prisma/migrations"] }' });
    expect(await files(root)).toEqual([`b/prisma/migrations/${INIT}`]);
    write(root, { "lockstep.config.json": '{ "migrations": ["*/prisma/migrations/2*"] }' });
    expect(await files(join(root, "a"))).toEqual([`prisma/migrations/${INIT}`, `../b/prisma/migrations/${INIT}`]);
  });

  test("--diff shows a patch of the index", async () => {
    const root = repository(BASE);
    write(root, { [at(NEXT)]: BLOCKS });
    git(root, "add", "-A");
    write(root, { [at(NEXT)]: "SELECT 1;\n" });
    const { stdout } = await lockstep(root, ["check", "--staged", "--diff", "--fix"]);
    expect(stdout).toContain("CREATE INDEX CONCURRENTLY");
    write(root, { patch: stdout });
    git(root, "apply", "--cached", "--whitespace=nowarn", "patch");
    expect(git(root, "show", `:${at(NEXT)}`)).toContain("CREATE INDEX CONCURRENTLY");
  });

  test("takes two git processes, and one where nothing is staged", async () => {
    const root = repository(BASE);
    const tools = folder({});
    const real = git(root, "--exec-path");
    writeFileSync(
      join(tools, "git"),
      `#!/bin/sh\nfor word in "$@"; do case "$word" in -*|*=*) ;; *) echo "$word" >> "${tools}/log"; break;; esac; done\nexec "${real}/git" "$@"\n`,
      {
        mode: 0o755,
      },
    );
    const before = process.env["PATH"];
    const counted = async (): Promise<string[]> => {
      writeFileSync(join(tools, "log"), "");
      process.env["PATH"] = `${tools}:${before ?? ""}`;
      try {
        await lockstep(root, ["check", "--staged"]);
      } finally {
        process.env["PATH"] = before;
      }
      return readFileSync(join(tools, "log"), "utf8").split("\n").filter(Boolean);
    };
    expect(await counted()).toEqual(["diff"]);
    write(root, { [at(NEXT)]: "SELECT 1;" });
    git(root, "add", "-A");
    expect(await counted()).toEqual(["diff", "cat-file"]);
  });

  test.each<[readonly string[], string]>([
    [
      ["a.sql", "b.sql"],
      "--staged finds by itself what is staged, so it takes no paths (a.sql, b.sql): leave them out, or check those files without --staged.",
    ],
    [["--all"], "--staged makes the staged migrations pending, and --all every one: leave out one of them."],
    [["--base", "main"], "--staged compares with HEAD, and --base with main: leave out one of them."],
    [["--stdin"], "--staged reads the index, and --stdin standard input: leave out one of them."],
    [
      ["--fix"],
      "--fix changes files of the work tree, and --staged reads the index: fix the files by their names and stage them again, or look at the fixes with --diff.",
    ],
  ])("with %j is one sentence", async (args, message) => {
    expect(await lockstep(repository(BASE), ["check", "--staged", ...args])).toEqual({
      code: 2,
      stdout: "",
      stderr: `lockstep: ${message}\n`,
    });
  });

  test("outside of a repository, and without git, is one sentence", async () => {
    const outside = folder(BASE);
    expect(await lockstep(outside, ["check", "--staged"])).toEqual({
      code: 2,
      stdout: "",
      stderr: `lockstep: --staged reads the index of a git repository, but ${outside} is in none: start it inside of one, or name the migrations.\n`,
    });
    const root = repository(BASE);
    const before = process.env["PATH"];
    process.env["PATH"] = outside;
    try {
      expect((await lockstep(root, ["check", "--staged"])).stderr).toBe(
        "lockstep: git was not found, which --staged needs to read the index: install it, or name the migrations.\n",
      );
    } finally {
      process.env["PATH"] = before;
    }
  });
});
