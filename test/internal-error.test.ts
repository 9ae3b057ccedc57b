import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { rules } from "../rules/index.ts";
import { foldSources } from "../src/engine/fold.ts";
import { checkSync } from "../src/engine/check.ts";
import { type CheckResult, check, defineRule, memoryHistory } from "../src/index.ts";
import { issuesAddress } from "../src/project/product.ts";
import type { History } from "../src/source/history.ts";
import { loadReader } from "../src/sql/readers.ts";
import type { Reader } from "../src/sql/statement.ts";
import { folder, repository } from "./support/folders.ts";
import { startClient } from "./support/lsp-client.ts";
import { type BuiltProgram, builtProgram } from "./support/program.ts";

const FIRST = "prisma/migrations/1_init/migration.sql";
const SECOND = "prisma/migrations/2_next/migration.sql";

function history(files: Readonly<Record<string, string>>, pending?: (id: string) => boolean): History {
  const read = memoryHistory(files);
  if (!read.ok) throw new Error(read.message);
  if (!pending) return read.value;
  const migrations = read.value.migrations.map((each) => ({
    ...each,
    state: pending(each.id) ? ("pending" as const) : ("history" as const),
  }));
  return { ...read.value, migrations };
}

/** A reader whose operations of statements about `planted` throw when they are looked at, as a model with a bug in it would. */
async function readerWithBug(name: Reader["name"] = "postgres"): Promise<Reader> {
  const reader = await loadReader(name);
  return {
    ...reader,
    read(text) {
      const script = reader.read(text);
      const statements = script.statements.map((statement) =>
        /planted/.test(text.slice(statement.range.start, statement.range.end))
          ? {
              ...statement,
              operations: statement.operations.map(
                (operation) =>
                  new Proxy(operation, {
                    get(target, key): unknown {
                      if (key !== "kind" && key !== "range") throw new TypeError("a planted bug");
                      return Reflect.get(target, key);
                    },
                  }),
              ),
            }
          : statement,
      );
      return { ...script, statements };
    },
  };
}

const rulesOf = ({ findings }: CheckResult): readonly string[] => findings.map(({ rule }) => rule);

const throwing = defineRule({
  id: "own-rule",
  title: "A rule with a bug",
  category: "history",
  severity: "warning",
  since: "0.1.0",
  messages: { never: "Never." },
  help: "None.",
  on: {
    dropTable() {
      throw new RangeError("not of this rule");
    },
  },
});

