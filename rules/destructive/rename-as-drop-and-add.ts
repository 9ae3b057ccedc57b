import { defineRule, relationName, relationSql } from "../../src/index.ts";
import { asked, changes, columnRename, rows, tableRename, withoutActions } from "../../src/rule-kit.ts";

export default defineRule({
  id: "rename-as-drop-and-add",
  title: "A rename written as DROP and ADD, which loses the values",
  category: "destructive",
  severity: "error",
  since: "0.1.0",
  messages: {
    column:
      "{table}.{column} is dropped and {added}, a column like it, is added empty. If {added} is its new name, all its values are lost: Prisma writes a renamed field as a drop and an add.",
    table:
      "Table {table} is dropped and {added}, with mostly the same columns, is created empty. If {added} is its new name, all its rows are lost: Prisma writes a renamed model as a drop and a create.",
  },
  help: "Rename it in the migration by hand: {sql} Code that is running still uses the old name; to rename in Prisma alone, keep the name in the database with {map}.",
  fixable: "unsafe",
  on: {
    dropColumn(operation, context) {
      const { statement, migration } = context;
      const rename = columnRename(operation, statement, context);
      if (!rename) return;
      const { relation, column, step, whole } = rename;
      const table = relationSql(relation);
      const name = operation.column;
      const sql = changes.renameColumn(table, name, column.name).text;
      const gone = [operation, step.operation];
      context.report({
        at: operation,
        message: "column",
        data: { table: relationName(relation), column: name, added: column.name, sql, map: `@map("${name}")` },
        objects: [`${relation}.${name}`],
        queries: asked(context.catalog, relation, [name], "Values that would be lost", rows.countValues(table, name)),
        related: [{ file: migration.file, range: step.operation.range, message: `${column.name} is added here` }],
        fixes: whole
          ? [
              {
                title: "Rename the column",
                safety: "unsafe",
                leaves: "rename-column",
                edits: withoutActions(migration.file, statement, gone, sql),
              },
            ]
          : [],
      });
    },
    dropTable(operation, context) {
      const rename = tableRename(operation, context);
      if (!rename) return;
      const { relation, name: added, step } = rename;
      const table = relationSql(relation);
      const sql = changes.renameTable(table, added).text;
      context.report({
        at: operation,
        message: "table",
        data: { table: relationName(relation), added, sql, map: `@@map("${operation.table.name}")` },
        objects: [relation],
        queries: asked(context.catalog, relation, [], "Rows that would be lost", rows.count(table)),
        related: [{ file: context.migration.file, range: step.operation.range, message: `${added} is created here` }],
      });
    },
  },
});
