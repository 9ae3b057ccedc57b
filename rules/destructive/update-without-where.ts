import { defineRule, relationName, relationSql } from "../../src/index.ts";
import { asked, dropOfColumn, isNew, relationAt, rows } from "../../src/rule-kit.ts";

export default defineRule({
  id: "update-without-where",
  title: "UPDATE changes every row of a table",
  category: "destructive",
  severity: "warning",
  since: "0.1.0",
  messages: {
    all: "This UPDATE gives every row of {table} a new {columns}: it has no WHERE. The old values are gone, and all rows stay locked until it ends.",
    tautology:
      "This UPDATE gives every row of {table} a new {columns}: its WHERE is true for each of them. The old values are gone, and all rows stay locked until it ends.",
  },
  help: "Say which rows are meant in a WHERE (WHERE {first} IS NULL for a backfill), in batches where the table is large.",
  on: {
    operation(operation, context) {
      const lost = context.effects.losses.filter((loss) => loss.kind === "every row's value");
      for (const id of new Set(lost.flatMap((loss) => loss.relation ?? []))) {
        if (!context.deployed(id)) continue;
        const table = relationAt(context.catalog, id);
        const columns = lost.flatMap((loss) => (loss.relation === id && loss.name !== undefined ? [loss.name] : []));
        // Filling a column that is as young as the deployment is what people must do.
        const old = columns.filter(
          (name) =>
            !isNew(context.catalog, table?.columns.get(name)) &&
            !dropOfColumn(context.catalog, context.after(), id, [name]),
        );
        const [first] = old;
        if (first === undefined) continue;
        context.report({
          at: operation,
          message: operation.kind === "updateRows" && operation.change.where ? "tautology" : "all",
          data: { table: relationName(id), columns: old.join(", "), first },
          objects: old.map((name) => `${id}.${name}`),
          queries: asked(context.catalog, id, [], "Rows that would change", rows.count(relationSql(id))),
        });
      }
    },
  },
});
