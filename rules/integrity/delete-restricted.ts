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
    detached:
      "Rows of {child} may point at rows of the partition {table} ({constraint}): one of them and it cannot be detached ({sqlstate}).",
  },
  help: "Delete or repoint the rows of {child} first, or leave their {table} rows alone: … AND NOT EXISTS (SELECT 1 FROM {child} …).",
  on: {
    operation(operation, { effects, deployed, report }) {
      if (operation.kind !== "deleteRows" && operation.kind !== "detachPartition") return;
      for (const { kind, relation, sqlstate, referencedBy, preparation } of effects.failures) {
        if (kind !== "dependents" || !referencedBy || preparation.verdict === "done" || !deployed(relation)) continue;
        const data = {
          child: relationName(referencedBy.relation),
          table: relationName(relation),
          constraint: referencedBy.constraint,
          sqlstate,
        };
        const objects = [referencedBy.relation];
        if (operation.kind === "deleteRows") report({ at: operation, message: "referenced", data, objects });
        else
          report({
            at: operation,
            message: "detached",
            data,
            objects,
            help: "Delete the rows of {child} that point into the partition, or repoint them, before it goes.",
          });
      }
    },
  },
});
