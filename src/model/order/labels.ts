import type { Expression, TypeName } from "../../sql/expression.ts";
import type { Operation } from "../../sql/operation/index.ts";
import { type Catalog, type Column, type UserType, relationAt, resolve, resolveType, typeOf } from "../catalog.ts";
import { elements } from "../evaluation.ts";
import { writtenBy } from "./row-changes.ts";
import { identifiersOf, stringsOf } from "./clauses.ts";
import type { Touches } from "./touches.ts";

/** The labels of enums that an operation makes, takes away or writes as literals. */
export function labelAccesses(catalog: Catalog, operation: Operation, text: string, { add, found }: Touches): void {
  const label = (type: string, value: string): string => `${type}: ${value}`;
  if (operation.kind === "addEnumValue" || operation.kind === "renameEnumValue") {
    const type = resolveType(catalog, operation.type);
    if (operation.kind === "renameEnumValue") {
      add("unmakes", "label", label(type, operation.value));
      add("makes", "label", label(type, operation.to));
      return;
    }
    add("makes", "label", label(type, operation.value), operation.ifNotExists);
    for (const beside of [operation.before, operation.after])
      if (beside !== undefined) add("needs", "label", label(type, beside));
    return;
  }
  // PL/pgSQL looks at literals when it runs.
  const late = operation.kind === "createFunction" && operation.language !== "sql";
  const strings = stringsOf(text);
  if (strings.size === 0 && operation.kind !== "createFunction") return;
  const relations = [
    ...new Set(found.flatMap(({ object }) => (object.kind === "relation" ? [writtenBy(catalog, object.name)] : []))),
  ];
  const enumOf = (name: TypeName | undefined): UserType | undefined => {
    const type = name && typeOf(catalog, name);
    if (type?.kind === "domain" && type.base) return enumOf(type.base);
    return type?.kind === "enum" ? type : undefined;
  };
  const certain = new Set<string>();
  const note = (type: UserType | undefined, value: string): void => {
    if (!type || late) return;
    for (const each of parts(value)) certain.add(label(type.id, each));
  };
  const ofColumn = (name: string): (UserType | undefined)[] =>
    relations.map((id) => enumOf(columnOf(catalog, id, name)?.type));
  /** Of an array, each element is one. */
  const parts = (value: string): readonly string[] =>
    value.startsWith("{") ? elements(value).flatMap((each) => each ?? []) : [value];
  walk(operation, {
    column: (name, value) => ofColumn(name).forEach((type) => note(type, value)),
    type: (name, value) => note(enumOf(name), value),
  });
  if (operation.kind === "insertRows") {
    const table = relationAt(catalog, writtenBy(catalog, resolve(catalog, operation.table)));
    const given = operation.change.columns.length > 0 ? operation.change.columns : [...(table?.columns.keys() ?? [])];
    for (const row of operation.change.query?.values ?? [
      operation.change.query?.targets.map(({ value }) => value) ?? [],
    ])
      row.forEach((value, at) => {
        const literal = literalString(value);
        if (literal !== undefined) note(enumOf(table?.columns.get(given[at] ?? "")?.type), literal);
      });
  }
  for (const name of certain) add("needs", "label", name);
  if (operation.kind === "createEnum") return;
  // A literal that is not next to its column may be the label, too.
  const names = identifiersOf(text);
  for (const id of relations)
    for (const column of relationAt(catalog, id)?.columns.values() ?? []) {
      const type = enumOf(column.type);
      if (!type || !names.has(column.name)) continue;
      for (const value of type.values)
        if (strings.has(value) && !certain.has(label(type.id, value)) && !late && !beside(operation))
          add("needs", "label", label(type.id, value), { unsure: true });
    }
}

/** Kinds whose literals are all read with their columns. */
const beside = (operation: Operation): boolean =>
  operation.kind === "insertRows" || operation.kind === "updateRows" || operation.kind === "deleteRows";

const columnOf = (catalog: Catalog, id: string, name: string): Column | undefined =>
  relationAt(catalog, id)?.columns.get(name);

function literalString(value: unknown): string | undefined {
  const bare = value as Expression | undefined;
  return bare?.kind === "literal" && typeof bare.value === "string" ? bare.value : undefined;
}

interface Found {
  column(name: string, value: string): void;
  type(name: TypeName, value: string): void;
}

/** Every literal in an operation that is next to a column or a type. */
function walk(value: unknown, found: Found): void {
  if (Array.isArray(value)) {
    for (const each of value) walk(each, found);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const node = value as Record<string, unknown>;
  const literals = (of: unknown): string[] => {
    const direct = literalString(of);
    if (direct !== undefined) return [direct];
    const bare = of as Expression | undefined;
    if (bare?.kind === "case") return [...bare.branches.map(({ then }) => then), bare.otherwise].flatMap(literals);
    if (bare?.kind === "call" || bare?.kind === "array" || bare?.kind === "row") return bare.args.flatMap(literals);
    return [];
  };
  const columns = (of: unknown): string[] => {
    const bare = of as Expression | undefined;
    return bare?.kind === "column"
      ? [bare.column]
      : bare?.kind === "call" && bare.name === "coalesce"
        ? bare.args.flatMap(columns)
        : [];
  };
  const pair = (names: readonly string[], values: readonly string[]): void => {
    for (const name of names) for (const each of values) found.column(name, each);
  };
  if (node.kind === "operator" || node.kind === "call" || node.kind === "array" || node.kind === "row") {
    const args = node.args as readonly unknown[];
    pair(args.flatMap(columns), args.flatMap(literals));
  } else if (node.kind === "in")
    pair(columns(node.arg), ((node.list as unknown[] | undefined) ?? []).flatMap(literals));
  else if (node.kind === "case" && node.subject)
    pair(
      columns(node.subject),
      (node.branches as { when: unknown }[]).flatMap(({ when }) => literals(when)),
    );
  else if (node.kind === "cast") for (const each of literals(node.arg)) found.type(node.type as TypeName, each);
  else if (typeof node.column === "string" && "value" in node) pair([node.column], literals(node.value));
  else if (typeof node.name === "string" && "type" in node && "default" in node && typeof node.type === "object")
    for (const each of literals(node.default)) found.type(node.type as TypeName, each);
  for (const [key, part] of Object.entries(node)) if (key !== "range" && key !== "body") walk(part, found);
}
