import { defineRule, relationName } from "../../src/index.ts";
import { counted, cleanupFlawInWords, cleanupFlaws, orphanFixes, DOUBTS } from "../../src/rule-kit.ts";

export default defineRule({
  id: "orphan-cleanup-ineffective",
  title: "The cleanup before a foreign key can leave orphans",
  category: "integrity",
  severity: "error",
  since: "0.1.0",
  messages: {
    leaves:
      "The cleanup of {table}.{columns} can leave orphans: {why}. With one left, the foreign key to {parent} fails ({sqlstate}).{stays}",
    fails: "The cleanup of {table}.{columns} fails itself ({sqlstate}): {why}.{stays}",
    window:
      "The cleanup of {table}.{columns} is committed before the foreign key to {parent} is there: a row that loses its parent in between makes the constraint fail ({sqlstate}), and what was deleted stays deleted.",
  },
  help: "Pick the orphans with NOT EXISTS over {parent} and all columns of the key, in the statement right before the constraint.",
  fixable: "unsafe",
  on: {
    operation(operation, context) {
      const { migration } = context;
      for (const found of cleanupFlaws(operation, context)) {
        const { relation, columns, parent = "", sqlstate } = found.failure;
        const names = {
          table: relationName(relation),
          columns: columns.join(", "),
          parent: relationName(parent),
          sqlstate,
        };
        const common = {
          objects: [relation, parent],
          queries: counted(found.failure, "Orphans now"),
        };
        const constraint = { file: migration.file, range: operation.range };
        if (found.flaw === "window") {
          context.report({
            ...common,
            at: found.by,
            file: found.by.file,
            severity: "info",
            message: "window",
            data: names,
            help: "Add the constraint NOT VALID first, then delete, then VALIDATE it: no new orphan can come in between. Or put both between BEGIN and COMMIT.",
            related: [{ ...constraint, message: "the foreign key" }],
          });
          continue;
        }
        const { preparation, stays } = found;
        const { by, why } = preparation;
        const late = why === "after";
        context.report({
          ...common,
          ...(late ? { at: operation } : { at: by, file: by.file }),
          message: why === "refused" ? "fails" : "leaves",
          data: {
            ...names,
            ...(preparation.sqlstate !== undefined && { sqlstate: preparation.sqlstate }),
            why: cleanupFlawInWords(preparation),
            stays: stays ? " Sent statement by statement, what it removed stays removed." : "",
          },
          maybe: preparation.certainty === "maybe" && DOUBTS.rows,
          related: [
            late ? { ...by, message: "the cleanup" } : { ...constraint, message: "the constraint that it prepares" },
          ],
          fixes:
            why === "refused" || by.file !== migration.file
              ? []
              : orphanFixes(context, operation, found.failure, ["delete", "setNull"]),
        });
      }
    },
  },
});
