import type { CheckedMigration } from "../../engine/result.ts";
import { relationName } from "../../sql/names.ts";
import { strength } from "../../model/postgres/locks.ts";
import { sqlMode } from "../../sql/lock-modes.ts";
import { counted, listed, byText } from "../../words.ts";
import type { Hold } from "./holds.ts";
import { html, type Markup, NOTHING, shortened } from "./markup.ts";

/** Relations that are drawn, the most blocked first; the table has all. */
const DRAWN = 16;
/** Pixels: the head with the statements' numbers, a relation, its bar in it. */
const HEAD = 34;
const ROW = 46;
const BAR = 16;
/** Numbers of statements that find room beside each other on the narrowest screen. */
const NUMBERS = 12;

/**
 * Bars of locks over the statements of a migration, from left to right in the order in which they run. Widths are in percent and
 * heights in pixels, so that letters keep their size on every screen. What it shows is in the table below it too.
 *
 * @param id Of the element, unique on the page.
 */
export function lockChart(migration: CheckedMigration, holds: readonly Hold[], id: string): Markup {
  const { statements } = migration;
  const relations = [...new Set(holds.map(({ relation }) => relation))].sort(
    (a, b) => worst(holds, b) - worst(holds, a) || byText(a, b),
  );
  if (relations.length === 0) return NOTHING;
  const drawn = relations.slice(0, DRAWN);
  const height = HEAD + drawn.length * ROW;
  const x = (at: number): string => `${round((at / statements.length) * 100)}%`;
  const every = Math.ceil(statements.length / NUMBERS);
  const numbers = statements.flatMap((_, at) => (at % every === 0 ? [at] : []));
  return html`<svg class="locks" width="100%" height="${height}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">Locks over the ${counted(statements.length, "statement")} of ${migration.id}</title>
<desc id="${id}-desc">${listed(drawn.map((relation) => inWords(relation, holds)))}. The table that follows says the same.</desc>
${statements.length <= 40 && statements.slice(1).map((_, at) => html`<line class="grid" x1="${x(at + 1)}" x2="${x(at + 1)}" y1="${HEAD - 6}" y2="${height}" />`)}
${numbers.map((at) => html`<text class="tick" x="${x(at + 0.5)}" y="12" text-anchor="middle">${at + 1}</text>`)}
${transactions(migration, x)}
${drawn.map((relation, row) => relationRow(migration, relation, holds, HEAD + row * ROW, x))}
</svg>
${
  relations.length > drawn.length &&
  html`<p class="note">${counted(relations.length - drawn.length, "more table is", "more tables are")} not drawn; the table below has ${relations.length - drawn.length === 1 ? "it" : "them"}.</p>
`
}`;
}

const worst = (holds: readonly Hold[], relation: string): number =>
  Math.max(
    ...holds
      .filter((hold) => hold.relation === relation)
      .map(({ mode, certainty }) => strength(mode) * 2 + (certainty === "sure" ? 1 : 0)),
  );

const round = (percent: number): number => Math.round(percent * 1000) / 1000;

/** What each bar means, as far as its look goes. */
export const LEGEND = html`<ul class="legend" aria-label="How to read the bars">
<li><span class="legend-sign legend-number" aria-hidden="true">1</span> a statement; the line below joins those of a transaction</li>
<li><svg width="34" height="14" aria-hidden="true"><rect class="bar bar-all" x="1" y="1" width="32" height="12" /></svg> reads and writes wait</li>
<li><svg width="34" height="14" aria-hidden="true"><rect class="bar bar-writes" x="1" y="1" width="32" height="12" /><rect class="stripes" x="1" y="1" width="32" height="12" fill="url(#stripes)" /></svg> writes wait</li>
<li><svg width="34" height="14" aria-hidden="true"><rect class="bar bar-none" x="1" y="5" width="32" height="4" /></svg> nobody waits</li>
<li><svg width="34" height="14" aria-hidden="true"><rect class="bar bar-all bar-maybe" x="1" y="1" width="32" height="12" /></svg> dashed: perhaps</li>
<li><svg width="16" height="14" aria-hidden="true"><circle class="work" cx="8" cy="7" r="5" /></svg> read from end to end</li>
<li><svg width="16" height="14" aria-hidden="true"><rect class="work" x="3" y="2" width="10" height="10" /></svg> rewritten</li>
<li><svg width="16" height="14" aria-hidden="true"><path class="cross" d="M4 3l8 8m0 -8l-8 8" /></svg> fails on some rows</li>
</ul>
<svg class="defs" width="0" height="0" aria-hidden="true"><defs><pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="stripe" x1="1" y1="0" x2="1" y2="6" /></pattern></defs></svg>
`;

