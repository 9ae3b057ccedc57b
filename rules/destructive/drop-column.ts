import { defineRule, relationName, relationSql } from "../../src/index.ts";
import { asked, changes, lostColumns, rows, typeSql, DOUBTS } from "../../src/rule-kit.ts";

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
      for (const lost of lostColumns(operation, context)) {
        const { relation, name } = lost;
        const data = { table: relationName(relation), column: name };
        const sql = relationSql(relation);
        const common = {
          at: operation,
          objects: [`${relation}.${name}`],
          queries: asked(context.catalog, relation, [name], "Values that would be lost", rows.countValues(sql, name)),
        };
        if (lost.fate === "type") context.report({ ...common, message: "type", data });
        else if (lost.fate === "retyped") {
          const type = typeSql(lost.type);
          context.report({
            ...common,
            message: "retyped",
            data: { ...data, type, convert: changes.convert(sql, name, type).text },
            help: "If a cast exists, write it by hand and keep the values: {convert} otherwise add a new column, fill it from the old one, and drop that later.",
          });
        } else if (lost.fate === "copied")
          context.report({ ...common, message: "copied", data: { ...data, to: lost.to }, severity: "warning" });
        else {
          const gone = lost.constraints.map((constraint) => `${KEYS[constraint.type]} ${constraint.name}`);
          const along = gone.length === 0 ? "" : `, and with it ${gone.join(" and ")}`;
          context.report({ ...common, message: "values", data: { ...data, along }, maybe: lost.maybe && DOUBTS.there });
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
  notNull: "the NOT NULL",
};
