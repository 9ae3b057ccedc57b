import type { Effects, Failure } from "./effects.ts";
import { walk } from "./walk.ts";
import type { MigrationView } from "./step.ts";

/** What the model says of the pending migrations, for the PostgreSQL that they are rehearsed in. */
export interface RehearsalPlan {
  readonly deployed: readonly MigrationView[];
  readonly pending: readonly MigrationView[];
  /** By migration, then by index of the statement. */
  readonly predicted: ReadonlyMap<MigrationView, ReadonlyMap<number, Effects>>;
  /** `each`: every pending migration is a deployment of its own, with new rows made before it. */
  readonly deployments: "one" | "each";
}

export interface PredictedFailure {
  readonly migration: MigrationView;
  readonly statement: number;
  readonly failure: Failure;
}

/** Folds the history and predicts every pending statement as in a server of that major version whose time zone is UTC. */
export function plan(
  views: readonly MigrationView[],
  execution: "batch" | "split",
  postgres: number,
  deployments: "one" | "each",
): RehearsalPlan {
  const predicted = new Map<MigrationView, Map<number, Effects>>();
  walk(
    views,
    { postgres, execution, deployments, timeZoneUtc: true },
    {
      statement(statement, effects, _steps, { migration }) {
        if (migration.state !== "pending") return;
        const known = predicted.get(migration) ?? new Map<number, Effects>();
        predicted.set(migration, known.set(statement.index, effects));
      },
    },
  );
  return {
    deployed: views.filter((view) => view.state === "history"),
    pending: views.filter((view) => view.state === "pending"),
    predicted,
    deployments,
  };
}

/** Failures that depend on rows, statement by statement; the same one is named once. */
export function predictedFailures(
  plan: RehearsalPlan,
  migrations: readonly MigrationView[],
): readonly PredictedFailure[] {
  return migrations.flatMap((migration) =>
    [...(plan.predicted.get(migration) ?? [])].flatMap(([statement, { failures }]) => {
      const seen = new Set<string>();
      return failures.flatMap((failure) => {
        const key = [
          failure.kind,
          failure.relation,
          failure.columns.join(),
          failure.parent,
          failure.parentColumns?.join(),
          failure.detail,
        ].join(" ");
        if (seen.has(key)) return [];
        seen.add(key);
        return [{ migration, statement, failure }];
      });
    }),
  );
}
