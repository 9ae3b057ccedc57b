import type { DivergingMigration } from "../facts.ts";
import type { BranchComparison, HistoryDivergence } from "../viewpoint.ts";

/** The branches that ours goes into, the next one first; first of all ours as it is committed, where that is the base. */
export const targets = ({ target, others }: HistoryDivergence): readonly BranchComparison[] => [
  target,
  ...others.filter(({ relation }) => relation === "target"),
];

/** Whether a target says what the next one does not: that one has not got what is ours, and lacks some of what is theirs. */
export function isNews(
  { target }: HistoryDivergence,
  other: BranchComparison,
  ours: DivergingMigration,
  theirs: readonly DivergingMigration[],
): boolean {
  if (other === target) return true;
  const has = ({ id }: DivergingMigration): boolean => target.migrations.some((each) => each.id === id);
  return !has(ours) && !theirs.every(has);
}
