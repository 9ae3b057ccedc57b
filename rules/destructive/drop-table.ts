import { defineRule, relationName, relationSql } from "../../src/index.ts";
import {
  asked,
  copyOfRows,
  inMigration,
  recreatedTable,
  relationAt,
  renamedTable,
  replacedTable,
  rows,
  DOUBTS,
} from "../../src/rule-kit.ts";

export default defineRule({
  id: "drop-table",
  title: "A table is dropped with its rows",
  category: "destructive",
  severity: "error",
  since: "0.1.0",
  messages: {
    rows: "Table {table} is dropped with all its rows, and running code that still uses it fails from then on.",
    partition: "Partition {table} is dropped with all its rows.",
    recreated: "Table {table} is dropped and created again: all its rows are lost, the new one begins empty.",
    copied:
      "Table {table} is dropped. Its rows were copied into {to} before; rows that come in between are lost, and running code that still uses it fails.",
  },
  help: "Take the model out of the code and deploy that first. Then check that nothing reads the table any more and keep a copy (pg_dump -t, or ALTER TABLE … RENAME for a while) before you drop it.",
  on: {
    operation(operation, context) {
      if (operation.kind === "dropSchema") return;
      for (const loss of context.effects.losses) {
        if (
          loss.kind !== "table" ||
          !loss.data ||
          loss.along ||
          loss.relation === undefined ||
          !context.deployed(loss.relation)
        )
          continue;
        const id = loss.relation;
        const around = inMigration(context);
        if (operation.kind === "dropTable" && renamedTable(context.catalog, operation, around)) continue;
        const copy = copyOfRows(context.catalog, context.before, id);
        if (copy && replacedTable(context.catalog, context.after(), id)) continue;
        const again =
          operation.kind === "dropTable" && recreatedTable(context.catalog, operation, around) !== undefined;
        // DROP IF EXISTS before CREATE, of a table that nobody knows: so that the file can run again.
        if (again && loss.certainty === "maybe") continue;
        const partition = (relationAt(context.catalog, id)?.parents.size ?? 0) > 0;
        context.report({
          at: operation,
          message: again ? "recreated" : copy ? "copied" : partition ? "partition" : "rows",
          data: { table: relationName(id), to: copy?.to ?? "" },
          objects: [id],
          maybe: loss.certainty === "maybe" && DOUBTS.there,
          ...(copy && !again && { severity: "warning" as const }),
          ...(again && {
            help: "To change a table use ALTER TABLE. If its rows may go, say so in a suppression; if not, rename the old table, create the new one and copy the rows over.",
          }),
          queries: asked(context.catalog, id, [], "Rows that would be lost", rows.count(relationSql(id))),
        });
      }
    },
  },
});
