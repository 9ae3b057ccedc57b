/** A piece of HTML, as opposed to text that is still to be escaped. Written so that it is well-formed XML too. */
export interface Markup {
  readonly markup: string;
}

/** What may be between the pieces of a template: text is escaped, markup goes in as it is, nothing is nothing. */
export type MarkupPiece = string | number | Markup | readonly MarkupPiece[] | undefined | false;

/** html`<p title="${text}">${text}</p>`: whatever is put in is text, in elements and in quoted attributes, unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...pieces: readonly MarkupPiece[]): Markup {
  return {
    markup: strings.reduce(
      (whole, string, index) => `${whole}${string}${index < pieces.length ? written(pieces[index]) : ""}`,
      "",
    ),
  };
}

export const NOTHING: Markup = { markup: "" };

/** A constant of our own, as it is: the style sheet. */
export const trusted = (markup: string): Markup => ({ markup });

function written(piece: MarkupPiece): string {
  if (piece === undefined || piece === false) return "";
  if (typeof piece === "string") return escaped(piece);
  if (typeof piece === "number") return String(piece);
  return "markup" in piece ? piece.markup : piece.map(written).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escaped = (text: string): string => visible(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

/** Joiners make letters and emoji what they are; all else that is not seen can only deceive. */
const UNSEEN = /(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;

/**
 * Text in which everything can be seen: control characters of ASCII as their pictures, what turns the writing direction, hides or
 * is no character by its number, "⟨U+202E⟩". Newlines (CR LF is one) and tabs stay.
 */
export function visible(text: string): string {
  if (/^[\t\n -~]*$/.test(text)) return text;
  return text.replaceAll("\r\n", "\n").replace(UNSEEN, (sign) => {
    const code = sign.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return "\u2421";
    return `\u27e8U+${code.toString(16).toUpperCase().padStart(4, "0")}\u27e9`;
  });
}

/** A sentence: what is in backticks becomes code, white space one blank. An odd backtick at the end is text. */
export function sentence(text: string): Markup {
  const parts = oneLine(text).split("`");
  const tail = parts.length % 2 === 0 ? `\`${parts.pop() ?? ""}` : "";
  return html`${parts.map((part, index) => (index % 2 === 0 ? part : part.trim() === "" ? "" : code(part)))}${tail}`;
}

/** A name or a line of SQL in running text, which breaks at its joints rather than anywhere. */
export const code = (text: string): Markup =>
  html`<code>${oneLine(text)
    .split(/(?<=[_/.])(?=.)/u)
    .map((part, at) => (at === 0 ? part : html`<wbr />${part}`))}</code>`;

/** Blanks and line ends as one blank; other white space is shown, not hidden. */
const oneLine = (text: string): string => text.replace(/[ \t\r\n]+/g, " ");

/** SQL or a command to be copied, as it is. */
export const block = (text: string): Markup => html`<pre><code>${text}</code></pre>`;

/** The first `most` code points, with "…" where it goes on. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const points = [...text.slice(0, most * 2)];
  return points.length <= most && text.length <= most * 2
    ? text
    : `${points
        .slice(0, most - 1)
        .join("")
        .trimEnd()}…`;
}

/** A part of the page with the id that the contents link to. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}
