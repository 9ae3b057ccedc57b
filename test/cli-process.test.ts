import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown, type InputOptions, type OutputOptions } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/**
 * The program as a process: the bundle as it is shipped, in a package of its own that has no node_modules. So a
 * package that `check FILE` is not to load could not be loaded.
 */
const home = realpathSync(mkdtempSync(join(tmpdir(), "lockstep-process-")));
const cli = join(home, "package/dist/cli.cjs");
const file = "migrations/20260101000000_a/migration.sql";
const project = join(home, "project");

beforeAll(async () => {
  const { program } = (await import(new URL("../rolldown.config.mjs", import.meta.url).href)) as {
    program: InputOptions & { plugins: readonly { name: string }[]; output: OutputOptions };
  };
  const { output, plugins, ...input } = program;
  const bundle = await rolldown({
    ...input,
    cwd: join(import.meta.dirname, ".."),
    plugins: plugins.filter(({ name }) => name === "licenses" || name === "config-validator"),
  });
  await bundle.write({ ...output, dir: dirname(cli) });
  await bundle.close();
  copyFileSync(
    join(dirname(fileURLToPath(import.meta.resolve("libpg-query"))), "libpg-query.wasm"),
    join(dirname(cli), "libpg-query.wasm"),
  );
  const root = join(import.meta.dirname, "..");
  copyFileSync(join(root, "package.json"), join(home, "package/package.json"));
  cpSync(join(root, "rules"), join(home, "package/rules"), { recursive: true });
  mkdirSync(dirname(join(project, file)), { recursive: true });
  writeFileSync(join(project, "migrations/migration_lock.toml"), 'provider = "postgresql"\n');
  // Enough statements for a report of more than a pipe holds at once (64 KiB).
  writeFileSync(
    join(project, file),
    Array.from({ length: 3000 }, (_, i) => `CREATE TABLE "t${i}" ("id" integer PRIMARY KEY);`).join("\n"),
  );
}, 60_000);

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

function lockstep(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: project,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
  });
  return { status, stdout, stderr };
}

describe("the process", () => {
  test("checks one literal path without any package besides its own", () => {
    expect(lockstep("check", file)).toMatchObject({ status: 0, stderr: "" });
  });

  test("ends with the exit code and one sentence, without a stack", () => {
    expect(lockstep("check", "nope.sql")).toEqual({
      status: 2,
      stdout: "",
      stderr:
        "lockstep: nope.sql does not exist: check the spelling; paths are counted from the directory that lockstep is started in.\n",
    });
  });

  test("tells its version", () => {
    expect(lockstep("--version").stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test("shows a configuration's mistake with its place", () => {
    writeFileSync(join(project, "lockstep.config.json"), '{ "presett": 1 }');
    try {
      expect(lockstep("check", file)).toEqual({
        status: 2,
        stdout: "",
        stderr:
          'lockstep: lockstep.config.json:1:3 There is no setting "presett". Did you mean preset?\n1 │ { "presett": 1 }\n  │   ^^^^^^^^^\n',
      });
    } finally {
      rmSync(join(project, "lockstep.config.json"));
    }
  });

  test("never cuts its output in a pipe", () => {
    const { stdout, status } = lockstep("check", file, "--format", "json");
    expect(status).toBe(0);
    expect(stdout.length).toBeGreaterThan(1 << 18);
    expect(() => JSON.parse(stdout) as unknown).not.toThrow();
  });

  test.skipIf(!existsSync("/dev/full"))(
    "says that its report could not be written, without a stack, and is no passed gate",
    () => {
      const full = openSync("/dev/full", "w");
      try {
        const { status, stderr } = spawnSync(process.execPath, [cli, "check", file], {
          cwd: project,
          encoding: "utf8",
          stdio: ["ignore", full, "pipe"],
        });
        expect([status, stderr]).toEqual([
          2,
          "lockstep: Standard output could not be written (ENOSPC): the report is not complete.\n",
        ]);
      } finally {
        closeSync(full);
      }
    },
  );

  test.skipIf(process.platform === "win32")(
    "does not wait for what a pipe may hold",
    () => {
      const pipe = join(project, "migrations/pipe.sql");
      execFileSync("mkfifo", [pipe]);
      try {
        expect(lockstep("check", "migrations/pipe.sql")).toEqual({
          status: 2,
          stdout: "",
          stderr:
            "lockstep: migrations/pipe.sql could not be read: it is no regular file; put the SQL itself there, or give it by --stdin.\n",
        });
      } finally {
        rmSync(pipe);
      }
    },
    10_000,
  );

  test("ends in silence when its reader goes away", async () => {
    const child = spawn(process.execPath, [cli, "check", file, "--format", "json"], {
      cwd: project,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.once("data", () => child.stdout.destroy());
    const status = await new Promise((settle) => child.on("close", settle));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});
