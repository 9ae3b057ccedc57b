import { type Lock, type StatementContext, type Step, defineRule, relationName, resolve } from "../../src/index.ts";
import { type NextStep, dropOf, sameColumns, sqlMode, strength } from "../../src/rule-kit.ts";

export default defineRule({
  id: "locks-partner-table",
  title: "The table at the other end of a foreign key is locked too",
  category: "locking",
  severity: "info",
  since: "0.1.0",
  messages: {
    partner:
      "This also takes {mode} on {partners}, at the other end of a foreign key: reads and writes there wait for it too.",
    added:
      "The new foreign keys of {tables} also take {mode} on {partners}: writes there wait for a moment, or for as long as the lock has to queue.",
    unknown:
      "If {name} is a foreign key, dropping it also takes {mode} on the table that it references: reads and writes there wait for it too.",
  },
  help: "Count these tables too when you choose the time, and set a short lock_timeout: while a lock has to queue everybody behind it waits.",
  on: {
    statement(_statement, context) {
      if (!context.steps.some((step) => releases(step) || adds(step, context))) return;
      const earlier = context.before.filter((step) => step.migration === context.migration);
      const after = context.after();
      const told = new Set(earlier.filter(releases).flatMap((step) => partners(step, context)));
      const all: readonly NextStep[] = [...context.steps, ...after];
      const causes = context.steps.filter((step) => releases(step) && !comesBack(step, all, context));
      const locked = [...new Set(causes.flatMap((step) => partners(step, context)))].filter(
        (id) => !told.has(id) && !dropOf(context.catalog, all, id),
      );
      const cause = causes.find((step) => partners(step, context).some((id) => locked.includes(id)));
      if (cause)
        context.report({
          at: cause.operation,
          message: "partner",
          data: { mode: EXCLUSIVE, partners: names(locked) },
          objects: locked,
        });

      for (const step of causes) {
        const { operation } = step;
        if (
          operation.kind !== "dropConstraint" ||
          !/_fkey\d*$/.test(operation.constraint) ||
          !step.effects.losses.some((loss) => loss.certainty === "maybe")
        )
          continue;
        const table = resolve(context.catalog, operation.table);
        if (context.deployed(table))
          context.report({
            at: operation,
            message: "unknown",
            data: { mode: EXCLUSIVE, name: operation.constraint },
            objects: [table],
            maybe: true,
          });
      }

      // Once a migration: Prisma writes every foreign key of every new table as a statement of its own.
      const addition = context.steps.find((step) => adds(step, context));
      if (!addition || earlier.some((step) => adds(step, context))) return;
      const additions = all
        .filter((step) => step.migration === context.migration)
        .flatMap((step) => newKeys(step, context));
      const parents = [...new Set(additions.map(({ parent }) => parent))];
      const tables = [...new Set(additions.map(({ table }) => table))];
      context.report({
        at: addition.operation,
        message: "added",
        data: { mode: sqlMode("ShareRowExclusiveLock"), partners: names(parents), tables: names(tables) },
        objects: parents,
      });
    },
  },
});

const EXCLUSIVE = sqlMode("AccessExclusiveLock");
type Context = StatementContext;

const names = (ids: readonly string[]): string => ids.map(relationName).join(", ");

/** Statements that end or remake a foreign key, which locks its other side. */
const releases = ({ operation: { kind } }: NextStep): boolean =>
  kind === "dropConstraint" || kind === "dropColumn" || kind === "dropTable" || kind === "alterColumnType";

/** Deployed tables at the other end of a foreign key that the step locks against writes. */
function partners({ operation, effects }: Step, { catalog, deployed }: Context): string[] {
  const own = "table" in operation && operation.table ? resolve(catalog, operation.table) : "";
  const other = ({ relation, mode, partner, certainty }: Lock): boolean => {
    if (!partner || certainty !== "sure" || strength(mode) < strength("ShareRowExclusiveLock") || !deployed(relation))
      return false;
    const known = catalog.relations.get(relation);
    return (
      known?.kind !== "view" &&
      known?.kind !== "materializedView" &&
      known?.parents.has(own) !== true &&
      !(operation.kind === "dropTable" && known?.kind === "partitioned")
    );
  };
  return effects.locks.filter(other).map((lock) => lock.relation);
}

/** The foreign key is dropped only to be added again: what follows names its parent. */
function comesBack({ operation }: Step, steps: readonly NextStep[], { catalog }: Context): boolean {
  if (operation.kind !== "dropConstraint") return false;
  const table = resolve(catalog, operation.table);
  const released = catalog.relations
    .get(table)
    ?.released.find((constraint) => constraint.name === operation.constraint);
  return steps.some(({ operation: next }) => {
    if (next.kind !== "addForeignKey" || resolve(catalog, next.table) !== table) return false;
    return released
      ? sameColumns(next.constraint.columns, released.columns)
      : next.constraint.name === operation.constraint;
  });
}

/** Foreign keys that come with a new table or a new column; those of existing tables are `foreign-key-scan-blocks-writes`. */
function newKeys(
  { operation }: NextStep,
  { catalog, deployed }: Context,
): { readonly table: string; readonly parent: string }[] {
  if (operation.kind !== "createTable" && operation.kind !== "addForeignKey" && operation.kind !== "addColumn")
    return [];
  const table = resolve(catalog, operation.table);
  if (operation.kind === "addForeignKey" && deployed(table)) return [];
  const constraints =
    operation.kind === "createTable"
      ? [...operation.constraints, ...operation.columns.flatMap((column) => column.constraints)]
      : operation.kind === "addColumn"
        ? operation.column.constraints
        : [{ type: "foreignKey" as const, ...operation.constraint }];
  return constraints
    .flatMap((constraint) => (constraint.type === "foreignKey" ? [resolve(catalog, constraint.parent)] : []))
    .flatMap((parent) => (parent !== table && deployed(parent) ? [{ table, parent }] : []));
}

const adds = (step: Step, context: Context): boolean =>
  newKeys(step, context).length > 0 && partners(step, context).length > 0;
