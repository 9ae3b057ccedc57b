import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ESLint } from "eslint";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import lockstep from "../src/surfaces/eslint/plugin.ts";
import { run } from "./support/command.ts";
import { commit, folder, git, repository, write } from "./support/folders.ts";
import { startClient } from "./support/lsp-client.ts";
import { type BuiltProgram, builtProgram } from "./support/program.ts";
import { TEST_CACHE } from "./support/rehearsed.ts";

/** What somebody else's repository can do to whoever only looks at its migrations: nothing. */
let program: BuiltProgram;
beforeAll(async () => {
  program = await builtProgram();
}, 60_000);
afterAll(() => program.remove());

const INIT = "prisma/migrations/20250101000000_init/migration.sql";
const NEXT = "prisma/migrations/20250201000000_next/migration.sql";
const HOOKS = ["post-index-change", "pre-auto-gc", "fsmonitor-watchman", "reference-transaction", "post-checkout"];

interface Hostile {
  readonly root: string;
  /** The configuration keys whose program ran so far; they are forgotten. */
  ran(): readonly string[];
}

/** A repository in whose configuration every key of git's that names a program names one that leaves a mark. */
function hostile(): Hostile {
  const root = repository({
    [INIT]: "CREATE TABLE a (id int);\n",
    "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    ".gitattributes": "* filter=evil diff=evil merge=evil\n*.txt filter=evilprocess !diff\n",
    "readme.md": "one\n",
    "notes.txt": "one\n",
  });
  git(root, "checkout", "-q", "-b", "dev");
  commit(root, { "prisma/migrations/20250102000000_dev/migration.sql": "ALTER TABLE a ADD COLUMN d int;\n" }, "dev");
  git(root, "checkout", "-q", "main");
  git(root, "checkout", "-q", "-b", "feature");
  commit(root, { [NEXT]: "DROP TABLE a;\n" }, "next");
  sign(root);
  const inner = join(root, "inner");
  mkdirSync(inner);
  git(inner, "init", "-q", "-b", "main");
  commit(inner, { "file.txt": "x" });
  git(root, "-c", "advice.addEmbeddedRepo=false", "add", "inner");
  git(root, "commit", "-q", "-m", "inner");
  sign(root);

  const marks = folder();
  const mark = (key: string): string => {
    const file = join(marks, `${key}.sh`);
    // It fails, as a program that was not made for the question would.
    writeFileSync(file, `#!/bin/sh\n: > ${join(marks, `ran-${key}`)}\nexit 1\n`);
    chmodSync(file, 0o755);
    return file;
  };
  const hooks = join(marks, "hooks");
  write(hooks, Object.fromEntries(HOOKS.map((name) => [name, `#!/bin/sh\n: > ${join(marks, `ran-hook-${name}`)}\n`])));
  for (const name of HOOKS) chmodSync(join(hooks, name), 0o755);
  const settings: readonly (readonly [key: string, value: string])[] = [
    ["core.repositoryFormatVersion", "1"],
    ["extensions.partialClone", "origin"],
    ["core.hooksPath", hooks],
    ...["core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.askPass", "core.gitProxy"].map(
      (key) => [key, mark(key)] as const,
    ),
    ...["core.alternateRefsCommand", "sequence.editor", "interactive.diffFilter"].map(
      (key) => [key, mark(key)] as const,
    ),
    ["diff.external", mark("diff.external")],
    ["diff.evil.textconv", mark("textconv")],
    ["diff.evil.command", mark("diff.command")],
    ["filter.evil.clean", mark("filter.clean")],
    ["filter.evil.smudge", mark("filter.smudge")],
    ["filter.evilprocess.process", mark("filter.process")],
    ["filter.a=b.clean", mark("filter.equals")],
    ["merge.evil.driver", mark("merge.driver")],
    ["credential.helper", `!${mark("credential.helper")}`],
    ["log.showSignature", "true"],
    ["gpg.program", mark("gpg.program")],
    ["gpg.ssh.program", mark("gpg.ssh.program")],
    ["gpg.ssh.defaultKeyCommand", mark("gpg.ssh.defaultKeyCommand")],
    ["uploadpack.packObjectsHook", mark("packObjectsHook")],
    ["trailer.evil.command", mark("trailer")],
    ["protocol.allow", "always"],
    ["protocol.ext.allow", "always"],
    ["remote.origin.url", `ext::${mark("remote.ext")}`],
    ["remote.origin.promisor", "true"],
    ["remote.origin.partialclonefilter", "blob:none"],
    ["remote.second.url", "ssh://nobody.invalid/x"],
    ["remote.second.promisor", "true"],
    ["remote.third.url", root],
    ["remote.third.promisor", "true"],
    ["remote.third.uploadpack", mark("remote.uploadpack")],
    ...[
      "status",
      "log",
      "diff",
      "cat-file",
      "for-each-ref",
      "rev-list",
      "ls-tree",
      "config",
      "mv",
      "diff-tree",
    ].flatMap((name) => [
      [`alias.${name}`, `!${mark(`alias-${name}`)}`] as const,
      [`pager.${name}`, mark(`pager-${name}`)] as const,
    ]),
  ];
  for (const [key, value] of settings) execFileSync("git", ["config", "--file", join(root, ".git/config"), key, value]);
  execFileSync("git", ["config", "--file", join(inner, ".git/config"), "core.fsmonitor", mark("submodule.fsmonitor")]);
  // What was changed since it was staged has to be compared, and so goes through the filters.
  write(root, { "readme.md": "two\n", "notes.txt": "two\n", [NEXT]: "DROP TABLE a; \n" });
  return {
    root,
    ran: () => {
      const found = readdirSync(marks).filter((name) => name.startsWith("ran-"));
      for (const name of found) rmSync(join(marks, name));
      return found.map((name) => name.slice(4)).sort();
    },
  };
}

