import type { Change, Expression, Query, TypeName } from "../sql/expression.ts";
import type { Check, ForeignKeyAction } from "../sql/operation/constraints.ts";
import type { RelationId } from "./effects.ts";
import type { FunctionForm, Operation } from "../sql/operation/index.ts";
import { type Name, relationId } from "../sql/names.ts";
import { isBuiltInName } from "./postgres/type-names.ts";

/**
 * The schema as the migrations so far have made it. One catalog is folded over the whole history; what the text
 * does not say is `unknown`, never guessed.
 */

/** When an object was made. */
export interface Birth {
  /** Counts deployments: what the current one made has no rows and no users yet. */
  readonly deployment: number;
  readonly migration: string;
  readonly statement: number;
}

export interface Column {
  readonly name: string;
  /** Unknown for a column that is only mentioned. */
  readonly type?: TypeName;
  readonly notNull: boolean | "unknown";
  /** The deployment in which it became NOT NULL, where it was not so from its birth on. */
  readonly requiredIn?: number;
  readonly default?: Expression | undefined;
  /** The type that its default was cast to before the column got another one: the default still depends on it. */
  readonly defaultOf?: string;
  readonly identity: boolean;
  /** GENERATED ALWAYS AS IDENTITY: values of one's own need OVERRIDING SYSTEM VALUE. */
  readonly always?: true;
  readonly generated?: { readonly stored: boolean; readonly expression: Expression } | undefined;
  readonly birth?: Birth | undefined;
  /** The deployment in which it got its name, and that in which it got its type, where another statement did than the one that made it. */
  readonly renamedIn?: number;
  readonly retypedIn?: number;
  /** The deployment in which a statement last wrote values into it. */
  readonly filledIn?: number;
  /** A child defines it itself, besides having it from its parent: it stays where the parent's goes. */
  readonly local?: true;
}

export interface Constraint {
  readonly name: string;
  readonly type: "foreignKey" | "check" | "unique" | "primaryKey" | "exclusion" | "notNull";
  readonly columns: readonly string[];
  /** Foreign keys only. */
  readonly parent?: RelationId;
  readonly parentColumns?: readonly string[];
  readonly onDelete?: ForeignKeyAction;
  readonly onUpdate?: ForeignKeyAction;
  readonly deferrable?: boolean;
  /** Check constraints only. */
  readonly expression?: Expression;
  readonly validated: boolean;
  readonly enforced: boolean;
  /** CHECK … NO INHERIT. */
  readonly noInherit?: boolean;
  /** The parent's constraint that made it, in a partition or an inheritance child. */
  readonly of?: { readonly table: RelationId; readonly name: string };
  /** A child says it itself besides: it stays where the parent's goes. */
  readonly local?: true;
  readonly birth?: Birth;
}

/** A constraint that was dropped, with the deployment that did it. */
export type Released = Constraint & {
  readonly in: number;
  /** It went with one of its columns: a column of that name is another one now. */
  readonly withColumn?: true;
};

export interface Index {
  readonly id: RelationId;
  readonly name: string;
  readonly table: RelationId;
  readonly unique: boolean;
  /** A column's name, or null for an expression. */
  readonly columns: readonly (string | null)[];
  readonly include: readonly string[];
  /** Columns that its expressions and predicate mention. */
  readonly mentions: readonly string[];
  readonly partial: boolean;
  readonly where?: Expression | undefined;
  readonly method: string;
  /** An operator class, an order or a collation of its own, or NULLs that are not distinct: not what the columns alone would give. */
  readonly special?: true;
  /** What PostgreSQL calls its columns where it makes up a name. */
  readonly parts?: readonly string[];
  /** The parent's index that made it, in a partition. */
  readonly of?: RelationId;
  /** The constraint that it belongs to. */
  readonly constraint?: string;
  /** What Prisma's schema language cannot say: INCLUDE, an expression, a predicate. */
  readonly handWritten: boolean;
  readonly birth?: Birth;
}

export interface Trigger {
  /** Of its function. */
  readonly function: string;
  /** UPDATE OF these columns. */
  readonly columns: readonly string[];
  readonly when?: Expression | undefined;
}

/** A row security policy. */
export interface Policy {
  readonly using?: Expression | undefined;
  readonly check?: Expression | undefined;
}

/** A rewrite rule of a table. */
export interface RewriteRule {
  readonly event: "select" | "insert" | "update" | "delete";
  /** DO INSTEAD NOTHING without a WHERE: the statement does nothing. */
  readonly nothing: boolean;
  /** Row changes that it makes besides or instead. */
  readonly changes: readonly Change[];
}

export type RelationKind = "table" | "partitioned" | "view" | "materializedView" | "sequence" | "foreignTable";

