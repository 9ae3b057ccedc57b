import type { Certainty, Effects, Failure, Work } from "../../model/effects.ts";
import { relationName } from "../../sql/names.ts";
import { lossInWords } from "./losses.ts";
import { named } from "../named.ts";

/** What a statement does besides its locks, a sentence each, names in backticks: to the relations that `here` is true for. */
export function effectSentences(effects: Effects, here: (relation: string) => boolean = () => true): readonly string[] {
  const about = ({ relation }: { readonly relation?: string }): boolean => relation === undefined || here(relation);
  const lines = [
    ...effects.rewrites
      .filter(about)
      .map(
        (work) =>
          `${work.certainty === "sure" ? "Rewrites" : may(work.certainty, "rewrite")} ${named(relationName(work.relation))}${purpose(work)}.`,
      ),
    ...effects.scans
      .filter(about)
      .map(
        (work) =>
          `${work.certainty === "sure" ? "Reads" : may(work.certainty, "read")} ${named(relationName(work.relation))} from end to end${purpose(work)}.`,
      ),
    ...effects.losses.filter(about).map((loss) => `Takes away ${lossInWords(loss)}.`),
    ...effects.failures.filter(about).map(failureInWords),
    ...effects.breaks.filter(about).map(({ sentence }) => sentence),
  ];
  return [...new Set(lines)];
}

/** The verb of what is not sure. */
export const may = (certainty: Certainty, verb: string): string =>
  certainty === "rows" ? `Once there are such rows, it ${verb}s` : `May ${verb}`;

const purpose = ({ kind, reason }: Work): string => (kind === "read" ? "" : ` to ${reason}`);

/** What there has to be for a failure, in the plural. */
export const FAILING: Readonly<Record<Failure["kind"], string>> = {
  orphans: "rows without a parent",
  nulls: "NULLs",
  duplicates: "duplicates",
  check: "rows that break the check",
  cast: "values that do not fit the new type",
  enumValueInUse: "rows with the value that goes",
  dependents: "objects that depend on it",
  transaction: "a transaction around it",
  exclusion: "rows that exclude each other",
  partitionBound: "rows outside of the partition",
  refused: "what it does not allow",
};

/** "Fails with 23503 if there are rows without a parent in `comments` (post_id), parents in `posts`." */
function failureInWords({
  kind,
  relation,
  columns,
  parent,
  sqlstate,
  certainty,
  detail,
  preparation,
}: Failure): string {
  const where = `${named(relationName(relation))}${columns.length > 0 ? ` (${columns.join(", ")})` : ""}${parent === undefined || kind !== "orphans" ? "" : `, parents in ${named(relationName(parent))}`}`;
  const what = `${FAILING[kind]}${kind === "transaction" || kind === "refused" ? "" : ` in ${where}`}${detail === undefined ? "" : `: ${detail}`}`;
  if (preparation.verdict === "done")
    return `Cannot fail with ${sqlstate} on ${what}, since none can be left: ${preparation.why}.`;
  const when =
    certainty === "sure"
      ? `Fails with ${sqlstate}: `
      : `${certainty === "maybe" ? "May fail" : "Fails"} with ${sqlstate} if there are `;
  const tried = preparation.verdict === "ineffective" ? " What was done about them before does not do it." : "";
  return `${when}${what}.${tried}`;
}
