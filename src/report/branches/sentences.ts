import type { BranchFinding, OnBranch } from "../../evidence/branches/findings.ts";
import type { MatrixCell } from "./matrix.ts";
import type { BranchSet } from "../../evidence/git/branches.ts";
import type { OrderConflict, OrderedStatement, OrderResult } from "../../model/order/commutation.ts";
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

/** What an order leaves of the object. */
export function resultInWords(result: OrderResult): string {
  switch (result.is) {
    case "state":
      return result.text ?? "it is not there, or as the other statement leaves it";
    case "refused":
      return `${result.statement.migration} fails${result.sentence === undefined ? "" : `: ${result.sentence}`}${result.sqlstate === undefined ? "" : ` (${result.sqlstate})`}`;
    case "definition":
      return `as ${result.of.migration} defines it`;
    case "last":
      return `${result.statement.migration} is the last to touch the rows`;
    case "unknown":
      return "cannot be told";
  }
}

export interface ConflictInWords {
  /** "public.OrderState", "rows of public.Customer (tier)". */
  readonly object: string;
  readonly one: OnBranch & { readonly statement: OrderedStatement };
  readonly other: OnBranch & { readonly statement: OrderedStatement };
  /** Which order, and what it leaves. */
  readonly leaves: readonly (readonly [order: string, result: string])[];
  readonly certain: boolean;
}

export function conflictInWords(finding: BranchFinding, conflict: OrderConflict): ConflictInWords {
  const { object, columns, one, other, leaves, verdict } = conflict;
  const rows = conflict.why === "rows" || object.kind === "rows";
  const name = rows ? `rows of ${object.name}` : `${object.kind} ${object.name}`;
  const opponent =
    finding.against.find(({ migration }) => migration.id === other.migration)?.branch ??
    finding.branches.find((branch) => branch !== finding.subject.branch) ??
    "";
  const orders = ordersOf(finding, opponent);
  return {
    object: columns && columns.length > 0 ? `${name} (${columns.join(", ")})` : name,
    one: {
      branch: finding.subject.branch,
      migration: { id: one.migration, path: one.file.path, file: one.file },
      statement: one,
    },
    other: {
      branch: opponent,
      migration: { id: other.migration, path: other.file.path, file: other.file },
      statement: other,
    },
    leaves: [
      [orders[0], resultInWords(leaves[0])],
      [orders[1], resultInWords(leaves[1])],
    ],
    certain: verdict === "no",
  };
}

/** The two orders of a finding: by name, and the other way round. */
export function ordersOf({ kind, subject }: BranchFinding, opponent: string): readonly [string, string] {
  if (kind === "conflict") return [`${subject.branch} first`, `${opponent} first`];
  return ["a fresh database", `a database that has ${opponent}`];
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
