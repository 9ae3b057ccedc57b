import type { Change } from "../../sql/expression.ts";
import type { Operation } from "../../sql/operation/index.ts";
import { type Catalog, type Relation, relationAt } from "../catalog.ts";
import { foreignKeys } from "../relatives.ts";
import type { Failure, Place, Preparation, TooBroad } from "../effects.ts";
import { relationName } from "../../sql/names.ts";
import type { HistoryPlace, Step, WalkPlace } from "../step.ts";
import { cleanup, filledFromParent, makesOrphans, writesColumn } from "./cleanup.ts";
import { mayFill } from "./emptying.ts";
import { momentOf } from "./moment.ts";
import { addedAt, sinceAdded } from "./validation.ts";
import { type Case, type Done, type Flawed, type ReferencingKey, caseOf, flaw, refusedChange } from "./key.ts";
import { changesOf, placeOfStep, withoutEffects } from "./steps.ts";

/** What earlier statements did about the orphans of one foreign key. */
export function prepareOrphans(failure: Failure, operation: Operation, place: HistoryPlace): Preparation {
  const now = prepared(failure, operation, place, place.catalog.deployment);
  if (now.verdict === "done" || (now.verdict === "ineffective" && now.why === "refused")) return now;
  if (operation.kind !== "validateConstraint") return now;
  const since = sinceAdded(operation, place);
  const whole = since && prepared(failure, operation, since.place, since.deployment);
  if (whole?.verdict !== "done") return now;
  // What a deployed cleanup took too many is gone; what a pending one takes is not.
  const { tooBroad: _, ...rest } = whole;
  const tooBroad =
    now.verdict === "ineffective" ? now.tooBroad && { ...now.tooBroad, by: now.tooBroad.by ?? now.by } : undefined;
  const settled = !whole.by || place.earlier().some(({ migration }) => migration.file === whole.by?.file);
  return { ...rest, ...(tooBroad && { tooBroad }), ...(settled && { settled: true }) };
}

/** What was done in the deployment at hand, whose number is `deployment`. */
function prepared(failure: Failure, operation: Operation, place: WalkPlace, deployment: number): Preparation {
  const { catalog } = place;
  const key: ReferencingKey = {
    child: failure.relation,
    columns: failure.columns,
    parent: failure.parent ?? "",
    parentColumns: failure.parentColumns ?? [],
    matchFull: operation.kind === "addForeignKey" && operation.constraint.matchFull,
  };
  const child = relationAt(catalog, key.child);
  const guarded = guardedFrom(operation, place);
  if (child?.birth?.deployment === deployment && !isFilled(child, place, deployment, guarded)) {
    return { verdict: "done", how: "empty table", why: `${child.name} is new and has no rows` };
  }
  const events = eventsOf(key, operation, place);
  const held = heldUntilNow(catalog, key, events, deployment);
  if (held) return held;
  const born = bornColumn(catalog, key, events, deployment);
  if (born) return born;

  let outcome: Done | Flawed | undefined;
  let refused = false;
  let broad: { readonly tooBroad: TooBroad; readonly by: Place } | undefined;
  for (const { at, changes } of events) {
    const found = changes.map((change) => ({ change, found: judged(change, at) }));
    for (const each of found) {
      if (each.found?.tooBroad) broad ??= { tooBroad: each.found.tooBroad, by: at.by };
      if (refused) continue;
      if (each.found?.verdict === "done") outcome = each.found;
      // A cleanup that works is not undone by another one that does not, unless that fails.
      else if (
        each.found &&
        (outcome?.verdict !== "done" || (each.found.anyway && each.found.anyway !== broad?.tooBroad.why))
      )
        outcome = each.found;
    }
    // Nothing after it runs.
    refused ||= outcome?.verdict === "ineffective" && outcome.why === "refused" && outcome.certainty === "sure";
    if (refused) continue;
    // What a statement deletes beside a cleanup is still there for the cleanup.
    const others = found.filter((each) => each.found?.verdict !== "done");
    const undone = others.map(({ change }) => orphaned(change, at)).find((sentence) => sentence !== undefined);
    if (undone === undefined) continue;
    if (place.before.indexOf(at.step) >= guarded) {
      // PostgreSQL holds the parents then, and refuses such a row of the child, whatever cleans up after it.
      if (
        !others.some(({ change }) => at.moment.table(change.table) === key.child && orphaned(change, at) !== undefined)
      )
        continue;
      outcome = refusedChange(
        at,
        "23503",
        `it writes ${key.columns.join(", ")} with a value that need not be in ${relationName(key.parent)}, and the constraint, NOT VALID as it is, refuses that`,
        "maybe",
      );
      refused = true;
    } else if (outcome?.verdict === "done") outcome = flaw(at, "undone", undone, "maybe");
  }
  if (!outcome) return cleanupAfter(key, operation, place) ?? { verdict: "none" };
  if (outcome.verdict === "ineffective") {
    const { anyway: _, ...rest } = outcome;
    outcome = rest;
  }
  // Rows that one cleanup took too many do not come back because another one is right.
  return broad && !outcome.tooBroad ? { ...outcome, tooBroad: { ...broad.tooBroad, by: broad.by } } : outcome;
}

/** TRUNCATE is no change of rows by a condition. */
type Event = Change | Extract<Operation, { kind: "truncate" }>;

interface Events {
  readonly at: Case;
  readonly changes: readonly Event[];
}

const changedBy = (step: Pick<Step, "operation" | "called">): Event[] =>
  step.operation.kind === "truncate" ? [step.operation] : changesOf(step);

