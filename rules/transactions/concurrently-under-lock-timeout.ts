import { defineRule } from "../../src/index.ts";
import { changes, insertBefore, refusedInTransaction, surelySplit, timeoutInForce } from "../../src/rule-kit.ts";

export default defineRule({
  id: "concurrently-under-lock-timeout",
  title: "A CONCURRENTLY gives up half-way under a lock_timeout",
  category: "transactions",
  severity: "warning",
  since: "0.2.0",
  messages: {
    own: "{command} waits for every transaction that is older than it; lock_timeout is {value} here, and when that is over it gives up (55P03) and leaves {rest}.",
    earlier:
      "{command} waits for every transaction that is older than it; {migration} leaves lock_timeout at {value}, since Prisma runs all migrations over one connection, and when that is over it gives up (55P03) and leaves {rest}.",
  },
  help: "It blocks nobody while it waits: write RESET lock_timeout; before it, or at the end of the migration that sets it. Where one has failed already, drop what it left first.",
  fixable: "safe",
  on: {
    operation(operation, context) {
      const { catalog, statement, migration, transactions, execution } = context;
      const command = refusedInTransaction(catalog, operation)?.command;
      // In a transaction it fails at once, which concurrently-in-transaction says.
      if (!command?.includes("CONCURRENTLY") || operation.body || (transactions[statement.index]?.id ?? null) !== null)
        return;
      const found = timeoutInForce(statement.index, context);
      if (!found) return;
      const { value, from } = found;
      const data = {
        command,
        value,
        rest: operation.kind === "detachPartition" ? "a detach that is pending" : "an invalid index",
      };
      const common = {
        at: operation,
        fixes:
          execution === "split" && surelySplit(migration.statements)
            ? [
                {
                  title: "Reset lock_timeout before it",
                  safety: "safe" as const,
                  edits: [insertBefore(migration.file, statement, changes.noLockTimeout().text)],
                },
              ]
            : [],
      };
      if (from) context.report({ ...common, message: "earlier", data: { ...data, migration: from.id } });
      else context.report({ ...common, message: "own", data });
    },
  },
});