export interface Relation {
  readonly id: RelationId;
  readonly schema: string;
  readonly name: string;
  readonly kind: RelationKind;
  /** False where the history does not create it: then a column that is not listed is unknown, not absent. */
  readonly complete: boolean;
  readonly birth?: Birth | undefined;
  /** Where the history does not create it: the deployment whose statement named it first. */
  readonly namedIn?: number;
  /** The deployment in which it got its name or schema, where another statement did than the one that made it. */
  readonly renamedIn?: number;
  readonly temporary: boolean;
  /** Not written to the log; absent where the text does not say. */
  readonly unlogged?: boolean;
  readonly columns: ReadonlyMap<string, Column>;
  readonly constraints: ReadonlyMap<string, Constraint>;
  /** Names, in the relation's schema. */
  readonly indexes: ReadonlySet<RelationId>;
  readonly triggers: ReadonlyMap<string, Trigger>;
  readonly policies: ReadonlyMap<string, Policy>;
  readonly rules: ReadonlyMap<string, RewriteRule>;
  /** Partitions and inheritance children, and the other way round. */
  readonly children: ReadonlySet<RelationId>;
  readonly parents: ReadonlySet<RelationId>;
  readonly defaultPartition?: RelationId;
  /** Of a partitioned table; empty texts for expressions. */
  readonly partitionKey?: readonly string[];
  /** The composite type that its columns come from. */
  readonly of?: string;
  /** Sequences only: the column that it goes with. */
  readonly ownedBy?: { readonly table: RelationId; readonly column: string };
  /** Views only. */
  readonly query?: Query;
  /** When CREATE OR REPLACE VIEW last gave it this query. */
  readonly replaced?: Birth;
  readonly uses: ReadonlySet<RelationId>;
  /** Constraints that were dropped, with the deployment that did it: what they guarded still holds. */
  readonly released: readonly Released[];
  /** The deployment in which rows were last inserted. */
  readonly filledIn?: number;
  /** The deployment in which rows were last deleted or changed. */
  readonly changedIn?: number;
  /** The deployment in which a column last got another type, which may have rewritten every row. */
  readonly retypedIn?: number;
  readonly truncatedBy?: Birth;
}

export interface DomainCheck {
  readonly validated: boolean;
  readonly check: Check;
}

export interface UserType {
  readonly id: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: "enum" | "domain" | "composite" | "range" | "base";
  readonly values: readonly string[];
  readonly base?: TypeName;
  /** Only its name is there yet. */
  readonly shell?: true;
  /** Of a multirange: its range. */
  readonly rangeOf?: string;
  readonly notNull: boolean;
  readonly checks: ReadonlyMap<string, DomainCheck>;
  readonly default?: Expression | undefined;
  readonly birth?: Birth;
  /** The deployment in which it got its name or schema, where another statement did than the one that made it. */
  readonly renamedIn?: number;
  /** Values added in the current transaction cannot be used in it. */
  readonly added: ReadonlyMap<string, Birth>;
}

export interface UserFunction {
  readonly id: string;
  readonly volatility: "immutable" | "stable" | "volatile";
  readonly language: string;
  readonly operations: readonly Operation[];
  /** A body of the SQL standard refers to what it names; one that is a text is looked up at each call. */
  readonly bound?: true;
  /** Made more than once: with other arguments it is another function. */
  readonly overloaded?: true;
  /** By the types of its arguments, what cannot be replaced. */
  readonly forms: ReadonlyMap<string, FunctionForm>;
  readonly birth?: Birth;
}

export interface Catalog {
  readonly relations: ReadonlyMap<RelationId, Relation>;
  readonly indexes: ReadonlyMap<RelationId, Index>;
  readonly types: ReadonlyMap<string, UserType>;
  readonly functions: ReadonlyMap<string, UserFunction>;
  readonly schemas: ReadonlySet<string>;
  readonly extensions: ReadonlySet<string>;
  /** Extended statistics, with their table. */
  readonly statistics: ReadonlyMap<string, RelationId>;
  /** Publications, with their tables. */
  readonly publications: ReadonlyMap<string, ReadonlySet<RelationId>>;
  /** What was there and is gone. */
  readonly dropped: ReadonlySet<string>;
  /** Relations, types and indexes that a statement which may not have run made, changed or dropped (a branch, a handler). */
  readonly doubtful: ReadonlySet<string>;
  /** Statements were run that nobody could read: what is not listed may be there, what is listed may be gone. */
  readonly tainted: boolean;
  readonly searchPath: readonly string[];
  /** The one before SET LOCAL, to which the end of the transaction returns. */
  readonly searchPathBefore?: readonly string[];
  /** Settings in force, by SET; `local` ones end with the transaction. */
  readonly settings: ReadonlyMap<
    string,
    { readonly value: string; readonly local: boolean; readonly migration: string }
  >;
  readonly deployment: number;
}

