import { defineRule } from "../../src/index.ts";
import { usedLabels } from "../../src/rule-kit.ts";

export default defineRule({
  id: "enum-value-used-in-same-transaction",
  title: "An enum value is used in the transaction that adds it",
  category: "transactions",
  severity: "error",
  since: "0.2.0",
  messages: {
    unsafe:
      "PostgreSQL refuses this (55P04): {label} was added to {type} in the same transaction, and can be used once that is committed.",
  },
  help: "Use the value in a migration of its own, after the one that adds it: Prisma commits each migration before the next one.",
  on: {
    operation(operation, { before, catalog, migration, postgres, report, statement, transactions }) {
      const own = transactions[statement.index]?.id ?? null;
      // Most migrations add no value: then there is nothing to look for.
      const added = before.filter(
        (step) =>
          step.operation.kind === "addEnumValue" &&
          step.migration.id === migration.id &&
          own !== null &&
          transactions[step.statement.index]?.id === own,
      );
      if (added.length === 0) return;
      for (const { type, label } of usedLabels(operation, catalog, postgres)) {
        const values = catalog.types.get(type);
        const birth = values?.added.get(label);
        const step = added.find(({ statement: each }) => each.index === birth?.statement);
        // The values of an enum that the same transaction makes can be used.
        const made = values?.birth;
        const young = made?.migration === migration.id && transactions[made.statement]?.id === own;
        if (!step || birth?.migration !== migration.id || young) continue;
        report({
          at: operation,
          message: "unsafe",
          data: { label, type: values?.name ?? type },
          objects: [type],
          related: [{ file: migration.file, range: step.statement.range, message: "It is added here" }],
        });
        return;
      }
    },
  },
});
