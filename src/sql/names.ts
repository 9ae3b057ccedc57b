/** How SQL and lockstep write names and texts: quoted, joined and split here alone. */

/** A name that may be qualified. Resolving it against the search path is the model's work. */
export interface Name {
  readonly schema?: string | undefined;
  readonly name: string;
}

/** The name as SQL needs it written: quoted where it must be. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !RESERVED.has(name) ? name : identifier(name);
}

/** The name in quotes, whatever it is. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The text as a literal that means the same whatever standard_conforming_strings is: as quote_literal() writes it. */
export function literal(text: string): string {
  const doubled = `'${text.replaceAll("'", "''")}'`;
  return text.includes("\\") ? `E${doubled.replaceAll("\\", "\\\\")}` : doubled;
}

/** What a name in quotes or a plain literal holds: the other way round. */
export function unquoted(source: string): string {
  const quote = source.charAt(0);
  return source.slice(1, -1).replaceAll(quote + quote, quote);
}

/** A qualified name as SQL needs it written. */
export function sqlName(name: Name): string {
  return name.schema === undefined ? quoted(name.name) : `${quoted(name.schema)}.${quoted(name.name)}`;
}

export interface QualifiedName {
  readonly schema: string;
  readonly name: string;
}

/** Schema and name, both in quotes. */
export const quotedName = ({ schema, name }: QualifiedName): string => `${identifier(schema)}.${identifier(name)}`;

/**
 * A relation, type, function or index as `schema.name`, both unquoted. The first dot ends the schema; one that holds a dot or begins
 * with a quote is in quotes itself: `"a.b".posts`.
 */
export type RelationId = string;

export function relationId(schema: string, name: string): RelationId {
  return `${/^"|\./.test(schema) ? identifier(schema) : schema}.${name}`;
}

export function partsOf(id: RelationId): QualifiedName {
  const quotes = /^("(?:[^"]|"")*")\.(.*)$/s.exec(id);
  if (quotes) return { schema: unquoted(quotes[1] as string), name: quotes[2] as string };
  const dot = id.indexOf(".");
  return { schema: id.slice(0, dot), name: id.slice(dot + 1) };
}

/** What has another name in the same schema. */
export const sibling = (id: RelationId, name: string): RelationId => relationId(partsOf(id).schema, name);

/** A name as one text, as calls hold it: the relation's id where there is a schema. */
export const dotted = ({ schema, name }: Name): string => (schema === undefined ? name : relationId(schema, name));

/** The other way round. */
export const undotted = (text: string): Name => (text.includes(".") ? partsOf(text) : { name: text });

/** The relation that `schema.relation.part` is a column, constraint or the like of; a relation is its own. */
export function relationOf(object: string): RelationId {
  const { schema, name } = undotted(object);
  return dotted({ schema, name: name.split(".")[0] ?? name });
}

/** What a text means as a name, the way regclass reads it: parts without quotes are in lower case. */
export function nameIn(text: string): Name {
  const [, schema, name = text] = /^(?:("(?:[^"]|"")+"|[^".]+)\.)?("(?:[^"]|"")+"|[^".]+)$/.exec(text.trim()) ?? [];
  const bare = (part: string): string => (part.startsWith('"') ? unquoted(part) : part.toLowerCase());
  return schema === undefined ? { name: bare(name) } : { schema: bare(schema), name: bare(name) };
}

/** A relation in prose: no quotes, no public. */
export const relationName = (id: RelationId): string => (id.startsWith("public.") ? id.slice("public.".length) : id);

/** A relation as people write it: without the schema where that is public. */
export function relationSql(id: RelationId): string {
  const { schema, name } = partsOf(id);
  return schema === "public" ? quoted(name) : sqlName({ schema, name });
}

/** A relation as SQL needs it written, with its schema. */
export const qualifiedSql = (id: RelationId): string => sqlName(undotted(id));

/** A relation in quotes, with its schema. */
export const quotedRelation = (id: RelationId): string => quotedName(partsOf(id));

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
