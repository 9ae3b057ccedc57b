import type { BranchesResult } from "../../engine/branches.ts";
import type { MatrixCell } from "./matrix.ts";
import type { BranchSet } from "../../evidence/git/branch-set.ts";
import { mergePairs } from "../../evidence/git/viewpoints.ts";
import { ordersOf } from "../../model/divergence/judgement/orders.ts";
import type { Judgement } from "../../model/divergence/judgement/terms.ts";
import type { OrderConflict, OrderedStatement } from "../../model/order/commutation.ts";
import { objectInWords, ordersInWords } from "../../model/order/sentences.ts";
import type { Range, SourceFile } from "../../source/text.ts";
import { tokenize } from "../../sql/tokens.ts";
import { listed, capital } from "../../words.ts";

/** The statement without comments, on one line. */
export function statementText({
  file,
  statement,
}: {
  readonly file: SourceFile;
  readonly statement: { readonly range: Range };
}): string {
  const text = file.text.slice(statement.range.start, Math.min(statement.range.end, statement.range.start + 2000));
  const comments = /--|\/\*/.test(text) ? tokenize(text).filter(({ kind }) => kind === "comment") : [];
  return comments
    .reduceRight((rest, { start, end }) => `${rest.slice(0, start)} ${rest.slice(end)}`, text)
    .replace(/\s+/g, " ")
    .trim();
}

export interface ConflictInWords {
  /** "type public.OrderState", "the rows of public.Customer (tier)". */
  readonly object: string;
  /** The statement of each branch. */
  readonly statements: readonly [StatementOnBranch, StatementOnBranch];
  /** Which order, and what it does. */
  readonly orders: readonly [readonly [order: string, does: string], readonly [order: string, does: string]];
}

interface StatementOnBranch {
  readonly branch: string;
  readonly statement: OrderedStatement;
}

/** A conflict of a judgement, for people. */
export function conflictDetails(judgement: Judgement, conflict: OrderConflict): ConflictInWords {
  const [oneFirst, otherFirst] = ordersInWords(conflict);
  const [byName, otherwise] = ordersOf(judgement);
  const [subject] = judgement.subjects;
  const other = judgement.against.find(({ migration }) => migration.id === conflict.other.migration);
  return {
    object: objectInWords(conflict),
    statements: [
      { branch: subject.branch, statement: conflict.one },
      { branch: other?.branch ?? judgement.against[0]?.branch ?? "", statement: conflict.other },
    ],
    orders: [
      [byName, oneFirst],
      [otherwise, otherFirst],
    ],
  };
}

const CELLS: Readonly<Record<MatrixCell["state"], string>> = {
  present: "",
  absent: "",
  missing: "missing",
  late: "late",
  edited: "edited",
  "other text": "other text",
  renamed: "renamed",
  duplicate: "duplicate",
};

/** "3", "3 late!", "missing", "" where it is simply not there. */
export function cellInWords({ state, order, matters }: MatrixCell): string {
  const mark = matters === "yes" ? "!" : matters === "unknown" ? "?" : "";
  return [order === undefined ? "" : String(order), CELLS[state] + mark].filter((part) => part !== "").join(" ");
}

/** What the numbers and words of the cells mean, as far as they occur. */
export function legend(cells: readonly MatrixCell[]): readonly string[] {
  const states = new Set(cells.map(({ state }) => state));
  return [
    "a number: when a fresh database of that branch gets it",
    ...(states.has("late")
      ? ["late: it sorts before what another branch has already (!: the order matters, ?: it may)"]
      : []),
    ...(states.has("missing") ? ["missing: it has to be there"] : []),
    ...(states.has("edited") || states.has("other text")
      ? ["edited, other text: another checksum than where it comes from"]
      : []),
    ...(states.has("renamed") ? ["renamed: the same text is there under another name"] : []),
    ...(states.has("duplicate") ? ["duplicate: another folder makes the same change"] : []),
  ];
}

/** "main (production, main), develop (development)": how branches are used here, with the reason. */
export function flowInWords({ flow, because, branches }: BranchSet): string {
  const roles = branches
    .filter((each) => each.roles[0] !== "other")
    .map(({ name, roles: own }) => `${name} (${own.join(", ")})`);
  return `${flow === "configured" ? "As configured" : capital(flow)}, since ${because}${roles.length > 0 ? `: ${listed(roles)}` : ""}.`;
}

/** What is to be said of branches that go into each other and have no commit in common. */
export const pairProblems = (set: BranchSet): readonly string[] => [
  ...new Set(mergePairs(set).flatMap(({ problem }) => problem ?? [])),
];

/** Rules that the configuration turns off: what they would say nobody knows. */
export const offInWords = ({ off }: BranchesResult): readonly string[] =>
  off.length === 0 ? [] : [`turned off by the configuration: ${listed(off)}`];

/** Branches that were not read, with the reason. */
export function leftOutInWords({ leftOut }: BranchSet): readonly string[] {
  const reasons = {
    merged: "merged already",
    old: "without a commit for 90 days",
    "no migrations of its own": "without migrations of their own",
    "beyond the limit": "beyond the limit of branches",
  } as const;
  return (Object.keys(reasons) as (keyof typeof reasons)[]).flatMap((why) => {
    const names = leftOut.filter((each) => each.why === why).map(({ name }) => name);
    if (names.length === 0) return [];
    return [
      `not compared, ${reasons[why]}: ${listed(names, 4)}${why === "beyond the limit" || why === "old" ? " (--all-branches compares them)" : ""}`,
    ];
  });
}
