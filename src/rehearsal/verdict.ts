import type { Rehearsal, RehearsedMigration } from "../evidence/rehearsal.ts";

/** `unfinished`: a time limit ran out, so that nothing can be said of what comes after. */
export type Verdict = "passed" | "failed" | "unfinished";

/** What the rehearsal as a whole says. A statement that fails only with rows made to hurt counts as failed: production may hold such rows. */
export function verdict({ runs }: Rehearsal): Verdict {
  const migrations = runs.flatMap((run) => run.migrations);
  if (migrations.some(({ outcome }) => outcome === "timed out")) return "unfinished";
  return migrations.some(wentWrong) ? "failed" : "passed";
}

function wentWrong({ outcome, failure, down }: RehearsedMigration): boolean {
  return (
    failure !== undefined ||
    outcome === "failed" ||
    outcome === "unclosed" ||
    (down !== undefined && (down.error !== undefined || down.differences.length > 0))
  );
}
