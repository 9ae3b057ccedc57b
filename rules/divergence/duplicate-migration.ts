import { defineRule } from "../../src/index.ts";
import {
  type DivergenceFact,
  copyFolder,
  divergenceIn,
  factsOf,
  placeOf,
  prisma,
  shellWord,
} from "../../src/rule-kit.ts";

type Duplicate = Extract<DivergenceFact, { kind: "duplicate" }>;

const RERUN = { refused: "refused", nothing: "nothing", unknown: "twice" } as const;

export default defineRule({
  id: "duplicate-migration",
  title: "The same change is in two folders",
  category: "divergence",
  severity: "error",
  since: "0.2.0",
  messages: {
    refused:
      "{what} {theirs} of {branch}: Prisma takes the two for different ones, and where both arrive the second run fails.",
    nothing: "{what} {theirs} of {branch}: Prisma takes the two for different ones, and the second run does nothing.",
    twice: "{what} {theirs} of {branch}: Prisma takes the two for different ones, and where both arrive it runs twice.",
  },
  help: "As long as this one is deployed nowhere, delete it, and take over the folder of {branch}, byte for byte. A database that has this change already notes the other folder as applied.",
  needs: ["divergence"],
  on: {
    history(history, context) {
      const divergence = divergenceIn(context.evidence, history);
      if (!divergence) return;
      const { target, others, added } = divergence;
      const facts = factsOf(context.evidence, history.root);
      const told = new Set<string>();
      for (const comparison of [target, ...others]) {
        const { branch } = comparison;
        for (const fact of comparison.divergence.facts) {
          // What the target has by now is not this branch's doing.
          if (fact.kind !== "duplicate" || !added.has(fact.ours.id) || told.has(fact.ours.id)) continue;
          const place = placeOf(history, fact.ours.id);
          if (!place) continue;
          told.add(fact.ours.id);
          const isHere = history.migrations.some(({ id }) => id === fact.theirs.id);
          const isMore = fact.of === "ours";
          const merged =
            comparison === target ||
            branch.roles.some((role) => role === "production" || role === "main" || role === "development");
          const severity = severityOf(fact, merged);
          context.report({
            ...place,
            message: RERUN[fact.rerun],
            severity,
            data: {
              what:
                fact.how === "contained"
                  ? isMore
                    ? "This contains the whole of"
                    : "All of this is a part of"
                  : fact.how === "operations"
                    ? "This makes the same change, in other words, as"
                    : "This is the same text as",
              theirs: fact.theirs.id,
              branch: branch.name,
            },
            related: [
              { file: fact.theirs.file, range: { start: 0, end: 0 }, message: `The other one, on ${branch.name}` },
            ],
            ...(isMore && {
              help: "As long as this one is deployed nowhere, take out of it what the other one does, and take over the folder of {branch}, byte for byte.",
            }),
            commands: [
              ...(isMore
                ? []
                : [`git rm -r ${shellWord(history.root === "" ? fact.ours.id : `${history.root}/${fact.ours.id}`)}`]),
              ...(isHere ? [] : [copyFolder(history.root, comparison, fact.theirs.id)]),
              ...(fact.how === "contained"
                ? []
                : ["# For a database that has the change already:", prisma.applied(facts, fact.theirs.id).text]),
            ],
          });
        }
      }
    },
  },
});

/** A second run that is refused or does the same again is an error once both are sure to meet. */
function severityOf({ rerun, how }: Duplicate, merged: boolean): "warning" | "info" | undefined {
  if (rerun === "nothing") return "info";
  if (rerun === "unknown" && how === "contained") return merged ? "warning" : "info";
  return merged ? undefined : "warning";
}
