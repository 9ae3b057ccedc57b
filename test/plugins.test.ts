import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ESLint } from "eslint";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { CompletionItem, DocumentLink, Hover } from "vscode-languageserver";
import type { Io } from "../src/project/io.ts";
import { buildPackage } from "./support/built-package.ts";
import { run } from "./support/command.ts";
import { commit, git, write } from "./support/folders.ts";
import { type ClientOptions, edited, type LspClient, startClient } from "./support/lsp-client.ts";

/** The sample project with rules of its own, beside the package as it is installed: every surface, as a user starts it. */
const ROOT = join(import.meta.dirname, "..");
const SAMPLE = join(ROOT, "fixtures/projects/own-rules");
const home = realpathSync(mkdtempSync(join(tmpdir(), "lockstep-plugins-")));
const ORDERS = "prisma/migrations/20260201000000_orders/migration.sql";
const orders = readFileSync(join(SAMPLE, ORDERS), "utf8");

beforeAll(() => buildPackage(join(home, "lockstep"), ["program", "library", "eslint"]), 120_000);
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

let projects = 0;

/** The sample project in a repository whose main has the first of its two migrations. */
function project(files: Readonly<Record<string, string>> = {}): string {
  const root = join(home, `project-${++projects}`);
  cpSync(SAMPLE, root, { recursive: true });
  rmSync(join(root, ORDERS));
  write(root, { ".gitignore": "node_modules\n", "node_modules/": "" });
  symlinkSync(join(home, "lockstep"), join(root, "node_modules/lockstep"));
  symlinkSync(join(ROOT, "node_modules/eslint"), join(root, "node_modules/eslint"));
  cpSync(join(SAMPLE, "lockstep-plugin-acme"), join(root, "node_modules/lockstep-plugin-acme"), { recursive: true });
  git(root, "init", "-q", "-b", "main");
  commit(root, {});
  write(root, { [ORDERS]: orders, ...files });
  return root;
}

function node(root: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, NODE_OPTIONS: undefined, LOCKSTEP_BASE: undefined },
  });
  return { code: status, stdout, stderr };
}

const program = (root: string, ...args: readonly string[]) => node(root, "node_modules/lockstep/dist/cli.cjs", ...args);

/** A command line in this process: a fifth of the time. */
async function lockstep(root: string, ...args: readonly string[]) {
  const written = { stdout: "", stderr: "" };
  const to = (name: keyof typeof written): Io["stdout"] => ({
    write: (text) => Promise.resolve(void (written[name] += text)),
    isTTY: false,
  });
  const io = {
    cwd: root,
    env: {},
    stdout: to("stdout"),
    stderr: to("stderr"),
    stdin: () => Promise.resolve(Buffer.of()),
  };
  return { code: await run(args, io), ...written };
}

interface Found {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly suppressed?: unknown;
}

async function findings(root: string, ...args: readonly string[]): Promise<readonly string[]> {
  const { stdout, stderr } = await lockstep(root, "check", "--format", "json", "--execution", "batch", ...args);
  expect(stderr).toBe("");
  const { findings: all } = JSON.parse(stdout) as { readonly findings: readonly Found[] };
  return all
    .filter(({ suppressed }) => !suppressed)
    .map(({ rule, severity, message }) => `${severity} ${rule}: ${message}`);
}

const OWN = [
  "error table-without-comment: Nobody says what orders is for.",
  "error acme/unlogged-table: carts is empty after a crash, and on every replica.",
];

