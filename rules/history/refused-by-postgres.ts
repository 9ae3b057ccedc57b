import { defineRule } from "../../src/index.ts";
import { contradiction } from "../../src/rule-kit.ts";

export default defineRule({
  id: "refused-by-postgres",
  title: "PostgreSQL refuses it, whatever the rows are",
  category: "history",
  severity: "error",
  since: "0.2.0",
  messages: {
    refused: "PostgreSQL refuses this whatever the rows are ({sqlstate}): {sentence}.",
  },
  help: "Correct the statement. Nothing of this migration can be deployed as it is.",
  on: {
    operation(operation, context) {
      const sure = context.effects.failures.find(
        ({ kind, certainty }) => certainty === "sure" && (kind === "refused" || kind === "dependents"),
      );
      if (!sure || contradiction(context.catalog, operation)) return;
      const meant = sure.refusal?.meant;
      context.report({
        at: operation,
        message: "refused",
        data: { sqlstate: sure.sqlstate, sentence: sure.refusal?.message ?? sure.detail ?? "" },
        objects: sure.relation === "" ? [] : [sure.relation],
        ...(meant !== undefined && {
          help: `There is "${meant}": in PostgreSQL names with capitals need double quotes.`,
        }),
      });
    },
  },
});
