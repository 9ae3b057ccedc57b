import type { CheckResult, CheckedMigration } from "../engine/result.ts";
import type { Finding, FixSafety, Severity } from "../engine/finding.ts";

/** The numbers that every format ends with. */
export interface Summary {
  readonly migrations: number;
  readonly pending: number;
  readonly statements: number;
  /** Those of the pending migrations. */
  readonly pendingStatements: number;
  /** Findings that are not suppressed. */
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly suppressed: number;
  /** Findings, not suppressed, that --fix would remove. */
  readonly fixable: number;
  /** Findings, not suppressed, that only --fix-unsafe would remove. */
  readonly fixableUnsafe: number;
}

export function summarize(result: CheckResult): Summary {
  const migrations = migrationsOf(result);
  const open = result.findings.filter((finding) => !finding.suppressed);
  const count = (severity: Severity) => open.filter((finding) => finding.severity === severity).length;
  const safe = open.filter((finding) => hasFix(finding, "safe")).length;
  return {
    migrations: migrations.length,
    pending: migrations.filter((migration) => migration.state === "pending").length,
    statements: result.coverage.statements,
    pendingStatements: migrations
      .filter((migration) => migration.state === "pending")
      .reduce((sum, migration) => sum + migration.statements.length, 0),
    errors: count("error"),
    warnings: count("warning"),
    infos: count("info"),
    suppressed: result.findings.length - open.length,
    fixable: safe,
    fixableUnsafe: open.filter((finding) => hasFix(finding, "unsafe") && !hasFix(finding, "safe")).length,
  };
}

function hasFix(finding: Finding, safety: FixSafety): boolean {
  return [finding, ...(finding.also ?? [])].some(({ fixes }) => fixes.some((fix) => fix.safety === safety));
}

/** The migrations of all histories, in their order. */
export function migrationsOf(result: CheckResult): readonly CheckedMigration[] {
  return result.histories.flatMap((history) => history.migrations);
}

const EXECUTION = {
  batch: "each file as one batch",
  split: "statement by statement",
  unknown: "execution not known",
} as const;

/** How Prisma sends a file, in words. */
export function executionInWords(mode: keyof typeof EXECUTION): string {
  return EXECUTION[mode];
}
