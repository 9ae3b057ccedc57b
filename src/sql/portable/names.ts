import { lookup } from "../../words.ts";
import type { DataTypeDef, QName } from "pgsql-ast-parser";
import type { Name } from "../names.ts";
import type { TypeName } from "../expression.ts";
import { gap } from "./parser.ts";

export const nameOf = ({ schema, name }: QName): Name =>
  schema === undefined || schema === "pg_catalog" ? { name } : { schema, name };
/** Relations keep pg_catalog, as they do in the other reader. */
export const relationName = ({ schema, name }: QName): Name => (schema === undefined ? { name } : { schema, name });

/** PostgreSQL's own names for the types that SQL spells in several ways: gram.y, SimpleTypename. */
const TYPES: Readonly<Record<string, string>> = lookup({
  int: "int4",
  integer: "int4",
  bigint: "int8",
  smallint: "int2",
  real: "float4",
  float: "float8",
  "double precision": "float8",
  decimal: "numeric",
  dec: "numeric",
  numeric: "numeric",
  boolean: "bool",
  char: "bpchar",
  character: "bpchar",
  nchar: "bpchar",
  "character varying": "varchar",
  varchar: "varchar",
  "bit varying": "varbit",
  bit: "bit",
  "timestamp without time zone": "timestamp",
  "timestamp with time zone": "timestamptz",
  "time without time zone": "time",
  "time with time zone": "timetz",
});
const SERIALS: Readonly<Record<string, string>> = lookup({
  serial2: "smallserial",
  serial4: "serial",
  serial8: "bigserial",
});
const ONE_LONG = new Set(["char", "character", "nchar", "bit"]);

export function typeName(type: DataTypeDef): TypeName {
  if (type.kind === "array") {
    const of = typeName(type.arrayOf);
    return { ...of, array: of.array + 1 };
  }
  const { schema, name, config = [], doubleQuoted } = type;
  const own = schema === undefined && !doubleQuoted;
  if (own && (name === "interval" || name === "float") && config.length > 0) gap(`${name} with a precision`);
  const modifiers = own && ONE_LONG.has(name) && config.length === 0 ? [1] : config;
  const found = own ? (TYPES[name] ?? name) : name;
  const named = {
    name: schema === undefined || schema === "pg_catalog" ? (SERIALS[found] ?? found) : found,
    modifiers,
    array: 0,
  };
  return schema === undefined || schema === "pg_catalog" ? named : { schema, ...named };
}

export const TIMES = new Set(["current_timestamp", "current_time", "localtime", "localtimestamp"]);

export const columnAliases = (
  names: readonly { readonly name: string }[] | null | undefined,
): { columns?: readonly string[] } => (names && names.length > 0 ? { columns: names.map(({ name }) => name) } : {});
