import type { CheckResult, CheckedMigration } from "../../engine/result.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Format, ReportOptions } from "../options.ts";
import { painter, type Paint } from "./paint.ts";
import { executionInWords, migrationsOf } from "../summary.ts";
import { onOneLine, renderFinding, type FindingContext } from "./finding.ts";
import { renderSummary } from "./summary.ts";
import { printable, wrap } from "./width.ts";

/** For people at a terminal: findings with code frames, grouped by migration, and a summary. */
export const text: Format = {
  name: "text",
  render(result, options) {
    const paint = painter(options.color);
    const columns = Math.max(40, options.columns);
    const shown = result.findings.filter(
      (finding) => (options.showSuppressed || !finding.suppressed) && (!options.quiet || finding.severity === "error"),
    );
    const blocks = [...groups(result, shown)].map((group) => renderGroup(group, paint, columns));
    for (const { file, message, help, severity } of result.histories.flatMap((history) => history.problems)) {
      const lines = wrap(printable(`${message} ${help}`), columns - 2).map((line) => `  ${line}`);
      const label = severity === "error" ? paint(["red", "bold"], "error") : paint("yellow", "note");
      blocks.push([`${label} ${paint("dim", onOneLine(file))}`, ...lines].join("\n"));
    }
    blocks.push(renderSummary(result, { ...options, columns }, paint));
    return `${blocks.join("\n\n")}\n`;
  },
};

interface Group {
  readonly title: string;
  readonly note: string;
  readonly migration?: CheckedMigration;
  readonly findings: readonly Finding[];
}

/** Findings by migration in the migrations' order, then those of other files by path. */
function* groups(result: CheckResult, findings: readonly Finding[]): Iterable<Group> {
  const rest = new Set(findings);
  for (const migration of migrationsOf(result)) {
    const own = [...rest].filter((finding) => belongs(finding, migration));
    if (own.length === 0) continue;
    for (const finding of own) rest.delete(finding);
    yield {
      title: migration.id,
      note: `${migration.state === "pending" ? "pending" : "deployed"}, ${executionInWords(migration.execution)}`,
      migration,
      findings: own,
    };
  }
  for (const path of new Set([...rest].map((finding) => finding.file.path))) {
    yield { title: path, note: "", findings: [...rest].filter((finding) => finding.file.path === path) };
  }
}

function belongs(finding: Finding, migration: CheckedMigration): boolean {
  if (finding.file === migration.file || finding.file === migration.down) return true;
  return finding.migration === migration.id && finding.file.path.startsWith(`${migration.path}/`);
}

function renderGroup(group: Group, paint: Paint, columns: number): string {
  const title = `${paint("bold", onOneLine(group.title))}${group.note ? `  ${paint("dim", group.note)}` : ""}`;
  const context: FindingContext = { paint, columns, helped: new Set(), statements: group.migration };
  return [title, ...group.findings.map((finding) => renderFinding(finding, context))].join("\n\n");
}

export type { ReportOptions };