describe("the command line", () => {
  test("rules of a path and of a package run, suppressed as ours are", async () => {
    const root = project();
    expect(await findings(root)).toEqual(OWN);
    expect((await lockstep(root, "check")).code).toBe(1);
    expect((await lockstep(root, "check", "--show-suppressed")).stdout).toContain("it is gone with the next release");
    git(root, "add", "-A");
    const staged = await lockstep(root, "check", "--staged");
    expect([staged.code, staged.stdout]).toEqual([1, expect.stringContaining("table-without-comment") as string]);
  });

  test("their severity, options and fixes are those of a rule", async () => {
    const root = project({
      "lockstep.config.json": JSON.stringify({
        plugins: ["./lockstep-rules", "lockstep-plugin-acme"],
        rules: { "table-without-comment": ["info", { except: ["orders"] }] },
        ignores: [{ path: "20260201000000_orders", rules: ["acme/unlogged-table"], reason: "a test" }],
      }),
    });
    expect(await findings(root)).toEqual([]);
    write(root, { "lockstep.config.json": '{ "plugins": ["./lockstep-rules", "lockstep-plugin-acme"] }' });
    expect(await findings(root, "--rule", "table-without-comment=off")).toEqual([OWN[1]?.replace("error", "warning")]);
    expect((await lockstep(root, "check", "--fix")).stderr).toContain("1 fix applied");
    expect(readFileSync(join(root, ORDERS), "utf8")).toContain('\nCREATE TABLE "carts"');
    expect((await lockstep(root, "check", "--write-baseline")).code).toBe(0);
    expect(await findings(root)).toEqual([]);
  });

  test("rules, explain and doctor know them; the page is the plugin's", async () => {
    const root = project();
    const rules = await lockstep(root, "rules");
    expect(rules.code).toBe(0);
    expect(rules.stdout).toMatch(/^schema\n {2}warning {2}table-without-comment +A new table has no comment$/m);
    expect(rules.stdout).toMatch(/^ {2}warning {2}acme\/unlogged-table +A table is not written to the log$/m);
    expect((await lockstep(root, "explain", "table-without-comment")).stdout).toBe(
      readFileSync(join(SAMPLE, "lockstep-rules/table-without-comment.md"), "utf8"),
    );
    const acme = await lockstep(root, "explain", "acme/unlogged-table");
    expect(acme.stdout).toContain("Leave UNLOGGED out.\n\nhttps://acme.example/lockstep/unlogged-table\n");
    const typo = await lockstep(root, "explain", "table-without-coment");
    expect([typo.code, typo.stderr]).toEqual([
      2,
      'lockstep: There is no rule "table-without-coment". Did you mean table-without-comment? lockstep rules lists them.\n',
    ]);
    expect((await lockstep(root, "doctor")).stdout).toContain("2 rules: table-without-comment and acme/unlogged-table");
  });

  test("init accepts what they find in deployed migrations", async () => {
    const root = project({ [ORDERS]: "SELECT 1;\n" });
    write(root, { "prisma/migrations/20260101000000_init/migration.sql": orders });
    commit(root, {});
    expect((await lockstep(root, "init", "--yes", "--no-hook")).code).toBe(0);
    const baseline = readFileSync(join(root, "lockstep.baseline.json"), "utf8");
    expect(baseline).toContain('"table-without-comment"');
    expect(baseline).toContain('"acme/unlogged-table"');
  });

  test("SARIF has their pages, and an address only where there is one; the checklist and the text name them", async () => {
    const root = project();
    const { stdout } = await lockstep(root, "check", "--format", "sarif");
    const { rules } = (
      JSON.parse(stdout) as {
        runs: [
          { tool: { driver: { rules: { id: string; name: string; helpUri?: string; help: { markdown: string } }[] } } },
        ];
      }
    ).runs[0].tool.driver;
    const [first, second] = ["table-without-comment", "acme/unlogged-table"].map((id) =>
      rules.find((r) => r.id === id),
    );
    expect(first).toMatchObject({
      name: "TableWithoutComment",
      help: { markdown: readFileSync(join(SAMPLE, "lockstep-rules/table-without-comment.md"), "utf8") },
    });
    expect(first).not.toHaveProperty("helpUri");
    expect(second).toMatchObject({
      name: "AcmeUnloggedTable",
      helpUri: "https://acme.example/lockstep/unlogged-table",
    });
    expect((await lockstep(root, "checklist")).stdout).toContain("table-without-comment");
    expect((await lockstep(root, "check", "--format", "html")).stdout).toContain(
      "https://acme.example/lockstep/unlogged-table",
    );
  });

  test("a typo in an id is one still, with the plugins' among what is meant; rules lists them nevertheless", async () => {
    const config =
      '{ "plugins": ["./lockstep-rules"], "rules": { "table-without-coment": "off", "drop-colum": "off" } }';
    const root = project({ "lockstep.config.json": config });
    const { code, stderr } = await lockstep(root, "check");
    expect(code).toBe(2);
    expect(stderr).toContain('There is no rule "table-without-coment". Did you mean table-without-comment?');
    expect(stderr).toContain('There is no rule "drop-colum". Did you mean drop-column?');
    expect(await lockstep(root, "rules")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("table-without-comment") as string,
    });
  });

  test("rules whose plugins do not load lists ours, and says why", async () => {
    const root = project({ "lockstep.config.json": '{ "plugins": ["./gone.js"] }' });
    const { code, stdout, stderr } = await lockstep(root, "rules");
    expect([code, stderr]).toEqual([2, expect.stringContaining("The plugin ./gone.js does not exist") as string]);
    expect(stdout).toContain("drop-column");
    expect((await lockstep(root, "explain", "drop-column")).code).toBe(0);
  });

  test("a rule that throws is told as a bug of ours is, with its name and its plugin's", () => {
    const root = project({
      "throws.mjs": `export const rules = [{ id: "throws", title: "T", category: "schema", severity: "error", messages: { m: "M" }, help: "H",
        on: { createTable(operation, context) { context.report({ at: operation, message: "n" }); } } }];`,
      "lockstep.config.json": '{ "plugins": ["./throws.mjs"] }',
    });
    const { code, stderr } = program(root, "check");
    expect(code).toBe(2);
    expect(stderr).toContain(
      'Error: The rule throws of the plugin ./throws.mjs failed: it reports "n", which is none of its messages.',
    );
  });
});

