import type { OrderConflict } from "./commutation.ts";

/** One conflict for each object and pair of statements; a refusal or a difference of the catalogs says more than the rule that led to it. */
export function strongest(found: readonly OrderConflict[]): OrderConflict[] {
  const weight = (conflict: OrderConflict): number =>
    (conflict.verdict === "no" ? 10 : 0) +
    ["opaque", "setting", "rows", "definition", "refused", "schema"].indexOf(conflict.why) +
    (conflict.leaves.some((left) => left.is === "refused" && left.sentence !== undefined) ? 1 : 0);
  const best = new Map<string, OrderConflict>();
  for (const conflict of found) {
    const key = `${conflict.object.name} ${conflict.why === "rows" ? `${conflict.one.statement.range.start} ${conflict.other.statement.range.start} rows` : ""} ${conflict.one.migration} ${conflict.other.migration}`;
    const known = best.get(key);
    if (!known || weight(conflict) > weight(known)) best.set(key, conflict);
  }
  const refused = (conflict: OrderConflict): boolean =>
    [...best.values()].some(
      ({ why, one, other }) =>
        why === "refused" && one.statement === conflict.one.statement && other.statement === conflict.other.statement,
    );
  // That another table of the name is there says less than what became of it.
  const vague = (conflict: OrderConflict): boolean =>
    conflict.object.kind === "relation" &&
    conflict.leaves[0].is === "last" &&
    [...best.values()].some(
      (other) =>
        other !== conflict &&
        other.verdict === "no" &&
        [other.one, other.other].some(
          ({ statement }) => statement === conflict.one.statement || statement === conflict.other.statement,
        ) &&
        other.one.migration === conflict.one.migration &&
        other.other.migration === conflict.other.migration,
    );
  // Where one of two statements fails, what it would do to rows is no matter.
  return [...best.values()]
    .filter((conflict) => (conflict.why !== "rows" || !refused(conflict)) && !vague(conflict))
    .sort((x, y) => weight(y) - weight(x));
}
