import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { FORMATS } from "../src/report/index.ts";
import { FORMAT_NAMES } from "../src/report/loaders.ts";
import { run } from "./support/command.ts";
import { wantsColor, type Io } from "../src/project/io.ts";

// Two rules of our own, so that these tests are about the command line and stay as they are when rules change.
vi.mock("../rules/index.ts", async () => {
  const { defineRule } = await import("../src/index.ts");
  const { default: unusedSuppression } = await import("../rules/history/unused-suppression.ts");
  const base = { title: "A test", category: "schema", since: "0.1.0", help: "Help." } as const;
  const bad = defineRule({
    ...base,
    id: "bad-schema",
    severity: "error",
    hotfix: "warning",
    messages: { bad: "Schema {name} is bad." },
    on: {
      createSchema(operation, context) {
        const safety = operation.name === "bad" ? "safe" : operation.name === "worse" ? "unsafe" : undefined;
        if (safety)
          context.report({
            at: operation,
            message: "bad",
            data: { name: operation.name },
            fixes: [{ title: "Make it good", safety, edits: [{ range: operation.range, text: "CREATE SCHEMA good" }] }],
          });
      },
    },
  });
  const odd = defineRule({
    ...base,
    id: "odd-schema",
    severity: "warning",
    messages: { odd: "Schema {name} is odd." },
    on: {
      createSchema: (operation, context) => {
        if (operation.name.startsWith("odd"))
          context.report({ at: operation, message: "odd", data: { name: operation.name } });
      },
    },
  });
  return { rules: [bad, odd, unusedSuppression] };
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const LOCK = "prisma/migrations/migration_lock.toml";
const at = (id: string): string => `prisma/migrations/${id}/migration.sql`;
const OLD = "20260101000000_old";
const NEW = "20260201000000_new";

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** A repository whose main branch has OLD, and whose work tree has NEW besides. */
function project(sql: string, files: Readonly<Record<string, string>> = {}): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "lockstep-cli-")));
  folders.push(root);
  const git = (...args: string[]): void =>
    void execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
      cwd: root,
      stdio: "pipe",
    });
  git("init", "-q", "-b", "main");
  write(root, { [LOCK]: 'provider = "postgresql"\n', [at(OLD)]: "CREATE SCHEMA bad;\n" });
  git("add", ".");
  git("commit", "-qm", "old");
  write(root, { ...(sql === "" ? {} : { [at(NEW)]: sql }), ...files });
  return root;
}

async function lockstep(cwd: string, args: readonly string[], more: Partial<Io> & { readonly input?: string } = {}) {
  const out = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr"): Io["stdout"] => ({
    write: (text) => ((out[name] += text), Promise.resolve()),
    isTTY: false,
  });
  const code = await run(args, {
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    stdin: () => Promise.resolve(new TextEncoder().encode(more.input ?? "")),
    env: {},
    cwd,
    ...more,
  });
  return { code, ...out };
}

const findings = (json: string): string[] =>
  (JSON.parse(json) as { findings: { rule: string; severity: string; message: string }[] }).findings.map(
    ({ rule, severity, message }) => `${severity} ${rule}: ${message}`,
  );

