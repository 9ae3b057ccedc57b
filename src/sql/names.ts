import type { Name } from "./expression.ts";

/** The name as SQL needs it written: quoted where it must be. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** A qualified name as SQL needs it written. */
export function sqlName(name: Name): string {
  return name.schema === undefined ? quoted(name.name) : `${quoted(name.schema)}.${quoted(name.name)}`;
}

/** Reserved key words of PostgreSQL 18: https://www.postgresql.org/docs/current/sql-keywords-appendix.html */
const RESERVED = new Set(
  (
    "all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently constraint create cross " +
    "current_catalog current_date current_role current_schema current_time current_timestamp current_user default deferrable desc distinct do else end except false " +
    "fetch for foreign freeze from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime " +
    "localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning right select session_user similar some " +
    "symmetric system_user table tablesample then to trailing true union unique user using variadic verbose when where window with"
  ).split(" "),
);
