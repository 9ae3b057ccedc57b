/**
 * The modes of table locks, weakest first, by their names in pg_locks:
 * https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES. A mode's number in LOCK's parse tree
 * and in the server is its place here, counted from 1 (src/include/storage/lockdefs.h).
 */
export const LOCK_MODES = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
] as const;

export type LockMode = (typeof LOCK_MODES)[number];

/** "ACCESS EXCLUSIVE", as SQL and the manual write it. */
export const sqlMode = (mode: LockMode): string =>
  mode
    .replace(/Lock$/, "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toUpperCase();

/** The mode of "access exclusive", "ACCESS EXCLUSIVE lock", "access-exclusive" or "AccessExclusiveLock". */
export function lockModeOf(words: string): LockMode | undefined {
  const letters = (text: string): string =>
    text
      .toLowerCase()
      .replace(/[^a-z]/g, "")
      .replace(/lock$/, "");
  return LOCK_MODES.find((mode) => letters(mode) === letters(words));
}
