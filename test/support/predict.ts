import { readMigration, walk } from "../../src/model/walk.ts";
import { effectsOf } from "../../src/report/json-effects.ts";
import { postgresReader } from "../../src/sql/postgres/read.ts";
import type { Migration } from "./replay.ts";

/** A statement's effects as the JSON report has them. */
export interface Predicted {
  readonly locks: readonly { readonly relation: string; readonly mode: string }[];
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
  /** What depends on rows, or on what the text does not say. */
  readonly possible: {
    readonly locks: readonly { readonly relation: string; readonly mode: string }[];
    readonly rewrites: readonly { readonly relation: string }[];
    readonly scans: readonly { readonly relation: string }[];
  };
  /** SQLSTATEs of failures. */
  readonly failures: readonly { readonly sqlstate: string; readonly certainty: string }[];
}

/** What lockstep says of a whole history, each migration a deployment of its own: by migration, then by index of the statement. */
export async function predictHistory(migrations: readonly Migration[]): Promise<ReadonlyMap<string, ReadonlyMap<number, Predicted>>> {
  await postgresReader.load();
  const views = migrations.flatMap(({ id, text }) => readMigration({ id, path: id, up: { path: `${id}/migration.sql`, text }, state: "pending" }, postgresReader, "split") ?? []);
  const found = new Map(views.map((view) => [view.id, new Map<number, Predicted>()]));
  walk(views, { postgres: 18, execution: "split", deployments: "each", timeZoneUtc: true }, {
    statement: (statement, effects, _steps, place) => void found.get(place.migration.id)?.set(statement.index, effectsOf(effects, (at) => at)),
  });
  return found;
}
