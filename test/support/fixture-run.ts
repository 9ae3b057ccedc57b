import { afterAll } from "vitest";
import type { Stage } from "../../src/rehearsal/stage/session.ts";
import {
  type AnyRule,
  type CheckResult,
  type Evidence,
  type Finding,
  type Fix,
  type History,
  check,
} from "../../src/index.ts";
import type { Reader } from "../../src/sql/statement.ts";
import type { ConfigFile, RuleSetting } from "../../src/engine/config.ts";
import { edit, fits, fixUntilStable, type FixLevel } from "../../src/engine/fix.ts";
import type { Fixture, FixtureBranches, Want } from "./fixture.ts";
import { emptiedStage, rehearsed } from "./rehearsed.ts";
import { assignRoles, rolesOf } from "../../src/evidence/git/roles.ts";
import { type Divergence, divergenceOf } from "../../src/model/divergence/viewpoint.ts";
import { withTargets } from "../../src/model/divergence/roles.ts";
import { postgresReader } from "../../src/sql/postgres/read.ts";

/** One embedded PostgreSQL for all fixtures of rules that need a rehearsal. */
let stage: Stage | undefined;

afterAll(async () => {
  await stage?.close();
  stage = undefined;
});

/** Runs `rule` alone (and what the fixture names beside it) over the fixture. */
export async function runFixture(
  fixture: Fixture,
  rule: AnyRule,
  rules: readonly AnyRule[],
  history: History = fixture.history,
): Promise<readonly Finding[]> {
  const settings: Record<string, RuleSetting> = {};
  for (const { id } of rules) if (id !== rule.id && !fixture.also.includes(id)) settings[id] = "off";
  const own = rule.severity === "off" ? "warning" : (fixture.preset === "hotfix" && rule.hotfix) || rule.severity;
  if (fixture.options) settings[rule.id] = [own, fixture.options];
  else if (rule.severity === "off") settings[rule.id] = own;
  const evidence = rule.needs?.includes("rehearsal")
    ? { rehearsal: await rehearsed(history, fixture.execution, { stage: (stage ??= emptiedStage()) }) }
    : rule.needs?.includes("divergence") && fixture.branches
      ? { divergence: divergence(fixture.branches, history) }
      : {};
  const { findings } = await checkWith(fixture, rules, settings, history, evidence);
  return findings.filter((finding) => finding.rule === rule.id);
}

function checkWith(
  fixture: Fixture,
  rules: readonly AnyRule[],
  settings: ConfigFile["rules"],
  history: History,
  evidence: Pick<Evidence, "rehearsal" | "divergence"> = {},
): Promise<CheckResult> {
  const { postgres, execution, preset } = fixture;
  return check({
    histories: [history],
    rules,
    evidence: {
      execution: { mode: "unknown", because: "nothing tells" },
      postgres: { version: 17, because: "the default" },
      ...evidence,
    },
    config: {
      ...(settings && { rules: settings }),
      ...(preset && { preset }),
      ...(execution && { execution }),
      ...(postgres && { postgres: postgres as 17 }),
    },
  });
}

/** The fixture's branches compared, the history in place of the one that is checked. The reader is loaded: fixtures are parsed with it. */
function divergence({ names, shared, all }: FixtureBranches, history: History): Divergence {
  const roles = assignRoles(
    all.map(({ name }) => ({ name, committed: 0 })),
    names,
  );
  const [target, ...rest] = withTargets(
    all.map(({ name }) => ({ name, ref: `origin/${name}`, roles: rolesOf(name, roles) })),
  );
  const ours = rest.pop();
  if (!target || !ours) throw new Error("a fixture has two branches or none");
  const mine = history.migrations.flatMap(({ id, path, up }) => (up ? [{ id, path, file: up }] : []));
  const branches = new Map(
    all.map(({ name, migrations }) => [name, { migrations: name === ours.name ? mine : migrations }]),
  );
  return divergenceOf(
    { ours, target, others: rest },
    [{ root: history.root, branches, shared: () => shared }],
    (file) => postgresReader.read(file.text).statements,
  );
}

/** Where wants and findings differ, a line each, in both directions. */
export function differences(fixture: Fixture, findings: readonly Finding[]): string[] {
  const open = findings.filter((finding) => !finding.suppressed);
  const problems: string[] = [];
  for (const want of fixture.wants) {
    const at = open.findIndex((finding) => meets(fixture, finding, want));
    if (at >= 0) open.splice(at, 1);
    else problems.push(`missing: ${want.text}`);
  }
  return [...problems, ...open.map((finding) => `surplus: ${described(finding)}`)];
}

