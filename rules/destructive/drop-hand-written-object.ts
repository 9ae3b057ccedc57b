import { type Constraint, defineRule, relationName, resolve } from "../../src/index.ts";
import { type Birth, dropOf, dropOfColumn, follow, primaryKey } from "../../src/rule-kit.ts";

export default defineRule({
  id: "drop-hand-written-object",
  title: "Something that Prisma's schema cannot express is dropped",
  category: "destructive",
  severity: "error",
  since: "0.1.0",
  messages: {
    diff: "{what} of {table} was written by hand in {migration}: Prisma's schema cannot express it, so that its diff drops it without being asked.",
    byHand:
      "{what} of {table}, written by hand in {migration}, is dropped, and nothing puts it back: Prisma's schema does not know it.",
    view: "{what}, written by hand in {migration}, is dropped, and nothing puts it back: code that reads it fails.",
  },
  help: "If nobody meant it, take the statement out of the migration; the object stays, and Prisma does not mind. If it was meant, say so in a suppression.",
  on: {
    dropIndex(operation, context) {
      const { catalog } = context;
      const index = catalog.indexes.get(resolve(catalog, operation.index));
      if (
        !index?.handWritten ||
        index.constraint !== undefined ||
        !context.deployed(index.table) ||
        !isOld(index.birth, catalog.deployment)
      )
        return;
      const columns = [...index.columns.flatMap((name) => name ?? []), ...index.mentions];
      const after = context.after();
      if (dropOfColumn(catalog, after, index.table, columns)) return;
      const again = follow(catalog, after, index.table, columns).some(
        ({ step }) =>
          step.operation.kind === "createIndex" &&
          (step.operation.name === index.name ||
            step.operation.columns.some((column) => column.column !== undefined && columns.includes(column.column))),
      );
      const already = [...(catalog.relations.get(index.table)?.indexes ?? [])].some(
        (id) =>
          id !== index.id &&
          catalog.indexes.get(id)?.birth?.deployment === catalog.deployment &&
          sameNames(catalog.indexes.get(id)?.columns ?? [], index.columns),
      );
      if (again || already) return;
      const why =
        index.include.length > 0
          ? "INCLUDE index"
          : index.partial
            ? "Partial index"
            : index.columns.includes(null)
              ? "Expression index"
              : "NULLS NOT DISTINCT index";
      // Prisma writes neither of the two: then a person did.
      const meant = operation.concurrently || operation.ifExists;
      context.report({
        at: operation,
        message: meant ? "byHand" : "diff",
        ...(meant && { severity: "warning" as const }),
        data: {
          what: `${why} ${index.name}`,
          table: relationName(index.table),
          migration: index.birth?.migration ?? "",
        },
        objects: [`${index.table}.${index.name}`],
      });
    },
    dropColumn(operation, context) {
      const { catalog } = context;
      const id = resolve(catalog, operation.table);
      const column = catalog.relations.get(id)?.columns.get(operation.column);
      if (
        !column?.generated ||
        !context.deployed(id) ||
        !isOld(column.birth, catalog.deployment) ||
        dropOf(catalog, context.after(), id)
      )
        return;
      const again = follow(catalog, context.after(), id, []).some(
        ({ step }) => step.operation.kind === "addColumn" && step.operation.column.name === column.name,
      );
      if (!again)
        context.report({
          at: operation,
          message: "diff",
          data: {
            what: `Generated column ${column.name}`,
            table: relationName(id),
            migration: column.birth?.migration ?? "",
          },
          objects: [`${id}.${column.name}`],
        });
    },
    dropConstraint(operation, context) {
      const { catalog } = context;
      const id = resolve(catalog, operation.table);
      const table = catalog.relations.get(id);
      const constraint = table?.constraints.get(operation.constraint);
      if (
        !table ||
        (constraint?.type !== "check" && constraint?.type !== "exclusion") ||
        !context.deployed(id) ||
        !isOld(constraint.birth, catalog.deployment)
      )
        return;
      if (constraint.columns.length > 0 && dropOfColumn(catalog, context.after(), id, constraint.columns)) return;
      if (
        dropOf(catalog, context.after(), id) ||
        isRedundant(
          constraint,
          (name) => table.columns.get(name)?.notNull === true || primaryKey(table)?.columns.includes(name) === true,
        )
      )
        return;
      // Put back under its name, or over the same columns: a check that is changed.
      const again = follow(catalog, context.after(), id, constraint.columns).some(
        ({ step: { operation: next } }) =>
          (next.kind === "addCheck" || next.kind === "addExclusion") &&
          (next.constraint.name === constraint.name || (next.kind === "addCheck" && constraint.type === "check")),
      );
      const already = [...table.constraints.values()].some(
        (other) =>
          other !== constraint &&
          other.type === constraint.type &&
          other.birth?.deployment === catalog.deployment &&
          other.columns.some((name) => constraint.columns.includes(name)),
      );
      if (again || already) return;
      const what = `${constraint.type === "check" ? "Check" : "Exclusion constraint"} ${constraint.name}`;
      context.report({
        at: operation,
        message: "byHand",
        severity: "warning",
        data: { what, table: relationName(id), migration: constraint.birth?.migration ?? "" },
        objects: [`${id}.${constraint.name}`],
      });
    },
    dropObject(operation, context) {
      const { catalog } = context;
      const { name } = operation.name;
      const after = context.after();
      if (operation.object === "view" || operation.object === "materializedView") {
        const id = resolve(catalog, operation.name);
        const view = catalog.relations.get(id);
        if (
          !view ||
          (view.kind !== "view" && view.kind !== "materializedView") ||
          !isOld(view.birth, catalog.deployment)
        )
          return;
        // A table or view of that name takes its place.
        const again = after.some(
          ({ operation: next }) =>
            (next.kind === "createView" && resolve(catalog, next.view) === id) ||
            ((next.kind === "createTable" || next.kind === "renameTable") &&
              (next.kind === "createTable" ? next.table.name : next.to) === view.name),
        );
        if (!again)
          context.report({
            at: operation,
            message: "view",
            severity: "warning",
            data: {
              what: `${view.kind === "view" ? "View" : "Materialized view"} ${relationName(id)}`,
              migration: view.birth?.migration ?? "",
            },
            objects: [id],
          });
        return;
      }
      if ((operation.object !== "trigger" && operation.object !== "policy") || !operation.table) return;
      const id = resolve(catalog, operation.table);
      const table = catalog.relations.get(id);
      const known = operation.object === "trigger" ? table?.triggers.has(name) : table?.policies.has(name);
      if (!known || !context.deployed(id) || dropOf(catalog, after, id)) return;
      const made = (step: { readonly operation: (typeof after)[number]["operation"] }) =>
        (step.operation.kind === "createTrigger" || step.operation.kind === "createPolicy") &&
        resolve(catalog, step.operation.table) === id;
      // Born in this deployment, or another of its kind comes or came to the table: it is replaced.
      if (context.before.some(made) || after.some(made)) return;
      context.report({
        at: operation,
        message: "byHand",
        severity: "warning",
        data: {
          what: `${operation.object === "trigger" ? "Trigger" : "Policy"} ${name}`,
          table: relationName(id),
          migration: "an earlier migration",
        },
        objects: [`${id}.${name}`],
      });
    },
  },
});

const isOld = (birth: Birth | undefined, deployment: number): boolean =>
  birth !== undefined && birth.deployment < deployment;
const sameNames = (one: readonly (string | null)[], two: readonly (string | null)[]): boolean =>
  one.join() === two.join();

/** CHECK (x IS NOT NULL) that proved SET NOT NULL and is not needed any more. */
function isRedundant(constraint: Constraint, isNotNull: (column: string) => boolean): boolean {
  const { expression } = constraint;
  return (
    expression?.kind === "isNull" &&
    expression.negated &&
    expression.arg.kind === "column" &&
    isNotNull(expression.arg.column)
  );
}
