import type { Range, SourceFile } from "../source/text.ts";
import type { Expression, TypeName } from "../sql/expression.ts";
import type { LockMode } from "../sql/lock-modes.ts";
import type { Refusal } from "./typing/refusal.ts";
import type { RelationId } from "../sql/names.ts";

/**
 * `sure`: PostgreSQL does it whatever the rows are. `rows`: it does it once the rows make it (a foreign key's
 * check at an INSERT). `maybe`: it depends on a detail that the text does not say (the old type of a column).
 */
export type Certainty = "sure" | "rows" | "maybe";

export type { RelationId };

export interface Lock {
  readonly relation: RelationId;
  readonly mode: LockMode;
  readonly certainty: Certainty;
  /** The statement does not name this relation: the other side of a foreign key, a dependent view, a partition. */
  readonly partner: boolean;
  /** Where PostgreSQL's manual says so; absent where it was observed. */
  readonly source?: string;
}

/** Work whose time grows with the table, done under the locks of the statement. */
export interface Work {
  readonly relation: RelationId;
  readonly kind: WorkKind;
  readonly certainty: Certainty;
  /** What for, as a phrase after "to": "build index users_email_key", "check every row of the foreign key". */
  readonly reason: string;
  /**
   * The other table of a foreign key: it takes as long as there are rows to look up, and not as there are in it (measured: 9 rows in a
   * table of a million, 3 to 10 ms on PostgreSQL 14 and 18).
   */
  readonly lookedUp?: true;
}

export type WorkKind =
  | "read" // its rows are the statement's answer or source
  | "query" // its rows are looked through: for those to change, to match, to copy out
  | "rewrite" // its rows go into a new file
  | "check" // its rows are held against a constraint, a domain, NOT NULL, a partition's bound
  | "foreignKey" // its rows are looked up in the other table of a foreign key, or looked up there
  | "index"; // an index is built, which is a scan and a sort

export interface Loss {
  readonly kind:
    | "table"
    | "column"
    | "rows"
    | "schema"
    | "database"
    | "constraint"
    | "index"
    | "view"
    | "sequence"
    | "type"
    | "enumValue"
    | "trigger"
    | "policy"
    | "rule"
    | "object" // of another kind, which its name begins with
    | "precision"
    | "every row's value";
  readonly relation?: RelationId;
  /** The column, constraint, value or object that goes. */
  readonly name?: string;
  /** Whether rows or values go with it, which only a backup brings back. */
  readonly data: boolean;
  readonly certainty: Certainty;
  /** For rows: which of them, as a predicate in SQL over the table; absent where it is all of them. */
  readonly where?: string;
  /** Dropped with something else (CASCADE, a column's index). */
  readonly along: boolean;
}

export const FAILURE_KINDS = [
  "orphans",
  "nulls",
  "duplicates",
  "check",
  "cast",
  "enumValueInUse",
  "dependents",
  "transaction",
  "exclusion",
  "partitionBound",
  "refused",
] as const;

/** What a failure needs to happen is in the rows, which the text does not show. */
export interface Failure {
  readonly kind: (typeof FAILURE_KINDS)[number];
  readonly relation: RelationId;
  readonly columns: readonly string[];
  /** For orphans: the other side. For a partition's bound: the partitioned table. */
  readonly parent?: RelationId;
  readonly parentColumns?: readonly string[];
  /** For rows that a DELETE cannot take: the foreign key that keeps them. */
  readonly referencedBy?: {
    readonly relation: RelationId;
    readonly columns: readonly string[];
    readonly constraint: string;
  };
  /** SQLSTATE, as in https://www.postgresql.org/docs/current/errcodes-appendix.html */
  readonly sqlstate: string;
  readonly certainty: Certainty;
  /** A query that counts the rows that would make it fail; 0 means that it would pass. */
  readonly countQuery?: string;
  /** The dependent, the enum value, the type pair: what the message has to name. */
  readonly detail?: string;
  /** Of what is refused whatever the rows are: PostgreSQL's own sentence and what is known of the way out. */
  readonly refusal?: Refusal;
  /** What it asks of the rows beyond kind and columns: for who counts, makes or removes rows that do not meet it. */
  readonly demand?: Demand;
  /** What the migrations before it did about those rows. */
  readonly preparation: Preparation;
}

