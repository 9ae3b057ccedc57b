import type { Expression } from "../sql/expression.ts";
import {
  type Birth,
  type Catalog,
  type UserType,
  columnOf,
  functionAt,
  isNew,
  relationAt,
  resolveFunction,
  typeOf,
} from "./catalog.ts";
import type { RelationId } from "./effects.ts";
import * as presence from "./presence.ts";
import { deepExpressions, subqueries } from "./queries.ts";

/**
 * What can be asked before the deployment: a query runs in the schema as it is then, where what the deployment makes is not there yet, and
 * what it renames has another name.
 */

/** The table and these columns of it are there, under these names. */
export function isAskable(catalog: Catalog, table: RelationId, columns: readonly string[] = []): boolean {
  const known = relationAt(catalog, table);
  if (!known && presence.relation(catalog, table).is === "absent") return false;
  return (
    wasThere(catalog, known) &&
    columns.every((name) => {
      const column = columnOf(catalog, table, name);
      return column ? wasThere(catalog, column) : presence.column(catalog, table, name).is !== "absent";
    })
  );
}

/** The same, and the columns have the types already that they have now: what is compared means the same. */
export const isComparable = (catalog: Catalog, table: RelationId, columns: readonly string[]): boolean =>
  isAskable(catalog, table, columns) &&
  columns.every((name) => columnOf(catalog, table, name)?.retypedIn !== catalog.deployment);

/** All that an expression over the rows of a table takes: columns, types, labels and functions. */
export function isAskableExpression(catalog: Catalog, table: RelationId, expression: Expression): boolean {
  if (subqueries(expression).length > 0) return false;
  const parts = [...deepExpressions(expression)];
  const columns = parts.flatMap((part) => (part.kind === "column" ? part.column : []));
  if (!isComparable(catalog, table, columns)) return false;
  const types = [
    ...columns.map((name) => columnOf(catalog, table, name)?.type),
    ...parts.map((part) => (part.kind === "cast" ? part.type : undefined)),
  ].flatMap((name) => (name && typeOf(catalog, name)) ?? []);
  const young = new Set(types.flatMap((type) => youngLabels(catalog, type)));
  return parts.every((part) => {
    if (part.kind === "cast") return wasThere(catalog, typeOf(catalog, part.type));
    if (part.kind === "call") return !isNew(catalog, functionAt(catalog, resolveFunction(catalog, part)));
    return part.kind !== "literal" || typeof part.value !== "string" || !young.has(part.value);
  });
}

/** Neither made nor renamed by this deployment. What the history does not show was there. */
const wasThere = (
  catalog: Catalog,
  known: { readonly birth?: Birth | undefined; readonly renamedIn?: number } | undefined,
): boolean => !isNew(catalog, known) && (known === undefined || known.renamedIn !== catalog.deployment);

const youngLabels = (catalog: Catalog, { added }: UserType): string[] =>
  [...added].flatMap(([label, { deployment }]) => (deployment === catalog.deployment ? label : []));
