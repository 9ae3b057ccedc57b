import type { Range } from "../../source/text.ts";
import type { CatalogDifference } from "../observation.ts";
import type { OrderConflict, OrderVerdict } from "./commutation.ts";

/** What PostgreSQL leaves when both orders are run, each in a copy of the same database. */
export interface OrderAnswer {
  /** "18.6 (PGlite 0.5.14)" */
  readonly server: string;
  /** `unknown`: neither order runs, or something had to be left out. */
  readonly matters: OrderVerdict;
  /** Why it is `unknown`, as a clause. */
  readonly why?: string;
  /** Where one first, where other first: the statement that is refused, if any. */
  readonly refused: readonly [Refused | undefined, Refused | undefined];
  /** `was` where one is first, `is` where other is first. */
  readonly schema: readonly CatalogDifference[];
  /** Tables whose rows differ. */
  readonly rows: readonly RowDifference[];
  /** Tables whose columns are in another order, which is no difference. */
  readonly columnOrder: readonly string[];
  /** The difference shows only with rows that were made for it. */
  readonly hurt: boolean;
  /** Rows in each table. */
  readonly perTable: number;
  readonly leftOut: readonly { readonly migration: string; readonly why: string }[];
}

export interface Refused {
  readonly migration: string;
  /** The statement, as text and place in its file. */
  readonly path: string;
  readonly range: Range;
  readonly text: string;
  readonly error: { readonly sqlstate: string; readonly message: string };
}

export interface RowDifference {
  /** "public.posts" */
  readonly relation: string;
  /** Columns whose values differ; empty where only how they go together does. */
  readonly columns: readonly string[];
  /** How many rows there are where one is first, and where other is first. */
  readonly counts: readonly [number, number];
}

/** What PostgreSQL said of an order, or why it could not be asked. */
export type RehearsedOrder =
  | (OrderAnswer & { readonly asked: true })
  | { readonly asked: false /** A sentence. */; readonly why: string };

/** Whether an order matters, by what the model says and what PostgreSQL said. */
export interface OrderEvidence {
  readonly matters: OrderVerdict;
  /** `one` is the subject's, `other` the one that it meets; `leaves[0]` is what a fresh database has. */
  readonly conflicts: readonly OrderConflict[];
  /** Tables whose columns are in another order. */
  readonly columnOrder: readonly string[];
  /** What PostgreSQL said, where it was asked: it decides. */
  readonly rehearsed?: RehearsedOrder;
  /** Where PostgreSQL and the model, both certain, do not say the same: lockstep is wrong. One sentence. */
  readonly mistake?: string;
}

/**
 * The evidence after a rehearsal. PostgreSQL decides, but for one thing: where the model is certain of a difference of rows, rows that do
 * not show it prove nothing.
 */
export function answered(evidence: OrderEvidence, rehearsed: RehearsedOrder): OrderEvidence {
  if (!rehearsed.asked || rehearsed.matters === "unknown") return { ...evidence, rehearsed };
  const rowsOnly =
    evidence.matters === "yes" &&
    evidence.conflicts.filter(({ verdict }) => verdict === "no").every(({ why }) => why === "rows");
  const matters: OrderVerdict = rehearsed.matters === "no" && rowsOnly ? "yes" : rehearsed.matters;
  const mistake = mistakeOf(evidence, rehearsed, rowsOnly);
  return { ...evidence, matters, rehearsed, ...(mistake !== undefined && { mistake }) };
}

function mistakeOf(
  { matters }: OrderEvidence,
  { matters: real, hurt }: OrderAnswer,
  rowsOnly: boolean,
): string | undefined {
  if (matters === "no" && real === "yes")
    return `lockstep read from the SQL that the order makes no difference, and PostgreSQL shows one${hurt ? " with rows that were made for it" : ""}: that is a mistake in lockstep, please report it.`;
  if (matters === "yes" && real === "no" && !rowsOnly)
    return "lockstep read from the SQL that the order matters, and in PostgreSQL both come to the same: that is a mistake in lockstep, please report it.";
  return undefined;
}
