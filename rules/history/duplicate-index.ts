import { defineRule, relationName, resolve } from "../../src/index.ts";
import { duplicateOf } from "../../src/rule-kit.ts";

export default defineRule({
  id: "duplicate-index",
  title: "An index does what another one does already",
  category: "history",
  severity: "info",
  since: "0.2.0",
  messages: {
    same: "{other} is an index of the same columns of {table}: every write keeps up both, and no query needs this one.",
  },
  help: "Leave it out. Where it is to take the place of the other one, drop that when this one is there.",
  on: {
    createIndex(operation, context) {
      const other = operation.body ? undefined : duplicateOf(operation, context);
      if (!other) return;
      const table = resolve(context.catalog, operation.table);
      context.report({
        at: operation,
        message: "same",
        data: { other: other.name, table: relationName(table) },
        objects: [table],
      });
    },
  },
});
