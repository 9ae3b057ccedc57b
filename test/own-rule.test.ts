import { expect, test } from "vitest";
import { check, defineRule, memoryHistory, relationName } from "../src/index.ts";

/** The rule that CONTRIBUTING.md shows: it has to compile and to report. */
const tableWithoutComment = defineRule({
  id: "table-without-comment",
  title: "A new table has no comment",
  category: "history",
  severity: "warning",
  since: "0.1.0",
  messages: { missing: "{table} has no comment." },
  help: "Add COMMENT ON TABLE {table} IS '…'; behind it.",
  on: {
    createTable(operation, context) {
      const commented = context
        .after()
        .some(
          ({ operation: next }) =>
            next.kind === "comment" && next.object === "table" && next.name.name === operation.table.name,
        );
      if (!commented)
        context.report({
          at: operation,
          message: "missing",
          data: { table: relationName(`public.${operation.table.name}`) },
        });
    },
  },
});

test("a rule of one's own needs nothing but the public interface", async () => {
  const history = memoryHistory({
    "prisma/migrations/1_a/migration.sql":
      "CREATE TABLE silent (id int);\nCREATE TABLE told (id int);\nCOMMENT ON TABLE told IS 'x';",
  });
  if (!history.ok) throw new Error(history.message);
  const result = await check({ histories: [history.value], rules: [tableWithoutComment] });
  expect(result.findings.map(({ rule, message, help, severity }) => ({ rule, message, help, severity }))).toEqual([
    {
      rule: "table-without-comment",
      message: "silent has no comment.",
      help: "Add COMMENT ON TABLE silent IS '…'; behind it.",
      severity: "warning",
    },
  ]);
});
