import { defineRule, relationName } from "../src/index.ts";

export default defineRule({
  id: "orphan-cleanup-too-broad",
  title: "The cleanup before a foreign key also hits rows that are no orphans",
  category: "integrity",
  severity: "error",
  since: "0.1.0",
  messages: {
    deletes: "The cleanup also deletes {rows} of {table}. The foreign key to {parent} does not ask for that.{stays}",
    nulls: "The cleanup also clears {rows} of {table}. The foreign key to {parent} does not ask for that.{stays}",
  },
  help: "Delete exactly the orphans: rows that have a {columns} and no {parent} to it. A row without a key breaks no foreign key.",
  fixable: "unsafe",
  on: {
    operation(operation, context) {
      for (const failure of context.effects.failures) {
        const { preparation } = failure;
        if (failure.kind !== "orphans" || preparation.verdict !== "done" || !preparation.tooBroad || !preparation.by) continue;
        if (!context.deployed(failure.relation)) continue;
        const { by, tooBroad } = preparation;
        const step = context.before.find((each) => each.migration.file === by.file && each.operation.range.start === by.range.start);
        const change = step && "change" in step.operation ? step.operation.change : undefined;
        const simple = change?.kind === "deleteRows" && change.where !== undefined && change.where.kind !== "or" && change.using.length === 0 && !step?.operation.body;
        context.report({
          at: by,
          file: by.file,
          message: preparation.how === "delete" ? "deletes" : "nulls",
          data: {
            rows: tooBroad.detail,
            table: relationName(failure.relation),
            parent: relationName(failure.parent ?? ""),
            columns: failure.columns.join(", "),
            stays: context.execution === "split" && preparation.how === "delete" && !context.transactions.some((each) => each.explicit) ? " Sent statement by statement, the DELETE stays even if the constraint then fails." : "",
          },
          objects: [failure.relation],
          maybe: tooBroad.certainty === "maybe",
          queries: failure.countQuery ? [{ title: "Orphans now: more rows than this must not go", sql: failure.countQuery }] : [],
          related: [{ file: context.migration.file, range: operation.range, message: "the foreign key that it prepares" }],
          fixes:
            simple && tooBroad.keep && by.file === context.migration.file
              ? [{ title: "Leave rows without a key alone", safety: "unsafe", edits: [{ range: { start: by.range.end, end: by.range.end }, text: ` AND ${tooBroad.keep}` }] }]
              : [],
        });
      }
    },
  },
});
