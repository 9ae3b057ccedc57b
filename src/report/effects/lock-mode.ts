import { blockedBy, LOCK_MANUAL, LOCKS, type LockRow } from "../../model/postgres/locks.ts";
import { type LockMode, sqlMode } from "../../sql/lock-modes.ts";

/** What a lock mode blocks and which statements take it, as Markdown, each with its page of PostgreSQL's manual. */
export function lockModePage(mode: LockMode): string {
  const rows = (Object.values(LOCKS) as readonly LockRow[]).filter((row) => row.mode === mode);
  const blocks = blockedBy(mode);
  const sources = [...new Set(rows.map(({ source }) => source))];
  return [
    `# ${sqlMode(mode)}`,
    blocks === ""
      ? "While it is held, others can read and write the table."
      : `While it is held, ${blocks} of the table wait.`,
    "It is held until the end of the transaction. A statement that waits for it makes later ones wait too, if the lock that they need conflicts with it.",
    `What it conflicts with: ${LOCK_MANUAL}`,
    ...(rows.length > 0 ? ["## What takes it"] : []),
    ...sources.map((source) =>
      [source, "", ...rows.filter((row) => row.source === source).map(({ statement }) => `- ${statement}`)].join("\n"),
    ),
  ].join("\n\n");
}
