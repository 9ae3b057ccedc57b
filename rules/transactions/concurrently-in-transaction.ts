import { type Fix, type Operation, type OperationContext, defineRule, resolve } from "../../src/index.ts";
import {
  ACTIVE_SQL_TRANSACTION,
  afterWord,
  refusedInTransaction,
  surelySplit,
  unsplittable,
} from "../../src/rule-kit.ts";

export default defineRule({
  id: "concurrently-in-transaction",
  title: "A command that PostgreSQL refuses in a transaction shares one",
  category: "transactions",
  severity: "error",
  since: "0.1.0",
  messages: {
    batch:
      "{command} fails here ({sqlstate}): Prisma sends the {count} statements of this file as one message, which PostgreSQL runs as one transaction.",
    begin: "{command} fails here ({sqlstate}): it is between BEGIN and COMMIT.",
    unsplit:
      "{command} fails here ({sqlstate}): Prisma cannot split a file that holds DROP INDEX CONCURRENTLY, and sends it as one message, which PostgreSQL runs as one transaction.",
    unsure:
      "{command} fails ({sqlstate}) if Prisma cannot split this file: its splitter does not know every statement of PostgreSQL, and sends a file that it cannot read as one transaction.",
    body: "{command} fails here ({sqlstate}): a function or a DO block always runs in a transaction.",
  },
  help: "Put it alone in a migration of its own: a file with one statement and no BEGIN is not a transaction.",
  fixable: "safe",
  on: {
    operation(operation, context) {
      const row = refusedInTransaction(context.catalog, operation);
      if (!row) return;
      const { migration, statement } = context;
      const message = reason(operation, context);
      if (!message) return;
      context.report({
        at: statement.operations.length === 1 ? statement : operation,
        message,
        data: { command: row.command, count: migration.statements.length, sqlstate: ACTIVE_SQL_TRANSACTION },
        objects: "table" in operation && operation.table ? [resolve(context.catalog, operation.table)] : [],
        maybe: message === "unsure" && "whether it knows all of these",
        fixes: operation.kind === "createIndex" ? plain(operation, context) : [],
      });
    },
  },
});

type Context = OperationContext;

function reason(
  operation: Operation,
  { migration, statement, transactions, execution }: Context,
): "batch" | "begin" | "unsplit" | "unsure" | "body" | undefined {
  if (operation.body) return operation.body.in === "do" ? "body" : undefined;
  const { statements } = migration;
  const membership = transactions[statement.index];
  if (membership?.explicit) return "begin";
  if (membership && membership.id !== null)
    return execution === "batch" || !unsplittable(statements) ? "batch" : "unsplit";
  return execution === "split" && statements.length > 1 && !surelySplit(statements) ? "unsure" : undefined;
}

/** An index of a table that this deployment creates needs no CONCURRENTLY: nobody waits for it. */
function plain(
  operation: Extract<Operation, { kind: "createIndex" }>,
  { catalog, deployed, migration }: Context,
): Fix[] {
  const start = afterWord(migration.file, operation, "index");
  const end = afterWord(migration.file, operation, "concurrently");
  if (operation.body || start === undefined || end === undefined || deployed(resolve(catalog, operation.table)))
    return [];
  return [
    { title: "Build it plainly: the table is new", safety: "safe", edits: [{ range: { start, end }, text: "" }] },
  ];
}