describe("a bug ends nothing but the statement that it is met at", () => {
  test("a rule that throws: every other rule sees the statement, and it counts as not understood", async () => {
    const result = await check({
      histories: [history({ [FIRST]: "CREATE TABLE a (id int);\nDROP TABLE legacy;\nDROP TABLE more;" })],
      rules: [throwing, ...rules],
    });
    expect(result.crashes).toMatchObject([
      { rule: "own-rule", migration: "1_init", statement: { index: 1 } },
      { rule: "own-rule", migration: "1_init", statement: { index: 2 } },
    ]);
    expect(rulesOf(result).filter((rule) => rule === "drop-table")).toHaveLength(2);
    expect(result.coverage).toMatchObject({ statements: 3, understood: 1 });
    expect(result.coverage.notUnderstood).toHaveLength(2);
    expect(rulesOf(result)).not.toContain("own-rule");
  });

  test.each(["migration", "history", "statement"] as const)(
    "a rule that throws in its handler of a %s",
    async (kind) => {
      const result = await check({
        histories: [history({ [FIRST]: "DROP TABLE legacy;" })],
        rules: [
          defineRule({
            ...throwing,
            on: {
              [kind]() {
                throw new Error("not of this rule");
              },
            },
          }),
          ...rules,
        ],
      });
      expect(result.crashes).toMatchObject([{ rule: "own-rule", migration: "1_init" }]);
      expect(rulesOf(result)).toContain("drop-table");
    },
  );

  test("a model that throws: the statements around are checked, and nothing is certain behind it", async () => {
    const result = await check({
      histories: [history({ [FIRST]: "DROP TABLE a;\nDROP TABLE planted;\nDROP TABLE b;" })],
      rules,
      reader: await readerWithBug(),
    });
    expect(result.crashes).toMatchObject([{ statement: { index: 1 }, error: { message: "a planted bug" } }]);
    expect(result.crashes[0]).not.toHaveProperty("rule");
    expect(rulesOf(result).filter((rule) => rule === "drop-table")).toHaveLength(2);
    expect(result.histories[0]?.migrations[0]?.statements).toHaveLength(3);
    expect(result.coverage.notUnderstood).toMatchObject([{ why: "an internal error kept it from being checked" }]);
  });

  test("in a migration that is deployed, in one that is folded and in a down.sql", async () => {
    const reader = await readerWithBug();
    const files = { [FIRST]: "CREATE TABLE planted (id int);\nCREATE TABLE b (id int);", [SECOND]: "DROP TABLE b;" };
    const deployed = history(files, (id) => id === "2_next");
    const whole = checkSync({ histories: [deployed], rules, reader });
    const folded = checkSync({
      histories: [deployed],
      rules,
      reader,
      folded: new Map([[deployed.root, foldSources(deployed.migrations.slice(0, 1), reader, "batch")]]),
    });
    for (const result of [whole, folded]) {
      expect(result.crashes).toMatchObject([{ migration: "1_init", statement: { index: 0 } }]);
      expect(rulesOf(result)).toContain("drop-table");
    }
    const down = history({ [SECOND]: "DROP TABLE b;", "prisma/migrations/2_next/down.sql": "DROP TABLE planted;" });
    const result = checkSync({ histories: [down], rules, reader });
    expect(result.crashes).toMatchObject([{ file: { path: "prisma/migrations/2_next/down.sql" } }]);
    expect(rulesOf(result)).toContain("drop-table");
  });

  test("a reader that throws: the other files are read", async () => {
    const reader = await loadReader("portable");
    const broken: Reader = {
      ...reader,
      read(text) {
        if (text.includes("planted")) throw new Error("a planted bug");
        return reader.read(text);
      },
    };
    const result = await check({
      histories: [history({ [FIRST]: "DROP TABLE planted;", [SECOND]: "DROP TABLE b;" })],
      rules,
      reader: broken,
    });
    expect(result.crashes).toMatchObject([{ migration: "1_init" }]);
    expect(rulesOf(result)).toContain("drop-table");
  });
});

test("bugs are reported where package.json says, else no place is named", () => {
  expect(issuesAddress()).toBeUndefined();
  expect(issuesAddress({ version: "1.0.0", bugs: { url: "https://bugs.example" } })).toBe("https://bugs.example");
  expect(issuesAddress({ version: "1.0.0", bugs: "https://bugs.example" })).toBe("https://bugs.example");
  expect(issuesAddress({ version: "1.0.0", repository: "github:o/r" })).toBe("https://github.com/o/r/issues");
  expect(issuesAddress({ version: "1.0.0", repository: "https://git.example/o/r.git" })).toBeUndefined();
});

/** Makes the program fail on what PostgreSQL's parser says of `planted`; texts, and what an editor sends, stay readable. */
const PLANT = `const parse = JSON.parse;
JSON.parse = (text, ...rest) => {
  if (/^\\{"version":\\d/.test(text) && text.includes("planted")) throw new TypeError("a planted bug");
  return parse(text, ...rest);
};
`;

