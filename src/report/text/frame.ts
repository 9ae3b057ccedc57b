import { lineText, lineStarts, position, type Range, type SourceFile } from "../../source/text.ts";
import type { Paint, Style } from "./paint.ts";
import { cells, type TerminalCell } from "./width.ts";

export interface FrameOptions {
  readonly paint: Paint;
  /** Colour of the marks. */
  readonly style: Style;
  /** Cells for the whole frame, gutter included. */
  readonly columns: number;
  /** Where the statement begins, whose first line is shown above a range that starts further down. */
  readonly statementStart?: number;
}

/** Lines of a long range that are shown before and after the gap. */
const HEAD = 4;
const TAIL = 1;
/** A line of more code units than this many times its room is cut before it is measured: a dump may be one line of megabytes. */
const LONG = 4;

/**
 * The lines of `range` with their numbers, the range underlined if it is on one line and embraced if it is on several.
 * Works on any range: it is clamped to the text.
 */
export function codeFrame(file: SourceFile, range: Range, options: FrameOptions): readonly string[] {
  const { paint, style } = options;
  const start = position(file, range.start);
  const end = position(file, lastOf(file, range));
  const size = String(end.line).length;
  const gutter = (label: string) => `${paint("dim", `${label.padStart(size)} │`)} `;
  const room = Math.max(20, options.columns - size - 3);
  const lines: string[] = [];

  if (options.statementStart !== undefined) {
    const head = position(file, options.statementStart).line;
    if (head < start.line) {
      lines.push(gutter(String(head)) + paint("dim", clip(shown(file, head), room, 0).text));
      if (head < start.line - 1) lines.push(paint("dim", `${" ".repeat(size)} ⋮`));
    }
  }

  if (start.line === end.line) {
    const line = shown(file, start.line);
    const from = start.column - 1;
    const to = Math.max(
      from + 1,
      Math.min(range.end - (lineStarts(file)[start.line - 1] ?? 0), lineText(file, start.line).length),
    );
    const clipped = clip(line, room, from);
    const marks = mark(clipped, from, to);
    lines.push(gutter(String(start.line)) + clipped.text);
    lines.push(gutter("") + " ".repeat(marks.before) + paint(style, "^".repeat(marks.size)));
    return lines;
  }

  const count = end.line - start.line + 1;
  for (let at = start.line; at <= end.line; at++) {
    if (count > HEAD + TAIL + 1 && at === start.line + HEAD) {
      lines.push(paint("dim", `${" ".repeat(size)} ⋮`) + ` ${paint(style, "│")}`);
      at = end.line - TAIL;
      continue;
    }
    const brace = at === start.line ? "╭" : at === end.line ? "╰" : "│";
    lines.push(`${gutter(String(at)) + paint(style, brace)} ${clip(shown(file, at), room - 2, 0).text}`.trimEnd());
  }
  return lines;
}

/** The offset of the last code unit inside the range, so that a range that ends with a line does not reach into the next. */
function lastOf(file: SourceFile, range: Range): number {
  let last = Math.min(Math.max(range.end - 1, range.start), file.text.length);
  while (last > range.start && /[\r\n]/.test(file.text[last] ?? "")) last--;
  return last;
}

interface Line {
  readonly text: string;
  /** Code units cut off in front of `text`. */
  readonly cut: number;
}

/** A line without its ending and BOM. The BOM has no width, but counts in offsets. */
function shown(file: SourceFile, line: number): Line {
  const begin = lineStarts(file)[line - 1] ?? 0;
  const text = lineText(file, line);
  return begin === 0 && text.startsWith("\uFEFF") ? { text: text.slice(1), cut: 1 } : { text, cut: 0 };
}

interface Clipped {
  readonly text: string;
  readonly cells: readonly TerminalCell[];
  /** Cells before the first of `cells`: the ellipsis. */
  readonly offset: number;
}

/** The part of a line that fits into `room` cells with the code unit `at` in view. Cut ends are shown as "…". */
function clip(line: Line, room: number, at: number): Clipped {
  let { text, cut } = line;
  const long = Math.max(400, LONG * room);
  if (text.length > long) {
    const from = Math.max(0, at - cut - Math.floor(long / 4));
    text = text.slice(from, from + long);
    cut += from;
  }
  const all = cells(text).map((cell) => ({ ...cell, at: cell.at + cut }));
  const total = all.reduce((sum, cell) => sum + cell.width, 0);
  const more = line.text.length + line.cut > cut + text.length;
  const less = cut > line.cut;
  if (total <= room && !more && !less) return { text: all.map((cell) => cell.text).join(""), cells: all, offset: 0 };

  let first = 0;
  let before = 0;
  for (let index = 0; index < all.length && (all[index + 1]?.at ?? Infinity) <= at; index++)
    before += all[index]?.width ?? 0;
  if (before > room * 0.7) {
    let skip = before - Math.floor(room / 3);
    while (first < all.length && skip > 0) skip -= all[first++]?.width ?? 0;
  }
  const front = first > 0 || less ? 1 : 0;
  const kept: TerminalCell[] = [];
  let used = front;
  for (let index = first; index < all.length; index++) {
    const cell = all[index] as TerminalCell;
    const needsEnd = more || index < all.length - 1 ? 1 : 0;
    if (used + cell.width + needsEnd > room) break;
    kept.push(cell);
    used += cell.width;
  }
  const back = more || first + kept.length < all.length ? "…" : "";
  return { text: (front ? "…" : "") + kept.map((cell) => cell.text).join("") + back, cells: kept, offset: front };
}

/** Where the marks under a clipped line go: cells before them, and how many. */
function mark(line: Clipped, from: number, to: number): { readonly before: number; readonly size: number } {
  let before = line.offset;
  let size = 0;
  line.cells.forEach((cell, index) => {
    const next = line.cells[index + 1]?.at ?? cell.at + cell.text.length;
    if (next <= from) before += cell.width;
    else if (cell.at < to) size += cell.width;
  });
  return { before, size: Math.max(1, size) };
}
