import { defineRule, relationName, resolve } from "../../src/index.ts";

export default defineRule({
  id: "invalid-index-leftover",
  title: "IF NOT EXISTS keeps the invalid index of an earlier try",
  category: "transactions",
  severity: "info",
  since: "0.2.0",
  messages: {
    index:
      "If a try to build {index} has failed before, the invalid index that it left is there: IF NOT EXISTS then builds nothing, the migration counts as applied, and no query uses the index.",
    unique:
      "If a try to build {index} has failed before, as it does over duplicates, the invalid index that it left is there: IF NOT EXISTS then builds nothing, the migration counts as applied, and the duplicates are still in {table}.",
  },
  help: "Write DROP INDEX CONCURRENTLY IF EXISTS {index}; in a migration of its own before it, and leave IF NOT EXISTS out.",
  on: {
    createIndex(operation, { before, catalog, deployed, report, statement, transactions }) {
      const { name, unique } = operation;
      if (!operation.concurrently || !operation.ifNotExists || name === undefined || operation.body) return;
      // In a transaction it fails in any case.
      if ((transactions[statement.index]?.id ?? null) !== null) return;
      const table = resolve(catalog, operation.table);
      const gone = before.some(({ operation: step }) => step.kind === "dropIndex" && step.index.name === name);
      if (!deployed(table) || gone) return;
      const common = { at: operation, objects: [table] };
      if (unique)
        report({
          ...common,
          message: "unique",
          data: { index: name, table: relationName(table) },
          severity: "warning",
        });
      else report({ ...common, message: "index", data: { index: name } });
    },
  },
});
