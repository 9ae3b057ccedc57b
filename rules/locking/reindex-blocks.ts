import { type Catalog, defineRule, relationName, resolve } from "../../src/index.ts";
import { afterWord, concurrently, constraintOf, indexAt } from "../../src/rule-kit.ts";

export default defineRule({
  id: "reindex-blocks",
  title: "Indexes are rebuilt while their table's writes wait, and reads that use them",
  category: "locking",
  severity: "error",
  since: "0.1.0",
  dependsOnSize: true,
  messages: {
    known:
      "REINDEX takes a SHARE lock on {tables} and ACCESS EXCLUSIVE on each index: writes wait until it is done, and so does every query that would use the index.",
    unknown:
      "REINDEX takes a SHARE lock on each table concerned and ACCESS EXCLUSIVE on each index: writes wait until it is done, and so does every query that would use the index.",
  },
  help: "Write REINDEX … CONCURRENTLY, alone in a migration of its own: it must not share a transaction.",
  fixable: "safe",
  on: {
    reindex(operation, context) {
      if (operation.concurrently) return;
      const known =
        operation.target !== "index" ||
        indexAt(context.catalog, resolve(context.catalog, operation.name)) !== undefined;
      const tables = context.effects.scans.map((scan) => scan.relation).filter((id) => context.deployed(id));
      if (known && tables.length === 0 && (operation.target === "index" || operation.target === "table")) return;
      const exclusion =
        operation.target === "index" && isOfExclusion(context.catalog, resolve(context.catalog, operation.name));
      const never = operation.target === "system" || exclusion;
      const shown =
        tables.slice(0, 3).map(relationName).join(", ") +
        (tables.length > 3 ? ` and ${tables.length - 3} more tables` : "");
      context.report({
        at: operation,
        message: tables.length > 0 ? "known" : "unknown",
        data: { tables: shown },
        objects: tables,
        // Neither the catalogs of the system nor the index of an EXCLUDE constraint can be rebuilt concurrently.
        ...(never && {
          help: "It cannot be rebuilt CONCURRENTLY: take it out of the migration, and rebuild it in a maintenance window." as const,
        }),
        fixes: never
          ? []
          : concurrently(context, afterWord(context.migration.file, operation, operation.target), {
              title: "Reindex concurrently",
            }),
      });
    },
  },
});

function isOfExclusion(catalog: Catalog, id: string): boolean {
  const index = indexAt(catalog, id);
  const name = index?.constraint;
  return index !== undefined && name !== undefined && constraintOf(catalog, index.table, name)?.type === "exclusion";
}
