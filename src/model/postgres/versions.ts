import { lookup } from "../../words.ts";
import type { YoungSyntax } from "../../sql/young.ts";
/**
 * What depends on the major version of the server, each row run on both sides of it (test/truth, with LOCKSTEP_TRUTH_SERVER).
 * Syntax that a version does not know yet is in SYNTAX: the statement fails there and does nothing.
 */
export interface VersionRow {
  /** The first major version that does what `what` says. */
  readonly since: number;
  readonly what: string;
  readonly source: string;
}

const release = (major: number): string => `https://www.postgresql.org/docs/release/${major}.0/`;

export const VERSIONS = {
  notValidOnPartitioned: {
    since: 18,
    what: "a foreign key of a partitioned table can be NOT VALID",
    source: release(18),
  },
  keyLocksChildren: {
    since: 18,
    what: "ADD UNIQUE and ADD PRIMARY KEY lock partitions and child tables as they lock the table; before, partitions as for the index, and children not at all",
    source: release(18),
  },
  noInheritLocksChildren: { since: 18, what: "ADD CHECK … NO INHERIT locks the child tables too", source: release(18) },
  analyzeRecurses: { since: 18, what: "ANALYZE of a parent table goes on to its child tables", source: release(18) },
  restrictState: { since: 18, what: "RESTRICT fails with 23001, before with 23503", source: release(18) },
  ownLabelsUsable: {
    since: 17,
    what: "a label that ALTER TYPE … ADD VALUE gives to an enum of the same transaction can be used there; before it waits for the commit, as with any other enum (55P04)",
    source: release(17),
  },
  nullTestsFolded: {
    since: 17,
    what: "IS NULL on a NOT NULL column is known to be false, so that the table is not read",
    source: release(17),
  },
  partitionsNotReadForKey: {
    since: 16,
    what: "a foreign key to a partitioned table looks rows up one by one; before, it reads the partitions",
    source: release(16),
  },
  partitionedKeyLocks: {
    since: 15,
    what: "dropping or inheriting a foreign key to a partitioned table locks the partitioned tables between and the referencing table; before, the leaves alone",
    source: release(15),
  },
} as const satisfies Record<string, VersionRow>;

/** Whether a server of that major version does it. */
export const does = (postgres: number, row: keyof typeof VERSIONS): boolean => postgres >= VERSIONS[row].since;

/** Functions that are younger than PostgreSQL 13: https://www.postgresql.org/docs/current/functions.html */
export const FUNCTIONS_SINCE: Readonly<Record<string, number>> = lookup({
  uuidv4: 18,
  uuidv7: 18,
  random_normal: 16,
  any_value: 16,
  date_bin: 14,
  string_to_table: 14,
  unistr: 14,
  bit_count: 14,
});

export interface SyntaxRow {
  readonly since: number;
  /** Where the parser of an older version stops. */
  readonly near?: string;
  /** What it says instead of a syntax error. */
  readonly refusal?: { readonly sqlstate: string; readonly message: string };
}

/** Young syntax: https://www.postgresql.org/docs/release/ */
export const SYNTAX: Readonly<Record<YoungSyntax, SyntaxRow>> = {
  merge: { since: 15, near: "MERGE" },
  nullsNotDistinct: { since: 15, near: "NULLS" },
  setNullColumns: { since: 15, near: "(" },
  securityInvoker: {
    since: 15,
    refusal: { sqlstate: "22023", message: 'unrecognized parameter "security_invoker"' },
  },
  isJson: { since: 16, near: "JSON" },
  columnStorage: { since: 16, near: "STORAGE" },
  mergeBySource: { since: 17, near: "BY" },
  mergeReturning: { since: 17, near: "RETURNING" },
  setExpression: { since: 17, near: "EXPRESSION" },
  jsonTable: { since: 17 },
  jsonFunctions: {
    since: 17,
    refusal: { sqlstate: "42883", message: "the functions JSON_VALUE, JSON_QUERY and JSON_EXISTS do not exist" },
  },
  virtualColumn: { since: 18 },
  tableNotNull: { since: 18, near: "NOT" },
  enforced: { since: 18, near: "ENFORCED" },
  withoutOverlaps: { since: 18, near: "WITHOUT" },
  period: { since: 18 },
  returningOldNew: {
    since: 18,
    refusal: { sqlstate: "42P01", message: "RETURNING knows no old and new rows" },
  },
};
