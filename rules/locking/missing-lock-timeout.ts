import { type Operation, type StatementContext, type Step, defineRule, relationName } from "../../src/index.ts";
import {
  blocksReads,
  blocksWrites,
  changes,
  insertBefore,
  milliseconds,
  refusedInTransaction,
  settingAt,
  sqlMode,
} from "../../src/rule-kit.ts";

interface Options {
  readonly setByRunner: boolean;
  readonly maxSeconds: number;
  readonly timeout: string;
  readonly brief: boolean;
}

export default defineRule({
  id: "missing-lock-timeout",
  title: "A blocking lock is waited for without a lock_timeout",
  category: "locking",
  severity: "warning",
  since: "0.1.0",
  messages: {
    none: "{mode} on {table} is waited for without a lock_timeout: behind one long query there it queues, and {queue} queue behind it.",
    zero: "{mode} on {table} is waited for without end, since lock_timeout is 0: behind one long query there it queues, and {queue} queue behind it.",
    long: "{mode} on {table} is waited for up to {value}: behind one long query there it queues that long, and {queue} queue behind it.",
    after:
      "{mode} on {table} is waited for before lock_timeout is set: behind one long query there it queues, and {queue} queue behind it.",
    local:
      "{mode} on {table} is waited for without a lock_timeout: SET LOCAL does nothing in a statement that is its own transaction, and {queue} queue behind it.",
  },
  help: "Write SET lock_timeout = '{timeout}'; before the first such statement: the migration then fails fast instead of stopping everybody, and can be tried again.",
  options: {
    schema: {
      type: "object",
      additionalProperties: false,
      properties: {
        setByRunner: {
          type: "boolean",
          description:
            "lock_timeout is set outside the migrations: by the role, the database or the connection string. Switches the rule off.",
        },
        maxSeconds: { type: "number", exclusiveMinimum: 0, description: "A longer lock_timeout counts as none." },
        brief: {
          type: "boolean",
          description:
            "Also where nothing is read or rewritten under the lock, so that it is held for a moment: a nullable column, a wider varchar. The preset hotfix sets it.",
        },
        timeout: { type: "string", pattern: "^[0-9]+(us|ms|s|min)?$", description: "What the fix sets." },
      },
    },
    default: { setByRunner: false, maxSeconds: 10, timeout: "5s", brief: false },
  },
  hotfixOptions: { brief: true },
  fixable: "safe",
  on: {
    statement(statement, context) {
      if (context.options.setByRunner) return;
      const { migration, options } = context;
      // Most statements take no such lock at all, and the settings before one are a longer look.
      if (!blocking(context.steps, context, "any")) return;
      const flaw = flawAt(statement.index, context);
      const lock = flaw && blocking(context.steps, context, flaw.message);
      if (!flaw || !lock) return;
      const earlier = context.before.filter((step) => step.migration === migration);
      const told = (step: Step): boolean => {
        const before = flawAt(step.statement.index, context);
        return before !== undefined && blocking([step], context, before.message) !== undefined;
      };
      if (earlier.some(told)) return;
      context.report({
        at:
          context.steps.find((step) =>
            step.effects.locks.some((each) => each.relation === lock.relation && each.mode === lock.mode),
          )?.operation ?? statement,
        message: flaw.message,
        data: {
          mode: sqlMode(lock.mode),
          table: relationName(lock.relation),
          queue: blocksReads(lock.mode) ? "all later reads and writes" : "all later writes",
          value: flaw.value,
          timeout: options.timeout,
        },
        objects: [lock.relation],
        fixes: [
          {
            title: `Set lock_timeout to ${options.timeout} before it`,
            safety: staysAllowed(context) ? "safe" : "display",
            edits: [insertBefore(migration.file, statement, changes.lockTimeout(options.timeout).text)],
          },
        ],
      });
    },
  },
});

type Context = StatementContext & { readonly options: Options };

/** The strongest lock of the steps that somebody would wait for. */
function blocking(steps: readonly Step[], { catalog, deployed, migration, options }: Context, flaw: string) {
  const any =
    options.brief ||
    flaw !== "none" ||
    migration.statements.some((statement) =>
      statement.operations.some((operation) => operation.kind === "set" && operation.name === "lock_timeout"),
    );
  // Nobody writes to a materialized view but a REFRESH, and what CONCURRENTLY detaches gets no new queries by then.
  const online = ({ operation }: Step): boolean => operation.kind === "detachPartition" && operation.concurrently;
  // A lock for a moment is on nearly every migration; whoever thought of a timeout at all, or sets `brief`, wants it bounded too.
  const works = ({ effects, operation }: Step): boolean =>
    any ||
    operation.kind === "lockTable" ||
    [...effects.scans, ...effects.rewrites].some((work) => deployed(work.relation) && work.certainty !== "rows") ||
    effects.losses.some((loss) => loss.kind === "table" || loss.kind === "column");
  const bare = ({ effects }: Step): boolean =>
    effects.failures.some(
      (failure) =>
        failure.kind === "orphans" &&
        failure.preparation.verdict === "done" &&
        failure.preparation.how === "held until now",
    );
  const locks = steps
    .filter((step) => !online(step) && works(step) && (any || !bare(step)))
    .flatMap((step) => step.effects.locks)
    .filter(
      (lock) =>
        lock.certainty === "sure" &&
        blocksWrites(lock.mode) &&
        deployed(lock.relation) &&
        (blocksReads(lock.mode) || catalog.relations.get(lock.relation)?.kind !== "materializedView"),
    );
  return locks.find((lock) => blocksReads(lock.mode)) ?? locks[0];
}

/** Why no timeout bounds the wait of a statement; undefined where one does. A short statement_timeout does it too. */
function flawAt(
  index: number,
  { migration: { statements }, transactions, options }: Context,
): { readonly message: "none" | "zero" | "long" | "after" | "local"; readonly value: string } | undefined {
  const limit = options.maxSeconds * 1000;
  const short = (value: string | undefined) => {
    const time = value === undefined ? undefined : milliseconds(value);
    return time !== undefined && time > 0 && time <= limit;
  };
  const value = settingAt(statements, transactions, index, "lock_timeout");
  if (short(value) || short(settingAt(statements, transactions, index, "statement_timeout"))) return undefined;
  if (value !== undefined) return { message: milliseconds(value) === 0 ? "zero" : "long", value };
  const sets = (operation: Operation) =>
    operation.kind === "set" && operation.name === "lock_timeout" && operation.value !== null;
  const at = statements.findIndex((statement) => statement.operations.some(sets));
  const ineffective =
    at >= 0 &&
    at < index &&
    statements[at]?.operations.some((operation) => operation.kind === "set" && operation.local) &&
    (transactions[at]?.id ?? null) === null;
  return { message: ineffective ? "local" : at > index ? "after" : "none", value: "" };
}

/**
 * A second statement turns a file that is sent in one batch into a transaction. What PostgreSQL refuses there, and what
 * should rather be made CONCURRENTLY, has to stay alone.
 */
function staysAllowed({ catalog, migration, execution, steps }: Context): boolean {
  if (migration.statements.length > 1) return true;
  return !steps.some(({ operation }) => {
    const { kind } = operation;
    if (refusedInTransaction(catalog, operation)) return true;
    if (kind === "dropIndex") return true;
    return execution === "batch" && (kind === "createIndex" || kind === "reindex" || kind === "detachPartition");
  });
}
