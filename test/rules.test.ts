import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { folderOf } from "./support/fixture-folders.ts";
import { pieceProblems } from "./support/pieces.ts";

const HOME = fileURLToPath(new URL("..", import.meta.url));
const ids = rules.map(({ id }) => id);
const filesWith = (ending: string): string[] =>
  readdirSync(`${HOME}rules`, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(ending) && path !== "index.ts")
    .map((path) => path.slice(0, -ending.length))
    .sort();
const paths = rules.map(({ category, id }) => `${category}/${id}`).sort();

describe("rules/", () => {
  test("is what rules/index.ts lists, sorted and once", () => {
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(
      pieceProblems(paths, filesWith(".ts"), {
        path: (rule) => `rules/${rule}.ts`,
        add: "a rule is in the folder of its category, in a file with its id",
        drop: "list it in rules/index.ts, in the folder that its category names",
      }),
    ).toEqual([]);
  });

  test("index.ts has one line for each rule", () => {
    const text = readFileSync(`${HOME}rules/index.ts`, "utf8");
    const imported = [...text.matchAll(/^import (\w+) from "\.\/\w+\/([\w-]+)\.ts";$/gm)];
    expect(imported.map((match) => match[2])).toEqual(ids);
    for (const [, name = "", id = ""] of imported)
      expect(name).toBe(id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()));
  });

  test("has a page for each rule and no page without one", () => {
    expect(
      pieceProblems(paths, filesWith(".md"), {
        path: (rule) => `rules/${rule}.md`,
        add: "npm run rule -- <its id> makes one to fill in",
        drop: "no rule in rules/index.ts has this name in this category",
      }),
    ).toEqual([]);
  });

  test("has a fixture folder for each rule and no folder without one", () => {
    const folders = readdirSync(`${HOME}fixtures/rules`).flatMap((category) =>
      readdirSync(`${HOME}fixtures/rules/${category}`).map((name) => `${category}/${name}`),
    );
    expect(
      pieceProblems(paths, folders, {
        path: (rule) => `fixtures/rules/${rule}/`,
        add: "npm run rule -- <its id> makes one to fill in",
        drop: "no rule in rules/index.ts has this name in this category",
      }),
    ).toEqual([]);
  });
});

const SENTENCE = /^(?:[A-Z{`"]|down\.sql )[^]*[.?}]$/;

describe.each(rules.map((rule) => [rule.id, rule] as const))("%s", (id, rule) => {
  test('is named as its file, in words that read after "ignore"', () => {
    expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    expect(id).not.toMatch(/^(?:no|ban|disallow|prefer|require|use)-/);
  });

  test("is at most 80 lines: beyond that a fact is missing from the model", () => {
    const lines = readFileSync(`${HOME}rules/${rule.category}/${id}.ts`, "utf8").trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(80);
  });

  test("has invalid and valid fixtures", () => {
    const folder = folderOf(id);
    const files = existsSync(folder) ? readdirSync(folder) : [];
    expect(
      files.some((file) => /^invalid-[\w-]+\.sql$/.test(file)),
      `fixtures/rules/${rule.category}/${id}/ has no invalid-*.sql: add SQL that the rule reports`,
    ).toBe(true);
    expect(
      files.some((file) => /^valid-[\w-]+\.sql$/.test(file)),
      `fixtures/rules/${rule.category}/${id}/ has no valid-*.sql: add SQL that looks like it and is harmless`,
    ).toBe(true);
    for (const file of files) expect(file).toMatch(/^(?:in)?valid-[a-z0-9-]+(?:\.fixed|\.unsafe)?\.sql$/);
    const without = files.filter(
      (file) =>
        /\.(?:fixed|unsafe)\.sql$/.test(file) && !files.includes(file.replace(/\.(?:fixed|unsafe)\.sql$/, ".sql")),
    );
    expect(without, "fixed texts of fixtures that are not there").toEqual([]);
  });

  test("speaks in sentences", () => {
    expect(rule.title).toMatch(/^(?:[A-Z`]|down\.sql )[^\n]*[^.\n]$/);
    for (const message of Object.values<string>(rule.messages)) expect(message).toMatch(SENTENCE);
    expect(rule.help).toMatch(SENTENCE);
    for (const text of [rule.title, rule.help, ...Object.values<string>(rule.messages)])
      expect(text, "no shouting").not.toContain("!");
    expect(
      [rule.title, rule.help, ...Object.values(rule.messages)].filter((text) => text.includes("TODO")),
      "still to be written",
    ).toEqual([]);
  });

  test("has a version, and options with defaults that fit", () => {
    expect(rule.since).toMatch(/^\d+\.\d+\.\d+$/);
    if (!rule.options) return;
    expect(Object.keys(rule.options.default as object).sort()).toEqual(
      Object.keys(rule.options.schema.properties).sort(),
    );
  });
});
