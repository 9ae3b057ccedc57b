import { accidentOf } from "../../advice/accident.ts";
import { type RecoveryStep, recovery } from "../../advice/recovery.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import type { RehearsalRun, RehearsedMigration } from "../../evidence/rehearsal.ts";
import { codeFrame } from "../text/frame.ts";
import type { Paint } from "../text/paint.ts";
import { clipped, headed, lineOf, statementLines } from "./statement.ts";
import { printable, width, wrap } from "../text/width.ts";

/** Statements that stay committed that are listed. */
const KEPT = 5;
const LABEL = 7;

export interface FailureLook {
  readonly paint: Paint;
  readonly columns: number;
  readonly evidence: Evidence;
  /** Reasons that were given already: ten failures need each of them once. */
  readonly told: Set<string>;
}

/** What fails, on what, what is in the database then, what Prisma says and how to get out. Empty where nothing fails. */
export function failureLines(run: RehearsalRun, migration: RehearsedMigration, look: FailureLook): readonly string[] {
  const { paint, columns } = look;
  const { failure, statements, file } = migration;
  const lines: string[] = [];
  const labelled = (label: string, text: string): void => {
    wrap(printable(text), columns - LABEL).forEach((part, index) =>
      lines.push(index === 0 ? paint("dim", label.padEnd(LABEL)) + part : " ".repeat(LABEL) + part),
    );
  };
  if (failure) {
    const { error } = failure;
    const on = failure.on === "hurting rows" ? " on rows that production may hold" : "";
    if (migration.outcome === "timed out") lines.push(paint(["red", "bold"], "does not end"));
    else lines.push(...headed(`fails${on}`, ["red", "bold"], `SQLSTATE ${error.sqlstate}`, "dim", paint, columns));
    for (const part of wrap(printable(error.message), columns)) lines.push(part);
    for (const [label, text] of [
      ["detail", error.detail],
      ["hint", error.hint],
    ] as const)
      if (text !== undefined) labelled(label, text);
    const statement = statements.find(({ index }) => index === failure.index);
    lines.push(
      ...codeFrame(file, failure.range, {
        paint,
        style: "red",
        columns,
        ...(statement && { statementStart: statement.range.start }),
      }),
    );
  } else if (migration.outcome === "unclosed")
    lines.push(paint(["red", "bold"], "a transaction is still open at the end"));
  const accident = accidentOf(run, migration, look.evidence.prisma);
  if (!accident) return lines;

  const { kept, says, steps, instead } = recovery(accident);
  labelled("kept", kept);
  const committed = statements.filter(({ index }) => accident.committed.includes(index));
  for (const statement of committed.slice(0, KEPT)) {
    const { words } = statementLines(migration, statement, columns, paint);
    const place = `line ${lineOf(migration, statement)}  `;
    lines.push(`${" ".repeat(LABEL + 2)}${paint("dim", place)}${clipped(words, columns - LABEL - 2 - width(place))}`);
  }
  if (committed.length > KEPT)
    lines.push(`${" ".repeat(LABEL + 2)}${paint("dim", `and ${committed.length - KEPT} more`)}`);
  for (const { when, code, sentence } of says)
    labelled(when === "now" ? "now" : "then", `${code === undefined ? "" : `${code} `}${sentence}`);
  const numbered = (label: string, list: readonly RecoveryStep[]): void => {
    list.forEach(({ title, why, command }, index) => {
      labelled(index === 0 ? label : "", `${index + 1}. ${title}`);
      const told = look.told.has(why);
      look.told.add(why);
      for (const part of told ? [] : wrap(printable(why), columns - LABEL - 3))
        lines.push(" ".repeat(LABEL + 3) + paint("dim", part));
      for (const part of command ? printable(command.text).split("\n") : [])
        lines.push(" ".repeat(LABEL + 3) + paint("cyan", part));
    });
  };
  numbered("out", steps);
  numbered("or", instead);
  return lines;
}
