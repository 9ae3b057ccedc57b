import type { RehearsedStatement } from "../../evidence/rehearsal.ts";
import { relationName } from "../../sql/names.ts";
import { named } from "../named.ts";
import { blockedBy, strength } from "../../model/postgres/locks.ts";
import { sqlMode } from "../../sql/lock-modes.ts";
import {
  cleanupInWords,
  disagreementInWords,
  MEANING,
  rowsInWords,
  trialInWords,
  trialSurprises,
} from "../rehearsal/sentences.ts";
import { counted, listed, byText, capital } from "../../words.ts";

/** Notices of a statement that are shown. */
const NOTICES = 3;

/** What a statement did in the rehearsal, a sentence each. */
export function observedSentences({
  outcome,
  observed,
  leftOut,
  error,
  cleanups,
  trials,
  notices,
  disagreements,
}: RehearsedStatement): readonly string[] {
  const names = (relations: readonly string[]): string =>
    listed(relations.map((relation) => named(relationName(relation))));
  const lines: string[] = [];
  if (outcome === "not reached") lines.push("Not reached: something before it failed.");
  if (outcome === "timed out") lines.push("Stopped at the time limit: it did not end by itself.");
  if (leftOut) lines.push(`Left out: ${leftOut.why}. ${MEANING[leftOut.kind]}`);
  if (error)
    lines.push(
      `${error.on === "hurting rows" ? "Failed on rows that production may hold" : "Failed"}, with ${error.sqlstate}: ${error.message}`,
    );
  if (observed) {
    if (!observed.locks) lines.push("Ran outside of a transaction: its locks are gone when they can be looked at.");
    for (const { relation, mode } of [...(observed.locks ?? [])].sort(
      (a, b) => strength(b.mode) - strength(a.mode) || byText(a.relation, b.relation),
    )) {
      lines.push(
        `Took ${sqlMode(mode)} on ${names([relation])}${blockedBy(mode) === "" ? "" : `: ${blockedBy(mode)} wait`}.`,
      );
    }
    if (observed.rewrites.length > 0) lines.push(`Rewrote ${names(observed.rewrites)}.`);
    if (observed.scans && observed.scans.length > 0) lines.push(`Read ${names(observed.scans)} from end to end.`);
    for (const rows of observed.rows) lines.push(`${capital(rowsInWords(rows))}.`);
    if (
      outcome === "done" &&
      observed.locks?.length === 0 &&
      observed.rewrites.length + observed.rows.length + (observed.scans?.length ?? 0) === 0
    )
      lines.push("Took no lock that was not held already, and wrote nothing.");
  }
  for (const cleanup of cleanups) {
    const said = cleanupInWords(cleanup);
    if (said) lines.push(`${capital(said.text)}.`);
  }
  for (const trial of trials) lines.push(`${capital(trialInWords(trial, error?.sqlstate, undefined).text)}.`);
  for (const notice of notices.slice(0, NOTICES)) lines.push(`Notice: ${notice}`);
  if (notices.length > NOTICES) lines.push(`And ${counted(notices.length - NOTICES, "more notice")}.`);
  for (const disagreement of disagreements)
    lines.push(`Differs from what lockstep said: ${disagreementInWords(disagreement)}.`);
  for (const { predicted } of trials.filter(trialSurprises))
    lines.push(
      `Differs from what lockstep said: ${predicted === "fails" ? "such rows make it fail" : "something before it deals with such rows"}.`,
    );
  return lines;
}
