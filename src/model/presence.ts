import {
  type Birth,
  type Catalog,
  type Column,
  type Constraint,
  type Index,
  type Relation,
  type RelationKind,
  type UserFunction,
  type UserType,
  resolve,
} from "./catalog.ts";
import type { RelationId } from "./effects.ts";
import { type Name, partsOf, relationOf } from "../sql/names.ts";

/**
 * "Is it there?": present, absent or unknown. Whoever says that PostgreSQL refuses a statement since something is not there, or is
 * there already, asks here; nobody else reads what the catalog knows of its own gaps. Unknown is what a statement that may not have run
 * had to do with, everything after SQL that nobody could read, and what is not listed where the history need not list it.
 */
export type Known<T> =
  | { readonly is: "present"; readonly value: T }
  /** `gone`: the history dropped or renamed it. Otherwise it never made it, though it makes everything of the kind. */
  | { readonly is: "absent"; readonly gone: boolean }
  | { readonly is: "unknown" };

const UNKNOWN = { is: "unknown" } as const;
const GONE = { is: "absent", gone: true } as const;
const NEVER_MADE = { is: "absent", gone: false } as const;

/** What is listed, or else what `otherwise` says; unknown where nobody can tell. */
function known<T>(catalog: Catalog, object: string, value: T | undefined, otherwise: () => Known<T>): Known<T> {
  if (catalog.tainted || isDoubtful(catalog, object)) return UNKNOWN;
  return value === undefined ? otherwise() : { is: "present", value };
}

/** What has a name among the relations of a schema: tables, views, sequences, indexes and composite types share it. */
export interface Occupant {
  readonly what: string;
  readonly birth?: Birth | undefined;
  /** Of tables and their like. */
  readonly kind?: RelationKind;
}

const KINDS: Readonly<Record<RelationKind, string>> = {
  table: "table",
  partitioned: "table",
  view: "view",
  materializedView: "materialized view",
  sequence: "sequence",
  foreignTable: "foreign table",
};

/** A table, view, sequence, index or composite type: their names are one. */
export function relation(catalog: Catalog, id: RelationId): Known<Occupant> {
  return known(catalog, id, occupant(catalog, id), () => {
    if (catalog.types.has(id)) return UNKNOWN;
    if (catalog.dropped.has(id)) return GONE;
    const { schema, name } = partsOf(id);
    // What PostgreSQL makes up of expressions, and for partitions, is not known for sure.
    const madeUp = ({ columns, constraint, method }: Index): boolean =>
      columns.includes(null) || (constraint !== undefined && method !== "btree");
    const hasParents = ({ parents }: Relation): boolean => parents.size > 0;
    if (/_(?:idx|excl)\d*$/.test(name) && [...catalog.indexes.values()].some(madeUp)) return UNKNOWN;
    if (/_(?:idx|key|excl)\d*$/.test(name) && [...catalog.relations.values()].some(hasParents)) return UNKNOWN;
    // The catalogs, and the table of Prisma's own.
    return catalog.schemas.has(schema) && !/^(?:pg_|_prisma_)/.test(name) ? ifMakesAll(catalog) : UNKNOWN;
  });
}

/** What is there for sure. Cheaper than the question whether it may be missing, for which everything is looked through. */
const present = <T>(catalog: Catalog, object: string, value: T | undefined): T | undefined =>
  catalog.tainted || isDoubtful(catalog, object) ? undefined : value;

export const presentRelation = (catalog: Catalog, id: RelationId): Occupant | undefined =>
  present(catalog, id, occupant(catalog, id));

export const presentType = (catalog: Catalog, id: string): UserType | undefined =>
  present(catalog, id, catalog.types.get(id));

/** The history dropped it and made nothing of that name since. */
export const isGone = (catalog: Catalog, id: string): boolean =>
  !catalog.tainted &&
  catalog.dropped.has(id) &&
  !isDoubtful(catalog, id) &&
  !catalog.types.has(id) &&
  occupant(catalog, id) === undefined;

function occupant(catalog: Catalog, id: RelationId): Occupant | undefined {
  const found = listed(catalog, id);
  if (found) return { what: KINDS[found.kind], birth: found.birth, kind: found.kind };
  const made = catalog.indexes.get(id);
  if (made) return { what: "index", birth: made.birth };
  const type = catalog.types.get(id);
  return type?.kind === "composite" ? { what: "composite type", birth: type.birth } : undefined;
}

/** The relation, unless it was taken up because a statement named it after the history had dropped it: it is not there. */
function listed(catalog: Catalog, id: RelationId): Relation | undefined {
  const found = catalog.relations.get(id);
  return isTakenUp(found) && catalog.dropped.has(id) ? undefined : found;
}

export const index = (catalog: Catalog, id: RelationId): Known<Index> =>
  known(catalog, id, catalog.indexes.get(id), () => {
    const found = relation(catalog, id);
    return found.is === "present" ? NEVER_MADE : found;
  });

/** An enum, domain or other type; a table has a row type of its name besides. */
export const type = (catalog: Catalog, id: string): Known<UserType> =>
  known(catalog, id, catalog.types.get(id), () => {
    if (occupant(catalog, id)) return UNKNOWN;
    if (catalog.dropped.has(id)) return GONE;
    return catalog.schemas.has(partsOf(id).schema) ? ifMakesAll(catalog) : UNKNOWN;
  });

/** A value of an enum. */
export function label(catalog: Catalog, id: string, value: string): Known<string> {
  const found = type(catalog, id);
  if (found.is !== "present" || found.value.kind !== "enum") return UNKNOWN;
  return found.value.values.includes(value) ? { is: "present", value } : NEVER_MADE;
}

