import type { Checklist, ChecklistItem, ChecklistState, ItemCommand } from "../checklist/item.ts";
import { block, html, type Markup, sentence, type Section } from "./markup.ts";

/** Sign and class of a state: the word is beside it, so that neither form nor colour has to say it. */
const LOOK: Readonly<Record<ChecklistState, readonly [sign: string, name: string]>> = {
  done: ["✓", "done"],
  "needs you": ["!", "needs"],
  "not needed": ["–", "idle"],
  "not known": ["?", "unknown"],
};

/** The items with a box to tick each; those that are settled are ticked already. */
export function checklistSection({ items, migrations }: Checklist): Section {
  const body = html`${
    migrations.length === 0 &&
    html`<p>No migration is pending, so nothing is to be done.</p>
`
  }<ol class="items">
${items.map(item)}</ol>`;
  return { id: "checklist", title: "Checklist", body };
}

function item({ id, title, state, because, run }: ChecklistItem): Markup {
  const [sign, name] = LOOK[state];
  const settled = state === "done" || state === "not needed";
  return html`<li class="item item-${name}">
<input type="checkbox" id="item-${id}" aria-describedby="state-${id}"${settled && html` checked="checked"`} />
<div>
<h3><label for="item-${id}">${title}</label> <span class="state" id="state-${id}"><span class="sign" aria-hidden="true">${sign}</span> ${state}</span></h3>
<p>${sentence(because)}</p>
${run.map(command)}</div>
</li>
`;
}

/** Something to run, folded away on the screen and open on paper. */
function command({ title, language, text }: ItemCommand): Markup {
  return html`<details>
<summary>${sentence(title)} <span class="kind">${language === "sql" ? "SQL" : "shell"}</span></summary>
${block(text)}
</details>
`;
}
