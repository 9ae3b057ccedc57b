import { type Statement, defineRule, relationName, relationSql, resolve } from "../../src/index.ts";
import { changes, printed, renamedColumn, renamedTable, rows } from "../../src/rule-kit.ts";

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
      const id = resolve(context.catalog, operation.table);
      const old = context.catalog.relations.get(id)?.columns.get(operation.column);
      if (!context.deployed(id) || old?.birth?.deployment === context.catalog.deployment) return;
      const pair = renamedColumn(context.catalog, operation, aroundIn(context));
      if (!pair) return;
      const added = pair.column.name;
      const sql = changes.renameColumn(relationSql(id), operation.column, added).text;
      const table = context.catalog.relations.get(id);
      const indexed =
        [...(table?.indexes ?? [])].some((each) =>
          context.catalog.indexes.get(each)?.columns.includes(operation.column),
        ) ||
        [...(table?.constraints.values() ?? [])].some((constraint) => constraint.columns.includes(operation.column));
      const same =
        old?.type !== undefined &&
        JSON.stringify(old.type) === JSON.stringify(pair.column.type) &&
        old.notNull === pair.column.notNull &&
        defaultOf(old) === defaultOf(pair.column) &&
        pair.column.constraints.length === 0;
      // Anything else that differs would be left as it was: that needs a decision.
      const whole =
        same &&
        !indexed &&
        !operation.body &&
        pair.step.statement === context.statement &&
        pair.step.operation.kind === "addColumn" &&
        !context.statement.comments.some((comment) => comment.range.start > context.statement.range.start);
      context.report({
        at: operation,
        message: "column",
        data: { table: relationName(id), column: operation.column, added, sql, map: `@map("${operation.column}")` },
        objects: [`${id}.${operation.column}`],
        queries: [
          {
            title: "Values that would be lost",
            sql: rows.countValues(relationSql(id), operation.column).text,
          },
        ],
        related: [
          { file: context.migration.file, range: pair.step.operation.range, message: `${added} is added here` },
        ],
        fixes: whole
          ? [
              {
                title: "Rename the column",
                safety: "unsafe",
                edits: withoutActions(
                  context.migration.file.text,
                  context.statement,
                  [operation, pair.step.operation],
                  sql,
                ),
              },
            ]
          : [],
      });
    },
    dropTable(operation, context) {
      const id = resolve(context.catalog, operation.table);
      if (!context.deployed(id)) return;
      const pair = renamedTable(context.catalog, operation, aroundIn(context));
      if (!pair) return;
      context.report({
        at: operation,
        message: "table",
        data: {
          table: relationName(id),
          added: pair.name,
          sql: changes.renameTable(relationSql(id), pair.name).text,
          map: `@@map("${operation.table.name}")`,
        },
        objects: [id],
        queries: [{ title: "Rows that would be lost", sql: rows.count(relationSql(id)).text }],
        related: [
          { file: context.migration.file, range: pair.step.operation.range, message: `${pair.name} is created here` },
        ],
      });
    },
  },
});

interface Walk {
  readonly migration: object;
  readonly before: Parameters<typeof renamedTable>[2]["before"];
  after(): Parameters<typeof renamedTable>[2]["after"];
}

/** What else the same migration does. */
const aroundIn = (context: Walk) => ({
  before: context.before.filter((step) => step.migration === context.migration),
  after: context.after().filter((step) => step.migration === context.migration),
});

const defaultOf = (column: { readonly default?: Parameters<typeof printed>[0] | undefined }): string =>
  column.default ? printed(column.default) : "";

/** The statement without two of its actions and with `sql` in front; in place of the statement where nothing is left. */
function withoutActions(
  text: string,
  statement: Statement,
  gone: readonly { readonly range: { readonly start: number; readonly end: number } }[],
  sql: string,
) {
  const kept = statement.operations.filter((operation) => !gone.some((each) => each.range === operation.range));
  if (kept.length === 0) return [{ range: statement.range, text: sql.replace(/;$/, "") }];
  const head = text.slice(statement.range.start, statement.operations[0]?.range.start);
  const actions = kept.map((operation) => text.slice(operation.range.start, operation.range.end));
  return [{ range: statement.range, text: `${sql}\n\n${head}${actions.join(",\n")}` }];
}
