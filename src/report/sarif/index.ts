import type { Log, Notification, Result } from "sarif";
import type { CheckResult } from "../../engine/result.ts";
import type { Finding, Severity } from "../../engine/finding.ts";
import type { Format, ReportOptions } from "../options.ts";
import { crashInWords } from "../crash.ts";
import { locationOf } from "./location.ts";
import { makeResult, type ResultContext } from "./result.ts";
import { ruleDescriptors } from "./rules.ts";
import { statementRanges } from "../statement-fingerprint.ts";

/** The VS Code viewer refuses logs with another base name of the schema. */
const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
/** GitHub rejects a whole file with more results in a run. */
const MOST_RESULTS = 25_000;
const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/**
 * SARIF 2.1.0 for GitHub code scanning: exactly one run, URIs from the git root, GitHub's line hash. Suppressed findings
 * are left out unless asked for, because GitHub opens an alert for each of them.
 */
export const sarif: Format = {
  name: "sarif",
  render(result, options) {
    const findings = result.findings.filter((finding) => options.showSuppressed || !finding.suppressed);
    const kept = findings.length <= MOST_RESULTS ? findings : mostSevere(findings);
    const rules = ruleDescriptors(result, findings, options);
    const context: ResultContext = {
      options,
      ruleIndex: new Map(rules.map((rule, index) => [rule.id, index])),
      statements: statementRanges(result),
      hashes: new Map(),
    };
    const results: Result[] = kept.map((finding) => makeResult(finding, context));
    const { version } = result.tool;
    const log: Log = {
      $schema: SCHEMA,
      version: "2.1.0",
      runs: [
        {
          tool: {
            driver: {
              name: result.tool.name,
              fullName: `${result.tool.name} ${version}`,
              version,
              semanticVersion: version,
              ...(options.homepage !== undefined && { informationUri: options.homepage }),
              rules,
            },
          },
          ...(options.sarifCategory
            ? {
                automationDetails: {
                  id: options.sarifCategory.endsWith("/") ? options.sarifCategory : `${options.sarifCategory}/`,
                },
              }
            : {}),
          invocations: [
            {
              executionSuccessful: result.crashes.length === 0,
              toolConfigurationNotifications: configurationNotes(result),
              toolExecutionNotifications: executionNotes(result, options, findings.length - kept.length),
            },
          ],
          originalUriBaseIds: { "%SRCROOT%": { description: { text: "The top level of the git repository." } } },
          columnKind: "utf16CodeUnits",
          results,
          properties: { postgres: result.postgres, execution: result.evidence.execution.mode },
        },
      ],
    };
    return `${JSON.stringify(log, null, 1)}\n`;
  },
};

function mostSevere(findings: readonly Finding[]): readonly Finding[] {
  const chosen = new Set([...findings].sort((a, b) => RANK[a.severity] - RANK[b.severity]).slice(0, MOST_RESULTS));
  return findings.filter((finding) => chosen.has(finding));
}

/** What was missing for the check to say more: evidence, and what is odd about the migrations folder. */
function configurationNotes(result: CheckResult): Notification[] {
  return [
    ...result.coverage.rulesNotRun.map(
      ({ rule, needs, because }): Notification =>
        note(
          `The rule ${rule} did not run: it needs ${needs}, which is absent.${because === undefined ? "" : ` ${because}`}`,
        ),
    ),
    ...result.histories
      .flatMap((history) => history.problems)
      .map(
        (problem): Notification => ({
          ...note(`${problem.file}: ${problem.message} ${problem.help}`),
          ...(problem.severity && { level: problem.severity }),
        }),
      ),
  ];
}

function executionNotes(result: CheckResult, options: ReportOptions, left: number): Notification[] {
  return [
    ...result.coverage.notUnderstood.map(
      (gap): Notification => ({
        ...note(`This statement was not understood: ${gap.why}.`),
        locations: [locationOf(gap.file, gap.range, options)],
      }),
    ),
    ...result.crashes.map(
      (crash): Notification => ({
        level: "error",
        message: { text: crashInWords(crash) },
        locations: [locationOf(crash.file, crash.statement?.range ?? { start: 0, end: 0 }, options)],
      }),
    ),
    ...(left > 0 ? [note(`${left} findings of lower severity are left out: a run can hold ${MOST_RESULTS}.`)] : []),
  ];
}

function note(text: string): Notification {
  return { level: "note", message: { text } };
}
