import type { CheckResult } from "../../engine/result.ts";
import { makeChecklist } from "../checklist/index.ts";
import type { ReportOptions } from "../options.ts";
import { counted } from "../../words.ts";
import { branchSection } from "./branches.ts";
import { findingsSection } from "./findings.ts";
import { header } from "./header.ts";
import { checklistSection } from "./items.ts";
import { html, shortened, type Section } from "./markup.ts";
import { STYLE, STYLE_HASH } from "./style.ts";
import { trusted } from "./markup.ts";
import { timelineSection } from "./timeline.ts";
import { uncheckedSection } from "./unchecked.ts";

/** Only the style sheet below, by its hash: no script, no image, no font, no frame, nothing sent anywhere. */
const POLICY = `default-src 'none'; style-src '${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;

/** The whole document, well-formed as XML too. The same result gives the same text. */
export function page(result: CheckResult, options: ReportOptions): string {
  const list = makeChecklist(result);
  const sections: readonly Section[] = [
    checklistSection(list),
    findingsSection(result, options),
    timelineSection(result),
    branchSection(result),
    uncheckedSection(result),
  ];
  const [first] = list.migrations;
  const subject =
    first === undefined
      ? "no pending migration"
      : list.migrations.length === 1
        ? shortened(first.id, 80)
        : counted(list.migrations.length, "pending migration");
  const { markup } = html`<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="${POLICY}" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta name="generator" content="${`${result.tool.name} ${result.tool.version}`}" />
<title>Production safety checklist: ${subject}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#checklist">Skip to the checklist</a>
${header(result, list)}
<nav aria-label="On this page">
<ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul>
</nav>
<main>
${sections.map(
  ({ id, title, body }) => html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${body}
</section>
`,
)}</main>
<footer>
<p>Made by ${result.tool.name} ${result.tool.version} from the migrations as they were when it ran. What is ticked here is kept nowhere: print the page, or save it as PDF, to keep it with the release.</p>
</footer>
</body>
</html>`;
  return `<!DOCTYPE html>\n${markup}\n`;
}
