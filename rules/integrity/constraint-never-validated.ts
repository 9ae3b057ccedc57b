import { defineRule, quoted, relationName, relationSql, resolve } from "../../src/index.ts";

export default defineRule({
  id: "constraint-never-validated",
  title: "A constraint is added NOT VALID and nothing validates it",
  category: "integrity",
  severity: "warning",
  since: "0.1.0",
  messages: {
    never:
      "{constraint} of {table} is added NOT VALID and no migration validates it: rows that were there before may break it for ever, and PostgreSQL plans as if it did not exist.",
  },
  help: "Add ALTER TABLE {sql} VALIDATE CONSTRAINT {quoted}; in a later statement or migration: it reads the table without blocking writes.",
  on: {
    operation(operation, context) {
      if (operation.kind !== "addForeignKey" && operation.kind !== "addCheck" && operation.kind !== "addNotNull")
        return;
      const { constraint } = operation;
      const relation = resolve(context.catalog, operation.table);
      if (!constraint.notValid || !context.deployed(relation)) return;
      const settled = context
        .later()
        .some(
          (next) =>
            (next.operation.kind === "validateConstraint" || next.operation.kind === "dropConstraint"
              ? next.operation.constraint === constraint.name
              : next.operation.kind === "dropTable") &&
            "table" in next.operation &&
            next.operation.table?.name === operation.table.name,
        );
      if (settled) return;
      const name = constraint.name ?? "The constraint";
      context.report({
        at: operation,
        message: "never",
        data: {
          constraint: name,
          table: relationName(relation),
          sql: relationSql(relation),
          quoted: constraint.name === undefined ? "…" : quoted(constraint.name),
        },
        objects: [relation],
      });
    },
  },
});
