import { symlinkSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode } from "../src/source/encoding.ts";
import { diskHistory, findSources, folderNames } from "../src/source/disk/sources.ts";
import type { Sources } from "../src/source/disk/sources.ts";
import type { History } from "../src/source/history.ts";
import { compareFolders, lockProvider, migrationDirectories } from "../src/source/layout.ts";
import { memoryHistory } from "../src/source/memory.ts";
import type { Outcome } from "../src/source/outcome.ts";
import { readPrismaConfig } from "../src/source/prisma-config.ts";
import { position } from "../src/source/text.ts";
import { folder } from "./support/folders.ts";

const LOCK = 'provider = "postgresql"\n';

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

function read(cwd: string, directory: string): History {
  const absolute = join(cwd, directory);
  return value(diskHistory(cwd, absolute, value(folderNames(absolute, directory)), () => "pending"));
}

async function shape(cwd: string, ...paths: string[]): Promise<unknown> {
  const found: Sources = value(await findSources(cwd, paths));
  return [
    ...found.directories.map(
      (one) =>
        `${one.path.slice(cwd.length + 1)}${one.whole ? "/" : ""}${one.named.size > 0 ? ` {${[...one.named].join(", ")}}` : ""}`,
    ),
    ...found.files.map((one) => `${one.path.slice(cwd.length + 1)}${one.named ? "" : " (in a folder)"}`),
  ];
}

async function sentence(cwd: string, ...paths: string[]): Promise<string> {
  const found = await findSources(cwd, paths);
  return found.ok ? "no failure" : found.message;
}

describe("decode", () => {
  test("BOM, carriage returns, tabs and emoji stay, so that offsets count them", () => {
    const text = "\uFEFF-- 🐘\r\n\tSELECT 1;\r\n";
    const file = decode("a.sql", new TextEncoder().encode(text));
    expect(file).toEqual({ path: "a.sql", text });
    expect(position(file, text.indexOf("SELECT"))).toEqual({ line: 2, column: 2 });
  });
  test("an empty file is an empty text", () => {
    expect(decode("a.sql", new Uint8Array())).toEqual({ path: "a.sql", text: "" });
  });
  test("bytes that are not UTF-8 become U+FFFD and are reported", () => {
    expect(decode("a.sql", Buffer.from([0x53, 0xff, 0x45]))).toEqual({
      path: "a.sql",
      text: "S\uFFFDE",
      invalidUtf8: true,
    });
  });
  test("U+FFFD in the file itself is no defect", () => {
    expect(decode("a.sql", Buffer.from("-- \uFFFD"))).toEqual({ path: "a.sql", text: "-- \uFFFD" });
  });
  test("every string comes back as it was, and no bytes throw", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        (text) => decode("a", Buffer.from(text)).text === Buffer.from(text).toString(),
      ),
    );
    fc.assert(fc.property(fc.uint8Array(), (bytes) => typeof decode("a", bytes).text === "string"));
  });
});

describe("migration_lock.toml", () => {
  const lock = (text: string): ReturnType<typeof lockProvider> => lockProvider({ path: "m/migration_lock.toml", text });
  test.each([
    ['provider = "postgresql"', "postgresql"],
    ['# comment\r\nprovider = "postgresql"\r\n', "postgresql"],
    ['\uFEFFprovider = "cockroachdb"', "cockroachdb"],
    ["provider='postgresql' # x", "postgresql"],
    ['provider = "postgresql"\nprovider = "mysql"', "postgresql"],
  ])("%j is %s", (text, provider) => {
    expect(value(lock(text))).toEqual({ provider, problems: [] });
  });
  test("conflict markers around the provider are a problem, not a failure", () => {
    const read = value(lock(`<<<<<<< HEAD\n${LOCK}=======\n${LOCK}>>>>>>> feature\n`));
    expect(read.provider).toBe("postgresql");
    expect(read.problems.map((one) => one.message)).toEqual([
      "The lock file holds the conflict markers of an unfinished merge.",
    ]);
  });
  test.each(["", "# nothing", ' provider = "postgresql"', "provider"])("%j names none: P3019", (text) => {
    const read = value(lock(text));
    expect(read.provider).toBe("unknown");
    expect(read.problems[0]?.message).toContain("P3019");
  });
  test.each(["mysql", "sqlite", "sqlserver", "mongodb"])("%s is refused in one sentence", (provider) => {
    expect(lock(`provider = "${provider}"`)).toEqual({
      ok: false,
      message: `m/migration_lock.toml says that these migrations are for ${provider}, but lockstep reads PostgreSQL and CockroachDB only: check another migrations folder.`,
    });
  });
  test("no text throws", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `provider${text}`),
        ),
        (text) => typeof lock(text).ok === "boolean",
      ),
    );
  });
});

