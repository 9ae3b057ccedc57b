import type { Range } from "../../source/text.ts";
import type { Expression, Query, TypeName } from "../expression.ts";
import type { Name } from "../names.ts";
import type { TableConstraint } from "./constraints.ts";
import type { OnTable } from "./place.ts";

export interface ColumnDefinition {
  readonly name: string;
  /** serial, bigserial and smallserial stay as they are written. Its name is empty in a partition or typed table, which has the column already. */
  readonly type: TypeName;
  readonly notNull: boolean;
  /** CONSTRAINT name NOT NULL: PostgreSQL keeps the name from 18 on. */
  readonly notNullName?: string;
  readonly default?: Expression | undefined;
  readonly identity?: "always" | "by default" | undefined;
  /** SEQUENCE NAME of its identity. */
  readonly sequence?: Name;
  readonly generated?: { readonly stored: boolean; readonly expression: Expression } | undefined;
  readonly collation?: string | undefined;
  /** Constraints written at the column: CHECK, UNIQUE, PRIMARY KEY, REFERENCES (with `columns` filled in). */
  readonly constraints: readonly TableConstraint[];
  readonly range: Range;
}

/** Actions of ALTER TABLE that change how a table is kept or watched, not what it holds. */
export type TableAction =
  | "setStatistics"
  | "setStorage"
  | "setCompression"
  | "setColumnOptions"
  | "setTableOptions"
  | "setAutovacuumOptions"
  | "setLogged"
  | "setUnlogged"
  | "setTablespace"
  | "setAccessMethod"
  | "setWithoutCluster"
  | "clusterOn"
  | "replicaIdentity"
  | "owner"
  | "enableRowSecurity"
  | "disableRowSecurity"
  | "forceRowSecurity"
  | "noForceRowSecurity"
  | "enableTrigger"
  | "disableTrigger"
  | "enableRule"
  | "disableRule"
  | "inherit"
  | "noInherit"
  | "ofType"
  | "setWithoutOids"
  | "other";

/** Tables, their partitions and storage. */
export type TableOperation =
  | (OnTable<"createTable"> & {
      readonly columns: readonly ColumnDefinition[];
      readonly constraints: readonly TableConstraint[];
      readonly ifNotExists: boolean;
      readonly persistence: "permanent" | "temporary" | "unlogged";
      readonly foreign: boolean;
      readonly partitionedBy?: readonly string[] | undefined;
      readonly partitionOf?: Name;
      readonly partitionDefault: boolean;
      readonly inherits: readonly Name[];
      /** OF: its columns are those of a composite type. */
      readonly of?: Name;
      readonly like: readonly {
        readonly table: Name;
        /** How many of `columns` come before those that are copied. */
        readonly before: number;
        readonly including: readonly (
          | "all"
          | "constraints"
          | "defaults"
          | "generated"
          | "identity"
          | "indexes"
          | "other"
        )[];
      }[];
      /** CREATE TABLE AS, SELECT INTO. */
      readonly as?: Query;
      /** What the first columns of `as` are called: CREATE TABLE q (id, x) AS. */
      readonly asColumns?: readonly string[];
      /** WITH NO DATA. */
      readonly withoutData?: true;
    })
  | (OnTable<"dropTable"> & { readonly ifExists: boolean; readonly cascade: boolean; readonly foreign: boolean })
  | (OnTable<"renameTable"> & {
      readonly to: string;
      readonly ifExists: boolean;
      readonly object: "table" | "view" | "materializedView" | "sequence" | "index" | "foreignTable";
    })
  | (OnTable<"setTableSchema"> & {
      readonly schema: string;
      readonly ifExists: boolean;
      readonly object: "table" | "view" | "materializedView" | "sequence" | "foreignTable";
    })
  | (OnTable<"attachPartition"> & { readonly partition: Name; readonly default: boolean })
  | (OnTable<"detachPartition"> & {
      readonly partition: Name;
      readonly concurrently: boolean;
      readonly finalize: boolean;
    })
  | (OnTable<"alterTable"> & {
      readonly action: TableAction;
      /** Trigger, rule, column, parent table, option or owner: what the action names. */
      readonly subject?: string | undefined;
      /** INHERIT and NO INHERIT. */
      readonly parent?: Name;
      readonly object: "table" | "view" | "materializedView" | "index" | "sequence" | "foreignTable";
    });

export type ColumnOperation =
  | (OnTable<"addColumn"> & {
      readonly column: ColumnDefinition;
      readonly ifNotExists: boolean;
      readonly only: boolean;
    })
  | (OnTable<"dropColumn"> & { readonly column: string; readonly ifExists: boolean; readonly cascade: boolean })
  | (OnTable<"renameColumn"> & {
      readonly column: string;
      readonly to: string;
      readonly object: "table" | "view" | "materializedView" | "compositeType";
    })
  | (OnTable<"alterColumnType"> & {
      readonly column: string;
      readonly type: TypeName;
      readonly using?: Expression;
      readonly collation?: string;
    })
  | (OnTable<"setDefault"> & { readonly column: string; readonly value: Expression })
  | (OnTable<"dropDefault"> & { readonly column: string })
  | (OnTable<"setNotNull" | "dropNotNull"> & { readonly column: string })
  | (OnTable<"setExpression"> & { readonly column: string; readonly expression: Expression })
  | (OnTable<"dropExpression"> & { readonly column: string })
  | (OnTable<"addIdentity"> & { readonly column: string; readonly sequence?: Name })
  | (OnTable<"setIdentity" | "dropIdentity"> & { readonly column: string });
