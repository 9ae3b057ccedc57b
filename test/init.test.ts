import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import fc from "fast-check";
import { parse as parseJsonc } from "jsonc-parser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { run } from "./support/command.ts";
import type { Io } from "../src/project/io.ts";
import { loadConfig } from "../src/project/config/file.ts";
import { callsLockstep } from "../src/surfaces/setup/hooks/index.ts";
import type { Questions } from "../src/surfaces/setup/questions.ts";
import { runInit } from "../src/surfaces/setup/init.ts";
import { addToYaml } from "../src/surfaces/setup/yaml-edit.ts";
import { commit, folder, git, repository, write } from "./support/folders.ts";
import { type BuiltProgram, builtProgram } from "./support/program.ts";
import { onTerminal, type Step } from "./support/terminal.ts";

const HOME = join(import.meta.dirname, "..");
const MIGRATIONS = {
  "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
  "prisma/migrations/20260101000000_init/migration.sql":
    'CREATE TABLE "users" ("id" integer PRIMARY KEY, "email" text);\n',
  "prisma/migrations/20260102000000_drop/migration.sql": 'ALTER TABLE "users" DROP COLUMN "email";\n',
};
const PROJECT = {
  ".gitignore": "node_modules\n",
  "package.json": '{\n  "name": "blog",\n  "devDependencies": { "lockstep": "0.1.0", "prisma": "6.19.0" }\n}\n',
  "package-lock.json": "{}\n",
  ...MIGRATIONS,
};

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function captured(cwd: string, start: (io: Io) => Promise<number>): Promise<Said> {
  const out = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr"): Io["stdout"] => ({
    write: (text) => ((out[name] += text), Promise.resolve()),
    isTTY: false,
  });
  const code = await start({
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    stdin: () => Promise.resolve(new Uint8Array()),
    env: {},
    cwd,
  });
  return { code, ...out };
}

const init = (cwd: string, ...args: readonly string[]): Promise<Said> =>
  captured(cwd, (io) => run(["init", ...args], io));
const asked = (cwd: string, answers: Questions): Promise<Said> => captured(cwd, (io) => runInit({}, io, answers));
const text = (root: string, path: string): string => readFileSync(join(root, path), "utf8");

/** Every file below a folder but git's own objects, with its content. */
function snapshot(root: string): Readonly<Record<string, string>> {
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (path) => !/^\.git\/(?!hooks\/)|node_modules/.test(path) && statSync(join(root, path)).isFile(),
  );
  return Object.fromEntries(paths.sort().map((path) => [path, text(root, path)]));
}

