import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A small generator with a seed, so that every run measures the same text. https://en.wikipedia.org/wiki/Linear_congruential_generator */
function random(seed) {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const NOUNS = [
  "user",
  "project",
  "task",
  "invoice",
  "member",
  "session",
  "event",
  "file",
  "report",
  "team",
  "order",
  "ticket",
];
const TYPES = ["TEXT", "INTEGER", "BOOLEAN", "TIMESTAMP(3)", "JSONB", "DOUBLE PRECISION", "BIGINT", "TEXT[]"];

/** Writes a history of `count` migrations as Prisma generates them into `folder`, and returns the number of bytes of SQL. */
export function writeHistory(folder, count) {
  const pick = random(20260714);
  const tables = [];
  let bytes = 0;
  let columns = 0;
  const newTable = () => {
    const name = `${NOUNS[pick(NOUNS.length)]}_${tables.length}`;
    const parent = tables.length > 0 ? tables[pick(tables.length)] : undefined;
    tables.push({ name, columns: ["name", "created_at"], enums: 0 });
    return [
      `-- CreateTable\nCREATE TABLE "${name}" (\n    "id" TEXT NOT NULL,\n    "name" TEXT NOT NULL,\n${parent ? `    "parent_id" TEXT,\n` : ""}    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,\n    "updated_at" TIMESTAMP(3) NOT NULL,\n\n    CONSTRAINT "${name}_pkey" PRIMARY KEY ("id")\n);\n`,
      `-- CreateIndex\nCREATE UNIQUE INDEX "${name}_name_key" ON "${name}"("name");\n`,
      ...(parent
        ? [
            `-- AddForeignKey\nALTER TABLE "${name}" ADD CONSTRAINT "${name}_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "${parent.name}"("id") ON DELETE SET NULL ON UPDATE CASCADE;\n`,
          ]
        : []),
    ].join("\n");
  };
  const steps = [
    (table) => {
      const name = `field_${columns++}`;
      table.columns.push(name);
      return `-- AlterTable\nALTER TABLE "${table.name}" ADD COLUMN     "${name}" ${TYPES[pick(TYPES.length)]};\n`;
    },
    (table) => {
      const name = `flag_${columns++}`;
      table.columns.push(name);
      return `-- AlterTable\nALTER TABLE "${table.name}" ADD COLUMN     "${name}" BOOLEAN NOT NULL DEFAULT false,\nADD COLUMN     "${name}_at" TIMESTAMP(3);\n`;
    },
    (table) =>
      `-- CreateIndex\nCREATE INDEX "${table.name}_${columns++}_idx" ON "${table.name}"("${table.columns[pick(table.columns.length)]}");\n`,
    (table) => {
      const name = table.columns.length > 2 ? table.columns.pop() : undefined;
      return name
        ? `/*\n  Warnings:\n\n  - You are about to drop the column \`${name}\` on the \`${table.name}\` table. All the data in the column will be lost.\n\n*/\n-- AlterTable\nALTER TABLE "${table.name}" DROP COLUMN "${name}";\n`
        : newTable();
    },
    (table) => {
      const type = `Status${columns++}`;
      const name = `status_${columns}`;
      return `-- CreateEnum\nCREATE TYPE "${type}" AS ENUM ('OPEN', 'DONE', 'FAILED');\n\n-- AlterTable\nALTER TABLE "${table.name}" ADD COLUMN     "${name}" "${type}" NOT NULL DEFAULT 'OPEN';\n`;
    },
    (table) =>
      `-- AlterTable\nALTER TABLE "${table.name}" ALTER COLUMN "name" DROP NOT NULL;\n\nUPDATE "${table.name}" SET "name" = 'unnamed' WHERE "name" IS NULL;\n\nALTER TABLE "${table.name}" ALTER COLUMN "name" SET NOT NULL;\n`,
    newTable,
  ];
  for (let at = 0; at < count; at++) {
    const parts =
      at === 0
        ? [newTable(), newTable()]
        : Array.from({ length: 1 + pick(3) }, () => steps[pick(steps.length)](tables[pick(tables.length)]));
    const text = parts.join("\n");
    const stamp = new Date(Date.UTC(2023, 0, 1) + at * 86_400_000).toISOString().replace(/\D/g, "").slice(0, 14);
    const directory = join(folder, `${stamp}_step_${at}`);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "migration.sql"), text);
    bytes += Buffer.byteLength(text);
  }
  writeFileSync(join(folder, "migration_lock.toml"), `provider = "postgresql"\n`);
  return bytes;
}

/**
 * Makes a repository in `folder` with `count` migrations on main, develop and a hotfix branch, of which the last 20 are not on all of
 * them, and with `others` files that are no migrations.
 */
export function writeBranches(folder, count, others) {
  const directory = join(folder, "prisma/migrations");
  writeHistory(directory, count);
  for (let at = 0; at < others; at++) {
    const place = join(folder, "src", String(at % 200), String(at % 7));
    if (at < 1400) mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `file_${at}.txt`), `${at}\n`);
  }
  const git = (...args) =>
    execFileSync("git", ["-c", "user.name=bench", "-c", "user.email=bench@example.com", "-c", "gc.auto=0", ...args], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, GIT_CONFIG_NOSYSTEM: "1", HOME: folder },
    });
  git("init", "-q", "-b", "main");
  const last = readdirSync(directory)
    .filter((name) => name !== "migration_lock.toml")
    .sort()
    .slice(-20);
  // main lacks the first ten of them, develop the last ten, the hotfix branch all but one.
  const commit = (branch, lacks) => {
    if (branch !== "main") git("switch", "-q", "-c", branch, "base");
    git("checkout", "-q", "all", "--", ".");
    for (const name of lacks) rmSync(join(directory, name), { recursive: true });
    git("add", "-A");
    git("commit", "-q", "--allow-empty", "-m", branch);
  };
  git("add", "-A");
  git("commit", "-q", "-m", "all");
  git("tag", "all");
  for (const name of last) rmSync(join(directory, name), { recursive: true });
  git("add", "-A");
  git("commit", "-q", "-m", "base");
  git("tag", "base");
  commit("main", last.slice(0, 10));
  commit("develop", last.slice(10));
  commit("hotfix/x", last.slice(1));
}
