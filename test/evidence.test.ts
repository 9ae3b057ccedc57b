import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { ownersOf, parseCodeowners, readCodeowners } from "../src/evidence/git/codeowners.ts";
import { loadInputs } from "../src/project/inputs.ts";
import { bunLock, npmLock, pnpmLock, yarnLock } from "../src/evidence/prisma/lock-files.ts";
import { findDatabase } from "../src/evidence/prisma/database.ts";
import { findPrisma } from "../src/evidence/prisma/version.ts";
import { modeOfVersion, readRange } from "../src/evidence/prisma/version-range.ts";
import { folder } from "./support/folders.ts";

const globbyLoads = vi.hoisted(() => ({ count: 0 }));
vi.mock("globby", async (original) => {
  globbyLoads.count++;
  return await original<object>();
});

const root = { name: "prisma", importer: "" };
const db = { name: "prisma", importer: "packages/db" };

describe("versions", () => {
  test.each([
    ["4.16.2", "batch"],
    ["7.3.9", "batch"],
    ["7.4.0", "split"],
    ["7.4.0-dev.1", "unknown"],
    ["7.5.0-dev.1", "split"],
    ["7.10.1", "split"],
    ["8.0.0", "unknown"],
    ["8.0.0-rc.19", "unknown"],
    ["latest", "unknown"],
  ])("%s: %s", (version, mode) => {
    expect(modeOfVersion(version)).toBe(mode);
  });
  test.each([
    ["7.3.0", "7.3.0", "batch"],
    ["^6.1.0", "6.1.0", "batch"],
    ["^7.8.0", "7.8.0", "split"],
    ["^7.0.0", "7.0.0", "unknown"],
    ["^7", "7.0.0", "unknown"],
    ["~7.3.1", "7.3.1", "batch"],
    ["7.3.x", "7.3.0", "batch"],
    ["7.4.x", "7.4.0", "split"],
    [">=7.4 <8", "7.4.0", "split"],
    [">= 7.4.0", "7.4.0", "unknown"],
    ["5 - 7.3", "5.0.0", "batch"],
    ["^5.0.0 || ^6.0.0", "5.0.0", "batch"],
    ["^6.0.0 || ^7.4.0", "6.0.0", "unknown"],
    ["npm:prisma@^6.2.0", "6.2.0", "batch"],
  ])("%s allows %s and up: %s", (range, lowest, mode) => {
    expect(readRange(range)).toEqual({ lowest, mode });
  });
  test.each(["latest", "", "*", "workspace:*", "catalog:", "file:../prisma"])("%j says nothing", (range) => {
    expect(readRange(range)).toBeUndefined();
  });
  test("no text throws", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[<>=^~ |x*.0-9-]*$/)),
        (text) => [typeof modeOfVersion(text), typeof readRange(text)].length === 2,
      ),
    );
  });
});

