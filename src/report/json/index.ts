import { position, type Range, type SourceFile } from "../../source/text.ts";
import { verdict } from "../../rehearsal/verdict.ts";
import type { CheckResult, CheckedHistory, CheckedMigration } from "../../engine/result.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Format, ReportOptions } from "../options.ts";
import { crashInWords } from "../crash.ts";
import { effectsOf } from "./effects.ts";
import { objectsOf } from "../objects.ts";
import { countRehearsal } from "../rehearsal/sentences.ts";
import { summarize } from "../summary.ts";

/** The schema, as the package exports it. */
export const REPORT_SCHEMA = "lockstep/schema/report.schema.json";

/**
 * For machines: schema/report.schema.json, version 1. One line for each migration and finding, which keeps diffs and
 * streams readable and costs nothing.
 */
export const json: Format = {
  name: "json",
  render(result, options) {
    const summary = summarize(result);
    const parts = [
      member("$schema", REPORT_SCHEMA),
      member("version", 1),
      member("tool", result.tool),
      member("postgres", result.postgres),
      member("evidence", evidenceOf(result.evidence)),
      list(
        "migrations",
        result.histories.flatMap((history) => history.migrations.map((migration) => migrationOf(migration, history))),
      ),
      list(
        "findings",
        result.findings.map((finding) => findingOf(finding, options)),
      ),
      list(
        "problems",
        result.histories.flatMap((history) =>
          history.problems.map(({ file, message, help, severity }) => ({ file, message, help, severity })),
        ),
      ),
      member("summary", {
        migrations: summary.migrations,
        pending: summary.pending,
        statements: summary.statements,
        findings: { error: summary.errors, warning: summary.warnings, info: summary.infos },
        suppressed: summary.suppressed,
        fixable: { safe: summary.fixable, unsafe: summary.fixableUnsafe },
      }),
      member("coverage", coverageOf(result)),
      ...(result.crashes.length > 0 ? [list("internalErrors", result.crashes.map(crashOf))] : []),
    ];
    return `{\n${parts.join(",\n")}\n}\n`;
  },
};

function member(name: string, value: unknown): string {
  return `${JSON.stringify(name)}: ${JSON.stringify(value)}`;
}

function list(name: string, values: readonly unknown[]): string {
  if (values.length === 0) return member(name, values);
  return `${JSON.stringify(name)}: [\n${values.map((value) => JSON.stringify(value)).join(",\n")}\n]`;
}

/** Offsets, and one-based lines and columns of both ends, all in UTF-16 code units. */
function rangeOf(file: SourceFile, range: Range) {
  const start = position(file, range.start);
  const end = position(file, range.end);
  return {
    start: range.start,
    end: range.end,
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}

function migrationOf(migration: CheckedMigration, history: CheckedHistory) {
  const file = migration.file;
  return {
    id: migration.id,
    path: migration.path,
    root: history.root,
    file: file?.path,
    down: migration.down?.path,
    state: migration.state,
    execution: migration.execution,
    statements: !file
      ? []
      : migration.statements.map((statement) => ({
          index: statement.index,
          range: rangeOf(file, statement.range),
          operations: statement.operations.map((operation) => ({
            kind: operation.kind,
            range: rangeOf(file, operation.range),
            objects: objectsOf(operation),
          })),
          transaction: statement.transaction,
          effects: effectsOf(statement.effects, (place) => ({
            file: place.file.path,
            range: rangeOf(place.file, place.range),
          })),
        })),
  };
}

function findingOf(finding: Finding, options: Pick<ReportOptions, "ruleUrl">) {
  const { file, suppressed } = finding;
  return {
    rule: finding.rule,
    severity: finding.severity,
    category: finding.category,
    migration: finding.migration,
    file: file.path,
    range: rangeOf(file, finding.range),
    statement: finding.statement,
    objects: finding.objects,
    message: finding.message,
    sqlstate: finding.sqlstate,
    size: finding.size,
    rehearsed: finding.rehearsed,
    help: finding.help,
    url: options.ruleUrl?.(finding.rule),
    queries: finding.queries,
    commands: finding.commands,
    related: finding.related.map((related) => ({
      file: related.file.path,
      range: rangeOf(related.file, related.range),
      message: related.message,
    })),
    also: finding.also?.map((each): object => findingOf(each, options)),
    fixes: finding.fixes.map((fix) => ({
      title: fix.title,
      safety: fix.safety,
      edits: fix.edits.map((edit) => ({ range: rangeOf(file, edit.range), text: edit.text })),
    })),
    suppressed: suppressed && {
      how: suppressed.how,
      reason: suppressed.reason,
      range: suppressed.range && rangeOf(file, suppressed.range),
    },
  };
}

function coverageOf({ coverage }: CheckResult) {
  return {
    files: coverage.files,
    statements: coverage.statements,
    understood: coverage.understood,
    notUnderstood: coverage.notUnderstood.map((gap) => ({
      file: gap.file.path,
      range: rangeOf(gap.file, gap.range),
      why: gap.why,
    })),
    rulesNotRun: coverage.rulesNotRun,
  };
}

function crashOf(crash: CheckResult["crashes"][number]) {
  const { file, migration, statement, rule } = crash;
  return {
    migration,
    file: file.path,
    ...(statement && { statement: statement.index, range: rangeOf(file, statement.range) }),
    rule,
    message: crashInWords(crash),
  };
}

/** The rehearsal in short: all of it is in the report of `lockstep rehearse --format json`. */
function evidenceOf({ rehearsal, divergence, statistics, ...rest }: CheckResult["evidence"]) {
  const evidence = {
    ...rest,
    ...(divergence && { divergence: branchesOf(divergence) }),
    ...(statistics && { statistics: { ...statistics, tables: statistics.tables.length } }),
  };
  if (!rehearsal) return evidence;
  const { server, rows, runs } = rehearsal;
  const migrations = runs.flatMap(({ execution, migrations: ran }) =>
    ran.map(({ id, outcome, failure }) => ({
      id,
      execution,
      outcome,
      failure: failure && { on: failure.on, sqlstate: failure.error.sqlstate, message: failure.error.message },
    })),
  );
  return {
    ...evidence,
    rehearsal: { server, rows, verdict: verdict(rehearsal), summary: countRehearsal(runs), migrations },
  };
}

/** Who was compared with whom; what came of it are findings. */
function branchesOf({ ours, target, others }: NonNullable<CheckResult["evidence"]["divergence"]>) {
  const branch = ({ name, ref, roles }: typeof ours) => ({ name, ref, roles });
  return { ours: branch(ours), target: branch(target), others: others.map(branch) };
}
