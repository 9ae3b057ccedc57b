import { position, type Range, type SourceFile } from "../../source/text.ts";
import type { Finding, Fix, Severity } from "../../engine/finding.ts";
import type { CheckedMigration } from "../../engine/result.ts";
import { diffLines } from "./diff-lines.ts";
import { codeFrame } from "./frame.ts";
import type { Paint, Style } from "./paint.ts";
import { counted } from "../../words.ts";
import { printable, width, wrap } from "./width.ts";

export interface FindingContext {
  readonly paint: Paint;
  readonly columns: number;
  /** Help and commands that were given in this group already: the same rule on ten tables needs them once. */
  readonly helped: Set<string>;
  readonly statements: CheckedMigration | undefined;
}

const STYLE: Readonly<Record<Severity, Style>> = { error: "red", warning: "yellow", info: "blue" };
const INDENT = "  ";
/** Lines of a fix that are shown; longer ones are for --diff. */
const SHORT = 10;
/** Commands that are shown. */
const COMMANDS = 6;
const HOW = { safe: "--fix", unsafe: "--fix-unsafe", display: "by hand" } as const;

export function renderFinding(finding: Finding, context: FindingContext): string {
  const { paint, columns } = context;
  const style = STYLE[finding.severity];
  const room = columns - INDENT.length;
  const lines = [
    `${paint([style, "bold"], finding.severity)} ${paint("bold", finding.rule)}  ${paint("dim", place(finding.file, finding.range.start))}`,
    ...wrap(printable(finding.message), room),
  ];
  const statementStart = startOfStatement(finding, context.statements);
  lines.push(
    ...codeFrame(finding.file, finding.range, {
      paint,
      style,
      columns: room,
      ...(statementStart === undefined ? {} : { statementStart }),
    }),
  );

  if (finding.suppressed) {
    lines.push(
      ...labelled(context, "ignored", `${finding.suppressed.reason || "without a reason"} (${finding.suppressed.how})`),
    );
    return indented(lines);
  }
  if (finding.rehearsed !== undefined) lines.push(...labelled(context, "seen", finding.rehearsed));
  for (const related of finding.related) {
    lines.push(...labelled(context, "see", `${related.message} (${place(related.file, related.range.start)})`));
  }
  if (!context.helped.has(`${finding.rule}\n${finding.help}`)) {
    context.helped.add(`${finding.rule}\n${finding.help}`);
    lines.push(...labelled(context, "help", finding.help));
  }
  if (finding.commands && !context.helped.has(finding.commands.join("\n"))) {
    context.helped.add(finding.commands.join("\n"));
    lines.push(
      ...finding.commands
        .slice(0, COMMANDS)
        .map(
          (command, index) => `${paint("dim", index === 0 ? "run   " : "      ")} ${paint("cyan", printable(command))}`,
        ),
    );
    if (finding.commands.length > COMMANDS)
      lines.push(paint("dim", `       and ${finding.commands.length - COMMANDS} more; the json report has all`));
  }
  for (const query of finding.queries) {
    lines.push(...labelled(context, "query", query.title));
    lines.push(
      ...printable(query.sql)
        .split("\n")
        .map((line) => `${" ".repeat(7)}${paint("cyan", line)}`),
    );
  }
  const more = (finding.also ?? []).filter(({ fixes }) => fixes.length > 0).length;
  for (const fix of finding.fixes) lines.push(...renderFix(finding.file, fix, more, context));
  return indented(lines);
}

function renderFix(file: SourceFile, fix: Fix, more: number, context: FindingContext): readonly string[] {
  const { paint } = context;
  const diff = diffLines(file, fix.edits);
  const along = more > 0 ? `, so at ${counted(more, "more place")}` : "";
  const title = `${fix.title} (${HOW[fix.safety]}${diff.length > SHORT ? `, ${diff.length} lines` : ""}${along})`;
  const lines = [...labelled(context, "fix", title)];
  if (diff.length > SHORT) return lines;
  const size = Math.max(...diff.map((line) => String(line.line).length), 1);
  for (const line of diff) {
    const text = printable(line.text).replaceAll("\t", "    ");
    lines.push(
      `${" ".repeat(7)}${paint("dim", (line.kind === "-" ? String(line.line) : "").padStart(size))} ${paint(line.kind === "-" ? "red" : "green", `${line.kind} ${text}`.trimEnd())}`,
    );
  }
  return lines;
}

/** "help   what to do", with the lines after the first aligned. */
function labelled(context: FindingContext, label: string, text: string): readonly string[] {
  const head = label.padEnd(6);
  const indent = Math.max(7, width(head) + 1);
  return wrap(printable(text), context.columns - INDENT.length - indent).map((line, index) =>
    index === 0 ? `${context.paint("dim", head)} ${line}` : `${" ".repeat(indent)}${line}`,
  );
}

/** The first line of the statement gives the table's name where the finding is in a later action of it. */
function startOfStatement(finding: Finding, migration: CheckedMigration | undefined): number | undefined {
  if (finding.statement === undefined || finding.file !== migration?.file) return undefined;
  const statement = migration.statements.find((candidate) => candidate.index === finding.statement);
  return statement && statement.range.start <= finding.range.start && finding.range.start < statement.range.end
    ? statement.range.start
    : undefined;
}

function place(file: SourceFile, offset: number): string {
  const { line, column } = position(file, offset);
  return `${onOneLine(file.path)}:${line}:${column}`;
}

/** A name as the terminal may show it: a newline in it would look like the report's own. */
export function onOneLine(name: string): string {
  return printable(name).replaceAll("\n", "\u240A").replaceAll("\t", "\u2409");
}

export function placeInFile(file: SourceFile, range: Range): string {
  return place(file, range.start);
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => (line === "" ? "" : INDENT + line)).join("\n");
}
