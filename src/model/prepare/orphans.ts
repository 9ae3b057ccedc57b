import type { Change, Expression } from "../../sql/expression.ts";
import { quoted } from "../../sql/names.ts";
import { type Catalog, foreignKeys, resolve } from "../catalog.ts";
import { sameColumns } from "../apply-constraints.ts";
import type { Failure, Place, Preparation, RelationId, TooBroad } from "../effects.ts";
import { relationName } from "../sql.ts";
import type { Step, WalkPlace } from "../walk.ts";
import { type AntiJoin, type Condition, readCondition } from "./antijoin.ts";
import { parentValue } from "./parent-values.ts";
import { type Scope, columnOf, inside, scopeOf } from "./scope.ts";
import { changesOf, placeOf } from "./steps.ts";

/** What earlier statements did about the orphans of one foreign key. */

export interface Key {
  readonly child: RelationId;
  readonly columns: readonly string[];
  readonly parent: RelationId;
  readonly parentColumns: readonly string[];
}

type Done = Extract<Preparation, { verdict: "done" }>;
type Flawed = Extract<Preparation, { verdict: "ineffective" }>;

export function prepareOrphans(failure: Failure, place: WalkPlace): Preparation {
  const { catalog } = place;
  const key: Key = { child: failure.relation, columns: failure.columns, parent: failure.parent ?? "", parentColumns: failure.parentColumns ?? [] };
  const child = catalog.relations.get(key.child);
  if (child?.birth?.deployment === catalog.deployment && child.filledIn !== catalog.deployment) {
    return { verdict: "done", how: "empty table", why: `${child.name} is new and has no rows` };
  }
  const steps = place.before.flatMap((step) => changesOf(step).map((change) => ({ step, change })));
  const held = heldUntilNow(catalog, key, steps);
  if (held) return held;
  const born = bornColumn(catalog, key, steps);
  if (born) return born;

  let outcome: Done | Flawed | undefined;
  for (const { step, change } of steps) {
    const found = cleanup(change, step, key, place);
    if (found?.verdict === "done") outcome = found;
    // A cleanup that works is not undone by another one that does not.
    else if (found && outcome?.verdict !== "done") outcome = found;
    else if (!found && outcome?.verdict === "done") {
      const undone = makesOrphans(change, key, catalog);
      if (undone) outcome = { verdict: "ineffective", why: "undone", detail: undone, certainty: "maybe", by: placeOf(step) };
    }
  }
  if (outcome) return outcome;
  return cleanupAfter(key, place) ?? { verdict: "none" };
}

/** A foreign key over the same columns that held until this deployment dropped it, or that is there still: no orphan can exist. */
function heldUntilNow(catalog: Catalog, key: Key, steps: readonly { readonly step: Step; readonly change: Change }[]): Done | undefined {
  const child = catalog.relations.get(key.child);
  const candidates = [...(child ? foreignKeys(child) : []), ...(child?.released.filter((constraint) => constraint.type === "foreignKey" && constraint.in === catalog.deployment) ?? [])];
  const same = candidates.find(
    (constraint) =>
      constraint.validated &&
      constraint.enforced &&
      constraint.parent === key.parent &&
      constraint.columns.length === key.columns.length &&
      constraint.columns.every((column, i) => constraint.parentColumns?.[i] === key.parentColumns[key.columns.indexOf(column)] && key.columns.includes(column)),
  );
  if (!same) return undefined;
  const loose = child?.constraints.has(same.name) !== true;
  if (loose && steps.some(({ change }) => makesOrphans(change, key, catalog) !== undefined)) return undefined;
  return { verdict: "done", how: "held until now", why: `${same.name} has kept the same rule until now` };
}

