import type { Operation } from "../../sql/operation/index.ts";
import type { Statement } from "../../sql/statement.ts";
import type { Failure, Place, Preparation } from "../effects.ts";
import type { Membership } from "../transactions.ts";
import type { StepPlace } from "./place.ts";

type Flawed = Extract<Preparation, { readonly verdict: "ineffective" }>;

/** What is wrong with the cleanup before the foreign key of a deployed table. */
export type CleanupFlaw =
  /** It leaves orphans, or fails. */
  | {
      readonly flaw: "ineffective";
      readonly failure: Failure;
      readonly preparation: Flawed;
      /** Sent statement by statement, what it removed stays removed though the constraint fails. */
      readonly stays: boolean;
    }
  /** It is committed before the constraint is there, so that a new orphan can come in between. */
  | { readonly flaw: "window"; readonly failure: Failure; readonly by: Place };

/** A statement, and how its file is sent. */
export interface CleanupPlace extends StepPlace {
  readonly statement: Statement;
  readonly transactions: readonly Membership[];
}

export function cleanupFlaws(operation: Operation, place: CleanupPlace): CleanupFlaw[] {
  const { migration, transactions } = place;
  const split = migration.execution === "split";
  return place.effects.failures.flatMap((failure): CleanupFlaw[] => {
    const { preparation } = failure;
    if (failure.kind !== "orphans" || !place.deployed(failure.relation)) return [];
    if (preparation.verdict === "ineffective") {
      const removes = !["never", "after", "refused"].includes(preparation.why);
      const stays = split && removes && !transactions.some(({ explicit }) => explicit);
      return [{ failure, flaw: "ineffective", preparation, stays }];
    }
    if (preparation.verdict !== "done" || !preparation.by || preparation.how !== "delete") return [];
    if (operation.kind !== "addForeignKey" || !split) return [];
    const { by } = preparation;
    const own = transactions[place.statement.index]?.id != null || operation.body;
    return by.file === migration.file && own ? [] : [{ failure, flaw: "window", by }];
  });
}

/** Why the cleanup leaves orphans, as the rest of "The cleanup of comments.post_id leaves orphans: …". */
export function cleanupFlawInWords({ why, detail, certainty }: Flawed): string {
  if (why === "null in NOT IN")
    return `${detail} ${certainty === "sure" ? "can be NULL" : "can be NULL for all that the migrations say"}, and NOT IN over a list with one NULL in it is never true`;
  if (why === "filtered") return `it looks only at rows where ${detail}`;
  if (why === "after") return "it comes after the constraint, which PostgreSQL checks first";
  if (why === "self reference")
    return `${detail} points at itself, so each row that goes makes orphans of the rows below it`;
  if (why === "never") return `it picks no row at all, because ${detail}`;
  return why === "unclear" ? "it is about this key, but which rows it picks cannot be read from it" : detail;
}
