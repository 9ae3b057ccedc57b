import { defineRule } from "../../src/index.ts";
import {
  type BranchComparison,
  type OrderConflict,
  conflictInWords,
  conflictPlace,
  divergenceIn,
  duplicatePairs,
  ordersInWords,
  placeOf,
  statementPlace,
} from "../../src/rule-kit.ts";

export default defineRule({
  id: "branch-divergence",
  title: "Migrations of two branches do not simply add up",
  category: "divergence",
  severity: "error",
  since: "0.2.0",
  messages: {
    refused:
      "{target} has {theirs} by now, and this does not run after it. {conflict}: where {target} was first it {deployed}.",
    meets:
      "{target} has {theirs} by now, which this was written without, and their order matters. {conflict}: with {target} first it {deployed}; where this was first it {other}.",
    apart:
      "{branch} has {theirs}, and whichever is merged first decides what production gets. {conflict}: with this one first it {ours}; with {branch} first it {deployed}.{more}",
    timestamp: "{branch} has {theirs} with the same timestamp: the rest of the name decides that {first} runs first.",
    name: "{branch} has {theirs}, another migration of the same name.",
  },
  help: "Agree on which comes first: that branch is merged first, and the other migration gets a timestamp behind it and is read again. Or make one migration of both.",
  needs: ["divergence"],
  on: {
    history(history, context) {
      const divergence = divergenceIn(context.evidence, history);
      if (!divergence) return;
      const { target, others, added } = divergence;
      const merged = new Set(target.migrations.map(({ id }) => id));
      const told = new Set<string>();
      for (const comparison of [target, ...others]) {
        const { branch, divergence: between } = comparison;
        const isTarget = comparison === target;
        const isLive = branch.roles[0] === "other";
        for (const { conflict, side, count, key } of conflictsOf(
          comparison,
          isTarget,
          (ours, theirs) => added.has(ours) && (isTarget || !merged.has(theirs)),
        )) {
          const { ours, theirs } = conflictPlace(conflict, side);
          const place = statementPlace(history, ours);
          if (!place || told.has(key)) continue;
          told.add(key);
          const [oneFirst, otherFirst] = ordersInWords(conflict);
          const [oursFirst, theirsFirst] = side === "ours" ? [oneFirst, otherFirst] : [otherFirst, oneFirst];
          const data = { theirs: theirs.migration, conflict: conflictInWords(conflict), deployed: theirsFirst };
          const fails = conflict.leaves[side === "ours" ? 1 : 0].is === "refused";
          const common = {
            ...place,
            objects: [conflict.object.name],
            related: [
              { file: theirs.file, range: theirs.statement.range, message: `The other statement, on ${branch.name}` },
            ],
          };
          if (!isTarget)
            context.report({
              ...common,
              message: "apart",
              data: {
                ...data,
                branch: branch.name,
                ours: oursFirst,
                more: count > 1 ? ` And ${count - 1} more.` : "",
              },
              severity: isLive ? "info" : "warning",
            });
          else if (fails)
            context.report({
              ...common,
              message: "refused",
              data: { ...data, target: branch.name },
              help: "Write it again for what {target} has by now.",
            });
          else
            context.report({
              ...common,
              message: "meets",
              data: { ...data, target: branch.name, other: oursFirst },
              severity: "info",
              help: "The order of the names is the one of production. Read it again for what {target} has by now; databases that ran it first are to be reset.",
            });
        }
        const isTwice = duplicatePairs(between);
        for (const fact of between.facts) {
          if (
            (fact.kind !== "sameTimestamp" && fact.kind !== "sameName") ||
            !added.has(fact.ours.id) ||
            isLive ||
            isTwice(fact.ours.id, fact.theirs.id) ||
            told.has(`${fact.ours.id} ${fact.theirs.id}`)
          )
            continue;
          const place = placeOf(history, fact.ours.id);
          if (!place || (fact.kind === "sameName" && !isTarget)) continue;
          told.add(`${fact.ours.id} ${fact.theirs.id}`);
          const data = {
            branch: branch.name,
            theirs: fact.theirs.id,
          };
          if (fact.kind === "sameTimestamp")
            context.report({
              ...place,
              message: "timestamp",
              severity: isTarget ? "warning" : "info",
              data: { ...data, first: fact[fact.first].id },
              help: "As long as it is deployed nowhere, give this one a timestamp of its own.",
            });
          else
            context.report({
              ...place,
              message: "name",
              severity: "info",
              data,
              help: "If it is the same change, keep one of the two; if not, a name that tells them apart.",
            });
        }
      }
    },
  },
});

interface Meeting {
  readonly conflict: OrderConflict;
  readonly side: "ours" | "theirs";
  readonly count: number;
  readonly key: string;
}

/** The most certain conflict of each pair of migrations. Of the target only what sorts before ours: the rest is late. */
function conflictsOf(
  { divergence }: BranchComparison,
  isTarget: boolean,
  concerns: (ours: string, theirs: string) => boolean,
): readonly Meeting[] {
  const found = new Map<string, Meeting>();
  const isTwice = duplicatePairs(divergence);
  for (const fact of divergence.facts) {
    if (fact.kind !== "late" || (isTarget && fact.side === "ours")) continue;
    for (const conflict of fact.order.because) {
      const { ours, theirs } = conflictPlace(conflict, fact.side);
      if (
        conflict.verdict !== "no" ||
        isTwice(ours.migration, theirs.migration) ||
        !concerns(ours.migration, theirs.migration)
      )
        continue;
      const key = `${ours.migration} ${theirs.migration}`;
      const known = found.get(key);
      found.set(key, known ? { ...known, count: known.count + 1 } : { conflict, side: fact.side, count: 1, key });
    }
  }
  return [...found.values()];
}
