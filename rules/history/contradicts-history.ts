import { defineRule } from "../../src/index.ts";
import { contradiction } from "../../src/rule-kit.ts";

export default defineRule({
  id: "contradicts-history",
  title: "It creates what is there, or changes what is not",
  category: "history",
  severity: "error",
  since: "0.1.0",
  messages: {
    refused: "PostgreSQL refuses this ({sqlstate}): {sentence}.",
    since: "PostgreSQL refuses this ({sqlstate}): {sentence}, since migration {migration}.",
    same: "PostgreSQL refuses this ({sqlstate}): {sentence}, by an earlier statement of this migration.",
  },
  help: "The migrations before this one say so. Look for a migration that was written twice or merged from another branch, and take the statement out; IF [NOT] EXISTS would only hide that the schema is another than expected.",
  on: {
    operation(operation, context) {
      const found = contradiction(context.catalog, operation);
      if (found) {
        const { kind, birth, sqlstate, sentence, object } = found;
        const data = { sqlstate, sentence, migration: birth?.migration ?? "" };
        const own = birth?.migration === context.migration.id;
        const earlier = context.before.find(
          (step) =>
            birth !== undefined && step.migration.id === birth.migration && step.statement.index === birth.statement,
        );
        // What lacks a column or a constraint was not made by the statement that gave birth to its table.
        const made = kind === "taken";
        context.report({
          at: operation,
          message: !birth || !made ? "refused" : own ? "same" : "since",
          data,
          objects: [object],
          related: earlier
            ? [
                {
                  file: earlier.migration.file,
                  range: earlier.statement.range,
                  message: made ? "It is made here" : "The table is made here",
                },
              ]
            : [],
        });
      }
    },
  },
});
