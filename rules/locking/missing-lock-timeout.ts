import { defineRule, relationName } from "../../src/index.ts";
import { blockedBy, mayFollow, sqlMode, timeoutAround, timeoutSpans, unboundedWaits } from "../../src/rule-kit.ts";

export default defineRule({
  id: "missing-lock-timeout",
  title: "A blocking lock is waited for without a lock_timeout",
  category: "locking",
  severity: "warning",
  since: "0.1.0",
  dependsOnSize: true,
  messages: {
    none: "{mode} on {table} is waited for without a lock_timeout: behind one long query there it queues, and {queue} queue behind it.",
    zero: "{mode} on {table} is waited for without end, since lock_timeout is 0: behind one long query there it queues, and {queue} queue behind it.",
    long: "{mode} on {table} is waited for up to {value}: behind one long query there it queues that long, and {queue} queue behind it.",
    after:
      "{mode} on {table} is waited for before lock_timeout is set: behind one long query there it queues, and {queue} queue behind it.",
    local:
      "{mode} on {table} is waited for without a lock_timeout: SET LOCAL does nothing in a statement that is its own transaction, and {queue} queue behind it.",
  },
  help: "Write SET lock_timeout = '{timeout}'; before the first such statement: the migration then fails fast instead of stopping everybody. Deploy it again after prisma migrate resolve --rolled-back.",
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
    migration(migration, context) {
      const { options } = context;
      const waits = options.setByRunner ? [] : unboundedWaits(options, context);
      const [first] = waits;
      if (!first) return;
      const { by, lock, flaw, value } = first;
      const { timeout } = options;
      const data = {
        mode: sqlMode(lock.mode),
        table: relationName(lock.relation),
        queue: `all later ${blockedBy(lock.mode)}`,
        timeout,
      };
      const common = {
        at: by,
        file: migration.file,
        objects: [lock.relation],
        // Where moments count, it is who else is there that makes them long.
        sizes: options.brief ? [] : waits.map((wait) => wait.lock.relation),
        // One decision about how migrations are run; where brief locks count too, each migration is read by itself.
        oncePerRun: !options.brief,
        fixes: [
          {
            title: `Set lock_timeout to ${timeout} before it`,
            safety: mayFollow(context) ? ("safe" as const) : ("display" as const),
            edits: timeoutSpans(waits, context).flatMap((span) => timeoutAround(migration.file, span, timeout, value)),
          },
        ],
      };
      if (flaw === "long") context.report({ ...common, message: "long", data: { ...data, value } });
      else context.report({ ...common, message: flaw, data });
    },
  },
});
