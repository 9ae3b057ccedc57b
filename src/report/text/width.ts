import { eastAsianWidth } from "get-east-asian-width";

let segmenter: Intl.Segmenter | undefined;

/** Latin, dashes and dots, box drawing, ✓ and ✗: each code unit is a grapheme of one cell. */
const SIMPLE = /^[\u0000-\u02ff\u2010-\u2027\u2500-\u257f\u2713\u2717]*$/;

/** Graphemes with their offsets. The segmenter takes 7 ms to make, which such a text does not need. */
function* graphemes(text: string): Generator<{ readonly segment: string; readonly index: number }> {
  if (SIMPLE.test(text)) {
    for (let index = 0; index < text.length; index++) yield { segment: text.charAt(index), index };
    return;
  }
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  yield* segmenter.segment(text);
}

/** Cells of the terminal that one grapheme takes: 0, 1 or 2. */
function graphemeWidth(grapheme: string): number {
  const code = grapheme.codePointAt(0) ?? 0;
  if (code > 0x2000 && SIMPLE.test(grapheme)) return 1;
  if (code < 0x300)
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0xad ? 0 : grapheme.includes("\uFE0F") ? 2 : 1;
  if (/^\p{Emoji_Presentation}/u.test(grapheme) || (grapheme.includes("\uFE0F") && /^\p{Emoji}/u.test(grapheme)))
    return 2;
  if (/^[\p{Mn}\p{Me}\p{Cf}]/u.test(grapheme)) return 0;
  return eastAsianWidth(code);
}

/** A piece of a line as the terminal shows it. */
export interface TerminalCell {
  /** UTF-16 offset in the line. */
  readonly at: number;
  readonly text: string;
  readonly width: number;
}

/** The graphemes of one line with their widths, tabs as spaces up to the next multiple of `tab`. */
export function cells(line: string, tab = 4): readonly TerminalCell[] {
  const found: TerminalCell[] = [];
  let column = 0;
  const push = (at: number, text: string, width: number) => {
    found.push({ at, text, width });
    column += width;
  };
  for (const { segment, index } of graphemes(line)) {
    if (segment === "\t") push(index, " ".repeat(tab - (column % tab)), tab - (column % tab));
    else {
      const shown = printable(segment);
      push(index, shown, graphemeWidth(shown));
    }
  }
  return found;
}

export function width(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let total = 0;
  for (const { segment } of graphemes(text)) total += graphemeWidth(segment);
  return total;
}

/**
 * Text that cannot steer the terminal: control characters as their pictures, what turns the writing direction and
 * lone surrogates as U+FFFD. Newlines and tabs stay.
 */
export function printable(text: string): string {
  if (/^[\t\n -~]*$/.test(text)) return text;
  return text
    .replace(/\r\n/g, "\n")
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, (control) => String.fromCharCode(0x2400 + control.charCodeAt(0)))
    .replace(/\u007f/g, "\u2421")
    .replace(/[\u0080-\u009f\u2028-\u202e\u2066-\u2069]|\p{Cs}/gu, "\uFFFD");
}

/** Lines of at most `columns` cells, broken between words; a longer word has a line of its own. Newlines of the text are kept. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    let used = 0;
    for (const word of paragraph.split(" ").filter((part) => part !== "")) {
      const size = width(word);
      if (line !== "" && used + 1 + size > columns) {
        lines.push(line);
        line = "";
        used = 0;
      }
      used += line === "" ? size : size + 1;
      line = line === "" ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines;
}
