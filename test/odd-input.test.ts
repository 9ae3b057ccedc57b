import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import semver from "semver";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rules } from "../rules/index.ts";
import { covers } from "../src/engine/glob.ts";
import { check, memoryHistory } from "../src/index.ts";
import { readBranches } from "../src/evidence/git/branches.ts";
import { searchGlob } from "../src/source/disk/search.ts";
import { folder, git, repository } from "./support/folders.ts";
import { type BuiltProgram, builtProgram } from "./support/program.ts";
import manifest from "../package.json" with { type: "json" };

/** Inputs that nobody writes on purpose, until somebody does. */

const MIGRATION = "prisma/migrations/1_a/migration.sql";

async function checked(sql: string, parser: "postgres" | "portable" = "postgres") {
  const history = memoryHistory({ [MIGRATION]: sql });
  if (!history.ok) throw new Error(history.message);
  return check({ histories: [history.value], rules, config: { parser } });
}

describe("names that every object of JavaScript has", () => {
  const NAMES = ["constructor", "toString", "__proto__", "hasOwnProperty", "valueOf"];
  test.each(NAMES.flatMap((name) => [[name, "postgres"] as const, [name, "portable"] as const]))(
    "%s, read by the %s reader",
    async (name, parser) => {
      const q = `"${name}"`;
      const { crashes } = await checked(
        `CREATE TYPE ${q} AS ENUM ('a', 'b');
CREATE TABLE ${q} (${q} ${q}, b ${q}[] DEFAULT NULL, c text);
ALTER TABLE ${q} ALTER COLUMN c TYPE ${q} USING c::${q};
ALTER TABLE ${q} ALTER COLUMN b TYPE text;
ALTER TABLE ${q} ADD COLUMN d ${q} NOT NULL DEFAULT ${q}('a');
SELECT ${q}(1), CAST(${q} AS ${q}), 'a'::${q} FROM ${q} WHERE ${q} = 'a';
SET ${q} = '1';
CREATE DOMAIN ${parser === "postgres" ? `${q}_ AS` : `d AS`} text;
CREATE INDEX ${q} ON ${q} (${q});
ALTER TYPE ${q} ADD VALUE 'c';
DROP TABLE ${q};
DROP TYPE ${q};`.replace(/"(\w+)"_ /, '"$1_" '),
        parser,
      );
      expect(crashes).toEqual([]);
    },
  );
});

test("100,000 spaces in a suppression take no time", async () => {
  const spaces = " ".repeat(100_000);
  const start = performance.now();
  for (const comment of [
    `-- lockstep-ignore drop-table: a${spaces}b`,
    `-- lockstep-ignore drop-table${spaces}: a`,
    `/* lockstep-ignore drop-table: a${spaces}b */`,
    `/* lockstep-ignore drop-table: a${spaces}${"*".repeat(1000)}*/`,
    `/* lockstep-ignore drop-table: a\n${`${spaces}\n`.repeat(2)} * b */`,
  ]) {
    const { findings } = await checked(`${comment}\nDROP TABLE t;`);
    const found = findings.find(({ rule }) => rule === "drop-table");
    expect(found?.suppressed?.reason).toMatch(/^a( +b)?\**$/);
  }
  expect(performance.now() - start).toBeLessThan(5_000);
});

test("a backslash in ignores is a slash", () => {
  expect(covers("prisma\\migrations\\*", "prisma/migrations/1_a/migration.sql")).toBe(true);
  expect(covers(".\\prisma\\other", "prisma/migrations/1_a/migration.sql")).toBe(false);
});

test("a pattern with 2^25 alternatives is refused, one with some is not", async () => {
  const root = folder({ [MIGRATION]: "SELECT 1;" });
  for (const pattern of ["{a,b}".repeat(25), "{1..33554432}", `${"{a,{b,".repeat(3)}c${"}}".repeat(3)}{1..9999999}`]) {
    const found = await searchGlob(root, pattern);
    expect(found.ok ? "" : found.message).toMatch(/stands for more than 10000 patterns/);
  }
  expect(await searchGlob(root, "prisma/{migrations,other}/{1,2}_{a,b}/*.sql")).toMatchObject({ ok: true });
});

test("more than 60 branches are read where they are asked for", () => {
  const root = repository({ [MIGRATION]: "SELECT 1;\n" });
  const head = git(root, "rev-parse", "HEAD");
  const stream = Array.from(
    { length: 70 },
    (_, at) =>
      `commit refs/heads/b${at}\ncommitter A <a@b.c> 1767225700 +0000\ndata 1\nx\nfrom ${head}\nM 100644 inline prisma/migrations/2_b${at}/migration.sql\ndata 9\nSELECT 2;\n\n`,
  );
  execFileSync("git", ["fast-import", "--quiet"], { cwd: root, input: stream.join("") });
  const count = (limit: number): number => {
    const set = readBranches(root, { environment: {}, limit, days: 36_500 });
    if (!set.ok) throw new Error(set.message);
    return set.value.branches.length;
  };
  expect(count(Number.MAX_SAFE_INTEGER)).toBe(71);
  expect(count(65)).toBeGreaterThanOrEqual(65);
});

describe("the program", () => {
  let program: BuiltProgram;
  beforeAll(async () => {
    program = await builtProgram();
  }, 60_000);
  afterAll(() => program.remove());

  test("says which Node.js it takes where that lacks what it needs, as package.json does", () => {
    const root = folder({
      "older.cjs": "delete process.getBuiltinModule; delete Object.getPrototypeOf(process).getBuiltinModule;",
    });
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--require", join(root, "older.cjs"), program.cli, "check"],
      {
        cwd: root,
        encoding: "utf8",
      },
    );
    expect(stderr).toMatch(
      /^lockstep: Node\.js \S+ is not one that lockstep runs on: it takes 20\.19 or a later 20, or 22\.3 or later\.\n$/,
    );
    expect(status).toBe(2);
    for (const version of ["20.18.0", "21.7.3", "22.0.0", "22.2.0"])
      expect(semver.satisfies(version, manifest.engines.node), version).toBe(false);
    for (const version of ["20.19.0", "22.3.0", "23.0.0", "24.1.0"])
      expect(semver.satisfies(version, manifest.engines.node), version).toBe(true);
  });

  test.skipIf(process.platform === "win32")("says that its directory is gone", () => {
    const root = folder();
    mkdirSync(join(root, "gone"));
    const { status, stderr } = spawnSync(
      "bash",
      ["-c", 'cd gone && rmdir ../gone && exec "$@"', "bash", process.execPath, program.cli, "check"],
      { cwd: root, encoding: "utf8" },
    );
    expect(stderr).toContain("directory");
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(status).toBe(2);
    expect(() => rmdirSync(join(root, "gone"))).toThrow();
  });

  test.skipIf(process.platform !== "linux")("names a folder whose name is not UTF-8", () => {
    const root = folder({
      [MIGRATION]: "SELECT 1;\n",
      "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    });
    const name = Buffer.concat([Buffer.from(join(root, "prisma/migrations/2_")), Buffer.from([0xe9, 0xff])]);
    mkdirSync(name);
    writeFileSync(Buffer.concat([name, Buffer.from("/migration.sql")]), "DROP TABLE t;\n");
    const { status, stderr } = spawnSync(process.execPath, [program.cli, "check", "--all"], {
      cwd: root,
      encoding: "utf8",
    });
    expect(stderr).toMatch(/The name of the folder prisma\/migrations\/2_\S+ is not UTF-8/);
    expect(status).toBe(2);
  });
});
