import type { Range } from "../../source/text.ts";
import type { Expression, TypeName } from "../../sql/expression.ts";
import type { ForeignKey } from "../../sql/operation/constraints.ts";
import type { Operation } from "../../sql/operation/index.ts";
import { type Catalog, columnOf, createdAs, indexAt, relationAt, resolve } from "../catalog.ts";
import { dropOfColumn, follow } from "../deployment.ts";
import type { RelationId } from "../effects.ts";
import { conjuncts } from "../queries.ts";
import { primaryKey, referencing } from "../relatives.ts";
import { typeNamed } from "../typing/type.ts";
import type { StepPlace } from "./place.ts";

/** A foreign key that an operation makes. */
export interface NewKey {
  readonly at: { readonly range: Range };
  readonly relation: RelationId;
  readonly columns: readonly string[];
  readonly parent: RelationId;
}

/** Those whose rows PostgreSQL finds by reading the whole table, whenever a row of the deployed parent goes or gets another key. */
export function unindexedKeys(operation: Operation, place: StepPlace): NewKey[] {
  const { catalog } = place;
  return keysOf(operation, catalog).filter(({ relation, columns, parent }) => {
    const after = place.after();
    if (!place.deployed(parent) || dropOfColumn(catalog, after, relation, columns)) return false;
    const there = [...(relationAt(catalog, relation)?.indexes ?? [])].flatMap((id) => indexAt(catalog, id) ?? []);
    return !(
      there.some((index) => serves(index, columns)) ||
      madeBy(operation, catalog).some((index) => serves(index, columns)) ||
      follow(catalog, after, relation, columns).some(({ step, columns: names }) =>
        madeBy(step.operation, catalog).some((index) => serves(index, names)),
      )
    );
  });
}

interface Sought {
  readonly columns: readonly (string | null)[];
  readonly method: string;
  readonly where?: Expression | undefined;
}

/** It begins with the columns, in whatever order, and has every row in which none of them is NULL. */
function serves({ columns: all, method, where }: Sought, columns: readonly string[]): boolean {
  const first = all.slice(0, columns.length);
  const isWhole = conjuncts(where).every(
    (term) => term.kind === "isNull" && term.negated && term.arg.kind === "column" && columns.includes(term.arg.column),
  );
  return isWhole && (method === "btree" || method === "hash") && columns.every((column) => first.includes(column));
}

function madeBy(operation: Operation, catalog: Catalog): Sought[] {
  const key = (columns: readonly string[]): Sought => ({ columns, method: "btree" });
  if (operation.kind === "createIndex")
    return [{ ...operation, columns: operation.columns.map(({ column }) => column ?? null) }];
  if (operation.kind === "addUnique" || operation.kind === "addPrimaryKey") {
    const { usingIndex, columns } = operation.constraint;
    const used = usingIndex === undefined ? undefined : indexAt(catalog, resolve(catalog, { name: usingIndex }));
    return used ? [used] : [key(columns)];
  }
  if (operation.kind !== "addColumn" && operation.kind !== "createTable") return [];
  return constraintsOf(operation).flatMap((each) =>
    each.type === "unique" || each.type === "primaryKey" ? [key(each.columns)] : [],
  );
}

function constraintsOf(operation: Extract<Operation, { kind: "addColumn" | "createTable" }>) {
  return operation.kind === "addColumn"
    ? operation.column.constraints
    : [...operation.constraints, ...operation.columns.flatMap(({ constraints }) => constraints)];
}

function keysOf(operation: Operation, catalog: Catalog): (NewKey & { readonly key: ForeignKey })[] {
  if (operation.kind !== "addForeignKey" && operation.kind !== "addColumn" && operation.kind !== "createTable")
    return [];
  const relation =
    operation.kind === "createTable" ? createdAs(catalog, operation.table) : resolve(catalog, operation.table);
  const made: readonly (ForeignKey & { readonly range: Range })[] =
    operation.kind === "addForeignKey"
      ? [{ ...operation.constraint, range: operation.range }]
      : constraintsOf(operation).flatMap((each) => (each.type === "foreignKey" ? [each] : []));
  return made.map((key) => ({
    at: { range: key.range },
    relation,
    columns: key.columns,
    parent: resolve(catalog, key.parent),
    key,
  }));
}

/** A column of a foreign key that is a smaller integer than what it points at. */
export interface NarrowKey extends NewKey {
  readonly column: string;
  readonly parentColumn: string;
  readonly type: "smallint" | "integer";
  readonly parentType: "integer" | "bigint";
}

/** What a key of its own, or another type of the parent's column, brings about. */
export function narrowKeys(operation: Operation, place: StepPlace): NarrowKey[] {
  const { catalog } = place;
  const found = [...ofNewKeys(operation, catalog), ...ofWidened(operation, catalog)];
  return found.filter(({ relation, column }) => {
    const after = place.after();
    const isWidened = follow(catalog, after, relation, [column]).some(
      ({ step: { operation: next }, columns }) => next.kind === "alterColumnType" && columns.includes(next.column),
    );
    return !isWidened && !dropOfColumn(catalog, after, relation, [column]);
  });
}

function ofNewKeys(operation: Operation, catalog: Catalog): NarrowKey[] {
  return keysOf(operation, catalog).flatMap(({ key, ...rest }) => {
    const parentColumns =
      key.parentColumns.length > 0 ? key.parentColumns : (primaryKey(relationAt(catalog, rest.parent))?.columns ?? []);
    return key.columns.flatMap((column, i) => {
      const parentColumn = parentColumns[i] ?? "";
      const own = definitions(operation).find(({ name }) => name === column)?.type;
      const type = own ?? columnOf(catalog, rest.relation, column)?.type;
      return narrow(
        catalog,
        { ...rest, column, parentColumn },
        type,
        columnOf(catalog, rest.parent, parentColumn)?.type,
      );
    });
  });
}

const definitions = (operation: Operation) =>
  operation.kind === "createTable" ? operation.columns : operation.kind === "addColumn" ? [operation.column] : [];

function ofWidened(operation: Operation, catalog: Catalog): NarrowKey[] {
  if (operation.kind !== "alterColumnType") return [];
  const parent = resolve(catalog, operation.table);
  return referencing(catalog, parent).flatMap(({ table, constraint: { columns, parentColumns } }) => {
    const column = columns[parentColumns?.indexOf(operation.column) ?? -1];
    if (column === undefined) return [];
    const known = { at: operation, relation: table.id, columns, parent, column, parentColumn: operation.column };
    return narrow(catalog, known, columnOf(catalog, table.id, column)?.type, operation.type);
  });
}

function narrow(
  catalog: Catalog,
  known: Omit<NarrowKey, "type" | "parentType">,
  type: TypeName | undefined,
  parentType: TypeName | undefined,
): NarrowKey[] {
  const size = (of: TypeName | undefined): number => {
    const named = typeNamed(catalog, of);
    return named.kind === "base" && !named.array ? INTEGERS.indexOf(named.name) : -1;
  };
  const own = size(type);
  const its = size(parentType);
  return own >= 0 && own < its ? [{ ...known, type: SQL[own] as "integer", parentType: SQL[its] as "bigint" }] : [];
}

const INTEGERS: readonly string[] = ["int2", "int4", "int8"];
const SQL = ["smallint", "integer", "bigint"] as const;