describe("order and layout", () => {
  test("folders are ordered by localeCompare, not by bytes", () => {
    const names = ["20250101000000-c", "20250101000000_A", "20250101000000_b", "0_init", "20250101_x"];
    expect([...names].sort(compareFolders)).toEqual([
      "0_init",
      "20250101_x",
      "20250101000000_A",
      "20250101000000_b",
      "20250101000000-c",
    ]);
    expect([...names].sort()).not.toEqual([...names].sort(compareFolders));
    const name = fc.stringMatching(/^[0-9]{0,4}[0-9a-zA-Z_ é-]{0,4}$/);
    fc.assert(
      fc.property(name, name, (a, b) => Math.sign(compareFolders(a, b)) === Math.sign(a.localeCompare(b))),
      { numRuns: 2000 },
    );
  });
  test("from memory: loose files beside the folders and deeper files are ignored, down.sql is read", () => {
    const history = value(
      memoryHistory(
        {
          "prisma/migrations/2_b/migration.sql": "SELECT 2;",
          "prisma/migrations/2_b/down.sql": "SELECT -2;",
          "prisma/migrations/1_a/migration.sql": "",
          "prisma/migrations/1_a/README.md": "x",
          "prisma/migrations/1_a/deep/migration.sql": "x",
          "prisma/migrations/note.sql": "x",
          "prisma/migrations/migration_lock.toml": LOCK,
        },
        { root: "prisma/migrations" },
      ),
    );
    expect(history).toEqual({
      root: "prisma/migrations",
      layout: "prisma",
      provider: "postgresql",
      problems: [],
      migrations: [
        {
          id: "1_a",
          path: "prisma/migrations/1_a",
          state: "pending",
          up: { path: "prisma/migrations/1_a/migration.sql", text: "" },
        },
        {
          id: "2_b",
          path: "prisma/migrations/2_b",
          state: "pending",
          up: { path: "prisma/migrations/2_b/migration.sql", text: "SELECT 2;" },
          down: { path: "prisma/migrations/2_b/down.sql", text: "SELECT -2;" },
        },
      ],
    });
  });
  test("from memory: the root is found, loose files are a layout of their own, two roots need a name", () => {
    expect(value(memoryHistory({ "db/migrations/1_a/migration.sql": "" })).root).toBe("db/migrations");
    expect(value(memoryHistory({ "b.sql": "", "a.sql": "" }))).toMatchObject({
      root: "",
      layout: "files",
      migrations: [{ id: "b.sql" }, { id: "a.sql" }],
    });
    expect(memoryHistory({ "a/migrations/1/migration.sql": "", "b/migrations/1/migration.sql": "" })).toEqual({
      ok: false,
      message:
        "There are several migrations directories among the files (a/migrations, b/migrations): name one as root.",
    });
  });
  test("the lock file is optional", () => {
    expect(value(memoryHistory({ "migrations/1_a/migration.sql": "" }))).toMatchObject({
      provider: "unknown",
      problems: [],
    });
  });
  test("Prisma 8's layout is named", () => {
    const message = messageOf(
      memoryHistory({ "migrations/app/20260101_x/migration.json": "{}", "migrations/app/20260101_x/ops.json": "[]" }),
    );
    expect(message).toBe(
      "migrations holds migrations of Prisma 8 (migration.json and ops.json in place of migration.sql), which lockstep does not support yet: check a folder that Prisma 7 or older wrote.",
    );
  });
  test("a migration.sql somewhere is Prisma's only where folder, parent or lock file say so", () => {
    expect(
      migrationDirectories([
        "x/migration.sql",
        "migration.sql",
        "sql/init/migration.sql",
        "a/migration/2024_x/migration.sql",
        "b/migrations/init/migration.sql",
        "c/init/migration.sql",
        "c/migration_lock.toml",
      ]),
    ).toEqual(["a/migration", "b/migrations", "c"]);
  });
});

