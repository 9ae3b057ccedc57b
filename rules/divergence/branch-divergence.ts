import { defineRule } from "../../src/index.ts";
import { DIVERGENCE, divergenceReports } from "../../src/rule-kit.ts";

export default defineRule({
  id: "branch-divergence",
  title: "Migrations of two branches do not simply add up",
  category: "divergence",
  severity: "error",
  since: "0.2.0",
  // The words are in the model: lockstep branches has the same.
  messages: DIVERGENCE["branch-divergence"],
  help: "Agree on which comes first: that branch is merged first, and the other migration gets a timestamp behind it and is read again. Or make one migration of both.",
  needs: ["divergence"],
  on: {
    history(history, context) {
      for (const report of divergenceReports("branch-divergence", history, context.evidence)) context.report(report);
    },
  },
});
