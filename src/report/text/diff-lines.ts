import { diffArrays } from "diff/lib/diff/array.js";
import { lineStarts, lineText, position, type SourceFile } from "../../source/text.ts";
import type { Edit } from "../../engine/finding.ts";

export interface DiffLine {
  readonly kind: "-" | "+";
  /** One-based line in the old text; of an added line, where it goes. */
  readonly line: number;
  readonly text: string;
}

/** The lines that the edits take away and put in, without the lines that stay. Edits that overlap an earlier one are left out. */
export function diffLines(file: SourceFile, edits: readonly Edit[]): readonly DiffLine[] {
  const length = file.text.length;
  const sorted = edits
    .map((edit) => ({
      start: clamp(edit.range.start, length),
      end: clamp(Math.max(edit.range.start, edit.range.end), length),
      text: edit.text,
    }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const first = sorted[0];
  const last = sorted.at(-1);
  if (!first || !last) return [];

  const firstLine = position(file, first.start).line;
  const lastLine = position(file, Math.max(...sorted.map((edit) => edit.end))).line;
  const starts = lineStarts(file);
  const begin = starts[firstLine - 1] ?? 0;
  const end = starts[lastLine] ?? length;
  let text = "";
  let at = begin;
  for (const edit of sorted) {
    if (edit.start < at) continue;
    text += file.text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  text += file.text.slice(at, end);

  const before: string[] = [];
  for (let line = firstLine; line <= lastLine; line++) before.push(lineText(file, line));
  const after = text.split(/\r\n|\r|\n/);
  if (end > begin && /[\r\n]$/.test(file.text.slice(begin, end)) && after.at(-1) === "") after.pop();

  const found: DiffLine[] = [];
  let line = firstLine;
  /** Where the lines go that take the place of others. */
  let place = firstLine;
  for (const { added, removed, value } of diffArrays(before, after)) {
    if (added) found.push(...value.map((each) => ({ kind: "+" as const, line: place, text: each })));
    if (removed) found.push(...value.map((each, index) => ({ kind: "-" as const, line: line + index, text: each })));
    if (added) continue;
    place = removed ? line : line + value.length;
    line += value.length;
  }
  return found;
}

function clamp(offset: number, length: number): number {
  return Math.max(0, Math.min(offset, length));
}