describe("lock files", () => {
  const v3 = JSON.stringify(
    {
      packages: {
        "": {},
        "node_modules/@prisma/client": { version: "6.1.0" },
        "node_modules/prisma": { version: "6.2.0" },
        "packages/db/node_modules/prisma": { version: "7.4.1", dev: true },
      },
    },
    null,
    2,
  );
  test("npm: as Node resolves it from the importing package", () => {
    expect(npmLock(v3, root)).toEqual(["6.2.0"]);
    expect(npmLock(v3, db)).toEqual(["7.4.1"]);
    expect(npmLock(v3, { ...root, importer: "packages/web" })).toEqual(["6.2.0"]);
    expect(npmLock(v3, { name: "@prisma/client", importer: "packages/db" })).toEqual(["6.1.0"]);
    expect(npmLock(v3.replaceAll(/\s+/g, ""), db)).toEqual(["7.4.1"]);
    expect(npmLock(v3, { ...root, name: "@prisma/migrate" })).toEqual([]);
  });
  test("npm, the first form", () => {
    expect(
      npmLock(
        '{ "lockfileVersion": 1, "requires": true, "dependencies": { "prisma": {\r\n "version": "2.30.3", "requires": { "prisma": "1" } } } }',
        root,
      ),
    ).toEqual(["2.30.3"]);
  });
  test.each([
    [
      "5.4",
      "lockfileVersion: 5.4\n\nspecifiers:\n  prisma: ^4.1.0\n\ndevDependencies:\n  prisma: 4.1.1\n\npackages:\n\n  /prisma/4.1.1:\n    dev: true\n",
      root,
      ["4.1.1"],
    ],
    [
      "5.4 workspace",
      "lockfileVersion: 5.4\nimporters:\n  .:\n    specifiers: {}\n  packages/db:\n    specifiers:\n      prisma: ^4\n    dependencies:\n      prisma: 4.2.0_typescript@5.0.0\npackages:\n",
      db,
      ["4.2.0"],
    ],
    [
      "6",
      "lockfileVersion: '6.0'\n\ndependencies:\n  prisma:\n    specifier: ^5\n    version: 5.1.1\n\npackages:\n\n  /prisma@5.1.1:\n",
      root,
      ["5.1.1"],
    ],
    [
      "9",
      "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n\n  packages/db:\n    dependencies:\n      '@prisma/client':\n        specifier: ^7\n        version: 7.4.0(prisma@7.5.0)\n    devDependencies:\n      prisma:\n        specifier: 'catalog:'\n        version: 7.5.0(typescript@5.9.0)\n\npackages:\n\n  prisma@6.0.0:\n",
      db,
      ["7.5.0"],
    ],
    [
      "9, CRLF",
      "importers:\r\n\r\n  .:\r\n    devDependencies:\r\n      prisma:\r\n        specifier: ^7\r\n        version: 7.5.0\r\n\r\npackages:\r\n",
      root,
      ["7.5.0"],
    ],
    [
      "9 without the importer",
      "importers:\n  .: {}\npackages:\n\n  '@prisma/client@7.1.0':\n    peerDependencies:\n      prisma: '*'\n\n  prisma@7.2.0:\n    hasBin: true\n\nsnapshots:\n\n  prisma@7.2.0(typescript@5.9.0):\n",
      db,
      ["7.2.0", "7.2.0"],
    ],
    [
      "5.4 without the importer",
      "importers:\n  .: {}\npackages:\n  /prisma/4.1.1:\n    dev: true\n  /@prisma/prisma/9.9.9:\n",
      db,
      ["4.1.1"],
    ],
    [
      "a link",
      "importers:\n  .:\n    dependencies:\n      prisma:\n        specifier: workspace:*\n        version: link:../prisma\npackages:\n",
      root,
      [],
    ],
  ])("pnpm %s", (_, text, query, versions) => {
    expect(pnpmLock(text, query)).toEqual(versions);
  });
  test("pnpm: a scoped name in quotes", () => {
    expect(
      pnpmLock(
        "importers:\n  .:\n    dependencies:\n      '@prisma/client':\n        specifier: ^7\n        version: 7.4.0(prisma@7.5.0)\npackages:\n",
        { name: "@prisma/client", importer: "" },
      ),
    ).toEqual(["7.4.0"]);
  });
  const yarn1 =
    '# yarn lockfile v1\n\n"@other/prisma@^9.0.0":\n  version "9.0.0"\n\n"@prisma/client@^5.0.0":\n  version "5.0.1"\n  dependencies:\n    prisma@^3.0.0 "x"\n\nprisma@^5.0.0, prisma@^5.2.0:\n  version "5.2.1"\n\nprisma@^7.4.0:\n  version "7.4.2"\n';
  test("yarn 1: the entry for the range, else all", () => {
    expect(yarnLock(yarn1, { ...root, range: "^7.4.0" })).toEqual(["7.4.2"]);
    expect(yarnLock(yarn1, root)).toEqual(["5.2.1", "7.4.2"]);
    expect(yarnLock(yarn1, { ...root, range: "^5.2.0" })).toEqual(["5.2.1"]);
    expect(yarnLock(yarn1, { ...root, name: "@prisma/client" })).toEqual(["5.0.1"]);
  });
  test("yarn berry", () => {
    expect(
      yarnLock(
        '__metadata:\n  version: 8\n\n"prisma@npm:^7.0.0, prisma@npm:^7.1.0":\n  version: 7.3.0\n  resolution: "prisma@npm:7.3.0"\n',
        { ...root, range: "^7.0.0" },
      ),
    ).toEqual(["7.3.0"]);
    expect(yarnLock('"prisma@npm:7.3.0":\r\n  version: 7.3.0\r\n', root)).toEqual(["7.3.0"]);
  });
  test("bun", () => {
    const text =
      '{\n  "packages": {\n    "@prisma/client": ["@prisma/client@6.1.0", "", {}],\n    "prisma": ["prisma@6.2.0", "", { "dependencies": { "prisma": "1.0.0" } }],\n    "@acme/db/prisma": ["prisma@7.4.0", ""],\n  }\n}';
    expect(bunLock(text, root)).toEqual(["6.2.0"]);
    expect(bunLock(text, db)).toEqual(["7.4.0"]);
    expect(bunLock(text, { name: "@prisma/client", importer: "" })).toEqual(["6.1.0"]);
  });
  test("no text throws and a big one is fast", () => {
    const part = fc.constantFrom(
      "prisma",
      "@prisma/client",
      "node_modules/",
      "@",
      "/",
      ":",
      '"',
      "'",
      "{",
      "version",
      "1.2.3",
      "\n",
      "  ",
      "    ",
      "importers",
      "packages",
      "dependencies",
      ".",
      "[",
      "npm:",
      ",",
      " ",
    );
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(part, { maxLength: 60 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, fc.constantFrom("", "packages/db"), (lock, importer) =>
        [npmLock, pnpmLock, yarnLock, bunLock].every((scan) =>
          Array.isArray(scan(lock, { name: "prisma", importer, range: "^1" })),
        ),
      ),
    );
    const entries = Array.from(
      { length: 100_000 },
      (_, i) => `  prisma-like-${String(i)}@1.0.0:\n    resolution: {integrity: sha512-${"x".repeat(60)}}\n`,
    ).join("");
    expect(pnpmLock(`importers:\n  .: {}\npackages:\n${entries}\n  prisma@7.4.0:\n`, root)).toEqual(["7.4.0"]);
    expect(yarnLock(entries, root)).toEqual([]);
    expect(npmLock(entries, root)).toEqual([]);
  });
});

