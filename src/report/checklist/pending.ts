import { named } from "../named.ts";
import { position } from "../../source/text.ts";
import type { Operation } from "../../sql/operation/index.ts";
import type { Failure, Loss } from "../../model/effects.ts";
import type { CheckResult, CheckedMigration, CheckedStatement } from "../../engine/result.ts";
import { migrationsOf } from "../summary.ts";

/** A pending statement with the migration that it belongs to. */
export interface PendingStatement {
  readonly migration: CheckedMigration;
  readonly statement: CheckedStatement;
}

/** What the items are made of: everything pending, and what of it meets rows and users. */
export interface Pending {
  readonly result: CheckResult;
  readonly migrations: readonly CheckedMigration[];
  readonly statements: readonly PendingStatement[];
  /** Statements of pending files that were not understood: what follows from "nothing found" is not known then. */
  readonly gaps: number;
}

export function pendingOf(result: CheckResult): Pending {
  const migrations = migrationsOf(result).filter((migration) => migration.state === "pending");
  const files = new Set(migrations.map((migration) => migration.file));
  return {
    result,
    migrations,
    statements: migrations.flatMap((migration) => migration.statements.map((statement) => ({ migration, statement }))),
    gaps: result.coverage.notUnderstood.filter((gap) => files.has(gap.file)).length,
  };
}

/** Losses of rows or values where there are some; a loss of no relation (a schema, a database) counts. */
export function dataLosses(pending: Pending): readonly (PendingStatement & { readonly loss: Loss })[] {
  return pending.statements.flatMap(({ migration, statement }) =>
    statement.effects.losses
      .filter((loss) => loss.data && (loss.relation === undefined || statement.deployed.has(loss.relation)))
      .map((loss) => ({ migration, statement, loss })),
  );
}

/** Failures that rows of deployed relations can cause and that nothing before has ruled out. */
export function openFailures(pending: Pending): readonly Failure[] {
  return pending.statements.flatMap(({ statement }) =>
    statement.effects.failures.filter(
      (failure) => failure.preparation.verdict !== "done" && statement.deployed.has(failure.relation),
    ),
  );
}

export function operationsOf(pending: Pending): readonly Operation[] {
  return pending.statements.flatMap(({ statement }) => statement.operations);
}

/** Deployed relations that the pending statements write to, lock beyond reading, or take away. Sorted. */
export function touchedRelations(pending: Pending): readonly string[] {
  const touched = new Set<string>();
  for (const { statement } of pending.statements) {
    const { locks, rewrites, scans, losses, breaks } = statement.effects;
    const named = [
      ...locks.filter((lock) => lock.mode !== "AccessShareLock"),
      ...rewrites,
      ...scans,
      ...losses,
      ...breaks,
    ];
    for (const { relation } of named)
      if (relation !== undefined && statement.deployed.has(relation)) touched.add(relation);
  }
  return [...touched].sort();
}

/** Where a statement begins: `migration.sql:12` of the migration, with its first words. */
export function placeInWords({ migration, statement }: PendingStatement): string {
  const { file } = migration;
  if (!file) return named(migration.id);
  const text = file.text.slice(statement.range.start, statement.range.end).replace(/\s+/g, " ");
  const words =
    text.length > 72
      ? `${text
          .slice(0, 71)
          .replace(/[\uD800-\uDBFF]$/, "")
          .trimEnd()}…`
      : text;
  return `line ${position(file, statement.range.start).line} of ${named(migration.id)} (${named(words)})`;
}
