import { type Fix, type Operation, defineRule, relationName, relationSql, resolve } from "../../src/index.ts";
import {
  type FixPlace,
  addsStatements,
  changes,
  lineBreak,
  notValid,
  objectName,
  partsOf,
  unended,
} from "../../src/rule-kit.ts";

const WAIT = "reads and writes wait until it is through";

export default defineRule({
  id: "constraint-scan-blocks-reads",
  title: "A constraint is checked, or its index built, while reads of the table wait",
  category: "locking",
  severity: "error",
  since: "0.1.0",
  messages: {
    check: `{name} is checked in every row of {table} under an ACCESS EXCLUSIVE lock: ${WAIT}.`,
    index: `The index of {name} is built over {table} under an ACCESS EXCLUSIVE lock: ${WAIT}.`,
    notNull: `All of {table} is read under an ACCESS EXCLUSIVE lock to see that {columns} has no NULL: ${WAIT}.`,
    domain:
      "Every value of the domain is checked under SHARE locks on {tables}: inserts, updates and deletes wait until it is through.",
  },
  help: "Add the constraint NOT VALID, which is instant, and later, in a transaction of its own, run ALTER TABLE {sql} VALIDATE CONSTRAINT …: that reads the rows while reads and writes go on.",
  fixable: "unsafe",
  on: {
    addCheck(operation, context) {
      const id = resolve(context.catalog, operation.table);
      const { name } = operation.constraint;
      if (!context.effects.scans.some((scan) => context.deployed(scan.relation))) return;
      context.report({
        at: operation,
        message: "check",
        data: { ...said(id), name: name === undefined ? "The CHECK" : `CHECK ${name}`, sql: relationSql(id) },
        objects: [id],
        fixes: name === undefined ? [] : notValid(context, operation, unended(changes.validate(relationSql(id), name))),
      });
    },
    setNotNull(operation, context) {
      const id = resolve(context.catalog, operation.table);
      if (!context.effects.scans.some((scan) => context.deployed(scan.relation))) return;
      context.report({
        at: operation,
        message: "notNull",
        data: { ...said(id), columns: operation.column },
        objects: [`${id}.${operation.column}`],
        // A CHECK that proves it would spare the scan, and a table that the history does not create may have one.
        maybe: context.catalog.relations.get(id)?.complete !== true,
        help: "Add CHECK ({columns} IS NOT NULL) NOT VALID first and validate it in a transaction of its own, while reads and writes go on. SET NOT NULL then sees the proof and reads nothing; drop the CHECK after it.",
        fixes: provenNotNull(context, operation, id),
      });
    },
    addNotNull(operation, context) {
      const id = resolve(context.catalog, operation.table);
      if (!context.effects.scans.some((scan) => context.deployed(scan.relation))) return;
      const { name, column } = operation.constraint;
      const fixes =
        name === undefined ? [] : notValid(context, operation, unended(changes.validate(relationSql(id), name)));
      context.report({
        at: operation,
        message: "notNull",
        data: { ...said(id), columns: column, sql: relationSql(id) },
        objects: [`${id}.${column}`],
        fixes,
      });
    },
    operation(operation, context) {
      if (operation.kind !== "addUnique" && operation.kind !== "addPrimaryKey" && operation.kind !== "addExclusion")
        return;
      const id = resolve(context.catalog, operation.table);
      const scan = context.effects.scans.find((each) => context.deployed(each.relation));
      if (!scan) return;
      const what = { addUnique: "UNIQUE", addPrimaryKey: "PRIMARY KEY", addExclusion: "EXCLUDE" }[operation.kind];
      const { name } = operation.constraint;
      const common = { at: operation, objects: [id], maybe: scan.certainty === "maybe" };
      const named = { ...said(id), name: name === undefined ? `the ${what} constraint` : `${what} ${name}` };
      if (operation.kind === "addExclusion")
        context.report({
          ...common,
          message: "index",
          data: named,
          help: "PostgreSQL has no way to add an EXCLUDE constraint without this lock. Add it when the table is created, or in a maintenance window, with a short lock_timeout.",
        });
      else if (scan.kind === "index")
        context.report({
          ...common,
          message: "index",
          data: { ...named, what },
          help: "Build the index first with CREATE UNIQUE INDEX CONCURRENTLY, alone in its transaction, then ADD CONSTRAINT … {what} USING INDEX: that takes the lock for a moment only.",
          fixes: indexFirst(context, operation, id, what),
        });
      else
        context.report({
          ...common,
          message: "notNull",
          data: {
            ...said(id),
            columns: context.effects.failures.find((failure) => failure.kind === "nulls")?.columns.join(", ") ?? "",
          },
          help: "Make the columns NOT NULL first, by a CHECK that is validated in a transaction of its own: the PRIMARY KEY then reads nothing.",
        });
    },
    addColumn(operation, context) {
      const id = resolve(context.catalog, operation.table);
      const scanned = context.effects.scans.some((scan) => context.deployed(scan.relation));
      if (!scanned) return;
      for (const constraint of operation.column.constraints) {
        const checks = constraint.type === "check" && !constraint.notValid && !constraint.notEnforced;
        if (!checks && constraint.type !== "unique" && constraint.type !== "primaryKey") continue;
        const column = `the new column ${operation.column.name}`;
        const common = { at: constraint, objects: [`${id}.${operation.column.name}`] };
        if (checks)
          context.report({
            ...common,
            message: "check",
            data: { ...said(id), name: `The CHECK of ${column}`, sql: relationSql(id) },
            help: "Add the column without the CHECK, then the CHECK with ALTER TABLE {sql} ADD CONSTRAINT … NOT VALID, and validate it later in a transaction of its own.",
          });
        else
          context.report({
            ...common,
            message: "index",
            data: { ...said(id), name: column },
            help: "Add the column by itself, build the index with CREATE UNIQUE INDEX CONCURRENTLY, alone in its transaction, then ADD CONSTRAINT … USING INDEX.",
          });
      }
    },
    alterDomain(operation, context) {
      const tables = context.effects.scans.map((scan) => scan.relation).filter((id) => context.deployed(id));
      if (operation.action === "validate" || tables.length === 0) return;
      const help =
        operation.action === "addCheck"
          ? "Add the constraint to the domain NOT VALID, and validate it later with ALTER DOMAIN … VALIDATE CONSTRAINT."
          : "Leave the domain nullable and put NOT NULL on the columns, by a CHECK that is validated first.";
      context.report({
        at: operation,
        message: "domain",
        data: { tables: tables.map(relationName).join(", ") },
        objects: tables,
        severity: "warning",
        help,
      });
    },
  },
});

