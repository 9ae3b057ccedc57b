import type { CheckResult } from "../../engine/result.ts";
import { MEANING } from "../rehearsal/sentences.ts";
import { counted, listed } from "../../words.ts";
import { place } from "./findings.ts";
import { code, html, type Markup, sentence, shortened, type Section } from "./markup.ts";
import { lockstep } from "../../advice/programs/lockstep.ts";
import { IN_WORDS } from "../../advice/programs/facts.ts";

/** Code points of a statement that are shown, and statements that are listed. */
const SQL = 160;
const LISTED = 100;

/** How evidence that a rule needs comes to be there; names are in backticks. */
const HOW: Readonly<Record<string, string>> = {
  base: "a base branch, `--base REF`",
  prisma: "a `package.json` or lock file that names Prisma's version",
  datamodel: "the datamodel, `schema.prisma`",
  statistics: "the sizes of the tables",
  rehearsal: `a rehearsal, \`${lockstep.check(IN_WORDS, { rehearse: true }).text}\``,
  divergence: "other branches to compare with: a base, `--base REF`, and migrations in a git repository",
};

/** What stays open when all of the above is read: what was not understood, not run and not asked. */
export function uncheckedSection(result: CheckResult): Section {
  const { coverage, evidence, histories } = result;
  const { notUnderstood, rulesNotRun, statements, understood, files } = coverage;
  const blocks: Markup[] = [
    html`<p>${counted(understood, "statement")} of ${statements} in ${counted(files, "file")} ${understood === 1 ? "was" : "were"} understood.</p>
`,
  ];
  const part = (title: string, items: readonly Markup[]): void => {
    if (items.length > 0)
      blocks.push(html`<h3>${title}</h3>
<ul>
${items.slice(0, LISTED).map(
  (each) => html`<li>${each}</li>
`,
)}${
  items.length > LISTED &&
  html`<li>and ${items.length - LISTED} more</li>
`
}</ul>
`);
  };
  part(
    "Not understood",
    notUnderstood.map(
      ({ file, range, why }) =>
        html`${place(file, range)}: ${sentence(why)} ${code(
          shortened(
            file.text
              .slice(Math.max(0, range.start), Math.max(0, range.end))
              .replace(/[ \t\r\n]+/g, " ")
              .trim(),
            SQL,
          ),
        )}`,
    ),
  );
  const byReason = new Map<
    string,
    { readonly needs: string; readonly because?: string | undefined; rules: string[] }
  >();
  for (const { rule, needs, because } of rulesNotRun) {
    const reason = because ?? needs;
    const group = byReason.get(reason) ?? { needs, because, rules: [] };
    group.rules.push(`\`${rule}\``);
    byReason.set(reason, group);
  }
  part(
    "Rules that did not run",
    [...byReason.values()].map(({ needs, because, rules }) =>
      sentence(
        `${listed(rules)}. ${because ?? `${rules.length === 1 ? "It needs" : "They need"} ${HOW[needs] ?? needs}.`}`,
      ),
    ),
  );
  part("About the files", [
    ...histories.flatMap(({ problems }) =>
      problems.map(({ file, message, help }) => html`${code(file)}: ${sentence(`${message} ${help}`)}`),
    ),
  ]);
  const left = (evidence.rehearsal?.runs ?? []).flatMap((run) => [
    ...run.deployed.leftOut,
    ...run.migrations.flatMap((migration) => [
      ...migration.statements.flatMap(({ leftOut }) => leftOut ?? []),
      ...(migration.down?.leftOut ?? []),
    ]),
  ]);
  part(
    "Left out of the rehearsal",
    [...new Map(left.map((each) => [`${each.file.path} ${each.range.start}`, each])).values()].map(
      ({ file, range, why, kind }) => html`${place(file, range)}: ${sentence(`${why}. ${MEANING[kind]}`)}`,
    ),
  );
  const rows = evidence.rehearsal
    ? "Production's rows, their number and what runs there meanwhile: a rehearsal is not production."
    : "Production's rows: nothing was run. Whether a statement fails on them, the queries above tell.";
  part(
    "Not seen",
    [rows, "The code of the application: which queries it sends, and when it is deployed."].map(sentence),
  );
  return { id: "unchecked", title: "What was not checked", body: html`${blocks}` };
}
