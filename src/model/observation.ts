import type { Effects, RelationId, Work } from "./effects.ts";
import type { LockMode } from "../sql/lock-modes.ts";
import { strength } from "./postgres/locks.ts";

/** What PostgreSQL was seen to do at one statement: relation by relation, comparable with `Effects`. */
export interface Observed {
  /** Strongest lock that the statement took on each relation that existed before it, from RowShareLock up; absent where it cannot be seen, because the statement runs outside of a transaction. */
  readonly locks?: readonly HeldMode[];
  /** Strongest lock that the transaction held before the statement: what it takes again up to that mode is not seen. */
  readonly held: readonly HeldMode[];
  readonly rewrites: readonly RelationId[];
  /** Read from end to end. Absent where `locks` is. */
  readonly scans?: readonly RelationId[];
  /** Tables that were there before the statement and are no more; absent where there are none. */
  readonly dropped?: readonly RelationId[];
  /** Columns that tables have no more: looked at only where the text does not say what the statement drops. */
  readonly droppedColumns?: readonly { readonly relation: RelationId; readonly column: string }[];
  /** Rows written, where there are any. TRUNCATE counts none. */
  readonly rows: readonly WrittenRows[];
  /** Wall clock, over rows of the rehearsal: no measure of production. */
  readonly milliseconds: number;
}

export interface HeldMode {
  readonly relation: RelationId;
  readonly mode: LockMode;
}

export interface WrittenRows {
  readonly relation: RelationId;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

export interface CatalogDifference {
  /** "table", "column", "constraint", "index", "trigger", …: the field's word. */
  readonly kind: string;
  /** "public.posts", "public.posts.title", "public.posts: posts_pkey". */
  readonly object: string;
  readonly change: "missing" | "surplus" | "changed";
  /** As PostgreSQL prints them. */
  readonly was?: string;
  readonly is?: string;
}

/** Where a prediction and PostgreSQL part: lockstep is wrong there. */
export interface Disagreement {
  readonly what: "lock" | "rewrite" | "scan";
  readonly relation: RelationId;
  /** A lock's mode, or "yes"; absent where nothing was predicted. */
  readonly predicted?: string | undefined;
  readonly observed?: string | undefined;
}

export interface Agreement {
  readonly agreed: number;
  /** What was only called possible, and happened. */
  readonly possible: number;
  readonly disagreements: readonly Disagreement[];
}

/** Holds a prediction against PostgreSQL. What was predicted as possible may happen or not. */
export function compareObserved(predicted: Effects, observed: Observed): Agreement {
  const result = { agreed: 0, possible: 0, disagreements: [] as Disagreement[] };
  const aspect = (
    what: Disagreement["what"],
    sure: ReadonlyMap<string, string>,
    possible: (relation: string, seen: string) => boolean,
    seen: ReadonlyMap<string, string>,
  ): void => {
    for (const relation of new Set([...sure.keys(), ...seen.keys()])) {
      const [p, o] = [sure.get(relation), seen.get(relation)];
      if (p === o) result.agreed++;
      else if (o !== undefined && possible(relation, o)) result.possible++;
      else
        result.disagreements.push({
          what,
          relation,
          predicted: p,
          observed: o,
        });
    }
  };
  const locks = predicted.locks.filter((lock) => strength(lock.mode) >= strength("RowShareLock"));
  const sure = strongest(locks.filter((lock) => lock.certainty === "sure"));
  if (observed.locks)
    aspect(
      "lock",
      sure,
      (relation, mode) =>
        locks.some((lock) => lock.certainty !== "sure" && lock.relation === relation && lock.mode === mode),
      seenLocks(sure, observed.locks, observed.held),
    );
  if (observed.scans) aspect("scan", certain(predicted.scans), uncertain(predicted.scans), yes(observed.scans));
  aspect("rewrite", certain(predicted.rewrites), uncertain(predicted.rewrites), yes(observed.rewrites));
  return result;
}

/** One line: "scan public.a: predicted yes, observed nothing". */
export function disagreementSentence({ what, relation, predicted, observed }: Disagreement): string {
  return `${what} ${relation}: predicted ${predicted ?? "nothing"}, observed ${observed ?? "nothing"}`;
}

const yes = (relations: Iterable<string>): ReadonlyMap<string, string> =>
  new Map([...relations].map((relation) => [relation, "yes"]));
const certain = (works: readonly Work[]): ReadonlyMap<string, string> =>
  yes(works.filter((work) => work.certainty === "sure").map((work) => work.relation));
const uncertain =
  (works: readonly Work[]) =>
  (relation: string): boolean =>
    works.some((work) => work.certainty !== "sure" && work.relation === relation);

function strongest(locks: readonly HeldMode[]): ReadonlyMap<string, LockMode> {
  const found = new Map<string, LockMode>();
  for (const { relation, mode } of locks) {
    const before = found.get(relation);
    if (before === undefined || strength(mode) > strength(before)) found.set(relation, mode);
  }
  return found;
}

/** A lock that the transaction held already in that mode or a stronger one is not taken again, so it counts as seen where it is predicted. */
function seenLocks(
  predicted: ReadonlyMap<string, LockMode>,
  locks: readonly HeldMode[],
  held: readonly HeldMode[],
): ReadonlyMap<string, string> {
  const seen = new Map<string, string>(locks.map(({ relation, mode }) => [relation, mode]));
  for (const [relation, mode] of predicted) {
    const before = held.find((lock) => lock.relation === relation);
    if (before !== undefined && strength(before.mode) >= strength(mode)) seen.set(relation, mode);
  }
  return seen;
}
