import { defineRule, resolve } from "../../src/index.ts";
import { indexAt, isReplacedByView, relationAt, replacedTable } from "../../src/rule-kit.ts";

export default defineRule({
  id: "rename-table",
  title: "A table is renamed under running code",
  category: "compatibility",
  severity: "error",
  since: "0.2.0",
  messages: {
    renamed: "{table} is renamed to {to}: running code that reads or writes {table} fails (42P01).",
  },
  help: "Keep the name in the database and map it with @@map in schema.prisma. To rename it for good, create a view with the old name over the table in the same migration, and drop the view when no running code uses it.",
  on: {
    renameTable(operation, { after, catalog, deployed, report }) {
      if (operation.body || operation.object === "index" || operation.object === "sequence") return;
      const id = resolve(catalog, operation.table);
      const renamed = relationAt(catalog, id);
      if (indexAt(catalog, id) !== undefined || renamed?.kind === "sequence" || renamed?.kind === "materializedView")
        return;
      if (!deployed(id) || isReplacedByView(catalog, after(), id) || replacedTable(catalog, after(), id)) return;
      report({
        at: operation,
        message: "renamed",
        data: { table: operation.table.name, to: operation.to },
        objects: [id],
      });
    },
  },
});