const eventsOf = (key: ReferencingKey, operation: Operation, place: WalkPlace): Events[] =>
  place.before.flatMap((step) => {
    const changes = changedBy(step);
    return changes.length === 0 ? [] : [{ at: caseOf(key, operation, place, step), changes }];
  });

function judged(change: Event, at: Case): Done | Flawed | undefined {
  if (change.kind !== "truncate") return cleanup(change, at);
  if (at.moment.table(change.table) !== at.key.child || change.body?.conditional) return undefined;
  return { verdict: "done", how: "delete", why: `${relationName(at.key.child)} is emptied before it`, by: at.by };
}

function orphaned(change: Event, at: Case): string | undefined {
  if (change.kind !== "truncate") return makesOrphans(change, at);
  return at.moment.table(change.table) === at.key.parent && at.key.parent !== at.key.child
    ? `${relationName(at.key.parent)} is emptied after it`
    : undefined;
}

/** The step from which PostgreSQL lets no new orphan in: where the constraint was added NOT VALID. */
const guardedFrom = (operation: Operation, place: WalkPlace): number =>
  operation.kind === "validateConstraint" ? Math.max(0, addedAt(operation, place)) : Infinity;

/** Rows came into a new table before the constraint was there. */
function isFilled(child: Relation, place: WalkPlace, deployment: number, guarded: number): boolean {
  if (deployment === place.catalog.deployment) return child.filledIn === deployment;
  return place.before
    .slice(0, guarded)
    .some((step) => mayFill(step, (name) => momentOf(place, step).table(name) === child.id));
}

/** A foreign key over the same columns that held until this deployment dropped it, or that is there still: no orphan can exist. */
function heldUntilNow(
  catalog: Catalog,
  key: ReferencingKey,
  events: readonly Events[],
  deployment: number,
): Done | undefined {
  const child = relationAt(catalog, key.child);
  const candidates = [
    ...(child ? foreignKeys(child) : []),
    ...(child?.released.filter(
      (constraint) => constraint.type === "foreignKey" && constraint.in === deployment && !constraint.withColumn,
    ) ?? []),
  ];
  const same = candidates.find(
    (constraint) =>
      constraint.validated &&
      constraint.enforced &&
      constraint.parent === key.parent &&
      constraint.columns.length === key.columns.length &&
      key.columns.every(
        (column, i) =>
          constraint.columns.includes(column) &&
          constraint.parentColumns?.[constraint.columns.indexOf(column)] === key.parentColumns[i],
      ),
  );
  if (!same || (key.matchFull && key.columns.length > 1)) return undefined;
  if (
    child?.constraints.get(same.name) !== same &&
    events.some(
      ({ at, changes }) => !stoodAt(at, same.name) && changes.some((change) => orphaned(change, at) !== undefined),
    )
  )
    return undefined;
  return { verdict: "done", how: "held until now", why: `${same.name} has kept the same rule until now` };
}

/** The constraint was still there when the step ran. */
function stoodAt({ place, step }: Case, name: string): boolean {
  const dropped = place.before.findIndex(
    ({ operation }) => operation.kind === "dropConstraint" && operation.constraint === name,
  );
  return dropped >= 0 && place.before.indexOf(step) < dropped;
}

/** A column that this deployment added: NULL everywhere, or filled by what the deployment wrote into it. */
function bornColumn(
  catalog: Catalog,
  key: ReferencingKey,
  events: readonly Events[],
  deployment: number,
): Done | undefined {
  const child = relationAt(catalog, key.child);
  const fresh = key.columns.filter((name) => child?.columns.get(name)?.birth?.deployment === deployment);
  const writes = (name: string) =>
    events.flatMap(({ at, changes }) =>
      changes.flatMap((change) =>
        change.kind !== "truncate" && writesColumn(change, name, at) ? [{ change, at }] : [],
      ),
    );
  for (const name of key.matchFull && key.columns.length > 1 ? [] : fresh) {
    const column = child?.columns.get(name);
    const filled =
      column?.default !== undefined ||
      column?.generated ||
      column?.identity ||
      /serial$/.test(column?.type?.name ?? "");
    if (!filled && writes(name).length === 0)
      return { verdict: "done", how: "construction", why: `${name} is new and NULL in every row` };
  }
  if (key.matchFull && key.columns.length > 1) return undefined;
  // A row has a key only where the deployment wrote the column that was not there before.
  const last = events.at(-1)?.at;
  const name = fresh.find((each) => {
    const column = child?.columns.get(each);
    if (column?.generated || column?.identity || /serial$/.test(column?.type?.name ?? "")) return false;
    return (
      !column?.default ||
      (key.columns.length === 1 && last !== undefined && filledFromParent(column.default, each, last))
    );
  });
  if (name === undefined) return undefined;
  let by: Place | undefined;
  for (const { at, changes } of events) {
    for (const change of changes) {
      if (change.kind !== "truncate" && key.columns.some((column) => writesColumn(change, column, at))) {
        if (makesOrphans(change, at) !== undefined) return undefined;
        by = placeOfStep(at.step);
      } else if (by && orphaned(change, at) !== undefined) return undefined;
    }
  }
  return {
    verdict: "done",
    how: "construction",
    why: `${name} is new and filled from ${relationName(key.parent)}`,
    by,
  };
}

/** A cleanup that comes too late. */
function cleanupAfter(key: ReferencingKey, operation: Operation, place: WalkPlace): Flawed | undefined {
  for (const next of place.after()) {
    const step = withoutEffects(next);
    for (const change of changesOf(step)) {
      const at = caseOf(key, operation, place, step);
      const found = cleanup(change, at);
      if (found?.verdict === "done" && found.how !== "repoint")
        return flaw(at, "after", "the cleanup comes after the constraint");
    }
  }
  return undefined;
}
