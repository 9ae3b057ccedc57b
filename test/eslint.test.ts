import { join } from "node:path";
import type { TraversalStep } from "@eslint/core";
import { ESLint, type Linter, type Rule, RuleTester } from "eslint";
import { ESLint as ESLint9, RuleTester as RuleTester9 } from "eslint9";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { rules } from "../rules/index.ts";
import * as engine from "../src/engine/run.ts";
import { loadReader } from "../src/sql/readers.ts";
import lockstep from "../src/surfaces/eslint/plugin.ts";
import { commit, folder, git, repository, write } from "./support/folders.ts";

// The bundle compiles the grammar synchronously; the source, which is tested here, needs it ready.
await loadReader("postgres");
// It is called as it is; only counted.
vi.mock("../src/engine/run.ts", { spy: true });

const VERSIONS = [
  ["10", ESLint],
  ["9.15", ESLint9 as unknown as typeof ESLint],
] as const;
const LOCK = { "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n' };
const at = (id: string, root = ""): string => `${root}prisma/migrations/${id}/migration.sql`;
const INIT = "20260101000000_init";
const NEXT = "20260201000000_next";
const TABLE = 'CREATE TABLE "users" ("id" integer PRIMARY KEY, "email" text, "a" int);\n';
const DROP = 'ALTER TABLE "users" DROP COLUMN "email";\n';

const start = process.cwd();
afterEach(() => process.chdir(start));
beforeEach(() => void vi.mocked(engine.run).mockClear());

type Rules = Partial<Linter.RulesRecord>;

/** ESLint in `cwd` with the plugin and nothing else: the preset recommended, or `only` these rules. */
function linter(
  cwd: string,
  more: {
    readonly only?: Rules;
    readonly config?: Linter.Config;
    readonly Eslint?: typeof ESLint;
    readonly options?: ESLint.Options;
  } = {},
): ESLint {
  process.chdir(cwd);
  const { name: _name, rules: recommended, ...base } = lockstep.configs.recommended;
  const Eslint = more.Eslint ?? ESLint;
  return new Eslint({
    cwd,
    overrideConfigFile: true,
    overrideConfig: [{ ...base, rules: more.only ?? recommended, ...more.config }],
    ...more.options,
  });
}

/** A line for each message: place, rule, beginning of the text. */
function lines(results: readonly ESLint.LintResult[], length = 40): string[] {
  return results.flatMap(({ filePath, messages }) =>
    messages.map(
      (each) =>
        `${filePath.split("/").slice(-2).join("/")}:${each.line}:${each.column}-${each.endLine}:${each.endColumn} ${each.ruleId ?? "-"}: ${each.message.slice(0, length)}`,
    ),
  );
}

async function found(eslint: ESLint, files = ["**/*.sql"]): Promise<string[]> {
  return (await eslint.lintFiles(files)).flatMap(({ filePath, messages }) =>
    messages.map(
      ({ ruleId, message }) => `${filePath.split("/").at(-2) ?? ""} ${ruleId?.replace("lockstep/", "") ?? message}`,
    ),
  );
}

/** The messages for one text without a project around it. */
async function messagesOf(sql: string, more: Parameters<typeof linter>[1] = {}): Promise<Linter.LintMessage[]> {
  const [result] = await linter(start, more).lintText(sql, { filePath: "loose/migration.sql" });
  return result?.messages ?? [];
}

describe("the plugin", () => {
  test("has every rule, with what ESLint asks of it", () => {
    expect(Object.keys(lockstep.rules)).toEqual(rules.map(({ id }) => id));
    for (const rule of rules) {
      const { meta } = lockstep.rules[rule.id] as Rule.RuleModule;
      expect(meta).toMatchObject({
        type: "problem",
        languages: ["lockstep/postgres"],
        docs: {
          description: rule.title,
          url: new URL(`../rules/${rule.category}/${rule.id}.md`, import.meta.url).href,
          recommended: rule.severity !== "off",
        },
      });
      expect([meta?.fixable, meta?.hasSuggestions ?? false]).toEqual([
        rule.fixable === "safe" ? "code" : undefined,
        rule.fixable !== undefined,
      ]);
    }
  });

  test("has the presets", () => {
    const { recommended, hotfix, all } = lockstep.configs;
    expect(Object.keys(recommended.rules)).toEqual(
      rules.filter(({ severity }) => severity !== "off").map(({ id }) => `lockstep/${id}`),
    );
    expect(Object.keys(all.rules)).toEqual(rules.map(({ id }) => `lockstep/${id}`));
    expect(recommended).toMatchObject({
      name: "lockstep/recommended",
      files: ["**/migration.sql", "**/down.sql"],
      language: "lockstep/postgres",
      plugins: { lockstep },
    });
    expect(recommended.rules["lockstep/drop-column"]).toBe("error");
    expect([
      recommended.rules["lockstep/missing-down-migration"],
      hotfix.rules["lockstep/missing-down-migration"],
    ]).toEqual(["warn", ["error", { trivial: true }]]);
  });

  test("has of its three severities the two that ESLint has: information is a warning, and what is off is not in it", () => {
    const severities = rules.map(({ id, severity }) => [
      severity,
      lockstep.configs.recommended.rules[`lockstep/${id}`],
    ]);
    expect([...new Set(severities.map(([own, setting]) => `${String(own)}: ${String(setting)}`))].sort()).toEqual([
      "error: error",
      "info: warn",
      "off: undefined",
      "warning: warn",
    ]);
  });

  test("has what lockstep's configuration says, where ESLint runs, at the moment it is asked for", () => {
    const configured = (where: string): Partial<Linter.RulesRecord> => {
      process.chdir(where);
      return lockstep.configs.configured.rules;
    };
    const root = folder({});
    expect(configured(root)).toEqual(lockstep.configs.recommended.rules);
    write(root, {
      "lockstep.config.json": JSON.stringify({
        rules: {
          truncate: "off",
          "drop-column": "info",
          "index-drop-blocks-reads": "error",
          "missing-lock-timeout": ["error", { maxSeconds: 7 }],
        },
      }),
      "packages/api/lockstep.config.json": '{ "preset": "hotfix" }',
    });
    expect(configured(root)).toEqual({
      ...Object.fromEntries(
        Object.entries(lockstep.configs.recommended.rules).filter(([name]) => name !== "lockstep/truncate"),
      ),
      "lockstep/drop-column": "warn",
      "lockstep/index-drop-blocks-reads": "error",
      "lockstep/missing-lock-timeout": ["error", expect.objectContaining({ maxSeconds: 7 })],
    });
    expect(configured(join(root, "packages/api"))).toEqual(lockstep.configs.hotfix.rules);
    write(root, { "lockstep.config.json": '{ "rules": { "drop-colum": "off" } }' });
    expect(() => configured(root)).toThrow(/^lockstep\.config\.json:1:14: .*drop-colum.*Did you mean drop-column\?/);
  });

  test("has the preset hotfix on a hotfix branch, as the command line has, unless another one is configured", () => {
    const root = repository({ ...LOCK, [at(INIT)]: TABLE });
    git(root, "checkout", "-q", "-b", "hotfix/orphans");
    process.chdir(root);
    expect(lockstep.configs.configured.rules).toEqual(lockstep.configs.hotfix.rules);
    write(root, { "lockstep.config.json": '{ "preset": "recommended" }' });
    expect(lockstep.configs.configured.rules).toEqual(lockstep.configs.recommended.rules);
    write(root, { "lockstep.config.json": '{ "branches": { "hotfix": ["urgent/*"] } }' });
    expect(lockstep.configs.configured.rules).toEqual(lockstep.configs.recommended.rules);
  });

  test.each(VERSIONS)("ESLint %s fails on what it has as an error, and not on the rest", async (_version, Eslint) => {
    const root = repository({ ...LOCK, [at(INIT)]: TABLE });
    write(root, {
      [at(NEXT)]: `${DROP}TRUNCATE "users";`,
      "lockstep.config.json":
        '{ "rules": { "drop-column": "info", "truncate": "error", "missing-down-migration": "off" } }',
    });
    process.chdir(root);
    const [result] = await new Eslint({
      cwd: root,
      overrideConfigFile: true,
      overrideConfig: lockstep.configs.configured,
    }).lintFiles([at(NEXT)]);
    const severities = result?.messages.map(({ ruleId, severity }) => [ruleId, severity]);
    expect(severities).toEqual(
      expect.arrayContaining([
        ["lockstep/drop-column", 1],
        ["lockstep/truncate", 2],
      ]),
    );
    expect(severities?.flat()).not.toContain("lockstep/missing-down-migration");
  });

  test.each(VERSIONS)(
    "ESLint %s takes every rule with its own defaults, and none with options that it has not",
    async (_version, Eslint) => {
      const withDefaults = Object.fromEntries(
        rules.map((rule): [string, Linter.RuleEntry] => [
          `lockstep/${rule.id}`,
          rule.options ? ["error", rule.options.default as object] : "error",
        ]),
      );
      await expect(messagesOf("SELECT 1;", { only: withDefaults, Eslint })).resolves.toEqual(expect.any(Array));
      for (const setting of [{ nope: 1 }, { maxSeconds: 0 }, { maxSeconds: "1" }])
        await expect(
          messagesOf("SELECT 1;", { only: { "lockstep/missing-lock-timeout": ["error", setting] }, Eslint }),
        ).rejects.toThrow(/lockstep\/missing-lock-timeout/);
      await expect(
        messagesOf("SELECT 1;", { only: { "lockstep/drop-column": ["error", {}] }, Eslint }),
      ).rejects.toThrow(/lockstep\/drop-column/);
    },
  );
});

describe("RuleTester", () => {
  for (const [version, Tester] of [
    ["10", RuleTester],
    ["9.15", RuleTester9 as unknown as typeof RuleTester],
  ] as const) {
    describe(version, () => {
      Tester.describe = describe;
      Tester.it = test;
      Tester.itOnly = test.only;
      const tester = new Tester({ plugins: { lockstep }, language: "lockstep/postgres" });
      const rule = (id: string) => lockstep.rules[id] as Rule.RuleModule;
      const message = /./;
      tester.run("missing-lock-timeout", rule("missing-lock-timeout"), {
        valid: [
          "SET lock_timeout = '5s';\nALTER TABLE t DROP COLUMN a;",
          { code: "ALTER TABLE t DROP COLUMN a;", options: [{ setByRunner: true }] },
        ],
        invalid: [
          {
            code: "ALTER TABLE t DROP COLUMN a;",
            output: "SET lock_timeout = '5s';\n\nALTER TABLE t DROP COLUMN a;\n\nRESET lock_timeout;",
            errors: [{ message, line: 1, column: 1, endLine: 1, endColumn: 28 }],
          },
          {
            code: "ALTER TABLE t DROP COLUMN a;",
            options: [{ timeout: "2s" }],
            output: "SET lock_timeout = '2s';\n\nALTER TABLE t DROP COLUMN a;\n\nRESET lock_timeout;",
            errors: [{ message }],
          },
        ],
      });
      tester.run("index-build-blocks-writes", rule("index-build-blocks-writes"), {
        valid: ["CREATE INDEX CONCURRENTLY i ON t(a);", "CREATE TABLE t (a int);\nCREATE INDEX i ON t(a);"],
        invalid: [
          {
            code: "SELECT '😀';CREATE UNIQUE INDEX i ON é(a);",
            errors: [
              {
                message: /^Index i is built under a SHARE lock on é.*CONCURRENTLY/,
                line: 1,
                column: 13,
                endColumn: 42,
                suggestions: [
                  {
                    desc: "Build the index concurrently, in a migration of its own",
                    output: "SELECT '😀';CREATE UNIQUE INDEX CONCURRENTLY i ON é(a);",
                  },
                ],
              },
            ],
          },
        ],
      });
    });
  }
});

describe.each(VERSIONS)("places by ESLint %s", (_version, Eslint) => {
  const only: Rules = {
    "lockstep/drop-column": "error",
    "lockstep/syntax-error": "error",
    "lockstep/missing-lock-timeout": "error",
  };

  test("after characters of several bytes and units", async () => {
    const [message] = await messagesOf('/* é😀 */ ALTER TABLE t DROP COLUMN "é😀";', {
      only: { "lockstep/drop-column": "error" },
      Eslint,
    });
    expect(message).toMatchObject({ line: 1, column: 11, endLine: 1, endColumn: 42 });
  });

  test("with line ends of Windows, of old Macs, and mixed", async () => {
    const text = "SELECT 1;\r\nSELECT 2;\rSELECT 3;\n\r\nALTER TABLE t\r\n  DROP COLUMN a;";
    const [message] = await messagesOf(text, { only: { "lockstep/drop-column": "error" }, Eslint });
    expect(message).toMatchObject({ line: 5, column: 1, endLine: 6, endColumn: 16 });
  });

  test("with a byte order mark, which a fix leaves where it is", async () => {
    const text = "\uFEFFALTER TABLE t DROP COLUMN a;\n";
    const messages = await messagesOf(text, { only, Eslint });
    expect(messages.map(({ ruleId, line, column, endColumn }) => [ruleId, line, column, endColumn])).toEqual([
      ["lockstep/drop-column", 1, 1, 28],
      ["lockstep/syntax-error", 1, 1, 1],
      ["lockstep/missing-lock-timeout", 1, 1, 28],
    ]);
    const [result] = await linter(start, { only, Eslint, options: { fix: true } }).lintText(text, {
      filePath: "loose/migration.sql",
    });
    expect(result?.output).toBe(
      "\uFEFFSET lock_timeout = '5s';\n\nALTER TABLE t DROP COLUMN a;\n\nRESET lock_timeout;\n",
    );
  });

  test("a fix keeps the line ends", async () => {
    const [result] = await linter(start, { only, Eslint, options: { fix: true } }).lintText(
      "ALTER TABLE t DROP COLUMN a;\r\n",
      { filePath: "loose/migration.sql" },
    );
    expect(result?.output).toBe(
      "SET lock_timeout = '5s';\r\n\r\nALTER TABLE t DROP COLUMN a;\r\n\r\nRESET lock_timeout;\r\n",
    );
  });

  test("a syntax error is a finding, and the statements around it are checked", async () => {
    const messages = await messagesOf("SELEC 1;\nALTER TABLE t DROP COLUMN a;", { only, Eslint });
    expect(messages.map(({ ruleId, fatal, line }) => [ruleId, fatal ?? false, line])).toEqual([
      ["lockstep/syntax-error", false, 1],
      ["lockstep/drop-column", false, 2],
      ["lockstep/missing-lock-timeout", false, 2],
    ]);
  });
});

describe.each(VERSIONS)("comments by ESLint %s", (_version, Eslint) => {
  const only: Rules = { "lockstep/drop-column": "error", "lockstep/unused-suppression": "error" };
  const lint = async (sql: string) => {
    const [result] = await linter(start, {
      only,
      Eslint,
      config: { linterOptions: { reportUnusedDisableDirectives: "error" } },
    }).lintText(sql, { filePath: "loose/migration.sql" });
    return {
      messages: result?.messages.map(({ ruleId, line }) => `${line} ${ruleId ?? "-"}`),
      suppressed: result?.suppressedMessages.map(({ suppressions }) =>
        suppressions.map(({ kind, justification }) => `${kind}: ${justification}`).join(),
      ),
    };
  };
  const drop = "ALTER TABLE t DROP COLUMN a;";

  test.each([
    ["the next line", `-- eslint-disable-next-line lockstep/drop-column -- nobody reads it\n${drop}`],
    ["the line", `${drop} -- eslint-disable-line lockstep/drop-column -- nobody reads it`],
    ["all rules on the next line", `/* eslint-disable-next-line -- nobody reads it */\n${drop}`],
    ["from here on", `/* eslint-disable lockstep/drop-column -- nobody reads it */\n${drop}`],
  ])("%s is switched off, with the reason", async (_name, sql) => {
    expect(await lint(sql)).toEqual({ messages: [], suppressed: ["directive: nobody reads it"] });
  });

  test("what is switched on again is on", async () => {
    expect(await lint(`/* eslint-disable */\n${drop}\n/* eslint-enable */\nALTER TABLE t DROP COLUMN b;`)).toEqual({
      messages: ["4 lockstep/drop-column"],
      suppressed: ["directive: "],
    });
  });

  test("one that switches nothing off is reported", async () => {
    expect(await lint("-- eslint-disable-next-line lockstep/drop-column\nSELECT 1;")).toEqual({
      messages: ["1 -"],
      suppressed: [],
    });
  });

  test("one that ends on another line is reported", async () => {
    expect((await lint(`/* eslint-disable-line\n lockstep/drop-column */ ${drop}`)).messages).toEqual([
      "1 -",
      "2 lockstep/drop-column",
    ]);
  });

  test("a string is no comment", async () => {
    expect((await lint(`SELECT '-- eslint-disable lockstep/drop-column';\n${drop}`)).messages).toEqual([
      "2 lockstep/drop-column",
    ]);
  });

  test("lockstep's own count too, and are reported where they are wrong", async () => {
    expect(await lint(`-- lockstep-ignore drop-column: nobody reads it\n${drop}`)).toEqual({
      messages: [],
      suppressed: [],
    });
    expect(
      (await lint(`-- lockstep-ignore drop-column\n${drop}\n-- lockstep-ignore drop-column: why\nSELECT 1;`)).messages,
    ).toEqual(["1 lockstep/unused-suppression", "2 lockstep/drop-column", "3 lockstep/unused-suppression"]);
  });

  test("a rule is switched off, and set, for the file", async () => {
    expect((await lint(`/* eslint lockstep/drop-column: "off" */\n${drop}`)).messages).toEqual([]);
    expect(
      (
        await lint(
          `/* eslint lockstep/truncate: "error", lockstep/missing-lock-timeout: ["error", {"setByRunner": true}] */\nTRUNCATE t;`,
        )
      ).messages,
    ).toEqual(["2 lockstep/truncate"]);
    expect((await lint(`/* eslint lockstep/drop-column: [ */\n${drop}`)).messages).toEqual([
      "1 -",
      "2 lockstep/drop-column",
    ]);
  });
});

describe.each(VERSIONS)("the tree for strangers' rules by ESLint %s", (_version, Eslint) => {
  const heard = async (sql: string, selectors: readonly string[]): Promise<string[]> => {
    const calls: string[] = [];
    const rule: Rule.RuleModule = {
      meta: { schema: [] },
      create: ({ sourceCode }) =>
        Object.fromEntries(
          selectors.map((selector) => [
            selector,
            (node: never) => void calls.push(`${selector}: ${sourceCode.getText(node)}`),
          ]),
        ) as Rule.RuleListener,
    };
    await messagesOf(sql, {
      only: { "strange/r": "error" },
      config: { plugins: { lockstep, strange: { rules: { r: rule } } } },
      Eslint,
    });
    return calls;
  };

  test("selectors match statements and operations by their kind", async () => {
    const sql = "-- first\nALTER TABLE t DROP COLUMN a, ADD COLUMN b int; SELEC 1;\nDROP TABLE u;";
    expect(
      await heard(sql, [
        'Statement[kind="dropColumn"]',
        'Operation[kind="addColumn"]',
        'Operation[operation.column="a"]',
        "Statement:exit",
        'Statement[kind="invalid"]',
        'Program > Statement[kind="dropTable"]',
        "Operation + Operation",
        "Program Program",
      ]),
    ).toEqual([
      'Statement[kind="dropColumn"]: ALTER TABLE t DROP COLUMN a, ADD COLUMN b int',
      'Operation[operation.column="a"]: DROP COLUMN a',
      "Operation + Operation: ADD COLUMN b int",
      'Operation[kind="addColumn"]: ADD COLUMN b int',
      "Statement:exit: ALTER TABLE t DROP COLUMN a, ADD COLUMN b int",
      'Statement[kind="invalid"]: SELEC 1',
      "Statement:exit: SELEC 1",
      'Program > Statement[kind="dropTable"]: DROP TABLE u',
      "Statement:exit: DROP TABLE u",
    ]);
  });

  test("nodes know their text, their parents, their comments and tokens", async () => {
    const calls: unknown[] = [];
    const rule = {
      meta: { schema: [] },
      create: ({
        sourceCode,
      }: {
        sourceCode: {
          ast: { comments: { type: string; value: string }[]; tokens: { type: string; value: string }[] };
          getParent(node: unknown): { type: string } | undefined;
          getAncestors(node: unknown): { type: string }[];
          traverse(): Iterable<TraversalStep>;
        };
      }) => ({
        Operation(node: object) {
          calls.push(
            sourceCode.getAncestors(node).map(({ type }) => type),
            sourceCode.ast.comments.map(({ type, value }) => [type, value]),
            sourceCode.ast.tokens.map(({ type, value }) => `${type} ${value}`),
            [...sourceCode.traverse()].length,
          );
        },
      }),
    };
    await messagesOf('\uFEFF-- é\nDROP /* x */ TABLE "é";', {
      only: { "strange/r": "error" },
      config: { plugins: { lockstep, strange: { rules: { r: rule as unknown as Rule.RuleModule } } } },
      Eslint,
    });
    expect(calls).toEqual([
      ["Program", "Statement"],
      [
        ["Line", " é"],
        ["Block", " x "],
      ],
      ["word DROP", "word TABLE", 'quoted "é"', "symbol ;"],
      6,
    ]);
  });
});

describe("languageOptions", () => {
  test.each([
    [
      { base: "" },
      'languageOptions.base of lockstep/postgres is "", but must be the name of a branch, a tag or a commit, or false to check every migration.',
    ],
    [
      { base: true },
      "languageOptions.base of lockstep/postgres is true, but must be the name of a branch, a tag or a commit, or false to check every migration.",
    ],
    [
      { postgres: "17" },
      'languageOptions.postgres of lockstep/postgres is "17", but must be one of the numbers 14, 15, 16, 17, 18.',
    ],
    [
      { execution: "both" },
      'languageOptions.execution of lockstep/postgres is "both", but must be "batch" or "split".',
    ],
    [{ parser: {} }, 'languageOptions.parser of lockstep/postgres is {}, but must be "postgres" or "portable".'],
    [
      { postgre: 17 },
      'languageOptions of lockstep/postgres has no "postgre": its names are base, postgres, execution, parser. Did you mean postgres?',
    ],
  ])("%j is refused in one sentence", async (languageOptions, sentence) => {
    for (const [, Eslint] of VERSIONS)
      await expect(messagesOf("SELECT 1;", { config: { languageOptions }, Eslint })).rejects.toThrow(sentence);
  });

  test("those of JavaScript, which a configuration without files gives to every language, are let through", async () => {
    for (const [, Eslint] of VERSIONS)
      await expect(
        messagesOf("SELECT 1;", {
          only: {},
          Eslint,
          config: {
            languageOptions: {
              ecmaVersion: 2022,
              sourceType: "module",
              globals: { a: "readonly" },
              parserOptions: {},
              parser: { parse: () => ({}) },
            },
          },
        }),
      ).resolves.toEqual([]);
  });

  test("postgres, execution and parser are what the check goes by", async () => {
    const only: Rules = { "lockstep/concurrently-in-transaction": "error", "lockstep/syntax-error": "error" };
    const sql = "CREATE INDEX CONCURRENTLY i ON t(a);\nSELECT 1;";
    const with_ = async (languageOptions: object): Promise<string[]> =>
      (await messagesOf(sql, { only, config: { languageOptions: languageOptions as never } })).map(
        ({ ruleId }) => ruleId ?? "",
      );
    expect(await with_({ execution: "batch" })).toEqual(["lockstep/concurrently-in-transaction"]);
    expect(await with_({ execution: "split" })).toEqual([]);
    expect(await with_({ execution: "split", parser: "portable" })).toEqual([]);
    vi.mocked(engine.run).mockClear();
    await with_({ postgres: 14, execution: "split" });
    expect(
      vi.mocked(engine.run).mock.calls.map(([input]) => [input.evidence.postgres, input.evidence.execution]),
    ).toEqual([
      [
        { version: 14, because: "languageOptions.postgres" },
        { mode: "split", because: "languageOptions.execution" },
      ],
    ]);
  });
});

describe.each(VERSIONS)("a project by ESLint %s", (_version, Eslint) => {
  const drops: Rules = { "lockstep/drop-column": "error", "lockstep/missing-lock-timeout": "error" };

  test("what is not on the base branch is pending", async () => {
    const root = repository({ ...LOCK, [at(INIT)]: `${TABLE}${DROP}` });
    write(root, { [at(NEXT)]: 'ALTER TABLE "users" DROP COLUMN "a";' });
    expect(await found(linter(root, { only: drops, Eslint }))).toEqual([
      `${NEXT} drop-column`,
      `${NEXT} missing-lock-timeout`,
    ]);
    git(root, "checkout", "-q", "-b", "other");
    commit(root, {});
    expect(await found(linter(root, { only: drops, Eslint }))).toEqual([
      `${NEXT} drop-column`,
      `${NEXT} missing-lock-timeout`,
    ]);
    expect(await found(linter(root, { only: drops, Eslint, config: { languageOptions: { base: "other" } } }))).toEqual(
      [],
    );
    expect(await found(linter(root, { only: drops, Eslint, config: { languageOptions: { base: false } } }))).toEqual([
      `${NEXT} drop-column`,
      `${NEXT} missing-lock-timeout`,
    ]);
  });

  test("without git everything is pending, each migration by itself, and nothing is changed unasked", async () => {
    const root = folder({ ...LOCK, [at(INIT)]: TABLE, [at(NEXT)]: DROP });
    const results = await linter(root, { only: drops, Eslint, options: { fix: true } }).lintFiles(["."]);
    expect(results.map(({ output }) => output)).toEqual([undefined, undefined]);
    const [, timeout] = results[1]?.messages ?? [];
    expect([timeout?.ruleId, timeout?.fix, timeout?.suggestions?.map(({ desc, fix }) => [desc, fix])]).toEqual([
      "lockstep/missing-lock-timeout",
      undefined,
      [
        [
          "Set lock_timeout to 5s before it",
          {
            range: [0, DROP.trimEnd().length],
            text: `SET lock_timeout = '5s';\n\n${DROP.trimEnd()}\n\nRESET lock_timeout;`,
          },
        ],
      ],
    ]);
  });

  test("a base that is not there is a parsing error with one sentence", async () => {
    const root = repository({ ...LOCK, [at(INIT)]: TABLE });
    const [result] = await linter(root, {
      only: drops,
      Eslint,
      config: { languageOptions: { base: "nope" } },
    }).lintFiles(["."]);
    expect(result?.messages).toMatchObject([
      {
        fatal: true,
        ruleId: null,
        line: 1,
        message:
          'Parsing error: The base "nope" (languageOptions.base) names no commit in ' +
          root +
          ': check its spelling, or run "git fetch origin nope" first.',
      },
    ]);
  });

  test("a text in the place of the file's, and of one that is not there yet", async () => {
    const root = repository({ ...LOCK, [at(INIT)]: TABLE });
    write(root, { [at(NEXT)]: "SELECT 1;" });
    const eslint = linter(root, { only: { ...drops, "lockstep/contradicts-history": "error" }, Eslint });
    expect(lines(await eslint.lintText(DROP, { filePath: at(NEXT) }), 5)).toEqual([
      `${NEXT}/migration.sql:1:1-1:40 lockstep/drop-column: Colum`,
      `${NEXT}/migration.sql:1:1-1:40 lockstep/missing-lock-timeout: ACCES`,
    ]);
    const [later] = await eslint.lintText('ALTER TABLE "users" DROP COLUMN "nope";', {
      filePath: at("20260301000000_x"),
    });
    expect(later?.messages.map(({ ruleId }) => ruleId)).toContain("lockstep/contradicts-history");
    expect(
      lines(await eslint.lintText('CREATE TABLE "users" ("id" int);', { filePath: at("20250101000000_earlier") }), 5),
    ).toEqual([]);
    expect(lines(await eslint.lintText("SELECT 2;", { filePath: at(NEXT) }))).toEqual([]);
  });

  test("the first migration of a project, before it is saved", async () => {
    const root = repository({ "package.json": "{}" });
    const eslint = linter(root, { only: drops, Eslint });
    expect(lines(await eslint.lintText(DROP, { filePath: at(INIT) }), 5)).toEqual([
      `${INIT}/migration.sql:1:1-1:40 lockstep/drop-column: Colum`,
      `${INIT}/migration.sql:1:1-1:40 lockstep/missing-lock-timeout: ACCES`,
    ]);
    expect(lines(await eslint.lintText("SELEC", { filePath: at(INIT).replace("migration.sql", "down.sql") }))).toEqual(
      [],
    );
  });

  test("the plugin under another name", async () => {
    const root = repository({ ...LOCK, [at(INIT)]: TABLE });
    write(root, { [at(NEXT)]: DROP });
    expect(
      await found(
        linter(root, {
          only: { "other/drop-column": "error" },
          config: { plugins: { other: lockstep }, language: "other/postgres" },
          Eslint,
        }),
      ),
    ).toEqual([`${NEXT} other/drop-column`]);
  });

  test("one run serves every file, and a change of another file is seen", async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `202601${String(index + 10)}000000_m`);
    const root = folder({
      ...LOCK,
      ...Object.fromEntries(
        ids.map((id, index) => [at(id), index === 0 ? TABLE : `ALTER TABLE "users" ADD COLUMN "c${index}" int;`]),
      ),
      [at(NEXT)]: DROP,
    });
    const eslint = linter(root, { only: { ...drops, "lockstep/contradicts-history": "error" }, Eslint });
    expect(await found(eslint)).toEqual([`${NEXT} drop-column`, `${NEXT} missing-lock-timeout`]);
    expect(vi.mocked(engine.run)).toHaveBeenCalledTimes(1);
    await new Promise((settle) => setTimeout(settle, 700));
    write(root, { [at(ids[1] ?? "")]: DROP });
    expect((await found(eslint)).filter((line) => line.startsWith(NEXT))).toContain(`${NEXT} contradicts-history`);
    expect(vi.mocked(engine.run)).toHaveBeenCalledTimes(2);
    // The rules of a run are those of the files' configuration.
    expect(await found(linter(root, { only: { "lockstep/truncate": "error" }, Eslint }))).toEqual([]);
    expect(vi.mocked(engine.run)).toHaveBeenCalledTimes(3);
  });

  test("two projects have nothing to do with each other", async () => {
    const root = repository({ ".keep": "" });
    for (const name of ["one/", "two/"])
      write(root, {
        [`${name}${Object.keys(LOCK)[0] ?? ""}`]: 'provider = "postgresql"\n',
        [at(INIT, name)]: name === "one/" ? TABLE : 'CREATE TABLE "users" ("id" int);',
        [at(NEXT, name)]: DROP,
      });
    write(root, {
      "two/lockstep.config.jsonc":
        '{ // own\n "execution": "split", "postgres": 14, "ignores": [{ "rules": ["drop-column"], "path": "**/*_next/**", "reason": "two" }], }',
    });
    const messages = (
      await linter(root, { only: { ...drops, "lockstep/contradicts-history": "error" }, Eslint }).lintFiles([
        "**/*.sql",
      ])
    ).map(({ filePath, messages: all }) => [filePath.slice(root.length + 1), all.map(({ ruleId }) => ruleId)]);
    expect(messages).toEqual([
      [at(INIT, "one/"), []],
      [at(NEXT, "one/"), []],
      [at(INIT, "two/"), []],
      [at(NEXT, "two/"), ["lockstep/contradicts-history"]],
    ]);
    // ESLint reads files at the same time: which project comes first is open.
    expect(
      vi
        .mocked(engine.run)
        .mock.calls.map(([{ evidence }]) => `${String(evidence.postgres.version)} ${evidence.execution.mode}`)
        .sort(),
    ).toEqual(["14 split", "17 unknown"]);
  });

  test("the baseline and the ignores of lockstep's configuration count, its rules do not", async () => {
    const root = repository({ ...LOCK, [at(INIT)]: TABLE });
    write(root, {
      [at(NEXT)]: `${DROP}TRUNCATE "users";`,
      "package.json": JSON.stringify({
        lockstep: { rules: { truncate: "off" }, ignores: [{ path: NEXT, rules: ["drop-column"], reason: "known" }] },
      }),
    });
    const eslint = linter(root, { only: { "lockstep/drop-column": "error", "lockstep/truncate": "error" }, Eslint });
    expect(await found(eslint)).toEqual([`${NEXT} truncate`]);
  });

  test.each([
    [
      "lockstep.config.json",
      '{ "presett": 1 }',
      'Parsing error: lockstep.config.json:1:3: There is no setting "presett". Did you mean preset?',
    ],
    ["lockstep.config.json", "{", "Parsing error: lockstep.config.json:1:2: This is not JSON: close brace expected."],
    [
      "lockstep.config.mjs",
      "throw new Error('Oh no.');",
      "Parsing error: The configuration lockstep.config.mjs could not be loaded synchronously, as ESLint needs it (Oh no): write it as lockstep.config.json.",
    ],
    [
      "lockstep.config.json",
      '{ "baseline": "none.json" }',
      "Parsing error: The baseline none.json does not exist: create it with lockstep check --write-baseline, or correct its path.",
    ],
    [
      "prisma/migrations/migration_lock.toml",
      'provider = "mysql"',
      "Parsing error: prisma/migrations/migration_lock.toml says that these migrations are for mysql, but lockstep reads PostgreSQL and CockroachDB only: check another migrations folder.",
    ],
  ])("%s with %s is one sentence", async (name, text, sentence) => {
    const root = repository({ ...LOCK, [at(INIT)]: TABLE });
    write(root, { [at(NEXT)]: DROP, [name]: text });
    expect(
      (await linter(root, { only: drops, Eslint }).lintFiles(["**/*.sql"])).map(({ messages }) =>
        messages.map(({ message, line, column }) => [message, line, column]),
      ),
    ).toEqual([[[sentence, 1, 1]], [[sentence, 1, 1]]]);
  });

  test("a configuration that is a module is read too", async () => {
    const root = repository({ ...LOCK, [at(INIT)]: TABLE });
    write(root, {
      [at(NEXT)]: DROP,
      "lockstep.config.mjs": 'export default { ignores: [{ rules: ["drop-column"], reason: "x" }] };',
    });
    expect(await found(linter(root, { only: { "lockstep/drop-column": "error" }, Eslint }))).toEqual([]);
  });

  test("Prisma 8's layout is one sentence", async () => {
    const root = folder({
      "migrations/app/20260101/migration.sql": "SELECT 1;",
      "migrations/app/20260101/migration.json": "{}",
      "migrations/app/20260101/ops.json": "[]",
    });
    expect(
      (await linter(root, { only: drops, Eslint }).lintFiles(["**/*.sql"])).flatMap(({ messages }) =>
        messages.map(({ message }) => message),
      ),
    ).toEqual([expect.stringMatching(/^Parsing error: migrations\/app holds migrations of Prisma 8/)]);
  });

  test("down.sql is checked beside its migration, and is let alone elsewhere", async () => {
    const root = repository({ ...LOCK, [at(INIT)]: TABLE });
    const down = at(NEXT).replace("migration.sql", "down.sql");
    write(root, {
      [at(NEXT)]: 'ALTER TABLE "users" ADD COLUMN "b" int;',
      [down]: "SELEC 1;",
      "db/down.sql": "DROP TABLE x; SELEC 1;",
    });
    const { recommended } = lockstep.configs;
    const results = await linter(root, { only: recommended.rules, Eslint }).lintFiles(["**/down.sql"]);
    expect(results.map(({ filePath, messages }) => [filePath.slice(root.length + 1), messages.length > 0])).toEqual([
      ["db/down.sql", false],
      [down, true],
    ]);
  });
});

