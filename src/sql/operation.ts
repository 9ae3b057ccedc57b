import type { Range } from "../source/text.ts";
import type { Change, Expression, Query, TypeName } from "./expression.ts";
import type { Name } from "./names.ts";
import type { LockMode } from "./lock-modes.ts";

/**
 * What one statement makes PostgreSQL do, one thing at a time: an ALTER TABLE with three actions is three
 * operations. A closed union: a new kind is a compile error wherever it has to be handled. A switch names every kind,
 * or says in its default which groups it does not ask about: `operation satisfies RowOperation | SessionOperation`.
 */

/** Where in a body the operation is; absent at the top level of the file. */
export interface Body {
  readonly in: "do" | "function";
  /** In a branch of IF, CASE or an EXCEPTION handler: it may not run. */
  readonly conditional: boolean;
  /** In LOOP, WHILE, FOR or FOREACH: it may run again and again. */
  readonly loop: boolean;
  /** The innermost loop is FOR or FOREACH: how often it runs does not depend on what the statement does. */
  readonly bounded?: true;
  /** In an EXCEPTION block that swallows its failure. */
  readonly guarded: boolean;
}

interface Place<K extends string> {
  readonly kind: K;
  /** Exactly this operation: one action of ALTER TABLE, one name of DROP. */
  readonly range: Range;
  readonly body?: Body | undefined;
}

/** Distributes over its kinds, so that each kind is a member of the union. */
type Base<K extends string> = K extends string ? Place<K> : never;
type OnTable<K extends string> = K extends string
  ? Place<K> & {
      readonly table: Name;
      /** ALTER TABLE IF EXISTS: a table that is not there is no error. */
      readonly ifTableExists?: true;
      /** ONLY: not its partitions and inheritance children. */
      readonly only?: boolean;
    }
  : never;

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
export interface Key {
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
}

export interface NotNull {
  readonly name?: string;
  readonly column: string;
  readonly notValid: boolean;
}

export type TableConstraint =
  | ({ readonly type: "foreignKey" } & ForeignKey & { readonly range: Range })
  | ({ readonly type: "check" } & Check & { readonly range: Range })
  | ({ readonly type: "unique" | "primaryKey" } & Key & { readonly range: Range })
  | ({ readonly type: "exclusion" } & Exclusion & { readonly range: Range })
  | ({ readonly type: "notNull" } & NotNull & { readonly range: Range });

