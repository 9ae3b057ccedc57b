import { relationId } from "../../sql/names.ts";
/** What a statement does to data, as a sentence for the comment above it. */
export interface Note {
  /** `lost before`: it cannot bring back what the migration took. `loses`: what was written since is lost. `fails`: rows written since can make it fail. */
  readonly kind: "lost before" | "loses" | "fails";
  readonly text: string;
}

/** One thing that a down.sql does. */
export interface DownStep {
  /** Prisma's word for it, the comment above it in the file: "AlterTable", "DropForeignKey". */
  readonly title: string;
  /** Steps run in this order; those that cannot yet run are tried again after the others. */
  readonly phase: number;
  /** Ways to do it, the preferred one first; each is a list of statements. */
  readonly ways: readonly (readonly string[])[];
  /** Prisma's schema engine knows objects of this kind, and may undo it in its own words. */
  readonly visible: boolean;
  /** What others may depend on: they have to be dropped first where PostgreSQL says so. */
  /** What it does to rows, where that is not to be read from the statement. */
  readonly notes?: readonly Note[];
  readonly touches?: { readonly catalog: "pg_class" | "pg_type" | "pg_proc"; readonly oid: number } | undefined;
}

/** Order of the work: what depends on others goes first and comes last. */
export const PHASE = {
  dropDependents: 10,
  dropForeignKeys: 20,
  dropConstraints: 21,
  dropIndexes: 22,
  dropTables: 30,
  dropColumns: 31,
  rename: 35,
  createSchemas: 40,
  createExtensions: 41,
  createTypes: 42,
  createSequences: 44,
  createFunctions: 45,
  createTables: 50,
  alterColumns: 52,
  dropSequences: 60,
  dropFunctions: 61,
  dropTypes: 62,
  dropExtensions: 63,
  dropSchemas: 64,
  addKeys: 70,
  addChecks: 71,
  createIndexes: 72,
  addForeignKeys: 73,
  createStatistics: 74,
  createViews: 80,
  createTriggers: 82,
  settings: 90,
  grants: 92,
  comments: 93,
} as const;

export const step = (
  title: string,
  phase: number,
  sql: string | readonly string[],
  more: Partial<DownStep> = {},
): DownStep => ({ title, phase, ways: [typeof sql === "string" ? [sql] : sql], visible: false, ...more });

export const nameOf = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
  relationId(schema, name);

/** Pairs by name; one that is missing on either side is undefined there. */
export function pairs<T>(
  now: readonly T[],
  wanted: readonly T[],
  name: (object: T) => string,
): readonly (readonly [is: T | undefined, was: T | undefined])[] {
  const before = new Map(wanted.map((object) => [name(object), object]));
  const after = new Set(now.map(name));
  return [
    ...now.map((is) => [is, before.get(name(is))] as const),
    ...wanted.flatMap((was) => (after.has(name(was)) ? [] : [[undefined, was] as const])),
  ];
}
