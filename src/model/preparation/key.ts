import type { Operation } from "../../sql/operation/index.ts";
import { sameColumns } from "../apply/additions.ts";
import { foreignKeys } from "../relatives.ts";
import type { Place, Preparation, RelationId, TooBroad } from "../effects.ts";
import type { Step, WalkPlace } from "../step.ts";
import { type Moment, momentOf } from "./moment.ts";
import { placeOfStep } from "./steps.ts";
import { relationAt } from "../catalog.ts";

/** A foreign key whose orphans are asked for. `columns` and `parentColumns` pair up. */
export interface ReferencingKey {
  readonly child: RelationId;
  readonly columns: readonly string[];
  readonly parent: RelationId;
  readonly parentColumns: readonly string[];
  readonly matchFull: boolean;
}

export type Done = Extract<Preparation, { verdict: "done" }>;
export interface Flawed extends Extract<Preparation, { verdict: "ineffective" }> {
  /** It fails even where no orphan is left: at rows whose key is NULL, or at others. */
  readonly anyway?: "null keys" | "other rows" | undefined;
}

/** Where a change is judged: its step, in the schema of its moment. */
export interface Case {
  readonly key: ReferencingKey;
  /** The constraint. */
  readonly operation: Operation;
  readonly place: WalkPlace;
  readonly step: Step;
  readonly moment: Moment;
  readonly by: Place;
}

export function caseOf(key: ReferencingKey, operation: Operation, place: WalkPlace, step: Step): Case {
  // Tables that the history does not create have the columns that the constraint names.
  const hints = new Map([[key.child, key.columns]]);
  hints.set(key.parent, key.child === key.parent ? [...key.columns, ...key.parentColumns] : key.parentColumns);
  return { key, operation, place, step, moment: momentOf(place, step, hints), by: placeOfStep(step) };
}

export const flaw = (
  at: Case,
  why: Flawed["why"],
  detail: string,
  certainty: "sure" | "maybe" = "sure",
  tooBroad?: TooBroad,
): Flawed => ({ verdict: "ineffective", why, detail, certainty, by: at.by, tooBroad });

/** A change that fails itself. */
export const refusedChange = (
  at: Case,
  sqlstate: string,
  detail: string,
  certainty: "sure" | "maybe" = "sure",
): Flawed => ({ ...flaw(at, "refused", detail, certainty), sqlstate });

/** The other foreign keys of the child: those that are there and those that come or came in this deployment. */
export function otherKeys({
  key,
  place,
  moment,
}: Case): { readonly columns: readonly string[]; readonly parent: RelationId }[] {
  const child = relationAt(place.catalog, key.child);
  const there = child
    ? foreignKeys(child).map((constraint) => ({ columns: constraint.columns, parent: constraint.parent ?? "" }))
    : [];
  const coming = [...place.before, ...place.after()].flatMap(({ operation }) =>
    operation.kind === "addForeignKey" && moment.table(operation.table) === key.child
      ? [{ columns: operation.constraint.columns, parent: moment.table(operation.constraint.parent) }]
      : [],
  );
  return [...there, ...coming].filter(
    (each) => !(each.parent === key.parent && sameColumns(each.columns, key.columns)),
  );
}
