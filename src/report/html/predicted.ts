import type { CheckedStatement } from "../../engine/result.ts";
import type { Certainty, Failure } from "../../model/effects.ts";
import { relationName } from "../../model/sql.ts";
import { lossInWords } from "../checklist/backup.ts";
import { named } from "../checklist/pending.ts";
import { lockInWords } from "../locks.ts";
import type { Hold } from "./holds.ts";

/** What a statement is expected to do to what is deployed, a sentence each; empty where nothing that is deployed notices. */
export function predictedSentences({ effects, deployed }: CheckedStatement, holds: readonly Hold[]): readonly string[] {
  const here = ({ relation }: { readonly relation?: string }): boolean => relation === undefined || deployed.has(relation);
  const lines = [
    ...holds.map(({ mode, relation, certainty, blocks }) => `${certainty === "sure" ? "Takes" : may(certainty, "take")} ${lockInWords(mode)} on ${named(relationName(relation))}${blocks === "" ? ": reads and writes go on" : `: ${blocks} wait`}.`),
    ...effects.rewrites.filter(here).map(({ relation, certainty, reason }) => `${certainty === "sure" ? "Writes" : may(certainty, "write")} ${named(relationName(relation))} anew${purpose(reason)}.`),
    ...effects.scans.filter(here).map(({ relation, certainty, reason }) => `${certainty === "sure" ? "Reads" : may(certainty, "read")} ${named(relationName(relation))} from end to end${purpose(reason)}.`),
    ...effects.losses.filter(here).map((loss) => `Takes away ${lossInWords(loss)}.`),
    ...effects.failures.filter(here).map(failureInWords),
    ...effects.breaks.filter(here).map(({ sentence }) => sentence),
  ];
  return [...new Set(lines)];
}

const may = (certainty: Certainty, verb: string): string => (certainty === "rows" ? `Once there are such rows, it ${verb}s` : `May ${verb}`);

const purpose = (reason: string): string => (reason === "" || reason === "read it" ? "" : ` to ${reason}`);

const NEEDS: Readonly<Record<Failure["kind"], string>> = {
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
function failureInWords({ kind, relation, columns, parent, sqlstate, certainty, detail, preparation }: Failure): string {
  const where = `${named(relationName(relation))}${columns.length > 0 ? ` (${columns.join(", ")})` : ""}${parent === undefined || kind !== "orphans" ? "" : `, parents in ${named(relationName(parent))}`}`;
  const what = `${NEEDS[kind]}${kind === "transaction" || kind === "refused" ? "" : ` in ${where}`}${detail === undefined ? "" : `: ${detail}`}`;
  if (preparation.verdict === "done") return `Cannot fail with ${sqlstate} on ${what}, since none can be left: ${preparation.why}.`;
  const when = certainty === "sure" ? `Fails with ${sqlstate}: ` : `${certainty === "maybe" ? "May fail" : "Fails"} with ${sqlstate} if there are `;
  const tried = preparation.verdict === "ineffective" ? " What was done about them before does not do it." : "";
  return `${when}${what}.${tried}`;
}
