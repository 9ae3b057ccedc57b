import type { Operation } from "../../sql/operation/index.ts";
import {
  type Catalog,
  columnOf,
  constraintOf,
  functionAt,
  isNew,
  relationAt,
  relationNamed,
  resolve,
  resolveFunction,
  typeOf,
} from "../catalog.ts";
import { dropOf, dropOfColumn } from "../deployment.ts";
import type { Loss, RelationId } from "../effects.ts";
import type { StepPlace } from "./place.ts";

/** A statement that drops what depends on its object too. TRUNCATE … CASCADE and DROP SCHEMA … CASCADE drop no dependents of one object. */
export interface Cascade {
  /** What the statement names: "users", "users.email", "users_email_key". */
  readonly target: string;
  readonly relation: RelationId | undefined;
  /** What goes besides, of the deployed: without what is part of the object, or goes or comes back by itself in this deployment. */
  readonly along: readonly Loss[];
  /** Whether the history shows everything that could depend on it. */
  readonly known: boolean;
}

type Cascading = Exclude<
  Extract<Operation, { readonly cascade: boolean }>,
  { readonly kind: "dropSchema" | "truncate" }
>;

/** Undefined for a statement without CASCADE, and for an object that the deployment made. */
export function cascadeOf(operation: Operation, place: StepPlace): Cascade | undefined {
  if (
    !("cascade" in operation) ||
    !operation.cascade ||
    operation.kind === "dropSchema" ||
    operation.kind === "truncate"
  )
    return undefined;
  const { catalog } = place;
  const relation = "table" in operation && operation.table ? resolve(catalog, operation.table) : undefined;
  if (relation !== undefined && !place.deployed(relation)) return undefined;
  const after = place.after();
  const along = place.effects.losses.filter((loss) => {
    if (!loss.along || loss.kind === "index" || loss.kind === "table" || loss.relation === undefined) return false;
    // What is part of the table or column itself goes with it anyway.
    if (loss.relation === relation && (loss.kind === "constraint" || loss.kind === "column")) return false;
    if (!place.deployed(loss.relation) || dropOf(catalog, after, loss.relation)) return false;
    // What this deployment made itself is no loss.
    if (loss.kind === "column" && isNew(catalog, columnOf(catalog, loss.relation, loss.name ?? ""))) return false;
    if (loss.kind === "constraint" && isNew(catalog, constraintOf(catalog, loss.relation, loss.name ?? "")))
      return false;
    if (loss.kind === "column" && dropOfColumn(catalog, after, loss.relation, [loss.name ?? ""])) return false;
    return !after.some((step) => putsBack(catalog, step.operation, loss));
  });
  return { target: target(operation), relation, along, known: isKnown(catalog, operation, relation) };
}

function target(operation: Cascading): string {
  switch (operation.kind) {
    case "dropTable":
      return operation.table.name;
    case "dropColumn":
      return `${operation.table.name}.${operation.column}`;
    case "dropConstraint":
      return operation.constraint;
    case "dropIndex":
      return operation.index.name;
    case "dropType":
      return operation.type.name;
    case "dropObject":
      return operation.name.name;
    default:
      return operation satisfies never;
  }
}

function isKnown(catalog: Catalog, operation: Cascading, own: RelationId | undefined): boolean {
  if (operation.kind === "dropIndex") return true;
  if (operation.kind === "dropType") return typeOf(catalog, operation.type) !== undefined;
  if (operation.kind === "dropObject") {
    if (operation.object === "extension") return false;
    if (operation.object === "function" || operation.object === "procedure")
      return functionAt(catalog, resolveFunction(catalog, operation.name)) !== undefined;
    return operation.ifExists || relationNamed(catalog, operation.table ?? operation.name)?.birth !== undefined;
  }
  const relation = own === undefined ? undefined : relationAt(catalog, own);
  if (!relation) return "ifExists" in operation && operation.ifExists;
  return relation.birth !== undefined;
}

function putsBack(catalog: Catalog, operation: Operation, loss: Loss): boolean {
  if (operation.kind === "createView")
    return loss.kind === "view" && resolve(catalog, operation.view) === loss.relation;
  if (operation.kind !== "addForeignKey" && operation.kind !== "createTrigger") return false;
  if (resolve(catalog, operation.table) !== loss.relation) return false;
  return operation.kind === "addForeignKey"
    ? loss.kind === "constraint" && operation.constraint.name === loss.name
    : loss.kind === "trigger" && loss.name === operation.name;
}
