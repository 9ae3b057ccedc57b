import type { Operation, OperationOf } from "../../sql/operation/index.ts";
import {
  type Birth,
  type Catalog,
  type Constraint,
  type Index,
  columnOf,
  indexAt,
  isNew,
  relationAt,
  resolve,
} from "../catalog.ts";
import { primaryKey } from "../relatives.ts";
import { dropOf, dropOfColumn, follow } from "../deployment.ts";
import type { RelationId } from "../effects.ts";
import type { WalkPlace } from "../step.ts";

/**
 * What Prisma's schema cannot express
 * (https://www.prisma.io/docs/orm/prisma-schema/data-model/unsupported-database-features), and a migration drops.
 */
export interface HandWritten {
  readonly kind: "index" | "column" | "check" | "exclusion" | "view" | "trigger" | "policy";
  /** "Partial index users_active_idx", at the beginning of a sentence. */
  readonly what: string;
  /** What it is of; for a view the view itself. */
  readonly relation: RelationId;
  readonly name: string;
  /** That wrote it. */
  readonly migration: string;
  /** Prisma's own diff writes such a drop; what it does not, a person wrote. */
  readonly byDiff: boolean;
}

/** What `operation` drops of that, though nothing puts it back. Of the deployed alone. */
export function handWrittenDrop(operation: Operation, place: WalkPlace): HandWritten | undefined {
  if (operation.kind === "dropIndex") return indexDrop(operation, place);
  if (operation.kind === "dropColumn") return columnDrop(operation, place);
  if (operation.kind === "dropConstraint") return constraintDrop(operation, place);
  if (operation.kind !== "dropObject") return undefined;
  if (operation.object === "view" || operation.object === "materializedView") return viewDrop(operation, place);
  return operation.object === "trigger" || operation.object === "policy" ? attachmentDrop(operation, place) : undefined;
}

function indexDrop(operation: OperationOf<"dropIndex">, place: WalkPlace): HandWritten | undefined {
  const { catalog } = place;
  const index = indexAt(catalog, resolve(catalog, operation.index));
  if (
    !index?.handWritten ||
    index.constraint !== undefined ||
    !place.deployed(index.table) ||
    !isOld(index.birth, catalog)
  )
    return undefined;
  const columns = [...index.columns.flatMap((name) => name ?? []), ...index.mentions];
  const after = place.after();
  if (dropOfColumn(catalog, after, index.table, columns)) return undefined;
  const again = follow(catalog, after, index.table, columns).some(
    ({ step }) =>
      step.operation.kind === "createIndex" &&
      (step.operation.name === index.name ||
        step.operation.columns.some((column) => column.column !== undefined && columns.includes(column.column))),
  );
  const already = [...(relationAt(catalog, index.table)?.indexes ?? [])].some((id) => {
    const other = indexAt(catalog, id);
    return other !== index && isNew(catalog, other) && other.columns.join() === index.columns.join();
  });
  if (again || already) return undefined;
  return {
    kind: "index",
    what: `${sort(index)} index ${index.name}`,
    relation: index.table,
    name: index.name,
    migration: index.birth?.migration ?? "",
    // Prisma writes neither of the two.
    byDiff: !operation.concurrently && !operation.ifExists,
  };
}

function sort({ include, partial, columns }: Index): string {
  if (include.length > 0) return "INCLUDE";
  if (partial) return "Partial";
  return columns.includes(null) ? "Expression" : "NULLS NOT DISTINCT";
}

function columnDrop(operation: OperationOf<"dropColumn">, place: WalkPlace): HandWritten | undefined {
  const { catalog } = place;
  const id = resolve(catalog, operation.table);
  const column = columnOf(catalog, id, operation.column);
  const after = place.after();
  if (!column?.generated || !place.deployed(id) || !isOld(column.birth, catalog) || dropOf(catalog, after, id))
    return undefined;
  const again = follow(catalog, after, id, []).some(
    ({ step }) => step.operation.kind === "addColumn" && step.operation.column.name === column.name,
  );
  if (again) return undefined;
  return {
    kind: "column",
    what: `Generated column ${column.name}`,
    relation: id,
    name: column.name,
    migration: column.birth?.migration ?? "",
    byDiff: true,
  };
}

