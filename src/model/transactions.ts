import type { Operation, OperationOf } from "../sql/operation/index.ts";
import type { Statement } from "../sql/statement.ts";

/** How Prisma sends a file: whole (up to 7.3) or statement by statement (from 7.4). */
export type ExecutionMode = "batch" | "split" | "unknown";

/**
 * Which statements share a transaction. Prisma up to 7.3 sends a file as one simple-query message: two or more
 * statements are one implicit transaction, a lone one is autocommit. From 7.4 each statement is sent alone.
 * BEGIN inside the message keeps what came before it; after COMMIT the next statement opens a new implicit block
 * (measured on 15.18 and 18.6: https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT).
 */
export interface Membership {
  /** Statements with the same number share a transaction; null is autocommit. */
  readonly id: number | null;
  /** Opened by BEGIN. */
  readonly explicit: boolean;
}

/** One membership for each statement. `unknown` is taken as `batch`. */
export function transactions(statements: readonly Statement[], mode: ExecutionMode): Membership[] {
  const found: Membership[] = [];
  const implicit = statements.length > 1 && (mode !== "split" || unsplittable(statements) !== undefined);
  let id = 0;
  let open = false;
  let fresh = true;
  for (const statement of statements) {
    const action = control(statement);
    if (action === "begin") {
      if (!open && (fresh || !implicit)) id++;
      open = true;
      fresh = false;
      found.push({ id, explicit: true });
      continue;
    }
    const ends = action === "commit" || action === "rollback" || action === "prepare";
    if (open || implicit) {
      if (!open && fresh) id++;
      fresh = false;
      found.push({ id, explicit: open });
      if (ends) {
        open = false;
        fresh = true;
      }
    } else found.push({ id: null, explicit: false });
  }
  return found;
}

/**
 * The statement that keeps Prisma from 7.4 on from splitting the file: its splitter cannot parse DROP INDEX CONCURRENTLY
 * and then sends the whole file as one message (https://github.com/prisma/prisma-engines/pull/5847).
 */
export const unsplittable = ofFile((statements) =>
  statements.find((statement) =>
    statement.operations.some(
      (operation) => operation.kind === "dropIndex" && operation.concurrently && !operation.body,
    ),
  ),
);

/** What is asked at many statements of a file, and is the same for all of it. */
export function ofFile<T>(compute: (statements: readonly Statement[]) => T): (statements: readonly Statement[]) => T {
  const known = new WeakMap<readonly Statement[], { readonly value: T }>();
  return (statements) => {
    const found = known.get(statements) ?? { value: compute(statements) };
    known.set(statements, found);
    return found.value;
  };
}

/**
 * Whether Prisma from 7.4 on surely splits the file. Its splitter is a parser of its own that does not know all of
 * PostgreSQL; what Prisma itself writes it reads, of the rest (DO, REINDEX, DETACH …) nobody can say. A file that it
 * cannot read goes out as one message.
 */
export const surelySplit = ofFile((statements) => {
  // ADD CONSTRAINT … USING INDEX is younger than Prisma's splitter (https://github.com/apache/datafusion-sqlparser-rs/pull/2213).
  const readable = (operation: Operation): boolean =>
    !operation.body &&
    SPLITTABLE.has(operation.kind) &&
    !(
      (operation.kind === "addUnique" || operation.kind === "addPrimaryKey") &&
      operation.constraint.usingIndex !== undefined
    );
  return statements.every((statement) => statement.operations.length > 0 && statement.operations.every(readable));
});

const SPLITTABLE: ReadonlySet<Operation["kind"]> = new Set([
  "createSchema",
  "createEnum",
  "addEnumValue",
  "dropType",
  "renameType",
  "createTable",
  "dropTable",
  "renameTable",
  "addColumn",
  "dropColumn",
  "renameColumn",
  "alterColumnType",
  "setDefault",
  "dropDefault",
  "setNotNull",
  "dropNotNull",
  "addForeignKey",
  "addUnique",
  "addPrimaryKey",
  "addCheck",
  "validateConstraint",
  "dropConstraint",
  "renameConstraint",
  "createIndex",
  "dropIndex",
  "insertRows",
  "updateRows",
  "deleteRows",
  "select",
  "set",
  "transaction",
]);

/** The transaction command that a statement is. */
export function control(statement: Statement): "begin" | "commit" | "rollback" | "prepare" | undefined {
  const [operation] = statement.operations;
  if (operation?.kind !== "transaction" || operation.body) return undefined;
  const { action } = operation;
  return action === "begin" || action === "commit" || action === "rollback" || action === "prepare"
    ? action
    : undefined;
}

/** The value of a setting that is in force when statement `index` runs, as far as this file sets it; `before` where it does not. */
export function settingAt(
  statements: readonly Statement[],
  memberships: readonly Membership[],
  index: number,
  name: string,
  before?: string,
): string | undefined {
  const set = setAt(statements, memberships, index, name);
  return set ? (set.value ?? undefined) : before;
}

/** SET LOCAL outside a transaction: PostgreSQL warns (25P01) and sets nothing. */
export const isIdle = (operation: Operation, member: Membership | undefined): boolean =>
  operation.kind === "set" && operation.local && member?.id === null;

/** The SET or RESET of this file that decides what a setting is when statement `index` runs. */
export function setAt(
  statements: readonly Statement[],
  memberships: readonly Membership[],
  index: number,
  name: string,
): OperationOf<"set"> | undefined {
  const now = memberships[index]?.id ?? null;
  const { sets, rolledBack } = settingsOf(statements);
  for (let i = sets.length - 1; i >= 0; i--) {
    const { at: position, operation } = sets[i] as SetAt;
    if (position >= index || (operation.name !== name && operation.name !== "all")) continue;
    const at = memberships[position]?.id ?? null;
    // SET LOCAL outside a transaction does nothing but warn, and ends with its transaction.
    if (operation.local && (at === null || at !== now)) continue;
    if (at !== null && at !== now && rolledBack.some((each) => memberships[each]?.id === at)) continue;
    return operation;
  }
  return undefined;
}

interface SetAt {
  readonly at: number;
  readonly operation: OperationOf<"set">;
}

/** In the order of the file: its SETs and RESETs, and where it rolls back. */
const settingsOf = ofFile((statements) => ({
  sets: statements.flatMap(({ operations }, at): SetAt[] =>
    operations.flatMap((operation) => (operation.kind === "set" ? [{ at, operation }] : [])),
  ),
  rolledBack: statements.flatMap((statement, at) => (control(statement) === "rollback" ? [at] : [])),
}));
