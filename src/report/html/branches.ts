import type { Finding } from "../../engine/finding.ts";
import { judgementsOf } from "../../model/divergence/judgement/index.ts";
import type { CheckResult } from "../../engine/result.ts";
import type { Divergence, HistoryDivergence } from "../../model/divergence/viewpoint.ts";
import { counted, listed } from "../../words.ts";
import { branchPicture } from "./branch-picture.ts";
import { type BranchRows, branchRows, railsWith } from "./branch-rows.ts";
import { code, html, type Markup, NOTHING, sentence, type Section } from "./markup.ts";
import { lockstep } from "../../advice/programs/lockstep.ts";
import { IN_WORDS } from "../../advice/programs/facts.ts";

/** Rows of the table. */
const ROWS = 200;

const NOT_COMPARED = `The branches were not compared. That needs a base branch and migrations in a git repository: \`${lockstep.check(IN_WORDS, { base: "main", format: "html" }).text}\`. \`${lockstep.branches(IN_WORDS).text}\` compares all branches.`;

/** Which branch has which migrations, as far as they are not the same everywhere. */
export function branchSection({ evidence, findings }: CheckResult): Section {
  const { divergence, unavailable } = evidence;
  const histories = [...(divergence?.histories ?? [])];
  const body =
    !divergence || histories.length === 0
      ? html`<p>${sentence(unavailable?.divergence ?? NOT_COMPARED)}</p>`
      : html`${histories.map(
          ([root, history], index) =>
            html`${
              histories.length > 1 &&
              html`<h3>${code(root)}</h3>
`
            }${historyPart(divergence, history, about(divergence, root, findings), `branches-${index + 1}`)}`,
        )}`;
  return { id: "branches", title: "Branches", body };
}

/** Findings of a migrations directory about its branches, as far as nothing suppresses them. */
function about(divergence: Divergence, root: string, findings: readonly Finding[]): readonly Finding[] {
  const judgements = new Set(judgementsOf(divergence, root));
  return findings.filter((each) => !each.suppressed && each.divergence && judgements.has(each.divergence.judgement));
}

function historyPart(
  divergence: Divergence,
  history: HistoryDivergence,
  findings: readonly Finding[],
  id: string,
): Markup {
  const rows = branchRows(divergence, history, findings);
  const without = [divergence.target, ...divergence.others]
    .filter((branch) => ![history.target, ...history.others].some((each) => each.branch === branch))
    .map(({ name }) => `\`${name}\``);
  const aside = html`${
    without.length > 0 &&
    html`<p class="note">${sentence(`${listed(without)} ${without.length === 1 ? "does" : "do"} not have these migrations at all.`)}</p>
`
  }${[history.target, ...history.others].map(({ branch, movedFrom }) =>
    movedFrom === undefined
      ? NOTHING
      : html`<p class="note">On ${code(branch.name)} they are in ${code(movedFrom)}.</p>
`,
  )}`;
  if (rows.rows.length === 0)
    return html`<p>${sentence(`${listed(rows.rails.map(({ name }) => `\`${name}\``))} have the same ${counted(rows.alike, "migration")}: they are in lockstep.`)}</p>
${aside}`;
  return html`${ports(findings)}<figure class="branch-figure">
${branchPicture(rows, id)}<ul class="legend" aria-label="How to read the picture">
<li><svg width="16" height="14" aria-hidden="true"><circle class="has" cx="8" cy="7" r="5.5" /></svg> has it</li>
<li><svg width="16" height="14" aria-hidden="true"><path class="differs" d="M8 0l7 7l-7 7l-7 -7z" /></svg> has it with another text</li>
<li><svg width="16" height="14" aria-hidden="true"><line class="lacks" x1="3" x2="13" y1="7" y2="7" /></svg> does not have it</li>
<li><span class="legend-sign" aria-hidden="true">!</span> something is to be said of it, in the table</li>
</ul>
</figure>
${table(rows)}${aside}`;
}

/** What production has and another branch lacks. */
const ports = (findings: readonly Finding[]): Markup =>
  html`${findings
    .filter(({ divergence }) => divergence?.judgement.kind === "absent")
    .map(
      ({ message }) => html`<p><strong>To be merged back:</strong> ${sentence(message)}</p>
`,
    )}`;

function table(rows: BranchRows): Markup {
  return html`<table>
<caption>${counted(rows.rows.length, "migration")} ${rows.rows.length === 1 ? "is" : "are"} not the same everywhere</caption>
<thead><tr><th scope="col">Migration</th><th scope="col">Is on</th><th scope="col">Is not on</th><th scope="col">To be known</th></tr></thead>
<tbody>
${rows.rows.slice(0, ROWS).map((row) => {
  const other = railsWith(rows, row, "other");
  const lacking = railsWith(rows, row, "absent");
  return html`<tr><th scope="row">${code(row.migration)}</th><td data-label="Is on">${sentence(railsWith(rows, row, "same"))}${other !== "" && sentence(`, with another text on ${other}`)}</td><td data-label="Is not on">${lacking === "" ? "–" : sentence(lacking)}</td><td data-label="To be known">${row.notes.length === 0 ? "–" : row.notes.map((note) => html`<p>${sentence(note)}</p>`)}</td></tr>
`;
})}</tbody>
</table>
${
  rows.rows.length > ROWS &&
  html`<p class="note">And ${rows.rows.length - ROWS} more: ${code(lockstep.branches(IN_WORDS).text)} lists all.</p>
`
}`;
}