describe("check", () => {
  test("takes what the base lacks, and exits with 1 for an error", async () => {
    const root = project("CREATE SCHEMA worse;\nCREATE SCHEMA odd;\n");
    const { code, stdout, stderr } = await lockstep(root, []);
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain("Schema worse is bad.");
    expect(stdout).not.toContain("Schema bad is bad.");
    expect(stdout).not.toContain("\u001b[");
  });

  test("says when nothing is pending, and how to check all", async () => {
    const root = project("");
    expect(await lockstep(root, ["check"])).toEqual({
      code: 0,
      stderr: "",
      stdout:
        "No migration is pending: all 1 are on main (main exists and no other base was named). To check them all: lockstep check --all. To check some: lockstep check PATH.\n",
    });
    const json = await lockstep(root, ["check", "--format", "json"]);
    expect(json.stderr).toMatch(/^No migration is pending/);
    expect(findings(json.stdout)).toEqual([]);
    expect((await lockstep(root, ["--all"])).code).toBe(1);
  });

  test.each<[readonly string[], number]>([
    [[], 0],
    [["--fail-on", "warning"], 1],
    [["--max-warnings", "0"], 1],
    [["--max-warnings", "1"], 0],
    [["--rule", "odd-schema=error"], 1],
    [["--rule", "odd-schema=error", "--rule", "odd-schema=off", "--max-warnings", "0"], 0],
    [["--rule", "odd-schema=error", "--fail-on", "never"], 0],
  ])("a warning with %j is exit code %i", async (args, code) => {
    expect((await lockstep(project("CREATE SCHEMA odd;\n"), args)).code).toBe(code);
  });

  test("flags are over the configuration", async () => {
    const root = project("CREATE SCHEMA worse;\n", {
      "lockstep.config.json": '{"preset":"hotfix","failOn":"warning"}',
    });
    expect(findings((await lockstep(root, ["--format", "json"])).stdout)).toEqual([
      "warning bad-schema: Schema worse is bad.",
    ]);
    expect((await lockstep(root, [])).code).toBe(1);
    expect((await lockstep(root, ["--fail-on", "error"])).code).toBe(0);
    expect((await lockstep(root, ["--preset", "recommended", "--fail-on", "error"])).code).toBe(1);
  });

  test("checks one file from a subdirectory", async () => {
    const root = project("CREATE SCHEMA worse;\n");
    const { code, stdout } = await lockstep(join(root, "prisma"), ["check", `migrations/${NEW}/migration.sql`]);
    expect(code).toBe(1);
    expect(stdout).toContain(`migrations/${NEW}/migration.sql:1:1`);
  });

  test("comments suppress, unless they are off; one without a reason does not", async () => {
    const root = project(
      "-- lockstep-ignore bad-schema: agreed\nCREATE SCHEMA worse;\n-- lockstep-ignore odd-schema\nCREATE SCHEMA odd;\n",
    );
    expect((await lockstep(root, [])).code).toBe(0);
    const open = (json: string): string[] =>
      (JSON.parse(json) as { findings: { rule: string; suppressed?: unknown }[] }).findings
        .filter(({ suppressed }) => !suppressed)
        .map(({ rule }) => rule);
    expect(open((await lockstep(root, ["--format", "json"])).stdout)).toEqual(["unused-suppression", "odd-schema"]);
    expect((await lockstep(root, ["--no-inline-config"])).code).toBe(1);
  });

  test("several formats, each to its own place", async () => {
    const root = project("CREATE SCHEMA worse;\n");
    const { code, stdout } = await lockstep(root, [
      "--output-file",
      "json=out/report.json",
      "-o",
      "sarif=report.sarif",
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain("Schema worse is bad.");
    expect(findings(readFileSync(join(root, "out/report.json"), "utf8"))).toEqual([
      "error bad-schema: Schema worse is bad.",
    ]);
    expect(JSON.parse(readFileSync(join(root, "report.sarif"), "utf8"))).toMatchObject({
      version: "2.1.0",
      runs: [{ results: [{ ruleId: "bad-schema" }] }],
    });
  });

  test("standard input stands for a file of the history, or for itself", async () => {
    const root = project("CREATE SCHEMA odd;\n");
    const named = await lockstep(root, ["--stdin", "--stdin-filename", at(NEW), "--format", "json"], {
      input: "CREATE SCHEMA worse;",
    });
    expect(findings(named.stdout)).toEqual(["error bad-schema: Schema worse is bad."]);
    expect(readFileSync(join(root, at(NEW)), "utf8")).toBe("CREATE SCHEMA odd;\n");
    const bare = await lockstep(root, ["--stdin"], { input: "CREATE SCHEMA odd;" });
    expect(bare.stdout).toContain("stdin.sql:1:1");
  });

  test("--no-error-on-unmatched-pattern", async () => {
    const root = project("CREATE SCHEMA worse;\n");
    expect((await lockstep(root, ["nope.sql"])).code).toBe(2);
    expect(await lockstep(root, ["nope.sql", "no*.sql", "--no-error-on-unmatched-pattern"])).toEqual({
      code: 0,
      stdout: "",
      stderr: "lockstep: No path matches a migration: nothing to check.\n",
    });
    expect((await lockstep(root, ["nope.sql", at(NEW), "--no-error-on-unmatched-pattern"])).code).toBe(1);
  });
});

describe("fixes", () => {
  const SQL = "\uFEFFCREATE SCHEMA bad;\r\nCREATE SCHEMA worse;\r\n";

  test("--fix applies safe ones, to pending files only", async () => {
    const root = project(SQL);
    const { code, stderr } = await lockstep(root, ["--fix"]);
    expect([code, stderr]).toEqual([1, `lockstep: 1 fix applied in ${at(NEW)}.\n`]);
    expect(readFileSync(join(root, at(NEW)), "utf8")).toBe("\uFEFFCREATE SCHEMA good;\r\nCREATE SCHEMA worse;\r\n");
    expect(readFileSync(join(root, at(OLD)), "utf8")).toBe("CREATE SCHEMA bad;\n");
  });

  test("--fix-unsafe applies both", async () => {
    const root = project(SQL);
    expect((await lockstep(root, ["--fix-unsafe"])).code).toBe(0);
    expect(readFileSync(join(root, at(NEW)), "utf8")).toBe("\uFEFFCREATE SCHEMA good;\r\nCREATE SCHEMA good;\r\n");
  });

  test("--diff prints what git apply takes, and writes nothing", async () => {
    const root = project(SQL);
    const { code, stdout } = await lockstep(root, ["--diff", "--fix-unsafe"]);
    expect(code).toBe(1);
    expect(readFileSync(join(root, at(NEW)), "utf8")).toBe(SQL);
    execFileSync("git", ["apply", "--whitespace=nowarn", "-"], { cwd: root, input: stdout });
    expect(readFileSync(join(root, at(NEW)), "utf8")).toBe("\uFEFFCREATE SCHEMA good;\r\nCREATE SCHEMA good;\r\n");
  });

  test("a file that is not UTF-8 is left alone", async () => {
    const root = project("x");
    const bytes = Buffer.concat([Buffer.from("CREATE SCHEMA bad; -- "), Buffer.from([0xff, 0x0a])]);
    writeFileSync(join(root, at(NEW)), bytes);
    await lockstep(root, ["--fix"]);
    expect(readFileSync(join(root, at(NEW)))).toEqual(bytes);
  });

  test.each<[readonly string[], string]>([
    [["--fix", "--all"], "--fix changes pending migrations only, and with --all it is not known which are"],
    [["--fix", "--stdin"], "--fix cannot change standard input"],
  ])("%j is refused", async (args, message) => {
    const { code, stderr } = await lockstep(project(SQL), args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test("a named migration that is on the base is checked, but never changed", async () => {
    const root = project(SQL);
    const { code, stderr } = await lockstep(root, ["--fix", at(OLD), at(NEW)]);
    expect([code, stderr]).toEqual([
      1,
      `lockstep: ${at(OLD)} is on main (main exists and no other base was named), so it is deployed, and Prisma keeps a checksum of it: it was not changed.\nlockstep: 1 fix applied in ${at(NEW)}.\n`,
    ]);
    expect(readFileSync(join(root, at(OLD)), "utf8")).toBe("CREATE SCHEMA bad;\n");
  });

  test("--fix is refused where no base tells what is deployed", async () => {
    const root = project(SQL);
    rmSync(join(root, ".git"), { recursive: true });
    const { code, stderr } = await lockstep(root, ["--fix"]);
    expect([code, stderr]).toEqual([
      2,
      "lockstep: --fix changes pending migrations only, and no base is known that tells which are: give --base, or name the files.\n",
    ]);
    expect(readFileSync(join(root, at(OLD)), "utf8")).toBe("CREATE SCHEMA bad;\n");
  });
});

test("the baseline accepts what is there, and says when an entry is stale", async () => {
  const root = project("CREATE SCHEMA worse;\n");
  expect(await lockstep(root, ["--write-baseline"])).toEqual({
    code: 0,
    stdout: "",
    stderr: "lockstep: 1 finding accepted in lockstep.baseline.json.\n",
  });
  expect((await lockstep(root, [])).code).toBe(0);
  write(root, { [at(NEW)]: "CREATE SCHEMA bad;\n" });
  const { code, stderr } = await lockstep(root, []);
  expect([code, stderr]).toEqual([
    1,
    `lockstep: 1 entry of lockstep.baseline.json no longer matches a finding; --write-baseline removes it:\n  bad-schema in ${NEW}\n`,
  ]);
});

test("checklist prints the checklist and is no gate unless asked", async () => {
  const root = project("CREATE SCHEMA worse;\n");
  const { code, stdout } = await lockstep(root, ["checklist"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^## Production safety checklist\n/);
  expect((await lockstep(root, ["checklist", "--fail-on", "error"])).code).toBe(1);
  const json = await lockstep(root, ["checklist", "--format", "checklist-json"]);
  expect(JSON.parse(json.stdout)).toMatchObject({ version: 1 });
});

test("rules and explain", async () => {
  const root = project("");
  expect(await lockstep(root, ["rules", "--preset", "hotfix"])).toEqual({
    code: 0,
    stderr: "",
    stdout:
      "schema\n  warning  bad-schema          A test\n  warning  odd-schema          A test\n\nhistory\n  warning  unused-suppression  A lockstep-ignore comment that suppresses nothing\n",
  });
  expect(await lockstep(root, ["explain", "bad-schema"])).toEqual({
    code: 0,
    stderr: "",
    stdout: "# bad-schema\n\nA test.\n\nHelp.\n",
  });
  const mode = await lockstep(root, ["explain", "access", "exclusive"]);
  expect(mode).toMatchObject({ code: 0, stderr: "", stdout: expect.stringMatching(/^# ACCESS EXCLUSIVE\n/) as string });
  expect(mode.stdout).toContain("- ALTER TABLE … DROP COLUMN\n");
  expect(await lockstep(root, ["explain", "bad-shema"])).toEqual({
    code: 2,
    stdout: "",
    stderr: 'lockstep: There is no rule "bad-shema". Did you mean bad-schema? lockstep rules lists them.\n',
  });
});

test.each<[readonly string[], string]>([
  [
    ["--formt", "json"],
    "lockstep: unknown option '--formt'\n(Did you mean --format?)\nlockstep check --help lists what there is.\n",
  ],
  [
    ["--format", "sarrif"],
    `lockstep: option '-f, --format <name>' argument 'sarrif' is invalid. There is no format "sarrif", only ${FORMAT_NAMES.join(", ")}. Did you mean sarif?\nlockstep check --help lists what there is.\n`,
  ],
  [
    ["--format", "json", "--format", "text"],
    "lockstep: --format json cannot share standard output with text: write one of them to a file, --output-file json=FILE.\n",
  ],
  [
    ["--rule", "bad-schema=eror"],
    "lockstep: option '--rule <id=severity>' argument 'bad-schema=eror' is invalid. There is no severity \"eror\", only off, error, warning, info. Did you mean error?\nlockstep check --help lists what there is.\n",
  ],
  [
    ["--rule", "bad-shema=error"],
    'lockstep: --rule names "bad-shema", which is no rule. Did you mean bad-schema? lockstep rules lists them.\n',
  ],
  [
    ["chekc"],
    "lockstep: chekc does not exist: check the spelling; paths are counted from the directory that lockstep is started in. It is no command either. Did you mean check?\n",
  ],
  [
    ["frobnicate"],
    "lockstep: frobnicate does not exist: check the spelling; paths are counted from the directory that lockstep is started in. It is no command either. lockstep help lists them.\n",
  ],
  [[""], "lockstep: One of the paths is empty: leave it out, or use . for this directory.\n"],
  [["--base", ""], "lockstep: The base (--base) is empty: name a branch, tag or commit, or leave it out.\n"],
  [
    ["help", "nope"],
    'lockstep: There is no command "nope", only check, checklist, rehearse, down, branches, hotfix, stats, lsp, init, doctor, completion, explain, rules and help.\n',
  ],
  [
    ["--output-file", "json=-"],
    "lockstep: --output-file json=- names no file: what standard output gets is said by --format json.\n",
  ],
  [
    ["--output-file", "json=a", "--output-file", "sarif=./a"],
    "lockstep: --output-file names ./a twice, so that one report would overwrite the other: give each its own file.\n",
  ],
  [
    ["--output-file", `json=${at(NEW)}`],
    `lockstep: --output-file would overwrite ${at(NEW)}, which is checked: name another file.\n`,
  ],
  [
    ["--config", "nope.json"],
    "lockstep: The configuration nope.json does not exist. Check the path given with --config.\n",
  ],
  [
    ["--baseline", "nope.json"],
    "lockstep: The baseline nope.json does not exist: create it with lockstep check --write-baseline, or correct its path.\n",
  ],
  [
    ["--baseline", LOCK],
    `lockstep: The baseline ${LOCK} is not one: delete it and write a new one with lockstep check --write-baseline.\n`,
  ],
  [
    ["--output-file", "json=prisma"],
    `lockstep: prisma could not be written (EISDIR): name a file that this user may write with --output-file.\n`,
  ],
  [
    ["--stdin-filename", "x.sql"],
    "lockstep: --stdin-filename says what standard input stands for: give --stdin too.\n",
  ],
  [
    ["--stdin", "--stdin-filename", "prisma"],
    "lockstep: --stdin-filename prisma is no SQL file: name the file that standard input stands for.\n",
  ],
  [
    ["--stdin", "x.sql"],
    "lockstep: --stdin reads one file from standard input, so it takes no paths (x.sql): name the file with --stdin-filename.\n",
  ],
])("%j is one clear message and exit code 2", async (args, stderr) => {
  expect(await lockstep(project("CREATE SCHEMA odd;\n"), args)).toEqual({ code: 2, stdout: "", stderr });
});

test("an unknown base is exit code 2 and names it", async () => {
  const { code, stderr } = await lockstep(project("CREATE SCHEMA odd;\n"), ["--base", "nope"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^lockstep: .*nope.*\n$/);
});

test("a base and migrations of the configuration are named as such", async () => {
  const root = project("CREATE SCHEMA odd;\n", { "lockstep.config.json": '{ "base": "nope" }' });
  expect((await lockstep(root, [])).stderr).toMatch(
    /^lockstep: The base "nope" \(base in the configuration\) names no commit/,
  );
  write(root, { "lockstep.config.json": '{ "migrations": ["nope"] }' });
  expect((await lockstep(root, [])).stderr).toMatch(
    /^lockstep: From "migrations" in the configuration: nope does not exist/,
  );
});

test("a pending file that is not UTF-8 is named", async () => {
  const root = project("x");
  writeFileSync(join(root, at(NEW)), Buffer.concat([Buffer.from("SELECT 1; -- "), Buffer.from([0xff])]));
  const { stdout, code } = await lockstep(root, []);
  expect([code, stdout]).toEqual([
    0,
    `note ${at(NEW)}\n  The file is not UTF-8: what its bytes stand for is not known, so what is said of it may be wrong.\n  Save it as UTF-8 without a byte order mark.\n\n✓ 1 pending migration, 1 statement: no findings besides the notes above.\n`,
  ]);
});

test("the statements of a clean verdict are those that are pending", async () => {
  expect(await lockstep(project("-- nothing yet\n"), [])).toEqual({
    code: 0,
    stdout: "✓ 1 pending migration, 0 statements: no findings.\n",
    stderr: "",
  });
});

test("help and version", async () => {
  const root = project("");
  const help = await lockstep(root, ["--help"]);
  expect([help.code, help.stderr]).toEqual([0, ""]);
  for (const word of ["check", "checklist", "explain", "rules", "Examples:", "Exit codes:"])
    expect(help.stdout).toContain(word);
  const check = await lockstep(root, ["check", "--help"]);
  for (const flag of [
    "--base",
    "--all",
    "--config",
    "--preset",
    "--rule",
    "--format",
    "--output-file",
    "--fail-on",
    "--max-warnings",
    "--quiet",
    "--fix",
    "--fix-unsafe",
    "--diff",
    "--postgres",
    "--execution",
    "--parser",
    "--stdin",
    "--stdin-filename",
    "--color",
    "--no-color",
    "--no-inline-config",
    "--show-suppressed",
    "--no-error-on-unmatched-pattern",
    "--write-baseline",
  ])
    expect(check.stdout).toContain(flag);
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  expect(await lockstep(root, ["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

test("the names of the formats are those of the formats", () => {
  expect(FORMAT_NAMES).toEqual(Object.keys(FORMATS));
});

test("nothing is written that was not named", async () => {
  const root = project("CREATE SCHEMA bad;\n");
  const before = execFileSync("git", ["status", "--porcelain", "-uall"], { cwd: root, encoding: "utf8" });
  for (const args of [[], ["--all"], ["--diff"], ["checklist"], ["rules"], ["--format", "json"]])
    await lockstep(root, args);
  expect(execFileSync("git", ["status", "--porcelain", "-uall"], { cwd: root, encoding: "utf8" })).toBe(before);
  expect(existsSync(join(root, "lockstep.baseline.json"))).toBe(false);
});

test.each<[boolean | undefined, Io["env"], boolean, boolean]>([
  [undefined, {}, true, true],
  [undefined, {}, false, false],
  [undefined, { NO_COLOR: "1" }, true, false],
  [undefined, { NO_COLOR: "" }, true, true],
  [undefined, { TERM: "dumb" }, true, false],
  [undefined, { FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
  [undefined, { FORCE_COLOR: "0" }, true, false],
  [false, { FORCE_COLOR: "1" }, true, false],
  [true, { NO_COLOR: "1" }, false, true],
])("colour by flag %s, environment %j and terminal %s: %s", (flag, env, isTTY, expected) => {
  expect(wantsColor(flag, env, { isTTY, write: () => Promise.resolve() })).toBe(expected);
});
