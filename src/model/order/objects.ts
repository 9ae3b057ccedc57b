/** What an operation touches: objects of the catalog, names in a namespace, and what depends on them. */
export interface SchemaObject {
  readonly kind: ObjectKind;
  /** "public.users", "public.users.email", "public.users: users_pkey", "public.Role". */
  readonly name: string;
}

export type ObjectKind =
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
}

/** How an operation touches the rows of a relation. */
export interface RowAccess {
  readonly relation: string;
  /**
   * `validate`: a constraint looks whether the rows fit it; `guard`: a constraint that does not look (NOT VALID) refuses later ones;
   * `parent`: the rows are looked up as the other side of a foreign key; `rewrite`: values become values of another type; `release`: a foreign key goes that
   * changed its children's rows with these (ON UPDATE, `columns`) or with their deletion (ON DELETE, `by`).
   */
  readonly mode: "insert" | "update" | "delete" | "read" | "validate" | "guard" | "parent" | "rewrite" | "release";
  /** Written or looked at; all of them where absent. */
  readonly columns?: readonly string[];
  /** Columns of the same relation that decide which rows, or what values. */
  readonly by?: readonly string[];
  /** Fixed values: of a row that is inserted, or that the condition asks for. */
  readonly values?: readonly (readonly (readonly [column: string, value: string])[])[] | undefined;
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
