import { defineRule, relationName, relationSql } from "../../src/index.ts";
import { counted, changes, doubtOf } from "../../src/rule-kit.ts";

export default defineRule({
  id: "not-null-over-existing-rows",
  title: "A column becomes required though nothing fills its NULLs before",
  category: "integrity",
  severity: "error",
  since: "0.1.0",
  failsOn: "nulls",
  messages: {
    nothing:
      "{table}.{columns} becomes required and nothing before it fills the rows that are NULL: one of them and the statement fails ({sqlstate}).",
    flawed:
      "{table}.{columns} becomes required, and the backfill before it may leave NULLs: {why}. One of them and the statement fails ({sqlstate}).",
  },
  help: "Count the NULLs. Fill them before this statement (UPDATE … WHERE … IS NULL), in batches where the table is large, and give the column a default so that no new ones come.",
  fixable: "display",
  on: {
    operation(operation, context) {
      // What rows get is change-violates-constraint's.
      if (operation.kind === "addColumn" || operation.kind === "insertRows" || operation.kind === "updateRows") return;
      for (const failure of context.effects.failures) {
        const { preparation } = failure;
        if (failure.kind !== "nulls" || preparation.verdict === "done" || !context.deployed(failure.relation)) continue;
        const flawed = preparation.verdict === "ineffective";
        const table = relationSql(failure.relation);
        context.report({
          at: operation,
          message: flawed ? "flawed" : "nothing",
          data: {
            table: relationName(failure.relation),
            columns: failure.columns.join(", "),
            sqlstate: failure.sqlstate,
            why: flawed ? (WHY[preparation.why]?.(preparation.detail) ?? preparation.detail) : "",
          },
          objects: failure.columns.map((name) => `${failure.relation}.${name}`),
          maybe: doubtOf(failure),
          queries: counted(failure, "NULLs now"),
          ...(flawed && {
            related: [{ file: preparation.by.file, range: preparation.by.range, message: "the backfill" }],
          }),
          fixes: [
            {
              title: "Fill the NULLs first",
              safety: "display",
              edits: [
                {
                  range: { start: context.statement.range.start, end: context.statement.range.start },
                  text: failure.columns.map((name) => `${changes.fill(table, name).text}\n`).join(""),
                },
              ],
            },
          ],
        });
      }
    },
  },
});

const WHY: Readonly<Partial<Record<string, (detail: string) => string>>> = {
  filtered: (detail) => `it fills only rows where ${detail}`,
  "may be NULL": (detail) => `its value may be NULL itself (${detail})`,
};
