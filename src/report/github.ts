import type { Severity } from "../engine/finding.ts";
import type { CheckResult } from "../engine/result.ts";
import { crashInWords } from "./crash.ts";
import { findingParts, whyOf } from "./finding-parts.ts";
import type { Format, ReportOptions } from "./options.ts";
import { regionOf } from "./sarif/location.ts";
import { summarize } from "./summary.ts";
import { counted, listed } from "../words.ts";
import { pathFromRoot } from "./uri.ts";
import { printable } from "./text/width.ts";
import { lockstep } from "../advice/programs/lockstep.ts";
import { IN_WORDS } from "../advice/programs/facts.ts";

type Level = "error" | "warning" | "notice";

const LEVELS: Readonly<Record<Severity, Level>> = { error: "error", warning: "warning", info: "notice" };
const ORDER: readonly Level[] = ["error", "warning", "notice"];
/** GitHub shows this many annotations of a level and a step, and drops the rest in silence (actions/toolkit, docs/problem-matchers.md). */
const SHOWN = 10;
/** Files that the last notice names. */
const NAMED = 10;

interface Annotation {
  readonly level: Level;
  readonly path: string;
  readonly properties: readonly (readonly [string, string | number])[];
  readonly message: string;
}

/**
 * Workflow commands, which GitHub Actions turns into annotations of the pull request's lines; then a line of plain text for the log.
 * Errors come first. Of each level no more are written than GitHub shows; a last notice says how many more there are, and in which files.
 * Suppressed findings are left out.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message
 */
export const github: Format = {
  name: "github",
  render(result, options) {
    const all = annotationsOf(result, options);
    const of = (level: Level): readonly Annotation[] => all.filter((annotation) => annotation.level === level);
    const over = ORDER.some((level) => of(level).length > SHOWN);
    // The last notice is one of the notices.
    const shown = ORDER.flatMap((level) => of(level).slice(0, over && level === "notice" ? SHOWN - 1 : SHOWN));
    const left = all.filter((annotation) => !shown.includes(annotation));
    const lines = shown.map(({ level, properties, message }) => command(level, properties, message));
    if (left.length > 0) lines.push(command("notice", [["title", "lockstep"]], remainder(left)));
    return `${[...lines, `lockstep: ${summaryOf(result)}.`].join("\n")}\n`;
  },
};

function annotationsOf(result: CheckResult, options: ReportOptions): readonly Annotation[] {
  const findings = result.findings
    .filter((finding) => !finding.suppressed)
    .map((finding): Annotation => {
      const {
        startLine = 1,
        startColumn = 1,
        endLine = startLine,
        endColumn = startColumn,
      } = regionOf(finding.file, finding.range);
      const path = pathFromRoot(options.pathPrefix, finding.file.path);
      return {
        level: LEVELS[finding.severity],
        path,
        properties: [
          ["file", path],
          ["line", startLine],
          ["endLine", endLine],
          // The runner takes columns of one line only.
          ...(startLine === endLine
            ? ([
                ["col", startColumn],
                ["endColumn", endColumn],
              ] as const)
            : []),
          ["title", finding.rule],
        ],
        message: [...findingParts(finding), whyOf(finding.rule, options)].map(printable).join("\n"),
      };
    });
  const problems = result.histories
    .flatMap((history) => history.problems)
    .map((problem): Annotation => {
      const path = pathFromRoot(options.pathPrefix, problem.file);
      return {
        level: problem.severity ?? "notice",
        path,
        properties: [
          ["file", path],
          ["title", "lockstep"],
        ],
        message: `${problem.message}\n${problem.help}`,
      };
    });
  const crashes = result.crashes.map((crash): Annotation => {
    const path = pathFromRoot(options.pathPrefix, crash.file.path);
    const { startLine = 1 } = regionOf(crash.file, crash.statement?.range ?? { start: 0, end: 0 });
    return {
      level: "error",
      path,
      properties: [
        ["file", path],
        ["line", startLine],
        ["title", "lockstep"],
      ],
      message: crashInWords(crash),
    };
  });
  return [...crashes, ...findings, ...problems];
}

function remainder(left: readonly Annotation[]): string {
  const counts = ORDER.map(
    (level) => [left.filter((annotation) => annotation.level === level).length, level] as const,
  ).filter(([count]) => count > 0);
  const byPath = new Map<string, number>();
  for (const { path } of left) byPath.set(path, (byPath.get(path) ?? 0) + 1);
  const places = [...byPath].map(([path, count]) => `${count} in ${path}`);
  const more = places.length - NAMED;
  const where = listed(more > 0 ? [...places.slice(0, NAMED), `more in ${counted(more, "other file")}`] : places);
  return `${listed(counts.map(([count, level]) => counted(count, `more ${level}`)))}, not shown here because GitHub shows ${SHOWN} of a level and step: ${where}.\nAll of them: ${lockstep.check(IN_WORDS).text}.`;
}

function summaryOf(result: CheckResult): string {
  const { errors, warnings, infos } = summarize(result);
  const counts = (
    [
      [errors, "error"],
      [warnings, "warning"],
      [infos, "info"],
    ] as const
  ).filter(([count]) => count > 0);
  return counts.length === 0 ? "no findings" : listed(counts.map(([count, noun]) => counted(count, noun)));
}

function command(level: Level, properties: Annotation["properties"], message: string): string {
  return `::${level} ${properties.map(([name, value]) => `${name}=${property(String(value))}`).join(",")}::${data(message)}`;
}

/** What the runner turns back: src/Runner.Common/ActionCommand.cs of actions/runner. */
function data(text: string): string {
  return printable(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
