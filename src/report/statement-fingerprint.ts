import type { Range, SourceFile } from "../source/text.ts";
import type { Finding } from "../engine/finding.ts";
import type { CheckResult } from "../engine/result.ts";
import { fnv64 } from "./sarif/line-hashes.ts";

/** The ranges of the statements of each file, by their index. */
export type StatementRanges = ReadonlyMap<SourceFile, ReadonlyMap<number, Range>>;

export function statementRanges(result: CheckResult): StatementRanges {
  const found = new Map<SourceFile, ReadonlyMap<number, Range>>();
  for (const migration of result.histories.flatMap((history) => history.migrations)) {
    if (migration.file)
      found.set(migration.file, new Map(migration.statements.map((statement) => [statement.index, statement.range])));
  }
  return found;
}

/** Survives a statement's move and a new layout: the rule, what it is about, and the statement without its white space. */
export function statementFingerprint(finding: Finding, statements: StatementRanges): string {
  const range = finding.statement === undefined ? undefined : statements.get(finding.file)?.get(finding.statement);
  const { start, end } = range ?? finding.range;
  const text = finding.file.text.slice(start, end).replace(/\s+/g, " ").trim();
  return fnv64([finding.rule, ...finding.objects, text].join("\0"));
}
