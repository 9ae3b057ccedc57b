/** lockstep's public interface: to check histories, and to write rules of one's own. What our own rules use besides is in rule-kit.ts. */
import { type CheckInput, checkSync, configOf } from "./engine/check.ts";
import type { CheckResult } from "./engine/result.ts";
import { loadReader } from "./sql/readers.ts";

/** Checks histories: texts in, findings and effects out. Reads nothing but its input. Rejects only for a bug. */
export async function check(input: CheckInput): Promise<CheckResult> {
  const reader = input.reader ?? (await loadReader(configOf(input).parser));
  return checkSync({ ...input, reader });
}

export type { CheckInput } from "./engine/check.ts";
export { defineConfig } from "./engine/config.ts";
export type { ConfigFile } from "./engine/config.ts";
export type { Finding, Fix, Severity } from "./engine/finding.ts";
export type { CheckResult } from "./engine/result.ts";
export { defineRule } from "./engine/rule.ts";
export type {
  AnyRule,
  Category,
  HistoryContext,
  HistoryView,
  MigrationContext,
  OperationContext,
  Plugin,
  Report,
  Rule,
  StatementContext,
} from "./engine/rule.ts";
export type { Evidence } from "./evidence/evidence.ts";
export { type Catalog, type Column, type Constraint, type Relation, resolve } from "./model/catalog.ts";
export type { Effects, Failure, Lock, Loss, RelationId } from "./model/effects.ts";
export { relationName, relationSql } from "./sql/names.ts";
export type { LockMode } from "./sql/lock-modes.ts";
export type { MigrationView, Step } from "./model/step.ts";
export type { History } from "./source/history.ts";
export { memoryHistory } from "./source/memory.ts";
export type { Range, SourceFile } from "./source/text.ts";
export type { Expression } from "./sql/expression.ts";
export { quoted } from "./sql/names.ts";
export type { Operation, OperationOf } from "./sql/operation/index.ts";
export type { Statement } from "./sql/statement.ts";
