import { defineRule, resolve } from "../../src/index.ts";
import { isReplacedByView } from "../../src/rule-kit.ts";

export default defineRule({
  id: "move-schema",
  title: "A table is moved to another schema under running code",
  category: "compatibility",
  severity: "error",
  since: "0.2.0",
  messages: {
    renamed: "{table} is moved to the schema {schema}: running code looks for it where it was, and fails (42P01).",
  },
  help: "Create a view with the old name over the table in the same migration, deploy code that knows the new place (@@schema), and drop the view after that.",
  on: {
    setTableSchema(operation, { after, catalog, deployed, report }) {
      const id = resolve(catalog, operation.table);
      if (operation.body || operation.object === "sequence" || operation.object === "materializedView") return;
      if (!deployed(id) || isReplacedByView(catalog, after(), id)) return;
      report({
        at: operation,
        message: "renamed",
        data: { table: operation.table.name, schema: operation.schema },
        objects: [id],
      });
    },
  },
});