/** Gives HEAD a signature, which git verifies by the program that is configured. */
function sign(root: string): void {
  const [head = "", ...body] = git(root, "cat-file", "commit", "HEAD").split("\n\n");
  const text = `${head}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n none\n -----END PGP SIGNATURE-----\n\n${body.join("\n\n")}\n`;
  const name = execFileSync("git", ["hash-object", "-t", "commit", "-w", "--stdin"], { cwd: root, input: text });
  git(root, "update-ref", "HEAD", String(name).trim());
}

/** Takes the text of a migration of the branch dev away, as a clone that is partial lacks it. */
function lacking(root: string): void {
  const blob = git(root, "rev-parse", "dev:prisma/migrations/20250102000000_dev/migration.sql");
  rmSync(join(root, ".git/objects", blob.slice(0, 2), blob.slice(2)));
}

const ENV = { ...process.env, LOCKSTEP_BASE: undefined, GITHUB_BASE_REF: undefined };

const COMMANDS: readonly (readonly string[])[] = [
  ["check"],
  ["check", "--base", "main"],
  ["check", "--base", "0123456789012345678901234567890123456789"],
  ["check", "--staged"],
  ["check", "--all"],
  ["check", NEXT],
  ["check", "--fix"],
  ["checklist"],
  ["branches"],
  ["branches", "--fix"],
  ["branches", "--main", "main", "--development", "dev"],
  ["hotfix", "x"],
  ["doctor"],
  ["init", "--yes", "--dry-run"],
  ["complete", "--", "check", "--base", ""],
  ["explain", "drop-table"],
];

describe("the fixture is hostile indeed", () => {
  test("git itself runs what it names", () => {
    const { root, ran } = hostile();
    const plain = (...args: readonly string[]) => spawnSync("git", [...args], { cwd: root, input: "" });
    plain("status");
    plain("log", "-1");
    // Git ends where this one does not speak its protocol.
    for (const more of [[], ["-c", "diff.evil.command="], ["-c", "diff.evil.command=", "-c", "diff.external="]])
      plain("-c", "filter.evilprocess.process=", ...more, "diff");
    lacking(root);
    plain("cat-file", "-p", "dev:prisma/migrations/20250102000000_dev/migration.sql");
    expect(ran()).toEqual(
      expect.arrayContaining([
        "core.fsmonitor",
        "core.sshCommand",
        "diff.external",
        "filter.clean",
        "filter.process",
        "gpg.program",
        "remote.ext",
        "remote.uploadpack",
        "submodule.fsmonitor",
      ]),
    );
  });
});

describe.each(["whole", "partial"] as const)("nothing of a repository runs that is %s", (kind) => {
  test("in any command", () => {
    const { root, ran } = hostile();
    if (kind === "partial") lacking(root);
    for (const args of COMMANDS) {
      const { status, stderr, error } = spawnSync(process.execPath, [program.cli, ...args], {
        cwd: root,
        encoding: "utf8",
        input: "",
        env: ENV,
      });
      expect(error, args.join(" ")).toBeUndefined();
      expect([0, 1, 2], `${args.join(" ")}: ${stderr}`).toContain(status);
      expect(stderr, args.join(" ")).not.toContain("internal error");
      expect(ran(), args.join(" ")).toEqual([]);
    }
  }, 300_000);

  // The program that is built here has no embedded PostgreSQL.
  test.runIf(kind === "whole")(
    "nor in a rehearsal",
    async () => {
      const { root, ran } = hostile();
      for (const args of [
        ["check", "--base", "dev", "--rehearse"],
        ["rehearse", NEXT],
        ["down", NEXT],
        ["branches", "--rehearse"],
      ]) {
        await run(args, {
          stdout: { write: () => Promise.resolve(), isTTY: false },
          stderr: { write: () => Promise.resolve(), isTTY: false },
          stdin: () => Promise.resolve(new Uint8Array()),
          env: { LOCKSTEP_CACHE_DIR: TEST_CACHE },
          cwd: root,
        });
        expect(ran(), args.join(" ")).toEqual([]);
      }
    },
    300_000,
  );

  test("nor in an editor that does not trust it, nor in ESLint", async () => {
    const { root, ran } = hostile();
    write(root, {
      "lockstep.config.mjs": `import "node:fs"; process.kill(process.pid, "SIGKILL"); export default {};`,
    });
    if (kind === "partial") lacking(root);
    for (const pull of kind === "whole" ? [true] : [false]) {
      const client = await startClient(program.cli, {
        folder: root,
        pull,
        initializationOptions: { trusted: false },
      });
      onTestFinished(() => {
        client.connection.dispose();
        client.process.kill("SIGKILL");
      });
      const uri = client.open(join(root, NEXT), "DROP TABLE a;\n");
      expect((await client.diagnostics(uri)).length).toBeGreaterThan(0);
      client.change(uri, "DROP TABLE b;\n");
      await client.diagnostics(uri);
      // The branches are compared when no key was pressed for a while.
      await new Promise((settle) => setTimeout(settle, 1_500));
      await client.diagnostics(uri);
      expect(await client.stop()).toBe(0);
      expect(ran()).toEqual([]);
    }
    rmSync(join(root, "lockstep.config.mjs"));
    const { name: _name, ...base } = lockstep.configs.recommended;
    const start = process.cwd();
    process.chdir(root);
    try {
      const eslint = new ESLint({ cwd: root, overrideConfigFile: true, overrideConfig: [{ ...base }] });
      expect((await eslint.lintFiles(["**/*.sql"])).length).toBeGreaterThan(0);
    } finally {
      process.chdir(start);
    }
    expect(ran()).toEqual([]);
  }, 120_000);
});

