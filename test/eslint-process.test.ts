import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ESLint } from "eslint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPackage } from "./support/built-package.ts";
import { commit, git, write } from "./support/folders.ts";

/** ESLint's own program, the newest and the oldest that is supported, with the plugin as it is shipped. */
const home = realpathSync(mkdtempSync(join(tmpdir(), "lockstep-eslint-")));
const root = join(import.meta.dirname, "..");
const OLD = "prisma/migrations/20260101000000_old/migration.sql";
const NEW = "prisma/migrations/20260201000000_new/migration.sql";
const SQL = 'ALTER TABLE "users" DROP COLUMN "email";\n';

beforeAll(() => buildPackage(join(home, "package"), ["eslint"]), 60_000);
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

let projects = 0;

/** A repository whose main has one migration, with another one in the work tree. */
function project(files: Readonly<Record<string, string>>): string {
  const folder = join(home, `project-${++projects}`);
  write(folder, {
    ".gitignore": "node_modules\n",
    "package.json": "{}",
    "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    [OLD]: 'CREATE TABLE "users" ("id" integer PRIMARY KEY, "email" text);\n',
  });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(home, "package"), join(folder, "node_modules/lockstep"));
  symlinkSync(join(root, "node_modules/eslint"), join(folder, "node_modules/eslint"));
  git(folder, "init", "-q", "-b", "main");
  commit(folder, {});
  write(folder, { [NEW]: SQL, ...files });
  return folder;
}

function eslint(version: string, folder: string, args: readonly string[], input?: string) {
  const bin = join(root, "node_modules", version, "bin/eslint.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: folder,
    encoding: "utf8",
    ...(input !== undefined && { input }),
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, NODE_OPTIONS: undefined },
  });
  return { status, stdout, stderr };
}

function rulesIn(stdout: string): string[] {
  const results = JSON.parse(stdout) as ESLint.LintResult[];
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, message }) => `${filePath.split("/").at(-2) ?? ""} ${ruleId ?? message}`),
  );
}

const FOUND = [
  "20260201000000_new lockstep/drop-column",
  "20260201000000_new lockstep/missing-down-migration",
  "20260201000000_new lockstep/missing-lock-timeout",
];
const ARRAY = 'import lockstep from "lockstep/eslint";\nexport default [lockstep.configs.recommended];\n';

