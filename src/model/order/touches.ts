import { type Name, nameIn, partsOf, relationId, sibling, undotted } from "../../sql/names.ts";
import type { Expression, Query, TypeName } from "../../sql/expression.ts";
import type { ColumnDefinition } from "../../sql/operation/tables.ts";
import type { Operation } from "../../sql/operation/index.ts";
import type { TableConstraint } from "../../sql/operation/constraints.ts";
import { tokenize } from "../../sql/tokens.ts";
import {
  type Catalog,
  type Relation,
  createdAs,
  functionAt,
  relationAt,
  resolve,
  resolveFunction,
  resolveType,
  typeAt,
} from "../catalog.ts";
import { indexesOf, primaryKey } from "../relatives.ts";
import { objectName } from "../object-names.ts";
import type { AccessMode, ObjectAccess, ObjectKind } from "./objects.ts";
import { mentions } from "./mentions.ts";
import { expressions, mentionedColumns, queryTables } from "../queries.ts";

/** The objects that an operation touches, as they are found, and the ways to say that it touches one. */
export type Touches = ReturnType<typeof touches>;

export function touches(catalog: Catalog, operation: Operation, text: string) {
  const found: ObjectAccess[] = [];
  const add = (
    mode: AccessMode,
    kind: ObjectKind,
    name: string,
    how: boolean | Omit<ObjectAccess, "object" | "mode" | "fresh"> = false,
  ): void => {
    const { optional, ...more } = typeof how === "boolean" ? { optional: how } : how;
    found.push({ object: { kind, name }, mode, ...(optional && { optional: true as const }), ...more });
  };
  const schemaOf = (id: string): void => {
    const { schema } = partsOf(id);
    if (schema !== "public" && schema !== "pg_temp") add("needs", "schema", schema);
  };
  const needs = (name: Name): string => {
    const id = resolve(catalog, name);
    add("needs", "relation", id);
    schemaOf(id);
    return id;
  };
  const makes = (name: Name, optional = false): string => {
    const id = createdAs(catalog, name);
    add("makes", "relation", id, optional);
    schemaOf(id);
    return id;
  };
  const needsColumns = (id: string, columns: readonly string[]): void =>
    columns.forEach((column) => add("needs", "column", `${id}.${column}`));
  /** Columns whose names are in the text; what depends on them keeps PostgreSQL from changing their types. */
  const needsWritten = (id: string): void => {
    const written = new Set(
      tokenize(text).flatMap(({ kind, start, end }) =>
        kind === "word"
          ? [text.slice(start, end).toLowerCase()]
          : kind === "quoted"
            ? [text.slice(start + 1, end - 1)]
            : [],
      ),
    );
    for (const name of relationAt(catalog, id)?.columns.keys() ?? []) {
      if (!written.has(name)) continue;
      add("needs", "column", `${id}.${name}`);
      if (operation.kind !== "createStatistics") add("reads", "column type", `${id}.${name}`);
    }
  };
  const needsType = (type: TypeName | Name | undefined): void => {
    if (!type) return;
    const id = resolveType(catalog, type);
    add("needs", "type", id, typeAt(catalog, id) === undefined ? { unlisted: true } : {});
  };
  const uses = (expression: Expression | undefined): void => {
    for (const part of expressions(expression)) {
      if (part.kind === "cast") needsType(part.type);
      if (part.kind !== "call") continue;
      const id = resolveFunction(catalog, undotted(part.name));
      if (functionAt(catalog, id) !== undefined) add("needs", "function", id);
      const [first] = part.args;
      const literal = first?.kind === "cast" ? first.arg : first;
      if (
        (part.name === "nextval" || part.name === "setval") &&
        literal?.kind === "literal" &&
        typeof literal.value === "string"
      ) {
        needs(nameIn(literal.value));
      }
    }
  };
  /** A query reads tables, and what their columns are. */
  const reads = (query: Query | undefined): void => {
    if (!query) return;
    const { columns, star } = mentions(query);
    for (const name of queryTables(query)) {
      const id = needs(name);
      const table = relationAt(catalog, id);
      if (star) add("reads", "columns", id);
      for (const column of star ? [...(table?.columns.keys() ?? [])] : columns) {
        if (!table?.columns.has(column)) continue;
        add("needs", "column", `${id}.${column}`);
        add("reads", "column type", `${id}.${column}`);
      }
    }
  };
  const key = (mode: AccessMode, id: string, columns: readonly string[], optional = true): void =>
    add(mode, "key", keyName(id, columns), optional);
  const constraint = (
    id: string,
    table: Relation | undefined,
    each: TableConstraint,
    isNew: boolean,
    optional = false,
  ): void => {
    const { name } = partsOf(id);
    const columns =
      each.type === "check"
        ? mentionedColumns(each.expression)
        : each.type === "notNull"
          ? [each.column]
          : each.columns.flatMap((column) => column ?? []);
    const label = {
      foreignKey: "fkey",
      check: "check",
      unique: "key",
      primaryKey: "pkey",
      exclusion: "excl",
      notNull: "not_null",
    }[each.type];
    const made =
      each.name ??
      ("usingIndex" in each ? each.usingIndex : undefined) ??
      objectName(name, each.type === "primaryKey" ? "" : columns.join("_"), label);
    if (!isNew) {
      add("makes", "constraint", `${id}: ${made}`, optional);
      needsColumns(id, columns);
    }
    if (each.type === "unique" || each.type === "primaryKey" || each.type === "exclusion") {
      add("makes", "relation", sibling(id, made), optional || ("usingIndex" in each && each.usingIndex !== undefined));
      if (each.type !== "exclusion") key("makes", id, columns);
    }
    if (each.type === "notNull" || (each.type === "primaryKey" && !isNew))
      for (const column of columns) add("changes", "column nullability", `${id}.${column}`);
    if (each.type === "check") {
      uses(each.expression);
      if (!isNew) hangsOn(id, each.expression);
    }
    if (each.type === "primaryKey") add("makes", "constraint", `${id}: PRIMARY KEY`);
    if (each.type !== "foreignKey") return;
    const parent = resolve(catalog, each.parent);
    if (parent === id && isNew) return;
    needs(each.parent);
    add("reads", "persistence", parent);
    if (!isNew) add("reads", "persistence", id);
    if (parent !== id) add("reads", "truncation", parent);
    const parentColumns =
      each.parentColumns.length > 0
        ? each.parentColumns
        : (primaryKey(parent === id ? table : relationAt(catalog, parent))?.columns ?? []);
    needsColumns(parent, parentColumns);
    key("needs", parent, parentColumns, false);
    for (const name of parentColumns) add("reads", "column type", `${parent}.${name}`);
    if (!isNew) for (const name of columns) add("reads", "column type", `${id}.${name}`);
  };
  /** An expression over columns is read again when the type of one changes. */
  const hangsOn = (id: string, expression: Expression | undefined): void =>
    mentionedColumns(expression).forEach((name) => add("reads", "column type", `${id}.${name}`));
  const column = (definition: ColumnDefinition): Expression | undefined => {
    needsType(definition.type);
    uses(definition.default);
    uses(definition.generated?.expression);
    return definition.generated?.expression;
  };
  const dropsKey = (table: Relation | undefined, name: string): void => {
    const known = table?.constraints.get(name);
    if (table && known?.type === "primaryKey") add("unmakes", "constraint", `${table.id}: PRIMARY KEY`, true);
    if (table && (known?.type === "unique" || known?.type === "primaryKey")) {
      key("unmakes", table.id, known.columns);
      add("unmakes", "relation", relationId(table.schema, name), true);
    }
  };

  /** ON CONFLICT goes by the key whose columns it names; where it names none, by any. */
  const needsKeys = (id: string, named: readonly (string | null)[] | undefined): void => {
    if (named && named.every((each) => each !== null)) {
      key("needs", id, named, false);
      return;
    }
    const table = relationAt(catalog, id);
    const keys = [
      ...[...(table?.constraints.values() ?? [])].flatMap((each) =>
        each.type === "unique" || each.type === "primaryKey" ? [each.columns] : [],
      ),
      ...(table ? indexesOf(catalog, table) : []).flatMap((each) =>
        each.unique && !each.partial ? [each.columns.flatMap((column) => column ?? [])] : [],
      ),
    ];
    for (const columns of keys) add("needs", "key", keyName(id, columns), { unsure: true });
  };
  return {
    found,
    add,
    schemaOf,
    needs,
    makes,
    needsColumns,
    needsWritten,
    needsType,
    uses,
    reads,
    key,
    constraint,
    hangsOn,
    column,
    dropsKey,
    needsKeys,
  };
}

/** "public.users (id)": what is unique, whatever is so called. */
export const keyName = (id: string, columns: readonly string[]): string => `${id} (${[...columns].sort().join(", ")})`;
