import type { DivergenceFact } from "../facts.ts";
import { isShared } from "../roles.ts";
import type { BranchComparison, Divergence, HistoryDivergence } from "../viewpoint.ts";
import type { Said } from "./messages.ts";
import { isNews } from "./targets.ts";
import type { Judgement } from "./terms.ts";

type Duplicate = Extract<DivergenceFact, { kind: "duplicate" }>;

/** Changes of ours that are on another branch in another folder. */
export function duplicates({ ours }: Divergence, history: HistoryDivergence): Judgement[] {
  return [history.target, ...history.others].flatMap((other) => {
    if (other.relation === "source") return [];
    const isPeer = other.relation === "peer";
    const onlyOurs = new Set(other.divergence.onlyOurs.map(({ id }) => id));
    const onlyTheirs = new Set(other.divergence.onlyTheirs.map(({ id }) => id));
    return other.divergence.facts.flatMap((fact): Judgement[] => {
      // What the other one has by now is not this branch's doing.
      if (fact.kind !== "duplicate" || !onlyOurs.has(fact.ours.id)) return [];
      if (
        isPeer
          ? !onlyTheirs.has(fact.theirs.id) || other.settled.has(fact.ours.id) || other.settled.has(fact.theirs.id)
          : !isNews(history, other, fact.ours, [fact.theirs])
      )
        return [];
      const severity = severityOf(fact, !isPeer || isShared(ours) || isShared(other.branch));
      return [
        {
          ...said(fact, other),
          kind: "duplicate",
          of: isPeer ? [other.divergence.ours, other.divergence.theirs] : [ours.name],
          ...(severity && { severity }),
          subjects: [{ branch: other.divergence.ours, migration: fact.ours }],
          against: [{ branch: other.divergence.theirs, migration: fact.theirs }],
          duplicate: fact,
        },
      ];
    });
  });
}

/** A second run that is refused or does the same again is as severe as the rule once both are sure to meet. */
function severityOf({ rerun, how }: Duplicate, isSure: boolean): "warning" | "info" | undefined {
  if (rerun === "nothing") return "info";
  if (rerun === "unknown" && how === "contained") return isSure ? "warning" : "info";
  return isSure ? undefined : "warning";
}

const RERUN = { refused: "refused", nothing: "nothing", unknown: "twice" } as const;

function said(
  { ours, theirs, how, of, rerun }: Duplicate,
  { relation, divergence }: BranchComparison,
): Said<"duplicate-migration"> {
  const what =
    how === "contained"
      ? of === "ours"
        ? "contains the whole of"
        : "is a part of"
      : how === "operations"
        ? "makes the same change, in other words, as"
        : "is the same text as";
  return {
    rule: "duplicate-migration",
    message: RERUN[rerun],
    data: {
      migration: relation === "peer" ? `${ours.id} of ${divergence.ours}` : ours.id,
      what,
      other: theirs.id,
      branch: divergence.theirs,
    },
  };
}
