import type { Evidence } from "../../evidence/evidence.ts";
import type {
  LeftOut,
  Rehearsal,
  RehearsalRun,
  RehearsedMigration,
  RehearsedStatement,
} from "../../evidence/rehearsal.ts";
import { type Paint, painter, type Style } from "../text/paint.ts";
import { relationName } from "../../sql/names.ts";
import { downLines } from "./down.ts";
import { type FailureLook, failureLines } from "./failure.ts";
import { EXECUTION_IN_WORDS, MEANING, serverInWords } from "./sentences.ts";
import { clipped, headed, lineOf, statementLines } from "./statement.ts";
import { summaryLines } from "./summary.ts";
import { counted, listed } from "../../words.ts";
import { onOneLine, placeInFile } from "../text/finding.ts";
import { printable, width, wrap } from "../text/width.ts";

export interface RehearsalTextOptions {
  /** ANSI colours. */
  readonly color: boolean;
  /** Width of the terminal in cells. */
  readonly columns: number;
  /** How Prisma is called, for the commands that are shown. */
  readonly evidence: Evidence;
  /** lockstep's own, for what is to be reported. */
  readonly version?: string;
  readonly pathPrefix?: string;
}

/** A line of the timeline is not drawn wider than this: the eye has to find its end again. */
const WIDEST = 120;
/** Tables without rows and statements left out that are listed. */
const SHOWN = 5;

/** For people at a terminal: what each statement did, one after the other, what failed and how to get out of it. */
export function rehearsalText(rehearsal: Rehearsal, options: RehearsalTextOptions): string {
  const paint = painter(options.color);
  const columns = Math.max(40, Math.min(WIDEST, options.columns));
  const look: FailureLook = { paint, columns, evidence: options.evidence, told: new Set() };
  const blocks = rehearsal.runs.flatMap((run) => [
    runHead(rehearsal, run, look),
    ...run.migrations.map((migration) => migrationLines(run, migration, look)),
  ]);
  blocks.push(summaryLines(rehearsal, { ...look, ...(options.version !== undefined && { version: options.version }) }));
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function runHead(
  { server, rows }: Rehearsal,
  { root, execution, deployed, unfilled }: RehearsalRun,
  { paint, columns }: FailureLook,
): readonly string[] {
  const lines = [
    ...headed(
      onOneLine(root),
      "bold",
      `${EXECUTION_IN_WORDS[execution]}, ${serverInWords(server)}`,
      "dim",
      paint,
      columns,
    ),
  ];
  const say = (text: string, indent = 2): void => {
    for (const part of wrap(printable(text), columns - indent)) lines.push(" ".repeat(indent) + paint("dim", part));
  };
  const history =
    rows.template !== undefined
      ? `in a copy of the database ${rows.template}`
      : `after ${counted(deployed.migrations, "deployed migration")}${deployed.cached ? " (from a snapshot)" : ""}`;
  const made = [
    ...(rows.data === undefined ? [] : [`the rows of ${rows.data}`]),
    ...(rows.perTable > 0 ? [`${counted(rows.perTable, "row")} in each table (seed ${rows.seed})`] : []),
    ...(rows.hurt ? ["rows made to hurt"] : []),
  ];
  say(
    `${history}, ${made.length > 0 ? `with ${listed(made)}` : rows.template === undefined ? "without rows" : "with its rows"}`,
  );
  for (const { relation, why } of unfilled.slice(0, SHOWN)) say(`${relationName(relation)} stays without rows: ${why}`);
  if (unfilled.length > SHOWN) say(`and ${unfilled.length - SHOWN} more tables stay without rows`);
  lines.push(...leftOutLines(deployed.leftOut, paint, columns));
  return lines;
}

/** Statements of the deployed history that were not run. */
function leftOutLines(leftOut: readonly LeftOut[], paint: Paint, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const { file, range, why } of leftOut.slice(0, SHOWN)) {
    const parts = wrap(printable(`left out: ${why} (${placeInFile(file, range)})`), columns - 4);
    parts.forEach((part, index) =>
      lines.push(`${index === 0 ? `  ${paint("yellow", "–")} ` : "    "}${paint("yellow", part)}`),
    );
  }
  if (leftOut.length > SHOWN) lines.push(`    ${paint("yellow", `and ${leftOut.length - SHOWN} more`)}`);
  for (const kind of new Set(leftOut.map((each) => each.kind)))
    for (const part of wrap(MEANING[kind], columns - 4)) lines.push(`    ${paint("dim", part)}`);
  return lines;
}

