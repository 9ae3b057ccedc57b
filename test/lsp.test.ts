import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import {
  type CodeLens,
  type CompletionItem,
  type Diagnostic,
  type DocumentLink,
  type DocumentSymbol,
  type Hover,
  type InlayHint,
  MessageType,
} from "vscode-languageserver";
import { folder, git, repository, write } from "./support/folders.ts";
import { type ClientOptions, edited, type LspClient, startClient } from "./support/lsp-client.ts";
import { type BuiltProgram, builtProgram } from "./support/program.ts";

/** The real server, spoken to over standard input and output. */
let program: BuiltProgram;
beforeAll(async () => {
  program = await builtProgram();
}, 60_000);
afterAll(() => program.remove());

async function client(options: ClientOptions): Promise<LspClient> {
  const started = await startClient(program.cli, options);
  onTestFinished(() => {
    started.connection.dispose();
    started.process.kill("SIGKILL");
  });
  return started;
}

/** A client with a command for what is behind a lens. */
const WITH_LENSES = { initializationOptions: { effectsCommand: "own.effects" } };

const INIT = `CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text);\n`;
const INDEX = `-- é😀\nCREATE INDEX "users_email_idx" ON "users"("email");\n`;
const A = "prisma/migrations/20250101000000_init/migration.sql";
const B = "prisma/migrations/20250201000000_index/migration.sql";
const FILES = {
  [A]: INIT,
  [B]: INDEX,
  "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
  "lockstep.config.json":
    '{ "rules": { "missing-down-migration": "off", "missing-lock-timeout": "off" }, "execution": "split" }\n',
};

/** What the command line reports in that folder, as rules with their places. */
function checked(
  root: string,
  ...args: string[]
): { rule: string; range: { startLine: number; startColumn: number }; message: string }[] {
  let json: string;
  try {
    json = execFileSync(process.execPath, [program.cli, "check", "--format", "json", ...args], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    json = (error as { stdout: string }).stdout;
  }
  return (
    JSON.parse(json) as {
      findings: { rule: string; range: { startLine: number; startColumn: number }; message: string }[];
    }
  ).findings;
}

const rulesOf = (diagnostics: readonly Diagnostic[]): unknown[] => diagnostics.map(({ code }) => code);

describe.each([
  ["that pulls", true],
  ["that is pushed to", false],
])("a client %s", (_, pull) => {
  test("sees what the command line says, and a fix takes it away", async () => {
    const root = folder(FILES);
    const lsp = await client({ folder: root, pull });
    expect(lsp.initialized.capabilities.positionEncoding).toBe("utf-16");
    expect(lsp.initialized.capabilities.diagnosticProvider !== undefined).toBe(pull);
    const text = `SELECT '😀'; ${INDEX.split("\n")[1] ?? ""}\n`;
    write(root, { [B]: text });
    const uri = lsp.open(join(root, B), text);
    const diagnostics = await lsp.diagnostics(uri);
    const said = checked(root, B);
    expect(said.map(({ rule }) => rule)).toContain("index-build-blocks-writes");
    expect(
      diagnostics.map(({ code, message, range }) => ({
        code,
        message: (message as string).split("\n")[0],
        line: range.start.line + 1,
        column: range.start.character + 1,
      })),
    ).toEqual(
      said.map(({ rule, message, range: { startLine, startColumn } }) => ({
        code: rule,
        message,
        line: startLine,
        column: startColumn,
      })),
    );
    const index = diagnostics.find(({ code }) => code === "index-build-blocks-writes");
    expect(index).toMatchObject({
      severity: 1,
      source: "lockstep",
      codeDescription: {
        href: expect.stringMatching(/^file:\/\/.*\/rules\/locking\/index-build-blocks-writes\.md$/) as string,
      },
      range: { start: { line: 0, character: 13 } },
    });
    const actions = await lsp.actions(uri, (index as Diagnostic).range);
    expect(actions.map(({ title }) => title)).toEqual([
      "Build the index concurrently",
      "Ignore index-build-blocks-writes here, with a reason",
      "Explain index-build-blocks-writes",
      "Ignore index-build-blocks-writes in this file, with a reason",
    ]);
    expect(actions[0]).toMatchObject({
      kind: "quickfix",
      isPreferred: true,
      edit: { documentChanges: [{ textDocument: { uri, version: 1 } }] },
      diagnostics: [{ code: "index-build-blocks-writes" }],
    });
    const fixed = edited(text, uri, actions[0]?.edit);
    expect(fixed).toBe(text.replace("CREATE INDEX", "CREATE INDEX CONCURRENTLY"));
    lsp.change(uri, fixed);
    expect(rulesOf(await lsp.diagnostics(uri))).not.toContain("index-build-blocks-writes");
    if (pull) expect(lsp.pushed).toEqual([]);
    lsp.close(uri);
    expect(await lsp.stop()).toBe(0);
    if (!pull) expect(lsp.pushed.at(-1)).toEqual({ uri, diagnostics: [] });
  });

  test("of a text that changes faster than it is checked, it gets what holds for the last one", async () => {
    const root = folder(FILES);
    const lsp = await client({ folder: root, pull });
    const uri = lsp.open(join(root, B), INDEX);
    const pieces = [
      "DROP TABLE users;\n",
      `ALTER TABLE "users" DROP COLUMN "email";\n`,
      "DELETE FROM users;\n",
      "-- ü\n",
      "SELECT (;\n",
      "/* ",
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(), fc.nat(20), fc.constantFrom(...pieces)), { minLength: 1, maxLength: 8 }),
        async (edits) => {
          let text = INDEX;
          lsp.change(uri, text);
          for (const [at, length, piece] of edits) {
            const start = at % (text.length + 1);
            const end = Math.min(text.length, start + length);
            const place = (offset: number) => {
              const before = text.slice(0, offset).split("\n");
              return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
            };
            const range = { start: place(start), end: place(end) };
            text = text.slice(0, start) + piece + text.slice(end);
            lsp.change(uri, [{ range, text: piece }]);
          }
          const changed = await lsp.diagnostics(uri);
          lsp.close(uri);
          lsp.open(join(root, B), text);
          expect(changed).toEqual(await lsp.diagnostics(uri));
        },
      ),
      { numRuns: 25 },
    );
    expect(await lsp.stop()).toBe(0);
  });
});

