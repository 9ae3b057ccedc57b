import { defineRule, relationName } from "../../src/index.ts";
import { lostWithColumn } from "../../src/rule-kit.ts";

export default defineRule({
  id: "lost-with-column",
  title: "A column is dropped and added again, and what was on it is not",
  category: "destructive",
  severity: "error",
  since: "0.2.0",
  messages: {
    lost: "{table}.{column} is dropped and added again; PostgreSQL drops {objects} with it, and nothing brings that back.",
  },
  help: "Make them again in the same migration, or change the column in place: ALTER COLUMN … TYPE … USING … keeps them.",
  on: {
    dropColumn(operation, context) {
      const lost = lostWithColumn(operation, context);
      if (!lost) return;
      context.report({
        at: operation,
        message: "lost",
        data: { table: relationName(lost.table), column: operation.column, objects: lost.objects.join(", ") },
        objects: [`${lost.table}.${operation.column}`],
        severity: lost.guards ? undefined : "warning",
      });
    },
  },
});
