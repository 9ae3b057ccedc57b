import { type Catalog, type Constraint, type Operation, defineRule, relationName, resolve } from "../../src/index.ts";
import {
  constraintOf,
  constraintPresence,
  dropOf,
  dropOfColumn,
  follow,
  isNew,
  primaryKey,
  relationAt,
  staysUnique,
  DOUBTS,
} from "../../src/rule-kit.ts";

export default defineRule({
  id: "drop-primary-key",
  title: "A table loses its primary key",
  category: "destructive",
  severity: "error",
  since: "0.1.0",
  messages: {
    gone: "{table} loses its primary key {name}. Rows may then repeat, and where the table is published for replication UPDATE and DELETE fail until it has a replica identity again.",
    widened: "The primary key of {table} becomes ({added}): {columns} alone may repeat from then on.",
    replaced: "The primary key of {table} moves to ({added}), and nothing keeps {columns} unique any more.",
    unknown: "{table} loses its primary key {name}, by its name: rows may then repeat.",
  },
  help: "Build the new key first: CREATE UNIQUE INDEX CONCURRENTLY, then drop the old key and add the new one USING INDEX in one statement. Keep the old columns unique by an index if code relies on it.",
  on: {
    dropConstraint(operation, context) {
      const id = resolve(context.catalog, operation.table);
      if (!context.deployed(id)) return;
      const constraint = constraintOf(context.catalog, id, operation.constraint);
      if (constraint ? constraint.type !== "primaryKey" : !/_pkey$/.test(operation.constraint)) return;
      if (operation.ifExists && constraintPresence(context.catalog, id, operation.constraint).is === "absent") return;
      const found = judge(context.catalog, context.after(), id, operation.constraint, constraint);
      if (found) context.report({ at: operation, ...found });
    },
    dropColumn(operation, context) {
      const id = resolve(context.catalog, operation.table);
      const key = primaryKey(relationAt(context.catalog, id));
      if (!context.deployed(id) || !key?.columns.includes(operation.column)) return;
      const found = judge(context.catalog, context.after(), id, key.name, key);
      // Its column is gone, so that only a table without any key is a hazard.
      if (found?.message === "gone") context.report({ at: operation, ...found });
    },
  },
});

type After = readonly { readonly operation: Operation }[];

function judge(catalog: Catalog, after: After, id: string, name: string, constraint: Constraint | undefined) {
  if (isNew(catalog, constraint) || dropOf(catalog, after, id)) return undefined;
  const columns = constraint?.columns ?? [];
  const steps = follow(catalog, after, id, columns);
  const next = steps.find(({ step }) => step.operation.kind === "addPrimaryKey");
  const add = next?.step.operation.kind === "addPrimaryKey" ? next.step.operation.constraint : undefined;
  const table = relationName(id);
  const objects = [`${id}.${name}`];
  if (!add)
    return {
      message: constraint ? ("gone" as const) : ("unknown" as const),
      data: { table, name },
      objects,
      ...(!constraint && { maybe: DOUBTS.constraint }),
    };
  if (
    !constraint ||
    add.usingIndex !== undefined ||
    staysUnique(catalog, after, id, columns, name) ||
    dropOfColumn(catalog, after, id, columns)
  )
    return undefined;
  const wider = (next?.columns ?? columns).every((column) => add.columns.includes(column));
  const data = { table, columns: columns.join(", "), added: add.columns.join(", ") };
  return { message: wider ? ("widened" as const) : ("replaced" as const), data, objects, severity: "warning" as const };
}
