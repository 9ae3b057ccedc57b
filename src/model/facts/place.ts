import type { LockMode } from "../../sql/lock-modes.ts";
import type { Statement } from "../../sql/statement.ts";
import type { RelationId } from "../effects.ts";
import type { Membership } from "../transactions.ts";
import type { Step, WalkPlace } from "../step.ts";

/** Where a fact is asked for: an operation's effects, the schema before it, and the deployment around it. A handler's context is one. */
export type StepPlace = WalkPlace & Pick<Step, "effects">;

/** The same for a statement, whose steps have been applied. A handler's context is one. */
export interface StatementPlace extends WalkPlace {
  readonly steps: readonly Step[];
  readonly transactions: readonly Membership[];
  /** How the file is sent. */
  readonly execution: "batch" | "split";
  /** Locks that earlier statements of the same transaction still hold. */
  readonly held: ReadonlyMap<RelationId, { readonly mode: LockMode; readonly statement: Statement }>;
}
