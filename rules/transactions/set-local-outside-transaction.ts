import { defineRule } from "../../src/index.ts";
import { surelySplit } from "../../src/rule-kit.ts";

export default defineRule({
  id: "set-local-outside-transaction",
  title: "SET LOCAL outside of a transaction does nothing",
  category: "transactions",
  severity: "warning",
  since: "0.2.0",
  messages: {
    split:
      "SET LOCAL {name} does nothing here: Prisma sends this file statement by statement, and the setting ends with its own statement.",
    alone: "SET LOCAL {name} does nothing here: no transaction is open, and the setting ends with its own statement.",
  },
  help: "Put BEGIN; before it and COMMIT; after what it is meant for, or write SET and, behind it, RESET {name};.",
  on: {
    set(operation, { execution, migration, report, statement, transactions }) {
      // What is waited for without a lock_timeout is said by missing-lock-timeout, this cause of it too.
      if (!operation.local || operation.body || operation.name === "lock_timeout") return;
      if ((transactions[statement.index]?.id ?? null) !== null) return;
      const { statements } = migration;
      report({
        at: operation,
        message: execution === "split" && statements.length > 1 ? "split" : "alone",
        data: { name: operation.name },
        maybe:
          execution === "split" &&
          statements.length > 1 &&
          !surelySplit(statements) &&
          "whether Prisma can split this file",
      });
    },
  },
});