export const userFunction = (catalog: Catalog, id: string): Known<UserFunction> =>
  known(catalog, id, catalog.functions.get(id), () =>
    catalog.schemas.has(partsOf(id).schema) ? ifMakesAll(catalog) : UNKNOWN,
  );

export const schema = (catalog: Catalog, name: string): Known<string> =>
  known(catalog, name, catalog.schemas.has(name) ? name : undefined, () =>
    /^(?:pg_.*|information_schema)$/.test(name) ? UNKNOWN : ifMakesAll(catalog),
  );

export const extension = (catalog: Catalog, name: string): Known<string> =>
  known(catalog, name, catalog.extensions.has(name) ? name : undefined, () => UNKNOWN);

/** Extended statistics, by schema and name. */
export const statistics = (catalog: Catalog, id: string): Known<RelationId> =>
  known(catalog, id, catalog.statistics.get(id), () => ifMakesAll(catalog));

export const publication = (catalog: Catalog, name: string): Known<ReadonlySet<RelationId>> =>
  known(catalog, name, catalog.publications.get(name), () => ifMakesAll(catalog));

/** PostgreSQL's own columns are on every table: https://www.postgresql.org/docs/current/ddl-system-columns.html */
export const SYSTEM_COLUMNS: ReadonlySet<string> = new Set(["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid"]);

export const column = (catalog: Catalog, table: RelationId, name: string): Known<Column> =>
  partOf(
    catalog,
    table,
    name,
    (found) => found.columns.get(name),
    () => SYSTEM_COLUMNS.has(name),
  );

/** A partition has its parent's under names that PostgreSQL chooses, as an EXCLUDE over expressions has; NOT NULL has a name from 18 on. */
export const constraint = (catalog: Catalog, table: RelationId, name: string): Known<Constraint> =>
  partOf(
    catalog,
    table,
    name,
    (found) => found.constraints.get(name),
    (found) =>
      found.parents.size > 0 ||
      name.endsWith("_not_null") ||
      (/_excl\d*$/.test(name) && [...found.constraints.values()].some(({ type }) => type === "exclusion")),
  );

/** PostgreSQL's own, of foreign keys and of deferrable unique keys. */
const OWN_TRIGGERS = /^(?:RI|PK|Unique)_ConstraintTrigger_/;

export type OnTable = "trigger" | "policy" | "rule";

/** A partition has its parent's triggers; a view has a rule that makes it one. */
export const onTable = (catalog: Catalog, table: RelationId, object: OnTable, name: string): Known<unknown> =>
  partOf<unknown>(
    catalog,
    table,
    name,
    (found) => (object === "trigger" ? found.triggers : object === "policy" ? found.policies : found.rules).get(name),
    (found) => found.parents.size > 0 || name === "_RETURN" || OWN_TRIGGERS.test(name),
  );

/** What belongs to a table is absent where the history makes the table, unless `unlisted` says that it may be there all the same. */
function partOf<T>(
  catalog: Catalog,
  table: RelationId,
  name: string,
  part: (table: Relation) => T | undefined,
  unlisted: (table: Relation) => boolean,
): Known<T> {
  const found = listed(catalog, table);
  return known(catalog, `${table}.${name}`, found && part(found), () =>
    isWhole(found) && !unlisted(found) ? NEVER_MADE : UNKNOWN,
  );
}

/** The relation that a name means, unless a statement that may not have run had to do with it. */
export function sureRelation(catalog: Catalog, name: Name): Relation | undefined {
  const id = resolve(catalog, name);
  return isDoubtful(catalog, id) ? undefined : catalog.relations.get(id);
}

/** The history makes the relation: columns, constraints and what else belongs to it are listed, so that what is not listed is not there. */
export function isWhole<R extends Relation>(relation: R | undefined): relation is R & { readonly complete: true } {
  return relation?.complete === true;
}

/** No statement of the history makes it: one named it, and so it is there. */
export const isTakenUp = (relation: Relation | undefined): boolean =>
  relation !== undefined && relation.birth === undefined;

/** A statement that may not have run had to do with the object, or with the relation that it is a part of. */
export const isDoubtful = (catalog: Catalog, object: string): boolean =>
  catalog.doubtful.size > 0 && (catalog.doubtful.has(object) || catalog.doubtful.has(relationOf(object)));

/** Statements were run that nobody could read: of nothing can it be said whether it is there. */
export const isUnreadable = (catalog: Catalog): boolean => catalog.tainted;

/** The history is a part of one: nobody could read all of it, or it makes none of the relations that it names. */
export const isPartial = (catalog: Catalog): boolean =>
  catalog.tainted || ![...catalog.relations.values()].some((each) => each.complete);

const ifMakesAll = (catalog: Catalog): typeof NEVER_MADE | typeof UNKNOWN => (makesAll(catalog) ? NEVER_MADE : UNKNOWN);

/**
 * Whether the history makes everything that its statements name, so that what it does not make is not there: it has made tables in
 * deployments before this one, and no statement has named one in `public` that it did not make; no extension brings others. Prisma
 * replays the history into an empty database for each `migrate dev`: what it needs from elsewhere it would miss there too.
 */
export function makesAll(catalog: Catalog): boolean {
  if (catalog.tainted) return false;
  for (const name of catalog.extensions) if (name !== "plpgsql") return false;
  let made = false;
  for (const each of catalog.relations.values()) {
    if (each.schema !== "public") continue;
    if (each.namedIn !== undefined && each.namedIn < catalog.deployment) return false;
    if (each.birth && each.birth.deployment < catalog.deployment) made = true;
  }
  return made;
}
