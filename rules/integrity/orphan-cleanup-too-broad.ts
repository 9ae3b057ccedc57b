import { type Fix, type Operation, defineRule, relationName } from "../../src/index.ts";
import { counted, DOUBTS } from "../../src/rule-kit.ts";
import type { TooBroad } from "../../src/rule-kit.ts";

export default defineRule({
  id: "orphan-cleanup-too-broad",
  title: "The cleanup before a foreign key also hits rows that are no orphans",
  category: "integrity",
  severity: "error",
  since: "0.1.0",
  messages: {
    delete: "The cleanup of {table} also deletes {rows}. The foreign key to {parent} does not ask for that.{stays}",
    "set null":
      "The cleanup of {table} also sets {columns} to NULL in {rows}. The foreign key to {parent} does not ask for that.",
    repoint: "The cleanup of {table} also repoints {rows}. The foreign key to {parent} does not ask for that.",
  },
  help: "Change exactly the orphans: rows that have a {columns}, and no row in {parent} for it. A row without a key breaks no foreign key.",
  fixable: "unsafe",
  on: {
    operation(operation, context) {
      for (const failure of context.effects.failures) {
        const { preparation } = failure;
        if (failure.kind !== "orphans" || preparation.verdict === "none" || !preparation.tooBroad) continue;
        if (!context.deployed(failure.relation)) continue;
        const { tooBroad } = preparation;
        const by = tooBroad.by ?? preparation.by;
        if (!by) continue;
        const change = context.before.find(
          (each) => each.migration.file === by.file && each.operation.range.start === by.range.start,
        )?.operation;
        const how =
          change?.kind !== "updateRows"
            ? "delete"
            : change.change.set.some(({ value }) => value.kind === "literal" && value.value === null)
              ? "set null"
              : "repoint";
        context.report({
          at: by,
          file: by.file,
          message: how,
          data: {
            rows: tooBroad.detail,
            table: relationName(failure.relation),
            parent: relationName(failure.parent ?? ""),
            columns: failure.columns.join(", "),
            stays:
              how === "delete" &&
              context.migration.execution === "split" &&
              !context.transactions.some((each) => each.explicit)
                ? " Sent statement by statement, the DELETE stays even if the constraint then fails."
                : "",
          },
          objects: [failure.relation],
          maybe: tooBroad.certainty === "maybe" && DOUBTS.rows,
          queries: counted(failure, "Orphans now: no more rows than these may change"),
          related: [
            { file: context.migration.file, range: operation.range, message: "the foreign key that it prepares" },
          ],
          fixes: by.file === context.migration.file ? narrowed(change, tooBroad) : [],
        });
      }
    },
  },
});

/** One more term at the end of a WHERE that is over the table alone and holds no OR. */
function narrowed(operation: Operation | undefined, { keep }: TooBroad): Fix[] {
  if (keep === undefined || !operation || operation.body) return [];
  if (operation.kind !== "deleteRows" && operation.kind !== "updateRows") return [];
  const { change } = operation;
  const others = change.kind === "deleteRows" ? change.using : change.from;
  if (!change.where || change.where.kind === "or" || others.length > 0 || change.returning) return [];
  const { end } = operation.range;
  const edits = [{ range: { start: end, end }, text: ` AND ${keep}` }];
  return [{ title: "Leave rows without a key alone", safety: "unsafe", edits }];
}