/** What a statement demands of rows. */
export type Demand =
  /** Not false for any row. Of a domain: over `value`. */
  | { readonly kind: "check"; readonly expression: Expression; readonly domain?: true }
  /** No two rows agree in all keys, among those for which `where` is true. */
  | {
      readonly kind: "distinct";
      readonly keys: readonly Expression[];
      readonly where?: Expression | undefined;
      readonly nullsNotDistinct: boolean;
    }
  /** The column, or `using` computed over the row, can be assigned to a type; `labels` where that is an enum. */
  | {
      readonly kind: "type";
      readonly to: TypeName;
      readonly using?: Expression | undefined;
      readonly labels?: readonly string[];
    }
  /** No more rows than these at all: a new column has no value, or the same one, for each. */
  | { readonly kind: "atMost"; readonly rows: 0 | 1 };

/** How far earlier pending statements have dealt with the rows that would make a later one fail. */
export type Preparation =
  | { readonly verdict: "none" }
  /** None can be left: by construction (a column born empty), by a constraint that held until now, or by a cleanup that covers it. */
  | {
      readonly verdict: "done";
      readonly how:
        | "construction"
        | "held until now"
        | "delete"
        | "set null"
        | "repoint"
        | "insert parents"
        | "backfill"
        | "deduplicate"
        | "empty table";
      /** As a clause: "post_id is new and NULL everywhere". */
      readonly why: string;
      readonly by?: Place | undefined;
      /** By what is deployed: no row can be there that would make it fail. */
      readonly settled?: true;
      /** The cleanup also hits rows that would not have made it fail. */
      readonly tooBroad?: TooBroad;
    }
  /** Something was done that does not do it. */
  | {
      readonly verdict: "ineffective";
      readonly why: PreparationFlaw;
      readonly detail: string;
      readonly certainty: "sure" | "maybe";
      readonly by: Place;
      /** Of "refused": the SQLSTATE that it fails with itself. */
      readonly sqlstate?: string;
      /** It also hits rows that would not have made it fail. */
      readonly tooBroad?: TooBroad | undefined;
    };

export interface TooBroad {
  readonly why: "null keys" | "filtered parents" | "every row" | "other rows";
  /** Which rows, as a clause: "rows whose post_id is NULL". */
  readonly detail: string;
  readonly certainty: "sure" | "maybe";
  /** A predicate over the child's table that leaves these rows alone, where one is known. */
  readonly keep?: string;
  /** The change that hits them, where it is another than the one that the verdict is about. */
  readonly by?: Place;
}

export type PreparationFlaw =
  | "null in NOT IN" // the subquery may yield NULL: nothing is removed
  | "wrong parent" // compares with another table
  | "wrong column" // compares other columns than the constraint's
  | "some columns" // part of a composite key
  | "filtered" // looks only at some of the rows
  | "unmatched" // rows that find no match in its join are left
  | "undone" // a later statement can make new ones
  | "after" // comes after the constraint
  | "conditional" // is in a branch that may not run
  | "self reference" // a DELETE in a table that points at itself makes new orphans of the rows below
  | "limited" // one batch without a loop
  | "never" // its condition can hold for no row
  | "refused" // it fails itself, by NOT NULL or a duplicate key
  | "value" // writes a key that the parent need not have
  | "unclear" // about the key in some way that is not followed
  | "may be NULL"; // the backfill's value may itself be NULL

/** A place in some file of the history. */
export interface Place {
  readonly file: SourceFile;
  readonly range: Range;
}

export interface Break {
  readonly kind:
    | "table"
    | "column"
    | "enumValue"
    | "schema"
    | "default"
    | "notNull"
    | "constraint"
    | "view"
    | "function";
  readonly relation?: RelationId;
  readonly name: string;
  /** What running code would notice, as a sentence. */
  readonly sentence: string;
}

/** What an operation or a statement does in the schema at that moment; the same shape whether predicted or observed. */
export interface Effects {
  /** Strongest lock per relation that existed before the statement, from AccessShareLock up. */
  readonly locks: readonly Lock[];
  /** Relations whose heap gets a new file. */
  readonly rewrites: readonly Work[];
  /** Relations that are read from end to end. */
  readonly scans: readonly Work[];
  readonly losses: readonly Loss[];
  readonly failures: readonly Failure[];
  readonly breaks: readonly Break[];
}

export const NO_EFFECTS: Effects = { locks: [], rewrites: [], scans: [], losses: [], failures: [], breaks: [] };
