import { type Fix, defineRule, relationName } from "../../src/index.ts";
import { afterWord, blockedBy, maintenance, sqlMode } from "../../src/rule-kit.ts";

const REPACK =
  "Take it out of the migration. Plain VACUUM makes the space usable again without a lock; to give it back to the disk use pg_repack or pg_squeeze, which lock for a moment only.";

export default defineRule({
  id: "maintenance-blocks-reads",
  title: "Maintenance locks a table or a materialized view against its readers",
  category: "locking",
  severity: "error",
  since: "0.1.0",
  dependsOnSize: ["vacuum", "cluster"],
  messages: {
    vacuum:
      "VACUUM FULL copies {table} under an ACCESS EXCLUSIVE lock: reads and writes wait until the last row is copied.",
    cluster:
      "CLUSTER copies {table} in the order of an index under an ACCESS EXCLUSIVE lock: reads and writes wait until the last row is copied.",
    refresh:
      "REFRESH MATERIALIZED VIEW recomputes {table} under an ACCESS EXCLUSIVE lock: reads of it wait until its query is through.",
    emptied: "REFRESH … WITH NO DATA empties {table}: every read of it fails until it is refreshed again.",
    lock: "LOCK TABLE takes {mode} on {table} and keeps it until the transaction ends: {waiting} wait that long.",
  },
  help: "Take it out of the migration.",
  fixable: "unsafe",
  on: {
    operation(operation, context) {
      const found = maintenance(operation, context);
      if (!found) return;
      const table = found.tables.length === 0 ? "every table" : found.tables.map(relationName).join(", ");
      const common = { at: operation, objects: found.tables };
      const data = { table };
      if (found.work === "lock") {
        context.report({
          ...common,
          message: "lock",
          data: { table, mode: sqlMode(found.mode), waiting: blockedBy(found.mode) },
          severity: found.mode === "AccessExclusiveLock" ? undefined : "warning",
          help: "Leave it out: each statement takes the lock that it needs. Where rows must not change in between, take the weakest mode that serves, with a short lock_timeout.",
        });
      } else if (found.work === "empty")
        context.report({
          ...common,
          message: "emptied",
          data,
          help: "Leave the data in place, or refresh it in the same transaction.",
        });
      else if (found.work === "refresh")
        context.report({
          ...common,
          message: "refresh",
          data: { table, unless: found.concurrent ? "" : ", which this view is not known to have" },
          help: "Write REFRESH MATERIALIZED VIEW CONCURRENTLY: reads go on. It needs a unique index over plain columns without a WHERE{unless}, and a view that has been filled before. A transaction is no hindrance.",
          fixes:
            found.concurrent && !operation.body ? refreshed(afterWord(context.migration.file, operation, "view")) : [],
        });
      else context.report({ ...common, message: found.work, data, help: REPACK });
    },
  },
});

/** Unsafe, since it fails on a view that was never filled. */
function refreshed(at: number | undefined): Fix[] {
  if (at === undefined) return [];
  const edits = [{ range: { start: at, end: at }, text: " CONCURRENTLY" }];
  return [{ title: "Refresh it concurrently", safety: "unsafe", edits }];
}
