import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import type { AnyRule } from "../src/index.ts";
import { loadReader } from "../src/sql/readers.ts";
import { parseFixture } from "./support/fixture.ts";
import { differences, runFixture } from "./support/fixture-run.ts";

const HOME = fileURLToPath(new URL("..", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "lockstep-rule-"));
const run = (...words: string[]) =>
  spawnSync(process.execPath, [join(root, "test/rule/index.mjs"), ...words], { cwd: root, encoding: "utf8" });

beforeAll(() => {
  for (const path of ["rules", "test/rule", "package.json", "CHANGELOG.md"])
    cpSync(join(HOME, path), join(root, path), { recursive: true });
  // Without node_modules: the rule is made, and its tests are not started.
  symlinkSync(join(HOME, "src"), join(root, "src"), "junction");
  mkdirSync(join(root, "fixtures"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("npm run rule makes what is missing of a rule, and it works", async () => {
  const made = run("drop-everything")
    .stdout.split("\n")
    .filter((line) => line.startsWith("made "));
  expect(made).toEqual([
    "made rules/destructive/drop-everything.ts",
    "made rules/destructive/drop-everything.md",
    "made fixtures/rules/destructive/drop-everything/invalid-plain.sql",
    "made fixtures/rules/destructive/drop-everything/valid-new-table.sql",
    "made rules/index.ts",
  ]);
  const list = (await import(/* @vite-ignore */ pathToFileURL(join(root, "rules/index.ts")).href)) as {
    rules: readonly AnyRule[];
  };
  const ids = list.rules.map(({ id }) => id);
  expect(ids).toEqual([...rules.map(({ id }) => id), "drop-everything"].sort());
  const rule = list.rules.find(({ id }) => id === "drop-everything");
  if (!rule) throw new Error("it is not listed");
  const reader = await loadReader("postgres");
  for (const file of ["invalid-plain.sql", "valid-new-table.sql"]) {
    const path = join(root, "fixtures/rules/destructive/drop-everything", file);
    const fixture = parseFixture(readFileSync(path, "utf8"), reader);
    expect(fixture.wants.length > 0).toBe(file.startsWith("invalid-"));
    expect(differences(fixture, await runFixture(fixture, rule, [rule]))).toEqual([]);
  }

  const index = readFileSync(join(root, "rules/index.ts"), "utf8");
  rmSync(join(root, "rules/destructive/drop-everything.md"));
  const again = run("drop-everything")
    .stdout.split("\n")
    .filter((line) => line.startsWith("made "));
  expect(again).toEqual(["made rules/destructive/drop-everything.md"]);
  expect(readFileSync(join(root, "rules/index.ts"), "utf8")).toBe(index);
});

test("what it makes is formatted", () => {
  run("drop-everything");
  const biome = join(HOME, "node_modules/@biomejs/biome/bin/biome");
  for (const path of ["rules/index.ts", "rules/destructive/drop-everything.ts"]) {
    const input = readFileSync(join(root, path), "utf8");
    const formatted = execFileSync(process.execPath, [biome, "format", `--stdin-file-path=${path}`], {
      cwd: HOME,
      input,
    });
    expect(input).toBe(formatted.toString());
  }
});

test("the rule that CONTRIBUTING.md shows catches what its fixture wants", async () => {
  const page = readFileSync(join(HOME, "CONTRIBUTING.md"), "utf8");
  const block = (language: string): string =>
    new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "m").exec(page)?.[1] ?? "";
  const path = join(root, "rules/destructive/drop-sequence.ts");
  writeFileSync(path, block("ts"));
  const { default: rule } = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as { default: AnyRule };
  const fixture = parseFixture(block("sql"), await loadReader("postgres"));
  expect(fixture.wants).toHaveLength(1);
  expect(differences(fixture, await runFixture(fixture, rule, [rule]))).toEqual([]);
});

test.each([
  [[], "Name a rule: "],
  [["no-drops"], "no-drops does not name a hazard"],
  [["Drop"], "Drop does not name a hazard"],
  [["locking/drop-column"], "drop-column is in destructive."],
  [["waits-for-ever"], "There is no rule waits-for-ever. To make it, name its category: "],
  [["nowhere/waits-for-ever"], "There is no rule waits-for-ever. To make it, name its category: "],
] as const)("%j is a mistake, in one sentence", (words, sentence) => {
  const { status, stdout, stderr } = run(...words);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(sentence);
  expect(existsSync(join(root, "rules/locking/drop-column.ts"))).toBe(false);
});
