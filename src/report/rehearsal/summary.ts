import type { Evidence } from "../../evidence/evidence.ts";
import type { Rehearsal } from "../../evidence/rehearsal.ts";
import { verdict } from "../../rehearsal/verdict.ts";
import type { Paint } from "../text/paint.ts";
import {
  countRehearsal,
  disagreementInWords,
  duration,
  EXECUTION_IN_WORDS,
  type RehearsalCounts,
  serverInWords,
  surprising,
  trialSurprises,
} from "./sentences.ts";
import { counted, listed } from "../../words.ts";
import { placeInFile } from "../text/finding.ts";
import { printable, wrap } from "../text/width.ts";

/** Surprises that are listed in full; the json report has all. */
const SHOWN = 10;

/** What all runs come to, why the exit code is what it is, and what to report. */
export function summaryLines(
  rehearsal: Rehearsal,
  look: { readonly paint: Paint; readonly columns: number; readonly evidence: Evidence; readonly version?: string },
): readonly string[] {
  const { paint, columns } = look;
  const counts = countRehearsal(rehearsal.runs);
  const lines: string[] = [];
  const say = (text: string): void => {
    for (const part of wrap(printable(text), columns)) lines.push(paint("dim", part));
  };
  lines.push(...verdictLines(rehearsal, counts, paint, columns));
  if (counts.migrations === 0) return lines;
  say(
    `Rehearsed ${counted(counts.migrations, "migration")}, ${counted(counts.statements, "statement")}, in ${serverInWords(rehearsal.server)}, ${modes(rehearsal)}, in ${duration(rehearsal.runs.reduce((sum, run) => sum + run.milliseconds, 0))}. ${measure(rehearsal)}`,
  );
  if (counts.leftOut > 0)
    say(
      `${counted(counts.leftOut, "statement was", "statements were")} left out: nothing is known of what ${counts.leftOut === 1 ? "it does" : "they do"}.`,
    );
  if (counts.disagreements > 0) lines.push(...toReport(rehearsal, counts, look));
  return lines;
}

const modes = ({ runs }: Rehearsal): string =>
  listed([...new Set(runs.map(({ execution }) => EXECUTION_IN_WORDS[execution]))]);

function measure({ rows }: Rehearsal): string {
  if (rows.template !== undefined) return "The times are of a copy on this server.";
  if (rows.data !== undefined && rows.perTable === 0)
    return `The times are of the rows of ${rows.data}: no measure of production.`;
  return "The times are of made-up rows: no measure of production.";
}

function verdictLines(rehearsal: Rehearsal, counts: RehearsalCounts, paint: Paint, columns: number): readonly string[] {
  if (counts.migrations === 0) return ["No migration was rehearsed."];
  const { downs } = counts;
  const wrong = [
    ...(counts.failed > 0 ? [`${counted(counts.failed, "migration")} ${counts.failed === 1 ? "fails" : "fail"}`] : []),
    ...(counts.hurt > 0
      ? [
          `${counted(counts.hurt, "migration")} ${counts.hurt === 1 ? "fails" : "fail"} on rows that production may hold`,
        ]
      : []),
    ...(counts.unclosed > 0
      ? [`${counted(counts.unclosed, "migration leaves", "migrations leave")} a transaction open`]
      : []),
    ...(counts.timedOut > 0 ? [`${counted(counts.timedOut, "migration")} did not end within the time limit`] : []),
    ...(downs.failed > 0 ? [`${downs.failed} down.sql ${downs.failed === 1 ? "fails" : "fail"}`] : []),
    ...(downs.different > 0
      ? [`${downs.different} down.sql ${downs.different === 1 ? "does" : "do"} not bring the schema back`]
      : []),
  ];
  const right = [
    ...(counts.applied > 0 ? [`${counted(counts.applied, "migration")} applied`] : []),
    ...(counts.notReached > 0 ? [`${counts.notReached} not reached`] : []),
    ...(downs.restored > 0
      ? [`${downs.restored} down.sql ${downs.restored === 1 ? "brings" : "bring"} the schema back`]
      : []),
  ];
  if (wrong.length === 0)
    return wrap(`${listed(right)}.`, columns - 2).map((line, index) =>
      index === 0 ? `${paint("green", "✓")} ${line}` : `  ${line}`,
    );
  const code = verdict(rehearsal) === "unfinished" ? 2 : 1;
  const lines = wrap(`${listed(wrong)} (exit code ${code}).`, columns - 2).map((line, index) =>
    index === 0 ? `${paint(["red", "bold"], "✗")} ${paint("bold", line)}` : `  ${paint("bold", line)}`,
  );
  return right.length > 0 ? [...lines, ...wrap(right.join(" · "), columns).map((line) => paint("dim", line))] : lines;
}

/** Everything that a report of a mistake needs, to be copied as it is. */
function toReport(
  rehearsal: Rehearsal,
  counts: RehearsalCounts,
  { paint, columns, evidence, version }: Parameters<typeof summaryLines>[1],
): readonly string[] {
  const one = counts.disagreements === 1;
  const head = wrap(
    `lockstep was wrong about ${counted(counts.disagreements, "statement")}: PostgreSQL is right. Please report it with these lines and the ${one ? "statement" : "statements"}.`,
    columns,
  );
  const lines: string[] = [
    "",
    ...head.map((line, index) =>
      index === 0 ? line.replace("lockstep was wrong", paint(["blue", "bold"], "lockstep was wrong")) : line,
    ),
  ];
  const places = rehearsal.runs.flatMap((run) =>
    run.migrations.flatMap(({ file, statements }) =>
      statements.filter(surprising).map((statement) => ({ run, file, statement })),
    ),
  );
  for (const { run, file, statement } of places.slice(0, SHOWN)) {
    lines.push(`  ${paint("dim", `${placeInFile(file, statement.range)}  ${run.execution}`)}`);
    const said = [
      ...statement.disagreements.map(disagreementInWords),
      ...statement.trials
        .filter(trialSurprises)
        .map(
          (trial) =>
            `predicted ${trial.predicted === "fails" ? "a failure" : "no failure"} on ${trial.rows}, and it ${trial.outcome}`,
        ),
    ];
    for (const sentence of said)
      for (const [index, part] of wrap(printable(sentence), columns - 6).entries())
        lines.push(`${" ".repeat(index === 0 ? 4 : 6)}${part}`);
  }
  if (places.length > SHOWN) lines.push(paint("dim", `  and ${places.length - SHOWN} more`));
  const prisma = evidence.prisma ? `, prisma ${evidence.prisma.version}` : "";
  for (const part of wrap(
    `lockstep${version === undefined ? "" : ` ${version}`}, ${serverInWords(rehearsal.server)}${prisma}, seed ${rehearsal.rows.seed}, ${rehearsal.rows.perTable} rows, checked for PostgreSQL ${evidence.postgres.version}`,
    columns - 2,
  ))
    lines.push(`  ${paint("dim", part)}`);
  return lines;
}
