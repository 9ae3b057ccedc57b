import { defineRule } from "../../src/index.ts";
import { copyFolder, divergenceIn, listed, placeOf, shellWord } from "../../src/rule-kit.ts";

export default defineRule({
  id: "edited-applied-migration",
  title: "A migration of the base was changed, renamed or deleted",
  category: "divergence",
  severity: "error",
  since: "0.2.0",
  messages: {
    edited:
      '{target} has this migration with {what}: databases that ran it never run the new text, and where the checksum differs "prisma migrate dev" wants to reset them.',
    unclear:
      "{target} has this migration with {what}, and where the branches parted is not known, so that either may have changed it: databases that ran one text never run the other.",
    renamed:
      '{target} has this migration as {from}: a database that ran it takes it for a new one, runs it again, and "prisma migrate dev" wants to reset it.',
    deleted:
      '{migrations} of {target} {are} not here any more: databases that ran {them} keep what {they} did, fresh ones lack it, and "prisma migrate dev" wants to reset.',
  },
  help: "Take back what {target} has, and put the change into a new migration.",
  needs: ["divergence"],
  on: {
    history(history, context) {
      const divergence = divergenceIn(context.evidence, history);
      if (!divergence) return;
      const { target } = divergence;
      const name = target.branch.name;
      const deleted: string[] = [];
      for (const fact of target.divergence.facts) {
        if (fact.kind === "edited" && fact.by !== "theirs") {
          const place = placeOf(history, fact.ours.id);
          const isUnclear = fact.by === "unknown";
          const data = {
            target: name,
            what: fact.change === "comments" ? "other comments or blanks" : "other statements",
          };
          if (place)
            context.report({
              ...place,
              message: isUnclear ? "unclear" : "edited",
              ...(isUnclear && { severity: "warning" as const }),
              data,
              commands: [copyFolder(history.root, target, fact.theirs.id)],
            });
        }
        if (fact.kind === "renamed" && fact.by === "ours") {
          const place = placeOf(history, fact.to.id);
          const [from, to] = [fact.from.id, fact.to.id].map((id) =>
            shellWord(history.root === "" ? id : `${history.root}/${id}`),
          );
          if (place)
            context.report({
              ...place,
              message: "renamed",
              data: { target: name, from: fact.from.id },
              help: "Take the old name back.",
              commands: [`git mv ${to ?? ""} ${from ?? ""}`],
            });
        }
        if (fact.kind === "deleted" && fact.by === "ours") deleted.push(fact.migration.id);
      }
      const place = placeOf(history);
      if (!place || deleted.length === 0) return;
      const one = deleted.length === 1;
      context.report({
        ...place,
        message: "deleted",
        data: {
          target: name,
          migrations: listed(deleted, 3),
          are: one ? "is" : "are",
          them: one ? "it" : "them",
          they: one ? "it" : "they",
        },
        help: 'Bring the folders back. To take back what they did, write a new migration; to make one of many, squash what every database has, and let each note it with "prisma migrate resolve --applied".',
        commands: deleted.map((id) => copyFolder(history.root, target, id)),
      });
    },
  },
});
