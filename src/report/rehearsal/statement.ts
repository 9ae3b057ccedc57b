import type { HeldMode } from "../../model/observation.ts";
import { relationName } from "../../sql/names.ts";
import { position } from "../../source/text.ts";
import { tokenize } from "../../sql/tokens.ts";
import type { RehearsedMigration, RehearsedStatement } from "../../evidence/rehearsal.ts";
import type { Paint, Style } from "../text/paint.ts";
import {
  cleanupInWords,
  disagreementInWords,
  duration,
  locksInWords,
  MEANING,
  rowsInWords,
  trialInWords,
  trialSurprises,
} from "./sentences.ts";
import { counted, listed } from "../../words.ts";
import { cells, printable, width, wrap } from "../text/width.ts";

/** A statement of the timeline: the line that names it, and what is to be said of it. */
export interface StatementLines {
  readonly mark: string;
  readonly line: number;
  readonly words: string;
  readonly duration: string;
  readonly details: readonly string[];
}

/** Notices of a statement that are shown. */
const NOTICES = 3;

/** @param room Cells of a detail. */
export function statementLines(
  migration: RehearsedMigration,
  statement: RehearsedStatement,
  room: number,
  paint: Paint,
): StatementLines {
  const { observed } = statement;
  return {
    mark: paint(...markOf(statement)),
    line: lineOf(migration, statement),
    words: firstWords(migration, statement),
    duration: statement.outcome === "done" && observed ? duration(observed.milliseconds) : "",
    details: detailsOf(migration, statement, room, paint),
  };
}

export function lineOf({ file }: RehearsedMigration, { range }: RehearsedStatement): number {
  return position(file, range.start).line;
}

function markOf({ outcome, error }: RehearsedStatement): [Style, string] {
  if (outcome === "done") return error ? ["yellow", "!"] : ["green", "✓"];
  return outcome === "failed" || outcome === "timed out" ? ["red", "✗"] : ["dim", "–"];
}

/** The statement on one line, without its comments. Only as much is read as a line may hold. */
function firstWords({ file }: RehearsedMigration, { range }: RehearsedStatement): string {
  const text = file.text.slice(range.start, Math.min(range.end, range.start + 1000));
  const tokens = /--|\/\*/.test(text) ? tokenize(text).filter(({ kind }) => kind === "comment") : [];
  const bare = tokens.reduceRight((rest, { start, end }) => `${rest.slice(0, start)} ${rest.slice(end)}`, text);
  return printable(bare.replace(/\s+/g, " ").trim());
}

/** A title and what is to be said of it: on one line where there is room. */
export function headed(
  title: string,
  style: Style | readonly Style[],
  words: string,
  wordsStyle: Style,
  paint: Paint,
  columns: number,
): readonly string[] {
  if (width(title) + 2 + width(words) <= columns) return [`${paint(style, title)}  ${paint(wordsStyle, words)}`];
  return [
    ...wrap(title, columns).map((part) => paint(style, part)),
    ...wrap(words, columns - 2).map((part) => `  ${paint(wordsStyle, part)}`),
  ];
}

/** The part of a line that fits, with "…" where it goes on. */
export function clipped(text: string, room: number): string {
  let used = 0;
  let kept = "";
  for (const cell of cells(text)) {
    if (used + cell.width > room) {
      while (used > room - 1) {
        const last = cells(kept).at(-1);
        if (!last) break;
        kept = kept.slice(0, last.at);
        used -= last.width;
      }
      return `${kept.trimEnd()}…`;
    }
    kept += cell.text;
    used += cell.width;
  }
  return kept;
}

