import type { Finding, Fix } from "../../engine/finding.ts";
import type { CheckedMigration, CheckResult } from "../../engine/result.ts";
import { position, type Range, type SourceFile } from "../../source/text.ts";
import type { ReportOptions } from "../options.ts";
import { diffLines } from "../text/diff-lines.ts";
import { migrationsOf } from "../summary.ts";
import { counted } from "../../words.ts";
import { frame } from "./frame.ts";
import { block, code, html, type Markup, NOTHING, sentence, type Section } from "./markup.ts";
import { lockstep } from "../../advice/programs/lockstep.ts";
import { IN_WORDS } from "../../advice/programs/facts.ts";

/** Migrations whose findings are open at once; of more each is folded until somebody wants it. */
const OPEN = 8;
const SIGN = { error: "✗", warning: "!", info: "i" } as const;
const HOW = {
  safe: html`with ${code("--fix")}`,
  unsafe: html`with ${code("--fix-unsafe")}, since it changes what the migration does`,
  display: "by hand",
} as const;
const SUPPRESSED = {
  comment: "by a comment",
  "file comment": "by a comment for the file",
  config: "in the configuration",
  baseline: "in the baseline",
} as const;

/** All findings by migration, and below them those that somebody has accepted, with the reason. */
export function findingsSection(result: CheckResult, options: ReportOptions): Section {
  const open = result.findings.filter((finding) => !finding.suppressed);
  const accepted = result.findings.filter((finding) => finding.suppressed);
  let number = 0;
  const own = groups(result, open);
  const body = html`${
    open.length === 0 &&
    html`<p>Nothing was found that blocks, breaks, fails or is lost.</p>
`
  }${
    open.length > 0 &&
    html`<p>Why a rule exists, and what else to do: ${code(lockstep.explain(IN_WORDS, "RULE").text)}</p>
`
  }${own.map(({ title, note, findings }) => {
    const head = html`<h3>${code(title)}${note !== "" && html` <span class="note">${note}</span>`}</h3>`;
    const articles = findings.map(({ finding, migration }) => article(finding, migration, ++number, options));
    return own.length <= OPEN
      ? html`${head}
${articles}`
      : html`<details class="migration"><summary>${head} <span class="note">${tally(findings.map(({ finding }) => finding))}</span></summary>
${articles}</details>
`;
  })}${
    accepted.length > 0 &&
    html`<details class="accepted">
<summary>${counted(accepted.length, "finding was", "findings were")} suppressed</summary>
<ul>
${accepted.map(
  ({
    rule,
    file,
    range,
    message,
    suppressed,
  }) => html`<li><code>${rule}</code> at ${place(file, range)}: ${sentence(message)} <strong>Suppressed ${suppressed && SUPPRESSED[suppressed.how]}:</strong> ${suppressed?.reason ? sentence(suppressed.reason) : "without a reason"}</li>
`,
)}</ul>
</details>`
  }`;
  return { id: "findings", title: "Findings", body };
}

function tally(findings: readonly Finding[]): string {
  const of = (severity: Finding["severity"]): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings, infos] = [of("error"), of("warning"), of("info")];
  return [
    ...(errors > 0 ? [counted(errors, "error")] : []),
    ...(warnings > 0 ? [counted(warnings, "warning")] : []),
    ...(infos > 0 ? [`${infos} info`] : []),
  ].join(", ");
}

interface Group {
  readonly title: string;
  readonly note: string;
  readonly findings: readonly { readonly finding: Finding; readonly migration?: CheckedMigration }[];
}

/** In the order of the migrations; then those of other files by path. */
function groups(result: CheckResult, findings: readonly Finding[]): readonly Group[] {
  const rest = new Set(findings);
  const found: Group[] = [];
  for (const migration of findings.length === 0 ? [] : migrationsOf(result)) {
    const own = [...rest].filter(
      ({ file, migration: id }) =>
        file === migration.file ||
        file === migration.down ||
        (id === migration.id && file.path.startsWith(`${migration.path}/`)),
    );
    if (own.length === 0) continue;
    for (const finding of own) rest.delete(finding);
    found.push({
      title: migration.id,
      note: migration.state === "pending" ? "" : "deployed",
      findings: own.map((finding) => ({ finding, migration })),
    });
  }
  for (const path of new Set([...rest].map(({ file }) => file.path)))
    found.push({
      title: path,
      note: "",
      findings: [...rest].filter(({ file }) => file.path === path).map((finding) => ({ finding })),
    });
  return found;
}

function article(
  finding: Finding,
  migration: CheckedMigration | undefined,
  number: number,
  { ruleUrl }: ReportOptions,
): Markup {
  const { rule, severity, file, range, message, help, rehearsed, related, commands, queries, fixes } = finding;
  const url = ruleUrl?.(rule);
  return html`<article class="finding finding-${severity}" aria-labelledby="finding-${number}">
<h4 id="finding-${number}"><span class="severity"><span class="sign" aria-hidden="true">${SIGN[severity]}</span> ${severity}</span> ${url !== undefined && /^https?:\/\//.test(url) ? html`<a href="${url}">${rule}</a>` : rule}</h4>
<p class="place">${place(file, range)}</p>
<p class="message">${sentence(message)}</p>
${frame(file, range, statementStart(finding, migration))}
${
  rehearsed !== undefined &&
  html`<p><strong>Seen in a rehearsal:</strong> ${sentence(rehearsed)}</p>
`
}${
  related.length > 0 &&
  html`<ul class="related">${related.map((other) => html`<li>See ${place(other.file, other.range)}: ${sentence(other.message)}</li>`)}</ul>
`
}<p><strong>What to do:</strong> ${sentence(help)}</p>
${commands && commands.length > 0 && block(commands.join("\n"))}${queries.map(
  ({ title, sql }) => html`<details>
<summary>${sentence(title)} <span class="kind">SQL</span></summary>
${block(sql)}
</details>
`,
)}${fixes.map((fix) => fixed(file, fix))}</article>
`;
}

function fixed(file: SourceFile, { title, safety, edits }: Fix): Markup {
  const lines = diffLines(file, edits);
  return html`<details>
<summary>Fix: ${sentence(title)} <span class="kind">${HOW[safety]}</span></summary>
${
  lines.length === 0
    ? NOTHING
    : html`<pre class="frame diff"><code>${lines.map(({ kind, line, text }) =>
        kind === "-"
          ? html`<del class="line"><span class="number">${line} −</span><span class="text">${text}
</span></del>`
          : html`<ins class="line"><span class="number">+</span><span class="text">${text}
</span></ins>`,
      )}</code></pre>`
}
</details>
`;
}

/** `prisma/migrations/…/migration.sql:12:5`. */
export function place(file: SourceFile, { start }: Range): Markup {
  const { line, column } = position(file, start);
  return code(`${file.path}:${line}:${column}`);
}

/** The first line of the statement gives the table's name where the finding is in a later action of it. */
function statementStart(
  { file, range, statement }: Finding,
  migration: CheckedMigration | undefined,
): number | undefined {
  if (statement === undefined || file !== migration?.file) return undefined;
  const own = migration.statements.find(({ index }) => index === statement);
  return own && own.range.start <= range.start && range.start < own.range.end ? own.range.start : undefined;
}
