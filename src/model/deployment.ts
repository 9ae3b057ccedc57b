import type { Operation } from "../sql/operation/index.ts";
import { partsOf, relationId, sibling } from "../sql/names.ts";
import { type Catalog, createdAs, indexAt, relationAt, resolve } from "./catalog.ts";
import type { RelationId } from "./effects.ts";
import { changeTables, mentionedColumns, sources } from "./queries.ts";

/** Questions about the other operations of a deployment: what they take away, put back or save. */

interface WithOperation {
  readonly operation: Operation;
}

/** The first of `steps` that drops the relation, by its name or with its schema. */
export function dropOf<S extends WithOperation>(
  catalog: Catalog,
  steps: readonly S[],
  relation: RelationId,
): S | undefined {
  return steps.find(({ operation }) => {
    if (operation.kind === "dropTable") return resolve(catalog, operation.table) === relation;
    if (operation.kind === "dropSchema") return operation.cascade && relation.startsWith(`${operation.name}.`);
    return (
      operation.kind === "dropObject" &&
      (operation.object === "view" || operation.object === "materializedView") &&
      resolve(catalog, operation.name) === relation
    );
  });
}

/** The first of `steps` that drops one of the columns, or the whole table. */
export function dropOfColumn<S extends WithOperation>(
  catalog: Catalog,
  steps: readonly S[],
  relation: RelationId,
  columns: readonly string[],
): S | undefined {
  return (
    steps.find(
      ({ operation }) =>
        operation.kind === "dropColumn" &&
        resolve(catalog, operation.table) === relation &&
        columns.includes(operation.column),
    ) ?? dropOf(catalog, steps, relation)
  );
}

/** Where a statement copied values to: "users.full_name", "users_backup". */
export interface Copy<S> {
  readonly to: string;
  readonly step: S;
}

/** The first of `steps` that copied the column's values elsewhere: an UPDATE that reads it, or an INSERT or a new table fed from it. */
export function copyOfColumn<S extends WithOperation>(
  catalog: Catalog,
  steps: readonly S[],
  relation: RelationId,
  column: string,
): Copy<S> | undefined {
  for (const step of steps) {
    const { operation } = step;
    if (operation.kind === "updateRows") {
      const own = resolve(catalog, operation.table) === relation;
      if (!own && !changeTables(operation.change).some((name) => resolve(catalog, name) === relation)) continue;
      const set = operation.change.set.find(
        (each) => (each.column !== column || !own) && mentionedColumns(each.value).includes(column),
      );
      if (set) return { to: `${operation.table.name}.${set.column}`, step };
      continue;
    }
    const query =
      operation.kind === "insertRows"
        ? operation.change.query
        : operation.kind === "createTable"
          ? operation.as
          : undefined;
    if (!query || (operation.kind !== "insertRows" && operation.kind !== "createTable")) continue;
    const reads = [...sources(query.from)].some(
      (source) => source.kind === "table" && resolve(catalog, source.name) === relation,
    );
    if (reads && query.targets.some(({ value }) => value.kind === "star" || mentionedColumns(value).includes(column)))
      return { to: operation.table.name, step };
  }
  return undefined;
}

/** The step that copied rows of the relation into another table: of several the one that took the most columns. */
export function copyOfRows<S extends WithOperation>(
  catalog: Catalog,
  steps: readonly S[],
  relation: RelationId,
): Copy<S> | undefined {
  let best: { copy: Copy<S>; columns: number } | undefined;
  for (const step of steps) {
    const { operation } = step;
    const query =
      operation.kind === "insertRows"
        ? operation.change.query
        : operation.kind === "createTable"
          ? operation.as
          : undefined;
    if (!query || (operation.kind !== "insertRows" && operation.kind !== "createTable")) continue;
    const [first] = sources(query.from);
    const from = first?.kind === "join" ? [...sources([first.left])].find((source) => source.kind === "table") : first;
    if (
      from?.kind !== "table" ||
      resolve(catalog, from.name) !== relation ||
      resolve(catalog, operation.table) === relation
    )
      continue;
    const columns = query.targets.some(({ value }) => value.kind === "star") ? Infinity : query.targets.length;
    if (columns > (best?.columns ?? 0)) best = { copy: { to: operation.table.name, step }, columns };
  }
  return best?.copy;
}

