import { defineRule, relationName, resolve } from "../../src/index.ts";
import { counted, orphanFixes, doubtOf } from "../../src/rule-kit.ts";

export default defineRule({
  id: "orphan-cleanup-before-foreign-key",
  title: "A foreign key is checked over existing rows and nothing deals with the orphans before it",
  category: "integrity",
  severity: "error",
  since: "0.1.0",
  messages: {
    nothing:
      "This foreign key is checked in every existing row of {table}, and nothing before it deals with orphans: one {columns} without its row in {parent} and the statement fails ({sqlstate}).",
    copied:
      "Rows of {table} are copied into a table whose foreign key to {parent} takes no orphan, and nothing before it deals with those of {table}: one {columns} without its row in {parent} and the statement fails ({sqlstate}).",
  },
  help: "Run the count first. If it is not 0, delete these rows, set their key to NULL or insert the missing {parent} before the constraint; to keep writes going meanwhile, add it NOT VALID and VALIDATE it afterwards.",
  fixable: "unsafe",
  on: {
    operation(operation, context) {
      for (const failure of context.effects.failures) {
        if (failure.kind !== "orphans" || failure.preparation.verdict !== "none") continue;
        // A new child has no rows to be orphans; a new parent makes every row of an old child one.
        if (!context.deployed(failure.relation)) continue;
        const { relation, columns, parent = "", sqlstate } = failure;
        const common = {
          at: operation,
          data: { table: relationName(relation), columns: columns.join(", "), parent: relationName(parent), sqlstate },
          objects: [relation, parent],
          queries: counted(failure, "Orphans now"),
        };
        if (operation.kind === "insertRows" || operation.kind === "updateRows") {
          // What it writes to its own table is for change-violates-constraint.
          if (relation !== resolve(context.catalog, operation.table))
            context.report({ ...common, message: "copied", severity: "warning", help: COPY });
          continue;
        }
        context.report({
          ...common,
          message: "nothing",
          maybe: doubtOf(failure),
          fixes: orphanFixes(context, operation, failure),
        });
      }
    },
  },
});

const COPY =
  "Run the count first. If it is not 0, copy only rows that have their row in {parent}: WHERE EXISTS (SELECT FROM {parent} …) over all columns of the key. What is left out stays behind in {table}.";
