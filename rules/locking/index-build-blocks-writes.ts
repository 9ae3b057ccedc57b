import { defineRule, relationName, resolve } from "../../src/index.ts";
import { afterWord, concurrently, relationAt } from "../../src/rule-kit.ts";

export default defineRule({
  id: "index-build-blocks-writes",
  title: "An index is built while writes to its table wait",
  category: "locking",
  severity: "error",
  since: "0.1.0",
  dependsOnSize: true,
  messages: {
    table:
      "{index} is built under a SHARE lock on {table}: inserts, updates and deletes wait until the whole table has been read and sorted.",
    partitioned:
      "{index} is built under a SHARE lock on {table} and on all its partitions: inserts, updates and deletes wait until every one has been read and sorted.",
  },
  help: "Write CREATE INDEX CONCURRENTLY: writes go on while it builds. It must not share a transaction: up to Prisma 7.3 it needs a migration of its own, from 7.4 it may be any statement outside BEGIN.",
  fixable: "safe",
  on: {
    createIndex(operation, context) {
      if (
        operation.concurrently ||
        !context.effects.scans.some((scan) => scan.kind === "index" && context.deployed(scan.relation))
      )
        return;
      const id = resolve(context.catalog, operation.table);
      const table = relationAt(context.catalog, id);
      const partitioned = table?.kind === "partitioned";
      context.report({
        at: operation,
        message: partitioned ? "partitioned" : "table",
        data: { index: operation.name === undefined ? "An index" : `Index ${operation.name}`, table: relationName(id) },
        objects: [id],
        // PostgreSQL refuses CONCURRENTLY on a partitioned table, and IF NOT EXISTS with it keeps what a failed build left.
        fixes:
          partitioned || operation.ifNotExists
            ? []
            : concurrently(context, afterWord(context.migration.file, operation, "index"), {
                title: "Build the index concurrently",
              }),
        ...(partitioned && {
          help: "A partitioned table takes no CONCURRENTLY. Create the index ON ONLY the parent, which is instant, build one on each partition with CREATE INDEX CONCURRENTLY, and attach these with ALTER INDEX … ATTACH PARTITION.",
        }),
        ...(operation.ifNotExists &&
          !partitioned && {
            help: "Write CREATE INDEX CONCURRENTLY without IF NOT EXISTS: a build that failed leaves an invalid index of that name, which IF NOT EXISTS would keep. It must not share a transaction: up to Prisma 7.3 it needs a migration of its own.",
          }),
      });
    },
  },
});
