import { changes } from "../advice/sql/changes.ts";
import type { TimeoutSpan } from "../model/facts/lock-timeout.ts";
import type { SourceFile } from "../source/text.ts";
import { insertAfter, insertBefore } from "./edits.ts";
import type { Edit } from "./finding.ts";

/** SET LOCAL in a transaction; around a run of single statements SET and, since the connection lives on, what was in force before. */
export function timeoutAround(
  file: SourceFile,
  { first, last }: TimeoutSpan,
  timeout: string,
  before: string,
): readonly Edit[] {
  if (!last) return [insertBefore(file, first, changes.lockTimeoutHere(timeout).text)];
  const after = before === "" ? changes.noLockTimeout() : changes.lockTimeout(before);
  return [insertBefore(file, first, changes.lockTimeout(timeout).text), insertAfter(file, last, after.text)];
}