function messageOf(outcome: Outcome<History>): string {
  return outcome.ok ? "no failure" : outcome.message;
}

describe("disk", () => {
  test("reads folders, and a folder without migration.sql is a migration without text and a problem", () => {
    const cwd = folder({
      "prisma/migrations/migration_lock.toml": LOCK,
      "prisma/migrations/20240101000000_größe und \u{1F418}/migration.sql": "SELECT 1;\r\n",
      "prisma/migrations/20240102000000_lost/": "",
      "prisma/migrations/20240103000000_bad/migration.sql": Buffer.from([0x2d, 0x2d, 0xc3]),
      "prisma/migrations/README.md": "x",
    });
    const history = read(cwd, "prisma/migrations");
    expect(history.migrations.map((one) => [one.id, one.up?.text, one.up?.invalidUtf8])).toEqual([
      ["20240101000000_größe und \u{1F418}", "SELECT 1;\r\n", undefined],
      ["20240102000000_lost", undefined, undefined],
      ["20240103000000_bad", "--\uFFFD", true],
    ]);
    expect(history.migrations[0]?.up?.path).toBe("prisma/migrations/20240101000000_größe und \u{1F418}/migration.sql");
    expect(history.problems).toEqual([
      {
        file: "prisma/migrations/20240102000000_lost",
        message:
          'The folder holds no migration.sql: "prisma migrate deploy" stops here with P3015, after it has applied the migrations before it.',
        help: "Restore migration.sql, or delete the folder if it was never applied anywhere.",
        severity: "error",
      },
      {
        file: "prisma/migrations/20240103000000_bad/migration.sql",
        message: "The file is not UTF-8: what its bytes stand for is not known, so what is said of it may be wrong.",
        help: "Save it as UTF-8 without a byte order mark.",
      },
    ]);
  });
  test("links to folders are not migrations, as Prisma does not list them", () => {
    const cwd = folder({ "migrations/1_a/migration.sql": "", "other/migration.sql": "" });
    symlinkSync(join(cwd, "other"), join(cwd, "migrations/2_link"));
    expect(value(folderNames(join(cwd, "migrations"), "migrations"))).toEqual(["1_a"]);
  });
  test("a dangling link in place of migration.sql is a folder without it", () => {
    const cwd = folder({ "migrations/1_a/": "" });
    symlinkSync(join(cwd, "nowhere"), join(cwd, "migrations/1_a/migration.sql"));
    expect(read(cwd, "migrations").problems[0]?.message).toContain("P3015");
  });
  test("a file that cannot be read is one sentence", () => {
    const cwd = folder({ "migrations/1_a/migration.sql/": "" });
    expect(diskHistory(cwd, join(cwd, "migrations"), ["1_a"], () => "pending")).toEqual({
      ok: false,
      message: "migrations/1_a/migration.sql could not be read (EISDIR): make it a file that this user may read.",
    });
  });
});

