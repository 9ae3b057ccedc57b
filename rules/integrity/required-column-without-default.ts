import {
  type Fix,
  type OperationContext,
  type OperationOf,
  defineRule,
  relationName,
  relationSql,
} from "../../src/index.ts";
import { counted, changes, unended, keywordsAt } from "../../src/rule-kit.ts";

export default defineRule({
  id: "required-column-without-default",
  title: "A required column without a default is added to a table that may have rows",
  category: "integrity",
  severity: "error",
  since: "0.1.0",
  messages: {
    fails:
      "{table} gets the required column {column} without a default: with a single row in the table the statement fails ({sqlstate}).",
  },
  help: "Add it with a constant default, or nullable: fill it, then SET NOT NULL. Code that is running meanwhile does not write it, so a default in the database has to stay until that code is gone.",
  fixable: "display",
  on: {
    addColumn(operation, context) {
      for (const failure of context.effects.failures) {
        if (failure.kind !== "nulls" || failure.preparation.verdict === "done" || !context.deployed(failure.relation))
          continue;
        const { column } = operation;
        const table = relationSql(failure.relation);
        context.report({
          at: operation,
          message: "fails",
          data: { table: relationName(failure.relation), column: column.name, sqlstate: failure.sqlstate },
          objects: [`${failure.relation}.${column.name}`],
          queries: counted(failure, "Rows in the table"),
          fixes: nullableFirst(operation, context, table),
        });
        return;
      }
    },
  },
});

/** The column as it is written but for NOT NULL, which comes after the values. */
function nullableFirst(
  operation: OperationOf<"addColumn">,
  { migration: { file }, statement }: OperationContext,
  table: string,
): Fix[] {
  const { name, notNullName } = operation.column;
  const required = keywordsAt(file, operation, "not", "null");
  // A primary key of the same statement takes no NULL, not even until the next one.
  const key = statement.operations.some(
    (each) => each.kind === "addPrimaryKey" && each.constraint.columns.includes(name),
  );
  if (operation.body || notNullName !== undefined || !required || key) return [];
  const after = [changes.fill(table, name).text, unended(changes.setNotNull(table, name))];
  return [
    {
      title: "Add it nullable, fill it, then require it",
      safety: "display",
      edits: [
        { range: required, text: "" },
        { range: { start: statement.range.end, end: statement.range.end }, text: `;\n${after.join("\n")}` },
      ],
    },
  ];
}
