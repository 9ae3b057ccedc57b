import type { DefinitionOperation, Operation } from "../../sql/operation/index.ts";
import type { MaintenanceOperation } from "../../sql/operation/session.ts";
import type { TableOperation } from "../../sql/operation/tables.ts";
import type { Place, RelationId } from "../effects.ts";
import type { Step, WalkPlace } from "../step.ts";
import { momentOf } from "./moment.ts";
import { changesOf, placeOfStep } from "./steps.ts";

/** The statement of the deployment that emptied a table, if nothing has put rows into it since: TRUNCATE, or DELETE of every row. */
export function emptiedBy(table: RelationId, place: WalkPlace): Place | undefined {
  for (let i = place.before.length - 1; i >= 0; i--) {
    const step = place.before[i] as Step;
    const moment = momentOf(place, step);
    const { operation } = step;
    const here = (name: Parameters<typeof moment.table>[0]) => moment.table(name) === table;
    if (operation.kind === "truncate" && here(operation.table) && surely(operation)) return placeOfStep(step);
    if (
      operation.kind === "deleteRows" &&
      here(operation.table) &&
      surely(operation) &&
      !operation.change.where &&
      operation.change.using.length === 0 &&
      operation.change.ctes.length === 0
    )
      return placeOfStep(step);
    if (mayFill(step, here)) return undefined;
  }
  return undefined;
}

const surely = ({ body }: Operation): boolean =>
  !body || (body.in === "do" && !body.conditional && !body.guarded && !body.loop);

/** It puts rows into the table, undoes what was done to it, or does what cannot be read. */
export function mayFill(
  step: Step,
  here: (name: { readonly schema?: string | undefined; readonly name: string }) => boolean,
): boolean {
  const { operation } = step;
  switch (operation.kind) {
    case "copy":
      return operation.table === undefined || here(operation.table);
    case "attachPartition":
    case "opaque":
    case "select":
    case "transaction":
    case "call":
      return true;
    case "insertRows":
    case "updateRows":
    case "deleteRows":
    case "mergeRows":
    case "truncate":
    case "createTable":
    case "dropTable":
    case "renameTable":
    case "setTableSchema":
    case "detachPartition":
    case "alterTable":
    case "set":
    case "systemCommand":
    case "other":
      return changesOf(step).some(
        (change) => (change.kind === "insertRows" || change.kind === "mergeRows") && here(change.table),
      );
    default:
      operation satisfies Exclude<DefinitionOperation, TableOperation> | MaintenanceOperation;
      return false;
  }
}
