import type {
  ConstraintOperation,
  DefinitionOperation,
  MaintenanceOperation,
  Operation,
  RowOperation,
  SessionOperation,
} from "../../sql/operation.ts";
import { listed } from "../summary.ts";
import type { ChecklistItem, Command } from "./item.ts";
import {
  named,
  openFailures,
  operationsOf,
  relationSql,
  sqlString,
  touchedRelations,
  type Pending,
} from "./pending.ts";

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
  // to_regclass gives NULL for a table that the migration has dropped; a cast would fail.
  const those = relations.map((relation) => `to_regclass(${sqlString(relationSql(relation))})`).join(", ");
  return {
    ...base,
    state: "needs you",
    because: `Watch ${listed(relations.map(named))} for an hour or more after the deployment, and the errors of the application.`,
    run: [...sessions(those), ...indexes(pending, those), ...constraints(pending, those), ...counts(pending)],
  };
}

function sessions(those: string): readonly Command[] {
  return [
    {
      title: "Sessions that wait for a lock, and who holds it",
      language: "sql",
      text: `SELECT a.pid, pg_blocking_pids(a.pid) AS blocked_by, now() - a.query_start AS waiting,\n       l.relation::regclass AS relation, l.mode, left(a.query, 100) AS query\nFROM pg_stat_activity AS a\nJOIN pg_locks AS l ON l.pid = a.pid AND NOT l.granted\nWHERE l.relation IS NULL OR l.relation IN (${those})\nORDER BY a.query_start;`,
    },
    {
      title: "Statements on these tables that run for more than 30 seconds",
      language: "sql",
      text: `SELECT DISTINCT a.pid, now() - a.query_start AS running, a.state, left(a.query, 100) AS query\nFROM pg_stat_activity AS a\nJOIN pg_locks AS l ON l.pid = a.pid AND l.granted\nWHERE a.state <> 'idle' AND a.pid <> pg_backend_pid() AND now() - a.query_start > interval '30 seconds'\n  AND l.relation IN (${those})\nORDER BY running DESC;`,
    },
  ];
}

function indexes(pending: Pending, those: string): readonly Command[] {
  const built = operationsOf(pending).some(
    (operation) => operation.kind === "createIndex" || operation.kind === "reindex",
  );
  if (!built) return [];
  return [
    {
      title: "Indexes that a failed build left behind invalid (no rows: all is well)",
      language: "sql",
      text: `SELECT indrelid::regclass AS "table", indexrelid::regclass AS index\nFROM pg_index\nWHERE NOT indisvalid AND indrelid IN (${those});`,
    },
  ];
}

function constraints(pending: Pending, those: string): readonly Command[] {
  if (!operationsOf(pending).some(isNotValid)) return [];
  return [
    {
      title: "Constraints that are still NOT VALID (no rows: all is well)",
      language: "sql",
      text: `SELECT conrelid::regclass AS "table", conname\nFROM pg_constraint\nWHERE NOT convalidated AND conrelid IN (${those});`,
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
function counts(pending: Pending): readonly Command[] {
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
