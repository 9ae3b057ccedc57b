import { defineRule, relationName, resolve } from "../../src/index.ts";
import { columnOf, dropOfColumn, isNew } from "../../src/rule-kit.ts";

export default defineRule({
  id: "not-null-dropped",
  title: "A column may be NULL from here on, and running code does not know",
  category: "compatibility",
  severity: "info",
  since: "0.2.0",
  messages: {
    nullable:
      "{column} of {table} may be NULL from here on: code that is running takes it to be there, and a row in which new code leaves it empty fails in the old code that reads it.",
  },
  help: "Deploy code that reads NULL first, everywhere, and write NULL after that.",
  on: {
    dropNotNull(operation, { after, catalog, deployed, report }) {
      const id = resolve(catalog, operation.table);
      const { column } = operation;
      const known = columnOf(catalog, id, column);
      if (!deployed(id) || isNew(catalog, known) || known?.notNull === false) return;
      const steps = after();
      const again = steps.some(
        ({ operation: next }) =>
          next.kind === "setNotNull" && next.column === column && resolve(catalog, next.table) === id,
      );
      if (again || dropOfColumn(catalog, steps, id, [column])) return;
      report({ at: operation, message: "nullable", data: { column, table: relationName(id) }, objects: [id] });
    },
  },
});
