import { listed } from "../../../words.ts";
import type { OrderConflict, OrderVerdict } from "../../order/commutation.ts";
import { conflictInWords, ordersInWords } from "../../order/sentences.ts";
import type { DivergingMigration } from "../facts.ts";
import { isShared } from "../roles.ts";
import type { BranchComparison, Divergence, HistoryDivergence } from "../viewpoint.ts";
import type { Said } from "./messages.ts";
import { evidenceOf, questionOf } from "./orders.ts";
import { isNews, targets } from "./targets.ts";
import { type Judgement, type OnBranch, duplicatePairs, ids } from "./terms.ts";

const RULE = "branch-divergence";

/** Migrations of ours and of another branch whose order matters, without one being late. */
export function conflicts(all: Divergence, history: HistoryDivergence): Judgement[] {
  return [
    ...targets(history).flatMap((target) => overtaken(all.ours.name, history, target)),
    ...history.others.filter(({ relation }) => relation === "peer").flatMap((peer) => apart(all, history, peer)),
  ];
}

interface Overtaking {
  readonly theirs: DivergingMigration;
  readonly ours: DivergingMigration;
  readonly all: readonly [OrderConflict, ...OrderConflict[]];
}

/** What a branch that ours goes into has got by now, before a migration of ours. */
function overtaken(ours: string, history: HistoryDivergence, target: BranchComparison): Judgement[] {
  const found = new Map<string, Overtaking>();
  const isTwice = duplicatePairs(target.divergence);
  for (const fact of target.divergence.facts) {
    if (fact.kind !== "late" || fact.side !== "theirs") continue;
    for (const conflict of fact.order.because) {
      const own = target.divergence.onlyOurs.find(({ id }) => id === conflict.other.migration);
      if (!own || conflict.verdict !== "no" || isTwice(own.id, fact.migration.id)) continue;
      if (!isNews(history, target, own, [fact.migration])) continue;
      const key = `${own.id} ${fact.migration.id}`;
      const known = found.get(key);
      found.set(key, { theirs: fact.migration, ours: own, all: known ? [...known.all, conflict] : [conflict] });
    }
  }
  return [...found.values()].map((each): Judgement => {
    const [conflict] = each.all;
    const [deployed, other] = ordersInWords(conflict);
    const isRefused = conflict.leaves[0].is === "refused";
    const data = {
      target: target.branch.name,
      theirs: each.theirs.id,
      migration: each.ours.id,
      conflict: conflictInWords(conflict),
      deployed,
    };
    const said: Said<"branch-divergence"> = isRefused
      ? { rule: RULE, message: "refused", data }
      : { rule: RULE, message: "meets", data: { ...data, other } };
    return {
      ...said,
      kind: "overtaken",
      of: [ours],
      ...(!isRefused && { severity: "info" }),
      subjects: [{ branch: target.branch.name, migration: each.theirs }],
      against: [{ branch: ours, migration: each.ours }],
      order: { matters: "yes", conflicts: each.all, columnOrder: [] },
      conflict,
    };
  });
}

/** Migrations of two branches neither of which goes into the other. */
function apart(all: Divergence, { ours }: HistoryDivergence, peer: BranchComparison): Judgement[] {
  const { divergence, settled } = peer;
  const isTwice = duplicatePairs(divergence);
  return divergence.facts.flatMap((fact): Judgement[] => {
    if (fact.kind !== "late" || settled.has(fact.migration.id)) return [];
    const rivals = (fact.side === "ours" ? divergence.onlyTheirs : divergence.onlyOurs).filter(
      ({ id }) => !settled.has(id),
    );
    const found = fact.order.because.filter(
      ({ one, other }) => rivals.some(({ id }) => id === other.migration) && !isTwice(one.migration, other.migration),
    );
    const [conflict] = found;
    if (!conflict) return [];
    const asked = all.orders?.get(fact);
    const matters: OrderVerdict = asked?.matters ?? (conflict.verdict === "no" ? "yes" : "unknown");
    const [one, other] =
      fact.side === "ours" ? [divergence.ours, divergence.theirs] : [divergence.theirs, divergence.ours];
    const against = rivals.filter(({ id }) => found.some((each) => each.other.migration === id));
    // Which of two open branches is merged at all nobody knows.
    const isSure =
      [all.ours, peer.branch].every((each) => each.roles[0] !== "other") || isShared(all.ours) || isShared(peer.branch);
    return [
      {
        ...said({ branch: one, migration: fact.migration }, other, against, found, conflict, matters),
        kind: "conflict",
        of: [one, other],
        severity: matters === "yes" && isSure ? "warning" : "info",
        subjects: [{ branch: one, migration: fact.migration }],
        against: against.map((migration) => ({ branch: other, migration })),
        order: { ...(asked ?? evidenceOf(fact.order)), matters, conflicts: found },
        conflict,
        question: questionOf(fact, ours, peer.migrations),
      },
    ];
  });
}

function said(
  { branch, migration }: OnBranch,
  rival: string,
  against: readonly DivergingMigration[],
  all: readonly OrderConflict[],
  conflict: OrderConflict,
  matters: OrderVerdict,
): Said<"branch-divergence"> {
  const data = { one: `${migration.id} of ${branch}`, other: `${listed(ids(against), 3)} of ${rival}` };
  if (matters === "no") return { rule: RULE, message: "same", data };
  const what = conflictInWords(conflict);
  if (matters === "unknown") return { rule: RULE, message: "unsure", data: { ...data, conflict: what } };
  const [oneFirst, otherFirst] = ordersInWords(conflict);
  const more = all.length > 1 ? ` And ${all.length - 1} more.` : "";
  return {
    rule: RULE,
    message: "apart",
    data: { ...data, conflict: what, branch, rival, oneFirst, otherFirst, more },
  };
}

/** Migrations of ours and of another branch whose names are easily taken for each other. */
export function namesakes({ ours }: Divergence, history: HistoryDivergence): Judgement[] {
  return [history.target, ...history.others].flatMap((other) => {
    if (other.relation === "source") return [];
    const isPeer = other.relation === "peer";
    const isTwice = duplicatePairs(other.divergence);
    return other.divergence.facts.flatMap((fact): Judgement[] => {
      if (fact.kind !== "sameTimestamp" && (fact.kind !== "sameName" || isPeer)) return [];
      const { ours: one, theirs } = fact;
      if (isTwice(one.id, theirs.id)) return [];
      if (isPeer ? other.settled.has(one.id) || other.settled.has(theirs.id) : !isNews(history, other, one, [theirs]))
        return [];
      const data = {
        one: isPeer ? `${one.id} of ${other.divergence.ours}` : one.id,
        other: `${theirs.id} of ${other.divergence.theirs}`,
      };
      const said: Said<"branch-divergence"> =
        fact.kind === "sameName"
          ? { rule: RULE, message: "name", data }
          : { rule: RULE, message: "timestamp", data: { ...data, first: fact[fact.first].id } };
      return [
        {
          ...said,
          kind: fact.kind,
          of: isPeer ? [other.divergence.ours, other.divergence.theirs] : [ours.name],
          severity: "info",
          subjects: [{ branch: other.divergence.ours, migration: one }],
          against: [{ branch: other.divergence.theirs, migration: theirs }],
        },
      ];
    });
  });
}
