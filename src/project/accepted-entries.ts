import { type BaselineEntry, makeBaseline, type StatementTexts } from "../engine/baseline.ts";
import type { CheckResult } from "../engine/result.ts";
import type { Reader } from "../sql/statement.ts";

/** The baseline that accepts every finding of `result`; entries of `before` for migrations that it did not look at are kept. */
export function acceptedEntries(
  result: CheckResult,
  reader: Reader,
  before: readonly BaselineEntry[] = [],
): readonly BaselineEntry[] {
  return makeBaseline(result.findings, statementsOf(result, reader), before, pendingIds(result));
}

/** The statements of the files that findings are in. */
export function statementsOf(result: CheckResult, reader: Reader): StatementTexts {
  return new Map(
    [...new Set(result.findings.map((finding) => finding.file))].map((file) => [
      file.path,
      reader.read(file.text).statements,
    ]),
  );
}

/** The migrations that were checked. */
export function pendingIds(result: CheckResult): ReadonlySet<string> {
  return new Set(
    result.histories
      .flatMap((history) => history.migrations)
      .filter(({ state }) => state === "pending")
      .map(({ id }) => id),
  );
}
