/** lockstep's public interface: what the surfaces, the rules and strangers import. */
import type { BaselineEntry } from "./engine/baseline.ts";
import { type Config, type ConfigFile, resolveConfig } from "./engine/config.ts";
import type { CheckResult } from "./engine/result.ts";
import type { AnyRule } from "./engine/rule.ts";
import { run } from "./engine/run.ts";
import type { Evidence } from "./evidence/evidence.ts";
import type { History } from "./source/history.ts";
import type { Reader } from "./sql/statement.ts";

export interface CheckInput {
  readonly histories: readonly History[];
  readonly rules: readonly AnyRule[];
  /** As a configuration file has it, or resolved already. */
  readonly config?: ConfigFile | Config;
  readonly evidence?: Evidence;
  /** `one` (default): the pending migrations go out together; `each`: every migration is a deployment of its own. */
  readonly deployments?: "one" | "each";
  readonly baseline?: readonly BaselineEntry[];
  readonly tool?: CheckResult["tool"];
}

const DEFAULT_POSTGRES = 17;

/** Checks histories: texts in, findings and effects out. Reads nothing but its input. Rejects only for a bug. */
export async function check(input: CheckInput): Promise<CheckResult> {
  const config = isResolved(input.config) ? input.config : resolveConfig(input.config, input.rules);
  const reader = await loadReader(config.parser);
  const evidence: Evidence = {
    ...input.evidence,
    execution: config.execution
      ? { mode: config.execution, because: "the configuration" }
      : (input.evidence?.execution ?? { mode: "unknown", because: "no Prisma version is known" }),
    postgres: config.postgres
      ? { version: config.postgres, because: "the configuration" }
      : (input.evidence?.postgres ?? { version: DEFAULT_POSTGRES, because: "the default" }),
  };
  return run({
    histories: input.histories,
    rules: input.rules,
    config,
    evidence,
    reader,
    deployments: input.deployments ?? "one",
    baseline: input.baseline,
    tool: input.tool ?? { name: "lockstep", version: "0.0.0" },
  });
}

const isResolved = (config: ConfigFile | Config | undefined): config is Config =>
  config !== undefined && "rules" in config && config.rules instanceof Map;

/** The reader by its name, loaded: after that it reads synchronously. */
export async function loadReader(name: "postgres" | "portable"): Promise<Reader> {
  const reader =
    name === "portable"
      ? (await import("./sql/portable/read.ts")).portableReader
      : (await import("./sql/postgres/read.ts")).postgresReader;
  await reader.load();
  return reader;
}

export { defineConfig, resolveConfig } from "./engine/config.ts";
export type { Config, ConfigFile } from "./engine/config.ts";
export type { Edit, Finding, Fix, FixSafety, Related, Severity, Suppression } from "./engine/finding.ts";
export {
  type FixPlace,
  addsStatements,
  afterWord,
  concurrently,
  insertBefore,
  lineBreak,
  notValid,
  runsAlone,
} from "./engine/edits.ts";
export type {
  CheckResult,
  CheckedHistory,
  CheckedMigration,
  CheckedStatement,
  Coverage,
  ExecutionMode,
} from "./engine/result.ts";
export {
  copyFolder,
  conflictPlace,
  divergenceIn,
  duplicatePairs,
  moveBehind,
  namesOf,
  orderSeen,
  placeOf,
  statementPlace,
} from "./engine/divergence.ts";
export { orphanFixes } from "./engine/orphan-fixes.ts";
export { defineRule } from "./engine/rule.ts";
export type {
  AnyRule,
  Category,
  HeldLock,
  HistoryContext,
  HistoryView,
  MigrationContext,
  OperationContext,
  Report,
  Rule,
  RuleContext,
  StatementContext,
} from "./engine/rule.ts";
export type { BranchRole } from "./evidence/git/roles.ts";
export { isLasting } from "./evidence/git/roles.ts";
export type {
  BranchComparison,
  ComparedBranch,
  Divergence,
  HistoryDivergence,
} from "./evidence/branches/divergence.ts";
export type { Evidence, EvidenceKind } from "./evidence/evidence.ts";
export { prismaCommand, shellWord } from "./advice/prisma.ts";
export type {
  CatalogDifference,
  Cleanup,
  LostData,
  MigrationFailure,
  Rehearsal,
  RehearsalRun,
  RehearsedDown,
  RehearsedMigration,
  RehearsedStatement,
  Trial,
} from "./evidence/rehearsal.ts";
export {
  type Birth,
  type Catalog,
  type Column,
  type Constraint,
  type Index,
  type Relation,
  type UserType,
  assumed,
  column,
  foreignKeys,
  indexesOf,
  isUnique,
  objectName,
  primaryKey,
  referencing,
  relation,
  resolve,
  resolveType,
  typeOf,
  viewsOn,
} from "./model/catalog.ts";
export { sameColumns } from "./model/apply/constraints.ts";
export type { Difference } from "./model/differences.ts";
export { type Contradiction, contradiction } from "./model/contradictions.ts";
export {
  type Copy,
  type Followed,
  copyOfColumn,
  copyOfRows,
  dropOf,
  dropOfColumn,
  follow,
  replacedColumn,
  replacedTable,
  staysUnique,
} from "./model/deployment.ts";
export type { BranchDivergence, DivergenceFact, DivergingMigration } from "./model/divergence/index.ts";
export { orderConflicts } from "./model/divergence/conflicts.ts";
export type { MissingPort } from "./model/divergence/ports.ts";
export type { DownResult } from "./model/down.ts";
export type {
  Break,
  Certainty,
  Effects,
  Failure,
  Lock,
  LockMode,
  Loss,
  Place,
  Preparation,
  PreparationFlaw,
  RelationId,
  TooBroad,
  Work,
} from "./model/effects.ts";
export { LOCKS, blocksReads, blocksWrites, sqlMode, strength } from "./model/postgres/locks.ts";
export type { OrderConflict, OrderedStatement } from "./model/order/index.ts";
export { conflictInWords, objectInWords, ordersInWords, statementInWords } from "./model/order/sentences.ts";
export { milliseconds } from "./model/postgres/settings.ts";
export { type TransactionBlockRow, refusedInTransaction } from "./model/postgres/transaction-block.ts";
export { mentionedColumns, queryTables, sources } from "./model/queries.ts";
export { orphanCount, orphanPredicate } from "./model/predict/constraints.ts";
export { type OrphanRepair, orphanRepairs } from "./model/repairs.ts";
export {
  type Around,
  type ColumnPair,
  type TablePair,
  recreatedTable,
  renamedColumn,
  renamedTable,
  retypedColumn,
} from "./model/renames.ts";
export { printed, relationName, relationSql, typeSql } from "./model/sql.ts";
export { type Membership, control, settingAt, surelySplit, unsplittable } from "./model/transactions.ts";
export type { MigrationView, NextStep, Step } from "./model/walk.ts";
export type { History, MigrationSource, MigrationState, SourceProblem } from "./source/history.ts";
export { memoryHistory } from "./source/memory.ts";
export { type Position, type Range, type SourceFile, lineText, position } from "./source/text.ts";
export type { Change, Expression, Name, Query, Source, TypeName } from "./sql/expression.ts";
export { quoted, sqlName } from "./sql/names.ts";
export type { ColumnDefinition, ForeignKey, Operation, OperationKind, OperationOf } from "./sql/operation.ts";
export type { Comment, Reader, Script, Statement } from "./sql/statement.ts";
