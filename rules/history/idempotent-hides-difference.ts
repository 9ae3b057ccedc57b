import { defineRule } from "../../src/index.ts";
import { hiddenDifference } from "../../src/rule-kit.ts";

export default defineRule({
  id: "idempotent-hides-difference",
  title: "IF NOT EXISTS over something that is there in another shape",
  category: "history",
  severity: "warning",
  since: "0.2.0",
  messages: {
    there:
      "{object} is there already, and not as it is written here: {difference}. With IF NOT EXISTS PostgreSQL does nothing and reports no error.",
  },
  help: "Leave IF NOT EXISTS away to see the error, or write the change that is meant: ALTER TABLE … ALTER COLUMN …, or drop and make it again.",
  on: {
    operation(operation, { catalog, report }) {
      const hidden = hiddenDifference(operation, catalog);
      if (hidden) report({ at: operation, message: "there", data: { ...hidden } });
    },
  },
});
