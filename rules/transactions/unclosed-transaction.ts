import { defineRule } from "../../src/index.ts";
import { control } from "../../src/rule-kit.ts";

export default defineRule({
  id: "unclosed-transaction",
  title: "A transaction is opened and never committed",
  category: "transactions",
  severity: "error",
  since: "0.2.0",
  messages: {
    open: "This BEGIN has no COMMIT: when the connection ends, PostgreSQL takes back everything since, and Prisma has marked the migration as applied.",
  },
  help: "Write COMMIT at the end of what belongs together, or take BEGIN out.",
  on: {
    statement(statement, { migration, report }) {
      if (control(statement) !== "begin") return;
      const around = migration.statements.map(control);
      // Of several the first one opens the transaction.
      const opened = around.slice(0, statement.index).findLast((action) => action !== undefined) === "begin";
      const closed = around.slice(statement.index + 1).some((action) => action !== undefined && action !== "begin");
      if (!opened && !closed) report({ at: statement, message: "open" });
    },
  },
});
