import { structuredPatch } from "diff/lib/patch/create.js";
import type { Paint } from "./text/paint.ts";

const CONTEXT = 3;

/**
 * A unified diff that `git apply` and `patch -p1` take: `path` under a/ and b/, three lines of context. Lines end
 * with \n only, so a carriage return belongs to its line. Empty where the texts are equal.
 */
export function unifiedDiff(path: string, before: string, after: string, paint: Paint = (_, text) => text): string {
  if (before === after) return "";
  const { hunks } = structuredPatch("", "", before, after, undefined, undefined, { context: CONTEXT });
  const output = [paint("bold", `--- ${name("a", path)}`), paint("bold", `+++ ${name("b", path)}`)];
  for (const { oldStart, oldLines, newStart, newLines, lines } of hunks) {
    output.push(paint("cyan", `@@ -${span(oldStart, oldLines)} +${span(newStart, newLines)} @@`));
    for (const line of lines)
      output.push(line.startsWith("+") ? paint("green", line) : line.startsWith("-") ? paint("red", line) : line);
  }
  return `${output.join("\n")}\n`;
}

/** git quotes names that could be mistaken for something else. */
function name(side: string, path: string): string {
  const full = `${side}/${path}`;
  return /["\\\n\r\t]/.test(full) ? JSON.stringify(full) : /\s/.test(full) ? `${full}\t` : full;
}

function span(line: number, count: number): string {
  return count === 1 ? String(line) : `${count === 0 ? line - 1 : line},${count}`;
}
