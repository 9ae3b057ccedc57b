import { relationOf } from "../../sql/names.ts";
import type { Operation } from "../../sql/operation/index.ts";
import { apply } from "../apply/index.ts";
import type { Catalog } from "../catalog.ts";
import { type MutableCatalog, copyCatalog, emptyCatalog } from "../apply/catalog.ts";
import { endTransaction } from "../apply/session.ts";
import { type Difference, differences } from "../differences.ts";
import { objectAccesses } from "./accesses.ts";
import { canonical } from "./canonical.ts";
import { certain } from "./certainty.ts";
import { objectConflicts } from "./conflicts.ts";
import type {
  Access,
  Commutation,
  CommutingMigration,
  Footprint,
  OrderConflict,
  OrderedStatement,
  OrderResult,
  OrderVerdict,
} from "./commutation.ts";
import { type ObjectAccess, type RowAccess, type SchemaObject, objectKey } from "./objects.ts";
import { incompleteConflicts } from "./incomplete.ts";
import { opaqueConflicts } from "./opaque.ts";
import { isUnknown } from "./unknown.ts";
import { rowAccesses } from "./rows.ts";
import { strongest } from "./strongest.ts";
import { rowConflict } from "./row-conflicts.ts";
import { type Contradiction, contradiction } from "../contradictions/index.ts";

/**
 * Whether the migrations of `one` and of `other`, both written for the schema `base`, come to the same in either order. First by
 * what they touch; where that overlaps, both orders are folded into copies of `base` and compared. `base` is not changed.
 */
export function commute(
  base: Catalog,
  one: readonly CommutingMigration[],
  other: readonly CommutingMigration[],
): Commutation {
  const oneFirst = copyCatalog(base);
  const otherFirst = copyCatalog(base);
  const a = footprint(oneFirst, one);
  const b = footprint(otherFirst, other);
  const own = [oneFirst.searchPath, otherFirst.searchPath];
  const objects = objectConflicts(a.side, b.side);
  const found = [
    ...objects.conflicts,
    ...rowConflicts(a.side, b.side),
    ...opaqueConflicts(a.side, b.side, one, other),
    ...incompleteConflicts(a.side, b.side),
  ];
  if (objects.fold) {
    const refusedSecond = run(oneFirst, b.side.steps, b.refused);
    const refusedFirst = run(otherFirst, a.side.steps, a.refused);
    found.push(...refusals(a.side, b.side, refusedSecond, refusedFirst));
    // After a refusal the catalogs say nothing more.
    if (refusedSecond.length + refusedFirst.length === 0)
      for (const difference of differences(oneFirst, otherFirst)) found.push(stateConflict(a.side, b.side, difference));
  }
  if (own.some((path) => path.join() !== base.searchPath.join()))
    found.push(...settingConflicts(base, a.side, b.side, own));
  const because = strongest(found);
  const verdict = (of: readonly OrderConflict[]): OrderVerdict =>
    of.some((each) => each.verdict === "no") ? "no" : of.length > 0 ? "unknown" : "yes";
  return {
    commutes: verdict(because),
    schema: verdict(because.filter(({ why }) => why !== "rows")),
    rows: verdict(because.filter(({ why }) => why === "rows" || why === "opaque")),
    because,
    columnOrder: objects.columnOrder,
  };
}

