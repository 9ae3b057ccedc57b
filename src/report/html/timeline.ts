import type { CheckedMigration, CheckedStatement, CheckResult } from "../../engine/result.ts";
import type { RehearsedMigration, RehearsalRun } from "../../evidence/rehearsal.ts";
import { relationName } from "../../sql/names.ts";
import { position, type SourceFile } from "../../source/text.ts";
import { statementText } from "../branches/sentences.ts";
import { pendingOf } from "../checklist/pending.ts";
import { sqlMode } from "../../sql/lock-modes.ts";
import { duration, EXECUTION_IN_WORDS, serverInWords } from "../rehearsal/sentences.ts";
import { executionInWords } from "../summary.ts";
import { counted, listed } from "../../words.ts";
import { type Hold, heldFor, holdsOf, transactionEnd } from "./holds.ts";
import { LEGEND, lockChart } from "./lock-chart.ts";
import { code, html, type Markup, NOTHING, sentence, shortened, type Section } from "./markup.ts";
import { observedSentences } from "./observed.ts";
import { predictedSentences } from "./predicted.ts";

/** Migrations that are open at once; of more each is folded until somebody wants it. */
const OPEN = 8;
/** Code points of a statement that are shown. */
const SQL = 400;
/** Statements in a row that nobody notices, up to which each is shown. */
const QUIET = 3;
/** Tables that stay locked that are named. */
const STILL = 4;

interface Rehearsed {
  readonly run: RehearsalRun;
  readonly migration: RehearsedMigration;
}

/** The pending statements in the order in which they run: which locks they take, until when, whom that keeps waiting, and what was seen of it. */
export function timelineSection(result: CheckResult): Section {
  const { migrations } = pendingOf(result);
  const { rehearsal } = result.evidence;
  const parts = migrations.map((migration, index) => {
    const ran = (rehearsal?.runs ?? []).flatMap((run) =>
      run.migrations.flatMap((each) =>
        each.id === migration.id && each.file.path === migration.file?.path ? [{ run, migration: each }] : [],
      ),
    );
    return migrationPart(result, migration, ran, index + 1);
  });
  const drawn = migrations.some((migration) => holdsOf(migration).length > 0);
  const measure =
    rehearsal &&
    html` What was observed is from a rehearsal in ${serverInWords(rehearsal.server)}; its times are ${rehearsal.rows.template === undefined ? "no measure of production" : "of a copy on that server"}.`;
  const body =
    migrations.length === 0
      ? html`<p>No migration is pending.</p>`
      : html`<p>What each statement does to what is deployed, as PostgreSQL would do it.${measure} Tables that these migrations make themselves are left out: nobody uses them yet.</p>
${drawn && LEGEND}${
  migrations.length > OPEN
    ? parts.map(
        ({ head, body: inner }) => html`<details class="migration"><summary>${head}</summary>
${inner}</details>
`,
      )
    : parts.map(
        ({ head, body: inner }) => html`${head}
${inner}`,
      )
}`;
  return { id: "timeline", title: "Timeline of locks", body };
}

function migrationPart(
  result: CheckResult,
  migration: CheckedMigration,
  ran: readonly Rehearsed[],
  number: number,
): { readonly head: Markup; readonly body: Markup } {
  const { statements, execution } = migration;
  const holds = holdsOf(migration);
  const head = html`<h3>${code(migration.id)} <span class="note">${counted(statements.length, "statement")}, ${executionInWords(execution)}</span></h3>`;
  const unknown =
    execution === "unknown" &&
    statements.length > 1 &&
    html`<p class="note">Whether Prisma sends it as one batch is not known. It is shown as one batch, which holds locks longest.</p>
`;
  if (statements.length === 0)
    return {
      head,
      body: html`<p>It has no statements.</p>
`,
    };
  const body = html`${unknown}${ran.map(
    ({ run, migration: rehearsed }) => html`<p>${outcomeInWords(run, rehearsed)}</p>
`,
  )}${
    holds.length === 0
      ? html`<p>It locks no deployed table beyond reading it.</p>
`
      : html`<figure>
${lockChart(migration, holds, `locks-${number}`)}${lockTable(migration, holds, ran[0]?.migration)}</figure>
`
  }${statementList(result, migration, holds, ran)}`;
  return { head, body };
}

function outcomeInWords({ execution }: RehearsalRun, { outcome, failure, file }: RehearsedMigration): Markup {
  const at = failure
    ? ` at line ${position(file, failure.range.start).line} with ${failure.error.sqlstate}: ${failure.error.message}`
    : "";
  const words = {
    applied: failure ? `applied, but fails on rows that production may hold,${at}` : "applied",
    failed: `failed${at}`,
    "timed out": "did not end within the time limit",
    unclosed: "leaves a transaction open, so that all of it is taken back",
    "not reached": "not reached: one before it does not get through",
  }[outcome];
  return html`<strong>Rehearsed, ${EXECUTION_IN_WORDS[execution]}:</strong> ${sentence(words)}`;
}

