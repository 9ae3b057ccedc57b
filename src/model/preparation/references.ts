import type { Expression } from "../../sql/expression.ts";
import type { Operation } from "../../sql/operation/index.ts";
import { isUnfilled, relationAt, resolve } from "../catalog.ts";
import type { Failure, Preparation } from "../effects.ts";
import { queryTables, subqueries } from "../queries.ts";
import type { WalkPlace } from "../step.ts";
import { changesOf, placeOfStep, written } from "./steps.ts";

/** What earlier statements, or the DELETE's own condition, did about the rows that point at those that it deletes. */
export function prepareReferences(
  { relation, columns }: NonNullable<Failure["referencedBy"]>,
  operation: Operation,
  place: WalkPlace,
): Preparation {
  const { catalog } = place;
  const child = relationAt(catalog, relation);
  const why = `the rows of ${child?.name ?? relation} are looked after`;
  if (isUnfilled(catalog, child))
    return { verdict: "done", how: "empty table", why: `${child.name} is new and has no rows` };
  const before = written(place, relation).find(
    ({ change }) =>
      change.kind === "deleteRows" ||
      (change.kind === "updateRows" && change.set.some(({ column }) => columns.includes(column))),
  );
  if (before)
    return {
      verdict: "done",
      how: before.change.kind === "deleteRows" ? "delete" : "repoint",
      why,
      by: placeOfStep(before.step),
    };
  if (operation.kind !== "deleteRows") return { verdict: "none" };
  const { change } = operation;
  const own = resolve(catalog, change.table);
  // All rows go together, and what points at itself with them.
  if (own === relation && !change.where && change.using.length === 0) return { verdict: "done", how: "delete", why };
  const together = changesOf({ operation }).some(
    (each) => each !== change && resolve(catalog, each.table) === relation,
  );
  const looks = subqueries(change.where).some((query) =>
    queryTables(query).some((name) => resolve(catalog, name) === relation),
  );
  const joined = [...change.using].some((source) => source.kind === "join" && source.join === "left");
  return together || (looks && isNegative(change.where)) || joined
    ? { verdict: "done", how: "construction", why }
    : { verdict: "none" };
}

/** NOT EXISTS, NOT IN, = 0: what has a row there is left alone. */
function isNegative(where: Expression | undefined): boolean {
  switch (where?.kind) {
    case "and":
    case "or":
      return where.args.some(isNegative);
    case "not":
      return true;
    case "in":
      return where.negated;
    case "operator":
      return where.args.some(({ kind }) => kind === "subquery") || where.operator === "<> all";
    default:
      return false;
  }
}
