import { unended } from "../advice/programs/command.ts";
import { column } from "../model/presence.ts";
import type { Failure } from "../model/effects.ts";
import { changes } from "../advice/sql/changes.ts";
import { type OrphanRepair, orphanRepairs } from "../advice/sql/orphans.ts";
import { relationSql } from "../sql/names.ts";
import type { Operation } from "../sql/operation/index.ts";
import { addsStatements, insertBefore, lineBreak, notValid } from "./edits.ts";
import type { Fix } from "./finding.ts";
import type { OperationContext } from "./rule.ts";
import { relationAt } from "../model/catalog.ts";

/**
 * The ways to deal with the orphans of the foreign key that `operation` checks: right before it, and where each
 * statement is a transaction of its own between NOT VALID and VALIDATE, so that no new orphan comes in between.
 * None where the constraint is in a body, or at a column that is only coming. Only those of `ways`.
 */
export function orphanFixes(
  context: OperationContext,
  operation: Operation,
  failure: Failure,
  ways: readonly OrphanRepair["id"][] = ["copy", "delete", "setNull"],
): Fix[] {
  if (operation.body || (operation.kind !== "addForeignKey" && operation.kind !== "validateConstraint")) return [];
  const { relation: child, columns, parent = "", parentColumns = [] } = failure;
  if (operation.kind === "addForeignKey" && operation.constraint.matchFull && columns.length > 1) return [];
  const nullable = columns.every((name) => {
    const known = column(context.catalog, child, name);
    return known.is === "present" && known.value.notNull === false && !known.value.generated;
  });
  const nl = lineBreak(context.migration.file);
  // Looking for orphans takes its time, and a lock that shuts everybody out would be kept meanwhile.
  const shut =
    context.held.get(child)?.mode === "AccessExclusiveLock" || context.held.get(parent)?.mode === "AccessExclusiveLock";
  const name =
    operation.kind === "addForeignKey" &&
    relationAt(context.catalog, child)?.kind !== "partitioned" &&
    addsStatements(context)
      ? operation.constraint.name
      : undefined;
  return orphanRepairs(child, columns, parent, parentColumns, nullable).flatMap(({ id, title, sql }): Fix[] => {
    if (!ways.includes(id)) return [];
    const lines = sql.replaceAll("\n", nl);
    if (name === undefined)
      return [
        {
          title,
          safety: shut ? "display" : "unsafe",
          edits: [insertBefore(context.migration.file, context.statement, lines)],
        },
      ];
    return notValid(context, operation, `${lines}${nl}${nl}${unended(changes.validate(relationSql(child), name))}`).map(
      (fix) => ({ ...fix, title: `${title}, with the constraint NOT VALID meanwhile` }),
    );
  });
}