describe("the program", () => {
  let program: BuiltProgram;
  let plant: string;
  beforeAll(async () => {
    program = await builtProgram();
    plant = join(program.home, "plant.cjs");
    writeFileSync(plant, PLANT);
  }, 60_000);
  afterAll(() => program.remove());

  const started = (cwd: string, ...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", plant, program.cli, ...args], {
      cwd,
      encoding: "utf8",
      env: { ...process.env, LOCKSTEP_BASE: undefined, GITHUB_BASE_REF: undefined },
    });
    return { status, stdout, stderr };
  };
  const FILES = {
    [FIRST]: "CREATE TABLE a (id int);\n",
    [SECOND]: "DROP TABLE a;\n\nDROP TABLE planted;\nDROP TABLE b;\n",
    "lockstep.config.json": '{ "execution": "split" }\n',
  };

  test("exit code 2, one sentence, and every report is written with everything else in it", () => {
    const root = folder(FILES);
    const formats = ["text", "json", "sarif", "junit", "gitlab", "github", "html", "checklist"];
    const found = started(root, "check", "--all", ...formats.flatMap((name) => ["-o", `${name}=out/${name}`]));
    expect(found.status).toBe(2);
    expect(found.stderr).toBe(
      `lockstep: An internal error (TypeError: a planted bug) kept statement 2 of 2_next (${SECOND}:3) from being checked in full, while everything else was: please report it, with the SQL that it is about. --debug shows where it was thrown.\n`,
    );
    expect(found.stdout).toContain("drop-table");
    for (const name of formats) expect(existsSync(join(root, "out", name)), name).toBe(true);
    const json = JSON.parse(readFileSync(join(root, "out/json"), "utf8")) as Record<string, unknown>;
    expect(json["internalErrors"]).toMatchObject([{ migration: "2_next", file: SECOND, statement: 1 }]);
    const findings = json["findings"] as readonly { readonly rule: string; readonly statement: number }[];
    expect(findings.filter(({ rule }) => rule === "drop-table").map(({ statement }) => statement)).toEqual([0, 2]);
    expect(readFileSync(join(root, "out/sarif"), "utf8")).toContain('"executionSuccessful": false');
    expect(readFileSync(join(root, "out/junit"), "utf8")).toContain("<error");
    expect(readFileSync(join(root, "out/github"), "utf8")).toContain("internal error");
  });

  test("--debug shows where it was thrown", () => {
    const found = started(folder(FILES), "check", "--all", "--debug");
    expect(found.status).toBe(2);
    expect(found.stderr).toMatch(/\n {4}at JSON\.parse/);
  });

  test("a rule of a plugin that throws is named, and every other rule has checked its statement", () => {
    const root = folder({
      ...FILES,
      [SECOND]: "DROP TABLE a;\n",
      "lockstep.config.json": '{ "execution": "split", "plugins": ["./r.mjs"]}\n',
      "r.mjs": `export const rules = [{ id: "bad", title: "T", category: "schema", severity: "warning", messages: { m: "M." }, help: "H.",
        on: { dropTable() { throw new TypeError("not ours"); } } }];\n`,
    });
    const { status, stdout, stderr } = started(root, "check", "--all");
    expect(stderr).toMatch(
      /An internal error of the rule \S*bad \(Error: The rule bad of the plugin \.\/r\.mjs failed: not ours\) kept statement 1 of 2_next .* report it to those who wrote the rule/,
    );
    expect(stdout).toContain("drop-table");
    expect(status).toBe(2);
  });

  test("no baseline is written over what was not checked", () => {
    const root = folder(FILES);
    expect(started(root, "check", "--all", "--write-baseline")).toMatchObject({ status: 2 });
    expect(existsSync(join(root, "lockstep.baseline.json"))).toBe(false);
  });

  test("a bug outside of a statement is one sentence too, and never exit code 1", () => {
    const root = folder({
      ...FILES,
      "other.cjs": "require('fs').statSync = () => { throw new TypeError('a planted bug'); };",
    });
    const run = (...args: readonly string[]) =>
      spawnSync(process.execPath, ["--require", join(root, "other.cjs"), program.cli, ...args], {
        cwd: root,
        encoding: "utf8",
      });
    expect(run("check", SECOND)).toMatchObject({
      status: 2,
      stderr:
        "lockstep: An internal error (TypeError: a planted bug) ended the command before it was done: please report it, with what the command was given. --debug shows where it was thrown.\n",
    });
    const debugged = run("check", "--debug", SECOND);
    expect(debugged.status).toBe(2);
    expect(debugged.stderr).toMatch(/\n {4}at /);
  });

  test.each([true, false])(
    "the language server lives, and says it where old findings were (pulled: %s)",
    async (pull) => {
      const root = repository(FILES);
      const client = await startClient(program.cli, {
        folder: root,
        pull,
        env: { NODE_OPTIONS: `--require ${plant}` },
      });
      onTestFinished(() => {
        client.connection.dispose();
        client.process.kill("SIGKILL");
      });
      const uri = client.open(join(root, "prisma/migrations/3_new/migration.sql"), "DROP TABLE a;\n");
      expect((await client.diagnostics(uri)).map(({ code }) => code)).toContain("drop-table");
      client.change(uri, "SELECT 1;\nDROP TABLE planted;\n");
      const bad = await client.diagnostics(uri);
      expect(bad.find(({ code }) => code === "internal-error")).toMatchObject({ range: { start: { line: 1 } } });
      expect(bad.map(({ code }) => code)).not.toContain("drop-table");
      client.change(uri, "DROP TABLE a;\n");
      const good = (await client.diagnostics(uri)).map(({ code }) => code);
      expect(good).toContain("drop-table");
      expect(good).not.toContain("internal-error");
      expect(await client.stop()).toBe(0);
    },
  );
});
