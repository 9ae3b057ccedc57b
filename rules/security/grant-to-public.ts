import { defineRule, relationName, resolve } from "../../src/index.ts";

export default defineRule({
  id: "grant-to-public",
  title: "A table is opened to every role",
  category: "security",
  severity: "warning",
  since: "0.2.0",
  messages: {
    open: "Every role that can connect gets these rights on {table}, those that are yet to come too: PUBLIC is everybody, and REVOKE from a single role does not take it back.",
  },
  help: "Grant them to the role that needs them, or to a role that others are members of.",
  on: {
    grant(operation, { after, catalog, deployed, report }) {
      if (!operation.grant || operation.everybody !== true) return;
      for (const name of operation.tables) {
        const table = resolve(catalog, name);
        const revoked = after().some(
          ({ operation: next }) =>
            next.kind === "grant" &&
            !next.grant &&
            next.everybody === true &&
            next.tables.some((each) => resolve(catalog, each) === table),
        );
        if (deployed(table) && !revoked)
          report({ at: operation, message: "open", data: { table: relationName(table) }, objects: [table] });
      }
    },
  },
});
