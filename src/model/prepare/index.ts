import type { Operation } from "../../sql/operation.ts";
import type { Failure } from "../effects.ts";
import type { WalkPlace } from "../walk.ts";

/** Fills in what the pending statements before `operation` did about the rows that would make it fail. */
export function prepare(failure: Failure, _operation: Operation, _place: WalkPlace): Failure {
  return failure;
}
