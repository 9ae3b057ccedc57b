import type { Edit, Finding, Fix } from "./finding.ts";

/** How far --fix goes: `unsafe` applies safe ones too. */
export type FixLevel = "safe" | "unsafe";

export interface AppliedFix {
  readonly finding: Finding;
  readonly fix: Fix;
}

/** The fix of `finding` that `level` allows, safe ones first; undefined for suppressed findings. */
function chosenFix(finding: Finding, level: FixLevel): Fix | undefined {
  if (finding.suppressed) return undefined;
  return (
    finding.fixes.find((fix) => fix.safety === "safe") ??
    (level === "unsafe" ? finding.fixes.find((fix) => fix.safety === "unsafe") : undefined)
  );
}

/** Whether every edit lies in a text of `length`, sorted and without overlaps. */
export function fits(edits: readonly Edit[], length: number): boolean {
  let end = 0;
  for (const { range } of edits) {
    if (!(range.start >= end && range.end >= range.start && range.end <= length)) return false;
    end = range.end;
  }
  return edits.length > 0;
}

/**
 * Applies the fixes of `findings` (all of the file that `text` is of) that do not touch each other: where two do,
 * the first stays and the other is left for the next round, when it is judged again. A fix with edits outside the
 * text is never applied. Two findings may bring the very same fix: it is applied once, for both.
 */
export function applyFixes(
  text: string,
  findings: readonly Finding[],
  level: FixLevel,
): { readonly text: string; readonly applied: readonly AppliedFix[] } {
  const chosen = findings.flatMap((finding) => {
    const fix = chosenFix(finding, level);
    return fix ? [{ finding, fix }] : [];
  });
  return applyChosen(text, chosen);
}

function applyChosen(
  text: string,
  candidates: readonly AppliedFix[],
): { readonly text: string; readonly applied: readonly AppliedFix[] } {
  const taken: Edit[] = [];
  const keys = new Set<string>();
  const applied: AppliedFix[] = [];
  for (const candidate of candidates) {
    const { edits } = candidate.fix;
    const key = JSON.stringify(edits);
    if (!keys.has(key)) {
      if (!fits(edits, text.length) || edits.some((edit) => taken.some((other) => touch(edit, other)))) continue;
      keys.add(key);
      taken.push(...edits);
    }
    applied.push(candidate);
  }
  return { text: edit(text, taken), applied };
}

/** Two insertions at one place touch: which comes first would be a guess. */
function touch(a: Edit, b: Edit): boolean {
  return a.range.start === b.range.start || (a.range.start < b.range.end && b.range.start < a.range.end);
}

/** `text` after `edits`, which fit it in some order. */
export function edit(text: string, edits: readonly Edit[]): string {
  let result = "";
  let from = 0;
  for (const { range, text: replacement } of [...edits].sort((a, b) => a.range.start - b.range.start)) {
    result += text.slice(from, range.start) + replacement;
    from = range.end;
  }
  return result + text.slice(from);
}

export interface FixInput {
  /** The texts that may be changed, by `SourceFile.path`: files of pending migrations. Findings in other files are left alone. */
  readonly texts: ReadonlyMap<string, string>;
  /** Findings in `texts` as they are before the first round. */
  readonly findings: readonly Finding[];
  readonly level: FixLevel;
  /** Checks again with these texts in place of the old ones. */
  readonly recheck: (texts: ReadonlyMap<string, string>) => Promise<readonly Finding[]>;
  /** Whether a text has no syntax error. */
  readonly parses: (text: string) => boolean;
}

export interface FixOutput {
  /** The texts that changed. */
  readonly texts: ReadonlyMap<string, string>;
  readonly applied: readonly AppliedFix[];
  /** Fixes whose result would not parse or would bring a new error, and that were not applied. */
  readonly dropped: readonly AppliedFix[];
}

const ROUNDS = 10;
/** Rounds that apply one fix alone, and do not count. */
const SINGLES = 100;

