import type { Operation, OperationOf } from "../../sql/operation/index.ts";
import { sameColumns } from "../apply/additions.ts";
import { type Catalog, type Constraint, constraintOf, indexAt, isNew, relationAt, resolve } from "../catalog.ts";
import { dropOf, dropOfColumn, follow, staysUnique } from "../deployment.ts";
import type { RelationId } from "../effects.ts";
import type { NextStep } from "../step.ts";
import type { StepPlace } from "./place.ts";

/** A constraint or unique index of a deployed table that guarded the data, and is dropped without another in its place. */
export type LostGuard = {
  readonly relation: RelationId;
  readonly name: string;
} & (
  | { readonly guard: "foreignKey"; readonly columns: readonly string[]; readonly parent: RelationId }
  | {
      readonly guard: "unique";
      readonly by: "constraint" | "index";
      readonly columns: readonly string[];
      /** It is loosened, not given up. */
      readonly widened?: Widened | undefined;
    }
  /** The history does not show what it is. */
  | { readonly guard: "unknown" }
);

/** A unique key over the same columns and more, or over some of the rows, that comes after. */
export interface Widened {
  readonly added: string;
  /** "a, b", "a in some of the rows". */
  readonly covered: string;
}

export function lostGuard(operation: Operation, place: StepPlace): LostGuard | undefined {
  if (operation.kind === "dropConstraint") return ofConstraint(operation, place);
  return operation.kind === "dropIndex" ? ofIndex(operation, place) : undefined;
}

function ofConstraint(operation: OperationOf<"dropConstraint">, place: StepPlace): LostGuard | undefined {
  const { catalog } = place;
  const relation = resolve(catalog, operation.table);
  const constraint = constraintOf(catalog, relation, operation.constraint);
  const name = operation.constraint;
  if (!place.deployed(relation) || isNew(catalog, constraint)) return undefined;
  const after = place.after();
  if (!constraint) return isUnknown(name, relation, place) ? { guard: "unknown", relation, name } : undefined;
  const { type, columns, parent = "" } = constraint;
  if (dropOfColumn(catalog, after, relation, columns)) return undefined;
  if (type === "foreignKey" && !keepsKey(catalog, after, relation, constraint))
    return { guard: "foreignKey", relation, name, columns, parent };
  if (type === "unique" && !staysUnique(catalog, after, relation, columns, name))
    return {
      guard: "unique",
      by: "constraint",
      relation,
      name,
      columns,
      widened: widened(catalog, after, relation, columns),
    };
  return undefined;
}

/** Not a primary key by its name, which is another loss, nor a NOT NULL, which has an operation of its own. */
function isUnknown(name: string, relation: RelationId, { catalog, effects, after }: StepPlace): boolean {
  const steps = after();
  const again = follow(catalog, steps, relation, []).some(
    ({ step: { operation } }) =>
      "constraint" in operation && typeof operation.constraint === "object" && operation.constraint.name === name,
  );
  return (
    effects.losses.some(({ kind }) => kind === "constraint") &&
    !again &&
    !dropOf(catalog, steps, relation) &&
    !/_(?:pkey|not_null)$/.test(name)
  );
}

function ofIndex(operation: OperationOf<"dropIndex">, place: StepPlace): LostGuard | undefined {
  const { catalog } = place;
  const index = indexAt(catalog, resolve(catalog, operation.index));
  // What Prisma cannot express is another loss, what belongs to a constraint PostgreSQL refuses.
  if (
    !index?.unique ||
    index.handWritten ||
    index.constraint !== undefined ||
    !place.deployed(index.table) ||
    isNew(catalog, index)
  )
    return undefined;
  const { table: relation, name } = index;
  const columns = index.columns.flatMap((column) => column ?? []);
  const after = place.after();
  if (dropOfColumn(catalog, after, relation, columns) || staysUnique(catalog, after, relation, columns, name))
    return undefined;
  return { guard: "unique", by: "index", relation, name, columns, widened: widened(catalog, after, relation, columns) };
}

function widened(
  catalog: Catalog,
  after: readonly NextStep[],
  id: RelationId,
  columns: readonly string[],
): Widened | undefined {
  for (const { step, columns: names } of follow(catalog, after, id, columns)) {
    const key = uniqueKey(step.operation);
    if (key && key.covered.length > 0 && names.every((name) => key.covered.includes(name)))
      return {
        added: key.name ?? "another",
        covered: key.covered.join(", ") + (key.partial ? " in some of the rows" : ""),
      };
  }
  return undefined;
}

function uniqueKey(operation: Operation) {
  if (operation.kind === "createIndex" && operation.unique)
    return {
      name: operation.name,
      covered: operation.columns.flatMap(({ column }) => column ?? []),
      partial: operation.where !== undefined,
    };
  if (operation.kind === "addUnique" || operation.kind === "addPrimaryKey")
    return { name: operation.constraint.name, covered: operation.constraint.columns, partial: false };
  return undefined;
}

/** Another foreign key of these columns is there or comes, or there is nothing left to point at. */
function keepsKey(catalog: Catalog, after: readonly NextStep[], id: RelationId, constraint: Constraint): boolean {
  if (constraint.parent !== undefined && dropOf(catalog, after, constraint.parent)) return true;
  for (const other of relationAt(catalog, id)?.constraints.values() ?? []) {
    if (
      other !== constraint &&
      other.type === "foreignKey" &&
      other.enforced &&
      sameColumns(other.columns, constraint.columns)
    )
      return true;
  }
  return follow(catalog, after, id, constraint.columns).some(({ step, columns }) => {
    if (step.operation.kind === "addForeignKey")
      return !step.operation.constraint.notEnforced && sameColumns(step.operation.constraint.columns, columns);
    return step.operation.kind === "dropColumn" && columns.includes(step.operation.column);
  });
}
