import type { Range } from "../source/text.ts";
import type { Finding } from "./finding.ts";
import { isRecord } from "./config.ts";

/** One accepted finding. It stays accepted while the rule, the migration and the statement's words stay the same. */
export interface BaselineEntry {
  readonly rule: string;
  /** The migration's id; the file's path for findings outside migrations. */
  readonly migration: string;
  readonly fingerprint: string;
}

/** The statements of each file, by the file's path. */
export type StatementTexts = ReadonlyMap<string, readonly { readonly index: number; readonly range: Range }[]>;

/**
 * FNV-1a, 64 bits, in 16 hexadecimal digits, of the statement that the finding is in (else of the text of its
 * range). Runs of white space count as one space, so that formatting does not matter.
 * http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function fingerprint(finding: Finding, statements: StatementTexts): string {
  const { range, file } = finding;
  const inFile = statements.get(file.path) ?? [];
  const statement =
    finding.statement === undefined
      ? inFile.find((each) => each.range.start <= range.start && range.start < each.range.end)
      : inFile.find((each) => each.index === finding.statement);
  const at = statement?.range ?? range;
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(file.text.slice(at.start, at.end).replace(/\s+/g, " ").trim())) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0");
}

export function isBaselined(
  finding: Finding,
  baseline: readonly BaselineEntry[],
  statements: StatementTexts,
): BaselineEntry | undefined {
  const migration = finding.migration ?? finding.file.path;
  let print: string | undefined;
  return baseline.find(
    (entry) =>
      entry.rule === finding.rule &&
      entry.migration === migration &&
      entry.fingerprint === (print ??= fingerprint(finding, statements)),
  );
}

/**
 * The baseline that accepts every finding of a run that nothing else suppresses. Entries of `before` for
 * migrations that the run did not look at are kept. Sorted, without doubles.
 */
export function makeBaseline(
  findings: readonly Finding[],
  statements: StatementTexts,
  before: readonly BaselineEntry[] = [],
  checked: ReadonlySet<string> = new Set(),
): readonly BaselineEntry[] {
  const entries = new Map<string, BaselineEntry>();
  const add = (entry: BaselineEntry): void =>
    void entries.set(`${entry.migration}\n${entry.rule}\n${entry.fingerprint}`, entry);
  for (const entry of before) if (!checked.has(entry.migration)) add(entry);
  for (const finding of findings) {
    if (finding.suppressed && finding.suppressed.how !== "baseline") continue;
    add({
      rule: finding.rule,
      migration: finding.migration ?? finding.file.path,
      fingerprint: fingerprint(finding, statements),
    });
  }
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

export function writeBaseline(entries: readonly BaselineEntry[]): string {
  return `${JSON.stringify({ version: 1, accepted: entries.map(({ migration, rule, fingerprint: print }) => ({ migration, rule, fingerprint: print })) }, null, 2)}\n`;
}

/** Reads what `writeBaseline` wrote; undefined where the text is something else. */
export function readBaseline(text: string): readonly BaselineEntry[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value.version !== 1 || !Array.isArray(value.accepted)) return undefined;
  const entries: BaselineEntry[] = [];
  for (const entry of value.accepted as readonly unknown[]) {
    if (!isRecord(entry)) return undefined;
    const { rule, migration, fingerprint: print } = entry;
    if (typeof rule !== "string" || typeof migration !== "string" || typeof print !== "string") return undefined;
    entries.push({ rule, migration, fingerprint: print });
  }
  return entries;
}
