import type { Operation } from "../../sql/operation/index.ts";
import type { Step, WalkPlace } from "../step.ts";

/** Whether a step leaves something to take back; without `trivial`, something whose way back is not plain. */
export function needsWayBack(step: Step, trivial: boolean, place: Pick<WalkPlace, "deployed">): boolean {
  return !WITHOUT_EFFECT.has(step.operation.kind) && (trivial || !onlyAdds(step, place));
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

/** Rows, names, and what cannot be read. */
const CHANGES: ReadonlySet<Operation["kind"]> = new Set<Operation["kind"]>([
  "insertRows",
  "updateRows",
  "deleteRows",
  "mergeRows",
  "truncate",
  "copy",
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