describe.each(["eslint", "eslint9"])("%s", (version) => {
  test("finds what is pending, and nothing in what is deployed", () => {
    const { status, stdout, stderr } = eslint(version, project({ "eslint.config.mjs": ARRAY }), [".", "-f", "json"]);
    expect([status, stderr, rulesIn(stdout)]).toEqual([1, "", FOUND]);
  });

  test.each([
    ["require()", 'const lockstep = require("lockstep/eslint");\nmodule.exports = [lockstep.configs.recommended];\n'],
    ["import()", 'module.exports = (async () => [(await import("lockstep/eslint")).default.configs.recommended])();\n'],
  ])("takes a CommonJS configuration with %s", (_name, config) => {
    const { stdout, stderr } = eslint(version, project({ "eslint.config.cjs": config }), [".", "-f", "json"]);
    expect([stderr.replace(/.*ExperimentalWarning.*\n.*--trace-warnings.*\n/, ""), rulesIn(stdout)]).toEqual([
      "",
      FOUND,
    ]);
  });

  test("loads the portable parser when it is asked for", () => {
    const config =
      'import lockstep from "lockstep/eslint";\nexport default [{ ...lockstep.configs.recommended, languageOptions: { parser: "portable" } }];\n';
    expect(rulesIn(eslint(version, project({ "eslint.config.mjs": config }), [".", "-f", "json"]).stdout)).toEqual(
      FOUND,
    );
  });

  test("--fix applies what is safe and nothing else", () => {
    const folder = project({ "eslint.config.mjs": ARRAY, [NEW]: `${SQL}CREATE INDEX "i" ON "users"("id");\n` });
    expect(eslint(version, folder, [".", "--fix"]).status).toBe(1);
    expect(readFileSync(join(folder, NEW), "utf8")).toBe(
      `SET lock_timeout = '5s';\n\n${SQL}CREATE INDEX "i" ON "users"("id");\n\nRESET lock_timeout;\n`,
    );
    expect(git(folder, "status", "--porcelain", OLD)).toBe("");
  });

  test("--stdin stands for a file that is there, and for one that is not yet", () => {
    const folder = project({ "eslint.config.mjs": ARRAY });
    expect(
      rulesIn(eslint(version, folder, ["--stdin", "--stdin-filename", NEW, "-f", "json"], "TRUNCATE users;").stdout),
    ).toContain("20260201000000_new lockstep/truncate");
    const later = NEW.replace("_new", "_newer");
    expect(
      rulesIn(
        eslint(
          version,
          folder,
          ["--stdin", "--stdin-filename", later, "-f", "json"],
          'ALTER TABLE "users" DROP COLUMN "id";',
        ).stdout,
      ),
    ).toContain("20260201000000_newer lockstep/drop-column");
    // The schema before it is that of the work tree: the column is gone already.
    expect(
      rulesIn(eslint(version, folder, ["--stdin", "--stdin-filename", later, "-f", "json"], SQL).stdout),
    ).toContain("20260201000000_newer lockstep/contradicts-history");
    expect(
      eslint(version, folder, ["--stdin", "--stdin-filename", NEW, "--fix-dry-run", "-f", "json"], SQL).stdout,
    ).toContain("SET lock_timeout = '5s';");
  });

  test("--cache keeps the findings of a file that stays as it is", () => {
    const folder = project({ "eslint.config.mjs": ARRAY });
    const args = [".", "-f", "json", "--cache", "--cache-location", ".cache"];
    const first = rulesIn(eslint(version, folder, args).stdout);
    expect([first, rulesIn(eslint(version, folder, args).stdout)]).toEqual([FOUND, FOUND]);
    write(folder, { [NEW]: "SELECT 1;\n" });
    expect(rulesIn(eslint(version, folder, args).stdout)).toEqual([]);
  });

  test("says in one sentence what is wrong with a configuration", () => {
    const config =
      'import lockstep from "lockstep/eslint";\nexport default [{ ...lockstep.configs.recommended, languageOptions: { postgres: 9 } }];\n';
    const { status, stderr } = eslint(version, project({ "eslint.config.mjs": config }), ["."]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining(
        "languageOptions.postgres of lockstep/postgres is 9, but must be one of the numbers 14, 15, 16, 17, 18.",
      ),
    ]);
  });

  test("works beside JavaScript and its options", () => {
    const config =
      'import lockstep from "lockstep/eslint";\nexport default [{ languageOptions: { ecmaVersion: 2022, globals: { x: "readonly" } } }, { files: ["**/*.mjs"], rules: { "no-undef": "error" } }, lockstep.configs.recommended];\n';
    const { stdout } = eslint(version, project({ "eslint.config.mjs": config, "a.mjs": "undefinedThing(x);\n" }), [
      ".",
      "-f",
      "json",
    ]);
    expect(rulesIn(stdout).map((line) => line.replace(/^\S+ /, ""))).toEqual([
      "no-undef",
      ...FOUND.map((line) => line.replace(/^\S+ /, "")),
    ]);
  });
});

describe("eslint", () => {
  test.each([
    ["the object", "extends: [lockstep.configs.recommended]"],
    ["the name", 'plugins: { lockstep }, extends: ["lockstep/recommended"]'],
    ["what is configured", "extends: [lockstep.configs.configured]"],
    ["the name of what is configured", 'plugins: { lockstep }, extends: ["lockstep/configured"]'],
  ])("extends by %s", (_name, how) => {
    const config = `import { defineConfig } from "eslint/config";\nimport lockstep from "lockstep/eslint";\nexport default defineConfig([{ files: ["prisma/**/*.sql"], ${how}, rules: { "lockstep/missing-down-migration": "off" } }]);\n`;
    expect(rulesIn(eslint("eslint", project({ "eslint.config.mjs": config }), [".", "-f", "json"]).stdout)).toEqual(
      FOUND.filter((line) => !line.endsWith("down-migration")),
    );
  });

  test("refuses a rule for a language that it is not for", () => {
    const config =
      'import lockstep from "lockstep/eslint";\nexport default [{ files: ["**/*.mjs"], plugins: { lockstep }, rules: { "lockstep/drop-column": "error" } }];\n';
    const { status, stderr } = eslint("eslint", project({ "eslint.config.mjs": config }), ["."]);
    expect([status, stderr]).toEqual([2, expect.stringContaining("lockstep/drop-column")]);
  });

  test("runs in several threads", () => {
    const folder = project({ "eslint.config.mjs": ARRAY });
    expect(rulesIn(eslint("eslint", folder, [".", "-f", "json", "--concurrency", "2"]).stdout)).toEqual(FOUND);
  });
});
