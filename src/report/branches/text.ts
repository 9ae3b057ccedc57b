import type { BranchFinding, BranchesResult } from "../../engine/branches.ts";
import { answerInWords } from "../../model/divergence/judgement/answers.ts";
import { type MatrixCell, type RootMatrix, matrices } from "./matrix.ts";
import { pictureLines } from "./picture.ts";
import {
  cellInWords,
  conflictDetails,
  flowInWords,
  leftOutInWords,
  legend,
  offInWords,
  pairProblems,
  statementText,
} from "./sentences.ts";
import { type Paint, painter, type Style } from "../text/paint.ts";
import { clipped } from "../rehearsal/statement.ts";
import { counted, listed } from "../../words.ts";
import { onOneLine, placeInFile } from "../text/finding.ts";
import { printable, width, wrap } from "../text/width.ts";

export interface BranchesTextOptions {
  readonly color: boolean;
  /** Width of the terminal in cells. */
  readonly columns: number;
  /** Lines are drawn with ASCII only. */
  readonly ascii: boolean;
}

interface Look {
  readonly paint: Paint;
  readonly columns: number;
  readonly ascii: boolean;
}

const WIDEST = 120;
/** Conflicts of one finding that are shown. */
const CONFLICTS = 3;
const SEVERITY: Readonly<Record<BranchFinding["severity"], Style>> = { error: "red", warning: "yellow", info: "blue" };

