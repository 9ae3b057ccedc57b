import type { MigrationSource } from "../source/history.ts";
import type { SourceFile } from "../source/text.ts";
import type { Operation } from "../sql/operation/index.ts";
import type { Comment, Script, Statement, SyntaxError } from "../sql/statement.ts";
import type { Catalog, MadeId } from "./catalog.ts";
import type { Effects, RelationId } from "./effects.ts";
import type { ExecutionMode } from "./transactions.ts";

/** What rules may know of a migration. */
export interface MigrationView {
  readonly id: string;
  readonly path: string;
  readonly file: SourceFile;
  readonly down?: SourceFile | undefined;
  readonly state: MigrationSource["state"];
  readonly execution: ExecutionMode;
  readonly statements: readonly Statement[];
  readonly comments: readonly Comment[];
  readonly errors: readonly SyntaxError[];
  readonly gaps: Script["gaps"];
}

/** One operation in the walk over the pending set. */
export interface Step {
  readonly migration: MigrationView;
  readonly statement: Statement;
  readonly operation: Operation;
  /** What the functions that it calls do, as their bodies were when it ran; absent where it calls none that is read. */
  readonly called?: readonly Operation[];
  readonly effects: Effects;
  /** Of the relations in its effects, those that were deployed when it ran: a table that it drops can be made again after it. */
  readonly deployed: ReadonlySet<RelationId>;
}

/** An operation that is still to come in the deployment. */
export type NextStep = Omit<Step, "effects" | "deployed" | "called">;

export interface WalkPlace {
  readonly migration: MigrationView;
  readonly catalog: Catalog;
  /** Steps of the current deployment so far, those of the same statement included. */
  readonly before: readonly Step[];
  /** Operations that follow in the same deployment. */
  after(): readonly NextStep[];
  /** Operations that follow in the whole history, whatever the deployment. */
  later(): readonly NextStep[];
  /**
   * Whether rows and running code can be there: of a relation (sequences are relations), a type or a function. Of a relation that the
   * migration has changed it stays what it was before; of the others it is what the catalog says.
   */
  deployed(id: MadeId): boolean;
}

/** The place in a walk that has come past all that was deployed before. */
export interface HistoryPlace extends WalkPlace {
  /** Operations of the deployments before the current one, oldest first. */
  earlier(): readonly NextStep[];
}