test("effects: hover, code lenses, inlay hints and symbols", async () => {
  const root = folder(FILES);
  const lsp = await client({ ...WITH_LENSES, folder: root, pull: true, settings: { inlayHints: true } });
  const text = `BEGIN;\nALTER TABLE "users" ALTER COLUMN "email" TYPE integer USING "email"::integer;\nCREATE INDEX "users_email_idx" ON "users"("email");\nCOMMIT;\n`;
  const uri = lsp.open(join(root, B), text);
  const textDocument = { uri };
  const hover = await lsp.request<Hover & { contents: { value: string } }>("textDocument/hover", {
    textDocument,
    position: { line: 1, character: 20 },
  });
  expect(hover).toEqual({
    range: { start: { line: 1, character: 0 }, end: { line: 1, character: 76 } },
    contents: {
      kind: "markdown",
      value: [
        "| Lock | On | Blocks |",
        "| --- | --- | --- |",
        "| [ACCESS EXCLUSIVE](https://www.postgresql.org/docs/current/sql-altertable.html) | `users` | reads and writes |",
        "",
        "- Rewrites `users` to convert email to integer.",
        "- Reads `users` from end to end to convert email to integer.",
        "- Fails with 22P02 if there are values that do not fit the new type in `users` (email): from text to integer.",
        "",
        "Its locks are held until the end of a transaction with 3 other statements.",
      ].join("\n"),
    },
  });
  const lenses = await lsp.request<CodeLens[]>("textDocument/codeLens", { textDocument });
  expect(lenses.map(({ range, command }) => [range.start.line, command?.title])).toEqual([
    [1, "ACCESS EXCLUSIVE on users: blocks reads and writes · rewrites it"],
    [2, "SHARE on users: blocks writes · reads all of it"],
  ]);
  expect(lenses[0]?.command).toMatchObject({ command: "own.effects", arguments: [uri, { line: 1, character: 0 }] });
  const hints = await lsp.request<InlayHint[]>("textDocument/inlayHint", {
    textDocument,
    range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } },
  });
  expect(hints.map(({ label, position }) => [label, position])).toEqual([
    ["ACCESS EXCLUSIVE", { line: 1, character: 76 }],
  ]);
  const symbols = await lsp.request<DocumentSymbol[]>("textDocument/documentSymbol", { textDocument });
  expect(symbols.map(({ name }) => name)).toEqual([
    "BEGIN",
    'ALTER TABLE "users" ALTER COLUMN "email" TYPE integer USING "email"::integer',
    'CREATE INDEX "users_email_idx" ON "users"("email")',
    "COMMIT",
  ]);
  lsp.settings = { codeLens: false };
  lsp.notify("workspace/didChangeConfiguration", { settings: null });
  expect(await lsp.request("textDocument/codeLens", { textDocument })).toBeNull();
  expect(await lsp.request("textDocument/inlayHint", { textDocument, range: hover.range })).toBeNull();
});

