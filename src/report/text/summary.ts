import type { CheckResult } from "../../engine/result.ts";
import type { ReportOptions } from "../options.ts";
import type { Paint } from "./paint.ts";
import { executionInWords, migrationsOf, summarize, type Summary } from "../summary.ts";
import { lossInWords } from "../effects/losses.ts";
import { counted, listed } from "../../words.ts";
import { placeInFile } from "./finding.ts";
import { printable, wrap } from "./width.ts";
import { lockstep } from "../../advice/programs/lockstep.ts";
import { IN_WORDS } from "../../advice/programs/facts.ts";

/** Places of statements that were not understood that are listed; the json report has all. */
const GAPS = 5;

export function renderSummary(result: CheckResult, options: ReportOptions, paint: Paint): string {
  const summary = summarize(result);
  const lines: string[] = [verdict(result, summary, options, paint)];
  const say = (text: string, indent = 0) => {
    for (const line of wrap(printable(text), options.columns - indent))
      lines.push(paint("dim", " ".repeat(indent) + line));
  };
  const clean = summary.errors + summary.warnings + summary.infos === 0;

  const asides = [
    ...(summary.suppressed > 0 ? [`${summary.suppressed} suppressed`] : []),
    ...(summary.fixable > 0 ? [`${summary.fixable} fixable with --fix`] : []),
    ...(summary.fixableUnsafe > 0 ? [`${summary.fixableUnsafe} with --fix-unsafe`] : []),
  ];
  if (asides.length > 0) say(asides.join(" · "));
  if (!clean)
    say(`Checked ${migrations(summary)}, ${counted(summary.statements, "statement")}, for ${conditions(result)}.`);

  const gaps = result.coverage.notUnderstood;
  if (gaps.length > 0) {
    say(`${counted(gaps.length, "statement")} not understood:`);
    for (const gap of gaps.slice(0, GAPS)) say(`${placeInFile(gap.file, gap.range)}  ${gap.why}`, 2);
    if (gaps.length > GAPS) say(`and ${gaps.length - GAPS} more`, 2);
  }
  const notRun = new Map<string, string[]>();
  for (const { rule, needs, because } of result.coverage.rulesNotRun) {
    // A rehearsal has to be asked for, and branches are compared with a base: that there is none is no news.
    if ((needs !== "rehearsal" && needs !== "divergence") || because !== undefined)
      notRun.set(needs, [...(notRun.get(needs) ?? []), rule]);
  }
  for (const [needs, rules] of notRun) say(`Not run, for want of ${needs}: ${rules.join(", ")}.`);
  if (!clean) say(`Why a rule matters: ${lockstep.explain(IN_WORDS, "<rule>").text}`);
  return lines.join("\n");
}

/** What goes for good although nobody objects: the orphans of a cleanup. */
function lost(result: CheckResult): string {
  const taken = migrationsOf(result)
    .filter(({ state }) => state === "pending")
    .flatMap(({ statements }) => statements)
    .flatMap(({ effects, deployed }) =>
      effects.losses.filter(({ data, relation }) => data && relation !== undefined && deployed.has(relation)),
    );
  const words = [...new Set(taken.map((loss) => printable(lossInWords(loss).replaceAll("`", ""))))];
  return words.length === 0 ? "" : ` It takes away ${listed(words, 4)}.`;
}

function verdict(result: CheckResult, summary: Summary, options: ReportOptions, paint: Paint): string {
  if (summary.errors + summary.warnings + summary.infos === 0) {
    if (summary.migrations === 0) return "No migrations to check.";
    const what =
      summary.pending > 0
        ? `${counted(summary.pending, "pending migration")}, ${counted(summary.pendingStatements, "statement")}`
        : `${counted(summary.migrations, "migration")}, ${counted(summary.statements, "statement")}`;
    const problems = result.histories.flatMap((history) => history.problems);
    if (problems.some(({ severity }) => severity === "error"))
      return `${paint(["red", "bold"], "✗")} ${what}: no findings, but Prisma stops at what is said above.`;
    if (problems.length > 0) return `${paint("green", "✓")} ${what}: no findings besides the notes above.`;
    return `${paint("green", "✓")} ${what}: no findings.${lost(result)}`;
  }
  const counts = [
    ...(summary.errors > 0 ? [paint(["red", "bold"], counted(summary.errors, "error"))] : []),
    ...(summary.warnings > 0 ? [paint(["yellow", "bold"], counted(summary.warnings, "warning"))] : []),
    ...(summary.infos > 0 ? [paint(["blue", "bold"], `${summary.infos} info`)] : []),
  ];
  const failing = failures(summary, options.failOn);
  const outcome =
    failing > 0
      ? ""
      : options.failOn === "never"
        ? ", which never fail (--fail-on never)"
        : `, none at or above --fail-on ${options.failOn}`;
  return `${paint("bold", failing > 0 ? "✗" : "✓")} ${listed(counts)}${outcome}`;
}

function failures(summary: Summary, failOn: ReportOptions["failOn"]): number {
  if (failOn === "never") return 0;
  return summary.errors + (failOn === "error" ? 0 : summary.warnings) + (failOn === "info" ? summary.infos : 0);
}

function migrations(summary: Summary): string {
  return `${counted(summary.migrations, "migration")} (${summary.pending} pending)`;
}

/** What the verdict was made for, and who said so: another version or mode gives another verdict. */
function conditions(result: CheckResult): string {
  const { execution, postgres, base, rehearsal, statistics, preset, divergence } = result.evidence;
  const parts = [
    `PostgreSQL ${postgres.version} (${postgres.because})`,
    `${executionInWords(execution.mode)} (${execution.because})`,
  ];
  if (rehearsal) parts.push(`rehearsed in PostgreSQL ${rehearsal.server.version}`);
  if (statistics) parts.push(`sizes of ${statistics.database} (${statistics.from}, ${statistics.taken.slice(0, 10)})`);
  if (base) parts.push(`against ${base.ref} (${base.because})`);
  if (divergence && divergence.others.length > 0)
    parts.push(
      `beside ${divergence.others.length > 3 ? `${divergence.others.length} other branches` : listed(divergence.others.map(({ name }) => name))}`,
    );
  if (preset) parts.push(`with the preset ${preset.name} (${preset.because})`);
  return parts.join(", ");
}
