import { storedType } from "../postgres/serial.ts";
import { BASES, isBuiltInName } from "../postgres/type-names.ts";
import { lookup } from "../../words.ts";
import type { TypeName } from "../../sql/expression.ts";
import { type Catalog, domainChain, typeOf } from "../catalog.ts";
import { isImplicit } from "../postgres/casts.ts";
import { relationName } from "../../sql/names.ts";

/** The type of an expression, as far as the text and the history say it. */
export type Type =
  /** A built-in type by PostgreSQL's internal name, "int4". */
  | { readonly kind: "base"; readonly name: string; readonly array: boolean }
  /** An enum that the history makes, by its id. */
  | { readonly kind: "enum"; readonly id: string; readonly array: boolean }
  /** A string in quotes or NULL: it takes the type that its place asks for. */
  | { readonly kind: "literal"; readonly value: string | null }
  /** A number: int4, int8 or numeric, by its size and digits. */
  | { readonly kind: "number" }
  /** Not known: a column of a table that the history does not make, a type of an extension. */
  | { readonly kind: "unknown" };

export const UNKNOWN: Type = { kind: "unknown" };
export const base = (name: string): Type => ({ kind: "base", name, array: false });
export const BOOL = base("bool");

/** The type that a name means now. Domains are what they stand for; types that the history does not make are not known. */
export function typeNamed(catalog: Catalog, type: TypeName | undefined): Type {
  if (!type) return UNKNOWN;
  const own = typeOf(catalog, type);
  const array = type.array > 0;
  if (own?.kind === "enum") return { kind: "enum", id: own.id, array };
  const chain = domainChain(catalog, type);
  if (chain) {
    const under = typeNamed(catalog, chain.base);
    return array ? arrayOf(under) : under;
  }
  if (own || (type.schema !== undefined && type.schema !== "pg_catalog")) return UNKNOWN;
  const name = storedType(type).name;
  return BASES.has(name) ? { kind: "base", name, array } : UNKNOWN;
}

/** The type behind a name of pg_type: "_text" is text[]; polymorphic and pseudo types are not known. */
export function internalType(name: string): Type {
  const array = name.startsWith("_");
  const plain = array ? name.slice(1) : name;
  return BASES.has(plain) ? { kind: "base", name: plain, array } : UNKNOWN;
}

export function arrayOf(type: Type): Type {
  return type.kind === "base" || type.kind === "enum" ? { ...type, array: true } : UNKNOWN;
}

export function elementOf(type: Type): Type {
  return (type.kind === "base" || type.kind === "enum") && type.array ? { ...type, array: false } : UNKNOWN;
}

const NUMBERS: ReadonlySet<string> = new Set([
  "int2",
  "int4",
  "int8",
  "float4",
  "float8",
  "numeric",
  "oid",
  "money",
  "regclass",
  "regcollation",
  "regconfig",
  "regdictionary",
  "regnamespace",
  "regoper",
  "regoperator",
  "regproc",
  "regprocedure",
  "regrole",
  "regtype",
]);

/** Whether PostgreSQL takes a value of the type where a parameter of the internal type `wanted` is asked for; true where that is not known. */
export function accepts(wanted: string, given: Type): boolean {
  if (given.kind === "unknown" || given.kind === "literal") return true;
  if (/^"?any|^record|^_record/.test(wanted)) return acceptsPolymorphic(wanted, given);
  if (given.kind === "number") return NUMBERS.has(wanted);
  if (given.kind === "enum") return false;
  if (given.array)
    return wanted === `_${given.name}` || (wanted.startsWith("_") && isImplicit(given.name, wanted.slice(1)));
  return wanted === given.name || isImplicit(given.name, wanted);
}

function acceptsPolymorphic(wanted: string, given: Type): boolean {
  const array = (given.kind === "base" || given.kind === "enum") && given.array;
  const range = given.kind === "base" && /range$/.test(given.name);
  switch (wanted) {
    case "anyarray":
    case "anycompatiblearray":
      return array;
    case "anynonarray":
    case "anycompatiblenonarray":
      return !array;
    case "anyenum":
      return given.kind === "enum" && !array;
    case "anyrange":
    case "anycompatiblerange":
      return range && !given.name.endsWith("multirange");
    case "anymultirange":
    case "anycompatiblemultirange":
      return range && given.name.endsWith("multirange");
    case "record":
    case "_record":
      return given.kind !== "base" && given.kind !== "enum";
    default:
      return true;
  }
}

/** format_type(): as PostgreSQL's messages write a type. */
export function typeInWords(type: Type): string {
  switch (type.kind) {
    case "base":
      return `${SPELLED[type.name] ?? type.name}${type.array ? "[]" : ""}`;
    case "enum": {
      const name = relationName(type.id);
      return `${/^[a-z_][a-z0-9_.]*$/.test(name) ? name : `"${name}"`}${type.array ? "[]" : ""}`;
    }
    case "number":
      return "integer";
    default:
      return "unknown";
  }
}

const SPELLED: Readonly<Record<string, string>> = lookup({
  bool: "boolean",
  bpchar: "character",
  float4: "real",
  float8: "double precision",
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  time: "time without time zone",
  timestamp: "timestamp without time zone",
  timestamptz: "timestamp with time zone",
  timetz: "time with time zone",
  varbit: "bit varying",
  varchar: "character varying",
});

/** Whether a name means a type of pg_catalog. */
export const isBuiltInType = (name: TypeName): boolean =>
  (name.schema === undefined || name.schema === "pg_catalog") &&
  (isBuiltInName(storedType(name).name) || /^_?(?:pg_|reg|any|information_schema)/.test(name.name));