describe("what is written", () => {
  test("a dry run prints a patch that makes what --yes makes, and writes nothing", async () => {
    const files = {
      ...PROJECT,
      ".husky/pre-commit": "npx lint-staged\n",
      ".github/workflows/ci.yml": "on: push\njobs: {}\n",
      "compose.yaml": "services:\n  db:\n    image: postgres:16-alpine\n",
    };
    const root = repository(files);
    const before = snapshot(root);
    const dry = await init(root, "--dry-run");
    expect(dry.code).toBe(0);
    expect(snapshot(root)).toEqual(before);
    const patched = repository(files);
    write(patched, { "../patch": "" });
    const applied = spawnSync("git", ["apply", "-"], { cwd: patched, input: dry.stdout, encoding: "utf8" });
    expect(applied.stderr).toBe("");
    expect((await init(root, "--yes")).code).toBe(0);
    expect(snapshot(patched)).toEqual(snapshot(root));
    expect(Object.keys(snapshot(root)).filter((path) => before[path] !== snapshot(root)[path])).toEqual([
      ".github/workflows/lockstep.yml",
      ".husky/pre-commit",
      "lockstep.baseline.json",
      "lockstep.config.jsonc",
    ]);
    expect(text(root, ".husky/pre-commit")).toBe("npx lint-staged\nnode_modules/.bin/lockstep check --staged\n");
  });

  test("a second run changes nothing and says so", async () => {
    const root = repository({ ...PROJECT, ".gitlab-ci.yml": "stages: [build, lint]\nbuild:\n  script: make\n" });
    await init(root, "--yes");
    const before = snapshot(root);
    const again = await init(root, "--yes");
    expect(snapshot(root)).toEqual(before);
    expect(again.code).toBe(0);
    expect(again.stdout).toContain("lockstep.config.jsonc is there and stays as it is.\n");
    expect(again.stdout).toContain(
      "The commit hook (.git/hooks, .git/hooks/pre-commit) calls lockstep already and stays as it is.\n",
    );
    expect(again.stdout).toContain("CI calls lockstep already (.gitlab-ci.yml) and stays as it is.\n");
    expect(again.stdout).toContain("lockstep.baseline.json is there and stays as it is");
    expect(again.stdout).toMatch(/\nNothing to do\.\n$/);
  });

  test("the configuration fits the schema as it is, and with each of its lines switched on", async () => {
    const root = repository({ ...PROJECT, "compose.yaml": "services:\n  db:\n    image: postgis/postgis:15-3.4\n" });
    await init(root, "--yes");
    const config = text(root, "lockstep.config.jsonc");
    const loaded = await loadConfig({ cwd: root, rules: [], color: false, columns: 100 });
    expect(loaded).toMatchObject({ ok: true, config: { postgres: 15, failOn: "error" } });
    const validate = new Ajv({ strict: false }).compile(JSON.parse(text(HOME, "schema/config.schema.json")) as object);
    const lines = config.split("\n");
    const options = lines.flatMap((line, index) => (/^ {2}\/\/ "/.test(line) ? [index] : []));
    expect(options.map((index) => /"(\w+)"/.exec(lines[index] ?? "")?.[1])).toEqual([
      "preset",
      "migrations",
      "execution",
      "base",
      "branches",
      "rules",
      "ignores",
      "baseline",
    ]);
    const variants = [[], ...options.map((index) => [index]), options];
    for (const on of variants) {
      const errors: never[] = [];
      const value: unknown = parseJsonc(
        lines.map((line, index) => (on.includes(index) ? line.replace("// ", "") : line)).join("\n"),
        errors,
        { allowTrailingComma: false },
      );
      expect(errors, String(on)).toEqual([]);
      expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
    }
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(140);
    expect(config).toContain("postgis/postgis:15-3.4 in compose.yaml");
    expect(config.replace(/\n +\/\/ /g, " ")).toContain("Without it: by prisma 6.19.0 in package.json.");
    expect(config).toContain('// "base": "main",');
  });

  test("the baseline accepts what deployed migrations have, and nothing of pending ones", async () => {
    const root = repository(PROJECT);
    write(root, { "prisma/migrations/20260201000000_next/migration.sql": 'DROP TABLE "users";\n' });
    await init(root, "--yes");
    const accepted = (
      JSON.parse(text(root, "lockstep.baseline.json")) as { accepted: { migration: string; rule: string }[] }
    ).accepted;
    expect(accepted.map(({ migration, rule }) => `${migration} ${rule}`)).toContain("20260102000000_drop drop-column");
    expect(accepted.filter(({ migration }) => migration === "20260201000000_next")).toEqual([]);
    const all = await captured(root, (io) => run(["check", "--all", "--format", "json"], io));
    const open = (
      JSON.parse(all.stdout) as { findings: { rule: string; migration: string; suppressed?: unknown }[] }
    ).findings.filter(({ suppressed }) => !suppressed);
    expect([...new Set(open.map(({ migration }) => migration))]).toEqual(["20260201000000_next"]);
  });

  test("all or nothing: where one file cannot be written, none is", async () => {
    const root = repository({ ...PROJECT, ".github": "a file\n" });
    const before = snapshot(root);
    const failed = await init(root, "--yes", "--ci", "github");
    expect(failed.code).toBe(2);
    expect(failed.stderr).toMatch(/^lockstep: .*\.github.* could not be written \(E\w+\): nothing was written; .*\n$/);
    expect(snapshot(root)).toEqual(before);
  });

  test.each<[name: string, files: Readonly<Record<string, string>>, runs: string, install: string]>([
    ["npm", { "package-lock.json": "{}" }, "npx --no-install lockstep check", "npm ci"],
    [
      "pnpm",
      { "pnpm-lock.yaml": "lockfileVersion: '9.0'\n" },
      "pnpm exec lockstep check",
      "pnpm install --frozen-lockfile",
    ],
    ["yarn", { "yarn.lock": "# yarn lockfile v1\n" }, "yarn lockstep check", "yarn install --frozen-lockfile"],
    ["berry", { "yarn.lock": "\n__metadata:\n  version: 8\n" }, "yarn lockstep check", "yarn install --immutable"],
    ["bun", { "bun.lock": "{}" }, "bunx --no-install lockstep check", "bun install --frozen-lockfile"],
  ])("the workflow for %s passes action-validator", async (_name, files, runs, install) => {
    const root = repository({
      "package.json": '{ "devDependencies": { "lockstep": "0.1.0" } }',
      ...MIGRATIONS,
      ...files,
    });
    expect((await init(root, "--yes", "--ci", "github", "--no-hook")).code).toBe(0);
    const workflow = ".github/workflows/lockstep.yml";
    const { status, stdout, stderr } = spawnSync(join(HOME, "node_modules/.bin/action-validator"), [workflow], {
      cwd: root,
      encoding: "utf8",
    });
    expect([status, stdout + stderr]).toEqual([0, expect.not.stringContaining("Fatal")]);
    const steps = (
      parseYaml(text(root, workflow)) as { jobs: { migrations: { steps: { run?: string }[] } } }
    ).jobs.migrations.steps.map((step) => step.run);
    expect(steps).toContain(install);
    expect(steps).toContainEqual(expect.stringMatching(new RegExp(`^${runs} --format github --output-file sarif=`)));
  });

  test("a job is added to .gitlab-ci.yml, in a stage that the pipeline has", async () => {
    const before = "# ours\nstages:\n  - build\n  - lint\nbuild:\n  stage: build\n  script: [make]   # as always\n";
    const root = repository({ ...PROJECT, ".gitlab-ci.yml": before });
    await init(root, "--yes");
    const after = text(root, ".gitlab-ci.yml");
    expect(after.startsWith(before)).toBe(true);
    expect(parseYaml(after)).toMatchObject({
      build: { script: ["make"] },
      lockstep: {
        stage: "lint",
        variables: { GIT_DEPTH: 0 },
        artifacts: { reports: { codequality: "lockstep-quality.json" } },
      },
    });
  });
});

describe("hooks", () => {
  const LINE = "node_modules/.bin/lockstep check --staged";

  test.each<[name: string, file: string, before: string, after: string]>([
    [
      "lefthook with jobs",
      "lefthook.yml",
      "pre-commit:\n  parallel: true\n  jobs:\n    - run: eslint # ours\npre-push:\n  jobs:\n    - run: test\n",
      `pre-commit:\n  parallel: true\n  jobs:\n    - run: eslint # ours\n    - name: lockstep\n      run: ${LINE}\npre-push:\n  jobs:\n    - run: test\n`,
    ],
    [
      "lefthook with commands",
      "lefthook.yml",
      "pre-commit:\n  commands:\n    lint:\n      run: |\n        eslint\n",
      `pre-commit:\n  commands:\n    lint:\n      run: |\n        eslint\n    lockstep:\n      run: ${LINE}\n`,
    ],
    [
      "lefthook with comments only",
      ".lefthook.yml",
      "# pre-push:\n#   jobs: []",
      `# pre-push:\n#   jobs: []\npre-commit:\n  jobs:\n    - name: lockstep\n      run: ${LINE}\n`,
    ],
    [
      "pre-commit",
      ".pre-commit-config.yaml",
      "repos:\n- repo: local\n  hooks:\n  - id: a\n    name: a\n    entry: a\n    language: system\n",
      `repos:\n- repo: local\n  hooks:\n  - id: a\n    name: a\n    entry: a\n    language: system\n- repo: local\n  hooks:\n    - id: lockstep\n      name: lockstep\n      entry: ${LINE}\n      language: system\n      pass_filenames: false\n      files: (^|/)(migration|down)\\.sql$|(^|/)migration_lock\\.toml$\n`,
    ],
    [
      "husky with a script that may end before its end",
      ".husky/pre-commit",
      "# ours\nif true; then\n  exit 0\nfi\nexit 0\n",
      `# ours\n${LINE} || exit 1\nif true; then\n  exit 0\nfi\nexit 0\n`,
    ],
    ["husky without an end of line", ".husky/pre-commit", "npm test", `npm test\n${LINE}\n`],
  ])("%s", async (_name, file, before, after) => {
    const root = repository({ ...PROJECT, [file]: before });
    expect((await init(root, "--yes", "--ci", "none")).code).toBe(0);
    expect(text(root, file)).toBe(after);
    if (file.includes("lefthook")) {
      const { status, stdout, stderr } = spawnSync(join(HOME, "node_modules/.bin/lefthook"), ["validate"], {
        cwd: root,
        encoding: "utf8",
      });
      expect([status, stdout + stderr]).toEqual([0, expect.any(String)]);
    }
  });

  test("simple-git-hooks keeps its command, and package.json its form", async () => {
    const manifest =
      '{\n    "name": "blog",\n    "devDependencies": {"lockstep": "1"},\n    "simple-git-hooks": { "pre-commit": "npx lint-staged" }\n}\n';
    const root = repository({ ...MIGRATIONS, "package.json": manifest });
    const { stdout } = await init(root, "--yes", "--ci", "none");
    expect(text(root, "package.json")).toBe(manifest.replace("npx lint-staged", `npx lint-staged && ${LINE}`));
    expect(stdout).toContain("npx simple-git-hooks");
  });

  test("git's own hook goes on before what may end it, and stays executable", async () => {
    const root = repository(PROJECT);
    write(root, { ".git/hooks/pre-commit": "#!/bin/bash\nset -u\nnpm test\n" });
    chmodSync(join(root, ".git/hooks/pre-commit"), 0o755);
    await init(root, "--yes", "--ci", "none");
    expect(text(root, ".git/hooks/pre-commit")).toBe(`#!/bin/bash\nset -u\n${LINE} || exit 1\nnpm test\n`);
    expect(statSync(join(root, ".git/hooks/pre-commit")).mode & 0o111).toBe(0o111);
  });

  test.each<[name: string, files: Readonly<Record<string, string>>, config: readonly string[], lines: string]>([
    ["a flow list", { ".pre-commit-config.yaml": "repos: []\n" }, [], "    - repo: local\n"],
    [
      "another language",
      { "hooks/pre-commit": "#!/usr/bin/env python3\nprint(1)\n" },
      ["core.hooksPath", "hooks"],
      `    ${LINE} || exit 1\n`,
    ],
    [
      "a here-document",
      { "hooks/pre-commit": "#!/bin/sh\ncat <<EOF\nexit\nEOF\n" },
      ["core.hooksPath", "hooks"],
      `    ${LINE} || exit 1\n`,
    ],
    ["lefthook in TOML", { "lefthook.toml": "[pre-commit]\n" }, [], "    pre-commit:\n      jobs:\n"],
    ["broken YAML", { "lefthook.yml": "a: [\n" }, [], "    pre-commit:\n      jobs:\n"],
  ])("%s is not touched; the lines are printed", async (_name, files, config, lines) => {
    const root = repository({ ...PROJECT, ...files });
    if (config.length > 0) git(root, "config", ...config);
    const { code, stdout } = await init(root, "--yes", "--ci", "none");
    expect(code).toBe(0);
    for (const [path, before] of Object.entries(files)) expect(text(root, path)).toBe(before);
    expect(stdout).toContain("was not changed, because");
    expect(stdout).toContain(lines);
  });

  test.each<[command: string, calls: boolean]>([
    ["npx --no-install lockstep check --staged", true],
    ["node_modules/.bin/lockstep check", true],
    ["run: npx lockstep", true],
    ["# npx lockstep check", false],
    ["name: lockstep", false],
    ["npm run db:check", true],
    ["npm run db:checked", false],
    ["cd lockstep && make", false],
  ])("%j calls lockstep: %s", (command, calls) => {
    expect(
      callsLockstep(
        command,
        new Map([
          ["db:check", "lockstep check"],
          ["other", "make"],
        ]),
      ),
    ).toBe(calls);
  });

  test("an addition to YAML is made of whole new lines, or is not made", () => {
    const scalar = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.integer(),
      fc.constantFrom("a # b", "- x", "k: v", "|", "it's"),
    );
    const style = fc.constantFrom(
      (value: unknown) => JSON.stringify(value),
      (value: unknown) => `|\n      ${String(value).replace(/[^ -~]/g, "x")}\n`,
      (value: unknown) => `${JSON.stringify(value)} # said`,
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(scalar, style), { maxLength: 5 }),
        fc.boolean(),
        fc.constantFrom("", "\n", "\n\n# end\n", "\nother: 1\n"),
        fc.constantFrom("    ", "  "),
        (items, crlf, end, indent) => {
          const plain = `pre-commit:\n  jobs:\n${items.map(([value, write]) => `${indent}- run: ${write(value)}`).join("\n")}${end}`;
          const before = crlf ? plain.replaceAll("\n", "\r\n") : plain;
          const after = addToYaml(before, {
            path: ["pre-commit", "jobs"],
            lines: ["- name: lockstep", "  run: x"],
            value: { name: "lockstep", run: "x" },
          });
          if (after === undefined) return;
          const [old, now] = [before, after].map((one) => one.split(/\r?\n/));
          expect(
            now
              ?.filter((line) => !/^ *- name: lockstep$|^ *run: x$/.test(line))
              .join("\n")
              .trimEnd(),
          ).toBe(old?.join("\n").trimEnd());
          const jobs = (one: string): readonly unknown[] =>
            (parseYaml(one) as { "pre-commit": { jobs: readonly unknown[] } })["pre-commit"].jobs;
          expect(jobs(after)).toEqual([...jobs(before), { name: "lockstep", run: "x" }]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("odd projects", () => {
  test("two schemas, one of them for MySQL: the others are named", async () => {
    const root = repository({
      "package.json": '{ "workspaces": ["packages/*"] }',
      "packages/a/prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
      "packages/a/prisma/migrations/1_a/migration.sql": "CREATE TABLE a (id int PRIMARY KEY);\n",
      "packages/b/prisma/migrations/migration_lock.toml": 'provider = "mysql"\n',
      "packages/b/prisma/migrations/1_b/migration.sql": "CREATE TABLE b (id int PRIMARY KEY);\n",
      "packages/c/prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
      "packages/c/prisma/migrations/1_c/migration.sql": "CREATE TABLE c (id int PRIMARY KEY);\n",
    });
    expect((await init(join(root, "packages/a"), "--yes")).code).toBe(0);
    expect(parseJsonc(text(root, "lockstep.config.jsonc"))).toMatchObject({
      migrations: ["packages/a/prisma/migrations", "packages/c/prisma/migrations"],
    });
    expect((await captured(root, (io) => run(["check", "--all", "--format", "json"], io))).code).toBe(0);
  });

  test("lockstep belongs to a package below the root: the hook goes there", async () => {
    const root = repository({
      "package.json": "{}",
      ...Object.fromEntries(Object.entries(PROJECT).map(([path, content]) => [`packages/db/${path}`, content])),
    });
    await init(join(root, "packages/db/prisma"), "--yes", "--ci", "github");
    expect(existsSync(join(root, "packages/db/lockstep.config.jsonc"))).toBe(true);
    expect(text(root, ".git/hooks/pre-commit")).toBe(
      "#!/bin/sh\ncd packages/db && npx --no-install lockstep check --staged\n",
    );
    expect(text(root, ".github/workflows/lockstep.yml")).toContain("working-directory: packages/db\n");
    expect(
      spawnSync(join(HOME, "node_modules/.bin/action-validator"), [".github/workflows/lockstep.yml"], { cwd: root })
        .status,
    ).toBe(0);
  });

  test("not in git: a configuration and a baseline of everything", async () => {
    const root = folder(PROJECT);
    const { code, stdout } = await init(root, "--yes");
    expect([code, readdirSync(root).filter((name) => name.startsWith("lockstep"))]).toEqual([
      0,
      ["lockstep.baseline.json", "lockstep.config.jsonc"],
    ]);
    expect(stdout).toContain("This is no git repository: there is no commit hook to write.\n");
  });

  test("no migrations yet: no baseline", async () => {
    const root = repository({
      "package.json": "{}",
      "prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n}\n',
    });
    const { code, stdout } = await init(root, "--yes");
    expect([
      code,
      existsSync(join(root, "lockstep.config.jsonc")),
      existsSync(join(root, "lockstep.baseline.json")),
    ]).toEqual([0, true, false]);
    expect(stdout).toContain("There are no migrations yet: no baseline is needed.\n");
  });

  test.each<[name: string, files: Readonly<Record<string, string>>, said: string]>([
    [
      "a schema for MySQL",
      { "prisma/schema.prisma": 'datasource db {\n  // provider = "postgresql"\n  provider = "mysql"\n}\n' },
      "lockstep: prisma/schema.prisma is for mysql, but lockstep reads PostgreSQL and CockroachDB only: start it in a project with a PostgreSQL database.\n",
    ],
    [
      "migrations for SQLite",
      {
        "prisma/migrations/migration_lock.toml": 'provider = "sqlite"\n',
        "prisma/migrations/1_a/migration.sql": "SELECT 1;\n",
      },
      "lockstep: prisma/migrations/migration_lock.toml says that these migrations are for sqlite, but lockstep reads PostgreSQL and CockroachDB only: check another migrations folder.\n",
    ],
    ["a broken configuration", { ...PROJECT, "lockstep.config.json": "{" }, "lockstep: lockstep.config.json"],
  ])("%s is one sentence and exit code 2", async (_name, files, said) => {
    const root = repository(files);
    const before = snapshot(root);
    const { code, stderr } = await init(root, "--yes");
    expect(code).toBe(2);
    expect(stderr.startsWith(said)).toBe(true);
    expect(snapshot(root)).toEqual(before);
  });
});

describe("questions", () => {
  const answers: Questions = {
    postgres: () => Promise.resolve(14),
    base: () => Promise.resolve("stable"),
    parts: (parts) => Promise.resolve(parts.map(({ part }) => part)),
  };

  test("what is answered is set, and only what is chosen is written", async () => {
    const root = folder(PROJECT);
    git(root, "init", "-q", "-b", "stable");
    commit(root, {});
    expect((await asked(root, { ...answers, parts: () => Promise.resolve(["config"]) })).code).toBe(0);
    expect(parseJsonc(text(root, "lockstep.config.jsonc"))).toEqual({
      $schema: "./node_modules/lockstep/schema/config.schema.json",
      postgres: 14,
      base: "stable",
      failOn: "error",
    });
    expect(git(root, "status", "--porcelain")).toBe("?? lockstep.config.jsonc");
    expect(existsSync(join(root, ".git/hooks/pre-commit"))).toBe(false);
  });

  test.each(["postgres", "base", "parts"] as const)("giving up at %s writes nothing", async (name) => {
    const root = folder(PROJECT);
    git(root, "init", "-q", "-b", "stable");
    commit(root, {});
    const before = snapshot(root);
    expect(await asked(root, { ...answers, [name]: () => Promise.resolve(undefined) })).toMatchObject({
      code: 130,
      stderr: "lockstep: Stopped; nothing was written.\n",
    });
    expect(snapshot(root)).toEqual(before);
  });
});

describe("the program", () => {
  let built: BuiltProgram;
  beforeAll(async () => {
    built = await builtProgram();
  });
  afterAll(() => {
    built.remove();
  });

  const initOnTerminal = (cwd: string, steps: readonly Step[]): ReturnType<typeof onTerminal> =>
    onTerminal([process.execPath, built.cli, "init"], steps, {
      cwd,
      env: { PATH: process.env["PATH"], TERM: "xterm", HOME: cwd },
    });

  test("asks on a terminal and takes Enter for what it has found", () => {
    const root = repository({ ...PROJECT, "compose.yaml": "services:\n  db:\n    image: postgres:16\n" });
    const { status, shown } = initOnTerminal(root, [
      ["Which PostgreSQL", "\r"],
      ["Write these?", "\r"],
    ]);
    expect([status, shown]).toEqual([0, expect.stringContaining("Written")]);
    expect(parseJsonc(text(root, "lockstep.config.jsonc"))).toMatchObject({ postgres: 16 });
    expect(existsSync(join(root, ".git/hooks/pre-commit"))).toBe(true);
  });

  test("Ctrl-C at a question leaves nothing behind", () => {
    for (const steps of [
      [["Which PostgreSQL", "\u0003"]],
      [
        ["Which PostgreSQL", "\r"],
        ["Write these?", "\u0003"],
      ],
    ] as const) {
      const root = repository(PROJECT);
      const before = snapshot(root);
      const { status, shown } = initOnTerminal(root, steps);
      expect([status, shown]).toEqual([130, expect.stringContaining("nothing was written")]);
      expect(snapshot(root)).toEqual(before);
    }
  });

  test("the hook that it writes for husky refuses a bad commit, and lets a good one through", async () => {
    const root = repository({
      ...PROJECT,
      "package.json":
        '{ "name": "blog", "scripts": { "prepare": "husky" }, "devDependencies": { "husky": "9.1.7", "lockstep": "0.1.0" } }\n',
    });
    write(root, { "node_modules/.bin/lockstep": `#!/bin/sh\nexec "${process.execPath}" "${built.cli}" "$@"\n` });
    chmodSync(join(root, "node_modules/.bin/lockstep"), 0o755);
    symlinkSync(join(HOME, "node_modules/husky"), join(root, "node_modules/husky"));
    const env = {
      PATH: `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`,
      HOME: root,
      GIT_CONFIG_NOSYSTEM: "1",
      NO_COLOR: "1",
      GIT_AUTHOR_NAME: "Ada",
      GIT_AUTHOR_EMAIL: "a@example.com",
      GIT_COMMITTER_NAME: "Ada",
      GIT_COMMITTER_EMAIL: "a@example.com",
    };
    expect(spawnSync(process.execPath, [join(HOME, "node_modules/husky/bin.js")], { cwd: root, env }).status).toBe(0);
    expect((await init(root, "--yes", "--ci", "none")).code).toBe(0);
    const tries = (sql: string): { readonly status: number | null; readonly said: string } => {
      write(root, { "prisma/migrations/20260301000000_next/migration.sql": sql });
      git(root, "add", "-A");
      const { status, stdout, stderr } = spawnSync("git", ["commit", "-m", "next"], {
        cwd: root,
        encoding: "utf8",
        env,
      });
      return { status, said: stdout + stderr };
    };
    expect(tries('DROP TABLE "users";\n')).toEqual({
      status: 1,
      said: expect.stringContaining("drop-table") as string,
    });
    expect(tries('CREATE TABLE "tags" ("id" integer PRIMARY KEY);\n').status).toBe(0);
  });
});
