import { lineStarts, lineText, position, type Range, type SourceFile } from "../../source/text.ts";
import { html, type Markup } from "./markup.ts";

/** Lines of a long range that are shown before and after the gap. */
const HEAD = 9;
const TAIL = 3;
/** Code units of a line that are shown: a dump may be one line of megabytes. */
const LONG = 1200;

/** The lines of `range` with their numbers, the range marked. Any range will do: it is clamped to the text. */
export function frame(file: SourceFile, range: Range, statementStart?: number): Markup {
  const from = Math.max(0, Math.min(range.start, file.text.length));
  const to = Math.max(from, Math.min(range.end, file.text.length));
  const first = position(file, from).line;
  const last = position(file, lastOf(file, from, to)).line;
  const lines: Markup[] = [];
  const head = statementStart === undefined ? first : position(file, statementStart).line;
  if (head < first) {
    lines.push(line(file, head, 0, 0));
    if (head < first - 1) lines.push(GAP);
  }
  const gap = last - first + 1 > HEAD + TAIL + 1;
  for (let at = first; at <= last; at++) {
    if (gap && at === first + HEAD) {
      lines.push(GAP);
      at = last - TAIL;
      continue;
    }
    lines.push(line(file, at, from, to));
  }
  return html`<pre class="frame"><code>${lines}</code></pre>`;
}

const GAP = html`<span class="line"><span class="number" aria-hidden="true">⋮</span><span class="text">…
</span></span>`;

function line(file: SourceFile, number: number, from: number, to: number): Markup {
  const begin = lineStarts(file)[number - 1] ?? 0;
  const whole = lineText(file, number);
  const bom = begin === 0 && whole.startsWith("\uFEFF") ? 1 : 0;
  const within = (offset: number): number => Math.max(bom, Math.min(offset - begin, whole.length));
  // The indentation of a line that the range only runs through is no part of what it is about.
  const indent = from < begin ? (/^[ \t]*/.exec(whole)?.[0].length ?? 0) : 0;
  const marked = [Math.max(indent, within(from)), Math.max(indent, within(to))] as const;
  const start = whole.length - bom > LONG ? Math.max(bom, Math.min(marked[0] - LONG / 4, whole.length - LONG)) : bom;
  const left = onCharacter(whole, start);
  const right = onCharacter(whole, Math.min(whole.length, start + LONG));
  const part = (a: number, b: number): string =>
    whole.slice(Math.max(left, Math.min(a, right)), Math.max(left, Math.min(b, right)));
  const middle = part(...marked);
  return html`<span class="line"><span class="number" aria-hidden="true">${number}</span><span class="text">${left > bom && "…"}${part(left, marked[0])}${middle !== "" && html`<mark>${middle}</mark>`}${part(marked[1], right)}${right < whole.length && "…"}
</span></span>`;
}

/** Not between the halves of a character. */
const onCharacter = (text: string, at: number): number =>
  /[\uD800-\uDBFF]/.test(text[at - 1] ?? "") && /[\uDC00-\uDFFF]/.test(text[at] ?? "") ? at + 1 : at;

/** The offset of the last code unit inside the range, so that a range that ends with a line does not reach into the next. */
function lastOf(file: SourceFile, from: number, to: number): number {
  let last = Math.max(to - 1, from);
  while (last > from && /[\r\n]/.test(file.text[last] ?? "")) last--;
  return last;
}
