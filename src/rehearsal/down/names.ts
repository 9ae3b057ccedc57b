import { identifier, quotedName, type QualifiedName } from "../../sql/names.ts";
/** How a down.sql writes names, types and values: as Prisma's own files do, where PostgreSQL's print is another. */

/** Prisma quotes every name. Without the schema where it is public: it writes no other there, and runs with that search_path. */
export const qualified = (name: QualifiedName): string =>
  name.schema === "public" ? identifier(name.name) : quotedName(name);

const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/^timestamp(\(\d\))? without time zone/, "TIMESTAMP$1"],
  [/^timestamp(\(\d\))? with time zone/, "TIMESTAMPTZ$1"],
  [/^time(\(\d\))? without time zone/, "TIME$1"],
  [/^time(\(\d\))? with time zone/, "TIMETZ$1"],
  [/^character varying/, "VARCHAR"],
  [/^character(?=$|\(|\[)/, "CHAR"],
  [/^numeric\((\d+),(\d+)\)/, "DECIMAL($1,$2)"],
  [/^numeric(?=$|\[)/, "DECIMAL"],
  [/^double precision/, "DOUBLE PRECISION"],
];
const PLAIN = /^(text|integer|bigint|smallint|boolean|real|date|jsonb?|uuid|bytea|citext|inet|xml|money|oid)(?=$|\[)/;

/** A type that format_type printed, as Prisma spells it. Arrays keep their brackets. */
export function typeName(printed: string): string {
  if (PLAIN.test(printed)) return printed.replace(PLAIN, (name) => (name === "citext" ? name : name.toUpperCase()));
  for (const [pattern, spelling] of SPELLINGS) if (pattern.test(printed)) return printed.replace(pattern, spelling);
  return printed;
}

/** A default of a column of the type: `'USER'` for `'USER'::"Role"`, which means the same there. */
export function defaultValue(printed: string, type: string): string {
  const bare = type.replace(/\(.*?\)/, "");
  const cast = `::${bare}`;
  if (
    /^'(?:[^']|'')*'::/.test(printed) &&
    printed.endsWith(cast) &&
    /^'(?:[^']|'')*'$/.test(printed.slice(0, -cast.length))
  )
    return printed.slice(0, -cast.length);
  return printed;
}

/** Applies `change` to what of a statement is no string literal. */
export function outsideLiterals(sql: string, change: (text: string) => string): string {
  return sql.replace(/'(?:[^']|'')*'|[^']+/g, (part) => (part.startsWith("'") ? part : change(part)));
}
