import { defineRule } from "../../src/index.ts";
import { DIVERGENCE, divergenceReports } from "../../src/rule-kit.ts";

export default defineRule({
  id: "edited-applied-migration",
  title: "A migration of the base was changed, renamed or deleted",
  category: "divergence",
  severity: "error",
  since: "0.2.0",
  // The words are in the model: lockstep branches has the same.
  messages: DIVERGENCE["edited-applied-migration"],
  help: "Take back what the base has, and put the change into a new migration.",
  needs: ["divergence"],
  on: {
    history(history, context) {
      for (const report of divergenceReports("edited-applied-migration", history, context.evidence))
        context.report(report);
    },
  },
});
