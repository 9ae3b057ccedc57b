import type { Change } from "../../sql/expression.ts";
import { type Catalog, relationAt } from "../catalog.ts";
import type { Failure, Preparation } from "../effects.ts";
import { type Value, evaluate } from "../evaluation.ts";
import { mentionedColumns, subqueries } from "../queries.ts";
import { type Tuple, sampleRows } from "../samples.ts";
import type { WalkPlace } from "../step.ts";
import { type Written, placeOfStep, written } from "./steps.ts";

/** What earlier statements did about values that a CHECK or a type does not take. */

/**
 * Values that the texts name, and what lies around them, are sent through the UPDATEs and DELETEs: if none is left that is refused, they
 * were the preparation. Where that cannot be computed, a change of the columns in question is taken for it.
 */
export function prepareValues(failure: Failure, place: WalkPlace): Preparation {
  const changes = written(place, failure.relation).filter(({ change }) =>
    concerns(change, failure.columns, failure.demand),
  );
  const [last] = changes.slice(-1);
  if (!last) return { verdict: "none" };
  const done: Preparation = {
    verdict: "done",
    how: "backfill",
    why: "the values are changed before it",
    by: placeOfStep(last.step),
  };
  return leavesNone(failure, changes, place.catalog) === false ? { verdict: "none" } : done;
}

/** Whether a change is about the columns that are demanded something of. */
function concerns(change: Change, columns: readonly string[], demand: Failure["demand"]): boolean {
  const about = new Set([...columns, ...(demand?.kind === "check" ? mentionedColumns(demand.expression) : [])]);
  const named =
    change.kind === "updateRows"
      ? change.set.map(({ column }) => column)
      : change.kind === "deleteRows"
        ? change.where
          ? mentionedColumns(change.where)
          : [...about]
        : [];
  return about.size === 0 ? named.length > 0 : named.some((name) => about.has(name));
}

/** Whether the changes leave no row that is refused; undefined where that cannot be computed. */
function leavesNone(
  { demand, columns, relation }: Failure,
  changes: readonly Written[],
  catalog: Catalog,
): boolean | undefined {
  const table = relationAt(catalog, relation);
  const meets = demand && test(demand, columns);
  if (!table || !meets) return undefined;
  const names = demand.kind === "check" ? [...new Set(mentionedColumns(demand.expression))] : columns;
  const wheres = changes.flatMap(({ change }) =>
    change.kind === "updateRows" || change.kind === "deleteRows" ? (change.where ?? []) : [],
  );
  const rows = sampleRows(
    catalog,
    table,
    names,
    [...(demand.kind === "check" ? [demand.expression] : []), ...wheres],
    demand.kind === "type" ? (demand.labels ?? []) : [],
  );
  let refused = 0;
  for (const row of rows) {
    const fits = meets(row);
    if (fits === undefined) return undefined;
    if (fits) continue;
    refused++;
    const left = after(row, changes);
    if (left === "unknown") return undefined;
    if (left && meets(left) !== true) return meets(left) === undefined ? undefined : false;
  }
  return refused > 0 ? true : undefined;
}

/** Whether a demand takes a row. */
function test(
  demand: NonNullable<Failure["demand"]>,
  columns: readonly string[],
): ((row: Tuple) => boolean | undefined) | undefined {
  const at = (row: Tuple) => (name: string) => row.get(name);
  if (demand.kind === "check" && !demand.domain)
    return (row) => {
      const value = evaluate(demand.expression, at(row));
      return value === undefined ? undefined : value !== false;
    };
  const [column] = columns;
  if (demand.kind !== "type" || !demand.labels || column === undefined) return undefined;
  const labels: readonly Value[] = demand.labels;
  return (row) => {
    const value = demand.using ? evaluate(demand.using, at(row)) : row.get(column);
    return value === undefined ? undefined : value === null || labels.includes(value);
  };
}

/** What becomes of a row: undefined where it is deleted. */
function after(row: Tuple, changes: readonly Written[]): Tuple | undefined | "unknown" {
  let now = row;
  for (const { change, step } of changes) {
    if (change.kind !== "updateRows" && change.kind !== "deleteRows") return "unknown";
    const others = change.kind === "updateRows" ? change.from : change.using;
    if (
      others.length > 0 ||
      change.ctes.length > 0 ||
      step.operation.body?.conditional ||
      subqueries(change.where).length > 0
    )
      return "unknown";
    const at = (name: string) => now.get(name);
    const holds = change.where ? evaluate(change.where, at) : true;
    // A condition on another column holds for some rows and not for others.
    if (holds === undefined) {
      if (mentionedColumns(change.where).some((name) => now.has(name))) return "unknown";
      continue;
    }
    if (holds !== true) continue;
    if (change.kind === "deleteRows") return undefined;
    const set = change.set.map(({ column, value }) => [column, evaluate(value, at)] as const);
    if (set.some(([column, value]) => now.has(column) && value === undefined)) return "unknown";
    now = new Map([
      ...now,
      ...set.flatMap(([column, value]) => (now.has(column) && value !== undefined ? [[column, value] as const] : [])),
    ]);
  }
  return now;
}
