/** lockstep's public interface: to check histories, and to write rules of one's own. What our own rules use besides is in rule-kit.ts. */
import type { BaselineEntry } from "./engine/baseline.ts";
import { type Config, type ConfigFile, resolveConfig } from "./engine/config.ts";
import type { CheckResult } from "./engine/result.ts";
import type { AnyRule } from "./engine/rule.ts";
import { run } from "./engine/run.ts";
import type { Evidence } from "./evidence/evidence.ts";
import type { History } from "./source/history.ts";
import { loadReader } from "./sql/readers.ts";

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
  Report,
  Rule,
  StatementContext,
} from "./engine/rule.ts";
export type { Evidence } from "./evidence/evidence.ts";
export { type Catalog, type Column, type Constraint, type Relation, resolve } from "./model/catalog.ts";
export type { Effects, Failure, Lock, Loss, RelationId } from "./model/effects.ts";
export { relationName, relationSql } from "./model/sql.ts";
export type { LockMode } from "./sql/lock-modes.ts";
export type { MigrationView, Step } from "./model/walk.ts";
export type { History } from "./source/history.ts";
export { memoryHistory } from "./source/memory.ts";
export type { Range, SourceFile } from "./source/text.ts";
export type { Expression } from "./sql/expression.ts";
export { quoted } from "./sql/names.ts";
export type { Operation, OperationOf } from "./sql/operation.ts";
export type { Statement } from "./sql/statement.ts";
