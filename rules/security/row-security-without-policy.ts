import { defineRule, relationName, resolve } from "../../src/index.ts";
import { relationAt } from "../../src/rule-kit.ts";

export default defineRule({
  id: "row-security-without-policy",
  title: "Row-level security is forced and no policy lets anybody through",
  category: "security",
  severity: "warning",
  since: "0.2.0",
  messages: {
    nobody:
      "Row-level security of {table} is forced and there is no policy: every role, its owner too, sees no row and can write none (superusers and BYPASSRLS apart).",
  },
  help: "Create the policies in the same migration, before row-level security is forced.",
  on: {
    alterTable(operation, { after, catalog, deployed, report }) {
      if (operation.action !== "forceRowSecurity") return;
      const id = resolve(catalog, operation.table);
      const table = relationAt(catalog, id);
      const comes = after().some(
        ({ operation: next }) => next.kind === "createPolicy" && resolve(catalog, next.table) === id,
      );
      // Of a table that the history does not make nobody knows the policies.
      if (!deployed(id) || table?.birth === undefined || table.policies.size > 0 || comes) return;
      report({ at: operation, message: "nobody", data: { table: relationName(id) }, objects: [id] });
    },
  },
});
