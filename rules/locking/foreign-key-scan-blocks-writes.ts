import { type OperationContext, defineRule, quoted, relationName, relationSql, resolve } from "../../src/index.ts";
import { changes, notValid, unended } from "../../src/rule-kit.ts";

interface Options {
  readonly recreated: boolean;
}

export default defineRule({
  id: "foreign-key-scan-blocks-writes",
  title: "A foreign key is checked in every row while writes to both tables wait",
  category: "locking",
  severity: "warning",
  since: "0.1.0",
  messages: {
    both: "{name} is checked in every row of {table} under SHARE ROW EXCLUSIVE locks on {table} and {parent}: inserts, updates and deletes in both wait until the check is through.",
    self: "{name} is checked in every row of {table} under a SHARE ROW EXCLUSIVE lock: inserts, updates and deletes wait until the check is through.",
    inline:
      "The foreign key of the new column {columns} is checked in every row of {table} under an ACCESS EXCLUSIVE lock: reads and writes of {table} wait, and writes to {parent}.",
    empty:
      "{name} has nothing to check, since {columns} is new and NULL everywhere, but PostgreSQL reads all of {table} to see that: writes to {table} and {parent} wait meanwhile.",
  },
  help: "Add it NOT VALID, which is instant, and later, in a transaction of its own, run ALTER TABLE {sql} VALIDATE CONSTRAINT {quoted}: that reads the rows while writes go on.",
  options: {
    schema: {
      type: "object",
      additionalProperties: false,
      properties: {
        recreated: {
          type: "boolean",
          description:
            "Report foreign keys too that are dropped and added again in one deployment, as Prisma does to change ON DELETE.",
        },
      },
    },
    default: { recreated: false },
  },
  fixable: "unsafe",
  on: {
    addForeignKey(operation, context) {
      const id = resolve(context.catalog, operation.table);
      const parent = resolve(context.catalog, operation.constraint.parent);
      const { name, columns } = operation.constraint;
      if (
        !context.deployed(id) ||
        !context.effects.scans.some((scan) => scan.relation !== parent || parent === id) ||
        isRecreated(context)
      )
        return;
      const empty = context.effects.failures.some(
        (failure) =>
          failure.kind === "orphans" &&
          failure.preparation.verdict === "done" &&
          failure.preparation.how === "construction",
      );
      const partitioned = context.catalog.relations.get(id)?.kind === "partitioned" && context.postgres < 18;
      const sql = relationSql(id);
      context.report({
        at: operation,
        message: empty ? "empty" : parent === id ? "self" : "both",
        data: {
          name: name === undefined ? "The foreign key" : `Foreign key ${name}`,
          table: relationName(id),
          parent: relationName(parent),
          columns: columns.join(", "),
          sql,
          quoted: quoted(name ?? "…"),
        },
        objects: [id, parent],
        ...(empty && { severity: "info" as const }),
        ...(partitioned && {
          help: "Before PostgreSQL 18 the foreign key of a partitioned table cannot be NOT VALID. Add it to each partition first, NOT VALID and then validated: the parent's takes these over and checks nothing again.",
        }),
        fixes:
          partitioned || name === undefined ? [] : notValid(context, operation, unended(changes.validate(sql, name))),
      });
    },
    addColumn(operation, context) {
      const id = resolve(context.catalog, operation.table);
      if (!context.deployed(id) || !context.effects.failures.some((failure) => failure.kind === "orphans")) return;
      for (const constraint of operation.column.constraints) {
        if (constraint.type !== "foreignKey" || constraint.notValid || constraint.notEnforced) continue;
        const parent = resolve(context.catalog, constraint.parent);
        context.report({
          at: constraint,
          message: "inline",
          data: {
            table: relationName(id),
            parent: relationName(parent),
            columns: operation.column.name,
            sql: relationSql(id),
          },
          objects: [id, parent],
          help: "Add the column without REFERENCES, then the foreign key with ALTER TABLE {sql} ADD CONSTRAINT … FOREIGN KEY … NOT VALID, and validate it later in a transaction of its own.",
        });
      }
    },
  },
});

/** It was there until this deployment dropped it: Prisma's way to change an action. */
function isRecreated(context: Pick<OperationContext, "effects"> & { readonly options: Options }): boolean {
  if (context.options.recreated) return false;
  return context.effects.failures.some(
    (failure) =>
      failure.kind === "orphans" &&
      failure.preparation.verdict === "done" &&
      failure.preparation.how === "held until now",
  );
}