function described(finding: Finding): string {
  return `${finding.migration ?? ""} \`${highlighted(finding)}\`: ${finding.message}`;
}

function highlighted(finding: Finding): string {
  return finding.file.text.slice(finding.range.start, finding.range.end);
}

function meets(fixture: Fixture, finding: Finding, want: Want): boolean {
  if (finding.migration !== want.migration || !finding.message.includes(want.message)) return false;
  const isDown = fixture.history.migrations.some(({ down }) => down !== undefined && down.path === finding.file.path);
  if (
    want.statements
      ? isDown || finding.statement === undefined || !want.statements.includes(finding.statement)
      : !isDown && finding.statement !== undefined
  )
    return false;
  return want.source === undefined || sourcePattern(want.source).test(highlighted(finding).replace(/\s+/g, " ").trim());
}

function sourcePattern(source: string): RegExp {
  const escaped = source
    .replace(/\s+/g, " ")
    .trim()
    .split("…")
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  return new RegExp(`^${escaped.join("[^]*")}$`);
}

/** The fixture's history with other texts, by path. */
export function withTexts(history: History, texts: ReadonlyMap<string, string>): History {
  return {
    ...history,
    migrations: history.migrations.map((migration) => {
      const up = migration.up && texts.get(migration.up.path);
      return up === undefined || !migration.up ? migration : { ...migration, up: { ...migration.up, text: up } };
    }),
  };
}

/**
 * What is wrong with `fix` of `finding`, a line each: it must apply, parse, remove its finding and bring no new one
 * of any rule of the preset.
 */
export async function fixProblems(
  fixture: Fixture,
  rule: AnyRule,
  rules: readonly AnyRule[],
  finding: Finding,
  fix: Fix,
  reader: Reader,
): Promise<string[]> {
  const name = `"${fix.title}" for ${described(finding)}`;
  const { path, text } = finding.file;
  if (
    !fixture.history.migrations.some(
      (migration) => migration.state === "pending" && (migration.up?.path === path || migration.down?.path === path),
    )
  )
    return [`${name}: the file is not pending`];
  if (!fits(fix.edits, text.length)) return [`${name}: its edits do not fit the text`];
  if (fix.safety === "display") return [];
  const fixed = edit(text, fix.edits);
  if (fixed === text) return [`${name}: changes nothing`];
  if (reader.read(fixed).errors.length > reader.read(text).errors.length) return [`${name}: does not parse:\n${fixed}`];
  const history = withTexts(fixture.history, new Map([[path, fixed]]));
  const problems: string[] = [];
  const key = (each: Finding): string => `${each.rule} ${each.file.path}: ${each.message}`;
  const before = tally(await runFixture(fixture, rule, rules), key);
  const after = tally(await runFixture(fixture, rule, rules, history), key);
  if ((after.get(key(finding)) ?? 0) >= (before.get(key(finding)) ?? 0))
    problems.push(`${name}: the finding stays:\n${fixed}`);
  const allBefore = tally((await checkWith(fixture, rules, undefined, fixture.history)).findings, key);
  const allAfter = tally((await checkWith(fixture, rules, undefined, history)).findings, key);
  for (const [each, count] of allAfter)
    if (count > (allBefore.get(each) ?? 0) && !each.startsWith(`${fix.leaves ?? ""} `))
      problems.push(`${name}: brings ${each}`);
  return problems;
}

function tally(findings: readonly Finding[], key: (finding: Finding) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const finding of findings)
    if (!finding.suppressed) counts.set(key(finding), (counts.get(key(finding)) ?? 0) + 1);
  return counts;
}

/** The last migration's text after all fixes of `level`; undefined where they leave it as it is. */
export async function fixedText(
  fixture: Fixture,
  rule: AnyRule,
  rules: readonly AnyRule[],
  level: FixLevel,
  reader: Reader,
  history: History = fixture.history,
): Promise<string | undefined> {
  const texts = new Map(
    history.migrations.flatMap(({ state, up }) => (state === "pending" && up ? [[up.path, up.text] as const] : [])),
  );
  const output = await fixUntilStable({
    texts,
    findings: await runFixture(fixture, rule, rules, history),
    level,
    recheck: (now) => runFixture(fixture, rule, rules, withTexts(history, now)),
    parses: (text) => reader.read(text).errors.length === 0,
  });
  const last = history.migrations.find(({ id }) => id === fixture.last);
  return last?.up && output.texts.get(last.up.path);
}