/** A column that this deployment added: NULL everywhere, or filled by what the deployment wrote into it. */
function bornColumn(catalog: Catalog, key: Key, steps: readonly { readonly step: Step; readonly change: Change }[]): Done | undefined {
  const child = catalog.relations.get(key.child);
  const fresh = key.columns.filter((name) => child?.columns.get(name)?.birth?.deployment === catalog.deployment);
  for (const name of fresh) {
    const column = child?.columns.get(name);
    const writes = steps.filter(({ change }) => writesColumn(change, key.child, name, catalog));
    if (column?.default === undefined && writes.length === 0) return { verdict: "done", how: "construction", why: `${name} is new and NULL in every row` };
  }
  if (fresh.length < key.columns.length || fresh.length === 0) return undefined;
  let by: Place | undefined;
  for (const name of fresh) {
    const given = child?.columns.get(name)?.default;
    if (given && !(given.kind === "literal" && (given.value === null || inserted(given.value, key, steps, catalog)))) return undefined;
    for (const { step, change } of steps) {
      if (!writesColumn(change, key.child, name, catalog)) continue;
      if (change.kind !== "updateRows") return undefined;
      const scope = scopeOf(catalog, change.ctes, change.from, { relation: key.child, alias: change.alias ?? change.table.name });
      const values = change.set.filter((each) => each.column === name).map((each) => each.value);
      if (!values.every((value) => parentValue(scope, value, key, name))) return undefined;
      by = placeOf(step);
    }
  }
  return { verdict: "done", how: "construction", why: `${fresh.join(", ")} ${fresh.length === 1 ? "is" : "are"} new and filled from ${relationName(key.parent)}`, ...(by && { by }) };
}

const writesColumn = (change: Change, table: RelationId, column: string, catalog: Catalog): boolean =>
  resolve(catalog, change.table) === table && (change.kind === "updateRows" ? change.set.some((each) => each.column === column) : change.kind === "mergeRows" || (change.kind === "insertRows" && change.columns.includes(column)));

/** Whether the deployment inserts a parent with this literal as its key: the default of a new column points at it. */
function inserted(value: unknown, key: Key, steps: readonly { readonly change: Change }[], catalog: Catalog): boolean {
  return steps.some(({ change }) => {
    if (change.kind !== "insertRows" || resolve(catalog, change.table) !== key.parent) return false;
    const at = change.columns.indexOf(key.parentColumns[0] ?? "");
    return (change.query?.values ?? []).some((row) => {
      const cell = row[at];
      return cell?.kind === "literal" && cell.value === value;
    });
  });
}

/** What one change does for the key: cleans it up, tries to and fails, or has nothing to do with it. */
function cleanup(change: Change, step: Step, key: Key, place: WalkPlace): Done | Flawed | undefined {
  const { catalog } = place;
  const table = resolve(catalog, change.table);
  const by = placeOf(step);
  const alias = "alias" in change && change.alias !== undefined ? change.alias : change.table.name;
  const name = relationName(key.child);
  if (table === key.child && change.kind === "deleteRows") {
    const scope = scopeOf(catalog, change.ctes, change.using, { relation: table, alias });
    if (!change.where && change.using.length === 0) return { verdict: "done", how: "delete", why: `every row of ${name} is deleted before it`, by };
    const condition = readCondition(scope, change.where, table, alias, change.using);
    return condition && judge(condition, key, place, step, "delete");
  }
  if (table === key.child && change.kind === "updateRows") {
    const set = change.set.filter((each) => key.columns.includes(each.column));
    if (set.length === 0) return undefined;
    const nulled = set.some((each) => each.value.kind === "literal" && each.value.value === null);
    if (nulled && !change.where && change.from.length === 0) {
      return { verdict: "done", how: "set null", why: `${key.columns.join(", ")} is set to NULL before it`, by, tooBroad: { why: "every row", detail: "the key of every row, also of those that have a parent", certainty: "sure" } };
    }
    const scope = scopeOf(catalog, change.ctes, change.from, { relation: table, alias });
    const condition = readCondition(scope, change.where, table, alias, change.from);
    return condition && judge(condition, key, place, step, nulled ? "set null" : "repoint");
  }
  if (table === key.parent && change.kind === "insertRows") return insertedParents(change, step, key, place);
  return undefined;
}

