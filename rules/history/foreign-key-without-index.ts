import { defineRule, relationName } from "../../src/index.ts";
import { unindexedKeys } from "../../src/rule-kit.ts";

export default defineRule({
  id: "foreign-key-without-index",
  title: "A foreign key has no index on the side that points",
  category: "history",
  severity: "off",
  since: "0.2.0",
  messages: {
    none: "{table} has no index that begins with {columns}: for each row that goes from {parent}, or gets another key there, PostgreSQL reads {table} from end to end to see who points at it.",
  },
  help: "Create one on {columns}, CONCURRENTLY where {table} is deployed: Prisma makes none by itself, @@index in its schema does.",
  on: {
    operation(operation, context) {
      for (const { at, relation, parent, columns } of unindexedKeys(operation, context))
        context.report({
          at,
          message: "none",
          data: { table: relationName(relation), parent: relationName(parent), columns: columns.join(", ") },
          objects: [relation, parent],
        });
    },
  },
});
