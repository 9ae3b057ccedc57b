import type { Range, SourceFile } from "../source/text.ts";
import type { Operation, OperationKind, OperationOf } from "../sql/operation.ts";
import type { Statement } from "../sql/statement.ts";
import type { Catalog } from "../model/catalog.ts";
import type { DownResult } from "../model/down.ts";
import type { Effects, LockMode, RelationId } from "../model/effects.ts";
import type { Membership } from "../model/transactions.ts";
import type { MigrationView, NextStep, Step } from "../model/walk.ts";
import type { Evidence, EvidenceKind } from "../evidence/evidence.ts";
import type { Fix, Related, Severity } from "./finding.ts";

export type Category =
  | "integrity"
  | "destructive"
  | "reversibility"
  | "locking"
  | "transactions"
  | "compatibility"
  | "history"
  | "divergence"
  | "schema";

/** What a handler is given besides the thing that it handles. */
export interface RuleContext<Options, MessageId extends string> {
  readonly options: Readonly<Options>;
  readonly postgres: number;
  readonly evidence: Evidence;
  readonly migration: MigrationView;
  /** How the file is sent. Where that is unknown a rule is asked for both, and what holds in one alone is said so. */
  readonly execution: "batch" | "split";
  /** For each statement of the migration, the transaction that it runs in. */
  readonly transactions: readonly Membership[];
  /** The schema just before this operation (in `statement` and `migration` handlers: after it). */
  readonly catalog: Catalog;
  /** Whether rows and running code can be there: false for what the pending set itself creates. */
  deployed(relation: RelationId): boolean;
  report(report: Report<MessageId>): void;
}

/** In handlers of operations and statements there is the walk around them too. */
export interface WalkContext<Options, MessageId extends string> extends RuleContext<Options, MessageId> {
  /** Of the operation alone, in a `statement` handler of all its operations together. */
  readonly effects: Effects;
  /** Steps of the same deployment before this statement or operation, oldest first. */
  readonly before: readonly Step[];
  /** Operations that follow in the same deployment. */
  after(): readonly NextStep[];
  /** Operations that follow in the whole history, whatever the deployment. */
  later(): readonly NextStep[];
  /** Locks that earlier statements of the same transaction still hold. */
  readonly held: ReadonlyMap<RelationId, HeldLock>;
}

export interface OperationContext<Options, MessageId extends string> extends WalkContext<Options, MessageId> {
  readonly statement: Statement;
}

export interface StatementContext<Options, MessageId extends string> extends WalkContext<Options, MessageId> {
  /** Its operations with the effects of each. */
  readonly steps: readonly Step[];
}

export interface MigrationContext<Options, MessageId extends string> extends RuleContext<Options, MessageId> {
  /** All operations of the migration with their effects. */
  readonly steps: readonly Step[];
  /** What down.sql does to the schema that the migration leaves; undefined without one. */
  readonly down: DownResult | undefined;
}

/** One migrations directory, after its last migration. */
export interface HistoryView {
  readonly root: string;
  /** In the order in which Prisma would apply them, deployed ones included. */
  readonly migrations: readonly MigrationView[];
}

export interface HistoryContext<Options, MessageId extends string> {
  readonly options: Readonly<Options>;
  readonly postgres: number;
  readonly evidence: Evidence;
  /** A report names its file: a migration's own, of whatever state. */
  report(report: Report<MessageId> & { readonly file: SourceFile }): void;
}

export interface HeldLock {
  readonly mode: LockMode;
  readonly statement: Statement;
}

export interface Report<MessageId extends string> {
  readonly at: Range | { readonly range: Range };
  /** Where the finding is not in migration.sql: down.sql. */
  readonly file?: SourceFile;
  readonly message: MessageId;
  readonly data?: Readonly<Record<string, string | number>>;
  readonly objects?: readonly string[];
  /** Replaces the rule's own help where the case at hand needs other words. Same placeholders as the message. */
  readonly help?: string;
  /** It hangs on a detail that the text does not say: reported as "may", one severity lower. */
  readonly maybe?: boolean;
  /** One severity of its own, where the hazard at hand is another than the rule's usual one. */
  readonly severity?: Severity | undefined;
  readonly queries?: readonly { readonly title: string; readonly sql: string }[];
  readonly related?: readonly Related[];
  readonly fixes?: readonly Fix[];
  /** What was seen of it in a rehearsal: one sentence or more. */
  readonly rehearsed?: string;
  /** Lines for a POSIX shell that do what the help says. */
  readonly commands?: readonly string[];
}

export type Handlers<Options, MessageId extends string> = {
  readonly [K in OperationKind]?: (operation: OperationOf<K>, context: OperationContext<Options, MessageId>) => void;
} & {
  /** Every operation, for rules that read effects and nothing else. */
  readonly operation?: (operation: Operation, context: OperationContext<Options, MessageId>) => void;
  readonly statement?: (statement: Statement, context: StatementContext<Options, MessageId>) => void;
  /** Once for each pending migration, after its last statement. */
  readonly migration?: (migration: MigrationView, context: MigrationContext<Options, MessageId>) => void;
  /** Once for each history, after its last migration, whether any is pending or not. */
  readonly history?: (history: HistoryView, context: HistoryContext<Options, MessageId>) => void;
};

export interface Rule<Options extends object = object, MessageId extends string = string> {
  /** Names the hazard: it reads after "ignore". Also the name of its file, page and fixture folder. */
  readonly id: string;
  /** One line, without a full stop. */
  readonly title: string;
  readonly category: Category;
  /** In the preset `recommended`; "off" leaves it to `all`. */
  readonly severity: Severity | "off";
  /** In the preset `hotfix`, where it differs. */
  readonly hotfix?: Severity;
  readonly since: string;
  /** What happens, one sentence or two. `{name}` is filled from `data`. */
  readonly messages: Readonly<Record<MessageId, string>>;
  /** What to do. */
  readonly help: string;
  readonly postgres?: { readonly from?: number; readonly to?: number };
  /** Without this evidence the rule does not run, and the report says so. */
  readonly needs?: readonly EvidenceKind[];
  /** JSON schema of an object, with defaults: the config schema is made of these. */
  readonly options?: { readonly schema: OptionsSchema; readonly default: Options };
  /** Options that the preset `hotfix` sets otherwise. */
  readonly hotfixOptions?: Partial<Options>;
  readonly fixable?: "safe" | "unsafe" | "display";
  readonly on: Handlers<Options, MessageId>;
}

export interface OptionsSchema {
  readonly type: "object";
  readonly additionalProperties: false;
  readonly properties: Readonly<Record<string, { readonly description: string } & Readonly<Record<string, unknown>>>>;
}

/** The list type: rules of any options and messages together. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyRule = Rule<any, any>;

/** Types a rule: a wrong message id, handler name or field of an operation is a compile error. Returns its argument. */
export function defineRule<const MessageId extends string, Options extends object = Record<never, never>>(
  rule: Rule<Options, MessageId>,
): Rule<Options, MessageId> {
  return rule;
}
