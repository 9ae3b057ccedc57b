import type { TypeName } from "../../sql/expression.ts";
import type { Name } from "../../sql/names.ts";
import { type Catalog, type Relation, resolve, resolveType } from "../catalog.ts";
import {
  SYSTEM_COLUMNS,
  isDoubtful,
  isWhole,
  relation as presentRelation,
  schema as presentSchema,
  type as presentType,
} from "../presence.ts";
import type { Refusal } from "./refusal.ts";
import { type Type, UNKNOWN, isBuiltInType, typeNamed } from "./type.ts";

/** What the names of an expression can mean. */

/** The columns of a table, a query or a function. `open`: it may have others. */
export interface Columns {
  readonly types: ReadonlyMap<string, Type>;
  readonly open: boolean;
}

export interface SourceColumns extends Columns {
  /** Its alias or name. */
  readonly name: string | undefined;
}

/** The sources of one query, and those of the queries around it. */
export interface Scope {
  readonly sources: readonly SourceColumns[];
  /** Columns that JOIN … USING made one; "all" after NATURAL. */
  readonly merged?: ReadonlySet<string> | "all";
  readonly outer: Scope | undefined;
}

export const OPEN: Columns = { types: new Map(), open: true };

export function columnsOf(catalog: Catalog, relation: Relation | undefined): Columns {
  if (!relation || isDoubtful(catalog, relation.id)) return OPEN;
  const types = new Map([...relation.columns].map(([name, column]) => [name, typeNamed(catalog, column.type)]));
  return { types, open: !isWhole(relation) || relation.kind === "foreignTable" || relation.kind === "sequence" };
}

/** AS alias (a, b): the first columns have these names. */
export function renamed(columns: Columns, names: readonly string[] | undefined): Columns {
  if (!names || names.length === 0) return columns;
  if (columns.open) return { types: new Map(names.map((name) => [name, UNKNOWN])), open: true };
  const own = [...columns.types];
  const types = own.map(([name, type], at): [string, Type] => [names[at] ?? name, type]);
  // More names than columns are known: a function's.
  for (const name of names.slice(own.length)) types.push([name, UNKNOWN]);
  return { types: new Map(types), open: false };
}

export type Found =
  | { readonly is: "present"; readonly type: Type }
  | { readonly is: "unknown" }
  | { readonly is: "absent" /** Columns of the scope with like names. */; readonly candidates: readonly string[] }
  | { readonly is: "no table" }
  | { readonly is: "ambiguous" };

/** The column that a reference means: in the nearest query that has one of that name. */
export function found(scope: Scope | undefined, table: string | undefined, column: string): Found {
  const candidates = new Set<string>();
  let open = false;
  let named = false;
  // Of a function with a syntax of its own nobody here knows how PostgreSQL calls it.
  let unnamed = false;
  for (let at = scope; at; at = at.outer) {
    const sources = table === undefined ? at.sources : at.sources.filter(({ name }) => name === table);
    named ||= sources.length > 0;
    unnamed ||= at.sources.some(({ name, open: whole }) => name === undefined && whole);
    const having = sources.filter(({ types }) => types.has(column));
    if (having.length > 1 && at.merged !== "all" && at.merged?.has(column) !== true && table === undefined)
      return { is: "ambiguous" };
    const [first] = having;
    if (first)
      return { is: "present", type: having.length === 1 && !open ? (first.types.get(column) ?? UNKNOWN) : UNKNOWN };
    // The whole row of a source, or a system column.
    if (table === undefined && at.sources.some(({ name }) => name === column)) return { is: "unknown" };
    if (sources.length > 0 && SYSTEM_COLUMNS.has(column)) return { is: "unknown" };
    if (sources.some((each) => each.open) || (table === undefined && at.sources.some(({ name }) => name === undefined)))
      open = true;
    for (const { types } of sources) for (const name of types.keys()) candidates.add(name);
  }
  if (open) return { is: "unknown" };
  if (table !== undefined && !named) return { is: unnamed ? "unknown" : "no table" };
  return { is: "absent", candidates: [...candidates] };
}

const plain = (name: string): string => name.toLowerCase().replaceAll("_", "");

/** A name that differs in capitals and underscores alone: what Prisma's schema calls a field, or a name that lost its quotes. */
export function meant(name: string, candidates: readonly string[]): string | undefined {
  return candidates.find((each) => each !== name && plain(each) === plain(name));
}

/** That a relation is not there, in a history that makes all that it names; undefined where it may be there all the same. */
export function missingRelation(catalog: Catalog, name: Name): Refusal | undefined {
  const isThere = presentRelation(catalog, resolve(catalog, name)).is !== "absent";
  if (isThere && (name.schema === undefined || presentSchema(catalog, name.schema).is !== "absent")) return undefined;
  const written = name.schema === undefined ? name.name : `${name.schema}.${name.name}`;
  return {
    sqlstate: "42P01",
    message: `relation "${written}" does not exist`,
    about: "relation",
    meant: meant(
      name.name,
      [...catalog.relations.values()].map((each) => each.name),
    ),
  };
}

/** That a type is not there. A table has a row type of its name. */
export function missingType(catalog: Catalog, name: TypeName | Name): Refusal | undefined {
  // A column of a partition or typed table has the type that it has already.
  if (name.name === "" || ("array" in name && isBuiltInType(name))) return undefined;
  if (
    presentType(catalog, resolveType(catalog, name)).is !== "absent" ||
    presentRelation(catalog, resolve(catalog, name)).is !== "absent"
  )
    return undefined;
  // An array's own name: _text.
  if (name.name.startsWith("_") && !missingType(catalog, { ...name, name: name.name.slice(1) })) return undefined;
  const written = name.schema === undefined ? name.name : `${name.schema}.${name.name}`;
  return {
    sqlstate: "42704",
    message: `type "${written}" does not exist`,
    about: "type",
    meant: meant(
      name.name,
      [...catalog.types.values()].map((each) => each.name),
    ),
  };
}
