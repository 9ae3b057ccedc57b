import type { Rehearsal, RehearsedMigration, RehearsedStatement, Trial } from "../evidence/rehearsal.ts";
import { strength } from "../model/postgres/locks.ts";
import { sqlMode } from "../sql/lock-modes.ts";
import { relationName } from "../sql/names.ts";
import { counted } from "../words.ts";
import type { Finding } from "./finding.ts";

/** Rules by their ids. */
export interface Ruled {
  /** Their findings are about the rehearsal itself. */
  readonly told: ReadonlySet<string>;
  /** Their severity was set by hand, and stays. */
  readonly fixed: ReadonlySet<string>;
}

/**
 * Findings as the rehearsal leaves them: with what it showed of each, as errors where it saw them come true, and without those that it
 * saw pass with the rows that they are about.
 */
export function confirmed(
  findings: readonly Finding[],
  rehearsal: Rehearsal | undefined,
  { told, fixed }: Ruled,
): readonly Finding[] {
  if (!rehearsal) return findings;
  const migrations = new Map<string, RehearsedMigration[]>();
  for (const run of rehearsal.runs)
    for (const migration of run.migrations)
      migrations.set(migration.file.path, [...(migrations.get(migration.file.path) ?? []), migration]);
  const judged = findings.flatMap((finding): Finding[] => {
    if (told.has(finding.rule)) return [finding];
    const runs = migrations.get(finding.file.path) ?? [];
    if (refuted(finding, runs)) return [];
    const sentences = new Set(runs.flatMap((migration) => shown(finding, migration) ?? []));
    const came = runs.some((migration) => {
      const error = at(finding, migration)?.error;
      return error !== undefined && says(finding, error);
    });
    return [
      {
        ...finding,
        ...(sentences.size > 0 && { rehearsed: [...sentences].join(" ") }),
        ...(came && !fixed.has(finding.rule) && { severity: "error" as const }),
      },
    ];
  });
  return judged.filter((finding) => {
    if (!told.has(finding.rule)) return true;
    const statements = (migrations.get(finding.file.path) ?? []).flatMap((migration) => at(finding, migration) ?? []);
    return !statements.some(
      ({ index, error }) =>
        error !== undefined &&
        says(finding, error) &&
        judged.some(
          (other) =>
            !told.has(other.rule) &&
            other.file === finding.file &&
            other.statement === index &&
            says(other, error) &&
            settles(other, error, fixed),
        ),
    );
  });
}

/** Whether a failure needs no finding beside this one. What somebody has decided about rows that may be there holds for rows that were made up. */
function settles(finding: Finding, { on }: SeenError, fixed: ReadonlySet<string>): boolean {
  if (finding.suppressed) return on === "hurting rows";
  return finding.severity === "error" || (on === "hurting rows" && fixed.has(finding.rule));
}

type SeenError = NonNullable<RehearsedStatement["error"]>;

/** The finding is about a failure of this kind. */
const says = (finding: Finding, { sqlstate }: { readonly sqlstate: string }): boolean => finding.sqlstate === sqlstate;

/** The statement that a finding is in. */
function at(finding: Finding, { statements }: RehearsedMigration): RehearsedStatement | undefined {
  const { start } = finding.range;
  return statements.find(({ index, range }) =>
    finding.statement === undefined ? range.start <= start && start < range.end : index === finding.statement,
  );
}

/** It passed with the rows that would make it fail, each time that it was reached; or the cleanup took no row that it is said to take. */
function refuted(finding: Finding, runs: readonly RehearsedMigration[]): boolean {
  if (finding.category !== "integrity" || finding.severity === "info") return false;
  const places = [finding, ...finding.related.filter(({ file }) => file === finding.file)].map(({ range }) => range);
  const trials = runs.flatMap(({ statements }) =>
    statements
      .filter(({ range }) => places.some(({ start }) => range.start <= start && start < range.end))
      .flatMap((statement) => statement.trials)
      .filter((trial) => about(finding, trial) && says(finding, trial)),
  );
  if (trials.length > 0) return trials.every(({ outcome }) => outcome === "passed");
  const done = runs
    .flatMap((migration) => at(finding, migration)?.cleanups ?? [])
    .filter(({ child }) => finding.objects.includes(child));
  return (
    done.length > 0 &&
    done.every(
      ({ before, took }) =>
        before.orphans > 0 && before.matched > 0 && before.nullKeys > 0 && took?.matched === 0 && took.nullKeys === 0,
    )
  );
}

