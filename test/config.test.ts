import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { Ajv } from "ajv";
import { rules as allRules } from "../rules/index.ts";
import { configSchema } from "../src/engine/config-schema.ts";
import { enabled, fails, ignoredBy, resolveConfig, type ConfigFile } from "../src/engine/config.ts";
import { covers } from "../src/engine/glob.ts";
import { nearest } from "../src/engine/nearest.ts";
import { defineRule, type AnyRule } from "../src/engine/rule.ts";
import { loadConfig } from "../src/project/config/file.ts";
import { describeErrors } from "../src/project/config/problem.ts";

const base = { title: "T", category: "locking", since: "0.1.0", messages: { m: "M." }, help: "H.", on: {} } as const;
const rules: readonly AnyRule[] = [
  defineRule({ ...base, id: "drop-column", severity: "error" }),
  defineRule({ ...base, id: "missing-down", severity: "warning", hotfix: "error" }),
  defineRule({ ...base, id: "house-style", severity: "off" }),
  defineRule({ ...base, id: "note", severity: "info" }),
  defineRule<{ readonly m: string }, string, { limit: number; names: readonly string[] }>({
    ...base,
    id: "with-options",
    severity: "warning",
    options: {
      schema: {
        type: "object",
        additionalProperties: false,
        properties: {
          limit: { type: "integer", minimum: 1, description: "D." },
          names: { type: "array", items: { type: "string" }, description: "D." },
        },
      },
      default: { limit: 5, names: [] },
    },
  }),
];

function severities(file: ConfigFile): Record<string, string> {
  const config = resolveConfig(file, rules);
  return Object.fromEntries(rules.map((rule) => [rule.id, enabled(rule, config)?.severity ?? "off"]));
}

describe("presets", () => {
  test("recommended, hotfix and all", () => {
    expect(severities({})).toEqual({
      "drop-column": "error",
      "missing-down": "warning",
      "house-style": "off",
      note: "info",
      "with-options": "warning",
    });
    expect(severities({ preset: "hotfix" })).toEqual({
      "drop-column": "error",
      "missing-down": "error",
      "house-style": "off",
      note: "info",
      "with-options": "warning",
    });
    expect(severities({ preset: "all" })).toEqual({
      "drop-column": "error",
      "missing-down": "warning",
      "house-style": "warning",
      note: "info",
      "with-options": "warning",
    });
  });

  test("a setting is over the preset, and its options are over the defaults", () => {
    expect(
      severities({ preset: "hotfix", rules: { "missing-down": "info", "drop-column": "off", "house-style": "error" } }),
    ).toMatchObject({ "missing-down": "info", "drop-column": "off", "house-style": "error" });
    const config = resolveConfig({ rules: { "with-options": ["error", { limit: 9 }] } }, rules);
    expect(enabled(rules[4] as AnyRule, config)).toEqual({
      severity: "error",
      options: { limit: 9, names: [] },
      explicit: true,
    });
    expect(enabled(rules[4] as AnyRule, resolveConfig({}, rules))).toEqual({
      severity: "warning",
      options: { limit: 5, names: [] },
      explicit: false,
    });
  });

  test("timeoutsSetByRunner is the option of every rule that asks for it", () => {
    const rule = { ...(rules[4] as AnyRule), options: { schema: {}, default: { setByRunner: false } } } as AnyRule;
    const options = (file: ConfigFile) => enabled(rule, resolveConfig(file, [rule]))?.options["setByRunner"];
    expect(options({})).toBe(false);
    expect(options({ timeoutsSetByRunner: true })).toBe(true);
    const own: ConfigFile = { timeoutsSetByRunner: true, rules: { [rule.id]: ["warning", { setByRunner: false }] } };
    expect(options(own)).toBe(false);
  });

  test("failOn", () => {
    expect(fails("warning", "error")).toBe(false);
    expect(fails("error", "warning")).toBe(true);
    expect(fails("info", "info")).toBe(true);
    expect(fails("error", "never")).toBe(false);
  });
});

