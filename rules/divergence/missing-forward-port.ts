import { defineRule } from "../../src/index.ts";
import { DIVERGENCE, divergenceReports } from "../../src/rule-kit.ts";

export default defineRule({
  id: "missing-forward-port",
  title: "A hotfix of production has not come to main or development",
  category: "divergence",
  severity: "error",
  since: "0.2.0",
  // The words are in the model: lockstep branches has the same.
  messages: DIVERGENCE["missing-forward-port"],
  help: "Bring the folder over under its own name and byte for byte, by a merge or by the command, or it runs twice where both arrive.",
  needs: ["divergence"],
  on: {
    history(history, context) {
      for (const report of divergenceReports("missing-forward-port", history, context.evidence)) context.report(report);
    },
  },
});
