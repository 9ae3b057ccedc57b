import type { Operation } from "../../sql/operation/index.ts";
import { isUnfilled, relationAt, resolve } from "../catalog.ts";
import type { Failure, Preparation } from "../effects.ts";
import type { HistoryPlace, WalkPlace } from "../step.ts";
import { emptiedBy } from "./emptying.ts";
import { prepareOrphans } from "./orphans.ts";
import { prepareReferences } from "./references.ts";
import { prepareDuplicates } from "./duplicates.ts";
import { prepareNulls } from "./nulls.ts";
import { changesOf, placeOfStep } from "./steps.ts";
import { prepareValues } from "./values.ts";

/** Failures that need a row in the table itself. */
const ROWS_OF_ITS_OWN: readonly Failure["kind"][] = [
  "nulls",
  "duplicates",
  "check",
  "cast",
  "enumValueInUse",
  "exclusion",
  "partitionBound",
];

/**
 * Fills in what the pending statements before an operation did about the rows that would make it fail. The rules of
 * the group integrity say no more than this.
 */
export function prepare(failure: Failure, operation: Operation, place: HistoryPlace): Failure {
  const table = relationAt(place.catalog, failure.relation);
  const empty = isUnfilled(place.catalog, table);
  if (empty && failure.certainty !== "sure")
    return {
      ...failure,
      preparation: { verdict: "done", how: "empty table", why: `${table.name} is new and has no rows` },
    };
  if (ROWS_OF_ITS_OWN.includes(failure.kind) && failure.certainty !== "sure") {
    const by = emptiedBy(failure.relation, place);
    if (by)
      return {
        ...failure,
        preparation: {
          verdict: "done",
          how: "empty table",
          why: `${table?.name ?? "the table"} is emptied before it`,
          by,
        },
      };
  }
  // What a statement itself writes nothing before it has changed; what it copies from another table may have been.
  if (
    (operation.kind === "insertRows" || operation.kind === "updateRows" || operation.kind === "mergeRows") &&
    resolve(place.catalog, operation.table) === failure.relation
  )
    return failure;
  switch (failure.kind) {
    case "orphans":
      return { ...failure, preparation: prepareOrphans(failure, operation, place) };
    case "nulls":
      // A new column is empty whatever was done before it came.
      return operation.kind === "addColumn" ? failure : { ...failure, preparation: prepareNulls(failure, place) };
    case "duplicates":
      return operation.kind === "addColumn" ? failure : { ...failure, preparation: prepareDuplicates(failure, place) };
    case "check":
    case "cast":
    case "enumValueInUse":
      return { ...failure, preparation: prepareValues(failure, place) };
    case "dependents":
      return failure.referencedBy
        ? { ...failure, preparation: prepareReferences(failure.referencedBy, operation, place) }
        : failure;
    case "exclusion":
    case "partitionBound":
      return { ...failure, preparation: touched(failure, place) };
    default:
      return failure;
  }
}

/** Rows of the table were changed or removed before: whether they are those that it would fail on only the rows tell. */
function touched({ relation }: Failure, place: WalkPlace): Preparation {
  const step = place.before.findLast((each) =>
    changesOf(each).some(
      (change) =>
        (change.kind === "updateRows" || change.kind === "deleteRows") &&
        resolve(place.catalog, change.table) === relation,
    ),
  );
  if (!step) return { verdict: "none" };
  return {
    verdict: "ineffective",
    why: "unclear",
    detail: "which rows it changes",
    certainty: "maybe",
    by: placeOfStep(step),
  };
}