describe("a link that leads out of the repository", () => {
  const SECRET = "CREATE TABLE secret_of_the_user (id int);\n";
  const linked = (name: string, options: { readonly folder?: boolean } = {}): string => {
    const secret = folder({ "migration.sql": SECRET });
    const root = repository({
      [INIT]: "CREATE TABLE a (id int);\n",
      "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    });
    const at = join(root, "prisma/migrations/20250201000000_next");
    if (options.folder) symlinkSync(secret, at);
    else {
      write(root, { [NEXT]: "DROP TABLE a;\n" });
      rmSync(join(at, name), { force: true });
      symlinkSync(join(secret, "migration.sql"), join(at, name));
    }
    return root;
  };
  const started = (root: string, ...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program.cli, ...args], {
      cwd: root,
      encoding: "utf8",
      env: ENV,
    });
    return { status, said: stdout + stderr };
  };

  test.each(["migration.sql", "down.sql"])("%s is not read, and every surface names it", async (name) => {
    const root = linked(name);
    const sentence = `prisma/migrations/20250201000000_next/${name} is behind a link that leads out of the repository, so it is not read`;
    git(root, "add", "-A");
    for (const args of [
      ["check"],
      ["check", "--all", "--format", "json"],
      ["check", "--staged"],
      ["check", "prisma/migrations/20250201000000_next"],
      ["checklist"],
      ["rehearse"],
      ["down", "prisma/migrations/20250201000000_next"],
    ]) {
      const { status, said } = started(root, ...args);
      expect(said, args.join(" ")).toContain(sentence);
      expect(said, args.join(" ")).not.toContain("secret_of_the_user");
      expect(status, args.join(" ")).toBe(2);
    }
    const client = await startClient(program.cli, { folder: root, pull: true });
    onTestFinished(() => {
      client.connection.dispose();
      client.process.kill("SIGKILL");
    });
    const uri = client.open(join(root, INIT), "CREATE TABLE a (id int);\n");
    expect((await client.diagnostics(uri)).map(({ message }) => message)[0]).toContain(sentence);
    const { name: _name, ...base } = lockstep.configs.recommended;
    const start = process.cwd();
    process.chdir(root);
    try {
      const eslint = new ESLint({ cwd: root, overrideConfigFile: true, overrideConfig: [{ ...base }] });
      const results = await eslint.lintFiles(["**/*.sql"]);
      const said = results.flatMap(({ messages }) => messages.map(({ message }) => message)).join("\n");
      expect(said).toContain(sentence);
    } finally {
      process.chdir(start);
    }
  });

  test("a folder is not read, and named", () => {
    const root = linked("", { folder: true });
    const named = "prisma/migrations/20250201000000_next";
    expect(started(root, "check").said).toContain(named);
    expect(started(root, "check").said).toContain("Prisma does not follow");
    for (const args of [["check"], ["check", "--all"], ["rehearse", "--all"]])
      expect(started(root, ...args).said, args.join(" ")).not.toContain("secret_of_the_user");
    const { status, said } = started(root, "check", named);
    expect(said).toContain("leads out of the repository");
    expect(status).toBe(2);
  });

  test("one that stays in the repository is read as before", () => {
    const root = repository({
      [INIT]: "CREATE TABLE a (id int);\n",
      "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    });
    write(root, { "shared.sql": "DROP TABLE a;\n", "prisma/migrations/20250201000000_next/": "" });
    symlinkSync("../../../shared.sql", join(root, NEXT));
    expect(started(root, "check").said).toContain("drop-table");
  });
});