function shown(finding: Finding, migration: RehearsedMigration): string | undefined {
  const statement = finding.statement === undefined ? undefined : at(finding, migration);
  if (!statement || statement.outcome === "not reached" || statement.outcome === "left out") return undefined;
  switch (finding.category) {
    case "integrity":
      return cleanups(finding, statement) ?? trials(finding, statement);
    case "destructive":
      return deleted(finding, statement) ?? trials(finding, statement);
    case "locking":
      return work(finding, statement);
    default:
      return failed(statement);
  }
}

/** Findings and trials name the same relation; a statement with one kind of trial is what the finding is about. */
const about = (finding: Finding, { relation, columns }: Trial): boolean =>
  finding.objects.length === 0 ||
  finding.objects.some(
    (object) =>
      object === relation ||
      columns.some((column) => object === `${relation}.${column}`) ||
      object.startsWith(`${relation}.`),
  );

function trials(finding: Finding, statement: RehearsedStatement): string | undefined {
  const tried = statement.trials.filter((trial) => trial.outcome !== "not tried" && about(finding, trial));
  const hurt = tried.find(({ outcome }) => outcome === "failed");
  if (hurt && statement.error?.on === "hurting rows")
    return `With ${hurt.rows} it failed with ${statement.error.sqlstate} (${statement.error.message}).`;
  const passed = tried.find(({ outcome }) => outcome === "passed");
  if (passed)
    return passed.left === 0
      ? `Of ${passed.rows}, none was left when it ran, and it passed.`
      : `With ${passed.rows} it passed.`;
  return failed(statement);
}

function failed({ error }: RehearsedStatement): string | undefined {
  return error && `It failed with ${error.sqlstate} (${error.message}).`;
}

/** What the statement did to the rows of foreign keys that are to come. */
function cleanups(finding: Finding, { cleanups: done }: RehearsedStatement): string | undefined {
  const sentences = done
    .filter(
      ({ child }) =>
        finding.objects.length === 0 ||
        finding.objects.some((object) => object === child || object.startsWith(`${child}.`)),
    )
    .flatMap(({ before, after, took }) => {
      const good = took
        ? took.matched + took.nullKeys
        : Math.max(0, before.matched - after.matched) + Math.max(0, before.nullKeys - after.nullKeys);
      return [
        ...(before.orphans > 0
          ? [
              `Of ${counted(before.orphans, "orphan")}, ${after.orphans === 0 ? "none" : after.orphans} ${after.orphans < 2 ? "was" : "were"} left after it.`,
            ]
          : []),
        ...(good > 0
          ? [`It took ${counted(good, "row")} that ${good === 1 ? "was no orphan" : "were no orphans"}.`]
          : []),
      ];
    });
  return sentences.length === 0 ? undefined : sentences.join(" ");
}

function deleted(finding: Finding, { observed }: RehearsedStatement): string | undefined {
  const gone = (observed?.rows ?? []).filter(
    ({ relation, deleted: count, updated }) =>
      count + updated > 0 && finding.objects.some((object) => object === relation || object.startsWith(`${relation}.`)),
  );
  const [first] = gone;
  if (!first) return undefined;
  return `${[...(first.deleted > 0 ? [`${counted(first.deleted, "row")} deleted`] : []), ...(first.updated > 0 ? [`${counted(first.updated, "row")} updated`] : [])].join(", ")} in ${relationName(first.relation)}.`;
}

function work(finding: Finding, { observed }: RehearsedStatement): string | undefined {
  if (!observed?.locks) return undefined;
  const concerns = (relation: string): boolean =>
    finding.objects.some((object) => object === relation || object.startsWith(`${relation}.`));
  const locks = observed.locks.filter(({ relation }) => concerns(relation));
  // What the transaction holds in a stronger mode already is what others wait for.
  const held = observed.held.filter(
    ({ relation, mode }) =>
      concerns(relation) && !locks.some((lock) => lock.relation === relation && strength(lock.mode) > strength(mode)),
  );
  if (locks.length + held.length === 0) return undefined;
  const named = (modes: typeof locks): string =>
    modes.map(({ relation, mode }) => `${sqlMode(mode)} on ${relationName(relation)}`).join(" and ");
  const taken = locks.length > 0 ? `took ${named(locks)}` : "ran";
  const under = held.length > 0 ? ` under ${named(held)}, held since an earlier statement` : "";
  const rewrites = observed.rewrites.filter(concerns);
  const scans = (observed.scans ?? []).filter(concerns);
  const did =
    rewrites.length > 0
      ? `, and ${relationName(rewrites[0]!)} was rewritten`
      : scans.length > 0
        ? `, and ${relationName(scans[0]!)} was read from end to end`
        : "";
  return `It ${taken}${under}${did}.`;
}
