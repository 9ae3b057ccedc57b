import { execFile } from "node:child_process";
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { migrationArgument, settingFlags, workingDirectory } from "../editors/vscode/src/command-line.ts";
import { ignoreRequest, ignoreText, reasonProblem } from "../editors/vscode/src/ignore.ts";
import {
  compareVersions,
  findInstallation,
  type FoundInstallation,
  type InstallationSearch,
} from "../editors/vscode/src/installation.ts";
import { statusShown } from "../editors/vscode/src/status-text.ts";
import { rules } from "../rules/index.ts";
import { EXECUTIONS, POSTGRES_VERSIONS, PRESETS } from "../src/engine/config.ts";
import { check, memoryHistory } from "../src/index.ts";
import { folder, git, write } from "./support/folders.ts";
import { startClient } from "./support/lsp-client.ts";

const HOME = join(import.meta.dirname, "../editors/vscode");

interface Manifest {
  readonly version: string;
  readonly license: string;
  readonly contributes: {
    readonly configuration: {
      readonly properties: Readonly<
        Record<
          string,
          { readonly default: unknown; readonly enum?: readonly unknown[]; readonly type: string | readonly string[] }
        >
      >;
    };
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: Readonly<
      Record<string, readonly { readonly command?: string; readonly submenu?: string; readonly when?: string }[]>
    >;
    readonly submenus: readonly { readonly id: string }[];
  };
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
}

const manifest = JSON.parse(readFileSync(join(HOME, "package.json"), "utf8")) as Manifest;

/** The files of an installed lockstep below `at`. */
function installed(
  at: string,
  version: string,
  dependencies: Readonly<Record<string, string>> = { "vscode-languageserver": "^10.0.0" },
): Readonly<Record<string, string>> {
  return {
    [`${at}/package.json`]: JSON.stringify({
      name: "lockstep",
      version,
      bin: { lockstep: "dist/cli.cjs" },
      dependencies,
    }),
    [`${at}/dist/cli.cjs`]: "",
  };
}

function find(root: string, search: Partial<InstallationSearch>): FoundInstallation {
  write(root, installed("extension/server", "9.9.9"));
  return findInstallation({
    folder: join(root, "work"),
    projects: [],
    trusted: true,
    bundled: join(root, "extension/server"),
    ...search,
  });
}

/** "project 1.2.0 work/node_modules/lockstep", or the sentence. */
function told(root: string, found: FoundInstallation): string {
  if (!found.ok) return found.message;
  const { origin, version, home } = found.installation;
  return `${origin} ${version} ${home
    .slice(root.length + 1)
    .split(sep)
    .join("/")}`;
}