/** A line over the statements of one transaction. */
function transactions({ statements }: CheckedMigration, x: (at: number) => string): Markup {
  const ids = [...new Set(statements.flatMap(({ transaction }) => (transaction === null ? [] : [transaction])))];
  return html`${ids.map((id) => {
    const from = statements.findIndex(({ transaction }) => transaction === id);
    const to = statements.findLastIndex(({ transaction }) => transaction === id);
    return html`<line class="transaction" x1="${x(from + 0.06)}" x2="${x(to + 0.94)}" y1="20" y2="20" />`;
  })}`;
}

function relationRow(
  { statements }: CheckedMigration,
  relation: string,
  holds: readonly Hold[],
  y: number,
  x: (at: number) => string,
): Markup {
  const own = holds.filter((hold) => hold.relation === relation);
  const strongest = [...own].sort((a, b) => strength(b.mode) - strength(a.mode))[0];
  const top = y + 20;
  // The stronger lock lies over the weaker one.
  const bars = [...own]
    .sort((a, b) => strength(a.mode) - strength(b.mode))
    .map((hold) => {
      const [left, width] = [x(hold.from), x(hold.to + 1 - hold.from)];
      const thin = hold.blocks === "";
      const [at, size] = thin ? [top + BAR / 2 - 2, 4] : [top, BAR];
      const look = thin ? "none" : hold.blocks === "writes" ? "writes" : "all";
      return html`<rect class="bar bar-${look}${hold.certainty === "sure" ? "" : " bar-maybe"}" x="${left}" y="${at}" width="${width}" height="${size}" />${look === "writes" && hold.certainty === "sure" && html`<rect class="stripes" x="${left}" y="${at}" width="${width}" height="${size}" fill="url(#stripes)" />`}`;
    });
  const middle = top + BAR / 2;
  const signs = statements.map(({ effects }, at) => {
    const of = (works: readonly { readonly relation: string }[]): boolean =>
      works.some((work) => work.relation === relation);
    const fails = effects.failures.some(
      (failure) => failure.relation === relation && failure.preparation.verdict !== "done",
    );
    const shapes = [
      ...(of(effects.rewrites) ? [html`<rect class="work" x="-5" y="-5" width="10" height="10" />`] : []),
      ...(of(effects.scans) ? [html`<circle class="work" r="5" />`] : []),
      ...(fails ? [html`<path class="cross" d="M-4 -4l8 8m0 -8l-8 8" />`] : []),
    ];
    // An svg element takes a place in percent, which a transform does not.
    return shapes.map(
      (shape, index) =>
        html`<svg x="${x(at + 0.5)}" y="${middle}" overflow="visible"><g transform="translate(${(index - (shapes.length - 1) / 2) * 13} 0)">${shape}</g></svg>`,
    );
  });
  return html`<g><text class="label" x="0" y="${y + 13}"><tspan class="relation">${shortened(relationName(relation), 24)}</tspan> <tspan class="mode">${strongest && sqlMode(strongest.mode)}</tspan></text>${bars}${signs}</g>
`;
}

function inWords(relation: string, holds: readonly Hold[]): string {
  return holds
    .filter((hold) => hold.relation === relation)
    .map(
      ({ mode, from, to }) =>
        `${sqlMode(mode)} on ${relationName(relation)} ${from === to ? `during statement ${from + 1}` : `from statement ${from + 1} to ${to + 1}`}`,
    )
    .join(", ");
}
