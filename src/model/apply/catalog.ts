import type {
  Policy,
  Released,
  RewriteRule,
  Trigger,
  Birth,
  Catalog,
  Column,
  Constraint,
  DomainCheck,
  Index,
  Relation,
  RelationKind,
  UserFunction,
  UserType,
} from "../catalog.ts";
import type { RelationId } from "../effects.ts";
import { partsOf } from "../../sql/names.ts";

/** The catalog in the hands of those who change it: apply, and the walks that call it. All others read. */

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export type MutableColumn = Mutable<Column>;
export type MutableConstraint = Mutable<Constraint>;
export type MutableIndex = Mutable<Index>;

export interface MutableRelation
  extends Mutable<
    Omit<
      Relation,
      | "columns"
      | "constraints"
      | "indexes"
      | "triggers"
      | "policies"
      | "rules"
      | "children"
      | "parents"
      | "uses"
      | "released"
    >
  > {
  columns: Map<string, MutableColumn>;
  constraints: Map<string, MutableConstraint>;
  indexes: Set<RelationId>;
  triggers: Map<string, Trigger>;
  policies: Map<string, Policy>;
  rules: Map<string, RewriteRule>;
  children: Set<RelationId>;
  parents: Set<RelationId>;
  uses: Set<RelationId>;
  released: Mutable<Released>[];
}

export interface MutableType extends Mutable<Omit<UserType, "values" | "checks" | "added">> {
  values: string[];
  checks: Map<string, Mutable<DomainCheck>>;
  added: Map<string, Birth>;
}

export interface MutableCatalog extends Mutable<Catalog> {
  readonly relations: Map<RelationId, MutableRelation>;
  readonly indexes: Map<RelationId, MutableIndex>;
  readonly types: Map<string, MutableType>;
  readonly functions: Map<string, UserFunction>;
  readonly schemas: Set<string>;
  readonly extensions: Set<string>;
  readonly statistics: Map<string, RelationId>;
  readonly publications: Map<string, ReadonlySet<RelationId>>;
  readonly dropped: Set<string>;
  readonly doubtful: Set<string>;
  readonly settings: Map<string, { readonly value: string; readonly local: boolean; readonly migration: string }>;
}

export function emptyCatalog(): MutableCatalog {
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
export function copyCatalog(catalog: Catalog): MutableCatalog {
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

function copyRelation(relation: Relation): MutableRelation {
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

/** The relation, made up as deployed and incomplete where the history does not create it: a statement that names it says that it is there. */
export function assumed(catalog: MutableCatalog, id: RelationId, kind: RelationKind = "table"): MutableRelation {
  const known = catalog.relations.get(id);
  if (known) return known;
  const made = presumed(catalog, id, kind);
  catalog.relations.set(id, made);
  return made;
}

/** The same, without taking it up. */
export function presumed(catalog: Catalog, id: RelationId, kind: RelationKind = "table"): MutableRelation {
  return { ...newRelation(id, kind), complete: false, namedIn: catalog.deployment };
}

export function newRelation(id: RelationId, kind: RelationKind, birth?: Birth): MutableRelation {
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