describe("which lockstep runs", () => {
  const migrations = (root: string): string => join(root, "work/packages/db/prisma/migrations");

  test("the nearest one above the migrations, not the one above the workspace folder", () => {
    const root = folder({
      "work/packages/db/prisma/migrations/": "",
      ...installed("work/packages/db/node_modules/lockstep", "1.2.0"),
      ...installed("work/node_modules/lockstep", "1.0.0"),
    });
    expect(told(root, find(root, { projects: [migrations(root)] }))).toBe(
      "project 1.2.0 work/packages/db/node_modules/lockstep",
    );
    expect(told(root, find(root, { projects: [] }))).toBe("project 1.0.0 work/node_modules/lockstep");
  });

  test("above the workspace folder only within its git work tree", () => {
    const root = folder({ "work/": "", ...installed("node_modules/lockstep", "1.0.0") });
    expect(told(root, find(root, {}))).toBe("bundled 9.9.9 extension/server");
    git(root, "init", "-q");
    expect(told(root, find(root, {}))).toBe("project 1.0.0 node_modules/lockstep");
    git(join(root, "work"), "init", "-q");
    expect(told(root, find(root, {}))).toBe("bundled 9.9.9 extension/server");
  });

  test("of two projects in one folder, the newest, and it is said", () => {
    const root = folder({
      ...installed("work/a/node_modules/lockstep", "1.9.0"),
      ...installed("work/b/node_modules/lockstep", "1.10.0"),
    });
    const found = find(root, {
      projects: [join(root, "work/a/prisma/migrations"), join(root, "work/b/prisma/migrations")],
    });
    expect(told(root, found)).toBe("project 1.10.0 work/b/node_modules/lockstep");
    expect(found.ok && found.notes).toEqual([
      `There is more than one lockstep in this folder (1.10.0 in ${join(root, "work/b/node_modules/lockstep")}, 1.9.0 in ${join(root, "work/a/node_modules/lockstep")}): 1.10.0 runs. Open the projects as folders of their own, or set lockstep.path.`,
    ]);
  });

  test("one that is linked, as pnpm does", () => {
    const root = folder({ "work/node_modules/": "", ...installed("store/lockstep", "1.0.0") });
    symlinkSync(join(root, "store/lockstep"), join(root, "work/node_modules/lockstep"));
    expect(told(root, find(root, {}))).toBe("project 1.0.0 work/node_modules/lockstep");
  });

  test("none that has no server, is not built, or is another package", () => {
    const root = folder({ ...installed("work/node_modules/lockstep", "0.1.0", {}) });
    const old = find(root, {});
    expect(told(root, old)).toBe("bundled 9.9.9 extension/server");
    expect(old.ok && old.notes).toEqual([
      `lockstep 0.1.0 in ${join(root, "work/node_modules/lockstep")} has no language server and is passed over.`,
    ]);
    for (const text of [
      "",
      "null",
      "[]",
      "{",
      '{ "name": "other", "bin": "a.js" }',
      '{ "name": "lockstep" }',
      '{ "name": "lockstep", "bin": "missing.js" }',
    ]) {
      write(root, { "work/node_modules/lockstep/package.json": text });
      expect(told(root, find(root, {})), text).toBe("bundled 9.9.9 extension/server");
    }
  });

  test("the one that the setting names, by package or by script, or a sentence", () => {
    const root = folder({
      ...installed("own/lockstep", "2.0.0"),
      ...installed("work/node_modules/lockstep", "1.0.0"),
      ...installed("own/old", "0.1.0", {}),
    });
    expect(told(root, find(root, { setting: "../own/lockstep" }))).toBe("setting 2.0.0 own/lockstep");
    expect(told(root, find(root, { setting: join(root, "own/lockstep/dist/cli.cjs") }))).toBe(
      "setting 2.0.0 own/lockstep",
    );
    expect(told(root, find(root, { setting: "  " }))).toBe("project 1.0.0 work/node_modules/lockstep");
    expect(told(root, find(root, { setting: "../nowhere" }))).toBe(
      "lockstep.path is ../nowhere, but there is no lockstep: name the folder of its package, or its dist/cli.cjs.",
    );
    expect(told(root, find(root, { setting: "../own/old" }))).toBe(
      "lockstep.path is ../own/old, but lockstep 0.1.0 has no language server: name a newer one.",
    );
  });

  test("the extension's own where the workspace is not trusted", () => {
    const root = folder({ ...installed("own/lockstep", "2.0.0"), ...installed("work/node_modules/lockstep", "1.0.0") });
    expect(told(root, find(root, { trusted: false, setting: "../own/lockstep", projects: [migrations(root)] }))).toBe(
      "bundled 9.9.9 extension/server",
    );
  });

  test("an extension that is not whole says so", () => {
    const root = folder({ "work/": "" });
    expect(
      findInstallation({ folder: join(root, "work"), projects: [], trusted: true, bundled: join(root, "gone") }),
    ).toEqual({
      ok: false,
      message: `The lockstep that comes with the extension is not in ${join(root, "gone")}: install the extension again.`,
    });
  });

  test("versions are ordered by their numbers", () => {
    const sorted = ["none", "0.9.0", "0.10.0-beta.1", "0.10.0", "1.0.0-rc.2", "1.0.0", "10.0.0"];
    for (const [at, one] of sorted.entries())
      for (const [next, other] of sorted.entries())
        expect(Math.sign(compareVersions(one, other)), `${one} ${other}`).toBe(Math.sign(at - next));
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (one, other) =>
          Math.sign(compareVersions(one, other)) === -Math.sign(compareVersions(other, one)) ||
          compareVersions(one, other) === 0,
      ),
    );
  });
});

