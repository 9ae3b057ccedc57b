import { readMigration } from "../../src/model/walk.ts";
import type { MigrationView } from "../../src/model/step.ts";
import type { ExecutionMode } from "../../src/model/transactions.ts";
import { postgresReader } from "../../src/sql/postgres/read.ts";
import type { Migration } from "./replay.ts";

/** Schemas that many histories begin with are read once. */
const views = new Map<string, MigrationView>();

/** The migrations as the walk takes them, all pending. */
export async function readMigrationViews(
  migrations: readonly Migration[],
  execution: ExecutionMode,
): Promise<readonly MigrationView[]> {
  await postgresReader.load();
  return migrations.flatMap(({ id, text }) => {
    const key = `${execution} ${id}\n${text}`;
    const view =
      views.get(key) ??
      readMigration(
        { id, path: id, up: { path: `${id}/migration.sql`, text }, state: "pending" },
        postgresReader,
        execution,
      );
    if (view) views.set(key, view);
    return view ?? [];
  });
}