describe("the language server", () => {
  async function client(options: ClientOptions): Promise<LspClient> {
    const started = await startClient(join(options.folder, "node_modules/lockstep/dist/cli.cjs"), options);
    onTestFinished(() => {
      started.connection.dispose();
      started.process.kill("SIGKILL");
    });
    return started;
  }
  const at = (text: string) => {
    const before = orders.slice(0, orders.indexOf(text)).split("\n");
    return { line: before.length - 1, character: (before.at(-1) ?? "").length + 1 };
  };

  test("shows, explains, completes and fixes what they find", async () => {
    const root = project();
    const lsp = await client({ folder: root, pull: true });
    const uri = lsp.open(join(root, ORDERS), orders);
    const own = (await lsp.diagnostics(uri)).filter(({ code }) => /comment|acme/.test(String(code)));
    const page = pathToFileURL(join(root, "lockstep-rules/table-without-comment.md")).href;
    expect(own).toMatchObject([
      { code: "table-without-comment", severity: 1, codeDescription: { href: page } },
      { code: "acme/unlogged-table", codeDescription: { href: "https://acme.example/lockstep/unlogged-table" } },
    ]);
    const actions = await lsp.actions(uri, own[1]?.range ?? { start: at("CREATE"), end: at("CREATE") });
    expect(actions.map(({ title }) => title)).toEqual(
      expect.arrayContaining([
        "Leave UNLOGGED out",
        "Ignore acme/unlogged-table here, with a reason",
        "Explain acme/unlogged-table",
      ]),
    );
    const fix = actions.find(({ title }) => title === "Leave UNLOGGED out");
    expect(edited(orders, uri, fix?.edit)).toBe(orders.replace("UNLOGGED ", ""));
    const mention = { textDocument: { uri }, position: at("acme/unlogged-table:") };
    const hover = await lsp.request<Hover>("textDocument/hover", mention);
    expect(JSON.stringify(hover.contents)).toContain("**acme/unlogged-table**: A table is not written to the log.");
    const links = await lsp.request<DocumentLink[]>("textDocument/documentLink", { textDocument: { uri } });
    expect(links.map(({ target }) => target)).toEqual([page, "https://acme.example/lockstep/unlogged-table"]);
    const words = await lsp.request<CompletionItem[]>("textDocument/completion", mention);
    expect(words.map(({ label }) => label)).toEqual(expect.arrayContaining(["table-without-comment", "drop-column"]));
    await lsp.request("workspace/executeCommand", {
      command: "lockstep.explain",
      arguments: ["table-without-comment"],
    });
    expect(lsp.received.find(({ method }) => method === "window/showDocument")?.params).toMatchObject({ uri: page });
  });

  test("loads none where the workspace is not trusted, says so once, and takes no word of theirs for wrong", async () => {
    const root = project({
      "lockstep-rules/index.js":
        'import { writeFileSync } from "node:fs";\nwriteFileSync(new URL("run", import.meta.url), "");\nexport const rules = [];\n',
    });
    const lsp = await client({ folder: root, pull: true, initializationOptions: { trusted: false } });
    const uri = lsp.open(join(root, ORDERS), `${orders}DROP TABLE "customers";\n`);
    for (let times = 0; times < 2; times++) {
      const codes = (await lsp.diagnostics(uri)).map(({ code }) => code);
      expect(codes).toContain("drop-table");
      expect(codes.filter((code) => /comment|acme|unused/.test(String(code)))).toEqual([]);
    }
    expect(existsSync(join(root, "lockstep-rules/run"))).toBe(false);
    expect(lsp.pushed).toEqual([]);
    expect(lsp.received.filter(({ method }) => method === "window/showMessage").map(({ params }) => params)).toEqual([
      {
        type: 3,
        message:
          "lockstep.config.json names plugins (./lockstep-rules/index.js and lockstep-plugin-acme), which are not loaded in a workspace that is not trusted: their rules do not run here.",
      },
    ]);
  });

  test("shows what is wrong with a plugin at its name in the configuration", async () => {
    const root = project({ "lockstep.config.json": '{ "plugins": ["./gone.js"] }' });
    const lsp = await client({ folder: root, pull: true });
    const uri = lsp.open(join(root, ORDERS), orders);
    await lsp.diagnostics(uri);
    expect(lsp.pushed).toMatchObject([
      {
        uri: pathToFileURL(join(root, "lockstep.config.json")).href,
        diagnostics: [
          {
            message: expect.stringContaining("The plugin ./gone.js does not exist") as string,
            range: { start: { line: 0, character: 14 } },
          },
        ],
      },
    ]);
  });
});

