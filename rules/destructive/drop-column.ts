import { defineRule, relationName, relationSql } from "../../src/index.ts";
import {
  changes,
  copyOfColumn,
  dropOf,
  renamedColumn,
  replacedColumn,
  retypedColumn,
  rows,
  typeSql,
} from "../../src/rule-kit.ts";

export default defineRule({
  id: "drop-column",
  title: "A column is dropped with its values",
  category: "destructive",
  severity: "error",
  since: "0.1.0",
  messages: {
    values:
      "Column {column} of {table} is dropped with all its values{along}. Code that still selects it fails: Prisma Client names every column of a model in its queries.",
    retyped:
      "Column {column} of {table} is dropped and added again as {type}: all its values are lost. Prisma writes this where it knows no cast.",
    copied:
      "Column {column} of {table} is dropped. Its values were copied to {to} before, but code that still selects {column} fails: Prisma Client names every column of a model in its queries.",
    type: "Column {column} of {table} is dropped with all its values, along with its type.",
  },
  help: "Take the field out of schema.prisma and deploy that code first (@ignore keeps the column out of the client). Drop the column with a later deployment, and keep a copy of its values if they may be needed.",
  on: {
    operation(operation, context) {
      if (operation.kind === "dropSchema" || operation.kind === "dropTable") return;
      const after = context.after();
      for (const loss of context.effects.losses) {
        const { relation: id, name } = loss;
        if (loss.kind !== "column" || !loss.data || id === undefined || name === undefined || !context.deployed(id))
          continue;
        const column = context.catalog.relations.get(id)?.columns.get(name);
        if (column?.birth?.deployment === context.catalog.deployment || dropOf(context.catalog, after, id)) continue;
        const data = { table: relationName(id), column: name };
        const common = {
          at: operation,
          objects: [`${id}.${name}`],
          queries: [{ title: "Values that would be lost", sql: rows.countValues(relationSql(id), name).text }],
        };
        if (operation.kind !== "dropColumn") {
          context.report({ ...common, message: "type", data });
          continue;
        }
        // A partition's column goes with its parent's, which is reported.
        if (loss.along) continue;
        const around = {
          before: context.before.filter((step) => step.migration === context.migration),
          after: after.filter((step) => step.migration === context.migration),
        };
        const again = retypedColumn(context.catalog, operation, around);
        const copy = copyOfColumn(context.catalog, context.before, id, name);
        if (again && !copy) {
          const type = typeSql(again.column.type);
          context.report({
            ...common,
            message: "retyped",
            data: { ...data, type, convert: changes.convert(relationSql(id), name, type).text },
            help: "If a cast exists, write it by hand and keep the values: {convert} otherwise add a new column, fill it from the old one, and drop that later.",
          });
        } else if (copy && (again || replacedColumn(context.catalog, after, id, name))) {
          // Copied and put back under its name: nothing is lost, and nobody misses it.
          continue;
        } else if (copy)
          context.report({ ...common, message: "copied", data: { ...data, to: copy.to }, severity: "warning" });
        else if (!renamedColumn(context.catalog, operation, around)) {
          const maybe = column === undefined && (operation.ifExists || operation.body?.conditional === true);
          context.report({
            ...common,
            message: "values",
            data: { ...data, along: keysOf(context.catalog.relations.get(id)?.constraints.values() ?? [], name) },
            maybe,
          });
        }
      }
    },
  },
});

const KEYS = {
  primaryKey: "the primary key",
  unique: "the unique constraint",
  foreignKey: "the foreign key",
  exclusion: "the exclusion constraint",
  check: "the check",
  notNull: "",
};

/** Constraints that PostgreSQL drops with the column without a word. */
function keysOf(
  constraints: Iterable<{
    readonly type: keyof typeof KEYS;
    readonly name: string;
    readonly columns: readonly string[];
  }>,
  column: string,
): string {
  const gone = [...constraints]
    .filter((constraint) => constraint.type !== "notNull" && constraint.columns.includes(column))
    .map((constraint) => `${KEYS[constraint.type]} ${constraint.name}`);
  return gone.length === 0 ? "" : `, and with it ${gone.join(" and ")}`;
}
