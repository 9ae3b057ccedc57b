import type { Paint } from "../../../report/text/paint.ts";
import { wrap } from "../../../report/text/width.ts";

/** One thing that was looked at. */
export interface Diagnosis {
  readonly group: "lockstep" | "project" | "git" | "runs" | "evidence";
  /** Stable, for machines: "base". */
  readonly id: string;
  readonly title: string;
  /** A problem keeps checks from knowing or doing something, a note is worth a look; neither keeps lockstep from running. */
  readonly status: "ok" | "note" | "problem";
  readonly value: string;
  /** Where it comes from. */
  readonly from?: string;
  /** What to do. */
  readonly help?: string;
}

const GROUPS: Readonly<Record<Diagnosis["group"], string>> = {
  lockstep: "lockstep",
  project: "Project",
  git: "Branches",
  runs: "Where it runs",
  evidence: "Evidence",
};

const SIGNS = { ok: ["green", "✓"], note: ["yellow", "•"], problem: ["red", "✗"] } as const;

/** Aligned, in at most `columns` cells as far as words allow. */
export function doctorText(
  diagnoses: readonly Diagnosis[],
  { columns, paint }: { readonly columns: number; readonly paint: Paint },
): string {
  const width = Math.max(...diagnoses.map(({ title }) => title.length));
  const indent = " ".repeat(width + 6);
  const blocks = (Object.keys(GROUPS) as Diagnosis["group"][]).flatMap((group) => {
    const rows = diagnoses.filter((each) => each.group === group);
    if (rows.length === 0) return [];
    return [
      [
        paint("bold", GROUPS[group]),
        ...rows.flatMap(({ status, title, value, from, help }) => {
          const [color, sign] = SIGNS[status];
          const lines = value
            .split("\n")
            .flatMap((line, index) =>
              index === 0 && !value.includes("\n")
                ? wrapped(`${line}${from === undefined ? "" : ` (${from})`}`, columns - indent.length)
                : [line],
            );
          return [
            ...lines.map((line, index) =>
              index === 0 ? `  ${paint(color, sign)} ${title.padEnd(width)}  ${line}` : `${indent}${line}`,
            ),
            ...(help === undefined
              ? []
              : wrapped(`→ ${help}`, columns - indent.length).map((line) => `${indent}${paint("cyan", line)}`)),
          ];
        }),
      ].join("\n"),
    ];
  });
  const count = (status: Diagnosis["status"]): number => diagnoses.filter((each) => each.status === status).length;
  const [problems, notes] = [count("problem"), count("note")];
  const sum =
    problems === 0
      ? notes === 0
        ? "All is well."
        : `All is well; ${notes === 1 ? "one note" : `${notes} notes`} (•).`
      : `${problems === 1 ? "One thing needs" : `${problems} things need`} attention (✗)${notes === 0 ? "" : `, ${notes === 1 ? "one note" : `${notes} notes`} (•)`}.`;
  return `${blocks.join("\n\n")}\n\n${sum}\n`;
}

export function doctorJson(
  diagnoses: readonly Diagnosis[],
  tool: { readonly name: string; readonly version: string },
): string {
  const status = diagnoses.some((each) => each.status === "problem") ? "problem" : "ok";
  return `${JSON.stringify({ version: 1, tool, status, diagnoses: diagnoses.map(({ group, id, status: own, title, value, from, help }) => ({ group, id, status: own, title, value, ...(from !== undefined && { from }), ...(help !== undefined && { help }) })) }, null, 2)}\n`;
}

function wrapped(text: string, columns: number): readonly string[] {
  return wrap(text, Math.max(40, columns));
}