/** For people at a terminal: the branches as a picture, their migrations as a matrix, and what does not add up. */
export function branchesText(result: BranchesResult, options: BranchesTextOptions): string {
  const look: Look = {
    paint: painter(options.color),
    columns: Math.max(40, Math.min(WIDEST, options.columns)),
    ascii: options.ascii,
  };
  const { set, findings } = result;
  const blocks: (readonly string[])[] = [wrap(printable(flowInWords(set)), look.columns)];
  for (const matrix of matrices(result)) {
    blocks.push([
      look.paint("bold", onOneLine(matrix.root || "the repository's root")),
      ...pictureLines(set, matrix.root, { ...look, columns: look.columns - 2 }).map((line) => `  ${line}`),
    ]);
    blocks.push(
      matrixLines(
        matrix,
        set.branches.map(({ name }) => name),
        look,
      ),
    );
  }
  const told = new Set<string>();
  for (const finding of findings) blocks.push(findingLines(finding, look, told));
  const notes = [
    ...pairProblems(set),
    ...offInWords(result),
    ...set.problems.map(({ file, message, help }) => `${file}: ${message} ${help}`),
    ...rootProblems(result),
    ...leftOutInWords(set),
  ];
  if (notes.length > 0) blocks.push(notes.flatMap((note) => said(note, look, "  ", "dim")));
  blocks.push([summaryLine(result, look)]);
  const text = `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
  return options.ascii ? ascii(text) : text;
}

/** What the migrations directories themselves have to say, once for each branch's own. */
function rootProblems({ set }: BranchesResult): readonly string[] {
  return [
    ...new Set(
      set.branches.flatMap(({ roots }) =>
        roots.flatMap(({ problems }) => problems.map(({ file, message, help }) => `${file}: ${message} ${help}`)),
      ),
    ),
  ];
}

function matrixLines(matrix: RootMatrix, branches: readonly string[], look: Look): readonly string[] {
  const { paint, columns } = look;
  const alike = `${counted(matrix.common, "migration")} ${matrix.common === 1 ? "is" : "are"} the same on ${branches.length === 2 ? "both branches" : "all branches"}`;
  if (matrix.rows.length === 0) return said(`${alike}, and no branch has another.`, look, "  ", "dim");
  const name = Math.max(...matrix.rows.map(({ migration }) => width(onOneLine(migration))));
  const widths = branches.map((branch, at) =>
    Math.max(
      width(onOneLine(branch)),
      ...matrix.rows.map(({ cells }) => width(shownCell(cells[at] as MatrixCell, look))),
    ),
  );
  const lines: string[] = [];
  if (2 + name + widths.reduce((sum, each) => sum + each + 2, 0) <= columns) {
    const line = (head: string, parts: readonly (readonly [string, Style | undefined])[]): string =>
      `  ${head.padEnd(head.length + name - width(head))}${parts.map(([text, style], at) => `  ${style ? paint(style, text) : text}${" ".repeat((widths[at] ?? 0) - width(text))}`).join("")}`.trimEnd();
    lines.push(
      line(
        "",
        branches.map((branch) => [onOneLine(branch), "bold"]),
      ),
    );
    for (const { migration, cells } of matrix.rows)
      lines.push(
        line(
          onOneLine(migration),
          cells.map((cell) => [shownCell(cell, look), styleOf(cell)]),
        ),
      );
  } else {
    for (const { migration, cells } of matrix.rows) {
      lines.push(`  ${clipped(onOneLine(migration), columns - 2)}`);
      for (const cell of cells)
        if (cell.state !== "absent")
          lines.push(`    ${clipped(`${onOneLine(cell.branch)}: ${shownCell(cell, look)}`, columns - 4)}`);
    }
  }
  lines.push(...said(`${alike}. ${legend(matrix.rows.flatMap(({ cells }) => cells)).join("; ")}.`, look, "  ", "dim"));
  for (const { branch, path } of matrix.moved)
    lines.push(...said(`${branch} has the folder at ${path}`, look, "  ", "dim"));
  if (matrix.without.length > 0)
    lines.push(
      ...said(
        `${listed(matrix.without)} ${matrix.without.length === 1 ? "has" : "have"} no such folder`,
        look,
        "  ",
        "dim",
      ),
    );
  return lines;
}

const shownCell = (cell: MatrixCell, { ascii: plain }: Look): string => cellInWords(cell) || (plain ? "." : "·");

function styleOf({ state, matters }: MatrixCell): Style | undefined {
  if (state === "present") return undefined;
  if (state === "absent") return "dim";
  if (state === "late") return matters === "yes" ? "red" : matters === "unknown" ? "yellow" : "blue";
  return "red";
}

/** `told`: commands that were printed already; those of several late folders are the same. */
function findingLines(finding: BranchFinding, look: Look, told: Set<string>): readonly string[] {
  const { paint, columns } = look;
  const { severity, rule, of, message, judgement, ways } = finding;
  const { order } = judgement;
  const lines = [
    `${paint(["bold", SEVERITY[severity]], severity)}  ${paint("bold", rule)}  ${paint("dim", clipped(onOneLine(listed(of)), columns - severity.length - rule.length - 4))}`,
    ...said(message, look, "  "),
  ];
  const conflicts = order?.matters === "no" ? [] : (order?.conflicts ?? []);
  if (order?.rehearsed) lines.push("", ...answerInWords(judgement).flatMap((line) => said(line, look, "    ")));
  if (order?.rehearsed?.asked !== true || order.matters !== "no") {
    for (const conflict of conflicts.slice(0, CONFLICTS)) {
      const { object, statements, orders } = conflictDetails(judgement, conflict);
      lines.push("", ...said(object, look, "    ", "bold"));
      for (const { branch, statement } of statements) {
        lines.push(
          `    ${paint("dim", clipped(`${onOneLine(branch)}  ${placeInFile(statement.file, statement.statement.range)}`, columns - 4))}`,
        );
        lines.push(`      ${clipped(printable(statementText(statement)), columns - 6)}`);
      }
      // Of the leading one the message says it.
      if (conflict !== judgement.conflict && !order?.rehearsed?.asked)
        for (const [orderName, does] of orders) lines.push(...hanging(`${orderName}: `, does, look, "    "));
    }
    if (conflicts.length > CONFLICTS) lines.push(`    and ${conflicts.length - CONFLICTS} more`);
  }
  if (ways.length > 0) lines.push("");
  for (const { title, command } of ways) {
    const again = command !== undefined && told.has(command);
    lines.push(...hanging(look.ascii ? "> " : "→ ", again ? `${title}: with the commands above` : title, look, "  "));
    if (again) continue;
    if (command !== undefined) told.add(command);
    // A command is for copying: it is not wrapped.
    for (const line of command?.split("\n") ?? []) lines.push(`      ${paint("cyan", onOneLine(line))}`);
  }
  return lines;
}

function said(text: string, { paint, columns }: Look, indent: string, style?: Style): readonly string[] {
  return wrap(printable(text), columns - indent.length).map((line) => `${indent}${style ? paint(style, line) : line}`);
}

function hanging(head: string, text: string, look: Look, indent: string): readonly string[] {
  const inner = Math.min(width(head), 24);
  return wrap(printable(head + text), look.columns - indent.length - inner).map(
    (line, at) => `${indent}${at === 0 ? "" : " ".repeat(inner)}${line}`,
  );
}

function summaryLine({ findings, set, suppressed, off }: BranchesResult, { paint }: Look): string {
  const of = (severity: BranchFinding["severity"]): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings, infos] = [of("error"), of("warning"), of("info")];
  const parts = [
    ...(errors > 0 ? [counted(errors, "error")] : []),
    ...(warnings > 0 ? [counted(warnings, "warning")] : []),
    ...(infos > 0 ? [`${infos} info`] : []),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
  ];
  const across = counted(set.branches.length, "branch", "branches");
  return parts.length === 0
    ? off.length + set.problems.length === 0
      ? paint("green", `${across}, in lockstep.`)
      : paint("dim", `${across}: no findings.`)
    : paint(errors > 0 ? "red" : warnings > 0 ? "yellow" : "dim", `${across}: ${parts.join(", ")}.`);
}

const REPLACED: readonly (readonly [RegExp, string])[] = [
  [/…/g, "..."],
  [/→/g, ">"],
  [/–/g, "-"],
  [/·/g, "."],
];

/** Our own signs only: names and SQL stay as they are. */
function ascii(text: string): string {
  return REPLACED.reduce((rest, [sign, plain]) => rest.replace(sign, plain), text);
}
