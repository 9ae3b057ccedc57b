import type { Change, Expression, Query, TypeName } from "../sql/expression.ts";
import type { Check, ForeignKeyAction } from "../sql/operation/constraints.ts";
import type { RelationId } from "./effects.ts";
import type { Operation } from "../sql/operation/index.ts";
import { type Name, partsOf, relationId } from "../sql/names.ts";

/**
 * The schema as the migrations so far have made it. One catalog is folded over the whole history; what the text
 * does not say is `unknown`, never guessed.
 */

export type Known<T> =
  | { readonly is: "present"; readonly value: T }
  | { readonly is: "absent" }
  | { readonly is: "unknown" };

/** When an object was made. */
export interface Birth {
  /** Counts deployments: what the current one made has no rows and no users yet. */
  readonly deployment: number;
  readonly migration: string;
  readonly statement: number;
}

export interface Column {
  name: string;
  /** Unknown for a column that is only mentioned. */
  type?: TypeName;
  notNull: boolean | "unknown";
  /** The deployment in which it became NOT NULL, where it was not so from its birth on. */
  requiredIn?: number;
  default?: Expression | undefined;
  /** The type that its default was cast to before the column got another one: the default still depends on it. */
  defaultOf?: string;
  identity: boolean;
  generated?: { readonly stored: boolean; readonly expression: Expression } | undefined;
  birth?: Birth | undefined;
  /** The deployment in which a statement last wrote values into it. */
  filledIn?: number;
}

export interface Constraint {
  name: string;
  readonly type: "foreignKey" | "check" | "unique" | "primaryKey" | "exclusion" | "notNull";
  columns: readonly string[];
  /** Foreign keys only. */
  parent?: RelationId;
  parentColumns?: readonly string[];
  onDelete?: ForeignKeyAction;
  onUpdate?: ForeignKeyAction;
  deferrable?: boolean;
  /** Check constraints only. */
  expression?: Expression;
  validated: boolean;
  enforced: boolean;
  /** CHECK … NO INHERIT. */
  noInherit?: boolean;
  /** The parent's constraint that made it, in a partition or an inheritance child. */
  of?: { readonly table: RelationId; name: string };
  birth?: Birth;
}

export interface Index {
  id: RelationId;
  name: string;
  table: RelationId;
  unique: boolean;
  /** A column's name, or null for an expression. */
  columns: readonly (string | null)[];
  include: readonly string[];
  /** Columns that its expressions and predicate mention. */
  mentions: readonly string[];
  partial: boolean;
  where?: Expression | undefined;
  method: string;
  /** What PostgreSQL calls its columns where it makes up a name. */
  parts?: readonly string[];
  /** The parent's index that made it, in a partition. */
  of?: RelationId;
  /** The constraint that it belongs to. */
  constraint?: string;
  /** What Prisma's schema language cannot say: INCLUDE, an expression, a predicate. */
  handWritten: boolean;
  birth?: Birth;
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
  id: RelationId;
  schema: string;
  name: string;
  kind: RelationKind;
  /** False where the history does not create it: then a column that is not listed is unknown, not absent. */
  complete: boolean;
  birth?: Birth | undefined;
  /** Where the history does not create it: the deployment whose statement named it first. */
  namedIn?: number;
  temporary: boolean;
  /** Not written to the log; absent where the text does not say. */
  unlogged?: boolean;
  columns: Map<string, Column>;
  constraints: Map<string, Constraint>;
  /** Names, in the relation's schema. */
  indexes: Set<RelationId>;
  triggers: Map<string, Trigger>;
  policies: Map<string, Policy>;
  rules: Map<string, RewriteRule>;
  /** Partitions and inheritance children, and the other way round. */
  children: Set<RelationId>;
  parents: Set<RelationId>;
  defaultPartition?: RelationId;
  /** Sequences only: the column that it goes with. */
  ownedBy?: { readonly table: RelationId; readonly column: string };
  /** Views only. */
  query?: Query;
  uses: Set<RelationId>;
  /** Constraints that were dropped, with the deployment that did it: what they guarded still holds. */
  released: (Constraint & { readonly in: number })[];
  /** The deployment in which rows were last inserted. */
  filledIn?: number;
  /** The deployment in which rows were last deleted or changed. */
  changedIn?: number;
  /** The deployment in which a column last got another type, which may have rewritten every row. */
  retypedIn?: number;
  truncatedBy?: Birth;
}

export interface UserType {
  id: string;
  schema: string;
  name: string;
  kind: "enum" | "domain" | "composite" | "range" | "base";
  values: string[];
  base?: TypeName;
  notNull: boolean;
  checks: Map<string, { validated: boolean; check: Check }>;
  default?: Expression | undefined;
  birth?: Birth;
  /** Values added in the current transaction cannot be used in it. */
  added: Map<string, Birth>;
}

export interface UserFunction {
  readonly id: string;
  readonly volatility: "immutable" | "stable" | "volatile";
  readonly language: string;
  readonly operations: readonly Operation[];
  readonly birth?: Birth;
}

