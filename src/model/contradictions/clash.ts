import type { Birth } from "../catalog.ts";

/** Why PostgreSQL would refuse a statement, whatever the rows are. */
export interface Contradiction {
  /** Something of that name is there already, or what it needs is not. */
  readonly kind: "taken" | "missing";
  /** https://www.postgresql.org/docs/current/errcodes-appendix.html */
  readonly sqlstate: string;
  /** As a clause: "table users is there already". */
  readonly sentence: string;
  /** The object: "public.users", "public.users.email". */
  readonly object: string;
  /** When the object that is in the way was made, where that is known. */
  readonly birth?: Birth | undefined;
}

export const lacks = (sqlstate: string, object: string, sentence: string, birth?: Birth): Contradiction => ({
  kind: "missing",
  sqlstate,
  object,
  sentence,
  birth,
});

export const clashes = (sqlstate: string, object: string, sentence: string, birth?: Birth): Contradiction => ({
  ...lacks(sqlstate, object, sentence, birth),
  kind: "taken",
});

export function firstOf<T>(
  items: Iterable<T>,
  look: (item: T) => Contradiction | undefined,
): Contradiction | undefined {
  for (const item of items) {
    const seen = look(item);
    if (seen) return seen;
  }
  return undefined;
}
