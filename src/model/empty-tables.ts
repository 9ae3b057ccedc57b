import { type Catalog, resolve } from "./catalog.ts";
import type { Effects, Failure, RelationId } from "./effects.ts";
import { changesOf } from "./preparation/steps.ts";
import type { Step } from "./step.ts";

/**
 * Deployed tables that have no row and no dead row either at this place of a deployment: TRUNCATE, and a required column without a default,
 * which only an empty table survives. What reads, checks or rewrites their rows takes no time and finds nothing.
 */
export interface EmptyTables {
  /** The effects that are left of a statement: the same object where none is gone. */
  without(effects: Effects): Effects;
  follow(step: Step, catalog: Catalog): void;
}

export function emptyTables(): EmptyTables {
  const empty = new Set<RelationId>();
  const isLeft = ({ relation }: { readonly relation: RelationId }): boolean => !empty.has(relation);
  return {
    without(effects) {
      if (empty.size === 0) return effects;
      const scans = effects.scans.filter(isLeft);
      const rewrites = effects.rewrites.filter(isLeft);
      const failures = effects.failures.map((failure) => (isLeft(failure) ? failure : onEmpty(failure)));
      const changed = failures.some((failure, at) => failure !== effects.failures[at]);
      return scans.length === effects.scans.length && rewrites.length === effects.rewrites.length && !changed
        ? effects
        : { ...effects, scans, rewrites, failures };
    },
    follow({ operation, effects }, catalog) {
      // Views, functions and triggers may fill others; what the statement names is what is looked at.
      for (const change of changesOf({ operation }))
        if (change.kind === "insertRows" || change.kind === "mergeRows") empty.delete(resolve(catalog, change.table));
      const { body } = operation;
      const surely = !body || (body.in === "do" && !body.conditional && !body.guarded && !body.loop);
      const { kind } = operation;
      if (kind === "truncate" && surely) empty.add(resolve(catalog, operation.table));
      if (kind === "addColumn" && surely && effects.failures.some(isRequired))
        empty.add(resolve(catalog, operation.table));
      if (kind === "copy" && operation.table) empty.delete(resolve(catalog, operation.table));
      // What these do cannot be read, or takes back what was done.
      const undoes = kind === "transaction" && (operation.action === "rollback" || operation.action === "rollbackTo");
      if (kind === "opaque" || kind === "call" || undoes) empty.clear();
    },
  };
}

const isRequired = ({ kind, demand }: Failure): boolean =>
  kind === "nulls" && demand?.kind === "atMost" && demand.rows === 0;

/** A failure that needs a row of the table itself. */
const onEmpty = (failure: Failure): Failure =>
  failure.certainty === "sure" || failure.kind === "dependents" || failure.kind === "refused"
    ? failure
    : {
        ...failure,
        preparation: { verdict: "done", how: "empty table", why: "the table is empty by then" },
      };
