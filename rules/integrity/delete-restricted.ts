import { defineRule, relationName } from "../../src/index.ts";

export default defineRule({
  id: "delete-restricted",
  title: "A DELETE takes rows that a foreign key keeps",
  category: "integrity",
  severity: "warning",
  since: "0.2.0",
  messages: {
    referenced:
      "Rows of {child} may point at rows that this deletes from {table} ({constraint}, which does not cascade): one of them and the statement fails ({sqlstate}).",
  },
  help: "Delete or repoint the rows of {child} first, or leave their {table} rows alone: … AND NOT EXISTS (SELECT 1 FROM {child} …).",
  on: {
    deleteRows(operation, { effects, deployed, report }) {
      for (const { kind, relation, sqlstate, referencedBy, preparation } of effects.failures) {
        if (kind !== "dependents" || !referencedBy || preparation.verdict === "done" || !deployed(relation)) continue;
        report({
          at: operation,
          message: "referenced",
          data: {
            child: relationName(referencedBy.relation),
            table: relationName(relation),
            constraint: referencedBy.constraint,
            sqlstate,
          },
          objects: [referencedBy.relation],
        });
      }
    },
  },
});
