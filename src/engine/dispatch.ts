import type { Evidence } from "../evidence/evidence.ts";
import type { SourceFile } from "../source/text.ts";
import type { Effects, RelationId } from "../model/effects.ts";
import type { Crashed } from "../model/crash.ts";
import type { DownResult } from "../model/down.ts";
import { strength } from "../model/postgres/locks.ts";
import { type Membership, transactions, type ExecutionMode } from "../model/transactions.ts";
import type { MigrationView, Step, WalkPlace } from "../model/step.ts";
import type { Statement } from "../sql/statement.ts";
import { type Config, type Enabled, enabled } from "./config.ts";
import type { Reported } from "./report.ts";
import type { Coverage } from "./result.ts";
import type { AnyRule, HeldLock, HistoryView, Report } from "./rule.ts";

/** A rule that runs, and how. */
export interface RunningRule {
  readonly rule: AnyRule;
  readonly enabled: Enabled;
}

/** The rules that run: switched on, for this PostgreSQL, with their evidence there. */
export function applicable(
  rules: readonly AnyRule[],
  config: Config,
  evidence: Evidence,
  postgres: number,
): { readonly active: RunningRule[]; readonly notRun: Coverage["rulesNotRun"] } {
  const active: RunningRule[] = [];
  const notRun: { rule: string; needs: string; because?: string | undefined }[] = [];
  for (const rule of rules) {
    const how = enabled(rule, config);
    if (!how) continue;
    if (postgres < (rule.postgres?.from ?? 0) || postgres > (rule.postgres?.to ?? Infinity)) continue;
    const missing = rule.needs?.find((kind) => !(kind in evidence) || evidence[kind as keyof Evidence] === undefined);
    const because = missing && evidence.unavailable?.[missing];
    if (missing) notRun.push({ rule: rule.id, needs: missing, because });
    else active.push({ rule, enabled: how });
  }
  return { active, notRun };
}

interface RunnerOptions {
  readonly evidence: Evidence;
  readonly postgres: number;
  readonly execution: ExecutionMode;
  readonly history: HistoryView;
  found(reported: Reported): void;
  /** A rule threw. Without it the exception goes on. */
  crashed?: Crashed;
}