describe("ESLint", () => {
  const CONFIG =
    'import lockstep from "lockstep/eslint";\nexport default [lockstep.forProject(import.meta.dirname).configs.recommended];\n';
  const eslint = (root: string, version: "eslint" | "eslint9", ...args: readonly string[]) =>
    node(root, join(ROOT, "node_modules", version, "bin/eslint.js"), ".", ...args);
  const own = (stdout: string): readonly string[] =>
    (JSON.parse(stdout) as ESLint.LintResult[]).flatMap(({ messages }) =>
      messages.flatMap(({ ruleId, message }) =>
        /comment|acme/.test(ruleId ?? "") || !ruleId ? `${ruleId ?? ""} ${message}` : [],
      ),
    );

  test.each(["eslint", "eslint9"] as const)("%s has them under their ids, and fixes what they fix", (version) => {
    const root = project({ "eslint.config.js": CONFIG });
    const found = eslint(root, version, "-f", "json", "--fix");
    expect(own(found.stdout), found.stderr).toEqual([
      "lockstep/table-without-comment Nobody says what orders is for. Add COMMENT ON TABLE orders IS '…'; behind it.",
    ]);
    expect(readFileSync(join(root, ORDERS), "utf8")).toBe(orders.replace("UNLOGGED ", ""));
  });

  test("their options and ESLint's comments count", () => {
    const root = project({
      "eslint.config.js": [
        'import lockstep from "lockstep/eslint";',
        "const { recommended } = lockstep.forProject(import.meta.dirname).configs;",
        'const rules = { ...recommended.rules, "lockstep/table-without-comment": ["error", { except: ["orders"] }] };',
        "export default [{ ...recommended, rules }];",
      ].join("\n"),
      [ORDERS]: orders.replace(
        "CREATE UNLOGGED",
        "-- eslint-disable-next-line lockstep/acme/unlogged-table -- a test\nCREATE UNLOGGED",
      ),
    });
    expect(own(eslint(root, "eslint", "-f", "json").stdout)).toEqual([]);
  });

  test("what awaits is told in one sentence, by forProject() and without it", () => {
    const root = project({
      "eslint.config.js": CONFIG,
      "lockstep-rules/index.js": "await 0;\nexport const rules = [];\n",
    });
    const sentence =
      "lockstep.config.json:2:15: The plugin ./lockstep-rules/index.js awaits something at its top level, so that it cannot be loaded synchronously, as ESLint needs it: await inside of a function.";
    expect(eslint(root, "eslint").stderr).toContain(`Error: ${sentence}`);
    write(root, {
      "eslint.config.js": 'import lockstep from "lockstep/eslint";\nexport default [lockstep.configs.recommended];\n',
    });
    expect(new Set(own(eslint(root, "eslint", "-f", "json").stdout))).toEqual(new Set([` Parsing error: ${sentence}`]));
  });
});

test("docs/rules-of-your-own.md shows the sample project", () => {
  const page = readFileSync(join(ROOT, "docs/rules-of-your-own.md"), "utf8");
  const blocks = [...page.matchAll(/`([\w./-]+)`:\n\n```\w+\n([^]*?)^```$/gm)].map(
    ([, path = "", text = ""]) => [path, text] as const,
  );
  expect(blocks.map(([path]) => path)).toEqual([
    "lockstep-rules/table-without-comment.js",
    "lockstep-rules/index.js",
    "lockstep.config.json",
  ]);
  for (const [path, text] of blocks) expect(text, path).toBe(readFileSync(join(SAMPLE, path), "utf8"));
  const [, example = ""] = /^```ts\n([^]*?)^```$/m.exec(page) ?? [];
  const root = project({
    "lockstep-rules/test.js": `${example}console.log(findings.map(({ message }) => message));\n`,
  });
  expect(node(root, "lockstep-rules/test.js")).toMatchObject({
    stderr: "",
    stdout: "[ 'Nobody says what orders is for.' ]\n",
  });
});