function migrationLines(run: RehearsalRun, migration: RehearsedMigration, look: FailureLook): readonly string[] {
  const { paint, columns } = look;
  const [style, words] = outcomeInWords(migration);
  const lines = [...headed(onOneLine(migration.id), "bold", words, style, paint, columns)];
  lines.push(...timeline(migration, paint, columns));
  const inside = { ...look, columns: columns - 2 };
  const failure = failureLines(run, migration, inside);
  if (failure.length > 0) lines.push("", ...failure.map((line) => (line === "" ? "" : `  ${line}`)));
  if (migration.down)
    lines.push(
      ...(failure.length > 0 ? [""] : []),
      ...downLines(migration.down, paint, columns - 2).map((line) => `  ${line}`),
    );
  return lines;
}

function outcomeInWords(migration: RehearsedMigration): readonly [Style, string] {
  const { outcome, failure, statements } = migration;
  const failing = statements.find(({ index }) => index === failure?.index);
  const at = failing ? ` at line ${lineOf(migration, failing)}` : "";
  switch (outcome) {
    case "applied":
      return failure ? ["yellow", `applied, but fails${at} on rows that production may hold`] : ["green", "applied"];
    case "failed":
      return ["red", `failed${at}`];
    case "timed out":
      return ["red", "did not end within the time limit"];
    case "unclosed":
      return ["red", "leaves a transaction open"];
    case "not reached":
      return ["dim", "not reached: one before it does not get through"];
  }
}

/** A line for each statement, what it did below it, transactions drawn at the side. */
function timeline(migration: RehearsedMigration, paint: Paint, columns: number): readonly string[] {
  const reached =
    migration.outcome === "not reached" ? [] : migration.statements.filter(({ outcome }) => outcome !== "not reached");
  const rest =
    migration.outcome === "not reached" ? [] : migration.statements.filter(({ outcome }) => outcome === "not reached");
  const digits = String(Math.max(1, ...reached.map((statement) => lineOf(migration, statement)))).length;
  // Two cells of the margin, mark, bracket and number, each with a blank behind it.
  const margin = 2 + 2 + 2 + digits + 2;
  const lines: string[] = [];
  reached.forEach((statement, at) => {
    const { mark, line, words, duration, details } = statementLines(migration, statement, columns - margin - 2, paint);
    const [first, below] = bracket(reached, at, migration.outcome === "unclosed", paint);
    const room = columns - margin - (duration === "" ? 0 : width(duration) + 2);
    const text = clipped(words, room);
    const style = (part: string): string =>
      statement.outcome === "failed" || statement.outcome === "timed out"
        ? paint("red", part)
        : statement.outcome === "left out"
          ? paint("dim", part)
          : part;
    const gap = duration === "" ? "" : " ".repeat(room - width(text) + 2) + paint("dim", duration);
    lines.push(`  ${mark} ${first} ${paint("dim", String(line).padStart(digits))}  ${style(text)}${gap}`.trimEnd());
    for (const detail of details) lines.push(`    ${below} ${" ".repeat(digits)}    ${detail}`);
  });
  if (migration.outcome === "unclosed")
    lines.push(
      `    ${paint("red", "╵")} ${" ".repeat(digits)}  ${paint("red", clipped("taken back when the connection ends", columns - margin))}`,
    );
  if (rest.length > 0) lines.push(`  ${paint("dim", `– ${counted(rest.length, "statement")} not reached`)}`);
  return lines;
}

/** The sign of a statement in its transaction, and of the lines below it. */
function bracket(
  statements: readonly RehearsedStatement[],
  at: number,
  unclosed: boolean,
  paint: Paint,
): readonly [first: string, below: string] {
  const { transaction } = statements[at] as RehearsedStatement;
  const before = transaction !== null && statements[at - 1]?.transaction === transaction;
  const open = unclosed && transaction !== null && statements.at(-1)?.transaction === transaction;
  const after = open || (transaction !== null && statements[at + 1]?.transaction === transaction);
  if (!before && !after) return [" ", " "];
  const bad =
    open ||
    statements.some(
      (other) => other.transaction === transaction && (other.outcome === "failed" || other.outcome === "timed out"),
    );
  const draw = (sign: string): string => paint(bad ? "red" : "dim", sign);
  return [draw(before ? (after ? "│" : "╰") : "╭"), after ? draw("│") : " "];
}
