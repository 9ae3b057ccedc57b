import type { History } from "../source/history.ts";
import type { SourceFile } from "../source/text.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { Reader, Statement } from "../sql/statement.ts";
import type { Catalog } from "../model/catalog.ts";
import { copyCatalog } from "../model/apply/catalog.ts";
import type { Crash } from "../model/crash.ts";
import { runDown } from "../model/down.ts";
import { merge } from "../model/predict/index.ts";
import { readHistory, walk } from "../model/walk.ts";
import type { MigrationView } from "../model/step.ts";
import type { BaselineEntry } from "./baseline.ts";
import type { Config } from "./config.ts";
import { type Folded, readUnfolded } from "./fold.ts";
import { type RunningRule, applicable, ruleRunner } from "./dispatch.ts";
import type { Finding } from "./finding.ts";
import type { CheckResult, CheckedHistory, CheckedMigration, CheckedStatement, Coverage } from "./result.ts";
import type { AnyRule } from "./rule.ts";
import {
  type CommentSuppression,
  type SuppressionProblem,
  applySuppressions,
  readSuppressions,
} from "./suppression.ts";
import { confirmed } from "./rehearsal.ts";
import { type Reported, toFinding } from "./report.ts";
import { sized, sizesOf } from "./sizes.ts";

export interface RunInput {
  readonly histories: readonly History[];
  readonly rules: readonly AnyRule[];
  readonly config: Config;
  readonly evidence: Evidence;
  /** Loaded. */
  readonly reader: Reader;
  /** `one`: the pending migrations go out together; `each`: every migration is a deployment of its own. */
  readonly deployments: "one" | "each";
  readonly baseline?: readonly BaselineEntry[] | undefined;
  /** Histories whose leading migrations need not be walked, by their root. */
  readonly folded?: ReadonlyMap<History["root"], Folded>;
  readonly tool: CheckResult["tool"];
}

/**
 * Rules over the model over the texts: the whole check, without a look at the world outside. Of what is folded, and of what is deployed
 * behind the last pending migration then, the result has neither statements nor coverage.
 */
export function run(input: RunInput): CheckResult {
  const { config, evidence } = input;
  const postgres = evidence.postgres.version;
  const execution = evidence.execution.mode;
  const { active, notRun } = applicable(input.rules, config, evidence, postgres);
  const ran = new Set(active.map(({ rule }) => rule.id));
  const findings: Finding[] = [];
  const suppressions: CommentSuppression[] = [];
  const problems: SuppressionProblem[] = [];
  const statements = new Map<string, readonly Statement[]>();
  const histories: CheckedHistory[] = [];
  const coverage: MutableCoverage = { files: 0, statements: 0, understood: 0, notUnderstood: [] };
  const crashes: Crash[] = [];
  /** Those that were not checked in full. */
  const unknown = new Set<Statement>();
  /** Those whose effects are not known. */
  const opaque = new Set<Statement>();
  const crashed = (crash: Crash) => {
    if (crash.statement) unknown.add(crash.statement);
    if (crash.statement && crash.rule === undefined) opaque.add(crash.statement);
    if (!crashes.some((each) => isSame(each, crash))) crashes.push(crash);
  };
  const sizes = sizesOf(config.smallTables, evidence.statistics);
  const found = (reported: Reported): void => {
    const finding = toFinding(reported);
    findings.push(sizes ? sized(finding, reported, sizes) : finding);
  };
  const ruleIds = input.rules.map((rule) => rule.id);

  for (const history of input.histories) {
    const folded = input.folded?.get(history.root);
    folded?.crashes.forEach(crashed);
    const unfolded = folded
      ? readUnfolded(history, folded, input.reader, execution)
      : readHistory(history, input.reader, execution);
    const migrations = folded ? [...folded.migrations, ...unfolded] : unfolded;
    // What is deployed after the last pending migration is walked for the report alone.
    const walked = folded && 1 + unfolded.findLastIndex(({ state }) => state === "pending");
    const checked = new Map<string, CheckedStatement[]>();
    let starting: Catalog | undefined;
    const runner = ruleRunner(active, {
      evidence,
      postgres,
      execution,
      history: { root: history.root, migrations },
      found,
      crashed,
    });
    walk(
      unfolded,
      { postgres, execution, deployments: input.deployments, walked, folded: folded?.migrations },
      {
        crashed,
        begin(migration, catalog) {
          checked.set(migration.id, []);
          starting = migration.state === "pending" && migration.down ? copyCatalog(catalog) : undefined;
          runner.begin(migration);
        },
        operation(step, place) {
          if (step.migration.state === "pending") runner.operation(step, place);
        },
        statement(statement, effects, steps, place) {
          const related = [...effects.locks, ...effects.rewrites, ...effects.scans].map((each) => each.relation);
          checked.get(place.migration.id)?.push({
            index: statement.index,
            range: statement.range,
            operations: statement.operations,
            transaction: runner.membership(statement).id,
            effects,
            deployed: new Set(related.filter((id) => place.deployed(id))),
          });
          if (place.migration.state === "pending" && !opaque.has(statement))
            runner.statement(statement, merge(steps.map((step) => step.effects)), steps, place);
        },
        migration(migration, place) {
          if (migration.state !== "pending") return;
          const down =
            migration.down && starting
              ? runDown(migration, migration.down, input.reader, starting, place.catalog, postgres, crashed)
              : undefined;
          runner.migration(migration, place, down);
          for (const source of [
            { file: migration.file, comments: migration.comments, statements: migration.statements },
            ...(down ? [{ file: down.file, comments: down.script.comments, statements: down.script.statements }] : []),
          ]) {
            const read = readSuppressions({ ...source, migration: migration.id }, ruleIds);
            suppressions.push(...read.suppressions);
            problems.push(
              ...read.problems.filter(({ message }) => message !== "unknownRule" || !config.withoutPlugins),
            );
            statements.set(source.file.path, source.statements);
          }
        },
      },
      folded?.catalog,
    );
    runner.history({ root: history.root, migrations });
    for (const migration of unfolded.slice(0, walked)) count(coverage, migration, unknown);
    const views = new Map(unfolded.slice(0, walked).map((view) => [view.path, view]));
    histories.push({
      root: history.root,
      provider: history.provider,
      problems: history.problems,
      migrations: history.migrations.map((source): CheckedMigration => {
        const view = views.get(source.path);
        return {
          id: source.id,
          path: source.path,
          file: source.up,
          down: source.down,
          state: source.state,
          execution,
          statements: checked.get(source.id) ?? [],
          comments: view?.comments ?? [],
        };
      }),
    });
  }
  const suppressed = applySuppressions({
    findings,
    suppressions,
    config,
    baseline: input.baseline,
    statements,
    ran,
  });
  const all = [...suppressed.findings, ...suppressionFindings([...problems, ...suppressed.problems], active)];
  return {
    tool: input.tool,
    postgres,
    evidence,
    histories,
    findings: confirmed(sorted(all, histories), evidence.rehearsal, {
      told: new Set(active.flatMap(({ rule }) => (rule.needs?.includes("rehearsal") ? [rule.id] : []))),
      fixed: new Set(active.flatMap(({ rule, enabled }) => (enabled.explicit ? [rule.id] : []))),
    }),
    coverage: { ...coverage, rulesNotRun: notRun },
    ...(sizes && { sizes }),
    crashes,
    rules: active.map(({ rule }) => rule),
  };
}

