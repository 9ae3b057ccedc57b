import { defineRule, relationName } from "../../src/index.ts";
import { counted, doubtOf } from "../../src/rule-kit.ts";

export default defineRule({
  id: "exclusion-over-existing-rows",
  title: "Rows may no longer conflict though nothing removes those that do",
  category: "integrity",
  severity: "warning",
  since: "0.2.0",
  messages: {
    rows: "No two rows of {table} may conflict in {name}, and rows that do may be there: one pair of them and the statement fails ({sqlstate}).",
  },
  help: "Run the query: pairs that it counts have to be moved apart, merged or removed before this statement. An EXCLUDE constraint cannot be added NOT VALID.",
  on: {
    operation(operation, context) {
      for (const { kind, relation, columns, certainty, preparation, detail, countQuery, sqlstate } of context.effects
        .failures) {
        if (kind !== "exclusion" || preparation.verdict === "done" || !context.deployed(relation)) continue;
        context.report({
          at: operation,
          message: "rows",
          data: {
            table: relationName(relation),
            sqlstate,
            name: detail ?? (columns.length > 0 ? `(${columns.join(", ")})` : "the expression"),
          },
          objects: columns.length === 0 ? [relation] : columns.map((name) => `${relation}.${name}`),
          maybe: doubtOf({ certainty, preparation }),
          ...(countQuery === undefined && {
            help: "Pairs that conflict have to be moved apart, merged or removed before this statement. An EXCLUDE constraint cannot be added NOT VALID." as const,
          }),
          queries: counted({ countQuery }, "Pairs that conflict now"),
        });
      }
    },
  },
});
