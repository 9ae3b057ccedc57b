import type { SourceFile } from "../source/text.ts";
import type { Comment, Statement, SyntaxError } from "../sql/statement.ts";
import type { Operation } from "../sql/operation.ts";
import type { ExecutionMode } from "../engine/result.ts";
import type { Effects } from "./effects.ts";
export type { ExecutionMode };

/** What rules may know of a migration. */
export interface MigrationView {
  readonly id: string;
  readonly path: string;
  readonly file: SourceFile;
  readonly down?: SourceFile;
  /** What down.sql holds, read like an up migration; absent where there is no down.sql. */
  readonly execution: ExecutionMode;
  readonly statements: readonly Statement[];
  readonly comments: readonly Comment[];
  readonly errors: readonly SyntaxError[];
}

/** One operation in the walk over the pending set. */
export interface Step {
  readonly migration: MigrationView;
  readonly statement: Statement;
  readonly operation: Operation;
  readonly effects: Effects;
}