/** A missing parent for every key: INSERT INTO parent SELECT DISTINCT key FROM child …. */
function insertedParents(change: Extract<Change, { kind: "insertRows" }>, step: Step, key: Key, place: WalkPlace): Done | Flawed | undefined {
  const { catalog } = place;
  if (!change.query || change.query.combine) return undefined;
  const positions = key.parentColumns.map((column) => change.columns.indexOf(column));
  if (positions.includes(-1)) return undefined;
  const scope = inside(scopeOf(catalog, change.ctes, []), change.query);
  const values = positions.map((i) => columnOf(scope, change.query?.targets[i]?.value));
  if (!values.every((value, i) => value?.relation === key.child && value.column === key.columns[i])) return undefined;
  const alias = values[0]?.alias ?? "";
  const condition = readCondition(scope, change.query.where, key.child, alias, change.query.from);
  const by = placeOf(step);
  if (condition) return judge(condition, key, place, step, "insert parents");
  if (change.query.where && !isGivenOnly(change.query.where, scope, key)) {
    return { verdict: "ineffective", why: "filtered", detail: "the missing parents are inserted for some rows only", certainty: "maybe", by };
  }
  return { verdict: "done", how: "insert parents", why: "the missing parents are inserted before it", by };
}

function isGivenOnly(where: Expression, scope: Scope, key: Key): boolean {
  if (where.kind === "and") return where.args.every((arg) => isGivenOnly(arg, scope, key));
  return where.kind === "isNull" && where.negated && key.columns.includes(columnOf(scope, where.arg)?.column ?? "");
}

const WHY: Readonly<Record<"delete" | "set null" | "repoint" | "insert parents", string>> = {
  delete: "the orphans are deleted before it",
  "set null": "the orphans' key is set to NULL before it",
  repoint: "the orphans are pointed at another row before it",
  "insert parents": "the missing parents are inserted before it",
};

/** Whether a condition covers exactly the orphans of the key. */
function judge(condition: Condition, key: Key, place: WalkPlace, step: Step, how: keyof typeof WHY): Done | Flawed | undefined {
  const { catalog } = place;
  const by = placeOf(step);
  const flaw = (why: Flawed["why"], detail: string, certainty: "sure" | "maybe" = "sure"): Flawed => ({ verdict: "ineffective", why, detail, certainty, by });
  const pairOf = (anti: AntiJoin, column: string) => anti.pairs.find(([own]) => own === column)?.[1];
  const matching = condition.anti.filter((anti) => anti.pairs.some(([own]) => key.columns.includes(own)) || anti.partner === key.parent);
  if (matching.length === 0) return undefined;
  const exact = matching.find((anti) => anti.partner === key.parent && anti.pairs.length === key.columns.length && key.columns.every((column, i) => pairOf(anti, column) === key.parentColumns[i]));
  if (!exact) return mismatch(matching, key, place, flaw);
  if (condition.anti.length > 1 && !condition.anti.every((anti) => anti === exact || anti.partner !== key.parent)) return flaw("some columns", `it looks at ${key.columns.join(" and ")} one by one instead of together`);
  if (exact.nullTrap !== "no") {
    const column = `${relationName(exact.partner)}.${exact.trapColumn ?? ""}`;
    return flaw("null in NOT IN", column, exact.nullTrap === "yes" ? "sure" : "maybe");
  }
  // The rows below a deleted row become orphans by that very statement.
  if (key.child === key.parent && how === "delete" && step.operation.body?.loop !== true) return flaw("self reference", relationName(key.child));
  if (condition.limited && step.operation.body?.loop !== true) return flaw("limited", "it takes one batch and does not repeat");
  if (condition.filters.length > 0) return flaw("filtered", condition.filters.join(" AND "));
  if (exact.pairs.length < key.columns.length) return flaw("some columns", exact.pairs.map(([own]) => own).join(", "));
  const tooBroad = breadth(condition, exact, key, catalog, how);
  return { verdict: "done", how, why: WHY[how], by, ...(tooBroad && { tooBroad }) };
}

