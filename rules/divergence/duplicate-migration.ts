import { defineRule } from "../../src/index.ts";
import { DIVERGENCE, divergenceReports } from "../../src/rule-kit.ts";

export default defineRule({
  id: "duplicate-migration",
  title: "The same change is in two folders",
  category: "divergence",
  severity: "error",
  since: "0.2.0",
  // The words are in the model: lockstep branches has the same.
  messages: DIVERGENCE["duplicate-migration"],
  help: "As long as this one is deployed nowhere, delete it, and take over the folder of the other branch, byte for byte. A database that has this change already notes the other folder as applied.",
  needs: ["divergence"],
  on: {
    history(history, context) {
      for (const report of divergenceReports("duplicate-migration", history, context.evidence)) context.report(report);
    },
  },
});
