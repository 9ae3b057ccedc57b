import type { CheckResult } from "../../engine/result.ts";
import type { Checklist } from "../checklist/item.ts";
import { serverInWords } from "../rehearsal/sentences.ts";
import { executionInWords, summarize } from "../summary.ts";
import { counted } from "../../words.ts";
import { code, html, type Markup, NOTHING, sentence } from "./markup.ts";
import { lockstep } from "../../advice/programs/lockstep.ts";
import { IN_WORDS } from "../../advice/programs/facts.ts";

/** Migrations that are named in the head; the timeline has all. */
const NAMED = 12;

/** What is to be deployed, whether it is ready, and what that was judged by. */
export function header(result: CheckResult, list: Checklist): Markup {
  const { migrations, items, ready } = list;
  const open = items.filter(({ state }) => state === "needs you" || state === "not known").length;
  const unique = new Set(migrations.map(({ id }) => id)).size === migrations.length;
  const verdict =
    migrations.length === 0
      ? "No migration is pending."
      : ready
        ? "Everything is ready."
        : `${counted(open, "item needs", "items need")} you.`;
  return html`<header>
<p class="kicker">${result.tool.name}</p>
<h1>Production safety checklist</h1>
<p class="verdict ${migrations.length === 0 || ready ? "verdict-ready" : "verdict-open"}"><span class="sign" aria-hidden="true">${migrations.length === 0 || ready ? "✓" : "!"}</span> <strong>${verdict}</strong> ${findingsInWords(result)}</p>
${
  migrations.length > 0 &&
  html`<p class="pending" id="pending">${migrations.length === 1 ? "One migration is pending:" : `${migrations.length} migrations are pending, in this order:`}</p>
<ol class="migrations" aria-labelledby="pending">${migrations.slice(0, NAMED).map(({ id, path }) => html`<li>${code(unique ? id : path)}</li>`)}${migrations.length > NAMED && html`<li>and ${migrations.length - NAMED} more</li>`}</ol>
`
}<dl class="facts">
${facts(result).map(
  ([
    term,
    value,
    because,
  ]) => html`<div><dt>${term}</dt><dd>${value}${because === undefined ? NOTHING : html` <span class="because">${because}</span>`}</dd></div>
`,
)}</dl>
<dl class="signoff">
${["Release", "Date", "Checked by", "Deployed by"].map((label) => html`<div><dt>${label}</dt><dd></dd></div>`)}
</dl>
</header>`;
}

function findingsInWords(result: CheckResult): string {
  const { errors, warnings, infos, suppressed } = summarize(result);
  const parts = [
    ...(errors > 0 ? [counted(errors, "error")] : []),
    ...(warnings > 0 ? [counted(warnings, "warning")] : []),
    ...(infos > 0 ? [`${infos} info`] : []),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
  ];
  return parts.length === 0 ? "No findings." : `Findings: ${parts.join(", ")}.`;
}

/** Each with what it is and where that is from. */
function facts({
  evidence,
  tool,
}: CheckResult): readonly (readonly [term: string, value: Markup | string, because?: string | Markup])[] {
  const { postgres, execution, base, branch, preset, prisma, rehearsal, statistics } = evidence;
  return [
    ["PostgreSQL", String(postgres.version), sentence(postgres.because)],
    ["Sent by Prisma", executionInWords(execution.mode), sentence(execution.because)],
    ...(prisma ? [["Prisma", prisma.version, sentence(prisma.from)] as const] : []),
    base
      ? (["Base", html`${code(base.ref)} at ${code(base.commit.slice(0, 12))}`, sentence(base.because)] as const)
      : (["Base", "none", "what is checked counts as pending"] as const),
    ...(branch === undefined ? [] : [["Branch", code(branch)] as const]),
    ...(preset ? [["Preset", preset.name, sentence(preset.because)] as const] : []),
    rehearsal
      ? (["Rehearsed in", serverInWords(rehearsal.server)] as const)
      : ([
          "Rehearsed",
          "no",
          html`${code(lockstep.check(IN_WORDS, { rehearse: true }).text)} runs it in a real PostgreSQL`,
        ] as const),
    ...(statistics
      ? [
          [
            "Sizes of tables",
            `${statistics.database}, ${statistics.taken.slice(0, 10)}`,
            code(statistics.from),
          ] as const,
        ]
      : []),
    ["Checked with", `${tool.name} ${tool.version}`],
  ];
}
