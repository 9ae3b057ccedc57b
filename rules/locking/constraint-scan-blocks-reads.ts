import { defineRule, relationName, relationSql } from "../../src/index.ts";
import { constraintFixes, constraintScans } from "../../src/rule-kit.ts";

const WAIT = "reads and writes wait until it is through";
const NOT_VALID =
  "Add the constraint NOT VALID, which is instant, and later, in a transaction of its own, run ALTER TABLE {sql} VALIDATE CONSTRAINT …: that reads the rows while reads and writes go on.";
const INDEX_FIRST =
  "Build the index first with CREATE UNIQUE INDEX CONCURRENTLY, alone in its transaction, then ADD CONSTRAINT … {what} USING INDEX: that takes the lock for a moment only.";
const NO_WAY =
  "PostgreSQL has no way to add an EXCLUDE constraint without this lock. Add it when the table is created, or in a maintenance window, with a short lock_timeout.";
const NOT_NULL = {
  column:
    "Add CHECK ({columns} IS NOT NULL) NOT VALID first and validate it in a transaction of its own, while reads and writes go on. SET NOT NULL then sees the proof and reads nothing; drop the CHECK after it.",
  constraint: NOT_VALID,
  primaryKey: "Make the columns NOT NULL first, by a CHECK validated before: the PRIMARY KEY then reads nothing.",
} as const;
const INLINE_CHECK =
  "Add the column without the CHECK, then the CHECK with ALTER TABLE {sql} ADD CONSTRAINT … NOT VALID, and validate it later in a transaction of its own.";
const INLINE_INDEX =
  "Add the column by itself, build the index with CREATE UNIQUE INDEX CONCURRENTLY, alone in its transaction, then ADD CONSTRAINT … USING INDEX.";
const BY_PART = "Add it to ONLY the parent, to each partition USING INDEX, then ALTER INDEX … ATTACH PARTITION.";
const WAYS = { index: INDEX_FIRST, column: INLINE_INDEX, partitions: BY_PART, none: NO_WAY } as const;
const DOMAIN = {
  check: "Add the constraint to the domain NOT VALID, and validate it later with ALTER DOMAIN … VALIDATE CONSTRAINT.",
  notNull: "Leave the domain nullable and put NOT NULL on the columns, by a CHECK that is validated first.",
} as const;

export default defineRule({
  id: "constraint-scan-blocks-reads",
  title: "A constraint is checked, or its index built, while reads of the table wait",
  category: "locking",
  severity: "error",
  since: "0.1.0",
  dependsOnSize: true,
  messages: {
    check: `{name} is checked in every row of {table} under an ACCESS EXCLUSIVE lock: ${WAIT}.`,
    index: `The index of {name} is built over {table} under an ACCESS EXCLUSIVE lock: ${WAIT}.`,
    notNull: `All of {table} is read under an ACCESS EXCLUSIVE lock to see that {columns} has no NULL: ${WAIT}.`,
    domain:
      "Every value of the domain is checked under SHARE locks on {tables}: inserts, updates and deletes wait until it is through.",
  },
  help: NOT_VALID,
  fixable: "unsafe",
  on: {
    operation(operation, context) {
      for (const scan of constraintScans(operation, context)) {
        const { at, relation, objects } = scan;
        if (scan.reads === "domain") {
          const data = { tables: scan.tables.map(relationName).join(", ") };
          context.report({ at, message: "domain", data, objects, severity: "warning", help: DOMAIN[scan.by] });
          continue;
        }
        const data = { table: relationName(relation) };
        const common = { at, objects, fixes: constraintFixes(scan, operation, context) };
        if (scan.reads === "check") {
          const help = scan.column === undefined ? NOT_VALID : INLINE_CHECK;
          const words = { ...data, name: scan.what, sql: relationSql(relation) };
          context.report({ ...common, message: "check", data: words, help });
        } else if (scan.reads === "index")
          context.report({
            ...common,
            message: "index",
            data: { ...data, name: scan.what, what: scan.by },
            maybe: scan.maybe && "whether an index that serves is there already",
            help: WAYS[scan.way],
          });
        else
          context.report({
            ...common,
            message: "notNull",
            data: { ...data, columns: scan.columns.join(", "), sql: relationSql(relation) },
            maybe: scan.maybe && "whether a validated CHECK proves it, which the migrations do not show",
            help: NOT_NULL[scan.by],
          });
      }
    },
  },
});
