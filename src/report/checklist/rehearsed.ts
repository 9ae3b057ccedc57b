import type { CheckedMigration } from "../../engine/result.ts";
import { accidentOf } from "../../advice/accident.ts";
import type { Rehearsal, RehearsalRun, RehearsedMigration } from "../../evidence/rehearsal.ts";
import { recovery } from "../../advice/recovery.ts";
import { position } from "../../source/text.ts";
import { EXECUTION_IN_WORDS, differenceInWords, lostInWords, serverInWords } from "../rehearsal/sentences.ts";
import { counted, listed } from "../../words.ts";
import type { ChecklistState } from "./item.ts";
import type { Pending } from "./pending.ts";
import { named } from "../named.ts";

/** What a rehearsal says for the checklist: it is evidence, and no staging environment. */

/** Migrations and differences that are written out; the rest is counted. */
const SHOWN = 3;

export interface RehearsedPending {
  readonly rehearsal: Rehearsal;
  readonly run: RehearsalRun;
  readonly migration: RehearsedMigration;
}

/** How a pending migration was rehearsed; of two ways of execution the one that the check is for. */
function rehearsedOf({ result }: Pending, checked: CheckedMigration): RehearsedPending | undefined {
  const { rehearsal } = result.evidence;
  const found = (rehearsal?.runs ?? []).flatMap((run) =>
    run.migrations
      .filter(({ id, file }) => id === checked.id && file.path === checked.file?.path)
      .map((migration) => ({ run, migration })),
  );
  const best = found.find(({ run }) => run.execution === checked.execution) ?? found[0];
  return rehearsal && best && { rehearsal, ...best };
}

/** Whether the rehearsal counts as a test on real rows, and a few sentences about it; undefined without one. */
export function stagingVerdict(
  pending: Pending,
): { readonly state: ChecklistState; readonly sentences: string } | undefined {
  const { rehearsal } = pending.result.evidence;
  const all = pending.migrations.map((migration) => rehearsedOf(pending, migration));
  const found = all.filter((each) => each !== undefined);
  if (!rehearsal || found.length === 0) return undefined;
  const problems = found.flatMap((each) => problemOf(each) ?? []);
  const leftOut = found.reduce(
    (sum, { migration }) => sum + migration.statements.filter(({ outcome }) => outcome === "left out").length,
    0,
  );
  const missing = pending.migrations.filter((_, index) => all[index] === undefined);
  const gaps = [
    ...(leftOut > 0 ? [`${counted(leftOut, "statement was", "statements were")} left out of it.`] : []),
    ...(missing.length > 0
      ? [
          `${listed(
            missing.map(({ id }) => named(id)),
            SHOWN + 1,
          )} ${missing.length === 1 ? "was" : "were"} not rehearsed.`,
        ]
      : []),
  ];
  const copy = rehearsal.rows.template;
  const through =
    problems.length > 0
      ? `${problems.slice(0, SHOWN).join(" ")}${problems.length > SHOWN ? ` And ${problems.length - SHOWN} more.` : ""}`
      : `${found.length === 1 ? "The migration" : `All ${found.length} migrations`} went through.`;
  const other =
    rehearsal.server.major === pending.result.postgres
      ? ""
      : ` Production is taken to be PostgreSQL ${pending.result.postgres}.`;
  const limits =
    copy === undefined
      ? " This is evidence, not a staging environment: it says nothing about production's rows, its size and its other sessions."
      : "";
  const state =
    copy !== undefined && rehearsal.rows.perTable === 0 && problems.length === 0 && gaps.length === 0 && other === ""
      ? "done"
      : "needs you";
  return {
    state,
    sentences:
      [
        `Rehearsed in ${serverInWords(rehearsal.server)}, ${rowsInWords(rehearsal)}, ${ways(found)}.`,
        `${through}${other}`,
        ...gaps,
      ].join(" ") + limits,
  };
}

function rowsInWords({ rows }: Rehearsal): string {
  if (rows.template !== undefined) return `in a copy of the database ${named(rows.template)}`;
  const made = rows.perTable > 0 ? [`${counted(rows.perTable, "made-up row")} in each table`] : [];
  const parts = [
    ...(rows.data === undefined ? [] : [`the rows of ${named(rows.data)}`]),
    ...made,
    ...(rows.hurt ? ["rows made to hurt"] : []),
  ];
  return parts.length === 0 ? "over empty tables" : `over ${listed(parts)}`;
}

const ways = (found: readonly RehearsedPending[]): string =>
  listed([...new Set(found.map(({ run }) => EXECUTION_IN_WORDS[run.execution]))]);

function problemOf({ migration }: RehearsedPending): string | undefined {
  const id = named(migration.id);
  const { failure, outcome, file } = migration;
  if (outcome === "unclosed") return `${id} leaves a transaction open, so that all of it is taken back.`;
  if (outcome === "not reached") return `${id} was not reached.`;
  if (outcome === "timed out") return `${id} did not end within the time limit.`;
  if (!failure) return undefined;
  const { line } = position(file, failure.range.start);
  return `${id} fails${failure.on === "hurting rows" ? " on rows that production may hold" : ""} at line ${line} with ${failure.error.sqlstate}: ${failure.error.message.replace(/\.$/, "").replaceAll("`", "'")}.`;
}

/** What going back by down.sql did in the rehearsal; undefined where it was not tried. */
export function downRehearsed(
  pending: Pending,
  checked: CheckedMigration,
): { readonly state: ChecklistState; readonly sentence: string } | undefined {
  const rehearsed = rehearsedOf(pending, checked);
  const down = rehearsed?.migration.down;
  if (!rehearsed || down?.file.path !== checked.down?.path || !down) return undefined;
  const id = named(checked.id);
  const where = `in a rehearsal (${serverInWords(rehearsed.rehearsal.server)})`;
  if (down.error)
    return {
      state: "needs you",
      sentence: `The down.sql of ${id} fails ${where} with ${down.error.sqlstate}: ${down.error.message.replace(/\.$/, "").replaceAll("`", "'")}.`,
    };
  if (down.differences.length > 0) {
    const differences = down.differences.map((difference) => named(differenceInWords(difference)));
    return {
      state: "needs you",
      sentence: `The down.sql of ${id} does not bring the schema back ${where}: ${listed(differences, SHOWN + 1)}.`,
    };
  }
  const lost =
    down.lost.length > 0
      ? ` Up and down together lost ${listed([...down.lost.slice(0, SHOWN).map((each) => named(lostInWords(each))), ...(down.lost.length > SHOWN ? ["more"] : [])])} there.`
      : "";
  if (down.leftOut.length > 0)
    return {
      state: "not known",
      sentence: `The down.sql of ${id} brought the schema back ${where}, but ${counted(down.leftOut.length, "statement of it was", "statements of it were")} left out.${lost}`,
    };
  return { state: "done", sentence: `The down.sql of ${id} brought the schema back ${where}.${lost}` };
}

/** What stays where the rehearsal saw it fail, instead of what would; undefined where it did not. */
export function keptRehearsed(pending: Pending, checked: CheckedMigration): string | undefined {
  const rehearsed = rehearsedOf(pending, checked);
  const accident = rehearsed && accidentOf(rehearsed.run, rehearsed.migration, pending.result.evidence.prisma);
  return (
    accident &&
    `Where ${named(checked.id)} failed in the rehearsal: ${recovery(accident).kept.replace(/^[NS]/, (first) => first.toLowerCase())}`
  );
}