function detailsOf(
  migration: RehearsedMigration,
  statement: RehearsedStatement,
  room: number,
  paint: Paint,
): readonly string[] {
  const lines: string[] = [];
  const say = (style: Style | readonly Style[] | undefined, text: string): void => {
    // What follows the first line is two cells further in.
    wrap(printable(text), width(text) > room ? room - 2 : room).forEach((part, index) =>
      lines.push(index > 0 ? `  ${style ? paint(style, part) : part}` : style ? paint(style, part) : part),
    );
  };
  const { observed, outcome, leftOut } = statement;
  if (leftOut) {
    say("yellow", `left out: ${leftOut.why}`);
    say("dim", MEANING[leftOut.kind]);
  }
  if (outcome === "timed out") say("red", "stopped at the time limit: it did not end by itself");
  if (observed) {
    if (observed.locks)
      for (const { text, blocks, mode } of locksInWords(observed.locks))
        say(
          mode === "AccessExclusiveLock" ? "red" : blocks ? "yellow" : "dim",
          blocks ? `${text}: blocks ${blocks}` : text,
        );
    else say("dim", "outside of a transaction: its locks are gone when they can be looked at");
    for (const { text, blocks, since } of heldOver(migration, statement))
      say("dim", `still ${text}, since line ${since}: blocks ${blocks}`);
    if (observed.rewrites.length > 0) say("red", `rewrote ${listed(observed.rewrites.map(relationName))}`);
    if (observed.scans && observed.scans.length > 0)
      say("yellow", `read ${listed(observed.scans.map(relationName))} from end to end`);
    for (const rows of observed.rows) say(undefined, rowsInWords(rows));
  }
  // A statement about another table leaves these orphans alone without being at fault.
  const about = ({ child, before, after, took }: RehearsedStatement["cleanups"][number]): boolean =>
    (took !== undefined && took.orphans + took.matched + took.nullKeys > 0) ||
    before.orphans !== after.orphans ||
    before.matched !== after.matched ||
    before.nullKeys !== after.nullKeys ||
    (observed?.locks?.some(({ relation }) => relation === child) ?? true);
  for (const cleanup of statement.cleanups.filter(about)) {
    const said = cleanupInWords(cleanup);
    if (said) say(said.look === "bad" ? "yellow" : said.look === "good" ? "green" : undefined, said.text);
  }
  for (const trial of statement.trials) {
    const said = trialInWords(trial, statement.error?.sqlstate, cleanerOf(migration, statement, trial));
    say(said.look === "bad" ? "red" : said.look === "good" ? "green" : "dim", said.text);
  }
  for (const notice of statement.notices.slice(0, NOTICES)) say("dim", `notice: ${notice}`);
  if (statement.notices.length > NOTICES)
    say("dim", `and ${counted(statement.notices.length - NOTICES, "more notice")}`);
  for (const disagreement of statement.disagreements)
    say("blue", `differs: lockstep ${disagreementInWords(disagreement)}`);
  for (const trial of statement.trials.filter(trialSurprises))
    say(
      "blue",
      `differs: lockstep said that ${trial.predicted === "fails" ? "such rows make it fail" : "something before it deals with such rows"}`,
    );
  return lines;
}

/**
 * Locks of earlier statements of the transaction that block others, as long as it lasts. A table that was made in the
 * transaction is held too, but never taken: nobody else knows it yet.
 */
function heldOver(
  migration: RehearsedMigration,
  statement: RehearsedStatement,
): readonly { readonly text: string; readonly blocks: string; readonly since: number }[] {
  const earlier = migration.statements.filter(
    ({ index, transaction }) =>
      index < statement.index && transaction !== null && transaction === statement.transaction,
  );
  const own = new Map((statement.observed?.locks ?? []).map(({ relation, mode }) => [relation, mode]));
  const taken = (lock: HeldMode): RehearsedStatement | undefined =>
    earlier.find(({ observed }) =>
      observed?.locks?.some(({ relation, mode }) => relation === lock.relation && mode === lock.mode),
    );
  const bySince = new Map<number, HeldMode[]>();
  for (const lock of statement.observed?.held ?? []) {
    const taker = taken(lock);
    if (!taker || own.get(lock.relation) === lock.mode) continue;
    const since = lineOf(migration, taker);
    bySince.set(since, [...(bySince.get(since) ?? []), lock]);
  }
  return [...bySince].flatMap(([since, locks]) =>
    locksInWords(locks)
      .filter(({ blocks }) => blocks !== "")
      .map(({ text, blocks }) => ({ text, blocks, since })),
  );
}

/** The last statement before this one that lowered the number of the orphans that a trial is about. */
function cleanerOf(
  migration: RehearsedMigration,
  statement: RehearsedStatement,
  trial: RehearsedStatement["trials"][number],
): string | undefined {
  if (trial.kind !== "orphans") return undefined;
  const cleaner = migration.statements.findLast(
    ({ index, cleanups }) =>
      index < statement.index &&
      cleanups.some(
        ({ child, columns, before, after }) =>
          child === trial.relation && columns.join() === trial.columns.join() && after.orphans < before.orphans,
      ),
  );
  return cleaner && `line ${lineOf(migration, cleaner)}`;
}
