import { type Fix, type OperationContext, defineRule, relationName, resolve } from "../../src/index.ts";
import { afterWord, indexesOf, sqlMode } from "../../src/rule-kit.ts";

export default defineRule({
  id: "maintenance-blocks-reads",
  title: "Maintenance locks a table or a materialized view against its readers",
  category: "locking",
  severity: "error",
  since: "0.1.0",
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
    vacuum(operation, context) {
      if (!operation.full) return;
      const named = operation.tables.map((name) => resolve(context.catalog, name));
      const tables = named.filter((id) => context.deployed(id));
      if (named.length > 0 && tables.length === 0) return;
      context.report({
        at: operation,
        message: "vacuum",
        data: said(tables),
        objects: tables,
        help: REPACK,
      });
    },
    cluster(operation, context) {
      const id = operation.table && resolve(context.catalog, operation.table);
      if (id !== undefined && !context.deployed(id)) return;
      const tables = id === undefined ? [] : [id];
      context.report({
        at: operation,
        message: "cluster",
        data: said(tables),
        objects: tables,
        help: REPACK,
      });
    },
    refreshView(operation, context) {
      const id = resolve(context.catalog, operation.view);
      if (operation.concurrently || !context.deployed(id)) return;
      const unique = hasUniqueIndex(context, id);
      context.report({
        at: operation,
        message: operation.withData ? "refresh" : "emptied",
        data: { table: relationName(id) },
        objects: [id],
        help: operation.withData
          ? unique
            ? "Write REFRESH MATERIALIZED VIEW CONCURRENTLY: reads go on. It needs a unique index over plain columns without a WHERE, and a view that has been filled before. A transaction is no hindrance."
            : "Write REFRESH MATERIALIZED VIEW CONCURRENTLY: reads go on. It needs a unique index over plain columns without a WHERE, which this view is not known to have, and a view that has been filled before. A transaction is no hindrance."
          : "Leave the data in place, or refresh it in the same transaction.",
        fixes:
          operation.withData && unique && !operation.body
            ? refreshed(afterWord(context.migration.file, operation, "view"))
            : [],
      });
    },
    lockTable(operation, context) {
      const id = resolve(context.catalog, operation.table);
      const reads = operation.mode === "AccessExclusiveLock";
      if (
        !context.deployed(id) ||
        !(
          reads ||
          operation.mode === "ExclusiveLock" ||
          operation.mode === "ShareRowExclusiveLock" ||
          operation.mode === "ShareLock"
        )
      )
        return;
      context.report({
        at: operation,
        message: "lock",
        data: {
          table: relationName(id),
          mode: sqlMode(operation.mode),
          waiting: reads ? "reads and writes" : "writes",
        },
        objects: [id],
        ...(!reads && { severity: "warning" as const }),
        help: "Leave it out: each statement takes the lock that it needs. Where rows must not change in between, take the weakest mode that serves, with a short lock_timeout.",
      });
    },
  },
});

const REPACK =
  "Take it out of the migration. Plain VACUUM makes the space usable again without a lock; to give it back to the disk use pg_repack or pg_squeeze, which lock for a moment only.";

const said = (tables: readonly string[]) => ({
  table: tables.length === 0 ? "every table" : tables.map(relationName).join(", "),
});

/** Unsafe, since it fails on a view that was never filled. */
const refreshed = (at: number | undefined): Fix[] =>
  at === undefined
    ? []
    : [
        {
          title: "Refresh it concurrently",
          safety: "unsafe",
          edits: [{ range: { start: at, end: at }, text: " CONCURRENTLY" }],
        },
      ];

/** What REFRESH … CONCURRENTLY asks for. */
function hasUniqueIndex({ catalog }: Pick<OperationContext, "catalog">, id: string): boolean {
  const view = catalog.relations.get(id);
  return (
    view !== undefined &&
    indexesOf(catalog, view).some(
      (index) => index.unique && !index.partial && index.columns.every((name) => name !== null),
    )
  );
}
