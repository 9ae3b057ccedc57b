import { defineRule, relationName, resolve } from "../../src/index.ts";
import { afterWord, concurrently, dropOf, indexAt, isPartial, relationAt, DOUBTS } from "../../src/rule-kit.ts";

export default defineRule({
  id: "index-drop-blocks-reads",
  title: "An index is dropped under a lock that reads wait for",
  category: "locking",
  // It is over at once: what takes long behind it is for work-after-exclusive-lock, that nothing bounds the wait for missing-lock-timeout.
  severity: "info",
  since: "0.1.0",
  messages: {
    known:
      "Dropping index {index} takes an ACCESS EXCLUSIVE lock on {table}: it waits for every running query there, and all others, reads too, queue behind it.",
    unknown:
      "Dropping index {index} takes an ACCESS EXCLUSIVE lock on its table: it waits for every running query there, and all others, reads too, queue behind it.",
  },
  help: "Write DROP INDEX CONCURRENTLY, one index a statement, and put it alone in a migration: in a file with anything else Prisma sends it in a transaction, where PostgreSQL refuses it.",
  fixable: "safe",
  on: {
    dropIndex(operation, context) {
      const { catalog } = context;
      if (operation.concurrently) return;
      const id = resolve(catalog, operation.index);
      const index = indexAt(catalog, id);
      // The index of a constraint is not dropped but refused.
      if (
        index &&
        (index.constraint !== undefined ||
          !context.deployed(index.table) ||
          dropOf(catalog, context.after(), index.table))
      )
        return;
      // In a file by itself, or a history that begins in the middle, what it does not create may be there.
      if (!index && operation.ifExists && !isPartial(catalog)) return;
      const table = index && relationAt(catalog, index.table);
      const plain = !operation.cascade && table?.kind !== "partitioned";
      context.report({
        at: operation,
        message: index ? "known" : "unknown",
        data: { index: operation.index.name, table: relationName(index?.table ?? "") },
        objects: index ? [index.table, id] : [id],
        maybe: !index && operation.ifExists && DOUBTS.there,
        fixes: plain
          ? concurrently(
              context,
              afterWord(context.migration.file, { ...operation, range: context.statement.range }, "index"),
              { title: "Drop the index concurrently", unsplittable: true },
            )
          : [],
        ...(table?.kind === "partitioned" && {
          help: "The index of a partitioned table cannot be dropped CONCURRENTLY. Drop it with a short lock_timeout, and try again where that runs out.",
        }),
      });
    },
  },
});
