import { accidentOf } from "../../advice/accident.ts";
import { recovery } from "../../advice/recovery.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import type {
  LeftOut,
  Rehearsal,
  RehearsalRun,
  RehearsedDown,
  RehearsedMigration,
  RehearsedStatement,
  DatabaseError,
} from "../../evidence/rehearsal.ts";
import { verdict } from "../../rehearsal/verdict.ts";
import { member, placed } from "../json/parts.ts";
import { countRehearsal } from "./sentences.ts";

/** The schema, as the package exports it. */
const REHEARSAL_SCHEMA = "lockstep/schema/rehearsal.schema.json";

export interface RehearsalJsonOptions {
  readonly tool: { readonly name: string; readonly version: string };
  /** How Prisma is called, for the commands of a recovery. */
  readonly evidence: Evidence;
}

/** For machines: schema/rehearsal.schema.json, version 1. One line for each migration. */
export function rehearsalJson(rehearsal: Rehearsal, { tool, evidence }: RehearsalJsonOptions): string {
  const { server, rows, runs } = rehearsal;
  const parts = [
    member("$schema", REHEARSAL_SCHEMA),
    member("version", 1),
    member("tool", tool),
    member("verdict", verdict(rehearsal)),
    member("server", { kind: server.kind, version: server.version, major: server.major, superuser: server.superuser }),
    member("rows", rows),
    member("evidence", { execution: evidence.execution, postgres: evidence.postgres, prisma: evidence.prisma }),
    runs.length === 0 ? member("runs", []) : `"runs": [\n${runs.map((run) => runOf(run, evidence)).join(",\n")}\n]`,
    member("summary", countRehearsal(runs)),
  ];
  return `{\n${parts.join(",\n")}\n}\n`;
}

function runOf(run: RehearsalRun, evidence: Evidence): string {
  const { root, execution, deployed, unfilled, migrations, milliseconds } = run;
  const head = [
    member("root", root),
    member("execution", execution),
    member("milliseconds", milliseconds),
    member("deployed", {
      migrations: deployed.migrations,
      cached: deployed.cached,
      leftOut: deployed.leftOut.map(leftOutOf),
    }),
    member("unfilled", unfilled),
  ].join(", ");
  const lines = migrations.map((migration) => JSON.stringify(migrationOf(run, migration, evidence)));
  return `{ ${head}, "migrations": [${lines.length === 0 ? "" : `\n${lines.join(",\n")}\n`}] }`;
}

function migrationOf(run: RehearsalRun, migration: RehearsedMigration, evidence: Evidence) {
  const { file, failure } = migration;
  const accident = accidentOf(run, migration, evidence.prisma);
  return {
    id: migration.id,
    path: migration.path,
    file: file.path,
    outcome: migration.outcome,
    statements: migration.statements.map((statement) => statementOf(migration, statement)),
    failure: failure && {
      error: errorOf(failure.error),
      statement: failure.index,
      range: placed(file, failure.range),
      on: failure.on,
      committed: failure.committed,
    },
    recovery: accident && recovery(accident),
    down: migration.down && downOf(migration.down),
  };
}

function statementOf({ file }: RehearsedMigration, statement: RehearsedStatement) {
  const { observed, error, leftOut } = statement;
  return {
    index: statement.index,
    range: placed(file, statement.range),
    outcome: statement.outcome,
    transaction: statement.transaction,
    observed: observed && {
      locks: observed.locks,
      held: observed.held,
      rewrites: observed.rewrites,
      scans: observed.scans,
      rows: observed.rows,
      milliseconds: observed.milliseconds,
    },
    error: error && { ...errorOf(error), on: error.on },
    leftOut: leftOut && leftOutOf(leftOut),
    trials: statement.trials.map(({ kind, relation, columns, rows, count, left, outcome, why, predicted }) => ({
      kind,
      relation,
      columns,
      rows,
      count,
      left,
      outcome,
      why,
      predicted,
    })),
    cleanups: statement.cleanups.map(({ child, columns, parent, parentColumns, before, after, took }) => ({
      child,
      columns,
      parent,
      parentColumns,
      before,
      after,
      ...(took && { took }),
    })),
    disagreements: statement.disagreements.map(({ what, relation, predicted, observed: seen }) => ({
      what,
      relation,
      predicted,
      observed: seen,
    })),
    notices: statement.notices,
  };
}

function downOf({ file, error, differences, lost, leftOut }: RehearsedDown) {
  return {
    file: file.path,
    error: error && { ...errorOf(error), range: placed(file, error.range) },
    restores: error === undefined && differences.length === 0,
    differences: differences.map(({ kind, object, change, was, is }) => ({ kind, object, change, was, is })),
    lost: lost.map(({ relation, column, rows }) => ({ relation, column, rows })),
    leftOut: leftOut.map(leftOutOf),
  };
}

function leftOutOf({ migration, file, range, why, kind }: LeftOut) {
  return { migration, file: file.path, range: placed(file, range), kind, why };
}

/** The offset in what was sent says nothing outside of the run: ranges say where it was. */
function errorOf({ sqlstate, message, detail, hint, schema, table, column, constraint, timedOut }: DatabaseError) {
  return { sqlstate, message, detail, hint, schema, table, column, constraint, timedOut };
}
