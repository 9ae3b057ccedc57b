import type { OperationOf } from "../../sql/operation/index.ts";
import type { Check, Exclusion, ForeignKey, UniqueKey, NotNull } from "../../sql/operation/constraints.ts";
import { type Birth, type Index, type Released, resolve } from "../catalog.ts";
import {
  type MutableCatalog,
  type MutableConstraint,
  type MutableIndex,
  type MutableRelation,
  assumed,
} from "./catalog.ts";
import { bound } from "./bindings.ts";
import { objectName } from "../object-names.ts";
import { primaryKey } from "../relatives.ts";
import { mentionedColumns } from "../queries.ts";
import { relationId } from "../../sql/names.ts";
import { constraintName, freeName } from "./names.ts";

export type Definition = Partial<ForeignKey & Check & UniqueKey & Exclusion & NotNull> & {
  /** ALTER TABLE ONLY: partitions do not get it. */
  readonly only?: boolean;
};

/** Adds a constraint of a table; the name is PostgreSQL's own where the statement gives none. */
export function addConstraint(
  catalog: MutableCatalog,
  table: MutableRelation,
  type: MutableConstraint["type"],
  definition: Definition,
  birth: Birth,
): void {
  if (type === "notNull") {
    const column = table.columns.get(definition.column ?? "");
    if (column && !definition.notValid) column.notNull = true;
    const name = definition.name ?? objectName(table.name, definition.column ?? "", "not_null");
    table.constraints.set(name, {
      name,
      type,
      columns: [definition.column ?? ""],
      validated: !definition.notValid,
      enforced: true,
      birth,
    });
    return;
  }
  const using =
    definition.usingIndex === undefined
      ? undefined
      : catalog.indexes.get(relationId(table.schema, definition.usingIndex));
  const columns = using
    ? using.columns.flatMap((name) => name ?? [])
    : (definition.columns ?? []).flatMap((name) => name ?? []);
  const mentioned = type === "check" ? mentionedColumns(definition.expression) : columns;
  const name = definition.name ?? definition.usingIndex ?? freeName(catalog, table, constraintName(type, mentioned));
  const constraint: MutableConstraint = {
    name,
    type,
    columns: mentioned,
    validated: !definition.notValid && !definition.notEnforced,
    enforced: !definition.notEnforced,
    birth,
  };
  if (type === "foreignKey" && definition.parent) {
    constraint.parent = resolve(catalog, definition.parent);
    const parent = constraint.parent === table.id ? table : catalog.relations.get(constraint.parent);
    if (!parent) assumed(catalog, constraint.parent);
    constraint.parentColumns = definition.parentColumns?.length
      ? definition.parentColumns
      : (primaryKey(parent)?.columns ?? []);
    constraint.onDelete = definition.onDelete ?? "no action";
    constraint.onUpdate = definition.onUpdate ?? "no action";
  }
  if (definition.deferrable) constraint.deferrable = true;
  if (definition.noInherit) constraint.noInherit = true;
  if (type === "check" && definition.expression) constraint.expression = bound(catalog, definition.expression);
  table.constraints.set(name, constraint);
  // Below a partitioned table constraints are everywhere, below an inheritance parent only those on single rows.
  const below =
    definition.only !== true &&
    (table.kind === "partitioned" ? type !== "exclusion" : type === "check" && !constraint.noInherit);
  const handDown = () => {
    for (const child of below ? table.children : []) {
      const known = catalog.relations.get(child);
      if (known) handDownConstraint(catalog, table, known, constraint, birth);
    }
  };
  if (type === "primaryKey")
    for (const column of columns) {
      const known = table.columns.get(column);
      if (known) known.notNull = true;
    }
  if (type !== "primaryKey" && type !== "unique" && type !== "exclusion") {
    handDown();
    return;
  }
  if (using) {
    // PostgreSQL gives the index the constraint's name.
    catalog.indexes.delete(using.id);
    table.indexes.delete(using.id);
    addIndex(catalog, table, { ...using, name, constraint: name });
    return;
  }
  const method = type === "exclusion" ? (definition.method ?? "gist") : "btree";
  addIndex(catalog, table, {
    name,
    unique: type !== "exclusion",
    columns,
    include: definition.include ?? [],
    mentions: [],
    partial: false,
    method,
    constraint: name,
    handWritten: type === "exclusion",
    birth,
  });
  handDown();
}

/** A partition's or child's own copy of what its parent has; what is there already under that name becomes the copy. */
export function handDownConstraint(
  catalog: MutableCatalog,
  parent: MutableRelation,
  child: MutableRelation,
  constraint: MutableConstraint,
  birth: Birth,
): void {
  const { type, columns } = constraint;
  const keyed = type === "primaryKey" || type === "unique";
  const same = keyed
    ? [...child.constraints.values()].find((each) => each.type === type && sameColumns(each.columns, columns))
    : child.constraints.get(constraint.name);
  if (same && same.type === type) {
    if (parent.kind !== "partitioned" && same.of === undefined) same.local = true;
    same.of = { table: parent.id, name: constraint.name };
    return;
  }
  if (!keyed) {
    child.constraints.set(constraint.name, { ...constraint, of: { table: parent.id, name: constraint.name }, birth });
    for (const each of child.children) {
      const known = catalog.relations.get(each);
      if (known) handDownConstraint(catalog, child, known, constraint, birth);
    }
    return;
  }
  const include = catalog.indexes.get(relationId(parent.schema, constraint.name))?.include ?? [];
  const name = freeName(catalog, child, constraintName(type, columns));
  addConstraint(catalog, child, type, { name, columns, include, deferrable: constraint.deferrable === true }, birth);
  const made = child.constraints.get(name);
  if (made) made.of = { table: parent.id, name: constraint.name };
}

/** What the columns of an index alone do not say. */
export const isSpecial = ({ columns, nullsNotDistinct }: OperationOf<"createIndex">): boolean =>
  nullsNotDistinct ||
  columns.some(({ operatorClass, descending, special }) => operatorClass !== undefined || descending || special);

export function addIndex(
  catalog: MutableCatalog,
  table: MutableRelation,
  index: Omit<MutableIndex, "id" | "table">,
): void {
  const id = relationId(table.schema, index.name);
  catalog.dropped.delete(id);
  catalog.indexes.set(id, { ...index, id, table: table.id });
  table.indexes.add(id);
}

/** What a unique index over plain columns guarded, when it goes. */
export const releasedKey = ({ unique, partial, columns, name }: Index, deployment: number): Released | undefined =>
  unique && !partial && !columns.includes(null)
    ? {
        name,
        type: "unique",
        columns: columns.flatMap((each) => each ?? []),
        validated: true,
        enforced: true,
        in: deployment,
      }
    : undefined;

export const sameColumns = (one: readonly string[], two: readonly string[]): boolean =>
  one.length === two.length && one.every((name) => two.includes(name));
