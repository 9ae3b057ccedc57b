import type { OrderVerdict } from "../../model/order/index.ts";
import type { OrderEvidence } from "./findings.ts";
import type { OrderAnswer } from "../../rehearsal/order/index.ts";

/** What PostgreSQL said of an order, or why it could not be asked. */
export type RehearsedOrder =
  | (OrderAnswer & { readonly asked: true })
  | { readonly asked: false /** A sentence. */; readonly why: string };

/**
 * The evidence after a rehearsal. PostgreSQL decides, but for one thing: where the model sees a difference of rows, rows that do not
 * show it prove nothing.
 */
export function answered(evidence: OrderEvidence, rehearsed: RehearsedOrder): OrderEvidence {
  if (!rehearsed.asked || rehearsed.matters === "unknown") return { ...evidence, rehearsed };
  const rowsOnly =
    evidence.matters === "yes" &&
    evidence.conflicts.filter(({ verdict }) => verdict === "no").every(({ why }) => why === "rows");
  const matters: OrderVerdict = rehearsed.matters === "no" && rowsOnly ? "unknown" : rehearsed.matters;
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
