import type { SourceFile } from "../source/text.ts";
import { fails } from "../engine/config.ts";
import type { Finding } from "../engine/finding.ts";
import type { CheckResult } from "../engine/result.ts";
import { crashInWords } from "./crash.ts";
import { findingParts, whyOf } from "./finding-parts.ts";
import type { Format, ReportOptions } from "./options.ts";
import { regionOf } from "./sarif/location.ts";
import { migrationsOf } from "./summary.ts";
import { pathFromRoot } from "./uri.ts";

interface Suite {
  readonly name: string;
  readonly findings: readonly Finding[];
  /** Bugs that left something of it unchecked, in words. */
  readonly errors?: readonly string[];
  /** Why there was nothing to check. */
  readonly skipped?: string;
}

type Outcome =
  | { readonly kind: "skipped"; readonly text: string }
  | { readonly kind: "error"; readonly message: string }
  | { readonly kind: "failure"; readonly type: string; readonly message: string; readonly text: string };

interface Case {
  readonly attributes: Readonly<Record<string, string | number>>;
  /** What is in the element; none for a case that passed. */
  readonly outcome?: Outcome | undefined;
}

/**
 * JUnit XML as GitLab, Jenkins and the reporters for GitHub Actions read it: a suite for each migration that is pending or has
 * findings, in it a case for each finding, or one that passed. Findings from `failOn` on are failures, those below it skipped
 * cases, so that the report is red exactly where findings fail the check. Suppressed findings are left out.
 * The names of cases stay the same when lines move, and no two of a suite are the same: readers compare runs by them.
 * https://docs.gitlab.com/ci/testing/unit_test_reports/ https://github.com/testmoapp/junitxml
 */
export const junit: Format = {
  name: "junit",
  render(result, options) {
    const suites = suitesOf(result, options).map((suite) => ({ name: suite.name, cases: casesOf(suite, options) }));
    const all = suites.flatMap(({ cases }) => cases);
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites${attributes({ name: result.tool.name, ...counts(all) })}>`,
      ...suites.flatMap(({ name, cases }) => [
        `  <testsuite${attributes({ name, ...counts(cases) })}>`,
        ...cases.map(caseElement),
        "  </testsuite>",
      ]),
      "</testsuites>",
      "",
    ].join("\n");
  },
};

function suitesOf(result: CheckResult, options: ReportOptions): readonly Suite[] {
  const problems = result.histories.flatMap((history) => history.problems);
  const open = new Map<SourceFile, Finding[]>();
  for (const finding of result.findings) {
    if (finding.suppressed) continue;
    const before = open.get(finding.file);
    if (before) before.push(finding);
    else open.set(finding.file, [finding]);
  }
  const take = (file: SourceFile | undefined): readonly Finding[] => {
    const found = file && open.get(file);
    if (found) open.delete(file);
    return found ?? [];
  };
  const suites: Suite[] = [];
  for (const { path, file, down, state } of migrationsOf(result)) {
    const findings = [...take(file), ...take(down)];
    const errors = result.crashes
      .filter((crash) => crash.file === file || crash.file === down)
      .map((crash) => crashInWords(crash));
    if (state !== "pending" && findings.length + errors.length === 0) continue;
    const problem = problems.find((one) => one.file === path);
    suites.push({
      name: pathFromRoot(options.pathPrefix, path),
      findings,
      errors,
      ...(file === undefined && {
        skipped: problem ? `${problem.message} ${problem.help}` : "There is no migration.sql.",
      }),
    });
  }
  return [
    ...suites,
    ...[...open].map(([file, findings]) => ({ name: pathFromRoot(options.pathPrefix, file.path), findings })),
  ];
}

function casesOf(suite: Suite, options: ReportOptions): readonly Case[] {
  const errors = (suite.errors ?? []).map(
    (message, at): Case => ({
      attributes: {
        name: at === 0 ? "internal error" : `internal error (${at + 1})`,
        classname: suite.name,
        time: 0,
      },
      outcome: { kind: "error", message },
    }),
  );
  if (suite.findings.length === 0) {
    if (errors.length > 0) return errors;
    const kind = suite.skipped === undefined ? undefined : ({ kind: "skipped", text: suite.skipped } as const);
    return [
      {
        attributes: {
          name: suite.skipped === undefined ? "no findings" : "migration.sql",
          classname: suite.name,
          time: 0,
        },
        outcome: kind,
      },
    ];
  }
  const seen = new Map<string, number>();
  const found = suite.findings.map((finding): Case => {
    const about = [finding.rule, ...finding.objects.slice(0, 1)].join(" ");
    const occurrence = (seen.get(about) ?? 0) + 1;
    seen.set(about, occurrence);
    const file = pathFromRoot(options.pathPrefix, finding.file.path);
    const { startLine = 1, startColumn = 1 } = regionOf(finding.file, finding.range);
    return {
      attributes: {
        name: occurrence === 1 ? about : `${about} (${occurrence})`,
        classname: suite.name,
        file,
        line: startLine,
        time: 0,
      },
      outcome: {
        ...(fails(finding.severity, options.failOn)
          ? { kind: "failure", type: finding.severity, message: finding.message }
          : { kind: "skipped" }),
        text: [
          `${finding.severity} at ${file}:${startLine}:${startColumn}`,
          ...findingParts(finding),
          whyOf(finding.rule, options),
        ].join("\n"),
      },
    };
  });
  return [...errors, ...found];
}

function counts(cases: readonly Case[]): Readonly<Record<string, number>> {
  const of = (kind: Outcome["kind"]): number => cases.filter(({ outcome }) => outcome?.kind === kind).length;
  return { tests: cases.length, failures: of("failure"), errors: of("error"), skipped: of("skipped"), time: 0 };
}

function caseElement({ attributes: named, outcome }: Case): string {
  const start = `    <testcase${attributes(named)}`;
  if (!outcome) return `${start}/>`;
  // Most readers show the message only, so it says what happens rather than where.
  const inside =
    outcome.kind === "error"
      ? `<error${attributes({ message: outcome.message, type: "internal" })}/>`
      : outcome.kind === "failure"
        ? `<failure${attributes({ message: outcome.message, type: outcome.type })}>${escaped(outcome.text)}</failure>`
        : `<skipped${attributes({ message: outcome.text.replaceAll("\n", " ") })}/>`;
  return `${start}>\n      ${inside}\n    </testcase>`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;")}"`)
    .join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Without what XML 1.0 forbids (https://www.w3.org/TR/xml/#charsets) and the control characters that it advises against. */
function escaped(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]|\p{Cs}/gu, "")
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
