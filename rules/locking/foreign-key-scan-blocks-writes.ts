import { defineRule, quoted, relationName, relationSql } from "../../src/index.ts";
import { changes, keyScans, notValid, relationAt, unended } from "../../src/rule-kit.ts";

const HELP =
  "Add it NOT VALID, which is instant, and later, in a transaction of its own, run ALTER TABLE {sql} VALIDATE CONSTRAINT {quoted}: that reads the rows while writes go on.";
const PARTITIONED =
  "Before PostgreSQL 18 the foreign key of a partitioned table cannot be NOT VALID. Add it to each partition first, NOT VALID and then validated: the parent's takes these over and checks nothing again.";
const INLINE =
  "Add the column without REFERENCES, then the foreign key with ALTER TABLE {sql} ADD CONSTRAINT … FOREIGN KEY … NOT VALID, and validate it later in a transaction of its own.";

export default defineRule({
  id: "foreign-key-scan-blocks-writes",
  title: "A foreign key is checked in every row while writes to both tables wait",
  category: "locking",
  severity: "warning",
  since: "0.1.0",
  dependsOnSize: true,
  messages: {
    both: "{name} is checked in every row of {table} under SHARE ROW EXCLUSIVE locks on {table} and {parent}: inserts, updates and deletes in both wait until the check is through.",
    self: "{name} is checked in every row of {table} under a SHARE ROW EXCLUSIVE lock: inserts, updates and deletes wait until the check is through.",
    inline:
      "The foreign key of the new column {columns} is checked in every row of {table} under an ACCESS EXCLUSIVE lock: reads and writes of {table} wait, and writes to {parent}.",
    empty:
      "{name} has nothing to check, since {columns} is new and NULL everywhere, but PostgreSQL reads all of {table} to see that: writes to {table} and {parent} wait meanwhile.",
  },
  help: HELP,
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
    operation(operation, context) {
      for (const { at, relation, parent, name, columns, inline, needless } of keyScans(operation, context)) {
        if (needless === "held until now" && !context.options.recreated) continue;
        const sql = relationSql(relation);
        const data = { table: relationName(relation), parent: relationName(parent), columns: columns.join(", "), sql };
        const common = { at, objects: [relation, parent] };
        if (inline) {
          context.report({ ...common, message: "inline", data, help: INLINE });
          continue;
        }
        const empty = needless === "construction";
        const partitioned = relationAt(context.catalog, relation)?.kind === "partitioned" && context.postgres < 18;
        context.report({
          ...common,
          message: empty ? "empty" : parent === relation ? "self" : "both",
          data: {
            ...data,
            name: name === undefined ? "The foreign key" : `Foreign key ${name}`,
            quoted: quoted(name ?? "…"),
          },
          severity: empty ? "info" : undefined,
          help: partitioned ? PARTITIONED : HELP,
          fixes:
            partitioned || name === undefined ? [] : notValid(context, operation, unended(changes.validate(sql, name))),
        });
      }
    },
  },
});