test.each([
  ["prisma/migrations/2024*", "prisma/migrations/2024_a/migration.sql", true],
  ["prisma/migrations/2024*", "prisma/migrations/2025_a/migration.sql", false],
  ["**/migration.sql", "prisma/migrations/a/migration.sql", true],
  ["**/migration.sql", "migration.sql", true],
  ["prisma/**/down.sql", "prisma/down.sql", true],
  ["*.sql", "a/b.sql", false],
  ["a?c", "abc", true],
  ["a?c", "ac", false],
  ["./a/", "a/b/c", true],
  ["a.c", "abc", false],
  ["", "a", false],
])("the glob %s on %s: %s", (pattern, path, expected) => {
  expect(covers(pattern, path)).toBe(expected);
});

test("a glob of many stars takes no exponential time", () => {
  expect(covers(`${"**/a*a*a*a*/".repeat(30)}x`, `${"aaaaaaaaaaaaaaaaaaaaaaaaa/".repeat(60)}y`)).toBe(false);
});

test.each([
  ["drop-colum", "drop-column"],
  ["dorp-column", "drop-column"],
  ["DROP_COLUMN", "drop-column"],
  ["zzz", undefined],
  ["", undefined],
])("nearest to %s", (word, expected) => {
  expect(nearest(word, ["drop-column", "drop-table"])).toBe(expected);
});

describe("ignores", () => {
  test("match a migration's id, a path from the configuration's folder, a rule", () => {
    const config = resolveConfig(
      {
        ignores: [
          { path: "2024_a", rules: ["drop-column"], reason: "one" },
          { path: "packages/db/prisma/migrations/2023*", reason: "two" },
          { path: "2022*", reason: "three" },
        ],
      },
      rules,
      { prefix: "packages/db" },
    );
    const at = (id: string): string => `prisma/migrations/${id}/migration.sql`;
    expect(ignoredBy(config, "drop-column", at("2024_a"), "2024_a")?.reason).toBe("one");
    expect(ignoredBy(config, "note", at("2024_a"), "2024_a")).toBeUndefined();
    expect(ignoredBy(config, "note", at("2023_b"), "2023_b")?.reason).toBe("two");
    expect(ignoredBy(config, "note", `../../${at("2023_b")}`, "2023_b")).toBeUndefined();
    expect(ignoredBy(config, "note", at("2022_c"), "2022_c")?.reason).toBe("three");
  });
});

/** Through ajv with the same settings as the compiled validator, for rules that are not in it. */
const validate = new Ajv({ allErrors: true, messages: false, inlineRefs: false }).compile(configSchema(rules));

function mistakes(data: unknown): readonly string[] {
  return validate(data)
    ? []
    : describeErrors((validate.errors ?? []) as Parameters<typeof describeErrors>[0], data, rules).map(
        ({ message }) => message,
      );
}

