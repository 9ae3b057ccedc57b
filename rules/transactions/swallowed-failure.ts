import { defineRule } from "../../src/index.ts";

export default defineRule({
  id: "swallowed-failure",
  title: "A block swallows whatever goes wrong in it",
  category: "transactions",
  severity: "warning",
  since: "0.2.0",
  messages: {
    others:
      "EXCEPTION WHEN OTHERS swallows every error here: if one of the statements fails, all of the block is taken back, and the migration counts as applied.",
  },
  help: "Name what may be swallowed (WHEN duplicate_object, WHEN duplicate_column), so that everything else still fails.",
  on: {
    statement(statement, { steps, report }) {
      const first = steps.find(({ operation }) => operation.body?.in === "do" && operation.body.swallows);
      if (first) report({ at: first.operation, message: "others" });
    },
  },
});
