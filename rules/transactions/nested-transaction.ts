import { defineRule } from "../../src/index.ts";
import { control } from "../../src/rule-kit.ts";

export default defineRule({
  id: "nested-transaction",
  title: "A transaction is opened within a transaction",
  category: "transactions",
  severity: "warning",
  since: "0.2.0",
  messages: {
    nested:
      "A transaction is open here already: PostgreSQL ignores this BEGIN with a warning (25001), and the first {end} after it ends the whole transaction.",
    outside:
      "A transaction is open here already: PostgreSQL ignores this BEGIN with a warning (25001), and the first {end} after it ends the whole transaction. The statements behind that are outside of it.",
  },
  help: "Take this BEGIN and its COMMIT out: what is between them belongs to the outer transaction.",
  on: {
    statement(statement, { migration, report }) {
      if (control(statement) !== "begin") return;
      const { statements } = migration;
      const outer = statements.slice(0, statement.index).findLast((each) => control(each) !== undefined);
      if (!outer || control(outer) !== "begin") return;
      const end = statements.find(
        (each) => each.index > statement.index && control(each) !== undefined && control(each) !== "begin",
      );
      const behind = end && statements.slice(end.index + 1).some((each) => control(each) === undefined);
      report({
        at: statement,
        message: behind ? "outside" : "nested",
        data: { end: end && control(end) === "rollback" ? "ROLLBACK" : "COMMIT" },
        related: [
          { file: migration.file, range: outer.range, message: "It is opened here" },
          ...(end ? [{ file: migration.file, range: end.range, message: "It ends here" }] : []),
        ],
      });
    },
  },
});
