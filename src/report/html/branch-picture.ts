import { counted } from "../../words.ts";
import { width } from "../text/width.ts";
import type { BranchRow, BranchRows, Dot, Rail } from "./branch-rows.ts";
import { html, type Markup, visible } from "./markup.ts";

/** Pixels between lines, from the edge to the first, of a line of text and between two rows. */
const GAP = 22;
const EDGE = 10;
const LINE = 17;
const SPACE = 12;
/** Cells of a label: with four branches the picture is as wide as the narrowest screen. */
const LABEL = 25;
/** Cells to pixels, for the widest of the usual monospaced fonts at 12.5 px. */
const CELL = 7.7;
/** Lines that are drawn, the last of them the branch that is checked; rows of one kind that are drawn one by one. */
const RAILS = 6;
const RUN = 4;
const ROWS = 30;

/** A row, or several after one another that look the same. */
interface Drawn {
  readonly dots: readonly Dot[];
  readonly label: string;
  readonly noted: boolean;
}

/**
 * The branches as lines that run downwards side by side, with a dot where a branch has a folder. Only folders that are not the same
 * everywhere are drawn. The table beside it says the same in words.
 *
 * @param id Unique on the page.
 */
export function branchPicture(rows: BranchRows, id: string): Markup {
  const shown = rows.rails
    .map((_, at) => at)
    .filter((at, _, all) => all.length <= RAILS || at < RAILS - 1 || at === all.length - 1);
  const rails = shown.flatMap((at) => rows.rails[at] ?? []);
  const drawn = contracted(
    rows.rows.map((row) => ({ ...row, dots: shown.map((at) => row.dots[at] ?? "absent") })),
  ).slice(0, ROWS);
  const x = (rail: number): number => EDGE + rail * GAP;
  const left = x(rails.length - 1) + 18;
  const pieces: Markup[] = [];
  let y = 14;
  const starts: number[] = [];
  const write = (text: string, className: string, from = left): number => {
    const lines = wrapped(text, LABEL);
    pieces.push(
      html`<text class="${className}" x="${from}" y="${y + 4}">${lines.map((line, at) => html`<tspan x="${from}" dy="${at === 0 ? 0 : LINE}">${line}</tspan>`)}</text>`,
    );
    return lines.length * LINE;
  };
  // The trunk, out of which the others grow one below the other, so that each name has room to the right of its line.
  pieces.push(html`<rect class="trunk" x="${x(0) - 7}" y="${y - 7}" width="14" height="14" />`);
  const trunk = y;
  y +=
    write(
      `${counted(rows.alike, "migration")} ${rows.alike === 1 ? "is" : "are"} the same on all branches`,
      "aside",
      x(0) + 18,
    ) + SPACE;
  rails.forEach(({ name, role }, rail) => {
    starts.push(y);
    pieces.push(html`<circle class="start" cx="${x(rail)}" cy="${y}" r="3" />`);
    y += write(name, "name", x(rail) + 14);
    if (role !== "") y += write(role, "aside", x(rail) + 14);
    y += SPACE;
  });
  const dots: Markup[] = [];
  for (const row of drawn) {
    row.dots.forEach((dot, rail) => dots.push(sign(dot, x(rail), y)));
    y += write(`${row.noted ? "! " : ""}${row.label}`, "folder") + SPACE;
  }
  const bottom = y - SPACE + 4;
  const lines = rails.map((_, rail) => {
    const start = starts[rail] ?? trunk;
    const from = starts[rail - 1] ?? trunk;
    const path =
      rail === 0
        ? `M${x(0)} ${trunk}V${bottom}`
        : `M${x(rail - 1)} ${from}C${x(rail - 1)} ${from + 14} ${x(rail)} ${start - 16} ${x(rail)} ${start}V${bottom}`;
    return html`<path class="rail" d="${path}" />`;
  });
  const size = left + Math.ceil(LABEL * CELL);
  return html`<svg class="branches" width="${size}" height="${bottom}" viewBox="0 0 ${size} ${bottom}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">Branches and the migrations in which they differ</title>
<desc id="${id}-desc">${description(rails, rows)}</desc>
${lines}${dots}${pieces}
</svg>
`;
}

function sign(dot: Dot, x: number, y: number): Markup {
  if (dot === "same") return html`<circle class="has" cx="${x}" cy="${y}" r="5.5" />`;
  if (dot === "other") return html`<path class="differs" d="M${x} ${y - 7}l7 7l-7 7l-7 -7z" />`;
  return html`<line class="lacks" x1="${x - 4}" x2="${x + 4}" y1="${y}" y2="${y}" />`;
}

/** Runs of rows that look the same are one row; one that something is to be said of is shown alone. */
function contracted(rows: readonly BranchRow[]): readonly Drawn[] {
  const found: Drawn[] = [];
  for (let from = 0; from < rows.length; ) {
    const key = rows[from]?.dots.join();
    let to = from + 1;
    while (
      to < rows.length &&
      rows[to]?.dots.join() === key &&
      rows[from]?.notes.length === 0 &&
      rows[to]?.notes.length === 0
    )
      to++;
    const run = rows.slice(from, to);
    const [first] = run;
    if (first && run.length > RUN)
      found.push({
        dots: first.dots,
        label: `${run.length} migrations to ${run.at(-1)?.migration ?? ""}`,
        noted: false,
      });
    else found.push(...run.map(({ dots, migration, notes }) => ({ dots, label: migration, noted: notes.length > 0 })));
    from = to;
  }
  return found;
}

function description(rails: readonly Rail[], { rows }: BranchRows): string {
  return `${rails.map(({ name, role, migrations }) => `${name}${role === "" ? "" : ` (${role})`}: ${counted(migrations.length, "migration")}`).join("; ")}. ${counted(rows.length, "folder is", "folders are")} not the same everywhere. The table says which.`;
}

/** Lines of at most `most` cells, at underscores and blanks where there are some. */
function wrapped(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of visible(text)
    .replace(/[\n\t]/g, " ")
    .match(/[^_\s/-]*[_\s/-]?/g) ?? []) {
    if (line !== "" && width(line + part) > most) {
      lines.push(line);
      line = "";
    }
    line += part;
    while (width(line) > most) {
      const points = [...line];
      let cut = Math.min(points.length - 1, most);
      while (cut > 1 && width(points.slice(0, cut).join("")) > most) cut--;
      lines.push(points.slice(0, Math.max(1, cut)).join(""));
      line = points.slice(Math.max(1, cut)).join("");
    }
  }
  if (line !== "" || lines.length === 0) lines.push(line);
  return lines.map((each) => each.trimEnd());
}
