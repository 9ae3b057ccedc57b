import { type Effects, defineRule, relationName, resolve } from "../../src/index.ts";
import { concurrently } from "../../src/rule-kit.ts";

export default defineRule({
  id: "partition-attach-detach",
  title: "A partition comes or goes under a lock that reads wait for",
  category: "locking",
  severity: "warning",
  since: "0.1.0",
  messages: {
    attach:
      "{partition} is read from end to end under an ACCESS EXCLUSIVE lock, to see that its rows belong in {table}: reads and writes of {partition} wait.",
    default:
      "The default partition {partition} of {table} is read from end to end under an ACCESS EXCLUSIVE lock, to see that none of its rows belongs in the new one: reads and writes of it wait.",
    create:
      "CREATE TABLE … PARTITION OF takes an ACCESS EXCLUSIVE lock on {table}: it waits for every running query there, and all others, reads too, queue behind it.",
    detach:
      "DETACH PARTITION takes an ACCESS EXCLUSIVE lock on {table} and on {partition}: it waits for every running query there, and all others, reads too, queue behind it.",
  },
  help: "Add a CHECK to {partition} that says what the bound says, NOT VALID, and validate it in a transaction of its own: ATTACH sees the proof and reads nothing. Drop the CHECK afterwards.",
  fixable: "safe",
  on: {
    attachPartition(operation, context) {
      const id = resolve(context.catalog, operation.table);
      const child = resolve(context.catalog, operation.partition);
      const fallback = context.catalog.relations.get(id)?.defaultPartition;
      const own = context.effects.scans.find((scan) => scan.relation === child);
      // A validated CHECK is taken to say what the bound says; a table that the history does not create may have one.
      if (own?.certainty === "sure" && context.deployed(child)) {
        context.report({
          at: operation,
          message: "attach",
          data: said(id, child),
          objects: [child, id],
          maybe: context.catalog.relations.get(child)?.complete !== true,
        });
      }
      if (fallback !== undefined && scanned(context.effects, fallback) && context.deployed(fallback))
        context.report({
          at: operation,
          message: "default",
          data: said(id, fallback),
          objects: [fallback, id],
          help: DEFAULT,
        });
    },
    createTable(operation, context) {
      if (!operation.partitionOf) return;
      const id = resolve(context.catalog, operation.partitionOf);
      if (
        !context.deployed(id) ||
        !context.effects.locks.some((lock) => lock.relation === id && lock.mode === "AccessExclusiveLock")
      )
        return;
      const fallback = context.catalog.relations.get(id)?.defaultPartition;
      if (fallback !== undefined && scanned(context.effects, fallback) && context.deployed(fallback))
        context.report({
          at: operation,
          message: "default",
          data: said(id, fallback),
          objects: [fallback, id],
          help: DEFAULT,
        });
      else
        context.report({
          at: operation,
          message: "create",
          data: { table: relationName(id) },
          objects: [id],
          help: "Create the table by itself, CREATE TABLE … (LIKE {table} INCLUDING ALL), then attach it: ATTACH PARTITION lets reads and writes of {table} go on.",
        });
    },
    detachPartition(operation, context) {
      const id = resolve(context.catalog, operation.table);
      const child = resolve(context.catalog, operation.partition);
      if (operation.concurrently || operation.finalize || !context.deployed(id)) return;
      const parent = context.catalog.relations.get(id);
      const hasDefault = parent?.defaultPartition !== undefined;
      context.report({
        at: operation,
        message: "detach",
        data: said(id, child),
        objects: [id, child],
        help: hasDefault
          ? "DETACH … CONCURRENTLY is refused while {table} has a default partition. Detach with a short lock_timeout, and try again where that runs out."
          : "Write DETACH PARTITION … CONCURRENTLY, alone in a migration of its own: it must not share a transaction.",
        // Whether there is a default partition only a table that the history creates can tell.
        fixes: hasDefault
          ? []
          : concurrently(context, operation.range.end, {
              title: "Detach it concurrently",
              safety: parent?.complete ? "safe" : "unsafe",
            }),
      });
    },
  },
});

const DEFAULT =
  "Move the rows that belong in the new partition out of {partition} first, and add a CHECK to it that shuts them out, NOT VALID and then validated: PostgreSQL sees the proof and reads nothing.";

const said = (table: string, partition: string) => ({ table: relationName(table), partition: relationName(partition) });
const scanned = (effects: Effects, id: string): boolean =>
  effects.scans.some((scan) => scan.relation === id && scan.certainty === "sure");