export interface ColumnDefinition {
  readonly name: string;
  /** serial, bigserial and smallserial stay as they are written. */
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

export interface IndexColumn {
  readonly column?: string;
  readonly expression?: Expression;
  readonly operatorClass?: string;
  readonly descending: boolean;
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

/** Schemas, extensions, databases. */
export type SchemaOperation =
  | (Base<"createSchema"> & { readonly name: string; readonly ifNotExists: boolean })
  | (Base<"dropSchema"> & { readonly name: string; readonly ifExists: boolean; readonly cascade: boolean })
  | (Base<"renameSchema"> & { readonly name: string; readonly to: string })
  | (Base<"createDatabase" | "dropDatabase"> & { readonly name: string })
  | (Base<"createExtension"> & {
      readonly name: string;
      readonly schema?: string | undefined;
      readonly ifNotExists: boolean;
    });

export type TypeOperation =
  | (Base<"createEnum"> & { readonly type: Name; readonly values: readonly string[] })
  | (Base<"addEnumValue"> & {
      readonly type: Name;
      readonly value: string;
      readonly ifNotExists: boolean;
      readonly before?: string;
      readonly after?: string;
    })
  | (Base<"renameEnumValue"> & { readonly type: Name; readonly value: string; readonly to: string })
  | (Base<"createDomain"> & {
      readonly type: Name;
      readonly base: TypeName;
      readonly notNull: boolean;
      readonly checks: readonly Check[];
      readonly default?: Expression;
    })
  | (Base<"alterDomain"> & {
      readonly type: Name;
      readonly action:
        | "addCheck"
        | "dropConstraint"
        | "setNotNull"
        | "dropNotNull"
        | "setDefault"
        | "dropDefault"
        | "validate"
        | "renameConstraint"
        | "other";
      readonly check?: Check;
      readonly constraint?: string;
      /** The constraint's new name. */
      readonly to?: string;
    })
  | (Base<"createType"> & { readonly type: Name; readonly form: "composite" | "range" | "base" })
  | (Base<"dropType"> & { readonly type: Name; readonly ifExists: boolean; readonly cascade: boolean })
  | (Base<"renameType"> & { readonly type: Name; readonly to: string })
  | (Base<"setTypeSchema"> & { readonly type: Name; readonly schema: string });

/** OWNED BY; "none" for OWNED BY NONE. */
export type SequenceOwner = { readonly table: Name; readonly column: string } | "none";

export type SequenceOperation =
  | (Base<"createSequence"> & {
      readonly sequence: Name;
      readonly ifNotExists: boolean;
      readonly temporary: boolean;
      readonly ownedBy?: SequenceOwner;
    })
  | (Base<"alterSequence"> & {
      readonly sequence: Name;
      readonly ownedBy?: SequenceOwner;
    });

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

export type ConstraintOperation =
  | (OnTable<"addForeignKey"> & { readonly constraint: ForeignKey })
  | (OnTable<"addCheck"> & { readonly constraint: Check })
  | (OnTable<"addUnique" | "addPrimaryKey"> & { readonly constraint: Key })
  | (OnTable<"addExclusion"> & { readonly constraint: Exclusion })
  | (OnTable<"addNotNull"> & { readonly constraint: NotNull })
  | (OnTable<"dropConstraint"> & { readonly constraint: string; readonly ifExists: boolean; readonly cascade: boolean })
  | (OnTable<"validateConstraint" | "alterConstraint"> & { readonly constraint: string })
  | (OnTable<"renameConstraint"> & { readonly constraint: string; readonly to: string });

export type IndexOperation =
  | (OnTable<"createIndex"> & {
      readonly name?: string | undefined;
      readonly unique: boolean;
      readonly concurrently: boolean;
      readonly ifNotExists: boolean;
      readonly only: boolean;
      readonly method: string;
      readonly columns: readonly IndexColumn[];
      readonly include: readonly string[];
      readonly where?: Expression;
      readonly nullsNotDistinct: boolean;
    })
  | (Base<"dropIndex"> & {
      readonly index: Name;
      readonly concurrently: boolean;
      readonly ifExists: boolean;
      readonly cascade: boolean;
    })
  | (Base<"attachIndex"> & { readonly index: Name; readonly partition: Name });

/** Views, functions, triggers, policies, and what is done to any kind of object. */
export type ObjectOperation =
  | (Base<"createView"> & {
      readonly view: Name;
      readonly materialized: boolean;
      readonly replace: boolean;
      readonly ifNotExists: boolean;
      readonly temporary: boolean;
      readonly withData: boolean;
      readonly query: Query;
      readonly columns: readonly string[];
    })
  | (Base<"refreshView"> & { readonly view: Name; readonly concurrently: boolean; readonly withData: boolean })
  | (Base<"createFunction"> & {
      readonly function: Name;
      readonly procedure: boolean;
      readonly replace: boolean;
      readonly language: string;
      readonly volatility: "immutable" | "stable" | "volatile";
      /** What its body would do when it is called; empty where the language is not read. */
      readonly operations: readonly Operation[];
      readonly returnsTrigger: boolean;
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
  | (Base<"renameObject"> & { readonly object: RenamedObject; readonly name: Name; readonly to: string })
  | (Base<"setObjectSchema"> & {
      readonly object: Exclude<RenamedObject, "publication">;
      readonly name: Name;
      readonly schema: string;
    })
  /** Everything that is dropped and has no operation of its own; `table` for triggers, policies and rules. */
  | (Base<"dropObject"> & {
      readonly object: DropObject;
      readonly name: Name;
      readonly table?: Name;
      readonly ifExists: boolean;
      readonly cascade: boolean;
    })
  | (Base<"comment"> & {
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
  | (Base<"grant"> & { readonly grant: boolean; readonly tables: readonly Name[] })
  | (Base<"publication"> & {
      readonly name: string;
      readonly tables: readonly Name[];
      readonly create: boolean;
      /** ALTER PUBLICATION … ADD, DROP or SET its tables. */
      readonly action?: "add" | "drop" | "set";
    });

/** Reads and changes of rows. */
export type RowOperation =
  | (Base<"insertRows"> & { readonly change: Extract<Change, { kind: "insertRows" }>; readonly table: Name })
  | (Base<"updateRows"> & { readonly change: Extract<Change, { kind: "updateRows" }>; readonly table: Name })
  | (Base<"deleteRows"> & { readonly change: Extract<Change, { kind: "deleteRows" }>; readonly table: Name })
  | (Base<"mergeRows"> & { readonly change: Extract<Change, { kind: "mergeRows" }>; readonly table: Name })
  | (Base<"select"> & { readonly query: Query })
  | (Base<"call"> & { readonly function: Name; readonly args: readonly Expression[] })
  | (Base<"copy"> & {
      readonly table?: Name;
      readonly query?: Query;
      readonly direction: "from" | "to";
      readonly program: boolean;
      readonly file: boolean;
    })
  | (OnTable<"truncate"> & { readonly cascade: boolean; readonly restartIdentity: boolean });

/** Locks, vacuum and the like. */
export type MaintenanceOperation =
  | (OnTable<"lockTable"> & { readonly mode: LockMode; readonly nowait: boolean })
  | (Base<"vacuum"> & { readonly tables: readonly Name[]; readonly full: boolean })
  | (Base<"analyze"> & { readonly tables: readonly Name[] })
  | (Base<"cluster"> & { readonly table?: Name; readonly index?: string })
  | (Base<"reindex"> & {
      readonly target: "index" | "table" | "schema" | "database" | "system";
      readonly name: Name;
      readonly concurrently: boolean;
    });

/** Settings, transactions, commands to the server, and what has no effect on relations or cannot be read. */
export type SessionOperation =
  /** `value` is null for SET x TO DEFAULT and for RESET; `name` is "all" for RESET ALL. search_path has its schemas as `values`. */
  | (Base<"set"> & {
      readonly name: string;
      readonly value: string | null;
      readonly values: readonly string[];
      readonly local: boolean;
    })
  | (Base<"transaction"> & {
      readonly action: "begin" | "commit" | "rollback" | "savepoint" | "release" | "rollbackTo" | "prepare" | "set";
      readonly name?: string | undefined;
    })
  | (Base<"systemCommand"> & {
      readonly command:
        | "alterSystem"
        | "createTablespace"
        | "dropTablespace"
        | "createRole"
        | "alterRole"
        | "load"
        | "checkpoint"
        | "createServer";
    })
  /** Understood and without effect on relations: NOTIFY, RAISE, CREATE COLLATION, ALTER FUNCTION … `what` is PostgreSQL's name for it. */
  | (Base<"other"> & { readonly what: string })
  /** Runs SQL that nobody can read before it runs (EXECUTE of a computed string, a body in another language), or a statement that this reader does not know. */
  | (Base<"opaque"> & { readonly reason: "dynamic" | "language" | "unsupported"; readonly what: string });

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
