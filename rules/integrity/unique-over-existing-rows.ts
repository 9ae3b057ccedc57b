import { defineRule, relationName } from "../../src/index.ts";
import { counted } from "../../src/rule-kit.ts";

export default defineRule({
  id: "unique-over-existing-rows",
  title: "Values become unique though nothing removes duplicates before",
  category: "integrity",
  severity: "warning",
  since: "0.1.0",
  failsOn: "duplicates",
  messages: {
    nothing:
      "{table} becomes unique in ({columns}), and nothing before it removes duplicates: two rows with the same values and the statement fails ({sqlstate}).",
    same: "{table} gets the unique column {columns} with the same value in every row: with two rows in the table the statement fails ({sqlstate}).",
  },
  help: "Run the query: what it returns has to be merged or removed before this statement.",
  on: {
    operation(operation, context) {
      // What rows get is change-violates-constraint's.
      if (operation.kind === "insertRows" || operation.kind === "updateRows" || operation.kind === "mergeRows") return;
      for (const failure of context.effects.failures) {
        if (
          failure.kind !== "duplicates" ||
          failure.preparation.verdict === "done" ||
          !context.deployed(failure.relation)
        )
          continue;
        const same = operation.kind === "addColumn";
        context.report({
          at: operation,
          message: same ? "same" : "nothing",
          data: {
            table: relationName(failure.relation),
            columns: failure.columns.join(", ") || "an expression",
            sqlstate: failure.sqlstate,
          },
          objects: [failure.relation],
          ...(same && {
            severity: "error" as const,
            help: "Add the column nullable, give each row a value of its own, then make it unique.",
          }),
          ...(!same &&
            failure.countQuery === undefined && {
              help: "What is there more than once has to be merged or removed before this statement." as const,
            }),
          queries: counted(failure, same ? "Rows in the table" : "Duplicates now"),
        });
      }
    },
  },
});
