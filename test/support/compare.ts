import { MODES, type Observed } from "./observe.ts";
import type { Predicted } from "./predict.ts";

interface Lock {
  readonly relation: string;
  readonly mode: string;
}

export interface Difference {
  readonly what: "lock" | "rewrite" | "scan";
  readonly relation: string;
  /** A lock's mode, or "yes"; absent where nothing was predicted. */
  readonly predicted?: string;
  readonly observed?: string;
}

export interface Comparison {
  readonly agreed: number;
  /** What was only called possible, and happened. */
  readonly possible: number;
  readonly differences: readonly Difference[];
}

/** Relation by relation. Something that was predicted as possible may happen or not. */
export function compare(predicted: Predicted, observed: Observed): Comparison {
  const result = { agreed: 0, possible: 0, differences: [] as Difference[] };
  const aspect = (what: Difference["what"], sure: ReadonlyMap<string, string>, possible: ReadonlyMap<string, string>, seen: ReadonlyMap<string, string>): void => {
    for (const relation of new Set([...sure.keys(), ...seen.keys()])) {
      const [p, o] = [sure.get(relation), seen.get(relation)];
      if (p === o) result.agreed++;
      else if (o !== undefined && possible.get(relation) === o) result.possible++;
      else result.differences.push({ what, relation, ...(p === undefined ? {} : { predicted: p }), ...(o === undefined ? {} : { observed: o }) });
    }
  };
  const modes = (locks: readonly Lock[]): ReadonlyMap<string, string> => new Map(locks.map(({ relation, mode }) => [relation, mode]));
  const yes = (relations: readonly string[]): ReadonlyMap<string, string> => new Map(relations.map((relation) => [relation, "yes"]));
  if (observed.locks !== undefined) {
    aspect("lock", modes(predicted.locks), modes(predicted.possible.locks), seenLocks(predicted, observed.locks, observed.held ?? []));
    aspect("scan", yes(predicted.scans), yes(predicted.possible.scans.map((work) => work.relation)), yes(observed.scans));
  }
  aspect("rewrite", yes(predicted.rewrites), yes(predicted.possible.rewrites.map((work) => work.relation)), yes(observed.rewrites));
  return result;
}

/** A lock that the transaction held already in that mode or a stronger one is not taken again, so it counts as seen where it is predicted. */
function seenLocks(predicted: Predicted, locks: readonly Lock[], held: readonly Lock[]): ReadonlyMap<string, string> {
  const seen = new Map(locks.map(({ relation, mode }) => [relation, mode]));
  for (const { relation, mode } of predicted.locks) {
    const before = held.find((lock) => lock.relation === relation);
    if (before !== undefined && MODES.indexOf(before.mode) >= MODES.indexOf(mode)) seen.set(relation, mode);
  }
  return seen;
}

/** One line: "scan public.a: predicted yes, observed nothing". */
export function sentence({ what, relation, predicted, observed }: Difference): string {
  return `${what} ${relation}: predicted ${predicted ?? "nothing"}, observed ${observed ?? "nothing"}`;
}