/** The id that a name means now: in its schema, else in the first schema of the search path that holds it, else in the first one. */
export function resolve(catalog: Catalog, name: Name): RelationId {
  if (name.schema !== undefined) return relationId(name.schema, name.name);
  for (const schema of catalog.searchPath) {
    const id = relationId(schema, name.name);
    if (catalog.relations.has(id) || catalog.indexes.has(id)) return id;
  }
  return relationId(creationSchema(catalog), name.name);
}

/** Where an unqualified name is created. */
export function creationSchema(catalog: Catalog): string {
  return catalog.searchPath.find((schema) => catalog.schemas.has(schema)) ?? catalog.searchPath[0] ?? "public";
}

export const createdAs = (catalog: Catalog, name: Name): RelationId =>
  relationId(name.schema ?? creationSchema(catalog), name.name);

/** The id of a type; a table has a row type of its name. What is stored is bound already. */
export function resolveType(catalog: Catalog, name: Name & { readonly id?: string }): string {
  if (name.id !== undefined) return name.id;
  if (name.schema !== undefined) return relationId(name.schema, name.name);
  // The system catalogs come first in every search path.
  if (isBuiltInName(name.name)) return relationId("pg_catalog", name.name);
  return (
    catalog.searchPath
      .map((schema) => relationId(schema, name.name))
      .find((id) => catalog.types.has(id) || catalog.relations.has(id)) ??
    relationId(creationSchema(catalog), name.name)
  );
}

export function resolveFunction(catalog: Catalog, name: Name): string {
  if (name.schema !== undefined) return relationId(name.schema, name.name);
  return (
    catalog.searchPath.map((schema) => relationId(schema, name.name)).find((id) => catalog.functions.has(id)) ??
    relationId(creationSchema(catalog), name.name)
  );
}

/**
 * The thing, if the history knows it. That it is undefined does not say that it is not there, nor does the thing say that it is there
 * for sure: presence.ts does.
 */
export const relationAt = (catalog: Catalog, id: RelationId): Relation | undefined => catalog.relations.get(id);

export const relationNamed = (catalog: Catalog, name: Name): Relation | undefined =>
  relationAt(catalog, resolve(catalog, name));

export const columnOf = (catalog: Catalog, table: RelationId, name: string): Column | undefined =>
  relationAt(catalog, table)?.columns.get(name);

export const constraintOf = (catalog: Catalog, table: RelationId, name: string): Constraint | undefined =>
  relationAt(catalog, table)?.constraints.get(name);

export const indexAt = (catalog: Catalog, id: RelationId): Index | undefined => catalog.indexes.get(id);

export const typeAt = (catalog: Catalog, id: string): UserType | undefined => catalog.types.get(id);

export const typeOf = (catalog: Catalog, name: Name): UserType | undefined =>
  typeAt(catalog, resolveType(catalog, name));

/** What a type stands for where it is a domain: the domains from it down, and the type below the last of them. Undefined for all else, and in a circle. */
export function domainChain(
  catalog: Catalog,
  name: TypeName,
): { readonly domains: readonly UserType[]; readonly base: TypeName } | undefined {
  const domains = new Set<UserType>();
  let base = name;
  for (let at = typeOf(catalog, base); at?.kind === "domain" && at.base; at = typeOf(catalog, base)) {
    if (domains.has(at)) return undefined;
    domains.add(at);
    base = at.base;
    if (base.array > 0) break;
  }
  return domains.size > 0 ? { domains: [...domains], base } : undefined;
}

export const functionAt = (catalog: Catalog, id: string): UserFunction | undefined => catalog.functions.get(id);

/** Made by the current deployment: it has no rows and no users yet. */
export function isNew<T extends { readonly birth?: Birth | undefined }>(
  catalog: Catalog,
  made: T | undefined,
): made is T & { readonly birth: Birth } {
  return made?.birth?.deployment === catalog.deployment;
}

/** Made by the current deployment, which has put no row into it: it is surely empty. */
export const isUnfilled = (catalog: Catalog, table: Relation | undefined): table is Relation =>
  isNew(catalog, table) && table.filledIn !== catalog.deployment;

/** Tables, views, sequences and types share their names; functions have their own. */
export type MadeId = string | { readonly function: string };

/** Born before this deployment, or by something that the history does not show. */
export const isDeployed = (catalog: Catalog, id: MadeId): boolean =>
  !isNew(
    catalog,
    typeof id === "string" ? (relationAt(catalog, id) ?? typeAt(catalog, id)) : functionAt(catalog, id.function),
  );
