import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildPackage } from "./support/built-package.ts";
import { write } from "./support/folders.ts";

/** The program as it is shipped, which keeps what V8 makes of it. Node.js 22.1 and later do that by themselves. */
const home = realpathSync(mkdtempSync(join(tmpdir(), "lockstep-code-cache-")));
const cli = join(home, "package/dist/cli.cjs");
const project = join(home, "project");
const cache = join(home, "cache");
const folder = join(cache, "v8-code-cache");
const witness = join(home, "witness.cjs");
/** Seconds since 1970: 1985-10-26, the time of every file in a package of npm's. */
const UNPACKED = 499_162_500;
const FILE = "prisma/migrations/20260101000000_a/migration.sql";

beforeAll(async () => {
  await buildPackage(join(home, "package"), ["program"]);
  // As npm unpacks it.
  for (const name of readdirSync(join(home, "package/dist")))
    utimesSync(join(home, "package/dist", name), UNPACKED, UNPACKED);
  write(project, {
    "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    [FILE]: 'ALTER TABLE "users" DROP COLUMN "email";\n',
  });
  // Tells what V8 said about the data of each script.
  writeFileSync(
    witness,
    `const vm = require("node:vm"); const { appendFileSync } = require("node:fs"); const { basename } = require("node:path");
    vm.Script = class extends vm.Script { constructor(code, options) { super(code, options); appendFileSync(process.env.WITNESS, basename(options.filename) + " " + (options.cachedData ? this.cachedDataRejected ? "rejected" : "used" : "compiled") + "\\n"); } };`,
  );
}, 60_000);
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});
beforeEach(() => {
  rmSync(cache, { recursive: true, force: true });
});

const environment = (extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  NO_COLOR: "1",
  FORCE_COLOR: undefined,
  CI: undefined,
  NODE_OPTIONS: undefined,
  NODE_V8_COVERAGE: undefined,
  NODE_DISABLE_COMPILE_CACHE: undefined,
  LOCKSTEP_CACHE_DIR: cache,
  ...extra,
});

/** A check as a process; `scripts` says for each chunk that was loaded past Node.js's own way where its code came from. */
function check({
  program = cli,
  paths = [FILE],
  cwd = project,
  env = {},
}: {
  program?: string;
  paths?: readonly string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
} = {}) {
  const said = join(home, "said");
  rmSync(said, { force: true });
  writeFileSync(said, "");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", witness, program, "check", ...paths], {
    cwd,
    encoding: "utf8",
    env: environment({ WITNESS: said, ...env }),
  });
  return {
    report: { status, stdout, stderr },
    scripts: readFileSync(said, "utf8")
      .trim()
      .split("\n")
      .filter((line) => /^(?:check|grammar)\.cjs /.test(line)),
  };
}

test("a check of one file loads no part of Node.js that it has no use for", () => {
  const loaded = join(home, "loaded");
  const list = join(home, "list.cjs");
  writeFileSync(
    list,
    `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(loaded)}, process.moduleLoadList.join("\\n")));`,
  );
  const { status } = spawnSync(process.execPath, ["--require", list, cli, "check", FILE], {
    cwd: project,
    env: environment(),
  });
  expect(status).toBe(1);
  const names = readFileSync(loaded, "utf8").split("\n");
  expect(names).toContain("NativeModule vm");
  const heavy = ["child_process", "crypto", "http", "https", "worker_threads", "readline"];
  if (process.platform !== "win32") heavy.push("net", "tty");
  expect(heavy.filter((name) => names.includes(`NativeModule ${name}`))).toEqual([]);
});

const COMPILED = ["grammar.cjs compiled", "check.cjs compiled"];
const USED = ["grammar.cjs used", "check.cjs used"];
const files = (): string[] => readdirSync(folder).sort();
const written = () =>
  files().map((name) => {
    const { ino, mtimeMs, size } = statSync(join(folder, name));
    return { name, ino, mtimeMs, size };
  });
const fileOf = (chunk: string): string => join(folder, files().find((name) => name.startsWith(`${chunk}-`)) ?? "none");

