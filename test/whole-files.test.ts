import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { writeBaseline } from "../src/engine/baseline.ts";
import { replaceFile } from "../src/source/disk/write.ts";
import { folder, repository, write } from "./support/folders.ts";
import { type BuiltProgram, builtProgram } from "./support/program.ts";

/** What is written is there whole, or what was there before is. */

describe("a file that is replaced", () => {
  test("keeps its permissions and the link that leads to it, and nothing is left beside it", () => {
    const root = folder({ "real/file.txt": "before\n" });
    chmodSync(join(root, "real/file.txt"), 0o640);
    symlinkSync("real/file.txt", join(root, "link.txt"));
    replaceFile(join(root, "link.txt"), "after\n");
    expect(lstatSync(join(root, "link.txt")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(root, "real/file.txt"), "utf8")).toBe("after\n");
    expect(statSync(join(root, "real/file.txt")).mode & 0o7777).toBe(0o640);
    expect(readdirSync(join(root, "real"))).toEqual(["file.txt"]);
  });

  test("is made where there was none, behind a link that leads to nothing too", () => {
    const root = folder();
    symlinkSync("to-come.txt", join(root, "link.txt"));
    replaceFile(join(root, "link.txt"), "new\n");
    expect(readFileSync(join(root, "to-come.txt"), "utf8")).toBe("new\n");
    expect(lstatSync(join(root, "link.txt")).isSymbolicLink()).toBe(true);
  });

  test("what is no file is written to", () => {
    replaceFile("/dev/null", "away");
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  test.skipIf(process.getuid?.() === 0)(
    "is not replaced where it may not be written, but where only its folder may not",
    () => {
      const root = folder({ "shut.txt": "before\n", "inner/open.txt": "a longer text before\n" });
      chmodSync(join(root, "shut.txt"), 0o444);
      expect(() => replaceFile(join(root, "shut.txt"), "x")).toThrow(/EACCES/);
      chmodSync(join(root, "inner"), 0o555);
      onTestFinished(() => chmodSync(join(root, "inner"), 0o755));
      replaceFile(join(root, "inner/open.txt"), "after\n");
      expect(readFileSync(join(root, "inner/open.txt"), "utf8")).toBe("after\n");
    },
  );
});

describe("where there is no room", () => {
  let program: BuiltProgram;
  beforeAll(async () => {
    program = await builtProgram();
  }, 60_000);
  afterAll(() => program.remove());

  const MIGRATION = "prisma/migrations/20250201000000_next/migration.sql";
  const SQL = `${Array.from({ length: 400 }, (_, at) => `CREATE INDEX i${at} ON a (b); -- ${"x".repeat(40)}`).join("\n")}\n`;
  const files = {
    "prisma/migrations/20250101000000_init/migration.sql": "CREATE TABLE a (b int);\n",
    "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    "lockstep.config.json": '{ "execution": "split" }\n',
  };
  const pending = {
    [MIGRATION]: SQL,
    "lockstep.baseline.json": writeBaseline([]),
    "out.json": "the report of before\n",
  };
  const ENV = { ...process.env, LOCKSTEP_BASE: undefined, GITHUB_BASE_REF: undefined };
  const COMMANDS: readonly (readonly [what: string, args: readonly string[]])[] = [
    ["--fix", ["check", "--fix-unsafe", MIGRATION]],
    ["--write-baseline", ["check", "--write-baseline", "--baseline", "lockstep.baseline.json", MIGRATION]],
    ["--output-file", ["check", "--output-file", "json=out.json", MIGRATION]],
  ];
  const unchanged = (root: string): void => {
    for (const [path, before] of Object.entries(pending)) expect(readFileSync(join(root, path), "utf8")).toBe(before);
    for (const place of ["", "prisma/migrations/20250201000000_next"])
      expect(readdirSync(join(root, place)).filter((name) => name.includes("tmp"))).toEqual([]);
  };

  // What a process may write to one file is limited; Node.js is told of it as of a full disk.
  test.skipIf(process.platform === "win32").each(COMMANDS)("%s loses nothing", (_what, args) => {
    const root = repository(files);
    write(root, pending);
    const { status, stderr } = spawnSync(
      "bash",
      ["-c", 'ulimit -f 8; exec "$@"', "bash", process.execPath, program.cli, ...args],
      { cwd: root, encoding: "utf8", env: ENV },
    );
    expect(stderr).toMatch(/could not be written \(EFBIG\)/);
    expect(status).toBe(2);
    unchanged(root);
    // The same with room.
    const again = spawnSync(process.execPath, [program.cli, ...args], { cwd: root, encoding: "utf8", env: ENV });
    expect(again.stderr).not.toContain("could not be written");
    expect(() => unchanged(root)).toThrow();
  });

  const disk = (size: string): string | undefined => {
    const root = folder();
    const at = join(root, "disk");
    mkdirSync(at);
    if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "none", at]).status !== 0) return undefined;
    onTestFinished(() => void execFileSync("umount", ["-l", at]));
    return at;
  };
  test.each(COMMANDS)("%s on a full disk loses nothing", (_what, args) => {
    const root = disk("512k");
    // Only a superuser may mount one; the limit above is tried everywhere.
    if (root === undefined) return;
    write(root, { ...files, ...pending });
    try {
      writeFileSync(join(root, "ballast"), Buffer.alloc(1 << 20));
    } catch {
      // That is what it is for: the disk is full now.
    }
    const { status, stderr } = spawnSync(process.execPath, [program.cli, ...args], {
      cwd: root,
      encoding: "utf8",
      env: ENV,
    });
    expect(stderr).toMatch(/could not be written \(ENOSPC\)/);
    expect(status).toBe(2);
    unchanged(root);
  });
});