test("there are no lenses for a client that has not said which command of its own they call", async () => {
  const root = folder(FILES);
  for (const initializationOptions of [undefined, {}, { effectsCommand: null }, { ignoreCommand: "own.ignore" }]) {
    const lsp = await client({ folder: root, pull: true, initializationOptions });
    const uri = lsp.open(join(root, B), INDEX);
    expect(lsp.initialized.capabilities).not.toHaveProperty("codeLensProvider");
    expect(await lsp.request("textDocument/codeLens", { textDocument: { uri } })).toBeNull();
    expect(
      await lsp.request("textDocument/hover", { textDocument: { uri }, position: { line: 1, character: 0 } }),
    ).not.toBeNull();
    expect(await lsp.stop()).toBe(0);
  }
});

test("a deployed migration says what it did, and nothing is found in it", async () => {
  const root = repository({ ...FILES, [A]: INIT });
  const lsp = await client({ ...WITH_LENSES, folder: root, pull: true });
  const uri = lsp.open(join(root, B), INDEX);
  expect(await lsp.diagnostics(uri)).toEqual([]);
  expect(
    (await lsp.request<CodeLens[]>("textDocument/codeLens", { textDocument: { uri } })).map(
      ({ command }) => command?.title,
    ),
  ).toEqual(["SHARE on users: blocks writes · reads all of it"]);
  expect(
    await lsp.actions(uri, { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } }, ["source.fixAll"]),
  ).toEqual([]);
});

test("what is pending goes out together, saved or not, in buffers that have no file yet", async () => {
  const root = repository({
    [A]: INIT,
    "prisma/migrations/migration_lock.toml": FILES["prisma/migrations/migration_lock.toml"] ?? "",
    "lockstep.config.json": FILES["lockstep.config.json"] ?? "",
  });
  const lsp = await client({ folder: root, pull: true });
  const made = join(root, "prisma/migrations/20250301000000_posts/migration.sql");
  const used = join(root, "prisma/migrations/20250302000000_more/migration.sql");
  const posts = `CREATE TABLE "posts" ("id" integer);\n`;
  const index = `CREATE INDEX "posts_id_idx" ON "posts"("id");\n`;
  const second = lsp.open(used, index);
  expect(rulesOf(await lsp.diagnostics(second))).toContain("index-build-blocks-writes");
  const first = lsp.open(made, posts);
  expect(await lsp.diagnostics(second)).toEqual([]);
  // As on the command line, once they are saved.
  write(root, { [made.slice(root.length + 1)]: posts, [used.slice(root.length + 1)]: index });
  expect(checked(root)).toEqual([]);
  lsp.change(first, "-- nothing\n");
  expect(rulesOf(await lsp.diagnostics(second))).toContain("index-build-blocks-writes");
  lsp.close(first);
  expect(await lsp.diagnostics(second)).toEqual([]);
  rmSync(join(made, ".."), { recursive: true });
  lsp.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: pathToFileURL(made).href, type: 3 }] });
  expect(rulesOf(await lsp.diagnostics(second))).toContain("index-build-blocks-writes");
  // Deleted under the editor's hands: the buffer is still what will be saved.
  rmSync(join(used, ".."), { recursive: true });
  expect(rulesOf(await lsp.diagnostics(second))).toContain("index-build-blocks-writes");
  expect(await lsp.stop()).toBe(0);
});