/** Fixes, checks and fixes again until nothing is left to fix, ten times at most. */
export async function fixUntilStable(input: FixInput): Promise<FixOutput> {
  const texts = new Map(input.texts);
  const applied: AppliedFix[] = [];
  const dropped = new Map<string, AppliedFix>();
  const seen = new Set([snapshot(texts)]);
  let findings = input.findings;
  let singles = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before = new Map(texts);
    const now: AppliedFix[] = [];
    for (const [path, text] of before) {
      const candidates = findings
        .filter((finding) => finding.file.path === path)
        .flatMap((finding) => {
          const fix = chosenFix(finding, input.level);
          return fix && !dropped.has(keyOf(finding, fix)) ? [{ finding, fix }] : [];
        });
      if (candidates.length === 0) continue;
      const result = applyParsing(text, candidates, input.parses);
      for (const each of result.dropped) dropped.set(keyOf(each.finding, each.fix), each);
      if (result.text === text) continue;
      texts.set(path, result.text);
      now.push(...result.applied);
    }
    if (now.length === 0) break;
    const state = snapshot(texts);
    // Two fixes that undo each other: the state before the circle closes is as good as any.
    if (seen.has(state)) {
      for (const [path, text] of before) texts.set(path, text);
      break;
    }
    const after = await input.recheck(texts);
    const leaves = now.flatMap(({ fix }) => fix.leaves ?? []);
    if (!bringsErrors(findings, after, leaves)) {
      seen.add(state);
      applied.push(...now);
      findings = after;
      continue;
    }
    // Each may be right alone, but not beside another: one after the other shows which.
    if (singles++ < SINGLES) round--;
    for (const [path, text] of before) texts.set(path, text);
    const { finding, fix } = now[0] as AppliedFix;
    const path = finding.file.path;
    texts.set(path, applyChosen(before.get(path) as string, [{ finding, fix }]).text);
    const alone = await input.recheck(texts);
    if (bringsErrors(findings, alone, fix.leaves === undefined ? [] : [fix.leaves])) {
      dropped.set(keyOf(finding, fix), { finding, fix });
      texts.set(path, before.get(path) as string);
    } else {
      applied.push({ finding, fix });
      findings = alone;
    }
  }
  return {
    texts: new Map([...texts].filter(([path, text]) => input.texts.get(path) !== text)),
    applied,
    dropped: [...dropped.values()],
  };
}

/** Applies all at once and, where that does not parse, one after the other without those that break it. */
function applyParsing(
  text: string,
  candidates: readonly AppliedFix[],
  parses: (text: string) => boolean,
): { readonly text: string; readonly applied: readonly AppliedFix[]; readonly dropped: readonly AppliedFix[] } {
  const all = applyChosen(text, candidates);
  // A text that did not parse before is no measure of a fix.
  if (all.text === text || parses(all.text) || !parses(text)) return { ...all, dropped: [] };
  let kept: AppliedFix[] = [];
  const dropped: AppliedFix[] = [];
  for (const candidate of all.applied) {
    const attempt = [...kept, candidate];
    if (parses(applyChosen(text, attempt).text)) kept = attempt;
    else dropped.push(candidate);
  }
  return { ...applyChosen(text, kept), dropped };
}

/**
 * Whether a check after fixes reports an error that the one before did not: two fixes that create the same table, for example. What they
 * say that they leave does not count.
 */
function bringsErrors(before: readonly Finding[], after: readonly Finding[], leaves: readonly string[]): boolean {
  const keyed = (findings: readonly Finding[]) =>
    findings
      .filter((each) => each.severity === "error" && !each.suppressed && !leaves.includes(each.rule))
      .map((each) => `${each.file.path}\n${each.rule}\n${each.message}`);
  const known = new Set(keyed(before));
  return keyed(after).some((key) => !known.has(key));
}

function keyOf(finding: Finding, fix: Fix): string {
  return JSON.stringify([finding.file.path, finding.rule, fix.title, fix.edits.map((each) => each.text)]);
}

function snapshot(texts: ReadonlyMap<string, string>): string {
  return JSON.stringify([...texts]);
}
