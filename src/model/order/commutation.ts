import type { SourceFile } from "../../source/text.ts";
import type { Operation } from "../../sql/operation/index.ts";
import type { Statement } from "../../sql/statement.ts";
import type { ObjectAccess, RowAccess, SchemaObject } from "./objects.ts";

/** A migration as far as its order counts; a `MigrationView` is one. */
export interface CommutingMigration {
  readonly id: string;
  readonly file: SourceFile;
  readonly statements: readonly Statement[];
}

export type OrderVerdict = "yes" | "no" | "unknown";

/** Whether it makes no difference which of two groups of migrations runs first. */
export interface Commutation {
  /** `unknown`: something could not be read, or it depends on what the rows are. */
  readonly commutes: OrderVerdict;
  /** The schema alone: what an empty database would show. */
  readonly schema: OrderVerdict;
  /** The rows alone: what only a database with rows would show. */
  readonly rows: OrderVerdict;
  /** Why not, most certain first; empty for `yes`. */
  readonly because: readonly OrderConflict[];
  /** Tables whose columns are in another order: nothing that is addressed by name notices. */
  readonly columnOrder: readonly string[];
}

/** One statement of each side that do not commute, and what each order leaves. */
export interface OrderConflict {
  readonly verdict: "no" | "unknown";
  /**
   * `schema`: the catalogs differ; `refused`: a statement fails; `definition`: the later definition counts; `rows`: other rows or
   * values; `setting`: the search path of one reaches the other; `opaque`: SQL that could not be read.
   */
  readonly why: "schema" | "refused" | "definition" | "rows" | "setting" | "opaque";
  readonly object: SchemaObject;
  /** For `rows`: the columns that it is about, where that is known. */
  readonly columns?: readonly string[];
  readonly one: OrderedStatement;
  readonly other: OrderedStatement;
  /** After one and then other; after other and then one. */
  readonly leaves: readonly [OrderResult, OrderResult];
}

export interface OrderedStatement {
  readonly migration: string;
  readonly file: SourceFile;
  readonly statement: Statement;
  readonly operation: Operation;
}

/** What an order leaves of the object, as data. */
export type OrderResult =
  /** As a few words of SQL: "enum (a, b)"; absent: it is not there. */
  | { readonly is: "state"; readonly text?: string | undefined }
  | {
      readonly is: "refused";
      readonly statement: OrderedStatement /** Where the catalog says why: https://www.postgresql.org/docs/current/errcodes-appendix.html */;
      readonly sqlstate?: string /** As a clause. */;
      readonly sentence?: string;
    }
  /** The definition that this statement gave it. */
  | { readonly is: "definition"; readonly of: OrderedStatement }
  /** Rows as they are when this statement comes last. */
  | { readonly is: "last"; readonly statement: OrderedStatement }
  | { readonly is: "unknown" };

/** An access with the statement that makes it. */
export interface Access<T> {
  readonly access: T;
  readonly at: OrderedStatement;
}

/** Everything that a side does, operation by operation. */
export interface Footprint {
  readonly objects: ReadonlyMap<string, readonly Access<ObjectAccess>[]>;
  readonly rows: ReadonlyMap<string, readonly Access<RowAccess>[]>;
  readonly steps: readonly OrderedStatement[];
}
