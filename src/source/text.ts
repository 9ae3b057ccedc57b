/**
 * Text and places in it. Offsets are UTF-16 code units, the unit of JavaScript strings and of LSP;
 * lines and columns are computed only where a human or a protocol asks.
 */

/** Half-open: `start` is the first code unit, `end` the one after the last. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** One-based line and one-based column, the column in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface SourceFile {
  /** With forward slashes, relative to the directory that the check was started in where that is possible. */
  readonly path: string;
  /** The whole text as it was decoded, with BOM and carriage returns: offsets count them. */
  readonly text: string;
  /** True where bytes were not UTF-8; each such byte sequence is U+FFFD in `text`. */
  readonly invalidUtf8?: boolean;
}

const starts = new WeakMap<SourceFile, number[]>();

/** Offsets at which the lines of `file` begin. A line ends with \n, \r\n or a lone \r. */
export function lineStarts(file: SourceFile): readonly number[] {
  let found = starts.get(file);
  if (found) return found;
  found = [0];
  const { text } = file;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) found.push(i + 1);
  }
  starts.set(file, found);
  return found;
}

/** The place of `offset`; an offset beyond the text is clamped to its end. */
export function position(file: SourceFile, offset: number): Position {
  const at = Math.max(0, Math.min(offset, file.text.length));
  const lines = lineStarts(file);
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle] as number) <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: at - (lines[low] as number) + 1 };
}

/** The text of one line (one-based) without its line ending; empty beyond the last line. */
export function lineText(file: SourceFile, line: number): string {
  const lines = lineStarts(file);
  const start = lines[line - 1];
  if (start === undefined) return "";
  return file.text.slice(start, lines[line] ?? file.text.length).replace(/\r?\n$|\r$/, "");
}