describe("bad input", () => {
  const PIECES = [
    'ALTER TABLE "é😀" DROP COLUMN a',
    ";",
    "\r\n",
    "\n",
    "\r",
    "\uFEFF",
    "\0",
    "\ud800",
    "'",
    "$$",
    "/*",
    "*/",
    "--",
    " eslint-disable-next-line",
    " lockstep/drop-column",
    " eslint lockstep/truncate: ",
    "-- lockstep-ignore drop-column: x",
    "SELEC",
    "(",
    "CREATE INDEX i ON t(a)",
    "DROP TABLE t",
    "UPDATE t SET a = 1",
    "😀",
    " ",
    "TRUNCATE t",
    '"',
  ];
  const sql = fc
    .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "grapheme", maxLength: 4 })), { maxLength: 12 })
    .map((parts) => parts.join(""));

  test("whatever the text, every message has its place in it and every fix can be applied", async () => {
    const eslint = linter(start, { only: lockstep.configs.all.rules, options: { fix: true } });
    const plain = linter(start, { only: lockstep.configs.all.rules });
    await fc.assert(
      fc.asyncProperty(sql, async (text) => {
        const [fixed] = await eslint.lintText(text, { filePath: "loose/migration.sql" });
        const [result] = await plain.lintText(text, { filePath: "loose/migration.sql" });
        const count = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/).length;
        // ESLint's own word for a comment of its own that is wrong.
        for (const message of [...(fixed?.messages ?? []), ...(result?.messages ?? [])])
          expect(
            (message.fatal ?? false) && !message.message.startsWith("Failed to parse JSON from"),
            message.message,
          ).toBe(false);
        for (const { line, column, endLine, endColumn } of result?.messages ?? []) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(count);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(endLine === undefined || endLine > line || (endLine === line && (endColumn ?? 0) >= column)).toBe(
            true,
          );
        }
      }),
      { numRuns: 150 },
    );
  });
});