const said = (id: string) => ({ table: relationName(id) });

/** The CHECK that proves it, validated, then SET NOT NULL. */
function provenNotNull(context: FixPlace, operation: Extract<Operation, { kind: "setNotNull" }>, id: string): Fix[] {
  const { statement, migration } = context;
  if (statement.operations.length !== 1 || operation.body) return [];
  const name = objectName(partsOf(id).name, operation.column, "not_null");
  const table = relationSql(id);
  const add = unended(changes.proveNotNull(table, operation.column, name));
  const then = [
    changes.validate(table, name),
    changes.setNotNull(table, operation.column),
    changes.dropConstraint(table, name),
  ].map(unended);
  const nl = lineBreak(migration.file);
  if (addsStatements(context))
    return [
      {
        title: "Prove it with a CHECK first",
        safety: "unsafe",
        edits: [{ range: statement.range, text: [add, ...then].join(`;${nl}`) }],
      },
    ];
  const text = `${add};${nl}-- In a later migration:${nl}${then
    .slice(0, 1)
    .map((line) => `-- ${line};`)
    .join(nl)}${nl}-- In one after that:${nl}${then
    .slice(1)
    .map((line) => `-- ${line};`)
    .join(nl)}`.replace(/;$/, "");
  return [
    {
      title: "Prove it with a CHECK first, in migrations of their own",
      safety: "display",
      edits: [{ range: statement.range, text }],
    },
  ];
}

/** The index built concurrently, then made the constraint's own: two migrations in any case, since Prisma may not split a file with USING INDEX. */
function indexFirst(
  context: FixPlace,
  operation: Extract<Operation, { kind: "addUnique" | "addPrimaryKey" }>,
  id: string,
  what: string,
): Fix[] {
  const { statement, migration } = context;
  const { name, columns, deferrable, nullsNotDistinct, include } = operation.constraint;
  if (
    statement.operations.length !== 1 ||
    operation.body ||
    name === undefined ||
    deferrable ||
    nullsNotDistinct ||
    include.length > 0
  )
    return [];
  const index = changes.buildUnique(relationSql(id), columns, name).text;
  const add = unended(changes.takeIndex(relationSql(id), name, what));
  const nl = lineBreak(migration.file);
  return [
    {
      title: "Build the index concurrently first, in a migration of its own",
      safety: "display",
      edits: [{ range: statement.range, text: `-- In an earlier migration of its own:${nl}-- ${index}${nl}${add}` }],
    },
  ];
}
