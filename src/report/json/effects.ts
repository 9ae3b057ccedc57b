import type { Effects, Failure, Place, Preparation, Work } from "../../model/effects.ts";
import { strength, strongest } from "../../model/postgres/locks.ts";
import { byText } from "../../words.ts";

/**
 * The contract: what is sure is in `locks`, `rewrites` and `scans` and can be compared with what PostgreSQL does;
 * what depends on rows or on details that the text does not say is in `possible`. ACCESS SHARE is left out.
 */
export function effectsOf(effects: Effects, placeOf: (place: Place) => unknown) {
  const locks = effects.locks.filter((lock) => strength(lock.mode) >= strength("RowShareLock"));
  const sure = strongest(locks.filter((lock) => lock.certainty === "sure"));
  const held = new Map(sure.map((lock) => [lock.relation, strength(lock.mode)]));
  const possible = strongest(
    locks.filter((lock) => lock.certainty !== "sure" && strength(lock.mode) > (held.get(lock.relation) ?? -1)),
  );
  return {
    locks: sure.map(({ relation, mode }) => ({ relation, mode })),
    rewrites: certain(effects.rewrites),
    scans: certain(effects.scans),
    losses: effects.losses.map(({ kind, relation, name, data, certainty, where, along }) => ({
      kind,
      relation,
      name,
      data,
      certainty,
      where,
      along,
    })),
    failures: effects.failures.map((failure) => failureOf(failure, placeOf)),
    breaks: effects.breaks.map(({ kind, relation, name, sentence }) => ({ kind, relation, name, sentence })),
    possible: {
      locks: possible.map(({ relation, mode, certainty }) => ({ relation, mode, certainty })),
      rewrites: uncertain(effects.rewrites),
      scans: uncertain(effects.scans),
    },
  };
}

function certain(works: readonly Work[]): readonly string[] {
  return [...new Set(works.filter((work) => work.certainty === "sure").map((work) => work.relation))].sort(byText);
}

function uncertain(works: readonly Work[]) {
  const sure = new Set(certain(works));
  const found = new Map<string, Work>();
  for (const work of works) {
    if (!sure.has(work.relation) && !(found.get(work.relation)?.certainty === "rows")) found.set(work.relation, work);
  }
  return [...found.values()]
    .sort((a, b) => byText(a.relation, b.relation))
    .map(({ relation, certainty, reason }) => ({ relation, certainty, reason }));
}

function failureOf(failure: Failure, placeOf: (place: Place) => unknown) {
  const { preparation } = failure;
  return {
    kind: failure.kind,
    relation: failure.relation,
    columns: failure.columns,
    parent: failure.parent,
    parentColumns: failure.parentColumns,
    sqlstate: failure.sqlstate,
    certainty: failure.certainty,
    countQuery: failure.countQuery,
    detail: failure.detail,
    preparation: preparationOf(preparation, placeOf),
  };
}

function preparationOf(preparation: Preparation, placeOf: (place: Place) => unknown) {
  const by = "by" in preparation && preparation.by ? placeOf(preparation.by) : undefined;
  switch (preparation.verdict) {
    case "none":
      return { verdict: preparation.verdict };
    case "done": {
      const { verdict, how, why, tooBroad } = preparation;
      return {
        verdict,
        how,
        why,
        by,
        tooBroad: tooBroad && {
          why: tooBroad.why,
          detail: tooBroad.detail,
          certainty: tooBroad.certainty,
          keep: tooBroad.keep,
        },
      };
    }
    case "ineffective": {
      const { verdict, why, detail, certainty } = preparation;
      return { verdict, why, detail, certainty, by };
    }
  }
}
