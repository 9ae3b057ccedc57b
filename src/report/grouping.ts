import type { Finding } from "../engine/finding.ts";
import type { CheckResult } from "../engine/result.ts";
import { SEVERITIES } from "../engine/config.ts";
import { relationOf } from "../sql/names.ts";
import { counted, listed } from "../words.ts";

/**
 * One cause, one finding: what a rule says of one table at several places of a migration is told once, at the worst of them, with the
 * others as related places. Editors mark each place; what fails, or breaks the application, is a cause of its own each time.
 */
export function grouped(result: CheckResult): CheckResult {
  const groups = new Map<string, Finding[]>();
  for (const finding of result.findings) {
    const key = keyOf(finding);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  const told = new Map([...groups.values()].map((group) => [worst(group), group]));
  const findings = result.findings.flatMap((finding) => {
    const group = told.get(finding);
    return group ? [together(finding, group)] : [];
  });
  return { ...result, findings: worstFirst(ofOneStatement(findings)) };
}

/** Who waits for one table because of one statement is one question, whichever rules answer it: the worst leads. */
function ofOneStatement(findings: readonly Finding[]): readonly Finding[] {
  const groups = new Map<string, Finding[]>();
  const keyed = findings.map((finding) => {
    const { category, file, objects, statement, suppressed } = finding;
    const [object] = objects;
    const isOne = category === "locking" && statement !== undefined && object !== undefined && !suppressed;
    if (!isOne || HYGIENE.has(finding.rule)) return { finding };
    const key = JSON.stringify([file.path, statement, relationOf(object)]);
    const group = groups.get(key) ?? [];
    groups.set(key, [...group, finding]);
    return { finding, key };
  });
  return keyed.flatMap(({ finding, key }) => {
    const group = (key === undefined ? undefined : groups.get(key)) ?? [finding];
    if (finding !== worst(group)) return [];
    const others = group.filter((each) => each !== finding);
    if (others.length === 0) return [finding];
    return [
      {
        ...finding,
        message: [finding.message, ...others.map(({ rule, message }) => `Also ${rule}: ${message}`)].join(" "),
        objects: [...new Set(group.flatMap(({ objects }) => objects))],
        queries: distinct(group.flatMap(({ queries }) => queries)),
        related: distinct(group.flatMap(({ related }) => related)),
        also: [...(finding.also ?? []), ...others],
      },
    ];
  });
}

/** What is asked of every migration, whatever it does: it comes last. */
const HYGIENE: ReadonlySet<string> = new Set(["missing-down-migration", "missing-lock-timeout"]);

/** Migrations, and files beside them, stay in their order; within each the worst comes first, what is equally bad by how long it blocks, then by its place. */
function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  const places = [...new Set(findings.map(placeOf))];
  const rank = (finding: Finding): number =>
    places.indexOf(placeOf(finding)) * 10 +
    (HYGIENE.has(finding.rule) ? SEVERITIES.length : SEVERITIES.indexOf(finding.severity));
  const ranks = new Map(findings.map((finding) => [finding, rank(finding)]));
  const seconds = ({ size }: Finding): number => size?.seconds ?? 0;
  return [...findings].sort(
    (one, other) => (ranks.get(one) ?? 0) - (ranks.get(other) ?? 0) || seconds(other) - seconds(one),
  );
}

const placeOf = ({ migration, file }: Finding): string => migration ?? file.path;

/** The categories whose findings on one table have one cause: somebody waits for it, or it loses something. */
const CATEGORIES: ReadonlySet<string> = new Set(["locking", "destructive"]);

function keyOf(finding: Finding): string {
  const [object] = finding.objects;
  const table = CATEGORIES.has(finding.category) && !finding.suppressed && object !== undefined && relationOf(object);
  return JSON.stringify(
    table === false
      ? [finding.rule, finding.file.path, finding.range.start, finding.range.end, finding.message]
      : [finding.rule, finding.messageId, finding.file.path, table],
  );
}

/** The first of the most severe. */
const worst = (group: readonly Finding[]): Finding =>
  group.reduce((best, each) => (SEVERITIES.indexOf(each.severity) < SEVERITIES.indexOf(best.severity) ? each : best));

function together(finding: Finding, group: readonly Finding[]): Finding {
  const others = group.filter((each) => each !== finding);
  if (others.length === 0) return finding;
  const rehearsed = [...new Set(group.flatMap((each) => each.rehearsed ?? []))].join(" ");
  return {
    ...finding,
    message: `${finding.message} ${
      others.every((each) => each.message === finding.message)
        ? `So it is at ${counted(others.length, "more place")}.`
        : `The same goes for ${listed(
            others.map((each) => subject(each, finding)),
            SHOWN,
          )}.`
    }`,
    objects: [...new Set(group.flatMap(({ objects }) => objects))],
    queries: distinct(group.flatMap(({ queries }) => queries)),
    related: [
      ...finding.related,
      ...others.map((each) => ({ file: each.file, range: each.range, message: subject(each, finding) })),
    ],
    ...(rehearsed !== "" && { rehearsed }),
    also: others,
  };
}

const SHOWN = 12;

/** What its message says other than that of the first: the column, the index. */
function subject(finding: Finding, first: Finding): string {
  const [, own] = Object.entries(finding.data ?? {}).find(([name, value]) => value !== first.data?.[name]) ?? [];
  // A message may begin with it: "Index User_email_idx is built …".
  return own === undefined ? "the same" : String(own).replace(/^[A-Z](?=[a-z]+ )/, (letter) => letter.toLowerCase());
}

const distinct = <T extends object>(items: readonly T[]): T[] => [
  ...new Map(items.map((each) => [JSON.stringify(each), each])).values(),
];
