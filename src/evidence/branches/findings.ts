import type { DivergingMigration } from "../../model/divergence/facts.ts";
import type { OrderEvidence } from "../../model/order/answers.ts";

/** Ids of the group divergence. */
export type DivergenceRule =
  | "late-migration"
  | "edited-applied-migration"
  | "duplicate-migration"
  | "missing-forward-port"
  | "branch-divergence";

/** A migration on the branch that has it. */
export interface OnBranch {
  readonly branch: string;
  readonly migration: DivergingMigration;
}

export type BranchFindingKind =
  | "late"
  | "conflict"
  | "edited"
  | "renamed"
  | "deleted"
  | "duplicate"
  | "absent"
  | "sameTimestamp"
  | "sameName";

/** One way in which the branches of a repository do not add up, told once, however many of them it concerns. */
export interface BranchFinding {
  readonly rule: DivergenceRule;
  readonly kind: BranchFindingKind;
  readonly severity: "error" | "warning" | "info";
  /** The migrations directory, as the main branch has it. */
  readonly root: string;
  /** What it is about. */
  readonly subject: OnBranch;
  /** What it is compared with; empty where there is nothing. */
  readonly against: readonly OnBranch[];
  /** All branches that it concerns: those of the subject, then the others. */
  readonly branches: readonly string[];
  /** One sentence. */
  readonly message: string;
  /** Whether the order matters, for `late` and `conflict`. */
  readonly order?: OrderEvidence;
  readonly wayOut: readonly WayOut[];
}

/** Something to do. */
export interface WayOut {
  /** In the imperative, without a full stop. */
  readonly title: string;
  /** Ready for a POSIX shell, run in the repository's root; one line for each command. */
  readonly command?: string;
}
