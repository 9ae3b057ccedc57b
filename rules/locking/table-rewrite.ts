import { type Operation, defineRule, quoted, relationName, relationSql } from "../../src/index.ts";
import { type ColumnDefinition, rewritesBy, DOUBTS } from "../../src/rule-kit.ts";

const HELP =
  "Add a new column, write to both, fill it in batches, and move readers over before the old one is dropped.";

export default defineRule({
  id: "table-rewrite",
  title: "A table is rewritten while reads and writes wait",
  category: "locking",
  severity: "error",
  since: "0.1.0",
  dependsOnSize: true,
  messages: {
    rewrite:
      "{table} is rewritten, with all its indexes, to {reason}: reads and writes wait behind an ACCESS EXCLUSIVE lock until the last row is copied, and the disk needs room for a second copy.",
    indexes:
      "{table} itself stays as it is, but PostgreSQL has to {reason}: reads and writes wait behind an ACCESS EXCLUSIVE lock meanwhile.",
  },
  help: HELP,
  on: {
    statement(_statement, context) {
      for (const { operation, relations, reasons, rows, maybe } of rewritesBy(context.steps, context)) {
        const [id = "", ...below] = relations;
        const others = below.length > 0 ? ` (and ${below.length} more below it)` : "";
        const data = { table: relationName(id) + others, reason: reasons.join(" and ") };
        const common = {
          at: operation,
          message: rows ? ("rewrite" as const) : ("indexes" as const),
          objects: relations,
          maybe: maybe && DOUBTS.oldType,
          severity: rows ? undefined : ("warning" as const),
        };
        if (operation.kind === "addColumn")
          context.report({
            ...common,
            data: { ...data, column: quoted(operation.column.name), sql: relationSql(id) },
            help: columnHelp(operation.column),
          });
        else context.report({ ...common, data, help: otherHelp(operation) });
      }
    },
  },
});

/** What spares the rewrite of a new column. */
function columnHelp({ generated, default: value, identity, type }: ColumnDefinition) {
  if (generated)
    return "Add {column} as an ordinary column, keep it up to date with a trigger, and fill the old rows in batches. From PostgreSQL 18 on a VIRTUAL column takes no rewrite.";
  if (value !== undefined)
    return "Add {column} without the default, then ALTER TABLE {sql} ALTER COLUMN {column} SET DEFAULT …: neither touches a row. Fill the old rows in batches, outside the migration, before the column is made NOT NULL.";
  if (identity !== undefined || /serial$/.test(type.name))
    return "Add {column} as a nullable integer, create the sequence and set its nextval as the default; fill the old rows in batches, then make it NOT NULL.";
  return "Add {column} with the domain's base type and the domain's CHECK as a constraint of the table, NOT VALID, validated later.";
}

function otherHelp({ kind }: Operation) {
  if (kind === "alterTable")
    return "Do this in a maintenance window, or move the rows to a new table in batches. No form of it lets reads through.";
  if (kind === "setExpression")
    return "Add a new generated column with the new expression beside the old one, in a maintenance window, or keep it up to date with a trigger.";
  return HELP;
}