test.each<[unknown, readonly string[]]>([
  [{ presett: "all" }, ['There is no setting "presett". Did you mean preset?']],
  [
    { preset: "recomended" },
    ['preset is "recomended", but must be recommended, hotfix or all. Did you mean recommended?'],
  ],
  [{ rules: { "drop-colum": "off" } }, ['There is no rule "drop-colum". Did you mean drop-column?']],
  [{ rules: { qqqqqq: "off" } }, ['There is no rule "qqqqqq". lockstep rules lists them.']],
  [
    { rules: { "drop-column": "eror" } },
    ['rules["drop-column"] is "eror", but must be off, error, warning or info. Did you mean error?'],
  ],
  [{ rules: { "drop-column": ["error", {}] } }, ["The rule drop-column has no options: give it a severity alone."]],
  [{ rules: { "with-options": ["error"] } }, ['rules["with-options"] needs a severity and options: ["error", { … }].']],
  [{ ignores: [{ reason: "r", rules: [] }] }, ["ignores[0].rules has fewer than 1 entries."]],
  [{ rules: { "with-options": 1 } }, ['rules["with-options"] is 1, but must be off, error, warning or info.']],
  [
    { rules: { "with-options": ["eror", { limt: 1 }] } },
    [
      'rules["with-options"][0] is "eror", but must be off, error, warning or info. Did you mean error?',
      'The rule with-options has no option "limt". Did you mean limit?',
    ],
  ],
  [
    { rules: { "with-options": ["error", { limit: 0, names: "x" }] } },
    [
      'rules["with-options"][1].limit is 0, but must be at least 1.',
      'rules["with-options"][1].names is "x", but must be a list.',
    ],
  ],
  [
    { ignores: [{ path: "x" }, { reason: " ", rules: ["note", "nota"] }] },
    ['ignores[0] needs "reason".', 'There is no rule "nota". Did you mean note?', "ignores[1].reason is empty."],
  ],
  [
    { postgres: "16", failOn: null },
    [
      'postgres is "16", but must be 14, 15, 16, 17 or 18. Did you mean 16?',
      "failOn is null, but must be error, warning, info or never.",
    ],
  ],
  [[], ["The configuration is a list, but must be an object."]],
])("mistakes in %j", (data, expected) => {
  expect([...mistakes(data)].sort()).toEqual([...expected].sort());
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function project(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "lockstep-config-"));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function load(cwd: string, path?: string): ReturnType<typeof loadConfig> {
  return loadConfig({ cwd, ...(path === undefined ? {} : { path }), rules: allRules, color: false, columns: 100 });
}

describe("the configuration file", () => {
  test("is the nearest one up to the git root", async () => {
    const root = project({
      ".git/HEAD": "",
      "lockstep.config.json": '{"preset":"all"}',
      "a/package.json": '{"lockstep":{"preset":"hotfix"}}',
      "a/b/package.json": '{"name":"lockstep"}',
      "c/x": "",
    });
    expect(await load(join(root, "a/b"))).toMatchObject({
      ok: true,
      config: { preset: "hotfix" },
      directory: join(root, "a"),
    });
    expect(await load(join(root, "c"))).toMatchObject({ ok: true, config: { preset: "all" }, directory: root });
  });

  test("is not looked for above the git root, nor above cwd outside of git", async () => {
    const root = project({ "lockstep.config.json": '{"preset":"all"}', "repo/.git/HEAD": "", "plain/x": "" });
    expect(await load(join(root, "repo"))).toEqual({ ok: true, config: {}, directory: join(root, "repo") });
    expect(await load(join(root, "plain"))).toEqual({ ok: true, config: {}, directory: join(root, "plain") });
    expect(await load(root)).toMatchObject({ ok: true, config: { preset: "all" } });
  });

  test.each([
    ["lockstep.config.jsonc", '\uFEFF{ /* why */ "preset": "all", }'],
    ["lockstep.config.mjs", "export default { preset: 'all' };"],
    ["lockstep.config.js", "module.exports = { preset: 'all' };"],
  ])("%s is read", async (name, text) => {
    expect(await load(project({ [name]: text }))).toMatchObject({ ok: true, config: { preset: "all" } });
  });

  test("lockstep.config.ts is read with the project's typescript, and otherwise named in one sentence", async () => {
    const text = "type P = string;\nconst preset: P = 'all';\nexport default { preset };\n";
    const bare = project({ "lockstep.config.ts": text });
    const strips = Boolean((process.features as { typescript?: unknown }).typescript);
    expect(await load(bare)).toMatchObject(
      strips
        ? { ok: true }
        : {
            ok: false,
            message: `Node.js ${process.versions.node} cannot read lockstep.config.ts: rename it to lockstep.config.mjs or .json, install typescript in the project, or use Node.js 22.18 or later.\n`,
          },
    );
    const equipped = project({ "lockstep.config.ts": text, "node_modules/.keep": "" });
    symlinkSync(join(import.meta.dirname, "../node_modules/typescript"), join(equipped, "node_modules/typescript"));
    expect(await load(equipped)).toMatchObject({ ok: true, config: { preset: "all" } });
  });

  test("mistakes are shown in code frames, all at once, in the order of the file", async () => {
    const root = project({ "lockstep.config.json": '{\n  "failOn": "warn",\n  "presett": "all"\n}\n' });
    expect(await load(root)).toMatchObject({
      ok: false,
      path: join(root, "lockstep.config.json"),
      problems: [{ range: { start: 24, end: 33 } }, { range: { start: 14, end: 20 } }],
      message: [
        'lockstep.config.json:2:13 failOn is "warn", but must be error, warning, info or never.',
        '2 │   "failOn": "warn",',
        "  │             ^^^^^^",
        "",
        'lockstep.config.json:3:3 There is no setting "presett". Did you mean preset?',
        '3 │   "presett": "all"',
        "  │   ^^^^^^^^^",
        "",
      ].join("\n"),
    });
  });

  test.each<[Readonly<Record<string, string>>, string | undefined, string]>([
    [
      { "lockstep.config.json": "{" },
      undefined,
      "lockstep.config.json:1:2 This is not JSON: close brace expected.\n1 │ {\n  │  ^\n",
    ],
    [
      { "lockstep.config.json": " \n" },
      undefined,
      "The configuration lockstep.config.json is empty: write {} for all defaults.\n",
    ],
    [
      { "lockstep.config.json": "{}", "lockstep.config.mjs": "" },
      undefined,
      "There is more than one configuration in this directory: lockstep.config.json, lockstep.config.mjs. Keep one, or name one with --config.\n",
    ],
    [
      { "lockstep.config.mjs": "export const a = 1;" },
      undefined,
      "The configuration lockstep.config.mjs has no default export: write export default { … }.\n",
    ],
    [
      { "lockstep.config.mjs": "throw new Error('no luck.');" },
      undefined,
      "The configuration lockstep.config.mjs could not be loaded: no luck.\n",
    ],
    [
      { "lockstep.config.mjs": "export default { nope: 1 };" },
      undefined,
      'lockstep.config.mjs: There is no setting "nope". There are preset, plugins, rules, ignores, migrations, postgres, execution, parser, base, branches, failOn, timeoutsSetByRunner, smallTables, baseline.\n',
    ],
    [{ x: "" }, "nope.json", "The configuration nope.json does not exist. Check the path given with --config.\n"],
    [
      { "x.yaml": "" },
      "x.yaml",
      "The configuration x.yaml cannot be read: its name must end in .json, .jsonc, .js, .mjs, .ts.\n",
    ],
    [
      { "package.json": "{}" },
      "package.json",
      "package.json has no key lockstep. Add it, or name another file with --config.\n",
    ],
    [
      { "package.json": '{\n"lockstep": 1}' },
      undefined,
      'package.json:2:13 The configuration is 1, but must be an object.\n2 │ "lockstep": 1}\n  │             ^\n',
    ],
  ])("%j", async (files, path, message) => {
    expect(await load(project(files), path)).toMatchObject({ ok: false, message });
  });

  test("--config disables the search", async () => {
    const root = project({ "lockstep.config.json": "{", "other/mine.json": '{"preset":"hotfix"}' });
    expect(await load(root, "other/mine.json")).toMatchObject({
      ok: true,
      config: { preset: "hotfix" },
      directory: join(root, "other"),
    });
  });
});

describe("properties", () => {
  const json = fc.jsonValue({ maxDepth: 4 });
  const near = fc.dictionary(
    fc.constantFrom("preset", "rules", "ignores", "migrations", "postgres", "failOn", "base", "__proto__", "toString"),
    json,
  );

  test("no JSON makes resolveConfig or the description of its mistakes throw", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          json,
          near,
          fc.record({
            rules: fc.dictionary(fc.constantFrom(...rules.map(({ id }) => id), "x", "__proto__"), json),
            ignores: fc.array(json),
          }),
        ),
        (data) => {
          const config = resolveConfig(data as ConfigFile, rules);
          for (const rule of rules) enabled(rule, config);
          ignoredBy(config, "note", "a/b.sql", "a");
          for (const message of mistakes(data)) expect(message).toMatch(/\.$|\?$/);
        },
      ),
    );
  });

  test("no text of a configuration file makes loadConfig throw, and a mistake always has words", async () => {
    const root = project({ "lockstep.config.json": "{}" });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          near.map((data) => JSON.stringify(data)),
        ),
        async (text) => {
          writeFileSync(join(root, "lockstep.config.json"), text);
          const loaded = await load(root);
          expect(loaded.ok || loaded.message.length > 10).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("a glob without wildcards covers itself and what is below it", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z0-9_]{1,6}$/), { minLength: 1, maxLength: 5 }), (parts) => {
        const path = parts.join("/");
        expect(covers(path, path)).toBe(true);
        expect(covers(path, `${path}/x`)).toBe(true);
        expect(covers("**", path)).toBe(true);
      }),
    );
  });
});
