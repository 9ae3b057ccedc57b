import type { Failure } from "../effects.ts";

/** What a finding depends on that the migrations do not show, as the end of "This depends on …". */
export const DOUBTS = {
  branch: "whether that branch of the block runs",
  constraint: "what kind of constraint it is, which the migrations do not show",
  oldType: "the type until now, which the migrations do not show",
  reach: "whether what comes before it reaches all of these rows",
  rows: "whether the table holds such rows",
  there: "whether it is there, which the migrations do not show",
  values: "values and types that the migrations do not show",
} as const;

/** Why a failure may come and is not certain to; false where it comes as soon as the rows are there. */
export function doubtOf({ certainty, preparation }: Pick<Failure, "certainty" | "preparation">): string | false {
  if (certainty === "maybe") return DOUBTS.values;
  return preparation.verdict === "ineffective" && preparation.certainty === "maybe" && DOUBTS.reach;
}
