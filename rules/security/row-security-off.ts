import { defineRule, relationName, resolve } from "../../src/index.ts";

export default defineRule({
  id: "row-security-off",
  title: "Row-level security of a table is switched off",
  category: "security",
  severity: "warning",
  since: "0.2.0",
  messages: {
    off: "Row-level security of {table} is switched off: its policies stay and do nothing, and every role that may read the table sees all of its rows.",
    owner:
      "Row-level security of {table} no longer holds for its owner: if the application connects as the owner, it sees all rows.",
  },
  help: "Change the policies instead. If the table is to be open, drop its policies in the same migration, so that nobody relies on them.",
  on: {
    alterTable(operation, { after, catalog, deployed, report }) {
      const off = operation.action === "disableRowSecurity";
      if (!off && operation.action !== "noForceRowSecurity") return;
      const table = resolve(catalog, operation.table);
      const again = after().some(
        ({ operation: next }) =>
          next.kind === "alterTable" &&
          next.action === (off ? "enableRowSecurity" : "forceRowSecurity") &&
          resolve(catalog, next.table) === table,
      );
      if (!deployed(table) || again) return;
      report({ at: operation, message: off ? "off" : "owner", data: { table: relationName(table) }, objects: [table] });
    },
  },
});
