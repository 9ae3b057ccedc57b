import { defineRule, relationName } from "../../src/index.ts";
import { counted, doubtOf } from "../../src/rule-kit.ts";

export default defineRule({
  id: "check-over-existing-rows",
  title: "A CHECK is held against existing rows that may violate it",
  category: "integrity",
  severity: "warning",
  since: "0.2.0",
  messages: {
    rows: "{name} is held against every existing row of {table}: one row that violates it and the statement fails ({sqlstate}).",
    value:
      "{name} is held against the value that the new column {columns} has in every existing row of {table}: where that violates it the statement fails ({sqlstate}).",
    given:
      "{name} is violated by the value that the new column {columns} gets in every existing row of {table}: with one row in the table the statement fails ({sqlstate}).",
    domain:
      "{name} of the domain is held against every existing value of {table}.{columns}: one that violates it and the statement fails ({sqlstate}).",
  },
  help: "Run the query: rows that it counts have to be changed or removed before this statement. To keep new ones out meanwhile, add the constraint NOT VALID first, and validate it when they are gone.",
  on: {
    operation(operation, context) {
      // What a statement writes itself is for change-violates-constraint.
      if (operation.kind === "insertRows" || operation.kind === "updateRows") return;
      for (const failure of context.effects.failures) {
        const { relation, columns, preparation, detail, demand, sqlstate } = failure;
        if (failure.kind !== "check" || preparation.verdict === "done" || !context.deployed(relation)) continue;
        const domain = operation.kind === "alterDomain";
        const named = {
          table: relationName(relation),
          name: detail === undefined || domain ? "The CHECK" : `CHECK ${detail}`,
          sqlstate,
        };
        const data = { ...named, columns: columns.join(", ") };
        const common = {
          at: operation,
          objects: columns.length === 0 ? [relation] : columns.map((name) => `${relation}.${name}`),
          maybe: doubtOf(failure),
          queries: counted(failure, "Rows that violate it now"),
        };
        if (domain) context.report({ ...common, message: "domain", data });
        else if (operation.kind !== "addColumn") context.report({ ...common, message: "rows", data: named });
        else
          context.report({
            ...common,
            message: demand ? "given" : "value",
            data,
            help: "Give the column a default that the CHECK takes, or leave it NULL and fill it before the CHECK is added.",
          });
      }
    },
  },
});
