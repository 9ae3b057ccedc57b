import { defineRule } from "../../src/index.ts";
import { DOUBTS } from "../../src/rule-kit.ts";

export default defineRule({
  id: "enum-value-used-in-same-transaction",
  title: "An enum value is used in the transaction that adds it",
  category: "transactions",
  severity: "error",
  since: "0.2.0",
  messages: {
    unsafe:
      "PostgreSQL refuses this ({sqlstate}): {label} was added to {type} in the same transaction, and can be used once that is committed.",
  },
  help: "Use the value in a migration of its own, after the one that adds it: Prisma commits each migration before the next one.",
  on: {
    operation(operation, { effects, migration, report }) {
      const failure = effects.failures.find(({ refusal }) => refusal?.fresh);
      const fresh = failure?.refusal?.fresh;
      const added = fresh && migration.statements[fresh.statement];
      if (!fresh || !added) return;
      report({
        at: operation,
        message: "unsafe",
        data: { label: fresh.label, type: fresh.name, sqlstate: failure.sqlstate },
        objects: [fresh.type],
        maybe: failure.certainty !== "sure" && DOUBTS.branch,
        related: [{ file: migration.file, range: added.range, message: "It is added here" }],
      });
    },
  },
});