describe("paths", () => {
  const project = {
    "prisma/schema.prisma": "",
    "prisma/migrations/migration_lock.toml": LOCK,
    "prisma/migrations/20240101000000_init/migration.sql": "",
    "prisma/migrations/20240102000000_next/migration.sql": "",
    "prisma/migrations/20240102000000_next/down.sql": "",
    "prisma/migrations/20240103000000_empty/notes.txt": "",
    "loose.sql": "",
    "sql/b.sql": "",
    "sql/a.sql": "",
  };
  test.each([
    [["prisma/migrations/20240101000000_init/migration.sql"], ["prisma/migrations {20240101000000_init}"]],
    [["prisma/migrations/20240102000000_next/down.sql"], ["prisma/migrations {20240102000000_next}"]],
    [["prisma/migrations/20240102000000_next"], ["prisma/migrations {20240102000000_next}"]],
    [["prisma/migrations/20240103000000_empty/"], ["prisma/migrations {20240103000000_empty}"]],
    [["prisma/migrations"], ["prisma/migrations/"]],
    [["prisma/migrations/migration_lock.toml"], ["prisma/migrations/"]],
    [["."], ["prisma/migrations/"]],
    [["prisma"], ["prisma/migrations/"]],
    [["prisma/migrations/*_next"], ["prisma/migrations {20240102000000_next}"]],
    [["prisma/**/migration.sql"], ["prisma/migrations {20240101000000_init, 20240102000000_next}"]],
    [["loose.sql"], ["loose.sql"]],
    [["sql"], ["sql/a.sql (in a folder)", "sql/b.sql (in a folder)"]],
    [
      ["loose.sql", "prisma/migrations/20240101000000_init"],
      ["prisma/migrations {20240101000000_init}", "loose.sql"],
    ],
  ])("%j is %j", async (paths, expected) => {
    expect(await shape(folder(project), ...paths)).toEqual(expected);
  });
  test("started inside the migrations", async () => {
    const cwd = folder(project);
    const found = value(await findSources(join(cwd, "prisma/migrations"), ["."]));
    expect(found.directories.map((one) => one.path)).toEqual([join(cwd, "prisma/migrations")]);
    const history = value(
      diskHistory(
        join(cwd, "prisma/migrations"),
        join(cwd, "prisma/migrations"),
        ["20240101000000_init"],
        () => "pending",
      ),
    );
    expect(history.migrations[0]?.up?.path).toBe("20240101000000_init/migration.sql");
    const outside = value(
      diskHistory(join(cwd, "sql"), join(cwd, "prisma/migrations"), ["20240101000000_init"], () => "pending"),
    );
    expect(outside.migrations[0]?.up?.path).toBe("../prisma/migrations/20240101000000_init/migration.sql");
  });
  test("a folder whose name looks like a glob is a folder", async () => {
    const cwd = folder({ "apps/[tenant]/migrations/1_a/migration.sql": "" });
    expect(await shape(cwd, "apps/[tenant]/migrations/1_a/migration.sql")).toEqual(["apps/[tenant]/migrations {1_a}"]);
    expect(await shape(cwd, "apps/[tenant]")).toEqual(["apps/[tenant]/migrations/"]);
  });
  test("a workspace: every migrations folder, without what git ignores and node_modules", async () => {
    const cwd = folder({
      ".git/HEAD": "",
      ".gitignore": "generated/\n",
      "packages/db/prisma/schema/migrations/20240101000000_init/migration.sql": "",
      "apps/api/prisma/migrations/20240101000000_init/migration.sql": "",
      "apps/api/node_modules/x/prisma/migrations/20240101000000_init/migration.sql": "",
      "generated/prisma/migrations/20240101000000_init/migration.sql": "",
      "apps/formbricks/migration/20240101000000_init/migration.sql": "",
    });
    expect(await shape(cwd, ".")).toEqual([
      "apps/api/prisma/migrations/",
      "apps/formbricks/migration/",
      "packages/db/prisma/schema/migrations/",
    ]);
    expect(await shape(cwd, "packages/*")).toEqual(["packages/db/prisma/schema/migrations/"]);
  });
  test("prisma.config, .config/prisma and package.json point to folders that a search does not reach", async () => {
    const cwd = folder({
      ".git/HEAD": "",
      ".gitignore": "hidden/\n",
      "a/prisma.config.ts": 'export default defineConfig({ migrations: { path: path.join("..", "hidden", "a") } })',
      "b/.config/prisma.mjs": 'export default { schema: "../../hidden/b" }',
      "c/package.json": '{ "prisma": { "schema": "../hidden/c/schema.prisma" } }',
      "hidden/a/1_a/migration.sql": "",
      "hidden/b/migrations/1_a/migration.sql": "",
      "hidden/c/migrations/1_a/migration.sql": "",
    });
    expect(await shape(cwd, ".")).toEqual(["hidden/a/", "hidden/b/migrations/", "hidden/c/migrations/"]);
  });
  test.each([
    [
      {},
      ["nowhere/migration.sql"],
      "nowhere/migration.sql does not exist: check the spelling; paths are counted from the directory that lockstep is started in.",
    ],
    [
      { "a.txt": "" },
      ["a.txt"],
      "a.txt is no SQL file: name a migration.sql, a migration folder, a migrations folder or a project.",
    ],
    [
      {},
      ["*.sql"],
      'The pattern "*.sql" matches no SQL file and no folder: check it; patterns are counted from the directory that lockstep is started in.',
    ],
    [
      { "x/": "" },
      ["x"],
      'No Prisma migrations were found in x: name the migrations folder ("lockstep check path/to/migrations"), or set "migrations" in the configuration.',
    ],
    [
      {},
      ["."],
      'No Prisma migrations were found in .: name the migrations folder ("lockstep check path/to/migrations"), or set "migrations" in the configuration.',
    ],
    [
      { "m/migration_lock.toml": LOCK },
      ["m"],
      'm holds no migrations: it has a migration_lock.toml but no migration folder; create one with "prisma migrate dev --create-only", or name another folder.',
    ],
    [
      { "migrations/app/1_a/migration.json": "", "migrations/app/1_a/ops.json": "" },
      ["."],
      "migrations holds migrations of Prisma 8 (migration.json and ops.json in place of migration.sql), which lockstep does not support yet: check a folder that Prisma 7 or older wrote.",
    ],
    [
      { "migrations/app/1_a/migration.json": "", "migrations/app/1_a/ops.json": "" },
      ["migrations"],
      "migrations holds migrations of Prisma 8 (migration.json and ops.json in place of migration.sql), which lockstep does not support yet: check a folder that Prisma 7 or older wrote.",
    ],
    [{}, ["a\0b"], "a\0b could not be read (ERR_INVALID_ARG_VALUE): name a path that this user may read."],
  ])("%j with %j: one sentence", async (files, paths, expected) => {
    expect(await sentence(folder(files), ...paths)).toBe(expected);
  });
});