export interface Catalog {
  readonly relations: Map<RelationId, Relation>;
  readonly indexes: Map<RelationId, Index>;
  readonly types: Map<string, UserType>;
  readonly functions: Map<string, UserFunction>;
  readonly schemas: Set<string>;
  readonly extensions: Set<string>;
  /** Extended statistics, with their table. */
  readonly statistics: Map<string, RelationId>;
  /** Publications, with their tables. */
  readonly publications: Map<string, ReadonlySet<RelationId>>;
  /** What was there and is gone. */
  readonly dropped: Set<string>;
  /** Relations, types and indexes that a statement which may not have run made, changed or dropped (a branch, a handler). */
  readonly doubtful: Set<string>;
  /** Statements were run that nobody could read: what is not listed may be there, what is listed may be gone. */
  tainted: boolean;
  searchPath: readonly string[];
  /** The one before SET LOCAL, to which the end of the transaction returns. */
  searchPathBefore?: readonly string[];
  /** Settings in force, by SET; `local` ones end with the transaction. */
  readonly settings: Map<string, { readonly value: string; readonly local: boolean; readonly migration: string }>;
  deployment: number;
}

export function emptyCatalog(): Catalog {
  return {
    relations: new Map(),
    indexes: new Map(),
    types: new Map(),
    functions: new Map(),
    schemas: new Set(["public"]),
    extensions: new Set(),
    statistics: new Map(),
    publications: new Map(),
    dropped: new Set(),
    doubtful: new Set(),
    tainted: false,
    searchPath: ["public"],
    settings: new Map(),
    deployment: 0,
  };
}

/** A copy that can be changed without changing `catalog`. */
export function copyCatalog(catalog: Catalog): Catalog {
  return {
    ...catalog,
    relations: new Map([...catalog.relations].map(([id, relation]) => [id, copyRelation(relation)])),
    indexes: new Map([...catalog.indexes].map(([id, index]) => [id, { ...index }])),
    types: new Map(
      [...catalog.types].map(([id, type]) => [
        id,
        { ...type, values: [...type.values], checks: new Map(type.checks), added: new Map(type.added) },
      ]),
    ),
    functions: new Map(catalog.functions),
    schemas: new Set(catalog.schemas),
    extensions: new Set(catalog.extensions),
    statistics: new Map(catalog.statistics),
    publications: new Map(catalog.publications),
    dropped: new Set(catalog.dropped),
    doubtful: new Set(catalog.doubtful),
    settings: new Map(catalog.settings),
  };
}

function copyRelation(relation: Relation): Relation {
  return {
    ...relation,
    columns: new Map([...relation.columns].map(([name, column]) => [name, { ...column }])),
    constraints: new Map([...relation.constraints].map(([name, constraint]) => [name, { ...constraint }])),
    indexes: new Set(relation.indexes),
    triggers: new Map(relation.triggers),
    policies: new Map(relation.policies),
    rules: new Map(relation.rules),
    children: new Set(relation.children),
    parents: new Set(relation.parents),
    uses: new Set(relation.uses),
    released: relation.released.map((constraint) => ({ ...constraint })),
  };
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

export function resolveType(catalog: Catalog, name: Name): string {
  if (name.schema !== undefined) return relationId(name.schema, name.name);
  return (
    catalog.searchPath.map((schema) => relationId(schema, name.name)).find((id) => catalog.types.has(id)) ??
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

/** The same type, found whatever the search path is later. */
export function settled(catalog: Catalog, type: TypeName): TypeName {
  const id = resolveType(catalog, type);
  if (
    type.schema !== undefined ||
    !catalog.types.has(id) ||
    (catalog.searchPath.length === 1 && catalog.searchPath[0] === "public")
  )
    return type;
  return { ...type, schema: partsOf(id).schema };
}

export const typeOf = (catalog: Catalog, name: Name): UserType | undefined =>
  catalog.types.get(resolveType(catalog, name));

export function column(catalog: Catalog, table: RelationId, name: string): Known<Column> {
  const known = catalog.relations.get(table);
  const value = known?.columns.get(name);
  if (value) return { is: "present", value };
  return { is: known?.complete && !catalog.tainted ? "absent" : "unknown" };
}

/** The relation, made up as deployed and incomplete where the history does not create it: a statement that names it says that it is there. */
export function assumed(catalog: Catalog, id: RelationId, kind: RelationKind = "table"): Relation {
  const known = catalog.relations.get(id);
  if (known) return known;
  const made = newRelation(id, kind);
  made.complete = false;
  made.namedIn = catalog.deployment;
  catalog.relations.set(id, made);
  return made;
}

export function newRelation(id: RelationId, kind: RelationKind, birth?: Birth): Relation {
  return {
    id,
    ...partsOf(id),
    kind,
    complete: true,
    birth,
    temporary: false,
    columns: new Map(),
    constraints: new Map(),
    indexes: new Set(),
    triggers: new Map(),
    policies: new Map(),
    rules: new Map(),
    children: new Set(),
    parents: new Set(),
    uses: new Set(),
    released: [],
  };
}
