import type { Range, SourceFile } from "../source/text.ts";
import type { Operation, OperationKind, OperationOf } from "../sql/operation/index.ts";
import type { Statement } from "../sql/statement.ts";
import type { Catalog } from "../model/catalog.ts";
import type { DownResult } from "../model/down.ts";
import type { Effects, RelationId } from "../model/effects.ts";
import type { LockMode } from "../sql/lock-modes.ts";
import type { Membership } from "../model/transactions.ts";
import type { MigrationView, NextStep, Step, WalkPlace } from "../model/step.ts";
import type { Evidence, EvidenceKind } from "../evidence/evidence.ts";
import type { DivergenceDetail, Fix, Related, Severity } from "./finding.ts";
import type { Filled, Only } from "./placeholders.ts";

export const CATEGORIES = [
  "integrity",
  "destructive",
  "reversibility",
  "locking",
  "transactions",
  "compatibility",
  "history",
  "divergence",
  "schema",
  "security",
] as const;
export type Category = (typeof CATEGORIES)[number];

/** Where a handler is called: what it knows besides the thing that it handles. */
interface RuleContext {
  readonly postgres: number;
  readonly evidence: Evidence;
  readonly migration: MigrationView;
  /** How the file is sent. Where that is unknown a rule is asked for both, and what holds in one alone is said so. */
  readonly execution: "batch" | "split";
  /** For each statement of the migration, the transaction that it runs in. */
  readonly transactions: readonly Membership[];
  /** The schema just before this operation (in `statement` and `migration` handlers: after it). */
  readonly catalog: Catalog;
  /** Whether rows and running code can be there: false for what the pending set itself creates. Of relations, sequences, types and functions. */
  deployed: WalkPlace["deployed"];
}

