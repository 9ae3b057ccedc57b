import type { Operation, OperationOf } from "../../sql/operation/index.ts";
import { sameColumns } from "../apply/additions.ts";
import { relationAt, resolve } from "../catalog.ts";
import { dropOf } from "../deployment.ts";
import type { Lock, RelationId } from "../effects.ts";
import { strength } from "../postgres/locks.ts";
import type { NextStep, Step } from "../step.ts";
import type { StatementPlace } from "./place.ts";

/** Deployed tables at the other end of a foreign key, which a statement locks besides the one that it names. Each is told once a migration. */
export interface PartnerLocks {
  /** A foreign key ends or is made again: reads and writes of the partners wait. */
  readonly released?: { readonly by: Operation; readonly partners: readonly RelationId[] } | undefined;
  /** Constraints that may be foreign keys, by their names: the history does not show them. */
  readonly unknown: readonly { readonly by: OperationOf<"dropConstraint">; readonly table: RelationId }[];
  /** Foreign keys come with new tables and columns: writes to the partners wait. All those of the migration. */
  readonly added?:
    | { readonly by: Operation; readonly tables: readonly RelationId[]; readonly partners: readonly RelationId[] }
    | undefined;
}

export function partnerLocks(place: StatementPlace): PartnerLocks {
  const { steps } = place;
  const ending = steps.filter(releases);
  const causes = ending.length === 0 ? [] : ending.filter((step) => !comesBack(step, place));
  const unknown = causes.flatMap(({ operation, effects }) => {
    if (
      operation.kind !== "dropConstraint" ||
      !/_fkey\d*$/.test(operation.constraint) ||
      !effects.losses.some((loss) => loss.certainty === "maybe")
    )
      return [];
    const table = resolve(place.catalog, operation.table);
    return place.deployed(table) ? [{ by: operation, table }] : [];
  });
  return { released: releasedBy(causes, place), unknown, added: addedBy(place) };
}

function releasedBy(causes: readonly Step[], place: StatementPlace): PartnerLocks["released"] {
  const touched = [...new Set(causes.flatMap((step) => partners(step, place)))];
  // Most have none, and look neither back nor ahead.
  if (touched.length === 0) return undefined;
  const told = new Set(
    place.before
      .filter((step) => step.migration === place.migration && releases(step))
      .flatMap((step) => partners(step, place)),
  );
  const all = [...place.steps, ...place.after()];
  const locked = touched.filter((id) => !told.has(id) && !dropOf(place.catalog, all, id));
  const cause = causes.find((step) => partners(step, place).some((id) => locked.includes(id)));
  return cause && { by: cause.operation, partners: locked };
}

/** Prisma writes every foreign key of every new table as a statement of its own. */
function addedBy(place: StatementPlace): PartnerLocks["added"] {
  const first = place.steps.find((step) => adds(step, place));
  if (!first) return undefined;
  const { migration } = place;
  const last = place.before.findLast((step) => step.migration !== migration || adds(step, place));
  if (last?.migration === migration) return undefined;
  const keys = [...place.steps, ...place.after()]
    .filter((step) => step.migration === migration)
    .flatMap((step) => newKeys(step, place));
  return {
    by: first.operation,
    tables: [...new Set(keys.map(({ table }) => table))],
    partners: [...new Set(keys.map(({ parent }) => parent))],
  };
}

/** Statements that end or remake a foreign key, which locks its other side. */
const releases = ({ operation: { kind } }: NextStep): boolean =>
  kind === "dropConstraint" || kind === "dropColumn" || kind === "dropTable" || kind === "alterColumnType";

const adds = (step: Step, place: StatementPlace): boolean =>
  newKeys(step, place).length > 0 && partners(step, place).length > 0;

/** What the step locks against writes at the other end of a foreign key. */
function partners({ operation, effects }: Step, { catalog, deployed }: StatementPlace): RelationId[] {
  const own = "table" in operation && operation.table ? resolve(catalog, operation.table) : "";
  const other = ({ relation, mode, partner, certainty }: Lock): boolean => {
    if (!partner || certainty !== "sure" || strength(mode) < strength("ShareRowExclusiveLock") || !deployed(relation))
      return false;
    const known = relationAt(catalog, relation);
    return (
      known?.kind !== "view" &&
      known?.kind !== "materializedView" &&
      known?.parents.has(own) !== true &&
      !(operation.kind === "dropTable" && known?.kind === "partitioned")
    );
  };
  return effects.locks.filter(other).map((lock) => lock.relation);
}

/** The foreign key is dropped only to be added again: what follows names its parent. */
function comesBack({ operation }: Step, { catalog, steps, after }: StatementPlace): boolean {
  if (operation.kind !== "dropConstraint") return false;
  const table = resolve(catalog, operation.table);
  const released = relationAt(catalog, table)?.released.find((constraint) => constraint.name === operation.constraint);
  return [...steps, ...after()].some(({ operation: next }) => {
    if (next.kind !== "addForeignKey" || resolve(catalog, next.table) !== table) return false;
    return released
      ? sameColumns(next.constraint.columns, released.columns)
      : next.constraint.name === operation.constraint;
  });
}

/** Foreign keys that come with a new table or a new column. */
function newKeys(
  { operation }: NextStep,
  { catalog, deployed }: StatementPlace,
): { readonly table: RelationId; readonly parent: RelationId }[] {
  if (operation.kind !== "createTable" && operation.kind !== "addForeignKey" && operation.kind !== "addColumn")
    return [];
  const table = resolve(catalog, operation.table);
  if (operation.kind === "addForeignKey" && deployed(table)) return [];
  const constraints =
    operation.kind === "createTable"
      ? [...operation.constraints, ...operation.columns.flatMap((column) => column.constraints)]
      : operation.kind === "addColumn"
        ? operation.column.constraints
        : [{ type: "foreignKey" as const, ...operation.constraint }];
  return constraints
    .flatMap((constraint) => (constraint.type === "foreignKey" ? [resolve(catalog, constraint.parent)] : []))
    .flatMap((parent) => (parent !== table && deployed(parent) ? [{ table, parent }] : []));
}
