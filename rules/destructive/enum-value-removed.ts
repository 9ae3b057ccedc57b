import { defineRule, relationName, relationSql } from "../../src/index.ts";
import { asked, changes, enumCast, rows, unended, DOUBTS } from "../../src/rule-kit.ts";

/** A cast over text to a type that the history does not show. */
const INVALID_TEXT_REPRESENTATION = "22P02";

export default defineRule({
  id: "enum-value-removed",
  title: "Values of an enum are removed, which rewrites its tables and fails on rows that hold one",
  category: "destructive",
  severity: "error",
  since: "0.1.0",
  messages: {
    removed:
      "Enum {type} loses {values}: its columns are cast to a new type, which rewrites {tables} under an ACCESS EXCLUSIVE lock and fails ({sqlstate}) if a row still holds {it}.",
    renamed:
      "Enum {type} loses {values} and gains {added}. If that is a rename, this fails ({sqlstate}) on the first row that holds {values}, and rewrites {tables} besides.",
    prepared:
      "Enum {type} loses {values}. Rows that hold {it} are changed before. The cast still rewrites {tables} under an ACCESS EXCLUSIVE lock, and running code that still writes {it} fails.",
    unknown:
      "The type of {columns} is replaced by a new one. If values were removed from it, the statement fails ({sqlstate}) on rows that hold one. Either way the cast rewrites {tables} under an ACCESS EXCLUSIVE lock.",
  },
  help: "Move the rows to another value first, in a deployment of its own, and stop the code from writing it. A value that nobody uses does no harm: leaving it in the database is safest.",
  on: {
    alterColumnType(operation, context) {
      const cast = enumCast(operation, context);
      if (!cast) return;
      const { uses, from, unknown } = cast;
      const tables = [...new Set(uses.map((use) => relationName(use.table)))].join(", ");
      const columns = uses.map((use) => `${relationName(use.table)}.${use.column}`).join(", ");
      const objects = uses.map((use) => `${use.table}.${use.column}`);
      const sqlstate =
        context.effects.failures.find(({ kind }) => kind === "enumValueInUse")?.sqlstate ?? INVALID_TEXT_REPRESENTATION;
      if (!from) {
        // The history does not show the old type. Only a cast over text says that it was an enum too.
        if (unknown && operation.using)
          context.report({
            at: operation,
            message: "unknown",
            data: { tables, columns, sqlstate },
            objects,
            maybe: DOUBTS.oldType,
          });
        return;
      }
      const { type, removed, added, moved } = from;
      const [only = ""] = removed;
      if (removed.length === 0) return;
      const data = { type: type.name, values: removed.join(", "), tables };
      const it = removed.length === 1 ? only : "one of them";
      const common = {
        at: operation,
        objects: [type.id, ...objects],
        related: uses.flatMap((use) =>
          use.operation === operation
            ? []
            : [{ file: context.migration.file, range: use.operation.range, message: `the cast of ${use.column}` }],
        ),
        queries: uses.flatMap(({ table, column }) => {
          const count = rows.countEach(relationSql(table), column, removed);
          return asked(context.catalog, table, [column], `Rows of ${relationName(table)} that hold it`, count);
        }),
      };
      if (moved) context.report({ ...common, message: "prepared", data: { ...data, it }, severity: "info" });
      else if (removed.length === 1 && added.length === 1)
        context.report({
          ...common,
          message: "renamed",
          data: {
            ...data,
            sqlstate,
            added: added.join(""),
            rename: unended(changes.renameValue(relationSql(type.id), only, added.join(""))),
          },
          help: "For a rename write {rename} instead: no row is touched. Running code still sends the old value, so that adding the new one first and moving over is safer.",
        });
      else context.report({ ...common, message: "removed", data: { ...data, it, sqlstate } });
    },
  },
});
