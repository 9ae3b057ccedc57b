import type { Paint } from "./text/paint.ts";

const CONTEXT = 3;

type Step = { readonly kind: " " | "-" | "+"; readonly line: string };

/**
 * A unified diff that `git apply` and `patch -p1` take: `path` under a/ and b/, three lines of context. Lines end
 * with \n only, so a carriage return belongs to its line. Empty where the texts are equal.
 */
export function unifiedDiff(path: string, before: string, after: string, paint: Paint = (_, text) => text): string {
  if (before === after) return "";
  const steps = compare(lines(before), lines(after));
  const output = [paint("bold", `--- ${name("a", path)}`), paint("bold", `+++ ${name("b", path)}`)];
  let oldLine = 1;
  let newLine = 1;
  let at = 0;
  while (at < steps.length) {
    const first = steps.findIndex((step, index) => index >= at && step.kind !== " ");
    if (first < 0) break;
    const begin = Math.max(at, first - CONTEXT);
    let end = first;
    // Changes whose context would meet go into one hunk.
    for (let index = first, quiet = 0; index < steps.length && quiet <= 2 * CONTEXT; index++) {
      quiet = steps[index]?.kind === " " ? quiet + 1 : 0;
      if (quiet === 0) end = index + 1;
    }
    end = Math.min(steps.length, end + CONTEXT);
    oldLine += begin - at;
    newLine += begin - at;
    const hunk = steps.slice(begin, end);
    const oldCount = hunk.filter((step) => step.kind !== "+").length;
    const newCount = hunk.filter((step) => step.kind !== "-").length;
    output.push(paint("cyan", `@@ -${span(oldLine, oldCount)} +${span(newLine, newCount)} @@`));
    for (const { kind, line } of hunk) {
      const open = !line.endsWith("\n");
      const text = kind + (open ? line : line.slice(0, -1));
      output.push(kind === " " ? text : paint(kind === "+" ? "green" : "red", text));
      if (open) output.push("\\ No newline at end of file");
    }
    oldLine += oldCount;
    newLine += newCount;
    at = end;
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

function lines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The shortest way from `a` to `b`: Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), on what is between their common ends. */
function compare(a: readonly string[], b: readonly string[]): readonly Step[] {
  let top = 0;
  while (top < a.length && top < b.length && a[top] === b[top]) top++;
  let bottom = 0;
  while (bottom < a.length - top && bottom < b.length - top && a.at(-1 - bottom) === b.at(-1 - bottom)) bottom++;
  const same = (line: string): Step => ({ kind: " ", line });
  return [
    ...a.slice(0, top).map(same),
    ...shortest(a.slice(top, a.length - bottom), b.slice(top, b.length - bottom)),
    ...a.slice(a.length - bottom).map(same),
  ];
}

function shortest(a: readonly string[], b: readonly string[]): readonly Step[] {
  const reach = new Map<number, number>([[1, 0]]);
  const history: Map<number, number>[] = [];
  const get = (map: Map<number, number>, diagonal: number): number => map.get(diagonal) ?? -1;
  for (let edits = 0; edits <= a.length + b.length; edits++) {
    history.push(new Map(reach));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const down = diagonal === -edits || (diagonal !== edits && get(reach, diagonal - 1) < get(reach, diagonal + 1));
      let x = down ? get(reach, diagonal + 1) : get(reach, diagonal - 1) + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      reach.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) return backtrack(a, b, history);
    }
  }
  return [];
}

function backtrack(
  a: readonly string[],
  b: readonly string[],
  history: readonly Map<number, number>[],
): readonly Step[] {
  const steps: Step[] = [];
  let x = a.length;
  let y = b.length;
  for (let edits = history.length - 1; edits >= 0; edits--) {
    const reach = history[edits] as Map<number, number>;
    const get = (diagonal: number): number => reach.get(diagonal) ?? -1;
    const diagonal = x - y;
    const down = diagonal === -edits || (diagonal !== edits && get(diagonal - 1) < get(diagonal + 1));
    const fromX = edits === 0 ? 0 : get(down ? diagonal + 1 : diagonal - 1);
    const fromY = edits === 0 ? 0 : fromX - (down ? diagonal + 1 : diagonal - 1);
    while (x > fromX && y > fromY) {
      steps.push({ kind: " ", line: a[--x] as string });
      y--;
    }
    if (edits === 0) break;
    if (down) steps.push({ kind: "+", line: b[--y] as string });
    else steps.push({ kind: "-", line: a[--x] as string });
  }
  return steps.reverse();
}
