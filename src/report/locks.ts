import type { Lock, LockMode } from "../model/effects.ts";

/** The lock modes from weak to strong: https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES */
const MODES: readonly LockMode[] = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
];

/** 0 for ACCESS SHARE to 7 for ACCESS EXCLUSIVE. */
export function strength(mode: LockMode): number {
  return MODES.indexOf(mode);
}

/** "ACCESS EXCLUSIVE", as SQL and the manual write it. */
export function lockInWords(mode: LockMode): string {
  return mode
    .replace(/Lock$/, "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toUpperCase();
}

/** What others cannot do on the relation while the lock is held; empty where rows can be read and written. */
export function blockedBy(mode: LockMode): string {
  if (mode === "AccessExclusiveLock") return "reads and writes";
  return strength(mode) >= strength("ShareLock") ? "writes" : "";
}

/** The strongest lock of each relation, by relation. */
export function strongest(locks: readonly Lock[]): readonly Lock[] {
  const found = new Map<string, Lock>();
  for (const lock of locks) {
    const known = found.get(lock.relation);
    if (!known || strength(lock.mode) > strength(known.mode)) found.set(lock.relation, lock);
  }
  return [...found.values()].sort((a, b) => byText(a.relation, b.relation));
}

/** By code units: the same everywhere, whatever the locale is. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
