import type { Range, SourceFile } from "../source/text.ts";
import type { CatalogDifference, Disagreement, Observed } from "../model/observation.ts";
import type { RelationId } from "../model/effects.ts";

/** What happened when pending migrations were run in a real PostgreSQL. Data only: reports and rules read it. */
export interface Rehearsal {
  readonly server: Server;
  /** Rows per table that were asked for, and the number that they were made from; the same number makes the same rows. */
  readonly rows: {
    readonly perTable: number;
    readonly seed: number;
    readonly data?: string;
    readonly template?: string /** Whether rows were added that would make statements fail. */;
    readonly hurt: boolean;
  };
  /** One for each history and mode of execution. */
  readonly runs: readonly RehearsalRun[];
}

/** The PostgreSQL that a rehearsal runs in. */
export interface Server {
  readonly kind: "embedded" | "server";
  /** "18.6 (PGlite 0.5.14)", "16.14". */
  readonly version: string;
  readonly major: number;
  /** Whether the session may do what only superusers may: switch triggers off, create roles. */
  readonly superuser: boolean;
}

/** What PostgreSQL says of an error. */
export interface DatabaseError {
  /** SQLSTATE, as in https://www.postgresql.org/docs/current/errcodes-appendix.html */
  readonly sqlstate: string;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  /** Offset in UTF-16 code units in the text that was sent, where PostgreSQL gives a position. */
  readonly offset?: number;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
  /** The time limit ran out: PostgreSQL did not end the statement itself. */
  readonly timedOut?: true;
}

export interface RehearsalRun {
  /** As in `History.root`. */
  readonly root: string;
  readonly execution: "batch" | "split";
  readonly deployed: {
    readonly migrations: number;
    /** Taken from a snapshot of an earlier rehearsal. */
    readonly cached: boolean;
    readonly leftOut: readonly LeftOut[];
  };
  /** Tables that had to stay without rows, and why. */
  readonly unfilled: readonly { readonly relation: RelationId; readonly why: string }[];
  readonly migrations: readonly RehearsedMigration[];
  readonly milliseconds: number;
}

/** A statement that was not run. */
export interface LeftOut {
  readonly migration: string;
  readonly file: SourceFile;
  readonly range: Range;
  /** As a clause: "the embedded PostgreSQL has no extension postgis". */
  readonly why: string;
  /** `outside`: it reaches outside of the database; `extension`: it needs what is not there; `platform`: it needs a schema that no migration makes; `depends`: it needs another one that was left out. */
  readonly kind: "outside" | "extension" | "platform" | "depends";
}

export interface RehearsedMigration {
  readonly id: string;
  /** The folder, as in `MigrationSource.path`. */
  readonly path: string;
  readonly file: SourceFile;
  /** `unclosed`: a transaction was still open at the end, so that Prisma's connection takes it all back. `not reached`: one before it failed. */
  readonly outcome: "applied" | "failed" | "timed out" | "unclosed" | "not reached";
  readonly statements: readonly RehearsedStatement[];
  /** Where it fails: what is there then. Absent where it does not fail on any rows. */
  readonly failure?: MigrationFailure | undefined;
  readonly down?: RehearsedDown;
}

export interface MigrationFailure {
  readonly error: DatabaseError;
  /** The statement; absent where the text cannot be parsed. */
  readonly index?: number;
  /** In the migration's file. */
  readonly range: Range;
  readonly on: "any rows" | "hurting rows";
  /** Statements whose work stays, by index: what came before in transactions of their own. */
  readonly committed: readonly number[];
}

export interface RehearsedStatement {
  readonly index: number;
  readonly range: Range;
  readonly outcome: "done" | "failed" | "timed out" | "left out" | "not reached";
  /** Statements of a migration with the same number shared a transaction; null is autocommit. */
  readonly transaction: number | null;
  readonly observed?: Observed | undefined;
  /** Where the prediction is not what was observed. */
  readonly disagreements: readonly Disagreement[];
  /** The error of `outcome` "failed"; or the one that it had with rows made to hurt, where it was done without them. */
  readonly error?: DatabaseError & { readonly on: "any rows" | "hurting rows" };
  /** The rows that were there to make it fail, whether or not it did. */
  readonly trials: readonly Trial[];
  /** What it did to the rows of foreign keys that are added later in the deployment. */
  readonly cleanups: readonly Cleanup[];
  readonly notices: readonly string[];
  readonly leftOut?: LeftOut;
}

/** A failure that the model predicts, tried with rows. */
export interface Trial {
  /** As in `Failure` of the model. */
  readonly kind: string;
  /** What it fails with, where it does. */
  readonly sqlstate: string;
  readonly relation: RelationId;
  readonly columns: readonly string[];
  /** What was there before the deployment, as a phrase: "3 rows whose post_id has no parent in posts". */
  readonly rows: string;
  readonly count: number;
  /** How many of them were still there when the statement ran; absent where they cannot be counted. */
  readonly left?: number;
  readonly outcome: "failed" | "passed" | "not tried";
  /** For "not tried": why no such rows could be made. */
  readonly why?: string;
  /** What the model says of it: it can fail, or something before it takes care. Where `outcome` is another, lockstep is wrong. */
  readonly predicted: "fails" | "prepared" | "maybe";
}

/** Rows of the child of a foreign key, before and after one statement. */
export interface Cleanup {
  readonly child: RelationId;
  readonly columns: readonly string[];
  readonly parent: RelationId;
  readonly parentColumns: readonly string[];
  readonly before: KeyCensus;
  readonly after: KeyCensus;
  /**
   * Rows that are gone or have another key than before, by what they were then. Rows that have to go for another reason are
   * in none of the three: orphans of another key to come, rows below orphans of a table that points at itself. Absent where
   * there are too many rows to look at each.
   */
  readonly took?: KeyCensus;
}

export interface KeyCensus {
  /** Key without a parent. */
  readonly orphans: number;
  /** Key with a parent. */
  readonly matched: number;
  /** A column of the key is NULL: no orphan for MATCH SIMPLE. */
  readonly nullKeys: number;
}

/** History, up, down: what is then other than it was before. */
export interface RehearsedDown {
  readonly file: SourceFile;
  /** Absent where it ran through. */
  readonly error?: (DatabaseError & { readonly range: Range }) | undefined;
  /** In the catalog, as PostgreSQL prints it. Empty: the schema is what it was. */
  readonly differences: readonly CatalogDifference[];
  /** What the round trip did to rows that were there before. */
  readonly lost: readonly LostData[];
  readonly leftOut: readonly LeftOut[];
}

export interface LostData {
  readonly relation: RelationId;
  /** Absent where whole rows are gone. */
  readonly column?: string;
  /** Rows gone, or rows whose value of the column is another. */
  readonly rows: number;
}
