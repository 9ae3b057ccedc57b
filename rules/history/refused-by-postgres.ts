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
    meant:
      'PostgreSQL refuses this whatever the rows are ({sqlstate}): {sentence}. There is "{meant}": a name with capitals needs double quotes.',
    younger:
      "PostgreSQL {postgres} refuses this whatever the rows are ({sqlstate}): {sentence}. It is there from PostgreSQL {since} on.",
  },
  help: "Correct the statement, or the order of the migrations: no database takes it as it is.",
  on: {
    operation(operation, context) {
      const sure = context.effects.failures.find(
        ({ kind, certainty }) => certainty === "sure" && (kind === "refused" || kind === "dependents"),
      );
      // What the history contradicts is said there.
      if (!sure || contradiction(context.catalog, operation)) return;
      const { meant, since, message = sure.detail ?? "" } = sure.refusal ?? {};
      const data = { sqlstate: sure.sqlstate, sentence: message };
      const objects = sure.relation === "" ? [] : [sure.relation];
      if (meant !== undefined) context.report({ at: operation, message: "meant", data: { ...data, meant }, objects });
      else if (since !== undefined)
        context.report({
          at: operation,
          message: "younger",
          data: { ...data, since, postgres: context.postgres },
          objects,
        });
      else context.report({ at: operation, message: "refused", data, objects });
    },
  },
});
