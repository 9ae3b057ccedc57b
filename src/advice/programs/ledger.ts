import { commands } from "./command.ts";

import { literal } from "../../sql/names.ts";

/**
 * Prisma's own table. A row is written before a file is sent and finished after it, so that a failed migration has neither
 * finished_at nor rolled_back_at: https://www.prisma.io/docs/orm/prisma-migrate/workflows/patching-and-hotfixing
 */
export const ledger = commands("ledger", "sql", {
  countFailed: [
    "counts the migrations that failed and are not resolved",
    () => `SELECT count(*) FROM "_prisma_migrations" WHERE finished_at IS NULL AND rolled_back_at IS NULL;`,
  ],
  states: [
    "shows what became of migrations",
    (ids: readonly string[]) =>
      `SELECT migration_name, started_at, finished_at, rolled_back_at, logs\nFROM "_prisma_migrations"\nWHERE migration_name IN (${ids.map(literal).join(", ")})\nORDER BY started_at;`,
  ],
  forget: [
    "lets Prisma forget that migrations ran",
    (ids: readonly string[]) =>
      `DELETE FROM "_prisma_migrations"\nWHERE migration_name IN (${ids.map(literal).join(", ")}) AND rolled_back_at IS NULL;`,
  ],
});
