import { defineRule, relationName, resolve } from "../../src/index.ts";
import { constraintOf } from "../../src/rule-kit.ts";

export default defineRule({
  id: "validate-in-same-transaction",
  title: "A foreign key is added NOT VALID and validated in one transaction",
  category: "transactions",
  severity: "warning",
  since: "0.2.0",
  messages: {
    held: "Writes to {table} and {parent} wait while each row of {table} is looked up: ADD CONSTRAINT has locked both (SHARE ROW EXCLUSIVE), and keeps the locks until the transaction ends. NOT VALID has saved nothing.",
  },
  help: "Put VALIDATE CONSTRAINT into a migration of its own: Prisma commits each migration before the next one, and by itself VALIDATE lets writes through.",
  on: {
    validateConstraint(operation, { catalog, deployed, effects, held, migration, report, statement, transactions }) {
      const id = resolve(catalog, operation.table);
      const constraint = constraintOf(catalog, id, operation.constraint);
      if (constraint?.type !== "foreignKey" || constraint.parent === undefined || !deployed(id)) return;
      const { birth, parent } = constraint;
      const added = birth?.migration === migration.id ? migration.statements[birth.statement] : undefined;
      const transaction = transactions[statement.index]?.id ?? null;
      if (!added || transaction === null || transactions[added.index]?.id !== transaction) return;
      // Behind an ACCESS EXCLUSIVE lock nobody reads either, which work-after-exclusive-lock says.
      if ([...held].some(([relation, { mode }]) => mode === "AccessExclusiveLock" && deployed(relation))) return;
      if (!effects.scans.some(({ relation }) => relation === id)) return;
      report({
        at: operation,
        message: "held",
        data: { table: relationName(id), parent: relationName(parent) },
        objects: [id, parent],
        related: [{ file: migration.file, range: added.range, message: "It is added here" }],
      });
    },
  },
});
