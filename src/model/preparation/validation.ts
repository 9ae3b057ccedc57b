import type { OperationOf } from "../../sql/operation/index.ts";
import { sameColumns } from "../apply/additions.ts";
import { relationAt, resolve } from "../catalog.ts";
import type { HistoryPlace, WalkPlace } from "../step.ts";
import { momentOf } from "./moment.ts";
import { withoutEffects } from "./steps.ts";

/** VALIDATE CONSTRAINT of a foreign key looks back to where it was added NOT VALID: nothing has made an orphan since. */

type Validation = OperationOf<"validateConstraint">;

/** The step that added the constraint, under the name and in the table of then; -1 where it is none of the steps before. */
export function addedAt(operation: Validation, place: Pick<WalkPlace, "catalog" | "before">): number {
  const { catalog, before } = place;
  const table = resolve(catalog, operation.table);
  const columns = relationAt(catalog, table)?.constraints.get(operation.constraint)?.columns ?? [];
  let name = operation.constraint;
  for (let i = before.length - 1; i >= 0; i--) {
    const step = before[i];
    if (!step) continue;
    const { operation: each } = step;
    if (each.kind !== "addForeignKey" && each.kind !== "renameConstraint") continue;
    const moment = momentOf(place, step);
    if (moment.table(each.table) !== table) continue;
    if (each.kind === "renameConstraint") {
      if (each.to === name) name = each.constraint;
    } else if (each.constraint.name === name) return i;
    else if (
      each.constraint.name === undefined &&
      sameColumns(
        each.constraint.columns.map((column) => moment.column(table, column)),
        columns,
      )
    )
      return i;
  }
  return -1;
}

/** The place with all steps since the deployment that added the constraint, and that deployment. */
export function sinceAdded(
  operation: Validation,
  place: HistoryPlace,
): { readonly place: WalkPlace; readonly deployment: number } | undefined {
  const table = relationAt(place.catalog, resolve(place.catalog, operation.table));
  const deployment = table?.constraints.get(operation.constraint)?.birth?.deployment;
  if (deployment === undefined || deployment === place.catalog.deployment) return undefined;
  const all = { ...place, before: [...place.earlier().map(withoutEffects), ...place.before] };
  const added = all.before[addedAt(operation, all)];
  if (!added) return undefined;
  const from = all.before.findIndex(({ migration }) => migration === added.migration);
  return { place: { ...place, before: all.before.slice(from) }, deployment };
}