describe("where Prisma has the database's address from", () => {
  const find = (files: Record<string, string>, from = "packages/db/prisma/migrations"): unknown => {
    const top = folder({ [`${from}/`]: "", ...files });
    return findDatabase(join(top, from), top, (path) => path.slice(top.length + 1));
  };
  const SCHEMA = `datasource db {
  provider  = "postgresql" // url = env("NO")
  url       = env("POSTGRES_PRISMA_URL")
  directUrl = env("POSTGRES_URL_NON_POOLING")
}`;
  const schema = (text: string): Record<string, string> => ({ "packages/db/prisma/schema.prisma": text });

  test.each<[string, Record<string, string>, unknown]>([
    [
      "the configuration",
      {
        "packages/db/prisma.config.ts": 'export default defineConfig({ datasource: { url: env("APP_URL") } })',
        ...schema(SCHEMA),
      },
      { variables: ["APP_URL"], from: "packages/db/prisma.config.ts" },
    ],
    [
      "a configuration that computes it",
      { "packages/db/prisma.config.ts": "export default { datasource: { url: await secret() } }", ...schema(SCHEMA) },
      { variables: [], from: "packages/db/prisma.config.ts" },
    ],
    [
      "a configuration without it, and the schema that it names",
      {
        "packages/db/prisma.config.ts":
          'export default { schema: "db/main.prisma", migrations: { path: "prisma/migrations" } }',
        "packages/db/db/main.prisma": 'datasource db {\n url = env("A")\n}',
        ...schema(SCHEMA),
      },
      { variables: ["A"], from: "packages/db/db/main.prisma" },
    ],
    [
      "a configuration of the workspace that names these migrations",
      {
        ".config/prisma.ts":
          'export default { migrations: { path: "../packages/db/prisma/migrations" }, datasource: { url: process.env.ROOT_URL! } }',
      },
      { variables: ["ROOT_URL"], from: ".config/prisma.ts" },
    ],
    [
      "a configuration of other migrations says nothing",
      { "prisma.config.ts": 'export default { datasource: { url: env("ROOT_URL") } }', ...schema(SCHEMA) },
      {
        variables: ["POSTGRES_URL_NON_POOLING", "POSTGRES_PRISMA_URL"],
        from: "packages/db/prisma/schema.prisma",
      },
    ],
    [
      "the schema's files",
      { "packages/db/prisma/models.prisma": "model A {}", "packages/db/prisma/base.prisma": SCHEMA },
      { variables: ["POSTGRES_URL_NON_POOLING", "POSTGRES_PRISMA_URL"], from: "packages/db/prisma/base.prisma" },
    ],
    [
      "the schema that package.json names",
      {
        "packages/db/package.json": '{ "prisma": { "schema": "prisma/app.prisma" } }',
        "packages/db/prisma/app.prisma": 'datasource db {\n url = env("A")\n}',
        "packages/db/prisma/a.prisma": 'datasource db {\n url = env("B")\n}',
      },
      { variables: ["A"], from: "packages/db/prisma/app.prisma" },
    ],
    [
      "an address that is written down",
      schema('datasource db {\n  url = "postgresql://localhost/shop" // env("A")\n}'),
      { variables: [], from: "packages/db/prisma/schema.prisma" },
    ],
    [
      "a direct address that is written down",
      schema('datasource db {\n  url = env("A")\n  directUrl = "postgresql://localhost/shop"\n}'),
      { variables: [], from: "packages/db/prisma/schema.prisma" },
    ],
    ["a schema of version 7 says nothing", schema('datasource db {\n  provider = "postgresql"\n}'), undefined],
    ["nothing", {}, undefined],
  ])("%s", (_name, files, expected) => {
    expect(find(files)).toEqual(expected);
  });
});

