import type { SourceFile, Range } from "../source/text.ts";
import type { MigrationState, SourceProblem } from "../source/history.ts";
import type { Comment } from "../sql/statement.ts";
import type { Operation } from "../sql/operation/index.ts";
import type { Crash } from "../model/crash.ts";
import type { Effects } from "../model/effects.ts";
import type { ExecutionMode } from "../model/transactions.ts";
import type { Finding } from "./finding.ts";
import type { AnyRule } from "./rule.ts";
import type { Sizes } from "./sizes.ts";
import type { Evidence } from "../evidence/evidence.ts";

export interface CheckedStatement {
  readonly index: number;
  readonly range: Range;
  readonly operations: readonly Operation[];
  /** Statements of a migration with the same number share a transaction; null is autocommit. In unknown execution: as batch would have it. */
  readonly transaction: number | null;
  /** Merged over its operations. */
  readonly effects: Effects;
  /** Relations of `effects` that hold rows and users when the migration is deployed: not born in the pending set. */
  readonly deployed: ReadonlySet<string>;
}

export interface CheckedMigration {
  readonly id: string;
  /** The folder. */
  readonly path: string;
  readonly file?: SourceFile | undefined;
  readonly down?: SourceFile | undefined;
  readonly state: MigrationState;
  readonly execution: ExecutionMode;
  readonly statements: readonly CheckedStatement[];
  readonly comments: readonly Comment[];
}

export interface CheckedHistory {
  readonly root: string;
  readonly provider: string;
  readonly problems: readonly SourceProblem[];
  readonly migrations: readonly CheckedMigration[];
}

export interface Coverage {
  readonly files: number;
  readonly statements: number;
  /** Statements without a syntax error, a gap or an opaque operation. */
  readonly understood: number;
  readonly notUnderstood: readonly { readonly file: SourceFile; readonly range: Range; readonly why: string }[];
  /** Rules that did not run because their evidence is absent. */
  readonly rulesNotRun: readonly {
    readonly rule: string;
    readonly needs: string /** Why it is absent though it was asked for, as a sentence. */;
    readonly because?: string | undefined;
  }[];
}

export interface CheckResult {
  readonly tool: { readonly name: string; readonly version: string };
  readonly postgres: number;
  readonly evidence: Evidence;
  readonly histories: readonly CheckedHistory[];
  /** Sorted by file order, then range, then rule. Suppressed ones stay in, marked. */
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  /** How big the tables are, where statistics or the configuration say so. */
  readonly sizes?: Sizes;
  /** Bugs that were met, of lockstep or of a rule: what they left unchecked is not understood, all else was checked. */
  readonly crashes: readonly Crash[];
  /** The rules that ran, for SARIF's metadata and the help. */
  readonly rules: readonly AnyRule[];
}
