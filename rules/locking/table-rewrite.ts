import { type Operation, type Step, defineRule, quoted, relationName, relationSql } from "../../src/index.ts";
import { type ColumnDefinition, castRemoved } from "../../src/rule-kit.ts";

const HELP =
  "Add a new column, write to both, fill it in batches, and move readers over before the old one is dropped.";

export default defineRule({
  id: "table-rewrite",
  title: "A table is rewritten while reads and writes wait",
  category: "locking",
  severity: "error",
  since: "0.1.0",
  messages: {
    rewrite:
      "{table} is rewritten, with all its indexes, to {reason}: reads and writes wait behind an ACCESS EXCLUSIVE lock until the last row is copied, and the disk needs room for a second copy.",
    indexes:
      "{table} itself stays as it is, but PostgreSQL has to {reason}: reads and writes wait behind an ACCESS EXCLUSIVE lock meanwhile.",
  },
  help: HELP,
  on: {
    statement(_statement, context) {
      const found = new Map<string, { steps: Step[]; reasons: Set<string>; maybe: boolean; rewrite: boolean }>();
      for (const step of context.steps) {
        const { operation, effects } = step;
        if (!REWRITING.has(operation.kind)) continue;
        const works =
          effects.rewrites.length > 0
            ? effects.rewrites
            : operation.kind === "alterColumnType"
              ? effects.scans.filter((scan) => scan.kind !== "foreignKey")
              : [];
        for (const work of works) {
          if (!context.deployed(work.relation) || castRemoved(context.catalog, operation)) continue;
          const rewrite = effects.rewrites.length > 0;
          const entry = found.get(work.relation) ?? { steps: [], reasons: new Set(), maybe: true, rewrite: false };
          // A rewrite that is certain covers what may have to be done besides.
          if (rewrite && !entry.rewrite) Object.assign(entry, { steps: [], reasons: new Set(), maybe: true, rewrite });
          if (entry.rewrite && !rewrite) continue;
          entry.steps.push(step);
          entry.reasons.add(work.reason);
          entry.maybe &&= work.certainty === "maybe";
          found.set(work.relation, entry);
        }
      }
      const told = new Set<Operation>();
      for (const [id, { steps, reasons, maybe, rewrite }] of found) {
        const first = steps[0];
        // Partitions are rewritten by the operation on their parent: once is enough.
        if (!first || told.has(first.operation)) continue;
        told.add(first.operation);
        const relations = [...found].filter(([, each]) => each.steps[0] === first).map(([relation]) => relation);
        const others = relations.length > 1 ? ` (and ${relations.length - 1} more below it)` : "";
        const { operation } = first;
        const data = { table: relationName(id) + others, reason: [...reasons].join(" and ") };
        const common = {
          at: operation,
          message: rewrite ? ("rewrite" as const) : ("indexes" as const),
          objects: relations,
          maybe,
          severity: rewrite ? undefined : ("warning" as const),
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

/** TRUNCATE, CLUSTER, VACUUM FULL and REFRESH rewrite too: other rules report them. */
const REWRITING: ReadonlySet<Operation["kind"]> = new Set([
  "addColumn",
  "alterColumnType",
  "setExpression",
  "alterTable",
  "addIdentity",
]);

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
