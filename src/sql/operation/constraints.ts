import type { Name } from "../names.ts";
import type { Expression } from "../expression.ts";
import type { Range } from "../../source/text.ts";
import type { OnTable } from "./place.ts";

export interface ForeignKey {
  readonly name?: string;
  readonly columns: readonly string[];
  readonly parent: Name;
  /** Empty where the statement names none: the parent's primary key. */
  readonly parentColumns: readonly string[];
  readonly onDelete: ForeignKeyAction;
  readonly onUpdate: ForeignKeyAction;
  readonly matchFull: boolean;
  readonly notValid: boolean;
  readonly notEnforced: boolean;
  readonly deferrable: boolean;
}
export type ForeignKeyAction = "no action" | "restrict" | "cascade" | "set null" | "set default";

export interface Check {
  readonly name?: string;
  readonly expression: Expression;
  readonly notValid: boolean;
  readonly notEnforced: boolean;
  readonly noInherit: boolean;
}

/** UNIQUE and PRIMARY KEY. */
export interface UniqueKey {
  readonly name?: string;
  readonly columns: readonly string[];
  /** ADD CONSTRAINT … USING INDEX. */
  readonly usingIndex?: string;
  readonly nullsNotDistinct: boolean;
  readonly deferrable: boolean;
  readonly include: readonly string[];
}

export interface Exclusion {
  readonly name?: string;
  readonly method: string;
  readonly columns: readonly (string | null)[];
  /** What each of its columns is compared with in two rows, as SQL writes it: = or &&. */
  readonly operators: readonly string[];
  /** Only of rows for which it holds. */
  readonly where?: Expression;
}

export interface NotNull {
  readonly name?: string;
  readonly column: string;
  readonly notValid: boolean;
}

export type TableConstraint =
  | ({ readonly type: "foreignKey" } & ForeignKey & { readonly range: Range })
  | ({ readonly type: "check" } & Check & { readonly range: Range })
  | ({ readonly type: "unique" | "primaryKey" } & UniqueKey & { readonly range: Range })
  | ({ readonly type: "exclusion" } & Exclusion & { readonly range: Range })
  | ({ readonly type: "notNull" } & NotNull & { readonly range: Range });

export type ConstraintOperation =
  | (OnTable<"addForeignKey"> & { readonly constraint: ForeignKey })
  | (OnTable<"addCheck"> & { readonly constraint: Check })
  | (OnTable<"addUnique" | "addPrimaryKey"> & { readonly constraint: UniqueKey })
  | (OnTable<"addExclusion"> & { readonly constraint: Exclusion })
  | (OnTable<"addNotNull"> & { readonly constraint: NotNull })
  | (OnTable<"dropConstraint"> & { readonly constraint: string; readonly ifExists: boolean; readonly cascade: boolean })
  | (OnTable<"validateConstraint" | "alterConstraint"> & { readonly constraint: string })
  | (OnTable<"renameConstraint"> & { readonly constraint: string; readonly to: string });