test("what is committed to the base meanwhile is deployed", async () => {
  const root = repository({
    [A]: INIT,
    "prisma/migrations/migration_lock.toml": FILES["prisma/migrations/migration_lock.toml"] ?? "",
  });
  git(root, "checkout", "-q", "-b", "feature");
  write(root, { [B]: INDEX });
  const lsp = await client({ folder: root, pull: true });
  const uri = lsp.open(join(root, B), INDEX);
  expect(rulesOf(await lsp.diagnostics(uri))).toContain("index-build-blocks-writes");
  git(root, "add", "-A");
  git(root, "commit", "-q", "-m", "index");
  git(root, "branch", "-f", "main");
  // No client tells about files here: what git has checked out is looked at with every question.
  expect(await lsp.diagnostics(uri)).toEqual([]);
});

test("branches are compared again when nothing was written for a moment", async () => {
  const late = "prisma/migrations/20250115000000_late/migration.sql";
  const root = repository(FILES);
  git(root, "checkout", "-q", "-b", "feature", "HEAD");
  const lsp = await client({ folder: root, pull: true });
  const uri = lsp.open(join(root, late), `ALTER TABLE "users" ADD COLUMN "name" text;\n`);
  const before = await lsp.diagnostics(uri);
  expect(before.find(({ code }) => code === "late-migration")).toMatchObject({ severity: 3 });
  // Now the order matters: the index of the base is made over what this takes away.
  lsp.change(uri, `ALTER TABLE "users" DROP COLUMN "email";\n`);
  await expect
    .poll(async () => (await lsp.diagnostics(uri)).find(({ code }) => code === "late-migration")?.severity, {
      timeout: 10_000,
    })
    .toBe(1);
  expect(lsp.received.map(({ method }) => method)).toContain("workspace/diagnostic/refresh");
});

