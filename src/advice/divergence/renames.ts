import { compareFolders } from "../../source/layout.ts";
import { nameOf, timestampOf } from "../../model/divergence/names.ts";

export interface FolderRename {
  readonly from: string;
  readonly to: string;
}

/**
 * New names that put the folders `own` of a branch behind `newest`, in their order: from the first that is late on,
 * those that would run before it else. Undefined where the names hold no timestamps to go on from.
 *
 * @param own All folders that only this branch has, in order.
 * @param late Those of them that sort before a folder that others have.
 * @param newest The last folder of the branches that others have.
 * @param notBefore Seconds since 1970: a new timestamp is not earlier, so that two branches rarely choose the same.
 */
export function renamesBehind(
  own: readonly string[],
  late: ReadonlySet<string>,
  newest: string,
  notBefore: number,
): readonly FolderRename[] | undefined {
  const first = own.findIndex((id) => late.has(id));
  if (first < 0) return [];
  const behind = secondsOf(timestampOf(newest));
  if (behind === undefined) return undefined;
  let last = newest;
  let next = Math.max(behind + 1, notBefore);
  const renames: FolderRename[] = [];
  for (const id of own.slice(first)) {
    if (!late.has(id) && compareFolders(id, last) > 0) {
      last = id;
      next = Math.max(next, (secondsOf(timestampOf(id)) ?? 0) + 1);
      continue;
    }
    const name = nameOf(id);
    const to = `${stampOf(next)}${name === "" ? "" : `_${name}`}`;
    if (compareFolders(to, last) <= 0) return undefined;
    renames.push({ from: id, to });
    last = to;
    next++;
  }
  return renames;
}

/** Seconds since 1970 of Prisma's YYYYMMDDHHMMSS, which is UTC; undefined for digits that are no such time. */
export function secondsOf(stamp: string): number | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(stamp) ?? [];
  if (year === undefined) return undefined;
  const seconds =
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) / 1000;
  return stampOf(seconds) === stamp ? seconds : undefined;
}

/** "20250301090000" for a time in seconds since 1970. */
export function stampOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\D/g, "").slice(0, 14);
}