/** A package with another text in its check.cjs. */
function patched(name: string, before: string, after: string): string {
  const target = join(home, name);
  cpSync(join(home, "package"), target, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  const path = join(target, "dist/check.cjs");
  const text = readFileSync(path, "utf8");
  expect(text.split(before).length).toBe(2);
  writeFileSync(
    path,
    text.replace(before, () => after),
  );
  return join(target, "dist/cli.cjs");
}

describe.skipIf(process.platform === "win32" || !process.version.startsWith("v20."))(
  "compiled code of an earlier run",
  () => {
    test("is written by the first check, for its user alone, and used by the next ones, which write nothing", () => {
      const plain = check({ env: { CI: "true" } });
      expect(plain.scripts).toEqual([]);
      expect(plain.report).toMatchObject({ status: 1, stderr: "", stdout: expect.stringContaining("email") as string });
      const first = check();
      expect(first).toEqual({ report: plain.report, scripts: COMPILED });
      expect(files().map((name) => name.split("-", 2)[0])).toEqual(["check", "grammar"]);
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      for (const name of files()) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
      const before = written();
      expect(check()).toEqual({ report: plain.report, scripts: USED });
      expect(check()).toEqual({ report: plain.report, scripts: USED });
      expect(written()).toEqual(before);
    });

    test("is not taken of a run that checked nothing", () => {
      const { report } = check({ paths: ["nope.sql"] });
      expect(report.status).toBe(2);
      expect(() => files()).toThrow("ENOENT");
      expect(check()).toMatchObject({ scripts: COMPILED });
    });

    test("is off in CI and where Node.js's own is", () => {
      for (const env of [{ CI: "true" }, { NODE_DISABLE_COMPILE_CACHE: "1" }])
        expect(check({ env })).toMatchObject({ report: { status: 1 }, scripts: [] });
      expect(() => files()).toThrow("ENOENT");
    });

    const damages: readonly (readonly [string, (data: Buffer) => Buffer])[] = [
      ["cut in the middle", (data) => data.subarray(0, data.length >> 1)],
      ["cut by two bytes", (data) => data.subarray(0, -2)],
      ["empty", () => Buffer.alloc(0)],
      ["zeros", (data) => Buffer.alloc(data.length)],
      ["garbage", (data) => Buffer.from(data.map((_, at) => (at * 31) % 251))],
      ...[0, 0.01, 0.2, 0.5, 0.9, 0.999].map(
        (part) =>
          [
            `a bit flipped at ${part}`,
            (data: Buffer) => {
              const copy = Buffer.from(data);
              const at = Math.floor(data.length * part);
              copy[at] = (copy[at] ?? 0) ^ 16;
              return copy;
            },
          ] as const,
      ),
    ];
    test.each(damages)("is replaced when it is damaged: %s", (_name, damage) => {
      const { report } = check();
      const whole = new Map(["check", "grammar"].map((chunk) => [fileOf(chunk), readFileSync(fileOf(chunk))]));
      for (const [path, data] of whole) writeFileSync(path, damage(data));
      const again = check();
      expect(again.report).toEqual(report);
      // Nothing of it is taken over.
      expect(again.scripts).toEqual(COMPILED);
      expect(check()).toEqual({ report, scripts: USED });
    });

    test("of a file that was changed by hand since, as long as before, is not run", () => {
      check();
      const other = patched("other", "say(`Checked $", "say(`Chicked $");
      const { report } = check({ program: other, env: { CI: "1" } });
      expect(report.stdout).toContain("\nChicked 1 migration");
      expect(check({ program: other })).toEqual({ report, scripts: ["grammar.cjs used", "check.cjs compiled"] });
      expect(check({ program: other })).toEqual({ report, scripts: USED });
    });

    test("of another build with as long a source and, as npm unpacks it, the same time is not run", () => {
      check();
      const other = patched("build", "say(`Checked $", "say(`Chacked $");
      const [built, start] = ["check.cjs", "start.cjs"].map((chunk) => join(home, "build/dist", chunk)) as [
        string,
        string,
      ];
      const { atime, mtime } = statSync(join(home, "package/dist/check.cjs"));
      utimesSync(built, atime, mtime);
      const text = readFileSync(start, "utf8");
      const [whole, hash = ""] = /check: "([\w-]{12})"/.exec(text) ?? [];
      expect(
        createHash("sha256")
          .update(readFileSync(join(home, "package/dist/check.cjs")))
          .digest("base64url"),
      ).toContain(hash);
      const own = createHash("sha256").update(readFileSync(built)).digest("base64url").slice(0, 12);
      writeFileSync(start, text.replace(whole ?? "", `check: "${own}"`));
      const { report } = check({ program: other, env: { CI: "1" } });
      expect(report.stdout).toContain("\nChacked 1 migration");
      expect(check({ program: other })).toEqual({ report, scripts: ["grammar.cjs used", "check.cjs compiled"] });
    });

    test("of two versions beside each other stays", () => {
      check();
      const other = patched("version", "async function runCheck(", "/* another version */ async function runCheck(");
      expect(check({ program: other }).scripts).toEqual(["grammar.cjs used", "check.cjs compiled"]);
      const before = written();
      for (const program of [cli, other, cli]) expect(check({ program }).scripts).toEqual(USED);
      expect(written()).toEqual(before);
    });

    test("does not pile up, and nothing else is removed", () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const old = [
        "check-v1-a.v8",
        "check-v2-a.v8",
        "check-v3-a.v8",
        "check-v4-a.v8",
        "check-1-abc.tmp",
        "grammar-v1-a.v8",
        "notes.v8",
      ];
      for (const [at, name] of old.entries()) {
        writeFileSync(join(folder, name), "");
        utimesSync(join(folder, name), 1_700_000_000 + at, 1_700_000_000 + at);
      }
      writeFileSync(join(folder, "check-2-abc.tmp"), "");
      check();
      const fresh = ["check", "grammar"].map(
        (chunk) => files().find((name) => name.startsWith(`${chunk}-${process.version}`)) ?? "none",
      );
      expect(files()).toEqual(
        [
          "check-v2-a.v8",
          "check-v3-a.v8",
          "check-v4-a.v8",
          "check-2-abc.tmp",
          "grammar-v1-a.v8",
          "notes.v8",
          ...fresh,
        ].sort(),
      );
    });

    test("is nothing where the folder cannot be made, and not read or written where others may write", () => {
      const { report } = check({ env: { CI: "1" } });
      writeFileSync(join(home, "file"), "");
      expect(check({ env: { LOCKSTEP_CACHE_DIR: join(home, "file") } }).report).toEqual(report);
      check();
      const before = written();
      chmodSync(folder, 0o770);
      expect(check()).toEqual({ report, scripts: COMPILED });
      expect(written()).toEqual(before);
    });

    test("is written whole by processes that start together", async () => {
      const runs = Array.from(
        { length: 4 },
        () =>
          new Promise<string>((settle) =>
            execFile(
              process.execPath,
              [cli, "check", FILE],
              { cwd: project, env: environment() },
              (_error, stdout, stderr) => {
                settle(stdout + stderr);
              },
            ),
          ),
      );
      const { report } = check({ env: { CI: "1" } });
      expect(await Promise.all(runs)).toEqual(Array(4).fill(report.stdout));
      expect(files()).toHaveLength(2);
      expect(check()).toEqual({ report, scripts: USED });
    });

    test("works through a link to the program", () => {
      const link = join(home, "lockstep");
      symlinkSync(cli, link);
      const { report } = check();
      expect(check({ program: link })).toEqual({ report, scripts: USED });
    });

    test("leaves the places in stack traces as they are", () => {
      const failing = patched(
        "failing",
        "async function runCheck(paths, flags, io, command, index) {\n",
        'async function runCheck(paths, flags, io, command, index) {\n\tif (paths[0] === "fail") throw new Error("on purpose");\n',
      );
      const debug = check({ program: failing, paths: ["fail", "--debug"], env: { CI: "1" } }).report;
      expect(debug.stderr).toMatch(/Error: on purpose\n {4}at (?:\S+ )?\(?\S*check\.cjs:\d+:\d+\)?\n/);
      const { report } = check({ program: failing, paths: ["fail"], env: { CI: "1" } });
      const first = check({ program: failing, paths: ["fail"] });
      expect(first).toEqual({ report, scripts: COMPILED });
      check({ program: failing });
      expect(check({ program: failing, paths: ["fail"] })).toEqual({ report, scripts: USED });
      expect(check({ program: failing, paths: ["fail", "--debug"] }).report).toEqual(debug);
    });

    test("imports a project's configuration", () => {
      const cwd = join(home, "configured");
      cpSync(project, cwd, { recursive: true });
      writeFileSync(
        join(cwd, "lockstep.config.mjs"),
        'import { basename } from "node:path";\nexport default { rules: { [basename("/x/no-such-rule")]: "off" } };\n',
      );
      const { report } = check({ cwd, env: { CI: "1" } });
      expect(report.stderr).toContain("no-such-rule");
      check();
      expect(check({ cwd })).toEqual({ report, scripts: USED });
    });

    test("is used by commands with options, which write none", () => {
      const paths = ["--format", "json", FILE];
      const first = check({ paths });
      expect([first.report.status, first.scripts]).toEqual([1, []]);
      expect(() => files()).toThrow("ENOENT");
      check();
      const before = written();
      expect(check({ paths })).toEqual({ report: first.report, scripts: ["check.cjs used"] });
      expect(written()).toEqual(before);
    });

    test("is in the way of no other command", () => {
      check();
      const before = written();
      const { status, stdout } = spawnSync(process.execPath, [cli, "check", "--format", "json", FILE], {
        cwd: project,
        encoding: "utf8",
        env: environment(),
      });
      expect([status, (JSON.parse(stdout) as { findings?: unknown }) !== null]).toEqual([1, true]);
      expect(spawnSync(process.execPath, [cli, "--version"], { encoding: "utf8", env: environment() }).stdout).toMatch(
        /^\d+\.\d+\.\d+\n$/,
      );
      expect(written()).toEqual(before);
    });
  },
);