test("suppressions: ignored with a reason, completed, linked, explained", async () => {
  const root = folder(FILES);
  const lsp = await client({ folder: root, pull: true });
  const text = `  ${INDEX.split("\n")[1] ?? ""}\n`;
  const uri = lsp.open(join(root, B), text);
  const [found] = await lsp.diagnostics(uri);
  const actions = await lsp.actions(uri, (found as Diagnostic).range);
  const ignore = actions.find(({ title }) => title === "Ignore index-build-blocks-writes here, with a reason");
  const commented = edited(text, uri, ignore?.edit);
  expect(commented).toBe(`  -- lockstep-ignore index-build-blocks-writes: \n${text}`);
  lsp.change(uri, commented);
  // It suppresses nothing before there is a reason.
  expect(rulesOf(await lsp.diagnostics(uri))).toEqual(["unused-suppression", "index-build-blocks-writes"]);
  lsp.change(uri, commented.replace(": \n", ": the table is small\n"));
  expect(await lsp.diagnostics(uri)).toEqual([]);
  const links = await lsp.request<DocumentLink[]>("textDocument/documentLink", { textDocument: { uri } });
  expect(links).toMatchObject([
    {
      range: { start: { line: 0, character: 21 }, end: { line: 0, character: 46 } },
      target: expect.stringMatching(/^file:\/\/.*\/rules\/locking\/index-build-blocks-writes\.md$/) as string,
    },
  ]);
  expect(
    (await lsp.request<Hover>("textDocument/hover", { textDocument: { uri }, position: { line: 0, character: 30 } }))
      .contents,
  ).toMatchObject({ value: expect.stringContaining("**index-build-blocks-writes**: ") as string });

  lsp.change(uri, `-- lockstep-ignore ind\n${text}`);
  const items = await lsp.request<CompletionItem[]>("textDocument/completion", {
    textDocument: { uri },
    position: { line: 0, character: 22 },
  });
  expect([...items].sort((a, b) => ((a.sortText ?? "") < (b.sortText ?? "") ? -1 : 1))[0]).toMatchObject({
    label: "index-build-blocks-writes",
    textEdit: { range: { start: { character: 19 }, end: { character: 22 } } },
  });
  lsp.change(uri, `-- lock\n${text}`);
  expect(
    (
      await lsp.request<CompletionItem[]>("textDocument/completion", {
        textDocument: { uri },
        position: { line: 0, character: 7 },
      })
    ).map(({ label }) => label),
  ).toEqual(["lockstep-ignore", "lockstep-ignore-file"]);
  expect(
    await lsp.request("textDocument/completion", { textDocument: { uri }, position: { line: 1, character: 3 } }),
  ).toEqual([]);

  const explain = actions.find(({ title }) => title === "Explain index-build-blocks-writes");
  await lsp.request("workspace/executeCommand", explain?.command);
  const shown = lsp.received.find(({ method }) => method === "window/showDocument")?.params as { uri: string };
  expect(readFileSync(new URL(shown.uri), "utf8")).toMatch(/^# index-build-blocks-writes/);
});

test.each([
  ["that shows no documents", { shows: undefined }],
  ["that has not shown the page", { shows: false }],
  ["that refuses to", { refusing: true }],
])("a rule is explained in a message to a client %s", async (_name, how) => {
  const root = folder(FILES);
  const lsp = await client({ folder: root, pull: true, ...how });
  await lsp.request("workspace/executeCommand", { command: "lockstep.explain", arguments: ["drop-table"] });
  await vi.waitFor(() => {
    expect(lsp.received.find(({ method }) => method === "window/showMessage")?.params).toEqual({
      type: MessageType.Info,
      message: expect.stringMatching(/^drop-table: A table is dropped.+ Its page: .+drop-table\.md$/) as string,
    });
  });
  expect(lsp.received.some(({ method }) => method === "window/showDocument")).toBe(
    !("shows" in how) || how.shows === false,
  );
  expect(await lsp.stop()).toBe(0);
});

test("a client's own command, or a snippet, asks for the reason", async () => {
  const root = folder({ ...FILES, [B]: "SELECT 1; DROP TABLE users;\n" });
  const ask = await client({ folder: root, pull: true, initializationOptions: { ignoreCommand: "own.ignore" } });
  const uri = ask.open(join(root, B), "SELECT 1; DROP TABLE users;\n");
  const everywhere = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
  const title = "Ignore drop-table here, with a reason";
  expect((await ask.actions(uri, everywhere)).find((each) => each.title === title)?.command).toEqual({
    title: "Ignore with a reason",
    command: "own.ignore",
    arguments: [uri, { line: 0, character: 10 }, "/* lockstep-ignore drop-table: ", " */ "],
  });
  const snippet = await client({
    folder: root,
    pull: true,
    workspace: { workspaceEdit: { documentChanges: true, snippetEditSupport: true } },
  });
  snippet.open(join(root, B), "SELECT 1; DROP TABLE users;\n");
  expect((await snippet.actions(uri, everywhere)).find((each) => each.title === title)?.edit?.documentChanges).toEqual([
    {
      textDocument: { uri, version: 1 },
      edits: [
        {
          range: { start: { line: 0, character: 10 }, end: { line: 0, character: 10 } },
          snippet: { kind: "snippet", value: "/* lockstep-ignore drop-table: ${1:reason} */ " },
        },
      ],
    },
  ]);
});

test("all safe fixes at once are what check --fix writes", async () => {
  const text = `CREATE INDEX "a" ON "users"("email");\r\nALTER TABLE "users" ADD CONSTRAINT "c" CHECK (email <> '');\r\nCREATE INDEX "b" ON "users"("email");\r\n`;
  const root = folder({ ...FILES, [B]: text });
  const lsp = await client({ folder: root, pull: true });
  const uri = lsp.open(join(root, B), text);
  const [action] = await lsp.actions(uri, { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, [
    "source.fixAll",
  ]);
  expect(action).toMatchObject({ kind: "source.fixAll.lockstep" });
  checked(root, B, "--fix");
  expect(edited(text, uri, action?.edit)).toBe(readFileSync(join(root, B), "utf8"));
  expect(edited(text, uri, action?.edit)).not.toBe(text);
});

describe("configuration", () => {
  test("one that is broken is shown at its place, and the defaults hold meanwhile", async () => {
    const root = folder({ ...FILES, "lockstep.config.json": '{\n  "presett": "hotfix"\n}\n' });
    const lsp = await client({ folder: root, pull: true });
    const uri = lsp.open(join(root, B), INDEX);
    expect(rulesOf(await lsp.diagnostics(uri))).toEqual(["index-build-blocks-writes", "missing-lock-timeout"]);
    const config = pathToFileURL(join(root, "lockstep.config.json")).href;
    expect(lsp.pushed).toEqual([
      {
        uri: config,
        diagnostics: [
          {
            range: { start: { line: 1, character: 2 }, end: { line: 1, character: 11 } },
            severity: 1,
            code: "configuration",
            source: "lockstep",
            message: 'There is no setting "presett". Did you mean preset? Until it is corrected the defaults hold.',
          },
        ],
      },
    ]);
    writeFileSync(join(root, "lockstep.config.json"), FILES["lockstep.config.json"] ?? "");
    lsp.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: config, type: 2 }] });
    expect(rulesOf(await lsp.diagnostics(uri))).toEqual(["index-build-blocks-writes"]);
    expect(lsp.pushed.at(-1)).toEqual({ uri: config, diagnostics: [] });
    writeFileSync(join(root, "lockstep.config.json"), "{");
    lsp.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: config, type: 2 }] });
    expect(await lsp.diagnostics(uri)).toHaveLength(2);
    expect(lsp.pushed.at(-1)?.diagnostics).toMatchObject([
      { code: "configuration", message: expect.stringContaining("This is not JSON") as string },
    ]);
  });

  test("one that is corrected is no longer broken for a file that nobody asks about", async () => {
    const root = folder({ ...FILES, "lockstep.config.json": '{ "presett": "hotfix" }' });
    const lsp = await client({ folder: root, pull: true });
    const uri = lsp.open(join(root, B), INDEX);
    lsp.notify("textDocument/didOpen", {
      textDocument: { uri: "untitled:Untitled-1", languageId: "sql", version: 1, text: "DROP TABLE users;" },
    });
    await lsp.diagnostics("untitled:Untitled-1");
    await lsp.diagnostics(uri);
    const config = pathToFileURL(join(root, "lockstep.config.json")).href;
    expect(lsp.pushed.at(-1)).toMatchObject({ uri: config, diagnostics: [{ code: "configuration" }] });
    writeFileSync(join(root, "lockstep.config.json"), "{}");
    lsp.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: config, type: 2 }] });
    await lsp.diagnostics(uri);
    expect(lsp.pushed.at(-1)).toEqual({ uri: config, diagnostics: [] });
  });

  test("one that is a program is not run where the client does not trust the workspace", async () => {
    const { "lockstep.config.json": _, ...files } = FILES;
    const root = folder({
      ...files,
      "lockstep.config.mjs":
        'import { writeFileSync } from "node:fs";\nwriteFileSync(new URL("run", import.meta.url), "");\nexport default { execution: "split" };\n',
    });
    const config = pathToFileURL(join(root, "lockstep.config.mjs")).href;
    const careful = await client({ folder: root, pull: true, initializationOptions: { trusted: false } });
    expect(rulesOf(await careful.diagnostics(careful.open(join(root, B), INDEX)))).toContain(
      "index-build-blocks-writes",
    );
    expect(existsSync(join(root, "run"))).toBe(false);
    expect(careful.pushed).toMatchObject([
      {
        uri: config,
        diagnostics: [
          {
            message: expect.stringContaining(
              "is a program, and is not run in a workspace that is not trusted.",
            ) as string,
          },
        ],
      },
    ]);
    const trusting = await client({ folder: root, pull: true, initializationOptions: { trusted: true } });
    expect(rulesOf(await trusting.diagnostics(trusting.open(join(root, B), INDEX)))).toContain(
      "index-build-blocks-writes",
    );
    expect(existsSync(join(root, "run"))).toBe(true);
    expect(trusting.pushed).toEqual([]);
  });

  test("the editor's settings are those of the command line", async () => {
    const root = repository(FILES);
    git(root, "tag", "v1", git(root, "commit-tree", git(root, "mktree"), "-m", "nothing"));
    const lsp = await client({ folder: root, pull: true, settings: { base: "v1", postgres: null } });
    const uri = lsp.open(join(root, B), INDEX);
    expect(await lsp.diagnostics(uri)).toEqual([]);
    lsp.close(uri);
    const alone = join(root, B);
    const other = lsp.open(join(root, A), `${INIT}DROP TABLE gone;\n`);
    expect(rulesOf(await lsp.diagnostics(other))).toContain("drop-table");
    lsp.settings = { base: "nowhere" };
    lsp.notify("workspace/didChangeConfiguration", { settings: null });
    expect(await lsp.diagnostics(other)).toMatchObject([
      { code: "not-checked", severity: 2, message: expect.stringContaining("nowhere") as string },
    ]);
    lsp.settings = { enable: false };
    lsp.notify("workspace/didChangeConfiguration", { settings: null });
    expect(await lsp.diagnostics(lsp.open(alone, INDEX))).toEqual([]);
  });
});

