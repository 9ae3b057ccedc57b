import type { Effects } from "../../src/model/effects.ts";
import { type ExecutionMode, type MigrationView, readMigration, walk } from "../../src/model/walk.ts";
import { postgresReader } from "../../src/sql/postgres/read.ts";
import type { Migration } from "./replay.ts";

export interface PredictOptions {
  /** Major version; 18 where it is absent. */
  readonly postgres?: number;
  readonly execution?: ExecutionMode;
}

/** What lockstep says of a whole history, each migration a deployment of its own: by migration, then by index of the statement. */
export async function predictHistory(migrations: readonly Migration[], { postgres = 18, execution = "split" }: PredictOptions = {}): Promise<ReadonlyMap<string, ReadonlyMap<number, Effects>>> {
  const views = await readMigrationViews(migrations, execution);
  const found = new Map(views.map((view) => [view.id, new Map<number, Effects>()]));
  walk(views, { postgres, execution, deployments: "each", timeZoneUtc: true }, {
    statement: (statement, effects, _steps, place) => void found.get(place.migration.id)?.set(statement.index, effects),
  });
  return found;
}

/** Schemas that many histories begin with are read once. */
const views = new Map<string, MigrationView>();

/** The migrations as the walk takes them, all pending. */
export async function readMigrationViews(migrations: readonly Migration[], execution: ExecutionMode): Promise<readonly MigrationView[]> {
  await postgresReader.load();
  return migrations.flatMap(({ id, text }) => {
    const key = `${execution} ${id}\n${text}`;
    const view = views.get(key) ?? readMigration({ id, path: id, up: { path: `${id}/migration.sql`, text }, state: "pending" }, postgresReader, execution);
    if (view) views.set(key, view);
    return view ?? [];
  });
}
