import type { Said } from "./messages.ts";
import type { OrderEvidence } from "../../order/answers.ts";
import type { OrderConflict } from "../../order/commutation.ts";
import type { BranchDivergence, DivergenceFact, DivergingMigration, OrderQuestion } from "../facts.ts";

/** A migration on a branch that has it. */
export interface OnBranch {
  readonly branch: string;
  readonly migration: DivergingMigration;
}

/**
 * `late`: it sorts before what a branch that it goes into has already; `overtaken`: what such a branch has got sorts before it, and the
 * order matters; `conflict`: the order matters, and which branch is merged first is open; `instead`: production's migration is here
 * with another text or under another name; `due`: a hotfix that is to be merged elsewhere too.
 */
export type JudgementKind =
  | "late"
  | "overtaken"
  | "conflict"
  | "edited"
  | "renamed"
  | "deleted"
  | "duplicate"
  | "absent"
  | "instead"
  | "due"
  | "sameTimestamp"
  | "sameName";

export type LateFact = Extract<DivergenceFact, { kind: "late" }>;

/** One way in which branches do not simply add up: what `check` and `branches` say of it. */
export type Judgement = Said & JudgementFacts;

interface JudgementFacts {
  readonly kind: JudgementKind;
  /** The branches where it has to be dealt with. */
  readonly of: readonly string[];
  /** Absent: as severe as the rule is set. */
  readonly severity?: "warning" | "info";
  readonly subjects: readonly [OnBranch, ...OnBranch[]];
  /** What they are against; empty where there is nothing. */
  readonly against: readonly OnBranch[];
  /** Whether the order of the two matters, for the kinds that are about it. */
  readonly order?: OrderEvidence;
  /** The conflict that says most: `one` is the subject's statement, `other` that of what it is against. */
  readonly conflict?: OrderConflict;
  /** What PostgreSQL can be asked, by the fact that the answer is kept for. */
  readonly question?: { readonly fact: LateFact; readonly orders: OrderQuestion };
  /** Of a duplicate: its fact. */
  readonly duplicate?: Extract<DivergenceFact, { kind: "duplicate" }>;
}

/** Pairs that are one change twice: what else they do to each other follows from that. */
export function duplicatePairs(
  { facts }: BranchDivergence,
  which: (fact: Extract<DivergenceFact, { kind: "duplicate" }>) => boolean = () => true,
): (one: string, other: string) => boolean {
  const pairs = new Set(
    facts.flatMap((fact) =>
      fact.kind === "duplicate" && which(fact)
        ? [JSON.stringify([fact.ours.id, fact.theirs.id]), JSON.stringify([fact.theirs.id, fact.ours.id])]
        : [],
    ),
  );
  return (one, other) => pairs.has(JSON.stringify([one, other]));
}

export const ids = (migrations: readonly DivergingMigration[]): string[] => migrations.map(({ id }) => id);
