import type { RehearsedDown } from "../../evidence/rehearsal.ts";
import { codeFrame } from "../text/frame.ts";
import type { Paint, Style } from "../text/paint.ts";
import { clipped, headed } from "./statement.ts";
import { differenceInWords, lostInWords, MEANING } from "./sentences.ts";
import { counted, listed } from "../../words.ts";
import { placeInFile } from "../text/finding.ts";
import { printable, wrap } from "../text/width.ts";

/** Differences and losses that are listed; the json report has all. */
const SHOWN = 12;
/** Lines of a definition that are shown. */
const DEFINITION = 6;

/** The lines of a definition; of a long one only those that the other has not. */
function linesOf(text: string | undefined, other: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const lines = printable(text)
    .split("\n")
    .map((line) => line.replaceAll("\t", "    "));
  const known = new Set(
    other === undefined
      ? []
      : printable(other)
          .split("\n")
          .map((line) => line.replaceAll("\t", "    ")),
  );
  return lines.length === 1 ? lines : lines.filter((line) => !known.has(line));
}

const SIGNS = { missing: ["red", "-"], surplus: ["green", "+"], changed: ["yellow", "~"] } as const;

/** Whether down.sql brings the schema back, and what it does to rows. */
export function downLines(down: RehearsedDown, paint: Paint, columns: number): readonly string[] {
  const lines: string[] = [];
  /** `lead` comes before the first line, the others are as far in. */
  const say = (text: string, style: Style | undefined, lead: string, leadWidth: number): void => {
    wrap(printable(text), columns - leadWidth).forEach((part, index) =>
      lines.push((index === 0 ? lead : " ".repeat(leadWidth)) + (style ? paint(style, part) : part)),
    );
  };
  const title = (style: Style, mark: string, text: string, aside: string): void => {
    headed(text, "bold", aside, "dim", paint, columns - 2).forEach((line, index) =>
      lines.push(`${index === 0 ? paint(style, mark) : " "} ${line}`),
    );
  };
  const { error, differences, lost, leftOut } = down;
  if (error) {
    title("red", "✗", "down.sql fails", `SQLSTATE ${error.sqlstate}`);
    say(error.message, undefined, "  ", 2);
    for (const line of codeFrame(down.file, error.range, { paint, style: "red", columns: columns - 2 }))
      lines.push(`  ${line}`);
  } else if (differences.length === 0) lines.push(`${paint("green", "✓")} down.sql brings the schema back`);
  else {
    title("red", "✗", "down.sql does not bring the schema back", counted(differences.length, "difference"));
    for (const difference of differences.slice(0, SHOWN)) {
      const [style, sign] = SIGNS[difference.change];
      say(differenceInWords(difference), undefined, `  ${paint(style, sign)} `, 4);
      for (const [label, text, other] of [
        ["was", difference.was, difference.is],
        ["is", difference.is, difference.was],
      ] as const) {
        const parts = linesOf(text, other);
        parts
          .slice(0, DEFINITION)
          .forEach((part, index) =>
            lines.push(`    ${paint("dim", (index === 0 ? label : "").padEnd(3))} ${clipped(part, columns - 8)}`),
          );
        if (parts.length > DEFINITION)
          lines.push(`        ${paint("dim", `and ${counted(parts.length - DEFINITION, "more line")}`)}`);
      }
    }
    if (differences.length > SHOWN) say(`and ${differences.length - SHOWN} more`, "dim", "    ", 4);
  }
  if (lost.length > 0) say(`up and down together lose ${listed(lost.map(lostInWords), SHOWN + 1)}`, "yellow", "  ", 2);
  for (const { file, range, why, kind } of leftOut) {
    say(`left out: ${why} (${placeInFile(file, range)})`, "yellow", "  ", 4);
    say(MEANING[kind], "dim", "    ", 4);
  }
  return lines;
}
