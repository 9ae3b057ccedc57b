import type { Change, Cte, Expression, Source } from "../../sql/expression.ts";
import type { LoopRows } from "../../sql/operation/place.ts";
import { substituted } from "../exact-sql.ts";
import { deepExpressions } from "../queries.ts";
import type { DefinitionOperation, Operation } from "../../sql/operation/index.ts";
import type { MaintenanceOperation, SessionOperation } from "../../sql/operation/session.ts";
import type { Place, RelationId } from "../effects.ts";
import type { NextStep, Step, WalkPlace } from "../step.ts";
import { type Birth, type Catalog, resolve } from "../catalog.ts";

/** All changes of rows in one step: the statement's own, those in its CTEs, and those of the functions that it calls. */
export function changesOf(step: Pick<Step, "operation" | "called">): Change[] {
  return [...ownChanges(step.operation), ...(step.called ?? []).flatMap(ownChanges)];
}

function ownChanges(operation: Operation): Change[] {
  switch (operation.kind) {
    case "insertRows":
    case "updateRows":
    case "deleteRows":
    case "mergeRows":
      return [...fromCtes(operation.change.ctes), inLoop(operation.change, operation.body?.over)];
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

/** In a loop over a query a change of rows is one that is joined with it, as far as its condition names the loop's row. */
function inLoop(change: Change, over: LoopRows | undefined): Change {
  if (!over || (change.kind !== "deleteRows" && change.kind !== "updateRows") || !change.where) return change;
  const { query, record, variables = [] } = over;
  const alias = record ?? "loop row";
  // Variables are the query's columns by their place; PL/pgSQL refuses a name that a column has too.
  const where = variables.reduce(
    (found, name) => substituted(found, name, { kind: "column", table: alias, column: name }),
    change.where,
  );
  if (!mentionsTable(where, alias)) return change;
  const named =
    record === undefined
      ? { ...query, targets: query.targets.map((target, at) => ({ ...target, as: variables[at] ?? "" })) }
      : query;
  const source: Source = { kind: "query", query: named, alias };
  return change.kind === "deleteRows"
    ? { ...change, where, using: [...change.using, source] }
    : { ...change, where, from: [...change.from, source] };
}

const mentionsTable = (where: Expression, table: string): boolean =>
  [...deepExpressions(where)].some((each) => each.kind === "column" && each.table === table);

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
