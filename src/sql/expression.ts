import type { Name } from "./names.ts";

/**
 * Expressions and queries, as far as rules and effects have to understand them. Both readers lower to this;
 * names are as PostgreSQL folds them (unquoted ones in lower case), functions of pg_catalog without a schema.
 */

/** PostgreSQL's internal names: int4, int8, varchar, bpchar, timestamptz, bool, serial …; user types as written. */
export interface TypeName extends Name {
  /** varchar(10) is [10], numeric(8,2) is [8, 2]; empty without modifiers. */
  readonly modifiers: readonly number[];
  /** Dimensions: text[][] is 2. */
  readonly array: number;
  /** The object that it was bound to when it was stored, under its name now; the model's, no reader sets it. */
  readonly id?: string;
}

export type Expression =
  | { readonly kind: "column"; readonly table?: string; readonly column: string }
  | { readonly kind: "star"; readonly table?: string }
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "parameter"; readonly number: number }
  /** `name` is lower case, with its schema in front unless that is pg_catalog: "now", "public.my_function". CURRENT_TIMESTAMP is "current_timestamp". */
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly Expression[];
      /** Some of them are given by name, and so in any order. */
      readonly named?: true;
      /** Of a window function, what OVER partitions by; absent too where the window is named elsewhere. */
      readonly over?: readonly Expression[];
    }
  /** Binary and unary operators in SQL's spelling: "=", "<>", "||", "like", "is distinct from", "between" … */
  | { readonly kind: "operator"; readonly operator: string; readonly args: readonly Expression[] }
  | { readonly kind: "and" | "or"; readonly args: readonly Expression[] }
  | { readonly kind: "not"; readonly arg: Expression }
  | { readonly kind: "isNull"; readonly arg: Expression; readonly negated: boolean }
  /** `arg IN (list)` and `arg IN (SELECT …)`, also `= ANY (SELECT …)`; `arg` is a row for several columns. */
  | {
      readonly kind: "in";
      readonly arg: Expression;
      readonly list?: readonly Expression[];
      readonly query?: Query;
      readonly negated: boolean;
    }
  | { readonly kind: "exists"; readonly query: Query }
  /** ARRAY(SELECT …) is one of all rows. */
  | { readonly kind: "subquery"; readonly query: Query; readonly array?: true }
  | { readonly kind: "cast"; readonly arg: Expression; readonly type: TypeName }
  | { readonly kind: "row" | "array"; readonly args: readonly Expression[] }
  /** `CASE subject WHEN …`; without a subject each `when` is a condition. NULL where none holds and `otherwise` is absent. */
  | {
      readonly kind: "case";
      readonly subject?: Expression;
      readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
      readonly otherwise?: Expression;
    }
  /** Understood only as something that holds these parts. */
  | { readonly kind: "other"; readonly args: readonly Expression[] };

export type Source =
  | (Aliased & { readonly kind: "table"; readonly name: Name; readonly only?: true })
  | (Aliased & { readonly kind: "query"; readonly query: Query })
  /** With an alias its sources are not seen by their own names. */
  | (Aliased & {
      readonly kind: "join";
      readonly join: "inner" | "left" | "right" | "full" | "cross";
      readonly left: Source;
      readonly right: Source;
      readonly on?: Expression;
      readonly using?: readonly string[];
      /** NATURAL: by all columns that both have. */
      readonly natural?: true;
      /** USING (…) AS name: these columns alone, besides. */
      readonly usingAlias?: string;
    })
  | (Aliased & { readonly kind: "function"; readonly call: Expression });

/** AS alias (column, …). */
interface Aliased {
  readonly alias?: string | undefined;
  readonly columns?: readonly string[] | undefined;
}

export interface Cte {
  readonly name: string;
  /** Of WITH RECURSIVE: it may read itself, and those that follow. */
  readonly recursive?: true;
  /** WITH name (column, …). */
  readonly columns?: readonly string[] | undefined;
  readonly query?: Query;
  /** A data-modifying CTE. */
  readonly change?: Change;
}

export interface Target {
  readonly value: Expression;
  readonly as?: string;
}

/** A SELECT, VALUES or set operation. */
export interface Query {
  readonly ctes: readonly Cte[];
  readonly targets: readonly Target[];
  readonly from: readonly Source[];
  readonly where?: Expression;
  readonly groupBy: readonly Expression[];
  readonly having?: Expression;
  readonly distinct: boolean;
  readonly limit?: Expression;
  readonly offset?: Expression;
  /** FOR UPDATE, FOR SHARE …: takes ROW SHARE on the tables in `from`. */
  readonly locking: boolean;
  /** UNION, INTERSECT, EXCEPT: then targets, from and where are empty. */
  readonly combine?: {
    readonly operator: "union" | "intersect" | "except";
    readonly left: Query;
    readonly right: Query;
  };
  /** Rows of VALUES. */
  readonly values?: readonly (readonly Expression[])[];
  /** SELECT … INTO table. */
  readonly into?: Name;
}

export interface ConflictTarget {
  readonly columns?: readonly (string | null)[];
  readonly constraint?: string;
  /** It has a WHERE, for a partial index. */
  readonly partial?: true;
}

/** A statement that changes rows. */
export type Change =
  | {
      readonly kind: "insertRows";
      readonly table: Name;
      readonly alias?: string | undefined;
      readonly columns: readonly string[];
      /** Of some of the columns only elements or fields are given. */
      readonly partial?: true;
      /** OVERRIDING SYSTEM VALUE, or USER VALUE. */
      readonly overriding?: true;
      /** Absent for DEFAULT VALUES. */
      readonly query?: Query;
      readonly onConflict?: "nothing" | "update";
      /** What ON CONFLICT names: columns (null for an expression) or a constraint; absent where it names nothing. */
      readonly conflict?: ConflictTarget | undefined;
      /** DO UPDATE SET; its values may read `excluded`. */
      readonly set?: readonly { readonly column: string; readonly value: Expression }[] | undefined;
      readonly ctes: readonly Cte[];
    }
  | {
      readonly kind: "updateRows";
      readonly table: Name;
      /** ONLY: not its partitions and inheritance children. */
      readonly only?: true;
      readonly alias?: string | undefined;
      /** `SET (a, b) = (SELECT …)` gives both columns the same value expression. */
      readonly set: readonly { readonly column: string; readonly value: Expression }[];
      readonly from: readonly Source[];
      readonly where?: Expression;
      /** Ends with RETURNING. */
      readonly returning?: true;
      readonly ctes: readonly Cte[];
    }
  | {
      readonly kind: "deleteRows";
      readonly table: Name;
      readonly only?: true;
      readonly alias?: string | undefined;
      readonly using: readonly Source[];
      readonly where?: Expression;
      /** Ends with RETURNING. */
      readonly returning?: true;
      readonly ctes: readonly Cte[];
    }
  | {
      readonly kind: "mergeRows";
      readonly table: Name;
      readonly alias?: string | undefined;
      readonly source: Source;
      readonly on: Expression;
      readonly actions: readonly ("insert" | "update" | "delete" | "nothing")[];
      readonly ctes: readonly Cte[];
    };