/** In handlers of operations and statements there is the walk around them too. */
interface WalkContext extends RuleContext {
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

export interface OperationContext extends WalkContext {
  readonly statement: Statement;
}

export interface StatementContext extends WalkContext {
  /** Its operations with the effects of each. */
  readonly steps: readonly Step[];
}

export interface MigrationContext extends RuleContext {
  /** All operations of the migration with their effects. */
  readonly steps: readonly Step[];
  /** The migrations directory that it is in. */
  readonly history: HistoryView;
  /** What down.sql does to the schema that the migration leaves; undefined without one. */
  readonly down: DownResult | undefined;
}

/** One migrations directory, after its last migration. */
export interface HistoryView {
  readonly root: string;
  /** In the order in which Prisma would apply them, deployed ones included. */
  readonly migrations: readonly MigrationView[];
}

export interface HistoryContext {
  readonly postgres: number;
  readonly evidence: Evidence;
}

export interface HeldLock {
  readonly mode: LockMode;
  readonly statement: Statement;
}

export interface Report<MessageId extends string = string> {
  readonly at: Range | { readonly range: Range };
  /** Where the finding is not in migration.sql: down.sql. */
  readonly file?: SourceFile;
  readonly message: MessageId;
  /** A value for each `{name}` in the message and in the help that goes with it. `{sqlstate}` is what the statement itself fails with. */
  readonly data?: Readonly<Record<string, string | number>>;
  readonly objects?: readonly string[];
  /** Of a rule that depends on size: the tables that decide, where they are not those of `objects`. With none of them, size does not matter. */
  readonly sizes?: readonly RelationId[];
  /** Replaces the rule's own help where the case at hand needs other words. A constant too: what varies is in `data`. */
  readonly help?: string;
  /** What it depends on that the text does not say, as a clause ("whether that branch runs"): told, and one severity lower. */
  readonly maybe?: string | false | undefined;
  /** One severity of its own, where the hazard at hand is another than the rule's usual one. */
  readonly severity?: Severity | undefined;
  readonly queries?: readonly { readonly title: string; readonly sql: string }[];
  readonly related?: readonly Related[];
  readonly fixes?: readonly Fix[];
  /** It is one decision for the whole project: said of the first migration, and information for those after it. */
  readonly oncePerRun?: boolean;
  /** What was seen of it in a rehearsal: one sentence or more. */
  readonly rehearsed?: string;
  /** Lines for a POSIX shell that do what the help says. */
  readonly commands?: readonly string[];
  /** Of rules of the group divergence, as data. */
  readonly divergence?: DivergenceDetail;
}

/** A rule's messages by their ids: what happens, in a sentence or two. */
export type Messages = Readonly<Record<string, string>>;

/** What a handler is given to say what it found. */
interface Reporter<Options, Texts extends Messages, Help extends string, Shape = unknown> {
  readonly options: Readonly<Options>;
  report<const Given extends Report<keyof Texts & string> & Shape>(
    report: Given & Filled<Given, Texts, Help> & Only<Given, keyof Report>,
  ): void;
}

export type Handlers<Options, Texts extends Messages, Help extends string> = {
  readonly [K in OperationKind]?: (
    operation: OperationOf<K>,
    context: OperationContext & Reporter<Options, Texts, Help>,
  ) => void;
} & {
  /** Every operation, for rules that read effects and nothing else. */
  readonly operation?: (operation: Operation, context: OperationContext & Reporter<Options, Texts, Help>) => void;
  readonly statement?: (statement: Statement, context: StatementContext & Reporter<Options, Texts, Help>) => void;
  /** Once for each pending migration, after its last statement. */
  readonly migration?: (migration: MigrationView, context: MigrationContext & Reporter<Options, Texts, Help>) => void;
  /** Once for each history, after its last migration, whether any is pending or not. A report names its file: a migration's own, of whatever state. */
  readonly history?: (
    history: HistoryView,
    context: HistoryContext & Reporter<Options, Texts, Help, { readonly file: SourceFile }>,
  ) => void;
};

export interface Rule<
  Options extends object = object,
  Texts extends Messages = Messages,
  Help extends string = string,
> {
  /** Names the hazard: it reads after "ignore". Also the name of its file, page and fixture folder. */
  readonly id: string;
  /** One line, without a full stop. */
  readonly title: string;
  readonly category: Category;
  /** In the preset `recommended`; "off" leaves it to `all`. */
  readonly severity: Severity | "off";
  /** In the preset `hotfix`, where it differs. */
  readonly hotfix?: Severity;
  /** The version that brought it. */
  readonly since?: string;
  /** What happens, one sentence or two. `{name}` is filled from `data`. */
  readonly messages: Texts;
  /** What to do, with placeholders as in `messages`. */
  readonly help: Help;
  readonly postgres?: { readonly from?: number; readonly to?: number };
  /**
   * How bad it is grows with the tables that a finding is about, of all its messages or of those that are named: on small tables it is
   * information, of others it says how big they are.
   */
  readonly dependsOnSize?: true | readonly (keyof Texts & string)[];
  /** It is about rows that a statement would fail on, and pg_stats has a share of such rows. */
  readonly failsOn?: "nulls" | "duplicates";
  /** Without this evidence the rule does not run, and the report says so. */
  readonly needs?: readonly EvidenceKind[];
  /** JSON schema of an object, with defaults: the config schema is made of these. */
  readonly options?: { readonly schema: OptionsSchema; readonly default: Options };
  /** Options that the preset `hotfix` sets otherwise. */
  readonly hotfixOptions?: Partial<Options>;
  readonly fixable?: "safe" | "unsafe" | "display";
  /**
   * The page of a rule of one's own: a file beside it, new URL("./its-id.md", import.meta.url), an https address, or the text itself, in
   * Markdown. Our own rules have theirs in their folder.
   */
  readonly docs?: URL | string;
  readonly on: Handlers<Options, Texts, Help>;
}

export interface OptionsSchema {
  readonly type: "object";
  readonly additionalProperties: false;
  readonly properties: Readonly<Record<string, { readonly description: string } & Readonly<Record<string, unknown>>>>;
}

/** The list type: rules of any options and messages together. */
/* eslint-disable @typescript-eslint/no-explicit-any */
export type AnyRule = Omit<Rule<any>, "on"> & { readonly on: Handlers<any, any, any> };
/* eslint-enable @typescript-eslint/no-explicit-any */

/** Rules of one's own, as a module exports them. */
export interface Plugin {
  /** For messages; without it what the configuration calls the module. */
  readonly name?: string;
  readonly rules: readonly AnyRule[];
}

/**
 * Types a rule: a wrong message id, handler name or field of an operation is a compile error, and so is a placeholder without its value
 * or a value without its placeholder. Returns its argument.
 */
export function defineRule<
  const Texts extends Messages,
  const Help extends string,
  Options extends object = Record<never, never>,
>(rule: Rule<Options, Texts, Help>): Rule<Options, Texts, Help> {
  return rule;
}
