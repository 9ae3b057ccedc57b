import type { Expression, Query } from "../expression.ts";
import type { Name } from "../names.ts";
import type { Anywhere, OnTable } from "./place.ts";
import type { SchemaOperation, SequenceOperation } from "./schemas.ts";
import type { TypeOperation } from "./types.ts";
import type { ColumnOperation, TableOperation } from "./tables.ts";
import type { ConstraintOperation } from "./constraints.ts";
import type { IndexOperation } from "./indexes.ts";
import type { RowOperation } from "./rows.ts";
import type { MaintenanceOperation, SessionOperation } from "./session.ts";

/**
 * What one statement makes PostgreSQL do, one thing at a time: an ALTER TABLE with three actions is three
 * operations. A closed union: a new kind is a compile error wherever it has to be handled. A switch names every kind,
 * or says in its default which groups it does not ask about: `operation satisfies RowOperation | SessionOperation`.
 */

export type DropObject =
  | "view"
  | "materializedView"
  | "sequence"
  | "function"
  | "procedure"
  | "aggregate"
  | "extension"
  | "trigger"
  | "policy"
  | "rule"
  | "statistics"
  | "publication"
  | "subscription"
  | "foreignTable"
  | "collation"
  | "operator"
  | "cast"
  | "role"
  | "owned" // all that a role owns: DROP OWNED
  | "other";

/** What ALTER … RENAME and SET SCHEMA name that is no table, type or schema. */
export type RenamedObject = "function" | "procedure" | "aggregate" | "statistics" | "publication";

/** What tells a function from others of its name, and what CREATE OR REPLACE has to leave as it is. */
export interface FunctionForm {
  /** The types of what goes in. */
  readonly takes: string;
  /** The names of what goes in, "" without one. */
  readonly parameters: readonly string[];
  /** What comes out, with the parameters that do. */
  readonly returns: string;
}

/** Views, functions, triggers, policies, and what is done to any kind of object. */
export type ObjectOperation =
  | (Anywhere<"createView"> & {
      readonly view: Name;
      readonly materialized: boolean;
      readonly replace: boolean;
      readonly ifNotExists: boolean;
      readonly temporary: boolean;
      readonly withData: boolean;
      readonly query: Query;
      readonly columns: readonly string[];
    })
  | (Anywhere<"refreshView"> & { readonly view: Name; readonly concurrently: boolean; readonly withData: boolean })
  | (Anywhere<"createFunction"> & {
      readonly function: Name;
      readonly procedure: boolean;
      readonly replace: boolean;
      readonly language: string;
      readonly volatility: "immutable" | "stable" | "volatile";
      /** What its body would do when it is called; empty where the language is not read. */
      readonly operations: readonly Operation[];
      /** BEGIN ATOMIC or RETURN: what it names is looked up when it is made, not when it is called. */
      readonly bound?: true;
      readonly returnsTrigger: boolean;
      /** SECURITY DEFINER: it runs as its owner, whoever calls it. */
      readonly definer?: true;
      /** SET search_path: names in its body mean the same for every caller. */
      readonly searchPath?: true;
      /** Absent where the reader does not say. */
      readonly form?: FunctionForm;
    })
  | (OnTable<"createTrigger"> & {
      readonly name: string;
      readonly function: Name;
      readonly replace: boolean;
      readonly constraint: boolean;
      readonly from?: Name | undefined;
      /** FOR EACH ROW. */
      readonly forEachRow?: true;
      /** UPDATE OF these columns. */
      readonly columns?: readonly string[];
      readonly when?: Expression;
    })
  /** Absent parts of an ALTER POLICY stay as they were. */
  | (OnTable<"createPolicy" | "alterPolicy"> & {
      readonly name: string;
      readonly command?: "all" | "select" | "insert" | "update" | "delete";
      readonly restrictive?: true;
      /** Names as they are written; "public" is everybody. */
      readonly roles?: readonly string[];
      readonly using?: Expression;
      readonly check?: Expression;
    })
  | (OnTable<"createStatistics"> & { readonly name: string })
  | (OnTable<"createRule"> & {
      readonly name: string;
      readonly event: "select" | "insert" | "update" | "delete";
      readonly replace?: true;
      readonly instead: boolean;
      /** Has a WHERE. */
      readonly conditional: boolean;
      /** What it does; empty for NOTHING. */
      readonly actions: readonly Operation[];
    })
  | (OnTable<"renameOnTable"> & {
      readonly object: "trigger" | "policy" | "rule";
      readonly name: string;
      readonly to: string;
    })
  | (Anywhere<"renameObject"> & { readonly object: RenamedObject; readonly name: Name; readonly to: string })
  | (Anywhere<"setObjectSchema"> & {
      readonly object: Exclude<RenamedObject, "publication">;
      readonly name: Name;
      readonly schema: string;
    })
  /** Everything that is dropped and has no operation of its own; `table` for triggers, policies and rules. */
  | (Anywhere<"dropObject"> & {
      readonly object: DropObject;
      readonly name: Name;
      readonly table?: Name;
      readonly ifExists: boolean;
      readonly cascade: boolean;
    })
  | (Anywhere<"comment"> & {
      readonly object:
        | "table"
        | "column"
        | "view"
        | "materializedView"
        | "index"
        | "constraint"
        | "trigger"
        | "policy"
        | "rule"
        | "other";
      readonly name: Name;
      /** The table that a column, constraint, trigger, policy or rule belongs to. */
      readonly table?: Name;
      readonly text: string | null;
    })
  | (Anywhere<"grant"> & {
      readonly grant: boolean;
      readonly tables: readonly Name[];
      /** To or from every role, those that are yet to come too. */
      readonly everybody?: true;
    })
  | (Anywhere<"publication"> & {
      readonly name: string;
      readonly tables: readonly Name[];
      readonly create: boolean;
      /** ALTER PUBLICATION … ADD, DROP or SET its tables. */
      readonly action?: "add" | "drop" | "set";
    });

/** What makes, changes or drops objects. */
export type DefinitionOperation =
  | SchemaOperation
  | TypeOperation
  | SequenceOperation
  | TableOperation
  | ColumnOperation
  | ConstraintOperation
  | IndexOperation
  | ObjectOperation;

export type Operation = DefinitionOperation | RowOperation | MaintenanceOperation | SessionOperation;

export type OperationKind = Operation["kind"];
export type OperationOf<K extends OperationKind> = Extract<Operation, { readonly kind: K }>;