/** A handler is called for both ways to send a file. */
function isSame(one: Crash, other: Crash): boolean {
  return (
    one.file === other.file &&
    one.statement === other.statement &&
    one.rule === other.rule &&
    String(one.error) === String(other.error)
  );
}

type MutableCoverage = {
  -readonly [K in Exclude<keyof Coverage, "rulesNotRun">]: Coverage[K] extends readonly (infer T)[] ? T[] : Coverage[K];
};

/** What could not be read counts against the coverage, whether or not a rule reports it. */
function count(coverage: MutableCoverage, migration: MigrationView, unknown: ReadonlySet<Statement>): void {
  coverage.files++;
  for (const statement of migration.statements) {
    coverage.statements++;
    const opaque = statement.operations.find((operation) => operation.kind === "opaque");
    const crashed = unknown.has(statement);
    if (!statement.broken && !opaque && !crashed) coverage.understood++;
    else if (migration.state === "pending") {
      const why = crashed
        ? "an internal error kept it from being checked"
        : statement.broken
          ? "it could not be parsed"
          : opaque?.kind === "opaque"
            ? `${opaque.what} is not read`
            : "";
      coverage.notUnderstood.push({ file: migration.file, range: opaque?.range ?? statement.range, why });
    }
  }
}

/** What is wrong with suppressions is a finding of the rule `unused-suppression`, where that is on. */
function suppressionFindings(problems: readonly SuppressionProblem[], active: readonly RunningRule[]): Finding[] {
  const ran = active.find(({ rule }) => rule.id === "unused-suppression");
  if (!ran) return [];
  return problems.map((problem) =>
    toFinding({
      rule: ran.rule,
      severity: ran.enabled.severity,
      file: problem.file,
      migration: problem.migration,
      report: { at: problem.range, message: problem.message, data: problem.data },
    }),
  );
}

const SEVERITY = { error: 0, warning: 1, info: 2 } as const;

function sorted(findings: readonly Finding[], histories: readonly CheckedHistory[]): Finding[] {
  const order = new Map<SourceFile, number>();
  for (const history of histories)
    for (const migration of history.migrations)
      for (const file of [migration.file, migration.down]) if (file) order.set(file, order.size);
  const unique = new Map(
    findings.map((finding) => [
      `${order.get(finding.file)}:${finding.range.start}:${finding.range.end}:${finding.rule}:${finding.message}`,
      finding,
    ]),
  );
  return [...unique.values()].sort(
    (a, b) =>
      (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) ||
      a.range.start - b.range.start ||
      a.range.end - b.range.end ||
      SEVERITY[a.severity] - SEVERITY[b.severity] ||
      (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0),
  );
}
