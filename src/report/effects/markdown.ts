import type { CheckedStatement } from "../../engine/result.ts";
import type { Certainty, Lock, Work } from "../../model/effects.ts";
import { relationName } from "../../sql/names.ts";
import { effectSentences } from "./sentences.ts";
import { blockedBy, strength, strongest } from "../../model/postgres/locks.ts";
import { sqlMode } from "../../sql/lock-modes.ts";
import { byText } from "../../words.ts";
import { codeSpan, inline } from "../markdown.ts";

/** The strongest lock of a statement on a relation that others use; of several the first by name. */
export function strongestLock({ effects, deployed }: CheckedStatement): Lock | undefined {
  return strongest(effects.locks)
    .filter(({ relation }) => deployed.has(relation))
    .reduce<Lock | undefined>(
      (worst, lock) => (worst && strength(worst.mode) >= strength(lock.mode) ? worst : lock),
      undefined,
    );
}

/** "ACCESS EXCLUSIVE on users: blocks reads and writes · rewrites it"; undefined where the statement keeps nobody waiting. */
export function headline(statement: CheckedStatement): string | undefined {
  const lock = strongestLock(statement);
  const { effects, deployed } = statement;
  const rewritten = works(effects.rewrites, deployed);
  const scanned = works(effects.scans, deployed).filter(
    ({ relation }) => !rewritten.some((work) => work.relation === relation),
  );
  const parts = [
    ...(lock
      ? [
          `${maybe(lock.certainty)}${sqlMode(lock.mode)} on ${relationName(lock.relation)}${blockedBy(lock.mode) ? `: blocks ${blockedBy(lock.mode)}` : ""}`,
        ]
      : []),
    ...rewritten
      .slice(0, 1)
      .map(
        ({ relation, certainty }) =>
          `${maybe(certainty)}rewrites ${relation === lock?.relation ? "it" : relationName(relation)}`,
      ),
    ...scanned
      .slice(0, 1)
      .map(
        ({ relation, certainty }) =>
          `${maybe(certainty)}reads all of ${relation === lock?.relation ? "it" : relationName(relation)}`,
      ),
  ];
  return parts.length > 0 ? parts.join(" · ") : undefined;
}

/** What a statement does, as Markdown: a table of its locks, each with its page of the manual, and sentences for the rest. */
export function effectsMarkdown(statement: CheckedStatement): string {
  const { effects, deployed } = statement;
  const locks = strongest(effects.locks).filter(({ mode }) => strength(mode) > 0);
  const table = locks.map(({ relation, mode, certainty, partner, source }) => {
    const whom = deployed.has(relation) ? blockedBy(mode) || "nobody who reads or writes" : "nobody: it is new";
    const name = source === undefined ? sqlMode(mode) : `[${sqlMode(mode)}](${source})`;
    return `| ${maybe(certainty)}${name} | ${codeSpan(relationName(relation)).replaceAll("|", "\\|")}${partner ? " (not named)" : ""} | ${whom} |`;
  });
  const sentences = effectSentences(effects).map(inline);
  const head =
    table.length > 0
      ? ["| Lock | On | Blocks |", "| --- | --- | --- |", ...table].join("\n")
      : "Takes no lock that others would notice.";
  return sentences.length > 0 ? `${head}\n\n${sentences.map((sentence) => `- ${sentence}`).join("\n")}` : head;
}

const maybe = (certainty: Certainty): string =>
  certainty === "sure" ? "" : certainty === "rows" ? "with rows " : "maybe ";
function works(all: readonly Work[], deployed: ReadonlySet<string>): readonly Work[] {
  return all
    .filter(({ relation, certainty }) => deployed.has(relation) && certainty !== "rows")
    .sort((a, b) => Number(b.certainty === "sure") - Number(a.certainty === "sure") || byText(a.relation, b.relation));
}
