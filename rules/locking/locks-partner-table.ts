import { defineRule, relationName } from "../../src/index.ts";
import { partnerLocks, sqlMode, DOUBTS } from "../../src/rule-kit.ts";

export default defineRule({
  id: "locks-partner-table",
  title: "The table at the other end of a foreign key is locked too",
  category: "locking",
  severity: "info",
  since: "0.1.0",
  messages: {
    partner:
      "This also takes {mode} on {partners}, at the other end of a foreign key: reads and writes there wait for it too.",
    added:
      "The new foreign keys of {tables} also take {mode} on {partners}: writes there wait for a moment, or for as long as the lock has to queue.",
    unknown:
      "If {name} is a foreign key, dropping it also takes {mode} on the table that it references: reads and writes there wait for it too.",
  },
  help: "Count these tables too when you choose the time, and set a short lock_timeout: while a lock has to queue everybody behind it waits.",
  on: {
    statement(_statement, context) {
      const { released, unknown, added } = partnerLocks(context);
      if (released)
        context.report({
          at: released.by,
          message: "partner",
          data: { mode: EXCLUSIVE, partners: names(released.partners) },
          objects: released.partners,
        });
      for (const { by, table } of unknown) {
        const data = { mode: EXCLUSIVE, name: by.constraint };
        context.report({ at: by, message: "unknown", data, objects: [table], maybe: DOUBTS.constraint });
      }
      if (added)
        context.report({
          at: added.by,
          message: "added",
          data: {
            mode: sqlMode("ShareRowExclusiveLock"),
            partners: names(added.partners),
            tables: names(added.tables),
          },
          objects: added.partners,
        });
    },
  },
});

const EXCLUSIVE = sqlMode("AccessExclusiveLock");

const names = (ids: readonly string[]): string => ids.map(relationName).join(", ");
