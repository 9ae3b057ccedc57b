import { defineRule } from "../../src/index.ts";
import { DIVERGENCE, divergenceReports } from "../../src/rule-kit.ts";

export default defineRule({
  id: "late-migration",
  title: "A new migration sorts before one that the base has already",
  category: "divergence",
  severity: "error",
  since: "0.2.0",
  // The words are in the model: lockstep branches has the same.
  messages: DIVERGENCE["late-migration"],
  help: "As long as it is deployed nowhere, give it a timestamp behind those of the base. Where a database has it already, keep its name, and let a new migration make both orders the same.",
  needs: ["divergence"],
  on: {
    history(history, context) {
      for (const report of divergenceReports("late-migration", history, context.evidence)) context.report(report);
    },
  },
});