/** One execution mode's view of the migration at hand. */
interface Mode {
  readonly execution: "batch" | "split";
  memberships: readonly Membership[];
  held: Map<RelationId, HeldLock>;
  transaction: number | null;
  reports: Reported[];
  readonly report: (report: Report) => void;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Handler = (subject: any, context: any) => void;

/** What a handler is given beside its subject. */
type Context = { options: object } & Record<string, unknown>;

interface Called {
  readonly ran: RunningRule;
  readonly handler: Handler;
}

/** Shows the walk to the rules. Where the execution mode is unknown each handler is called for both, and what only one of them finds is marked. */
export function ruleRunner(active: readonly RunningRule[], options: RunnerOptions) {
  const handlers = new Map<string, Called[]>();
  for (const ran of active) {
    for (const [kind, handler] of Object.entries(ran.rule.on))
      handlers.set(kind, [...(handlers.get(kind) ?? []), { ran, handler: handler as Handler }]);
  }
  /** Of an operation's kind and of all operations; and of what is no operation. */
  const called = new Map<string, Called[]>();
  const handlersOf = (kind: string, all?: "operation") => {
    let found = called.get(kind);
    if (!found) {
      found = [...(handlers.get(kind) ?? []), ...((all && handlers.get(all)) ?? [])];
      called.set(kind, found);
    }
    return found;
  };
  const executions: ("batch" | "split")[] = options.execution === "unknown" ? ["batch", "split"] : [options.execution];
  const modes = executions.map((execution): Mode => {
    const mode: Mode = {
      execution,
      memberships: [],
      held: new Map(),
      transaction: null,
      reports: [],
      report: (given) => {
        report(mode, given);
      },
    };
    return mode;
  });
  /** Whose handler runs, and over which statement. */
  let ran: RunningRule;
  let at: Statement | undefined;
  let during: Effects | undefined;
  let current: MigrationView;
  const seen: MigrationView[] = [];
  let steps: Step[] = [];
  /** By rule, the migration whose report says it for all. */
  const told = new Map<string, string>();

  /** A report about an earlier statement, of this migration or another, belongs to that one. */
  const elsewhere = (report: Report): Pick<Reported, "report"> & Partial<Reported> => {
    const { file, ...rest } = report;
    const migration = file && seen.find((each) => each.file === file);
    if (!migration) return { report };
    const { start } = "range" in report.at ? report.at.range : report.at;
    const statement = migration.statements.find(({ range }) => range.start <= start && start < range.end);
    return {
      file: migration.file,
      migration: migration.id,
      ...(statement && { statement: statement.index }),
      report: rest,
    };
  };
  /** One bad rule does not keep the others from the statement. */
  const crashed = ({ rule }: RunningRule, statement: Statement | undefined, error: unknown) => {
    if (!options.crashed) throw error;
    options.crashed({ file: current.file, migration: current.id, statement, rule: rule.id, error });
  };
  const report = (mode: Mode, { oncePerRun, ...given }: Report) => {
    const { rule, enabled: how } = ran;
    if (oncePerRun && !told.has(rule.id)) told.set(rule.id, current.id);
    const one = oncePerRun && told.get(rule.id) !== current.id ? { ...given, severity: "info" as const } : given;
    mode.reports.push({
      rule,
      severity: how.severity,
      explicit: how.explicit,
      file: current.file,
      migration: current.id,
      ...(at && { statement: at.index }),
      effects: during,
      ...elsewhere(one),
    });
  };
  /** One context for each mode serves all rules of a call: handlers are synchronous and do not keep it. */
  const call = (
    all: readonly Called[],
    subject: unknown,
    statement: Statement | undefined,
    contextOf: (mode: Mode) => Context,
  ) => {
    if (all.length === 0) return;
    at = statement;
    for (const mode of modes) {
      const context = contextOf(mode);
      for (const each of all) {
        ran = each.ran;
        context.options = ran.enabled.options;
        try {
          each.handler(subject, context);
        } catch (error) {
          crashed(each.ran, statement, error);
        }
      }
    }
  };
  const everywhere = (mode: Mode): Context => ({
    options: {},
    postgres: options.postgres,
    evidence: options.evidence,
    migration: current,
    execution: mode.execution,
    transactions: mode.memberships,
    report: mode.report,
  });
  /** Filled in one by one: a copy for each handler call is a tenth of a whole check. */
  const around = (mode: Mode, place: WalkPlace): Context => {
    const context = everywhere(mode);
    context.catalog = place.catalog;
    context.deployed = place.deployed;
    context.after = place.after;
    context.later = place.later;
    context.held = mode.held;
    return context;
  };
  /** Locks of another transaction are gone. */
  const enter = (statement: Statement) => {
    for (const mode of modes) {
      const { id } = mode.memberships[position(statement)] ?? { id: null };
      if (id === null || id !== mode.transaction) mode.held = new Map();
      mode.transaction = id;
    }
  };
  const position = (statement: Statement) => statement.index;

  return {
    begin(migration: MigrationView) {
      current = migration;
      seen.push(migration);
      steps = [];
      for (const mode of modes)
        Object.assign(mode, {
          memberships: transactions(migration.statements, mode.execution),
          held: new Map(),
          transaction: null,
          reports: [],
        });
    },
    membership: (statement: Statement): Membership =>
      modes[0]?.memberships[position(statement)] ?? { id: null, explicit: false },
    operation(step: Step, place: WalkPlace) {
      enter(step.statement);
      steps.push(step);
      during = step.effects;
      call(handlersOf(step.operation.kind, "operation"), step.operation, step.statement, (mode) => {
        const context = around(mode, place);
        context.before = place.before;
        context.statement = step.statement;
        context.effects = step.effects;
        return context;
      });
    },
    statement(statement: Statement, effects: Effects, own: readonly Step[], place: WalkPlace) {
      enter(statement);
      during = effects;
      call(handlersOf("statement"), statement, statement, (mode) => {
        const context = around(mode, place);
        context.effects = effects;
        context.steps = own;
        // Without the statement's own steps; copied only for a rule that looks.
        return Object.defineProperty(context, "before", {
          enumerable: true,
          get: () => place.before.slice(0, place.before.length - own.length),
        });
      });
      for (const mode of modes) {
        for (const lock of effects.locks) {
          const known = mode.held.get(lock.relation);
          if (lock.certainty === "sure" && (!known || strength(lock.mode) > strength(known.mode)))
            mode.held.set(lock.relation, { mode: lock.mode, statement });
        }
      }
    },
    migration(migration: MigrationView, place: WalkPlace, down: DownResult | undefined) {
      during = undefined;
      call(handlersOf("migration"), migration, undefined, (mode) => {
        const context = everywhere(mode);
        context.catalog = place.catalog;
        context.deployed = place.deployed;
        context.steps = steps;
        context.history = options.history;
        context.down = down;
        return context;
      });
      settle(modes, options.found);
    },
    history(history: HistoryView) {
      for (const { ran: each, handler } of handlers.get("history") ?? []) {
        const found = (one: Report & { readonly file: SourceFile }) => {
          const { report: rest, ...place } = elsewhere(one);
          const { severity, explicit } = each.enabled;
          options.found({ rule: each.rule, severity, explicit, file: one.file, ...place, report: rest });
        };
        try {
          handler(history, {
            options: each.enabled.options,
            postgres: options.postgres,
            evidence: options.evidence,
            report: found,
          });
        } catch (error) {
          crashed(each, undefined, error);
        }
      }
    },
  };
}

/** What all modes report once; what one reports alone is marked with it. */
function settle(modes: readonly Mode[], found: (reported: Reported) => void): void {
  const [first, second] = modes;
  if (!first) return;
  if (!second) {
    first.reports.forEach(found);
    return;
  }
  const key = (reported: Reported) => {
    const range = "range" in reported.report.at ? reported.report.at.range : reported.report.at;
    return `${reported.rule.id}:${range.start}:${range.end}:${reported.report.message}:${Object.values(reported.report.data ?? {}).join("\0")}`;
  };
  const inFirst = new Set(first.reports.map(key));
  const inSecond = new Set(second.reports.map(key));
  for (const reported of first.reports)
    found(inSecond.has(key(reported)) ? reported : { ...reported, only: first.execution });
  for (const reported of second.reports)
    if (!inFirst.has(key(reported))) found({ ...reported, only: second.execution });
}
