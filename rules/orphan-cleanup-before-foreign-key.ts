import { type Fix, type OperationContext, column, defineRule, orphanRepairs, relationName } from "../src/index.ts";

export default defineRule({
  id: "orphan-cleanup-before-foreign-key",
  title: "A foreign key is checked over existing rows and nothing deals with the orphans before it",
  category: "integrity",
  severity: "error",
  since: "0.1.0",
  messages: {
    nothing: "{table}.{columns} is checked against {parent} in every existing row, and nothing before it deals with rows whose {parent} is gone: one of them and the migration fails (23503).",
  },
  help: "Run the count first. If it is not 0, delete these rows, set their key to NULL or insert the missing {parent} before the constraint; to keep writes going meanwhile, add it NOT VALID and VALIDATE it afterwards.",
  fixable: "unsafe",
  on: {
    operation(operation, context) {
      for (const failure of context.effects.failures) {
        if (failure.kind !== "orphans" || failure.preparation.verdict !== "none") continue;
        // A new child has no rows to be orphans; a new parent makes every row of an old child one.
        if (!context.deployed(failure.relation)) continue;
        const { relation, columns, parent = "", parentColumns = [] } = failure;
        context.report({
          at: operation,
          message: "nothing",
          data: { table: relationName(relation), columns: columns.join(", "), parent: relationName(parent) },
          objects: [relation, parent],
          maybe: failure.certainty === "maybe",
          queries: failure.countQuery ? [{ title: "Orphans now", sql: failure.countQuery }] : [],
          fixes: operation.body ? [] : repairs(context, relation, columns, parent, parentColumns),
        });
      }
    },
  },
});

function repairs(context: Pick<OperationContext<object, string>, "catalog" | "statement">, child: string, columns: readonly string[], parent: string, parentColumns: readonly string[]): Fix[] {
  const nullable = columns.every((name) => {
    const known = column(context.catalog, child, name);
    return known.is === "present" && known.value.notNull === false;
  });
  const at = context.statement.range.start;
  return orphanRepairs(child, columns, parent, parentColumns, nullable).map(({ title, sql }) => ({ title, safety: "unsafe", edits: [{ range: { start: at, end: at }, text: `${sql}\n\n` }] }));
}
