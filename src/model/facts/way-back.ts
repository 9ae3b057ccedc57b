import type { Operation } from "../../sql/operation/index.ts";
import type { Step, WalkPlace } from "../step.ts";

/**
 * Whether a migration leaves something to take back; without `trivial`, something whose way back is not plain, in a migration that changes
 * the schema: of rows alone a down.sql could say nothing.
 */
export function needsWayBack(steps: readonly Step[], trivial: boolean, place: Pick<WalkPlace, "deployed">): boolean {
  const left = steps.filter(({ operation: { kind } }) => !WITHOUT_EFFECT.has(kind));
  if (trivial) return left.length > 0;
  return left.some(({ operation: { kind } }) => !ROWS.has(kind)) && left.some((step) => !onlyAdds(step, place));
}

/** Dropping what it made, or making again what it dropped, brings the old schema back with all its rows. */
function onlyAdds({ operation: { kind }, effects }: Step, { deployed }: Pick<WalkPlace, "deployed">): boolean {
  if (CHANGES.has(kind)) return false;
  const here = ({ relation }: { readonly relation?: string }) => relation === undefined || deployed(relation);
  return (
    effects.failures.every((failure) => !here(failure) || failure.preparation.verdict === "done") &&
    !effects.rewrites.some(here) &&
    !effects.losses.some((loss) => loss.data && here(loss)) &&
    !effects.breaks.some(here)
  );
}

const ROWS: ReadonlySet<Operation["kind"]> = new Set<Operation["kind"]>([
  "insertRows",
  "updateRows",
  "deleteRows",
  "mergeRows",
  "truncate",
  "copy",
]);

/** Rows, names, and what cannot be read. */
const CHANGES: ReadonlySet<Operation["kind"]> = new Set<Operation["kind"]>([
  ...ROWS,
  "call",
  "opaque",
  "renameTable",
  "renameColumn",
]);

/** What leaves nothing to take back. */
const WITHOUT_EFFECT: ReadonlySet<Operation["kind"]> = new Set<Operation["kind"]>([
  "set",
  "transaction",
  "select",
  "analyze",
  "vacuum",
  "comment",
  "lockTable",
  "reindex",
  "refreshView",
  "other",
]);