function lockTable(
  migration: CheckedMigration,
  holds: readonly Hold[],
  rehearsed: RehearsedMigration | undefined,
): Markup {
  const times = rehearsed && holds.map((hold) => heldFor(hold, migration, rehearsed));
  const { statements, file } = migration;
  const lineOf = (at: number): string =>
    `statement ${at + 1}${file ? `, line ${position(file, statements[at]?.range.start ?? 0).line}` : ""}`;
  const head = ["Table", "Lock", "Taken at", "Held until", "Who waits", ...(times ? ["In the rehearsal"] : [])];
  return html`<table>
<caption>Locks of ${code(migration.id)} on deployed tables</caption>
<thead><tr>${head.map((label) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>
${holds.map((hold, index) => {
  const { relation, mode, certainty, from, to, blocks } = hold;
  const time = times?.[index];
  const cells: readonly Markup[] = [
    html`${sqlMode(mode)}${certainty !== "sure" && html` <span class="note">${certainty === "rows" ? "if there are such rows" : "perhaps"}</span>`}`,
    html`${lineOf(from)}`,
    html`${statements[from]?.transaction === null ? "the statement ends" : to === from ? "the transaction ends with it" : `the transaction ends (${lineOf(to)})`}`,
    html`${blocks === "" ? "nobody" : blocks}`,
    ...(times ? [html`${time === undefined ? "not seen" : duration(time)}`] : []),
  ];
  return html`<tr><th scope="row">${code(relationName(relation))}</th>${cells.map((cell, at) => html`<td data-label="${head[at + 1]}">${cell}</td>`)}</tr>
`;
})}</tbody>
</table>
`;
}

function statementList(
  result: CheckResult,
  migration: CheckedMigration,
  holds: readonly Hold[],
  ran: readonly Rehearsed[],
): Markup {
  const items: Markup[] = [];
  let quiet: number[] = [];
  const { file, statements } = migration;
  const flush = (): void => {
    const [from, to] = [quiet[0], quiet.at(-1)];
    if (quiet.length > QUIET && from !== undefined && to !== undefined) {
      items.push(html`<li class="quiet"><p class="statement"><span class="number">${from + 1}</span> <span>to ${to + 1}: ${counted(quiet.length, "statement")} that no deployed table notices${stillLocked(holds, from)}</span></p></li>
`);
    } else {
      for (const at of quiet) {
        const statement = statements[at];
        if (file && statement)
          items.push(html`<li class="quiet">${statementHead(file, statement, at, `no deployed table notices it${stillLocked(holds, at)}`)}</li>
`);
      }
    }
    quiet = [];
  };
  migration.statements.forEach((statement, at) => {
    const said = statementItem(result, migration, statement, at, holds, ran);
    if (!said) return void quiet.push(at);
    flush();
    items.push(said);
  });
  flush();
  return html`<ol class="statements">
${items}</ol>
`;
}

function statementItem(
  result: CheckResult,
  migration: CheckedMigration,
  statement: CheckedStatement,
  at: number,
  holds: readonly Hold[],
  ran: readonly Rehearsed[],
): Markup | undefined {
  const { file, statements } = migration;
  if (!file) return undefined;
  const own = holds.filter(({ from }) => from === at);
  const gap = result.coverage.notUnderstood.find(
    (each) =>
      each.file === file &&
      each.range.start >= statement.range.start &&
      each.range.start < Math.max(statement.range.end, statement.range.start + 1),
  );
  const predicted = [
    ...(gap ? [`Not understood: ${gap.why}. Nothing is known of what it does.`] : []),
    ...predictedSentences(statement, own),
  ];
  const observed = ran.flatMap(({ run, migration: rehearsed }) => {
    const found = rehearsed.statements.find(({ index }) => index === statement.index);
    return found ? [{ run, statement: found, lines: observedSentences(found) }] : [];
  });
  if (
    predicted.length === 0 &&
    observed.every(
      ({ statement: { outcome, error, disagreements, notices } }) =>
        outcome === "done" && !error && disagreements.length + notices.length === 0,
    )
  )
    return undefined;
  const end = transactionEnd(statements, at);
  const group =
    statement.transaction === null ? "on its own" : end === at ? "last of its transaction" : "in a transaction";
  return html`<li>
${statementHead(file, statement, at, `${group}${stillLocked(holds, at)}`)}
${
  ran.length === 0
    ? html`<div class="effects">${list(predicted)}</div>
`
    : html`<dl class="effects">
<div><dt>Predicted</dt><dd>${list(predicted.length > 0 ? predicted : ["No deployed table notices it."])}</dd></div>
${observed.map(
  ({
    run,
    statement: { observed: seen, outcome },
    lines,
  }) => html`<div><dt>Observed${ran.length > 1 && html`, ${EXECUTION_IN_WORDS[run.execution]}`}${seen && outcome === "done" ? html` <span class="time">${duration(seen.milliseconds)}</span>` : NOTHING}</dt><dd>${list(lines)}</dd></div>
`,
)}</dl>
`
}</li>
`;
}

/** ", while users and posts stay locked": by statements before it. */
function stillLocked(holds: readonly Hold[], at: number): string {
  const names = [
    ...new Set(
      holds
        .filter(({ from, to, blocks }) => from < at && to >= at && blocks !== "")
        .map(({ relation }) => relationName(relation)),
    ),
  ];
  if (names.length === 0) return "";
  return `, while ${names.length > STILL ? `${names.length} tables` : listed(names)} ${names.length === 1 ? "stays" : "stay"} locked`;
}

function statementHead(file: SourceFile, statement: CheckedStatement, at: number, note: string): Markup {
  return html`<p class="statement"><span class="number">${at + 1}</span> <span class="sql"><code>${shortened(statementText({ file, statement }), SQL)}</code></span> <span class="note">line ${position(file, statement.range.start).line}, ${note}</span></p>`;
}

const list = (lines: readonly string[]): Markup =>
  lines.length === 1
    ? html`<p>${sentence(lines[0] ?? "")}</p>`
    : html`<ul>${lines.map((line) => html`<li>${sentence(line)}</li>`)}</ul>`;
