import type { Expression } from "../../sql/expression.ts";
import type { Known } from "./predicates.ts";

/** What an operation touches: objects of the catalog, names in a namespace, and what depends on them. */
export interface SchemaObject {
  readonly kind: ObjectKind;
  /** "public.users", "public.users.email", "public.users: users_pkey", "public.Role". */
  readonly name: string;
}

export type ObjectKind =
  /** A value of an enum: "public.Role: ADMIN". */
  | "label"
  /** What a function does when it is called. */
  | "body"
  /** What a view reads. */
  | "definition"
  /** What CREATE OR REPLACE sets back: settings of a function, options of a view. */
  | "replaced"
  /** Where a sequence is. */
  | "numbers"
  /** Whether a table is logged. */
  | "persistence"
  /** A table alone, without its partitions and children: what these take over when they are made. */
  | "alone"
  /** What LIKE copies: "public.users indexes". */
  | "copied"
  /** Storage and compression of a column. */
  | "storage"
  /** All that is in a schema: "tables public". */
  | "contents"
  /** Tables of a publication: "pub: public.users", "pub: *". */
  | "publication table"
  /** Tables, views, sequences and indexes share one namespace. */
  | "relation"
  | "column"
  | "column type"
  | "column default"
  | "column nullability"
  /** Which columns a relation has, for whoever reads all of them. */
  | "columns"
  | "constraint"
  /** Columns that are unique, which a foreign key needs: "public.users (id)". */
  | "key"
  | "partitions"
  /** That TRUNCATE may empty a table: a foreign key that points at it takes that away. */
  | "truncation"
  | "type"
  | "enum values"
  | "domain"
  | "function"
  | "trigger"
  | "policy"
  | "rule"
  | "triggers"
  | "sequence"
  | "schema"
  | "extension"
  | "statistics"
  | "publication"
  | "comment"
  | "privileges"
  | "options"
  | "setting"
  | "rows"
  | "other";

/**
 * `needs`: it has to be there; `reads`: what it is counts; `makes` and `unmakes`: the name comes or goes (a rename does both);
 * `changes`: it stays and becomes another.
 */
export type AccessMode = "needs" | "reads" | "makes" | "unmakes" | "changes";

export interface ObjectAccess {
  readonly object: SchemaObject;
  readonly mode: AccessMode;
  /** IF EXISTS, IF NOT EXISTS, OR REPLACE: no failure where it is otherwise. */
  readonly optional?: true;
  /** Whether it touches it is not known. */
  readonly unsure?: true;
  /** Nothing of the name is known: PostgreSQL's own, or what the other side makes. */
  readonly unlisted?: true;
  /** Made where nothing of the name is. */
  readonly fresh?: true;
  /** Of a function: the types of its arguments. Absent where any of the name may be meant. */
  readonly signature?: string;
}

/** A constraint as far as it says which rows fit. */
export interface RowRule {
  readonly type: "foreignKey" | "check" | "unique" | "primaryKey" | "exclusion" | "notNull";
  readonly columns?: readonly string[];
  readonly expression?: Expression | undefined;
  /** All rows fit it: it was validated. */
  readonly holds?: boolean;
  /** Of a foreign key: nobody has put rows into its parent. */
  readonly parentless?: boolean;
  /** Of a column that comes with it: who does not give it a value gives it NULL. */
  readonly absent?: true;
}

/** How an operation touches the rows of a relation. */
export interface RowAccess {
  readonly relation: string;
  /**
   * `validate`: a constraint looks whether the rows fit it; `guard`: a constraint that does not look (NOT VALID) refuses later ones;
   * `parent`: the rows are looked up as the other side of a foreign key; `rewrite`: values become values of another type; `release`: a foreign key goes that
   * changed its children's rows with these (ON UPDATE, `columns`) or with their deletion (ON DELETE, `by`); `acts`: a foreign key comes that
   * looks at no rows and acts when these change; `free`: a constraint goes that refused rows.
   */
  readonly mode:
    | "insert"
    | "update"
    | "delete"
    | "read"
    | "validate"
    | "guard"
    | "parent"
    | "acts"
    | "rewrite"
    | "release"
    | "free";
  /** Written or looked at; all of them where absent. */
  readonly columns?: readonly string[];
  /** Columns of the same relation that decide which rows, or what values. */
  readonly by?: readonly string[];
  /** The condition that the rows meet. */
  readonly where?: Expression | undefined;
  /** What an UPDATE gives to its columns. */
  readonly set?: readonly { readonly column: string; readonly value: Expression }[];
  /** Rows that are inserted, as far as their values are known. */
  readonly rows?: readonly Known[] | undefined;
  /** Of an INSERT: columns that are unique together. */
  readonly keys?: readonly (readonly string[])[];
  /** For `validate`, `guard` and `free`: the constraint. */
  readonly rule?: RowRule;
  /** For `parent`: the table whose keys are looked up. */
  readonly child?: string;
  /** For `validate` and `parent`: the same constraint held until a moment before. */
  readonly held?: true;
  /** ON CONFLICT. */
  readonly upsert?: true;
  /** Columns that are numbered by a sequence and not given. */
  readonly numbered?: readonly string[];
  /** What it does depends on more than the columns say: a computed value, a function. */
  readonly computed?: true;
}

export const objectKey = ({ kind, name }: SchemaObject): string => `${kind} ${name}`;
