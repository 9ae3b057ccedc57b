import type { WayOut } from "../advice/divergence/index.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { BranchSet } from "../evidence/git/branch-set.ts";
import type { BranchViewpoint } from "../evidence/git/viewpoints.ts";
import type { Judgement } from "../model/divergence/judgement/terms.ts";
import type { Divergence } from "../model/divergence/viewpoint.ts";
import type { MigrationView } from "../model/step.ts";
import { readHistory } from "../model/walk.ts";
import type { History } from "../source/history.ts";
import { compareFolders } from "../source/layout.ts";
import type { Reader } from "../sql/statement.ts";
import { byText } from "../words.ts";
import type { BaselineEntry } from "./baseline.ts";
import { type Config, SEVERITIES, enabled } from "./config.ts";
import { applicable, ruleRunner } from "./dispatch.ts";
import type { Finding, Severity } from "./finding.ts";
import { toFinding } from "./report.ts";
import type { AnyRule } from "./rule.ts";
import { applySuppressions, readSuppressions } from "./suppression.ts";

/** What a check of one of the branches says of them, told once, however many of them say it. */
export interface BranchFinding {
  readonly rule: string;
  readonly severity: Severity;
  /** The migrations directory, as the main branch has it. */
  readonly root: string;
  /** The branches that say it: there it has to be dealt with. */
  readonly of: readonly string[];
  readonly message: string;
  readonly judgement: Judgement;
  /** The best first. */
  readonly ways: readonly WayOut[];
}

/** What the branches of a repository are to each other. */
export interface BranchesResult {
  readonly set: BranchSet;
  /** Errors first; within a severity in the order of the migrations. */
  readonly findings: readonly BranchFinding[];
  /** How many more there would be, were they not suppressed. */
  readonly suppressed: number;
  /** Rules that compare branches and are turned off. */
  readonly off: readonly string[];
}

export interface BranchesInput {
  readonly set: BranchSet;
  readonly viewpoints: readonly BranchViewpoint[];
  readonly rules: readonly AnyRule[];
  /** Paths count from the repository. */
  readonly config: Config;
  readonly baseline?: readonly BaselineEntry[];
  /** Loaded. */
  readonly reader: Reader;
  readonly evidence: Omit<Evidence, "divergence">;
  /** What PostgreSQL said of the orders that it was asked for. */
  readonly orders?: Divergence["orders"];
}

/** Checks every branch by the rules that compare branches, as the configuration has them, and gathers what they say. */
export function judgeBranches(input: BranchesInput): BranchesResult {
  const told = new Map<string, BranchFinding>();
  const suppressed = new Set<string>();
  for (const viewpoint of input.viewpoints) {
    for (const [root, finding] of findingsOf(viewpoint, input)) {
      const { divergence, rule, severity, message } = finding;
      // What a branch says of another one, that one says itself.
      if (!divergence?.judgement.of.includes(viewpoint.branch.name)) continue;
      const key = JSON.stringify([root, rule, message]);
      if (finding.suppressed) {
        suppressed.add(key);
        continue;
      }
      const known = told.get(key);
      told.set(
        key,
        known
          ? { ...known, of: [...known.of, viewpoint.branch.name] }
          : { rule, severity, root, of: [viewpoint.branch.name], message, ...divergence },
      );
    }
  }
  const comparing = input.rules.filter(({ needs }) => needs?.includes("divergence"));
  return {
    set: input.set,
    off: comparing.filter((rule) => !enabled(rule, input.config)).map(({ id }) => id),
    findings: [...told.values()].sort(byWeight),
    suppressed: [...suppressed].filter((key) => !told.has(key)).length,
  };
}

function byWeight(a: BranchFinding, b: BranchFinding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    byText(a.root, b.root) ||
    compareFolders(a.judgement.subjects[0].migration.id, b.judgement.subjects[0].migration.id)
  );
}

/** What a check of one branch finds, with the migrations directory of each finding. */
function findingsOf(
  { branch, divergence }: BranchViewpoint,
  { rules, config, baseline, reader, evidence: known, orders }: BranchesInput,
): (readonly [root: string, finding: Finding])[] {
  const evidence: Evidence = { ...known, divergence: { ...divergence, ...(orders && { orders }) } };
  const { active } = applicable(
    rules.filter(({ needs }) => needs?.includes("divergence")),
    config,
    evidence,
    evidence.postgres.version,
  );
  const ids = rules.map(({ id }) => id);
  return branch.roots.flatMap(({ root, provider, migrations }) => {
    const target = divergence.histories.get(root)?.target;
    if (!target) return [];
    const deployed = new Set(target.migrations.map(({ id }) => id));
    const history: History = {
      root,
      layout: "prisma",
      provider,
      problems: [],
      migrations: migrations.map(({ id, file, down, path: folder }) => ({
        id,
        path: folder,
        up: file,
        ...(down && { down }),
        state: deployed.has(id) ? "history" : "pending",
      })),
    };
    const views = readHistory(history, reader, evidence.execution.mode);
    const findings: Finding[] = [];
    const runner = ruleRunner(active, {
      evidence,
      postgres: evidence.postgres.version,
      execution: evidence.execution.mode,
      history: { root, migrations: views },
      found: (found) => findings.push(toFinding(found)),
    });
    for (const view of views) runner.begin(view);
    runner.history({ root, migrations: views });
    const pending = views.filter(({ state }) => state === "pending");
    return applySuppressions({
      findings,
      suppressions: pending.flatMap((view) => readSuppressions(commented(view), ids).suppressions),
      config,
      baseline,
      statements: new Map(views.map(({ file, statements }) => [file.path, statements])),
      ran: new Set(active.map(({ rule }) => rule.id)),
    }).findings.map((finding) => [root, finding] as const);
  });
}

const commented = ({ id, file, comments, statements }: MigrationView) => ({
  file,
  migration: id,
  comments,
  statements,
});