describe("odd workspaces and clients", () => {
  test("no migrations at all, SQL that is none, and SQL without a file", async () => {
    const root = folder({ "seed.sql": "DELETE FROM users;\n" });
    const lsp = await client({ folder: root, pull: true });
    expect(await lsp.diagnostics(lsp.open(join(root, "seed.sql"), "DELETE FROM users;\n"))).toEqual([]);
    const untitled = lsp.open("untitled:Untitled-1", "DELETE FROM users;\n");
    expect(rulesOf(await lsp.diagnostics(untitled))).toEqual(["delete-without-where"]);
    expect(await lsp.diagnostics(lsp.open("untitled:Untitled-2", "DELETE FROM users;\n", "plaintext"))).toEqual([]);
    const first = lsp.open(join(root, A), `CREATE TABLE "t" ("id" integer);\nCREATE INDEX "i" ON "u"("id");\n`);
    expect(rulesOf(await lsp.diagnostics(first))).toContain("index-build-blocks-writes");
    lsp.settings = { untitled: false };
    lsp.notify("workspace/didChangeConfiguration", { settings: null });
    expect(await lsp.diagnostics(untitled)).toEqual([]);
    expect(await lsp.stop()).toBe(0);
  });

  test("two Prisma projects do not see each other, a configuration may name other files", async () => {
    const files = Object.fromEntries(
      ["a", "b"].flatMap((name) => [
        [`${name}/${A}`, name === "a" ? INIT : `CREATE TABLE "other" ("id" integer);\n`],
        [`${name}/${B}`, INDEX],
        [`${name}/prisma/migrations/migration_lock.toml`, 'provider = "postgresql"\n'],
      ]),
    );
    const root = folder({
      ...files,
      "b/lockstep.config.json": `{ "rules": { "index-build-blocks-writes": "off" }, "migrations": ["sql"] }\n`,
      "b/sql/x.sql": "DELETE FROM t;\n",
    });
    const lsp = await client({ folder: root, pull: true });
    expect(rulesOf(await lsp.diagnostics(lsp.open(join(root, "a", B), INDEX)))).toEqual([
      "index-build-blocks-writes",
      "missing-lock-timeout",
    ]);
    expect(rulesOf(await lsp.diagnostics(lsp.open(join(root, "b", B), INDEX)))).not.toContain(
      "index-build-blocks-writes",
    );
    expect(rulesOf(await lsp.diagnostics(lsp.open(join(root, "b/sql/x.sql"), "DELETE FROM t;\n")))).toContain(
      "delete-without-where",
    );
    expect(await lsp.stop()).toBe(0);
  });

  test("migrations that cannot be read are told once, where they are", async () => {
    const root = folder({ ...FILES, "prisma/migrations/migration_lock.toml": 'provider = "mysql"\n' });
    const lsp = await client({ folder: root, pull: false });
    const uri = lsp.open(join(root, B), INDEX);
    expect(await lsp.diagnostics(uri)).toMatchObject([
      { code: "not-checked", message: expect.stringContaining("mysql") as string },
    ]);
    expect(await lsp.stop()).toBe(0);
  });

  test("messages about what is not open, or is no message, end nothing", async () => {
    const root = folder(FILES);
    const lsp = await client({ folder: root, pull: true });
    const uri = pathToFileURL(join(root, B)).href;
    lsp.notify("textDocument/didChange", { textDocument: { uri, version: 7 }, contentChanges: [{ text: "x" }] });
    lsp.notify("textDocument/didClose", { textDocument: { uri } });
    lsp.notify("textDocument/didSave", { textDocument: { uri } });
    lsp.notify("made/up", { a: 1 });
    expect(await lsp.diagnostics(uri)).toEqual([]);
    for (const method of ["hover", "codeLens", "documentSymbol", "documentLink", "completion"])
      expect(
        await lsp.request(`textDocument/${method}`, { textDocument: { uri }, position: { line: 999, character: 999 } }),
      ).toBeNull();
    await expect(lsp.request("made/up", {})).rejects.toThrow("made/up");
    await lsp.request("workspace/executeCommand", { command: "lockstep.explain", arguments: ["drop-colum"] });
    expect(lsp.received.at(-1)).toMatchObject({
      method: "window/showMessage",
      params: { message: "There is no rule drop-colum. Did you mean drop-column?" },
    });
    lsp.open(join(root, B), INDEX);
    lsp.change(uri, [
      { range: { start: { line: 500, character: 9 }, end: { line: 600, character: 1 } }, text: "-- beyond the end\n" },
    ]);
    expect(rulesOf(await lsp.diagnostics(uri))).toContain("index-build-blocks-writes");
    expect(await lsp.stop()).toBe(0);
  });

  test("a client that refuses what it is asked for gets its findings all the same", async () => {
    const root = folder(FILES);
    const dynamic = { dynamicRegistration: true };
    const lsp = await client({
      folder: root,
      pull: true,
      refusing: true,
      workspace: { didChangeConfiguration: dynamic, didChangeWatchedFiles: dynamic },
    });
    const uri = lsp.open(join(root, B), INDEX);
    expect(rulesOf(await lsp.diagnostics(uri))).toEqual(["index-build-blocks-writes"]);
    lsp.notify("workspace/didChangeConfiguration", { settings: null });
    lsp.notify("workspace/didChangeWatchedFiles", { changes: [{ uri, type: 2 }] });
    await lsp.request("workspace/executeCommand", { command: "lockstep.explain", arguments: ["drop-table"] });
    expect(rulesOf(await lsp.diagnostics(uri))).toEqual(["index-build-blocks-writes"]);
    await vi.waitFor(() =>
      expect(lsp.received.map(({ method }) => method)).toEqual(
        expect.arrayContaining([
          "client/registerCapability",
          "workspace/configuration",
          "window/showDocument",
          "workspace/diagnostic/refresh",
        ]),
      ),
    );
    expect(await lsp.stop()).toBe(0);
  });

  test("a request that was cancelled is answered so", async () => {
    const root = folder(FILES);
    const lsp = await client({ folder: root, pull: true });
    const uri = lsp.open(join(root, B), INDEX);
    const { CancellationTokenSource } = await import("vscode-jsonrpc/node");
    // The cancellation may come when the answer is on its way.
    const answers: unknown[] = [];
    for (let tries = 0; tries < 20 && answers.length === 0; tries++) {
      const source = new CancellationTokenSource();
      const answer = lsp.connection
        .sendRequest("textDocument/diagnostic", { textDocument: { uri } }, source.token)
        .then(
          () => undefined,
          (error: unknown) => answers.push(error),
        );
      source.cancel();
      await answer;
    }
    expect(answers).toMatchObject([{ code: -32800, data: undefined }]);
    expect(rulesOf(await lsp.diagnostics(uri))).toContain("index-build-blocks-writes");
  });

  test.each([
    ["closes the pipe", (lsp: LspClient) => lsp.process.stdin?.end()],
    ["exits without shutdown", (lsp: LspClient) => lsp.notify("exit", undefined)],
  ])("a client that %s takes the server with it", async (_, leave) => {
    const root = folder(FILES);
    const lsp = await client({ folder: root, pull: false });
    lsp.open(join(root, B), INDEX);
    const ended = new Promise((settle) => lsp.process.once("exit", settle));
    leave(lsp);
    expect(await ended).toBe(1);
  });
});
