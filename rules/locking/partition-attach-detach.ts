import { defineRule, relationName } from "../../src/index.ts";
import { concurrently, partitionLocks } from "../../src/rule-kit.ts";

export default defineRule({
  id: "partition-attach-detach",
  title: "A partition comes or goes under a lock that reads wait for",
  category: "locking",
  severity: "warning",
  since: "0.1.0",
  dependsOnSize: ["attach", "default"],
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
  fixable: "unsafe",
  on: {
    operation(operation, context) {
      for (const lock of partitionLocks(operation, context)) {
        const data = { table: relationName(lock.table) };
        const at = operation;
        if (lock.reads === "nothing" && lock.how === "create") {
          context.report({ at, message: "create", data, objects: [lock.table], help: ATTACH });
          continue;
        }
        const names = { ...data, partition: relationName(lock.partition) };
        const objects = [lock.partition, lock.table];
        if (lock.reads === "partition")
          context.report({
            at,
            message: "attach",
            data: names,
            objects,
            maybe: lock.maybe && "whether a validated CHECK proves the bound, which the migrations do not show",
          });
        else if (lock.reads === "default")
          context.report({ at, message: "default", data: names, objects, help: DEFAULT });
        else
          context.report({
            at,
            message: "detach",
            data: names,
            objects: [lock.table, lock.partition],
            help: lock.hasDefault === true ? REFUSED : CONCURRENTLY,
            fixes:
              lock.hasDefault === true
                ? []
                : concurrently(context, operation.range.end, {
                    title: "Detach it concurrently, with a CHECK of its bound left on it",
                    safety: "unsafe",
                  }),
          });
      }
    },
  },
});

const DEFAULT =
  "Move the rows that belong in the new partition out of {partition} first, and add a CHECK to it that shuts them out, NOT VALID and then validated: PostgreSQL sees the proof and reads nothing.";
const ATTACH =
  "Create the table by itself, CREATE TABLE … (LIKE {table} INCLUDING ALL), then attach it: ATTACH PARTITION lets reads and writes of {table} go on.";
const REFUSED =
  "DETACH … CONCURRENTLY is refused while {table} has a default partition. Detach with a short lock_timeout, and try again where that runs out.";
const CONCURRENTLY =
  "Write DETACH PARTITION … CONCURRENTLY, alone in a migration of its own: it must not share a transaction. PostgreSQL leaves a CHECK of the bound on {partition}, which you can drop afterwards.";
