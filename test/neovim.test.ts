import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folder } from "./support/folders.ts";
import { installed, mayLack } from "./support/installed.ts";
import { type BuiltProgram, builtProgram } from "./support/program.ts";

const nvim = installed("nvim");
let program: BuiltProgram;
beforeAll(async () => {
  program = await builtProgram();
}, 60_000);
afterAll(() => program.remove());

test.skipIf(mayLack(nvim))("Neovim shows a finding, fixes it and saves", () => {
  const path = "prisma/migrations/20250201000000_index/migration.sql";
  const root = folder({
    "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    "prisma/migrations/20250101000000_init/migration.sql": `CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text);\n`,
    [path]: `/* é😀 */ CREATE INDEX "users_email_idx" ON "users"("email");\n`,
    "lockstep.config.json": '{ "rules": { "missing-down-migration": "off" }, "execution": "split" }\n',
  });
  const { status, stderr } = spawnSync(
    nvim ?? "nvim",
    ["--headless", "-u", "NONE", "-i", "NONE", "-n", "-S", join(import.meta.dirname, "support/neovim.lua")],
    {
      encoding: "utf8",
      timeout: 60_000,
      cwd: root,
      env: {
        PATH: process.env["PATH"],
        HOME: root,
        XDG_CACHE_HOME: root,
        XDG_STATE_HOME: root,
        NODE: process.execPath,
        CLI: program.cli,
        ROOT: root,
        FILE: join(root, path),
        SEEN: join(root, "seen.json"),
      },
    },
  );
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const seen = JSON.parse(readFileSync(join(root, "seen.json"), "utf8")) as {
    before: { code: string; lnum: number; severity: number }[];
    titles: string[];
    taken: string;
    hover: string;
    after: { code: string }[];
  };
  expect(seen.before.map(({ code, lnum, severity }) => [code, lnum, severity])).toEqual([
    ["index-build-blocks-writes", 0, 1],
    ["missing-lock-timeout", 0, 2],
  ]);
  expect(seen.taken).toBe("Build the index concurrently");
  expect(seen.titles).toContain("Explain missing-lock-timeout");
  expect(seen.hover).toContain(
    "| [SHARE](https://www.postgresql.org/docs/current/sql-createindex.html) | `users` | writes |",
  );
  expect(seen.after).toEqual([]);
  expect(readFileSync(join(root, path), "utf8")).toBe(
    `/* é😀 */ CREATE INDEX CONCURRENTLY "users_email_idx" ON "users"("email");\n`,
  );
});