function mismatch(matching: readonly AntiJoin[], key: Key, place: WalkPlace, flaw: (why: Flawed["why"], detail: string) => Flawed): Flawed | undefined {
  const anti = matching[0] as AntiJoin;
  const own = anti.pairs.map(([column]) => column);
  const other = anti.pairs.map(([, column]) => column);
  if (anti.partner !== key.parent) {
    return belongsElsewhere(anti, key, place) ? undefined : flaw("wrong parent", `it compares ${own.join(", ")} with ${relationName(anti.partner)} instead of ${relationName(key.parent)}`);
  }
  if (!own.some((column) => key.columns.includes(column))) {
    return belongsElsewhere(anti, key, place) ? undefined : flaw("wrong column", `it looks at ${own.join(", ")} instead of ${key.columns.join(", ")}`);
  }
  if (own.length < key.columns.length) return flaw("some columns", `it looks at ${own.join(", ")} and leaves out ${key.columns.filter((column) => !own.includes(column)).join(", ")}`);
  return flaw("wrong column", `it compares with ${relationName(key.parent)}(${other.join(", ")}) instead of (${key.parentColumns.join(", ")})`);
}

/** The cleanup is for another foreign key: one that is there or that comes in this deployment. */
function belongsElsewhere(anti: AntiJoin, key: Key, place: WalkPlace): boolean {
  const own = anti.pairs.map(([column]) => column);
  const { catalog } = place;
  const child = catalog.relations.get(key.child);
  if (child && foreignKeys(child).some((constraint) => sameColumns(constraint.columns, own) && constraint.parent === anti.partner)) return true;
  return [...place.after(), ...place.before].some(
    ({ operation }) => operation.kind === "addForeignKey" && resolve(catalog, operation.table) === key.child && sameColumns(operation.constraint.columns, own) && resolve(catalog, operation.constraint.parent) === anti.partner,
  );
}

/** Rows beside the orphans that the condition hits. A NULL key that is set to NULL again, or gets no parent, harms nobody. */
function breadth(condition: Condition, anti: AntiJoin, key: Key, catalog: Catalog, how: keyof typeof WHY): TooBroad | undefined {
  if (condition.others.length > 0) return { why: "other rows", detail: `rows where ${condition.others.join(" or ")}`, certainty: "sure" };
  if (anti.partnerFilter !== undefined && how !== "insert parents") {
    return { why: "filtered parents", detail: `rows whose ${relationName(key.parent)} is there but does not match ${anti.partnerFilter}`, certainty: "sure" };
  }
  if (!anti.hitsNull || how === "set null" || how === "insert parents") return undefined;
  const child = catalog.relations.get(key.child);
  const open = key.columns.filter((column) => !condition.given.includes(column) && child?.columns.get(column)?.notNull !== true);
  if (open.length === 0) return undefined;
  const certainty = open.some((column) => child?.columns.get(column)?.notNull === false) ? "sure" : "maybe";
  return { why: "null keys", detail: `rows whose ${open.join(" or ")} is NULL, which are no orphans`, certainty, keep: open.map((column) => `${quoted(column)} IS NOT NULL`).join(" AND ") };
}

/** A change that can leave new orphans behind, as a sentence. */
function makesOrphans(change: Change, key: Key, catalog: Catalog): string | undefined {
  const table = resolve(catalog, change.table);
  if (table === key.parent && table !== key.child && change.kind === "deleteRows") return `rows of ${relationName(key.parent)} are deleted after it`;
  if (table === key.parent && change.kind === "updateRows" && change.set.some((each) => key.parentColumns.includes(each.column))) return `keys of ${relationName(key.parent)} are changed after it`;
  if (table !== key.child || change.kind !== "updateRows") return undefined;
  const scope = scopeOf(catalog, change.ctes, change.from, { relation: table, alias: change.alias ?? change.table.name });
  const bad = change.set.find((each) => key.columns.includes(each.column) && !parentValue(scope, each.value, key, each.column));
  return bad && `${bad.column} is written after it with a value that need not exist in ${relationName(key.parent)}`;
}

/** A cleanup that comes too late. */
function cleanupAfter(key: Key, place: WalkPlace): Flawed | undefined {
  for (const next of place.after()) {
    const step: Step = { ...next, effects: { locks: [], rewrites: [], scans: [], losses: [], failures: [], breaks: [] } };
    for (const change of changesOf(step)) {
      const found = cleanup(change, step, key, place);
      if (found?.verdict === "done" && found.how !== "repoint") return { verdict: "ineffective", why: "after", detail: "the cleanup comes after the constraint", certainty: "sure", by: placeOf(step) };
    }
  }
  return undefined;
}

