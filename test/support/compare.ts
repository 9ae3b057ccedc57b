import type { Observed } from "./observe.ts";
import type { Predicted } from "./predict.ts";

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
  const modes = (locks: readonly { readonly relation: string; readonly mode: string }[]): ReadonlyMap<string, string> => new Map(locks.map(({ relation, mode }) => [relation, mode]));
  const yes = (relations: readonly string[]): ReadonlyMap<string, string> => new Map(relations.map((relation) => [relation, "yes"]));
  if (observed.locks !== undefined) {
    aspect("lock", modes(predicted.locks), modes(predicted.possible.locks), modes(observed.locks));
    aspect("scan", yes(predicted.scans), yes(predicted.possible.scans.map((work) => work.relation)), yes(observed.scans));
  }
  aspect("rewrite", yes(predicted.rewrites), yes(predicted.possible.rewrites.map((work) => work.relation)), yes(observed.rewrites));
  return result;
}

/** One line: "scan public.a: predicted yes, observed nothing". */
export function sentence({ what, relation, predicted, observed }: Difference): string {
  return `${what} ${relation}: predicted ${predicted ?? "nothing"}, observed ${observed ?? "nothing"}`;
}