/** Applies a side to a catalog and notes what it touches, and what was refused already without the other side. */
function footprint(
  catalog: MutableCatalog,
  migrations: readonly CommutingMigration[],
): { readonly side: Footprint; readonly refused: ReadonlySet<Operation> } {
  const objects = new Map<string, Access<ObjectAccess>[]>();
  const rows = new Map<string, Access<RowAccess>[]>();
  const steps: OrderedStatement[] = [];
  const refused = new Set<Operation>();
  catalog.deployment++;
  // What the side itself makes has no rows that the other side could know.
  const made = new Set<string>();
  const filled = new Set<string>();
  for (const migration of migrations) {
    for (const statement of migration.statements) {
      for (const operation of statement.operations) {
        const at: OrderedStatement = { migration: migration.id, file: migration.file, statement, operation };
        steps.push(at);
        const text = migration.file.text.slice(operation.range.start, operation.range.end);
        for (const seen of objectAccesses(catalog, operation, text)) {
          const access =
            seen.mode === "makes" && isUnknown(catalog, seen.object) ? { ...seen, fresh: true as const } : seen;
          if (access.mode === "makes") made.add(objectKey(access.object));
          put(objects, objectKey(access.object), { access, at });
        }
        for (const access of rowAccesses(catalog, operation)) {
          const isOwn = (relation: string): boolean => made.has(`relation ${relation}`);
          if (isOwn(access.relation)) {
            if (access.mode === "insert") filled.add(access.relation);
          }
          // A foreign key of a table without rows looks nothing up.
          else if (access.child === undefined || !isOwn(access.child) || filled.has(access.child))
            put(rows, access.relation, { access, at });
        }
        if (contradiction(catalog, operation)) refused.add(operation);
        apply(catalog, operation, {
          deployment: catalog.deployment,
          migration: migration.id,
          statement: statement.index,
        });
      }
    }
    endTransaction(catalog);
  }
  return { side: { objects, rows, steps }, refused };
}

function put<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

interface Refusal {
  readonly step: OrderedStatement;
  readonly contradiction: Contradiction;
}

/** Applies the operations of the second side, and notes what is refused only because the first one ran. */
function run(catalog: MutableCatalog, steps: readonly OrderedStatement[], before: ReadonlySet<Operation>): Refusal[] {
  const found: Refusal[] = [];
  for (const [at, step] of steps.entries()) {
    if (step.migration !== steps[at - 1]?.migration) endTransaction(catalog);
    const seen = before.has(step.operation) ? undefined : contradiction(catalog, step.operation);
    if (seen) found.push({ step, contradiction: seen });
    apply(catalog, step.operation, {
      deployment: catalog.deployment,
      migration: step.migration,
      statement: step.statement.index,
    });
  }
  endTransaction(catalog);
  return found;
}

function refusals(a: Footprint, b: Footprint, second: readonly Refusal[], first: readonly Refusal[]): OrderConflict[] {
  const result = (refusal: Refusal | undefined): OrderResult =>
    refusal
      ? {
          is: "refused",
          sqlstate: refusal.contradiction.sqlstate,
          sentence: refusal.contradiction.sentence,
          statement: refusal.step,
        }
      : { is: "unknown" };
  const conflict = (
    refusal: Refusal,
    refusedIn: "oneFirst" | "otherFirst",
    twin: Refusal | undefined,
  ): OrderConflict => {
    const culprit = partner(refusedIn === "oneFirst" ? a : b, refusal.contradiction.object) ?? refusal.step;
    const [one, other] = refusedIn === "oneFirst" ? [culprit, refusal.step] : [refusal.step, culprit];
    const mine = result(refusal);
    const theirs = twin ? result(twin) : ({ is: "state" } as const);
    return {
      verdict: certain(one, other),
      why: "refused",
      object: { kind: kindOf(refusal.contradiction.object), name: refusal.contradiction.object },
      one,
      other,
      leaves: refusedIn === "oneFirst" ? [mine, theirs] : [theirs, mine],
    };
  };
  const same = (refusal: Refusal) => (each: Refusal) => each.contradiction.object === refusal.contradiction.object;
  return [
    ...second.map((refusal) => conflict(refusal, "oneFirst", first.find(same(refusal)))),
    ...first
      .filter((refusal) => !second.some(same(refusal)))
      .map((refusal) => conflict(refusal, "otherFirst", undefined)),
  ];
}

const kindOf = (object: string): SchemaObject["kind"] => (relationOf(object) !== object ? "column" : "relation");

/** The last statement of a side that had to do with an object of this name. */
function partner(side: Footprint, name: string): OrderedStatement | undefined {
  let best: OrderedStatement | undefined;
  let depth = -1;
  for (const accesses of side.objects.values()) {
    for (const { access, at } of accesses) {
      const exact = access.object.name === name || access.object.name === name.replace(/\.(?=[^.]*$)/, ": ");
      const near = exact
        ? 2
        : name.startsWith(`${access.object.name}.`) || access.object.name.startsWith(`${name}.`)
          ? 1
          : -1;
      const weight =
        near < 0
          ? -1
          : near * 10 + (access.mode === "makes" || access.mode === "unmakes" ? 2 : access.mode === "changes" ? 1 : 0);
      if (weight > depth || (weight === depth && weight >= 0)) {
        best = at;
        depth = weight;
      }
    }
  }
  return best;
}