describe("the Prisma of a project", () => {
  const find = (files: Record<string, string>, from = "packages/db/prisma/migrations"): unknown => {
    const top = folder({ [`${from}/`]: "", ...files });
    return findPrisma(join(top, from), top, (path) => path.slice(top.length + 1));
  };
  test("the lock file of the workspace, for the package that asks", () => {
    expect(
      find({
        "package.json": '{ "packageManager": "pnpm@10.0.0" }',
        "packages/db/package.json": '{ "devDependencies": { "prisma": "^7.0.0" } }',
        "pnpm-lock.yaml":
          "importers:\n  packages/db:\n    devDependencies:\n      prisma:\n        specifier: ^7.0.0\n        version: 7.10.0\npackages:\n",
        "package-lock.json": '{ "packages": { "node_modules/prisma": { "version": "5.0.0" } } }',
      }),
    ).toEqual({
      execution: { mode: "split", because: "prisma 7.10.0 in pnpm-lock.yaml" },
      prisma: { version: "7.10.0", from: "pnpm-lock.yaml", packageManager: "pnpm" },
    });
  });
  test("@prisma/client where the CLI is not locked", () => {
    expect(
      find({ "package-lock.json": '{ "packages": { "node_modules/@prisma/client": { "version": "6.1.0" } } }' }),
    ).toMatchObject({ execution: { mode: "batch", because: "@prisma/client 6.1.0 in package-lock.json" } });
  });
  test("several locked versions that behave differently: unknown, and both are named", () => {
    expect(find({ "yarn.lock": 'prisma@^6:\n  version "6.0.0"\n\nprisma@^7:\n  version "7.5.0"\n' })).toMatchObject({
      execution: { mode: "unknown", because: "prisma 6.0.0 and 7.5.0 in yarn.lock" },
      prisma: { packageManager: "yarn" },
    });
  });
  test("what is installed, then the range; bun.lockb tells bun only", () => {
    const manifest = '{ "dependencies": { "prisma": "^7.8.0" } }';
    expect(
      find({
        "bun.lockb": "\0",
        "package.json": manifest,
        "node_modules/prisma/package.json": '{ "name": "prisma", "version": "7.9.1" }',
      }),
    ).toEqual({
      execution: { mode: "split", because: "prisma 7.9.1 in node_modules/prisma/package.json" },
      prisma: { version: "7.9.1", from: "node_modules/prisma/package.json", packageManager: "bun" },
    });
    expect(find({ "bun.lockb": "\0", "package.json": manifest })).toEqual({
      execution: { mode: "split", because: "prisma ^7.8.0 in package.json" },
      prisma: { version: "7.8.0", from: "package.json", packageManager: "bun" },
    });
    expect(find({ "package.json": '{ "devDependencies": { "prisma": "latest" } }' })).toEqual({
      execution: { mode: "unknown", because: "prisma latest in package.json" },
    });
    expect(find({ "package.json": "{ not json" })).toEqual({
      execution: { mode: "unknown", because: "no lock file or package.json names a version of Prisma" },
    });
  });
});

