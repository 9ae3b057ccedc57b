import type { ConstraintOperation } from "../../sql/operation/constraints.ts";
import type { DefinitionOperation, Operation } from "../../sql/operation/index.ts";
import type { MaintenanceOperation, SessionOperation } from "../../sql/operation/session.ts";
import type { RowOperation } from "../../sql/operation/rows.ts";
import { sql } from "../../advice/programs/command.ts";
import { server } from "../../advice/sql/server.ts";
import { listed } from "../../words.ts";
import { qualifiedSql } from "../../sql/names.ts";
import type { ChecklistItem, ItemCommand } from "./item.ts";
import { openFailures, operationsOf, touchedRelations, type Pending } from "./pending.ts";
import { named } from "../named.ts";

const TITLE = "Monitor afterwards";

export function monitorItem(pending: Pending): ChecklistItem {
  const base = { id: "monitor" as const, title: TITLE };
  const relations = touchedRelations(pending);
  if (relations.length === 0) {
    if (pending.gaps > 0)
      return {
        ...base,
        state: "not known",
        because: "A statement could not be read: watch the tables that it names.",
        run: [],
      };
    return { ...base, state: "not needed", because: "Nothing that is deployed is touched.", run: [] };
  }
  const those = relations.map(qualifiedSql);
  return {
    ...base,
    state: "needs you",
    because: `Watch ${listed(relations.map(named))} for an hour or more after the deployment, and the errors of the application.`,
    run: [...sessions(those), ...indexes(pending, those), ...constraints(pending, those), ...counts(pending)],
  };
}

function sessions(those: readonly string[]): readonly ItemCommand[] {
  return [
    { title: "Sessions that wait for a lock, and who holds it", ...sql(server.waiting(those)) },
    { title: "Statements on these tables that run for more than 30 seconds", ...sql(server.running(those)) },
  ];
}

function indexes(pending: Pending, those: readonly string[]): readonly ItemCommand[] {
  const built = operationsOf(pending).some(
    (operation) => operation.kind === "createIndex" || operation.kind === "reindex",
  );
  if (!built) return [];
  return [
    {
      title: "Indexes that a failed build left behind invalid (no rows: all is well)",
      ...sql(server.invalidIndexes(those)),
    },
  ];
}

function constraints(pending: Pending, those: readonly string[]): readonly ItemCommand[] {
  if (!operationsOf(pending).some(isNotValid)) return [];
  return [
    {
      title: "Constraints that are still NOT VALID (no rows: all is well)",
      ...sql(server.notValid(those)),
    },
  ];
}

function isNotValid(operation: Operation): boolean {
  switch (operation.kind) {
    case "addForeignKey":
    case "addCheck":
    case "addNotNull":
      return operation.constraint.notValid;
    case "validateConstraint":
      return true;
    case "addUnique":
    case "addPrimaryKey":
    case "addExclusion":
    case "dropConstraint":
    case "alterConstraint":
    case "renameConstraint":
      return false;
    default:
      operation satisfies
        | Exclude<DefinitionOperation, ConstraintOperation>
        | RowOperation
        | MaintenanceOperation
        | SessionOperation;
      return false;
  }
}

/** Rows that break a constraint: none may be there afterwards. */
function counts(pending: Pending): readonly ItemCommand[] {
  const found = new Map<string, string>();
  const failures = [
    ...openFailures(pending),
    ...pending.statements.flatMap(({ statement }) =>
      statement.effects.failures.filter(
        (failure) => failure.kind === "orphans" && statement.deployed.has(failure.relation),
      ),
    ),
  ];
  for (const { countQuery, kind, relation, parent } of failures) {
    if (countQuery === undefined || found.has(countQuery)) continue;
    found.set(
      countQuery,
      kind === "orphans"
        ? `Orphans of ${relation}${parent === undefined ? "" : ` without a row in ${parent}`} (0: all is well)`
        : `Rows of ${relation} that would break the constraint (0: all is well)`,
    );
  }
  return [...found].map(([text, title]) => ({ title, language: "sql", text }));
}
