import type { Expression } from "../../sql/expression.ts";

/** What a table demands of its rows, as PostgreSQL's catalog has it. */
export interface TableShape {
  /** "public.posts", unquoted: the id of the model. */
  readonly id: string;
  /** As SQL needs it: "public"."posts". */
  readonly sql: string;
  readonly partitioned: boolean;
  /** A partitioned table that has no partition yet, and so no place for rows. */
  readonly placeless: boolean;
  /** Columns that say which partition takes a row. */
  readonly partitionKey: readonly string[];
  /** A partition: its root stands for it where tables are filled. */
  readonly partition: boolean;
  readonly columns: readonly ColumnShape[];
  readonly keys: readonly ForeignKeyShape[];
  readonly uniques: readonly UniqueShape[];
  /** CHECK constraints, those of domains among them, and the bounds of partitions. */
  readonly checks: readonly CheckShape[];
  /** Constraints that do not hold for the rows that were there before them. */
  readonly notValid: readonly { readonly name: string; readonly definition: string }[];
  /** Triggers that the user made. */
  readonly triggers: boolean;
}

export interface ColumnShape {
  readonly name: string;
  readonly type: TypeShape;
  readonly modifier: number;
  /** The type as SQL needs it, with its modifier. */
  readonly typeSql: string;
  readonly required: boolean;
  /** GENERATED ALWAYS AS (expression). */
  readonly generated: boolean;
  readonly identity: boolean;
  readonly default?: string;
  /** Sequences that number the column, as SQL names. */
  readonly sequences: readonly string[];
}

export interface TypeShape {
  /** "int4", "varchar", "vector": without its schema. */
  readonly name: string;
  readonly kind: "base" | "enum" | "domain" | "composite" | "range" | "multirange" | "array";
  readonly labels: readonly string[];
  /** Of an array, a range or a multirange; the base of a domain. */
  readonly of?: TypeShape;
  /** Of a domain's base. */
  readonly modifier: number;
  /** A domain that takes no NULL. */
  readonly required: boolean;
  readonly attributes: readonly { readonly name: string; readonly type: TypeShape; readonly modifier: number }[];
  /** Of a domain, over "value". */
  readonly checks: readonly Expression[];
}

export interface ForeignKeyShape {
  readonly name: string;
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
  readonly full: boolean;
}

export interface UniqueShape {
  readonly name: string;
  /** Columns that no two rows may agree in; those of an expression stand for it, which asks for more than it does. */
  readonly columns: readonly string[];
  /** Some are within expressions: PostgreSQL has to say whether rows differ. */
  readonly expressions: boolean;
  readonly nullsNotDistinct: boolean;
  /** Only rows for which it holds. */
  readonly where?: Expression | undefined;
}

export interface CheckShape {
  readonly name: string;
  readonly expression?: Expression | undefined;
  readonly columns: readonly string[];
}
