import { defineRule, resolve } from "../../src/index.ts";
import { isNew, isReplacedByView, relationAt } from "../../src/rule-kit.ts";

export default defineRule({
  id: "rename-column",
  title: "A column is renamed under running code",
  category: "compatibility",
  severity: "error",
  since: "0.2.0",
  messages: {
    renamed:
      "{table}.{column} is renamed to {to}: running code that names {column} fails (42703), and Prisma Client names every column of a model in each query.",
  },
  help: "Keep the name in the database and map the field to it with @map. To rename it for good, add a column, write both, copy the values, and drop the old one when no running code names it.",
  on: {
    renameColumn(operation, { after, catalog, deployed, report }) {
      if (operation.body || operation.object !== "table") return;
      const id = resolve(catalog, operation.table);
      const table = relationAt(catalog, id);
      const young = isNew(catalog, table?.columns.get(operation.column));
      if (!deployed(id) || young || isReplacedByView(catalog, after(), id)) return;
      // A copy of the column takes the name back in the same deployment.
      const back = after().some(
        (step) =>
          (step.operation.kind === "renameColumn" && step.operation.to === operation.column) ||
          (step.operation.kind === "addColumn" && step.operation.column.name === operation.column),
      );
      if (back) return;
      report({
        at: operation,
        message: "renamed",
        data: { table: operation.table.name, column: operation.column, to: operation.to },
        objects: [id],
      });
    },
  },
});
