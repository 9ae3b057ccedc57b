import { defineRule, relationName, relationSql } from "../../src/index.ts";
import { asked, dropOf, rows } from "../../src/rule-kit.ts";

export default defineRule({
  id: "delete-without-where",
  title: "DELETE removes every row of a table",
  category: "destructive",
  severity: "error",
  since: "0.1.0",
  messages: {
    all: "This DELETE removes every row of {table}{along}: it has no WHERE.",
    merge: "This MERGE deletes every row of {table}{along}: its ON is true for each of them.",
    tautology: "This DELETE removes every row of {table}{along}: its WHERE is true for each of them.",
  },
  help: "Say which rows are meant in a WHERE. If the table may really be emptied, say so in a suppression, and keep a copy of the rows.",
  on: {
    operation(operation, context) {
      if (operation.kind === "truncate") return;
      for (const loss of context.effects.losses) {
        const id = loss.relation;
        if (loss.kind !== "rows" || loss.where !== undefined || loss.along || id === undefined || !context.deployed(id))
          continue;
        if (dropOf(context.catalog, context.after(), id)) continue;
        const along = context.effects.losses.flatMap((other) =>
          other.kind === "rows" && other.along && other.relation !== undefined && other.relation !== id
            ? [relationName(other.relation)]
            : [],
        );
        context.report({
          at: operation,
          message:
            operation.kind === "mergeRows"
              ? "merge"
              : operation.kind === "deleteRows" && operation.change.where
                ? "tautology"
                : "all",
          data: {
            table: relationName(id),
            along:
              along.length > 0
                ? `, and the rows of ${[...new Set(along)].join(", ")} that point at them (ON DELETE CASCADE)`
                : "",
          },
          objects: [id],
          queries: asked(context.catalog, id, [], "Rows that would be lost", rows.count(relationSql(id))),
        });
      }
    },
  },
});
