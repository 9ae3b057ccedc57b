import { listed } from "../../../words.ts";
import type { OrderVerdict } from "../../order/commutation.ts";
import { conflictInWords, ordersInWords } from "../../order/sentences.ts";
import type { BranchComparison, Divergence, HistoryDivergence } from "../viewpoint.ts";
import type { Said } from "./messages.ts";
import { evidenceOf, questionOf } from "./orders.ts";
import { isNews, targets } from "./targets.ts";
import { type Judgement, type LateFact, duplicatePairs, ids } from "./terms.ts";

/** Migrations of ours that sort before what a branch that ours goes into has already. */
export function late(all: Divergence, history: HistoryDivergence): Judgement[] {
  return targets(history).flatMap((target) =>
    target.divergence.facts.flatMap((fact) =>
      fact.kind === "late" && fact.side === "ours" && isNews(history, target, fact.migration, fact.behind)
        ? [judged(all, history, target, fact)]
        : [],
    ),
  );
}

function judged(all: Divergence, history: HistoryDivergence, target: BranchComparison, fact: LateFact): Judgement {
  const { migration, behind, order } = fact;
  const isTwice = duplicatePairs(target.divergence);
  const asked = all.orders?.get(fact);
  const isQuiet = duplicatePairs(target.divergence, ({ rerun }) => rerun === "nothing");
  // What may run again on the one side only is refused where the other one is the second.
  const conflicts = order.because.filter(
    ({ one, other, why, verdict }) =>
      !isTwice(one.migration, other.migration) ||
      (why === "refused" && verdict === "no" && isQuiet(one.migration, other.migration)),
  );
  // PostgreSQL decides where it was asked; what is one change twice is another rule's.
  const [conflict] = asked?.matters === "no" ? [] : conflicts;
  const isSeen = asked?.matters === "yes" && conflict?.verdict !== "no" && order.because.length === conflicts.length;
  const matters: OrderVerdict = isSeen || conflict?.verdict === "no" ? "yes" : conflict ? "unknown" : "no";
  const { name } = target.branch;
  return {
    ...said(isSeen ? "seen" : matters),
    kind: "late",
    of: [all.ours.name],
    // Of a hundred late folders one matters: a gate that cries at the others is switched off.
    ...(matters !== "yes" && { severity: matters === "no" ? "info" : "warning" }),
    subjects: [{ branch: all.ours.name, migration }],
    against: behind.map((each) => ({ branch: name, migration: each })),
    order: { ...(asked ?? evidenceOf(order)), matters, conflicts },
    ...(conflict && { conflict }),
    question: questionOf(fact, history.ours, target.migrations),
  };

  function said(outcome: OrderVerdict | "seen"): Said<"late-migration"> {
    const rule = "late-migration" as const;
    const data = {
      migration: migration.id,
      behind: listed(ids(behind), 3),
      those: behind.length === 1 ? "that one" : "those",
      target: name,
    };
    if (outcome === "seen") return { rule, message: "seen", data };
    if (!conflict) {
      const columns =
        order.columnOrder.length > 0 ? `, but for the order of the columns of ${listed(order.columnOrder, 3)}` : "";
      return { rule, message: "harmless", data: { ...data, columns } };
    }
    const [fresh, deployed] = ordersInWords(conflict);
    const what = conflictInWords(conflict);
    return outcome === "yes"
      ? { rule, message: "matters", data: { ...data, conflict: what, fresh, deployed } }
      : { rule, message: "unknown", data: { ...data, conflict: what } };
  }
}
