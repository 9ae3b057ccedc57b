import { position, type Range, type SourceFile } from "../../source/text.ts";

/** The report's JSON is written line by line, which keeps diffs and streams readable and costs nothing. */

export function member(name: string, value: unknown): string {
  return `${JSON.stringify(name)}: ${JSON.stringify(value)}`;
}

/** A list with a line for each of its values. */
export function list(name: string, values: readonly unknown[]): string {
  if (values.length === 0) return member(name, values);
  return `${JSON.stringify(name)}: [\n${values.map((value) => JSON.stringify(value)).join(",\n")}\n]`;
}

/** Offsets, and one-based lines and columns of both ends, all in UTF-16 code units. */
export function placed(file: SourceFile, range: Range) {
  const start = position(file, range.start);
  const end = position(file, range.end);
  return {
    start: range.start,
    end: range.end,
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}
