import type { Change, Cte } from "../../sql/expression.ts";
import type { DefinitionOperation } from "../../sql/operation/index.ts";
import type { MaintenanceOperation, SessionOperation } from "../../sql/operation/session.ts";
import type { Place, RelationId } from "../effects.ts";
import type { NextStep, Step, WalkPlace } from "../step.ts";
import { type Birth, type Catalog, resolve } from "../catalog.ts";

/** All changes of rows in one step: the statement's own, and those in its CTEs. */
export function changesOf(step: Pick<Step, "operation">): Change[] {
  const { operation } = step;
  switch (operation.kind) {
    case "insertRows":
    case "updateRows":
    case "deleteRows":
    case "mergeRows":
      return [...fromCtes(operation.change.ctes), operation.change];
    case "select":
      return fromCtes(operation.query.ctes);
    case "call":
    case "copy":
    case "truncate":
      return [];
    default:
      operation satisfies DefinitionOperation | MaintenanceOperation | SessionOperation;
      return [];
  }
}

/** A CTE's change sees the CTEs before it. */
function fromCtes(ctes: readonly Cte[]): Change[] {
  return ctes.flatMap((cte, i) =>
    cte.change ? [{ ...cte.change, ctes: [...ctes.slice(0, i), ...cte.change.ctes] }] : [],
  );
}

/** A step whose effects are not asked for. */
export const withoutEffects = (step: NextStep): Step => ({
  ...step,
  effects: { locks: [], rewrites: [], scans: [], losses: [], failures: [], breaks: [] },
  deployed: new Set(),
});

export const placeOfStep = (step: Pick<Step, "migration" | "operation">): Place => ({
  file: step.migration.file,
  range: step.operation.range,
});

/** A change of rows, and the step that it is in. */
export interface Written {
  readonly step: Step;
  readonly change: Change;
}

/** What the deployment has done to the rows of a table so far, oldest first. */
export const written = (place: WalkPlace, table: RelationId): Written[] =>
  place.before
    .flatMap((step) => changesOf(step).map((change) => ({ step, change })))
    .filter(({ change }) => resolve(place.catalog, change.table) === table);

/** Born in the deployment at hand. */
export const isYoung = (catalog: Catalog, birth: Birth | undefined): boolean =>
  birth?.deployment === catalog.deployment;