describe("CODEOWNERS", () => {
  const rules = parseCodeowners(
    [
      "\uFEFF* @all # everybody",
      "*.sql @sql",
      "/prisma/ @db ada@example.com",
      "docs/* @docs",
      "apps/**/migrations @apps",
      "prisma/migrations/1_free",
      "with\\ space/ @space",
      "build/logs/ @logs",
      "# comment",
    ].join("\r\n"),
  );
  test.each([
    ["README.md", ["@all"]],
    ["x/a.sql", ["@sql"]],
    ["prisma/migrations/2_x/migration.sql", ["@db", "ada@example.com"]],
    ["other/prisma/x.md", ["@all"]],
    ["docs/a.md", ["@docs"]],
    ["docs/deep/a.md", ["@all"]],
    ["apps/a/b/migrations/1/migration.sql", ["@apps"]],
    ["apps/migrations/1/migration.sql", ["@apps"]],
    ["prisma/migrations/1_free/migration.sql", []],
    ["with space/x.md", ["@space"]],
  ])("%s: %j", (path, owners) => {
    expect(ownersOf(rules, path)).toEqual(owners);
  });
  test("GitLab's sections each have a say, and lend their owners", () => {
    const sections = parseCodeowners(
      "* @all\n[Database][2] @dba\nprisma/\nprisma/special/ @special\n^[Docs] @docs\n*.md\n",
    );
    expect(ownersOf(sections, "prisma/x.sql")).toEqual(["@all", "@dba"]);
    expect(ownersOf(sections, "prisma/special/x.md")).toEqual(["@all", "@special", "@docs"]);
  });
  test("the first file counts", () => {
    expect(readCodeowners(folder({}))).toBeUndefined();
    expect(readCodeowners(folder({ "docs/CODEOWNERS": "* @d", CODEOWNERS: "* @r" }))?.from).toBe("CODEOWNERS");
    expect(readCodeowners(folder({ ".gitlab/CODEOWNERS": "* @g" }))?.rules).toHaveLength(1);
  });
  test("no text throws", () => {
    const part = fc.constantFrom(
      "*",
      "**",
      "/",
      "?",
      "\\",
      "[",
      "]",
      "(",
      ")",
      "@a",
      " ",
      "\n",
      "#",
      "^",
      "a",
      "!",
      "\u2028",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((parts) => parts.join("")),
        ),
        fc.string(),
        (text, path) => Array.isArray(ownersOf(parseCodeowners(text), path)),
      ),
    );
  });
});

describe("all evidence together", () => {
  const project = {
    ".git/HEAD": "",
    ".github/CODEOWNERS": "prisma/migrations/2_b/ @db\n",
    "package-lock.json": '{ "packages": { "node_modules/prisma": { "version": "7.3.0" } } }',
    "prisma/migrations/migration_lock.toml": 'provider = "postgresql"',
    "prisma/migrations/1_a/migration.sql": "",
    "prisma/migrations/2_b/migration.sql": "",
  };
  test("one literal path: no globby, no base; owners of what is pending", async () => {
    const cwd = folder(project);
    const before = globbyLoads.count;
    for (const path of [
      "prisma/migrations/2_b/migration.sql",
      "prisma/migrations/2_b",
      join(cwd, "prisma/migrations/2_b"),
    ]) {
      const inputs = await loadInputs({ cwd, paths: [path], environment: {} });
      expect(inputs).toMatchObject({
        ok: true,
        value: {
          each: false,
          gitRoot: cwd,
          evidence: {
            execution: { mode: "batch", because: "prisma 7.3.0 in package-lock.json" },
            postgres: { version: 17, because: "the default" },
            owners: { from: ".github/CODEOWNERS", of: { "prisma/migrations/2_b/migration.sql": ["@db"] } },
          },
        },
      });
    }
    expect(globbyLoads.count).toBe(before);
    await loadInputs({ cwd, paths: ["."], all: true, environment: {} });
    expect(globbyLoads.count).toBe(before + 1);
  });
  test("what is said outright goes before what was found", async () => {
    const inputs = await loadInputs({
      cwd: folder(project),
      paths: ["prisma/migrations"],
      all: true,
      environment: {},
      execution: { mode: "split", because: "--execution split" },
      postgres: { version: 15, because: "--postgres 15" },
    });
    expect(inputs).toMatchObject({
      value: {
        evidence: {
          execution: { mode: "split", because: "--execution split" },
          postgres: { version: 15 },
          prisma: { version: "7.3.0" },
        },
      },
    });
  });
  test("packages of a workspace that lock different Prismas", async () => {
    const cwd = folder({
      "a/prisma/migrations/1_a/migration.sql": "",
      "a/package-lock.json": '{ "packages": { "node_modules/prisma": { "version": "6.0.0" } } }',
      "b/prisma/migrations/1_a/migration.sql": "",
      "b/package-lock.json": '{ "packages": { "node_modules/prisma": { "version": "7.5.0" } } }',
    });
    const inputs = await loadInputs({ cwd, paths: [], all: true, environment: {} });
    expect(inputs).toMatchObject({
      value: {
        evidence: {
          execution: {
            mode: "unknown",
            because: "prisma 6.0.0 in a/package-lock.json; prisma 7.5.0 in b/package-lock.json",
          },
        },
      },
    });
  });
});
