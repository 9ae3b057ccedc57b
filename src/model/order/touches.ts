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
  const add = (mode: AccessMode, kind: ObjectKind, name: string, optional = false): void =>
    void found.push({ object: { kind, name }, mode, ...(optional && { optional: true as const }) });
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
    if (typeAt(catalog, id) !== undefined) add("needs", "type", id);
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
        const sequence = needs(nameIn(literal.value));
        if (part.name === "setval") add("changes", "sequence", sequence);
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
    add(mode, "key", `${id} (${[...columns].sort().join(", ")})`, optional);
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
    if (each.type !== "foreignKey") return;
    const parent = resolve(catalog, each.parent);
    if (parent === id && isNew) return;
    needs(each.parent);
    if (parent !== id) add("reads", "truncation", parent);
    const parentColumns =
      each.parentColumns.length > 0
        ? each.parentColumns
        : (primaryKey(parent === id ? table : relationAt(catalog, parent))?.columns ?? []);
    needsColumns(parent, parentColumns);
    key("needs", parent, parentColumns, false);
  };
  /** An expression over columns is read again when the type of one changes. */
  const hangsOn = (id: string, expression: Expression | undefined): void =>
    mentionedColumns(expression).forEach((name) => add("reads", "column type", `${id}.${name}`));
  const column = (definition: ColumnDefinition): void => {
    needsType(definition.type);
    uses(definition.default);
    uses(definition.generated?.expression);
  };
  const dropsKey = (table: Relation | undefined, name: string): void => {
    const known = table?.constraints.get(name);
    if (table && (known?.type === "unique" || known?.type === "primaryKey")) {
      key("unmakes", table.id, known.columns);
      add("unmakes", "relation", relationId(table.schema, name), true);
    }
  };

  /** ON CONFLICT goes by the keys of its table; which one it names is not read. */
  const needsKeys = (id: string): void => {
    const table = relationAt(catalog, id);
    for (const each of table?.constraints.values() ?? [])
      if (each.type === "unique" || each.type === "primaryKey") key("needs", id, each.columns);
    for (const each of table ? indexesOf(catalog, table) : [])
      if (each.unique && !each.partial)
        key(
          "needs",
          id,
          each.columns.flatMap((column) => column ?? []),
        );
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