function stateConflict(a: Footprint, b: Footprint, difference: Difference): OrderConflict {
  const one = partner(a, difference.object) ?? a.steps.at(-1);
  const other = partner(b, difference.object) ?? b.steps.at(-1);
  if (!one || !other) throw new Error(`nothing ran that could have changed ${difference.object}`);
  const kinds: Readonly<Record<Difference["kind"], SchemaObject["kind"]>> = {
    relation: "relation",
    index: "relation",
    column: "column",
    constraint: "constraint",
    type: "type",
    function: "function",
    trigger: "trigger",
    policy: "policy",
    schema: "schema",
    extension: "extension",
  };
  const state = (text: string | undefined): OrderResult => ({ is: "state", text });
  return {
    verdict: certain(one, other),
    why: "schema",
    object: { kind: kinds[difference.kind], name: difference.object },
    one,
    other,
    leaves: [state(difference.was), state(difference.is)],
  };
}

function rowConflicts(a: Footprint, b: Footprint): OrderConflict[] {
  const found: OrderConflict[] = [];
  for (const [relation, ones] of a.rows) {
    for (const one of ones) {
      for (const other of b.rows.get(relation) ?? []) {
        const seen = rowConflict(one.access, other.access);
        if (!seen || sameChange(one, other)) continue;
        found.push({
          verdict: seen.verdict === "no" ? certain(one.at, other.at) : "unknown",
          why: "rows",
          object: { kind: "rows", name: relation },
          columns: seen.columns,
          one: one.at,
          other: other.at,
          leaves: [
            { is: "last", statement: other.at },
            { is: "last", statement: one.at },
          ],
        });
      }
    }
  }
  return found;
}

/** Twice the same change comes to the same in either order. */
function sameChange(one: Access<RowAccess>, other: Access<RowAccess>): boolean {
  return (
    one.access.mode !== "insert" &&
    one.at.operation.kind === other.at.operation.kind &&
    canonical(one.at.operation, one.at.file) === canonical(other.at.operation, other.at.file)
  );
}

/** A search path that a migration leaves behind, and names of the other side that are looked up by it. */
function settingConflicts(
  base: Catalog,
  a: Footprint,
  b: Footprint,
  [afterOne = [], afterOther = []]: readonly (readonly string[])[],
): OrderConflict[] {
  const found: OrderConflict[] = [];
  const look = (setter: Footprint, path: readonly string[], reader: Footprint, first: boolean): void => {
    if (path.join() === base.searchPath.join()) return;
    const set = setter.steps.findLast(({ operation }) => operation.kind === "set" && operation.name === "search_path");
    const read = reader.steps.find(
      ({ operation }) =>
        ("table" in operation && operation.table !== undefined && operation.table.schema === undefined) ||
        ("type" in operation && typeof operation.type === "object" && operation.type.schema === undefined),
    );
    if (!set || !read) return;
    const [one, other] = first ? [set, read] : [read, set];
    found.push({
      verdict: "unknown",
      why: "setting",
      object: { kind: "setting", name: "search_path" },
      one,
      other,
      leaves: [{ is: "unknown" }, { is: "unknown" }],
    });
  };
  look(a, afterOne, b, true);
  look(b, afterOther, a, false);
  return found;
}

/** The schema that migrations make in their order. */
export function schemaAfter(migrations: readonly CommutingMigration[]): Catalog {
  const catalog = emptyCatalog();
  extendSchema(catalog, migrations);
  return catalog;
}

/** Applies migrations to a schema, each as a deployment of its own. */
export function extendSchema(catalog: MutableCatalog, migrations: readonly CommutingMigration[]): void {
  for (const migration of migrations) {
    catalog.deployment++;
    for (const statement of migration.statements)
      for (const operation of statement.operations)
        apply(catalog, operation, {
          deployment: catalog.deployment,
          migration: migration.id,
          statement: statement.index,
        });
    endTransaction(catalog);
  }
}
