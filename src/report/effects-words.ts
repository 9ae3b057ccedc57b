import type { CheckedStatement } from "../engine/result.ts";
import type { Certainty, Failure, Lock, Loss, Work } from "../model/effects.ts";
import { relationName } from "../model/sql.ts";
import { blockedBy, byText, lockInWords, strength, strongest } from "./locks.ts";
import { codeSpan, inline } from "./markdown.ts";

/** The strongest lock of a statement on a relation that others use; of several the first by name. */
export function strongestLock({ effects, deployed }: CheckedStatement): Lock | undefined {
  return strongest(effects.locks)
    .filter(({ relation }) => deployed.has(relation))
    .reduce<Lock | undefined>((worst, lock) => (worst && strength(worst.mode) >= strength(lock.mode) ? worst : lock), undefined);
}

/** "ACCESS EXCLUSIVE on users: blocks reads and writes · rewrites it"; undefined where the statement keeps nobody waiting. */
export function headline(statement: CheckedStatement): string | undefined {
  const lock = strongestLock(statement);
  const { effects, deployed } = statement;
  const rewritten = works(effects.rewrites, deployed);
  const scanned = works(effects.scans, deployed).filter(({ relation }) => !rewritten.some((work) => work.relation === relation));
  const parts = [
    ...(lock ? [`${maybe(lock.certainty)}${lockInWords(lock.mode)} on ${relationName(lock.relation)}${blockedBy(lock.mode) ? `: blocks ${blockedBy(lock.mode)}` : ""}`] : []),
    ...rewritten.slice(0, 1).map(({ relation, certainty }) => `${maybe(certainty)}rewrites ${relation === lock?.relation ? "it" : relationName(relation)}`),
    ...scanned.slice(0, 1).map(({ relation, certainty }) => `${maybe(certainty)}reads all of ${relation === lock?.relation ? "it" : relationName(relation)}`),
  ];
  return parts.length > 0 ? parts.join(" · ") : undefined;
}

/** What a statement does, as Markdown: a table of its locks and sentences for the rest. */
export function effectsMarkdown(statement: CheckedStatement): string {
  const { effects, deployed } = statement;
  const locks = strongest(effects.locks).filter(({ mode }) => strength(mode) > 0);
  const table = locks.map(({ relation, mode, certainty, partner }) => {
    const whom = deployed.has(relation) ? blockedBy(mode) || "nobody who reads or writes" : "nobody: it is new";
    return `| ${maybe(certainty)}${lockInWords(mode)} | ${codeSpan(relationName(relation)).replaceAll("|", "\\|")}${partner ? " (not named)" : ""} | ${whom} |`;
  });
  const sentences = [
    ...unique(effects.rewrites, (work) => `${may(work, "Rewrites", "May rewrite")} ${name(work.relation)}${reason(work)}.`),
    ...unique(effects.scans, (work) => `${may(work, "Reads", "May read")} all of ${name(work.relation)}${reason(work)}.`),
    ...unique(effects.failures, failureInWords),
    ...unique(effects.losses.filter(({ along }) => !along), lossInWords),
    ...unique(effects.breaks, ({ sentence }) => inline(sentence)),
  ];
  const head = table.length > 0 ? ["| Lock | On | Blocks |", "| --- | --- | --- |", ...table].join("\n") : "Takes no lock that others would notice.";
  return sentences.length > 0 ? `${head}\n\n${sentences.map((sentence) => `- ${sentence}`).join("\n")}` : head;
}

const name = (relation: string): string => codeSpan(relationName(relation));
const maybe = (certainty: Certainty): string => (certainty === "sure" ? "" : certainty === "rows" ? "with rows " : "maybe ");
const may = ({ certainty }: Work, sure: string, other: string): string => (certainty === "sure" ? sure : other);
const reason = (work: Work): string => (work.reason && work.reason !== "read it" ? ` to ${inline(work.reason)}` : "");

function works(all: readonly Work[], deployed: ReadonlySet<string>): readonly Work[] {
  return all.filter(({ relation, certainty }) => deployed.has(relation) && certainty !== "rows").sort((a, b) => Number(b.certainty === "sure") - Number(a.certainty === "sure") || byText(a.relation, b.relation));
}

function unique<T>(all: readonly T[], words: (each: T) => string): readonly string[] {
  return [...new Set(all.map(words))];
}

/** What would make it fail, and what was done about that before. */
function failureInWords(failure: Failure): string {
  const { preparation, sqlstate } = failure;
  const when = failure.certainty === "sure" ? "Fails" : "Fails if";
  const done = preparation.verdict === "done" ? ` Dealt with: ${inline(preparation.why)}.` : preparation.verdict === "ineffective" ? ` What was done about it does not do it: ${inline(preparation.detail)}.` : "";
  return `${when} ${cause(failure)} (${sqlstate}).${done}`;
}

function cause({ kind, relation, columns, parent, parentColumns, certainty, detail }: Failure): string {
  const where = columns.length > 0 ? codeSpan(`${relationName(relation)}.${columns.join(", ")}`) : name(relation);
  const said = detail === undefined ? "" : inline(detail);
  const because = (text: string): string => (certainty === "sure" ? `: ${text}` : text);
  switch (kind) {
    case "orphans":
      return `${where} has a value that ${codeSpan(`${relationName(parent ?? "")}${parentColumns && parentColumns.length > 0 ? `.${parentColumns.join(", ")}` : ""}`)} lacks`;
    case "nulls":
      return `${where} is NULL in a row${said && `: ${said}`}`;
    case "duplicates":
      return `two rows agree in ${where}${said && `: ${said}`}`;
    case "check":
      return `a row of ${name(relation)} violates the check${said && ` ${said}`}`;
    case "cast":
      return `a value of ${where} cannot be cast${said && ` ${said}`}`;
    case "enumValueInUse":
      return `a row still uses ${said || "the value"}`;
    case "exclusion":
      return `two rows of ${name(relation)} exclude each other`;
    case "partitionBound":
      return said || `a row of ${name(relation)} lies outside of the bound`;
    case "dependents":
    case "transaction":
    case "refused":
      return because(said || name(relation));
  }
}

function lossInWords({ kind, relation, name: lost, data, where, certainty }: Loss): string {
  const of = relation === undefined ? "" : ` of ${name(relation)}`;
  const what =
    kind === "rows" ? `rows${of}${where === undefined ? ", all of them" : ` where ${codeSpan(where)}`}`
    : kind === "table" ? `the table ${name(relation ?? lost ?? "")}`
    : kind === "every row's value" ? `every row's value in ${codeSpan(lost ?? "")}${of}`
    : kind === "precision" ? `precision in ${codeSpan(lost ?? "")}${of}`
    : `the ${kind === "enumValue" ? "enum value" : kind} ${codeSpan(lost ?? relationName(relation ?? ""))}${lost === undefined ? "" : of}`;
  return `${certainty === "sure" ? "Takes" : "May take"} away ${what}${data ? ", which only a backup brings back" : ""}.`;
}