describe("ignoring with a reason", () => {
  const SQL = `CREATE INDEX i ON t (a);\n`;
  const request = ignoreRequest([
    "file:///m.sql",
    { line: 0, character: 0 },
    "-- lockstep-ignore index-build-blocks-writes: ",
    "\n",
  ]);

  test("whatever the reason is, the comment is one line and suppresses what it names", async () => {
    if (!request) throw new Error("the request is one");
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.string({ unit: "binary" }),
          fc.constantFrom("two\nlines", "a\r\nb", "x\u2028y", "-- more", "*/ DROP TABLE t;", "'", "$$", "é😀"),
        ),
        async (reason) => {
          if (reasonProblem(reason) !== undefined) return;
          const text = ignoreText(request, reason);
          expect(text.split(/[\r\n\u2028\u2029\u0085]/)).toHaveLength(2);
          const history = memoryHistory({
            "prisma/migrations/1_init/migration.sql": "CREATE TABLE t (a int);",
            "prisma/migrations/2_i/migration.sql": text + SQL,
          });
          if (!history.ok) throw new Error(history.message);
          const [first, ...rest] = history.value.migrations;
          if (!first) throw new Error("there is a first migration");
          const { findings } = await check({
            histories: [{ ...history.value, migrations: [{ ...first, state: "history" }, ...rest] }],
            rules,
          });
          expect(
            findings
              .filter(({ rule }) => rule === "index-build-blocks-writes")
              .map(({ suppressed }) => suppressed !== undefined),
          ).toEqual([true]);
          expect(findings.filter(({ rule }) => rule === "unused-suppression" || rule === "syntax-error")).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each(["", " ", "\t\n", "\u00a0"])("%j is no reason", (reason) => {
    expect(reasonProblem(reason)).toBe("Say why this is right here: whoever reads the migration later will ask.");
  });

  test.each([
    [[]],
    [["uri"]],
    [["uri", null, "", ""]],
    [["uri", { line: 0 }, "", ""]],
    [["uri", { line: -1, character: 0 }, "", ""]],
    [["uri", { line: 0.5, character: 0 }, "", ""]],
    [["uri", { line: 0, character: 0 }, 1, ""]],
    [[1, { line: 0, character: 0 }, "", ""]],
  ])("%j is no request", (args: readonly unknown[]) => {
    expect(ignoreRequest(args)).toBeUndefined();
  });
});

describe("how commands are run", () => {
  test("with the flags for the settings that the command has", () => {
    const settings = {
      base: "origin/main",
      preset: "hotfix",
      postgres: 16,
      execution: "split",
      configPath: "config/lockstep.config.json",
    };
    const config = join(`${sep}work`, "config", "lockstep.config.json");
    expect(settingFlags("check", settings, `${sep}work`)).toEqual([
      "--base",
      "origin/main",
      "--preset",
      "hotfix",
      "--postgres",
      "16",
      "--execution",
      "split",
      "--config",
      config,
    ]);
    expect(settingFlags("rehearse", settings, `${sep}work`)).toEqual([
      "--base",
      "origin/main",
      "--execution",
      "split",
      "--config",
      config,
    ]);
    expect(settingFlags("down", settings, `${sep}work`)).toEqual(["--base", "origin/main", "--config", config]);
    expect(settingFlags("branches", settings, `${sep}work`)).toEqual(["--config", config]);
    expect(
      settingFlags("checklist", { base: null, preset: "", postgres: null, execution: undefined }, `${sep}work`),
    ).toEqual([]);
  });

  test("where a user would run them", () => {
    const root = folder({
      "packages/db/package.json": "{}",
      "packages/db/prisma/migrations/1_a/migration.sql": "",
      "packages/web/lockstep.config.mjs": "",
      "packages/web/prisma/migrations/1_a/migration.sql": "",
      "prisma/migrations/1_a/migration.sql": "",
    });
    expect(workingDirectory(join(root, "packages/db/prisma/migrations/1_a/migration.sql"), root)).toBe(
      join(root, "packages/db"),
    );
    expect(workingDirectory(join(root, "packages/web/prisma/migrations/1_a/migration.sql"), root)).toBe(
      join(root, "packages/web"),
    );
    expect(workingDirectory(join(root, "prisma/migrations/1_a/migration.sql"), root)).toBe(root);
    expect(workingDirectory(join(dirname(root), "elsewhere.sql"), root)).toBe(root);
    expect(workingDirectory(undefined, root)).toBe(root);
  });

  test("for the migration that a file belongs to, which is never taken for an option", () => {
    const root = join(sep, "work");
    expect(migrationArgument(join(root, "prisma/migrations/1_a/migration.sql"), root)).toBe(
      `.${sep}${join("prisma/migrations/1_a")}`,
    );
    expect(migrationArgument(join(root, "-x/down.sql"), root)).toBe(`.${sep}-x`);
    expect(migrationArgument(join(root, "prisma/schema.prisma"), root)).toBeUndefined();
    expect(migrationArgument(undefined, root)).toBeUndefined();
  });
});

test("the status item says first what keeps the check from being right", () => {
  const running = { server: { kind: "running" }, running: "lockstep 1.0.0, the project's own" } as const;
  expect(statusShown(running)).toEqual({
    text: "$(check) lockstep",
    tooltip: "The server is running.\n\nlockstep 1.0.0, the project's own",
    severity: "none",
  });
  expect(statusShown({ ...running, findings: { errors: 0, warnings: 0, others: 0 } }).text).toBe("$(check) lockstep");
  expect(statusShown({ ...running, findings: { errors: 1, warnings: 2, others: 3 } })).toEqual({
    text: "$(error) lockstep: 6",
    tooltip: "In this file: 1 error, 2 warnings, 3 more.\n\nlockstep 1.0.0, the project's own",
    severity: "none",
  });
  expect(statusShown({ ...running, findings: { errors: 0, warnings: 1, others: 0 } }).text).toBe(
    "$(warning) lockstep: 1",
  );
  expect(statusShown({ ...running, findings: { errors: 0, warnings: 0, others: 1 } }).text).toBe("$(info) lockstep: 1");
  expect(
    statusShown({ ...running, findings: { errors: 1, warnings: 0, others: 0 }, configuration: "There is no rule." }),
  ).toMatchObject({ text: "$(warning) lockstep: configuration", severity: "warning" });
  expect(
    statusShown({ ...running, configuration: "There is no rule.", server: { kind: "failed", message: "It ended." } }),
  ).toMatchObject({ text: "$(error) lockstep", severity: "error" });
  expect(statusShown({ server: { kind: "off" } }).severity).toBe("none");
  expect(statusShown({ server: { kind: "starting" } }).text).toBe("$(loading~spin) lockstep");
  expect(statusShown({ server: { kind: "restricted", message: "Not run." } })).toEqual({
    text: "$(shield) lockstep",
    tooltip: "Not run.",
    severity: "warning",
  });
});

describe("the manifest", () => {
  const { configuration, commands, menus, submenus } = manifest.contributes;

  test("has the version and the licence of lockstep", () => {
    const { version, license } = JSON.parse(readFileSync(join(HOME, "../../package.json"), "utf8")) as Manifest;
    expect([manifest.version, manifest.license]).toEqual([version, license]);
    expect(readFileSync(join(HOME, "LICENSE"), "utf8")).toBe(readFileSync(join(HOME, "../../LICENSE"), "utf8"));
  });

  test("offers what the engine knows", () => {
    const choices = (name: string): readonly unknown[] =>
      (configuration.properties[`lockstep.${name}`]?.enum ?? []).filter((one) => one !== null);
    expect(choices("preset")).toEqual(PRESETS);
    expect(choices("postgres")).toEqual(POSTGRES_VERSIONS);
    expect(choices("execution")).toEqual(EXECUTIONS);
  });

  test("has settings for all that the server reads", () => {
    const read = [
      ...readFileSync(join(HOME, "../../src/surfaces/lsp/client.ts"), "utf8").matchAll(
        /(?:on|text|among)\("(\w+)"|given\["(\w+)"\]/g,
      ),
    ].map((match) => `lockstep.${match[1] ?? match[2] ?? ""}`);
    expect(new Set([...read, "lockstep.path", "lockstep.trace.server"])).toEqual(
      new Set(Object.keys(configuration.properties)),
    );
  });

  test("what its pages say of settings and commands is so", () => {
    for (const page of [join(HOME, "README.md"), join(HOME, "../../docs/editors.md")]) {
      const text = readFileSync(page, "utf8");
      const rows = [...text.matchAll(/^\| `(lockstep\.[\w.]+)` \| `([^`]+)` \|/gm)].map(([, name, value]) => [
        name,
        value,
      ]);
      expect(rows, page).toEqual(
        Object.entries(configuration.properties).map(([name, { default: value }]) => [
          name,
          typeof value === "string" ? value : JSON.stringify(value),
        ]),
      );
      for (const { title } of commands) expect(text, page).toContain(title);
    }
  });

  test("every command is made, and every menu leads to one", () => {
    const source = readFileSync(join(HOME, "src/commands.ts"), "utf8");
    const made = [...source.matchAll(/^ {4}"(lockstep\.\w+)":/gm)].map(([, id]) => id);
    expect(commands.map(({ command }) => command).filter((command) => !made.includes(command))).toEqual([]);
    // Those of the server's actions and lenses are not for the palette.
    expect(made.filter((id) => !commands.some(({ command }) => command === id))).toEqual([
      "lockstep.ignore",
      "lockstep.showEffects",
    ]);
    const told = readFileSync(join(HOME, "src/client.ts"), "utf8").matchAll(/\b\w+Command: "([^"]+)"/g);
    expect([...told].map(([, id]) => id)).toEqual(["lockstep.ignore", "lockstep.showEffects"]);
    const known = new Set([...commands.map(({ command }) => command), ...submenus.map(({ id }) => id)]);
    for (const entries of Object.values(menus))
      for (const { command, submenu } of entries) expect(known).toContain(command ?? submenu);
  });

  test("in a workspace that is not trusted it takes no path from it, and offers nothing that runs it", () => {
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual([
      "lockstep.path",
      "lockstep.configPath",
    ]);
    for (const entries of Object.values(menus))
      for (const { command, when } of entries)
        if (command !== undefined && command !== "lockstep.explain")
          expect(when, command).toContain("isWorkspaceTrusted");
  });
});

const packable = existsSync(join(HOME, "node_modules/@vscode/vsce"));

test.skipIf(!packable && !process.env["CI"])(
  "packs without a network, and the server in the package needs nothing around it",
  async () => {
    expect(packable, "npm ci --ignore-scripts --prefix editors/vscode comes first").toBe(true);
    const root = folder();
    const vsix = join(root, "lockstep.vsix");
    // Whatever asked for something would find nobody.
    const proxy = "http://127.0.0.1:9";
    await promisify(execFile)("npm", ["run", "--silent", "package", "--", "--out", vsix], {
      cwd: HOME,
      shell: process.platform === "win32",
      env: { ...process.env, HTTPS_PROXY: proxy, HTTP_PROXY: proxy, https_proxy: proxy, http_proxy: proxy },
    });
    const unpacked = join(root, "unpacked");
    const names = await unzip(vsix, unpacked);
    const pages = rules.map(({ id, category }) => `extension/server/rules/${category}/${id}.md`);
    const schemas = readdirSync(join(HOME, "../../schema")).map((name) => `extension/server/schema/${name}`);
    expect(names.filter((name) => !/^extension\/server\/dist\/[\w-]+\.cjs$/.test(name)).sort()).toEqual(
      [
        "[Content_Types].xml",
        "extension.vsixmanifest",
        "extension/LICENSE.txt",
        "extension/changelog.md",
        "extension/dist/extension.cjs",
        "extension/dist/icon.png",
        "extension/dist/third-party-licenses.md",
        "extension/package.json",
        "extension/readme.md",
        "extension/server/dist/libpg-query.wasm",
        "extension/server/dist/third-party-licenses.md",
        "extension/server/package.json",
        ...pages,
        ...schemas,
      ].sort(),
    );
    const icon = readFileSync(join(unpacked, "extension/dist/icon.png"));
    expect([icon.toString("latin1", 1, 4), icon.readUInt32BE(16), icon.readUInt32BE(20)]).toEqual(["PNG", 128, 128]);
    // Only what the editor brings along is left to be found.
    const extension = readFileSync(join(unpacked, "extension/dist/extension.cjs"), "utf8");
    const builtin = createRequire(import.meta.url)("node:module") as { readonly builtinModules: readonly string[] };
    const required = [...extension.matchAll(/\brequire\("([^".][^"]*)"\)/g)].map(([, name = ""]) =>
      name.replace(/^node:/, ""),
    );
    expect([...new Set(required)].filter((name) => !builtin.builtinModules.includes(name))).toEqual(["vscode"]);

    const project = folder({
      "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
      "prisma/migrations/1_init/migration.sql": "CREATE TABLE t (a int);\n",
      "prisma/migrations/2_drop/migration.sql": "DROP TABLE t;\n",
    });
    const lsp = await startClient(join(unpacked, "extension/server/dist/cli.cjs"), { folder: project, pull: true });
    onTestFinished(() => void lsp.process.kill("SIGKILL"));
    const uri = lsp.open(join(project, "prisma/migrations/2_drop/migration.sql"), "DROP TABLE t;\n");
    expect((await lsp.diagnostics(uri)).map(({ code }) => code)).toContain("drop-table");
    await lsp.request("workspace/executeCommand", { command: "lockstep.explain", arguments: ["drop-table"] });
    expect(lsp.received.find(({ method }) => method === "window/showDocument")?.params).toMatchObject({
      uri: expect.stringMatching(/extension\/server\/rules\/destructive\/drop-table\.md$/) as string,
    });
    expect(await lsp.stop()).toBe(0);
  },
);

/** Writes the files of a zip archive below `target`; answers their names. */
async function unzip(archive: string, target: string): Promise<readonly string[]> {
  interface Entry {
    readonly fileName: string;
  }
  interface Zip extends AsyncIterable<Entry> {
    openReadStreamPromise(entry: Entry): Promise<Readable>;
    eachEntry(): AsyncIterable<Entry>;
  }
  const { openPromise } = createRequire(join(HOME, "package.json"))("yauzl") as {
    openPromise(path: string): Promise<Zip>;
  };
  const zip = await openPromise(archive);
  const names: string[] = [];
  for await (const entry of zip.eachEntry()) {
    names.push(entry.fileName);
    const path = join(target, entry.fileName);
    mkdirSync(dirname(path), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path));
  }
  expect(realpathSync(target)).toBe(target);
  return names;
}