function constraintDrop(operation: OperationOf<"dropConstraint">, place: WalkPlace): HandWritten | undefined {
  const { catalog } = place;
  const id = resolve(catalog, operation.table);
  const table = relationAt(catalog, id);
  const constraint = table?.constraints.get(operation.constraint);
  if (
    !table ||
    (constraint?.type !== "check" && constraint?.type !== "exclusion") ||
    !place.deployed(id) ||
    !isOld(constraint.birth, catalog)
  )
    return undefined;
  const after = place.after();
  if (constraint.columns.length > 0 && dropOfColumn(catalog, after, id, constraint.columns)) return undefined;
  const isNotNull = (name: string): boolean =>
    table.columns.get(name)?.notNull === true || primaryKey(table)?.columns.includes(name) === true;
  if (dropOf(catalog, after, id) || isRedundant(constraint, isNotNull)) return undefined;
  // Put back under its name, or over the same columns: a check that is changed.
  const again = follow(catalog, after, id, constraint.columns).some(
    ({ step: { operation: next } }) =>
      (next.kind === "addCheck" || next.kind === "addExclusion") &&
      (next.constraint.name === constraint.name || (next.kind === "addCheck" && constraint.type === "check")),
  );
  const already = [...table.constraints.values()].some(
    (other) =>
      other !== constraint &&
      other.type === constraint.type &&
      isNew(catalog, other) &&
      other.columns.some((name) => constraint.columns.includes(name)),
  );
  if (again || already) return undefined;
  return {
    kind: constraint.type,
    what: `${constraint.type === "check" ? "Check" : "Exclusion constraint"} ${constraint.name}`,
    relation: id,
    name: constraint.name,
    migration: constraint.birth?.migration ?? "",
    byDiff: false,
  };
}

/** CHECK (x IS NOT NULL) that proved SET NOT NULL and is not needed any more. */
function isRedundant({ expression }: Constraint, isNotNull: (column: string) => boolean): boolean {
  return (
    expression?.kind === "isNull" &&
    expression.negated &&
    expression.arg.kind === "column" &&
    isNotNull(expression.arg.column)
  );
}

function viewDrop(operation: OperationOf<"dropObject">, { catalog, after }: WalkPlace): HandWritten | undefined {
  const id = resolve(catalog, operation.name);
  const view = relationAt(catalog, id);
  if (!view || (view.kind !== "view" && view.kind !== "materializedView") || !isOld(view.birth, catalog))
    return undefined;
  // A table or view of that name takes its place.
  const again = after().some(
    ({ operation: next }) =>
      (next.kind === "createView" && resolve(catalog, next.view) === id) ||
      ((next.kind === "createTable" || next.kind === "renameTable") &&
        (next.kind === "createTable" ? next.table.name : next.to) === view.name),
  );
  if (again) return undefined;
  return {
    kind: "view",
    what: view.kind === "view" ? "View" : "Materialized view",
    relation: id,
    name: view.name,
    migration: view.birth?.migration ?? "",
    byDiff: false,
  };
}

/** A trigger or a policy. */
function attachmentDrop(operation: OperationOf<"dropObject">, place: WalkPlace): HandWritten | undefined {
  if (!operation.table) return undefined;
  const { catalog } = place;
  const { name } = operation.name;
  const id = resolve(catalog, operation.table);
  const table = relationAt(catalog, id);
  const kind = operation.object === "trigger" ? "trigger" : "policy";
  const known = kind === "trigger" ? table?.triggers.has(name) : table?.policies.has(name);
  const after = place.after();
  if (!known || !place.deployed(id) || dropOf(catalog, after, id)) return undefined;
  const made = ({ operation: other }: { readonly operation: Operation }): boolean =>
    (other.kind === "createTrigger" || other.kind === "createPolicy") && resolve(catalog, other.table) === id;
  // Born in this deployment, or another of its kind comes or came to the table: it is replaced.
  if (place.before.some(made) || after.some(made)) return undefined;
  return {
    kind,
    what: `${kind === "trigger" ? "Trigger" : "Policy"} ${name}`,
    relation: id,
    name,
    migration: "an earlier migration",
    byDiff: false,
  };
}

const isOld = (birth: Birth | undefined, { deployment }: Catalog): boolean =>
  birth !== undefined && birth.deployment < deployment;
