/** The whole style sheet. No < or &: it is in a style element that is well-formed XML too. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fdfcf9; --ink: #1d1f24; --quiet: #5a5e68; --rule: #dcd8cd; --edge: #8a8678; --wash: #f4f1e9;
  --accent: #1f5c7a; --stop: #9f2d20; --care: #7d5200; --calm: #2b6440;
  --mark: #f6e3a8; --wait: #b9432f; --writes: #e3b04b; --stripe: #7d5200; --free: #6f8ea3;
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
  --serif: ui-serif, "Iowan Old Style", "Palatino Linotype", Palatino, "Noto Serif", Georgia, "DejaVu Serif", serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #17191d; --ink: #e6e4de; --quiet: #a5a8b0; --rule: #34373d; --edge: #7d818a; --wash: #202328;
    --accent: #86c3e2; --stop: #f09a8c; --care: #e7b85c; --calm: #8fcfa4;
    --mark: #55471d; --wait: #d9604c; --writes: #a8782a; --stripe: #f0cf8a; --free: #7f9db2;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 62rem; padding: 0 clamp(1rem, 5vw, 3rem) 4rem; background: var(--paper); color: var(--ink); font: 1rem/1.6 var(--sans); overflow-wrap: anywhere; }
h1, h2, h3, h4 { margin: 0; font-weight: 600; line-height: 1.25; text-wrap: balance; }
h1 { font: 600 clamp(1.9rem, 6vw, 2.9rem)/1.1 var(--serif); letter-spacing: -0.015em; }
h2 { font: 600 1.6rem/1.2 var(--serif); letter-spacing: -0.01em; }
h3 { font-size: 1.0625rem; }
p { margin: 0; max-width: 46rem; }
ul, ol, dl, dd, figure, pre { margin: 0; padding: 0; }
a { color: var(--accent); text-underline-offset: 0.15em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
code, pre, .number { font-family: var(--mono); font-size: 0.875em; font-variant-ligatures: none; }
code, bdi { unicode-bidi: isolate; }
p code, li code, dd code, summary code { color: inherit; background: var(--wash); border-radius: 3px; padding: 0.1em 0.3em; box-decoration-break: clone; -webkit-box-decoration-break: clone; }
pre { padding: 0.75rem 1rem; background: var(--wash); border-radius: 4px; font-size: 0.875rem; line-height: 1.55; white-space: pre-wrap; direction: ltr; tab-size: 4; }
pre code { font-size: inherit; background: none; padding: 0; }
.skip { position: absolute; left: 1rem; top: 0; padding: 0.5rem 1rem; background: var(--paper); border: 1px solid var(--accent); transform: translateY(-110%); z-index: 1; }
.skip:focus { transform: translateY(0.5rem); }
.note, .because, .kind, .aside { color: var(--quiet); font-size: 0.875rem; font-weight: 400; }

header { padding: clamp(1.5rem, 6vw, 4rem) 0 1.5rem; }
.kicker { color: var(--accent); font-weight: 600; letter-spacing: 0.04em; margin-bottom: 0.5rem; }
.verdict { margin-top: 1rem; font-size: 1.125rem; }
.verdict .sign { display: inline-block; width: 1.5em; height: 1.5em; line-height: 1.4; text-align: center; border: 2px solid currentColor; border-radius: 50%; font-weight: 700; }
.verdict-open .sign { color: var(--stop); }
.verdict-ready .sign { color: var(--calm); }
.pending { margin-top: 1.25rem; color: var(--quiet); font-size: 0.875rem; }
.migrations { margin: 0.15rem 0 0; list-style: none; }
.migrations li { padding: 0.1rem 0; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 0.9rem 2rem; margin-top: 1.75rem; padding-top: 1.25rem; border-top: 1px solid var(--rule); }
.facts dt { color: var(--quiet); font-size: 0.875rem; }
.facts .because { display: block; }
.signoff { display: none; }

nav { position: static; border-block: 1px solid var(--rule); padding: 0.6rem 0; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; list-style: none; }
nav a { display: inline-block; padding: 0.2rem 0; }
section { padding-top: 3rem; }
section > h2 { margin-bottom: 1rem; }
section > h3, section .migration h3 { margin: 2.25rem 0 0.75rem; }
section > h2 + h3 { margin-top: 0; }
section > p + p, section > p + ul { margin-top: 0.5rem; }
#unchecked ul { padding-left: 1.25rem; }
#unchecked li + li { margin-top: 0.4rem; }
#unchecked > p:last-child { margin-top: 1.5rem; }

.items { list-style: none; border-top: 1px solid var(--rule); }
.item { display: grid; grid-template-columns: 1.5rem minmax(0, 1fr); gap: 0 0.9rem; padding: 1.1rem 0; border-bottom: 1px solid var(--rule); }
.item input { width: 1.35rem; height: 1.35rem; margin: 0.1rem 0 0; accent-color: var(--accent); }
.item h3 { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.1rem 0.9rem; }
.item label { cursor: pointer; }
.item p { margin-top: 0.3rem; }
.item-done p, .item-idle p { color: var(--quiet); }
.state { font-size: 0.875rem; font-weight: 600; white-space: nowrap; }
.state .sign { display: inline-block; min-width: 1em; text-align: center; }
.item-needs .state { color: var(--stop); }
.item-unknown .state { color: var(--care); }
.item-done .state { color: var(--calm); }
.item-idle .state { color: var(--quiet); }

details { margin-top: 0.6rem; }
summary { cursor: pointer; padding: 0.15rem 0; width: fit-content; max-width: 100%; }
summary::marker { color: var(--accent); }
summary:hover { text-decoration: underline; text-underline-offset: 0.2em; text-decoration-thickness: 1px; }
summary .kind { margin-left: 0.35rem; }
.kind code { white-space: nowrap; }
summary h3, .migration > summary h3 { display: inline; }
details pre { margin-top: 0.4rem; }

.finding { margin: 1.25rem 0 0; padding-left: 1.1rem; border-left: 4px solid var(--free); }
.finding + .finding { margin-top: 2.25rem; }
.finding-error { border-left-color: var(--stop); }
.finding-warning { border-left-color: var(--care); border-left-style: double; border-left-width: 6px; }
.finding-info { border-left-style: dotted; }
.finding h4 { display: flex; flex-wrap: wrap; gap: 0 0.75rem; font-size: 1.0625rem; }
.finding-error .severity { color: var(--stop); }
.finding-warning .severity { color: var(--care); }
.finding-info .severity { color: var(--accent); }
.place { font-size: 0.875rem; color: var(--quiet); }
.place code { background: none; padding: 0; }
.message { margin-top: 0.5rem; }
.finding pre { margin: 0.75rem 0; }
.finding details pre { margin-bottom: 0.25rem; }
.related { list-style: none; margin: 0.5rem 0; }
.frame { padding-inline: 0.75rem; }
.frame .line { display: grid; grid-template-columns: minmax(2.2rem, max-content) minmax(0, 1fr); gap: 0.9rem; }
.frame .number { color: var(--quiet); text-align: right; user-select: none; font-size: inherit; }
.frame mark { background: var(--mark); color: inherit; text-decoration: underline; text-decoration-color: var(--care); text-underline-offset: 0.25em; }
.diff del, .diff ins { text-decoration: none; }
.diff ins .text { font-weight: 600; }
.diff del .number { color: var(--stop); }
.diff ins .number { color: var(--calm); }
.accepted { margin-top: 2rem; }
.accepted ul { padding-left: 1.25rem; margin-top: 0.5rem; }

.legend { display: flex; flex-wrap: wrap; gap: 0.3rem 1.4rem; margin: 1rem 0 0; list-style: none; font-size: 0.875rem; color: var(--quiet); }
.legend li { display: flex; align-items: center; gap: 0.5rem; }
.legend svg { flex: none; }
.legend-sign { width: 16px; text-align: center; font-family: var(--mono); font-weight: 700; color: var(--stop); }
.legend-number { width: auto; color: var(--quiet); border-bottom: 2px solid var(--ink); padding: 0 0.4rem; }
.defs { position: absolute; }
svg { display: block; }
svg text { font: 12.5px/1 var(--sans); fill: var(--ink); }
.locks { margin: 1rem 0; overflow: hidden; }
.locks .grid { stroke: var(--rule); stroke-width: 1; }
.locks .tick { fill: var(--quiet); font-variant-numeric: tabular-nums; }
.locks .transaction { stroke: var(--ink); stroke-width: 2; }
.locks .label { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; }
.locks .relation { font-family: var(--mono); font-weight: 600; }
.locks .mode { fill: var(--quiet); }
.bar { stroke: var(--ink); stroke-width: 1; }
.bar-all { fill: var(--wait); }
.bar-writes { fill: var(--writes); }
.bar-none { fill: var(--free); stroke: none; }
.bar-maybe { fill-opacity: 0.3; stroke-dasharray: 4 3; }
.stripe { stroke: var(--stripe); stroke-width: 1.5; }
.work { fill: var(--paper); stroke: var(--ink); stroke-width: 1.75; }
.cross { fill: none; stroke: var(--ink); stroke-width: 2.5; }

table { width: 100%; border-collapse: collapse; margin-top: 1rem; font-size: 0.9375rem; line-height: 1.45; }
caption { text-align: left; font-weight: 600; padding-bottom: 0.5rem; }
th, td { text-align: left; vertical-align: top; padding: 0.5rem 1.25rem 0.5rem 0; border-bottom: 1px solid var(--rule); font-weight: 400; }
th:last-child, td:last-child { padding-right: 0; }
th, td { min-width: 5rem; }
th:first-child { min-width: 14rem; }
thead th { color: var(--quiet); font-size: 0.875rem; border-bottom-color: var(--edge); }
td p + p { margin-top: 0.35rem; }
td code, th code { background: none; padding: 0; }

.statements { list-style: none; margin-top: 1rem; }
.statements > li { padding: 0.9rem 0; border-top: 1px solid var(--rule); }
.statements > li:first-child { border-top: 0; }
.statements .quiet { color: var(--quiet); padding-block: 0.5rem; }
.statement { max-width: none; display: grid; grid-template-columns: 1.9rem minmax(0, 1fr); gap: 0 0.75rem; }
.statement .number { font-weight: 600; text-align: right; }
.statement .sql code { background: none; padding: 0; font-weight: 500; }
.statement .note { grid-column: 2; }
.effects { margin: 0.5rem 0 0 2.65rem; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); gap: 0.6rem 2rem; }
.effects dt { color: var(--quiet); font-size: 0.875rem; }
.effects .time { color: var(--ink); font-variant-numeric: tabular-nums; font-weight: 600; margin-left: 0.4rem; }
.effects ul { list-style: none; }
.effects li + li { margin-top: 0.25rem; }

.branch-figure { display: flex; flex-wrap: wrap; gap: 1.5rem 3rem; margin-top: 1.25rem; align-items: flex-start; }
.branch-figure .legend { flex-direction: column; margin-top: 0; }
.branches { max-width: 100%; height: auto; }
.branches text { font-family: var(--mono); }
.branches .name { font-weight: 700; }
.branches .aside { fill: var(--quiet); font-family: var(--sans); }
.rail { fill: none; stroke: var(--free); stroke-width: 2.5; }
.trunk { fill: var(--paper); stroke: var(--ink); stroke-width: 2.5; }
.start { fill: var(--free); }
.has { fill: var(--ink); stroke: var(--paper); stroke-width: 1.5; }
.differs { fill: var(--paper); stroke: var(--stop); stroke-width: 2.5; }
.lacks { stroke: var(--edge); stroke-width: 2; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--quiet); font-size: 0.875rem; }

@media (max-width: 42rem) {
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; white-space: nowrap; }
  table, tbody, tr, th, td, caption { display: block; }
  tr { padding: 0.6rem 0; border-bottom: 1px solid var(--rule); }
  th, td { border: 0; padding: 0.1rem 0; min-width: 0; }
  td { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: 0.5rem; }
  td::before { content: attr(data-label); color: var(--quiet); font-size: 0.875rem; }
  td p { grid-column: 2; }
  .statement { grid-template-columns: minmax(0, 1fr); }
  .statement .note { grid-column: 1; }
  .statement .number { text-align: left; }
  .effects { margin-left: 0; }
}
@media (prefers-contrast: more) {
  :root { --quiet: var(--ink); --rule: var(--edge); }
}
@media (forced-colors: active) {
  .bar, .work, .has, .differs, .rail, .lacks, .trunk { forced-color-adjust: none; }
}
@page { size: A4; margin: 16mm 15mm 18mm; }
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --quiet: #444; --rule: #bbb; --edge: #777; --wash: #fff; --accent: #000; --stop: #8c1d12; --care: #5f3e00; --calm: #174d2b; --mark: #fff; --wait: #b9432f; --writes: #f0cf8a; --stripe: #5f3e00; --free: #7a8f9c; }
  html { font-size: 9.5pt; }
  body { max-width: none; padding: 0; line-height: 1.45; }
  header { padding: 0 0 6pt; }
  h1 { font-size: 22pt; }
  h2 { font-size: 14pt; }
  h3, .finding h4 { font-size: 10.5pt; }
  p { max-width: none; }
  nav, .skip, footer { display: none; }
  .signoff { display: grid; grid-template-columns: repeat(4, 1fr); gap: 0 1.5rem; margin-top: 14pt; }
  .facts { grid-template-columns: repeat(3, 1fr); }
  .signoff dt { color: var(--quiet); }
  .signoff dd { height: 18pt; border-bottom: 1px solid var(--ink); }
  section { padding-top: 18pt; }
  h2, h3, h4, caption, summary, .place, .legend, thead { break-after: avoid; }
  .item > div > p, tr, .statement, svg, .line, .frame { break-inside: avoid; }
  p, li { orphans: 3; widows: 3; }
  pre { border: 1px solid var(--rule); font-size: 8pt; padding: 4pt 6pt; }
  p code, li code, dd code, summary code { background: none; padding: 0; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
  summary { list-style: none; }
  summary::-webkit-details-marker { display: none; }
  main a[href^="http"]::after { content: " (" attr(href) ")"; font-weight: 400; font-size: 8pt; color: var(--quiet); }
  input { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;

/** Of `STYLE`, for the page's Content-Security-Policy: SHA-256 in base64. test/html-report.test.ts says what it has to be. */
export const STYLE_HASH = "sha256-rRVKOFGAilTzeCHPdseiL6153yyFs243U6AZMu0X5qo=";