/** Whether a later step gives the column's name to another one: a column that is copied, dropped and put in its place. */
export function replacedColumn(
  catalog: Catalog,
  steps: readonly WithOperation[],
  relation: RelationId,
  column: string,
): boolean {
  return steps.some(
    ({ operation }) =>
      operation.kind === "renameColumn" && operation.to === column && resolve(catalog, operation.table) === relation,
  );
}

/** Whether a later step gives the relation's name to another one. */
export function replacedTable(catalog: Catalog, steps: readonly WithOperation[], relation: RelationId): boolean {
  return steps.some(
    ({ operation }) =>
      operation.kind === "renameTable" && sibling(resolve(catalog, operation.table), operation.to) === relation,
  );
}

/** A step with the names that a table and columns of it have by then. */
export interface Followed<S> {
  readonly step: S;
  readonly table: RelationId;
  readonly columns: readonly string[];
}

/** The steps after a statement that concern a table, found under the names to which they rename it and its columns. */
export function follow<S extends WithOperation>(
  catalog: Catalog,
  steps: readonly S[],
  table: RelationId,
  columns: readonly string[],
): Followed<S>[] {
  const found: Followed<S>[] = [];
  let id = table;
  let names = columns;
  for (const step of steps) {
    const { operation } = step;
    if (!("table" in operation) || !operation.table || resolveAt(catalog, operation.table, id) !== id) continue;
    found.push({ step, table: id, columns: names });
    if (operation.kind === "renameTable" && operation.object === "table") id = sibling(id, operation.to);
    else if (operation.kind === "setTableSchema") id = relationId(operation.schema, partsOf(id).name);
    else if (operation.kind === "renameColumn")
      names = names.map((name) => (name === operation.column ? operation.to : name));
  }
  return found;
}

/** An unqualified name means the followed table where it has its name: the catalog does not know the new one yet. */
function resolveAt(
  catalog: Catalog,
  name: { readonly schema?: string | undefined; readonly name: string },
  id: RelationId,
): RelationId {
  return name.schema === undefined && partsOf(id).name === name.name && catalog.searchPath.includes(partsOf(id).schema)
    ? id
    : resolve(catalog, name);
}

const within = (some: readonly (string | null | undefined)[], all: readonly string[]): boolean =>
  some.length > 0 && some.every((name) => name !== null && name !== undefined && all.includes(name));

/**
 * Whether the columns stay unique without `except`: by another key of the table, or by one that the steps after put
 * there, over the same columns or fewer.
 */
export function staysUnique(
  catalog: Catalog,
  steps: readonly WithOperation[],
  table: RelationId,
  columns: readonly string[],
  except: string,
): boolean {
  const known = relationAt(catalog, table);
  for (const constraint of known?.constraints.values() ?? []) {
    if (
      constraint.name !== except &&
      (constraint.type === "primaryKey" || constraint.type === "unique") &&
      within(constraint.columns, columns)
    )
      return true;
  }
  for (const id of known?.indexes ?? []) {
    const index = indexAt(catalog, id);
    if (
      index &&
      index.name !== except &&
      index.constraint !== except &&
      index.unique &&
      !index.partial &&
      within(index.columns, columns)
    )
      return true;
  }
  const made = new Map<string, readonly (string | null | undefined)[]>();
  return follow(catalog, steps, table, columns).some(({ step: { operation }, columns: names }) => {
    if (operation.kind === "createIndex" && operation.unique && !operation.where) {
      if (operation.name !== undefined)
        made.set(
          operation.name,
          operation.columns.map((column) => column.column),
        );
      return within(
        operation.columns.map((column) => column.column),
        names,
      );
    }
    if (operation.kind !== "addUnique" && operation.kind !== "addPrimaryKey") return false;
    const using = operation.constraint.usingIndex;
    return within(
      using === undefined
        ? operation.constraint.columns
        : (made.get(using) ?? (known && indexAt(catalog, relationId(known.schema, using))?.columns) ?? []),
      names,
    );
  });
}

/** Whether a later step makes a view with the relation's name: code that still uses it finds that. */
export function isReplacedByView(catalog: Catalog, steps: readonly WithOperation[], relation: RelationId): boolean {
  return steps.some(
    ({ operation }) => operation.kind === "createView" && createdAs(catalog, operation.view) === relation,
  );
}