describe("prisma.config", () => {
  test.each([
    [
      'import { defineConfig } from "prisma/config";\nexport default defineConfig({ schema: "prisma/schema", migrations: { seed: "tsx seed.ts", path: `db/migrations` } });',
      { schema: "prisma/schema", migrationsPath: "db/migrations" },
    ],
    [
      "export default { 'migrations': { // path: 'no'\n /* path: 'no' */ path: 'yes' } } satisfies PrismaConfig",
      { migrationsPath: "yes" },
    ],
    [
      'migrations: { nested: { path: "no" }, path: path.join(import.meta.dirname, "db", "m") }',
      { migrationsPath: "db/m" },
    ],
    ['const dir = "db/m"; export default { migrations: { path: dir } }', { migrationsPath: "db/m" }],
    ['migrations: { path: resolve(process.cwd(), "m") }', { migrationsPath: "m" }],
    ["migrations: { path: process.env.DIR }", {}],
    ["migrations: { path: `${base}/m` }", {}],
    ['migrations: { path: "a" + b }', {}],
    ["const r = /migrations: { path: 'no' }/; ", {}],
    ["typedSql: { path: 'no' }", {}],
    ['datasource: { url: env("POSTGRES_PRISMA_URL") }', { datasource: { url: "POSTGRES_PRISMA_URL" } }],
    ['datasource: { shadowDatabaseUrl: env("S"), url: env<Env>("D"), }', { datasource: { url: "D" } }],
    ["datasource: { url: process.env.DATABASE_URL! }", { datasource: { url: "DATABASE_URL" } }],
    ["datasource: { url: process.env['A'] ?? '' }", { datasource: { url: "A" } }],
    ['datasource: { url: process.env.A || env("B") }', { datasource: { url: "A" } }],
    ['datasource: { url: process.env.CI ? env("A") : env("B") }', { datasource: { url: undefined } }],
    ['datasource: { url: env("A") + "?schema=x" }', { datasource: { url: undefined } }],
    ["datasource: { url: env(`A_${stage}`) }", { datasource: { url: undefined } }],
    ['datasource: { url: "postgresql://localhost/x" }', { datasource: { url: undefined } }],
    ["datasource: { url }", { datasource: { url: undefined } }],
    ['datasource, other: { url: env("A") }', {}],
  ])("%j", (text, expected) => {
    expect(readPrismaConfig(text)).toEqual(expected);
  });
  test("no text throws", () => {
    const part = fc.constantFrom(
      "migrations",
      "path",
      "schema",
      "datasource",
      "url",
      "env",
      "process",
      "<",
      "[",
      "]",
      ":",
      "{",
      "}",
      "(",
      ")",
      '"',
      "'",
      "`",
      "${",
      "/",
      "//",
      "/*",
      "*/",
      "\\",
      "\n",
      "join",
      ",",
      ".",
      "const",
      "=",
      "é",
      "🐘",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(part).map((parts) => parts.join("")),
        ),
        (text) => typeof readPrismaConfig(text) === "object",
      ),
    );
  });
});
