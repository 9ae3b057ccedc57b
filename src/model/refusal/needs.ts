import type { TypeName } from "../../sql/expression.ts";
import type { Name } from "../../sql/names.ts";
import type { Operation, OperationOf } from "../../sql/operation/index.ts";
import type { SequenceOwner } from "../../sql/operation/schemas.ts";
import type { ColumnDefinition } from "../../sql/operation/tables.ts";
import type { TableConstraint } from "../../sql/operation/constraints.ts";
import { type Catalog, resolve } from "../catalog.ts";
import { type OnTable, column as presentColumn, relation } from "../presence.ts";

/** A thing that an operation names and that has to be there. */
export type Need =
  /** Whatever has a name among relations; `as` is what the command calls it where it says so in its error. */
  | {
      readonly what: "relation";
      readonly name: Name;
      readonly as?: "table" | "view" | "materialized view" | "sequence";
    }
  | { readonly what: "index"; readonly name: Name }
  | { readonly what: "type"; readonly name: TypeName | Name }
  | { readonly what: "schema" | "access method" | "language"; readonly name: string }
  | { readonly what: "trigger function" | "routine" | "statistics" | "publication"; readonly name: Name }
  | { readonly what: "column" | "clustering index"; readonly name: string; readonly table: Name }
  | { readonly what: OnTable; readonly name: string; readonly table: Name };

const relations = (...names: readonly (Name | undefined)[]): readonly Need[] =>
  names.flatMap((name) => (name ? [{ what: "relation" as const, name }] : []));
const type = (name: TypeName | Name): Need => ({ what: "type", name });
const schema = (name: string | undefined): readonly Need[] => (name === undefined ? [] : [{ what: "schema", name }]);
const owner = (ownedBy: SequenceOwner | undefined): readonly Need[] =>
  ownedBy === undefined || ownedBy === "none"
    ? []
    : [...relations(ownedBy.table), { what: "column", name: ownedBy.column, table: ownedBy.table }];

/** In the order in which PostgreSQL looks for them. What expressions and queries name is bound in parts.ts. */
export function needs(operation: Operation, catalog: Catalog): readonly Need[] {
  switch (operation.kind) {
    case "createTable":
      return operation.ifNotExists && isThere(catalog, operation.table) ? [] : tableNeeds(operation);
    case "addColumn":
      return [
        ...onTable(operation),
        ...(operation.ifNotExists && hasColumn(catalog, operation.table, operation.column.name)
          ? []
          : columnNeeds(operation.column, operation.table)),
      ];
    case "alterColumnType":
      return [...onTable(operation), type(operation.type)];
    case "addForeignKey":
      return [...onTable(operation), ...relations(operation.constraint.parent)];
    case "createIndex":
      return [...onTable(operation), { what: "access method", name: operation.method }];
    case "addCheck":
    case "addUnique":
    case "addPrimaryKey":
    case "addExclusion":
    case "addNotNull":
    case "dropColumn":
    case "dropConstraint":
    case "renameColumn":
    case "setNotNull":
    case "dropNotNull":
    case "setDefault":
    case "dropDefault":
    case "setExpression":
    case "dropExpression":
    case "addIdentity":
    case "setIdentity":
    case "dropIdentity":
    case "truncate":
    case "validateConstraint":
    case "alterConstraint":
    case "renameConstraint":
    case "createPolicy":
    case "createStatistics":
    case "createRule":
    case "lockTable":
      return onTable(operation);
    case "alterPolicy":
      return [...onTable(operation), { what: "policy", name: operation.name, table: operation.table }];
    case "renameOnTable":
      return [...onTable(operation), { what: operation.object, name: operation.name, table: operation.table }];
    case "alterTable":
      return [...onTable(operation), ...actionNeeds(operation)];
    case "attachPartition":
    case "detachPartition":
      return [...onTable(operation), ...relations(operation.partition)];
    case "attachIndex":
      return relations(operation.index, operation.partition);
    case "renameTable":
      return operation.ifExists ? [] : relations(operation.table);
    case "setTableSchema":
      return operation.ifExists ? [] : [...relations(operation.table), ...schema(operation.schema)];
    case "dropTable":
      return operation.ifExists ? [] : [{ what: "relation", name: operation.table, as: "table" }];
    case "dropIndex":
      return operation.ifExists ? [] : [{ what: "index", name: operation.index }];
    case "createTrigger":
      return [...onTable(operation), { what: "trigger function", name: operation.function }];
    case "createView":
      return schema(operation.view.schema);
    case "createFunction":
      return [...schema(operation.function.schema), { what: "language", name: operation.language }];
    case "createEnum":
    case "createType":
      return schema(operation.type.schema);
    case "createDomain":
      return [...schema(operation.type.schema), type(operation.base)];
    case "addEnumValue":
    case "renameEnumValue":
    case "alterDomain":
    case "renameType":
      return [type(operation.type)];
    case "setTypeSchema":
      return [type(operation.type), ...schema(operation.schema)];
    case "dropType":
      return operation.ifExists ? [] : [type(operation.type)];
    case "createSequence":
      return operation.ifNotExists && isThere(catalog, operation.sequence)
        ? []
        : [...schema(operation.sequence.schema), ...owner(operation.ownedBy)];
    case "alterSequence":
      return [...(operation.ifExists ? [] : relations(operation.sequence)), ...owner(operation.ownedBy)];
    case "dropSchema":
      return operation.ifExists ? [] : schema(operation.name);
    case "renameSchema":
      return schema(operation.name);
    case "createExtension":
      return schema(operation.schema);
    case "refreshView":
      return relations(operation.view);
    case "analyze":
    case "vacuum":
      return relations(...operation.tables);
    case "reindex":
      return operation.target === "schema"
        ? schema(operation.name.name)
        : operation.target === "index" || operation.target === "table"
          ? relations(operation.name)
          : [];
    case "cluster":
      return [
        ...relations(operation.table),
        ...(operation.table && operation.index !== undefined
          ? [{ what: "clustering index" as const, name: operation.index, table: operation.table }]
          : []),
      ];
    case "copy":
      return relations(operation.table);
    case "grant":
      return relations(...operation.tables);
    case "publication":
      return [
        ...(operation.create ? [] : [{ what: "publication" as const, name: { name: operation.name } }]),
        ...relations(...operation.tables),
      ];
    case "comment":
      return commented(operation);
    case "renameObject":
      return [{ what: ROUTINES[operation.object], name: operation.name }];
    case "setObjectSchema":
      return [{ what: ROUTINES[operation.object], name: operation.name }, ...schema(operation.schema)];
    case "dropObject":
      return dropped(operation);
    // What row operations name is bound with their expressions.
    case "createSchema":
    case "createDatabase":
    case "dropDatabase":
    case "insertRows":
    case "updateRows":
    case "deleteRows":
    case "mergeRows":
    case "select":
    case "call":
    case "set":
    case "transaction":
    case "systemCommand":
    case "other":
    case "opaque":
      return [];
    default:
      return operation satisfies never;
  }
}

const onTable = (operation: { readonly table: Name; readonly ifTableExists?: true }): readonly Need[] =>
  operation.ifTableExists ? [] : relations(operation.table);

const isThere = (catalog: Catalog, name: Name): boolean => relation(catalog, resolve(catalog, name)).is !== "absent";

const hasColumn = (catalog: Catalog, table: Name, name: string): boolean =>
  presentColumn(catalog, resolve(catalog, table), name).is !== "absent";

function tableNeeds(operation: OperationOf<"createTable">): readonly Need[] {
  return [
    ...schema(operation.table.schema),
    ...(operation.of ? [type(operation.of)] : []),
    ...operation.columns.flatMap((column) => columnNeeds(column, operation.table)),
    ...operation.constraints.flatMap((constraint) => parentOf(constraint, operation.table)),
    ...relations(...operation.inherits, ...operation.like.map((like) => like.table), operation.partitionOf),
  ];
}

const columnNeeds = (column: ColumnDefinition, table: Name): readonly Need[] => [
  type(column.type),
  ...column.constraints.flatMap((constraint) => parentOf(constraint, table)),
];

/** A key to the table itself finds it. */
const parentOf = (constraint: TableConstraint, { schema: own, name }: Name): readonly Need[] =>
  constraint.type === "foreignKey" && !(constraint.parent.name === name && constraint.parent.schema === own)
    ? relations(constraint.parent)
    : [];

function actionNeeds({ action, subject, table }: OperationOf<"alterTable">): readonly Need[] {
  if (subject === undefined) return [];
  switch (action) {
    case "enableTrigger":
    case "disableTrigger":
      // ALL and USER are no names.
      return /^(?:all|user)$/.test(subject) ? [] : [{ what: "trigger", name: subject, table }];
    case "enableRule":
    case "disableRule":
      return [{ what: "rule", name: subject, table }];
    case "setStatistics":
    case "setStorage":
    case "setCompression":
    case "setColumnOptions":
      return [{ what: "column", name: subject, table }];
    case "clusterOn":
      return [{ what: "clustering index", name: subject, table }];
    case "replicaIdentity":
    case "setTableOptions":
    case "setAutovacuumOptions":
    case "setLogged":
    case "setUnlogged":
    case "setTablespace":
    case "setAccessMethod":
    case "setWithoutCluster":
    case "owner":
    case "enableRowSecurity":
    case "disableRowSecurity":
    case "forceRowSecurity":
    case "noForceRowSecurity":
    case "inherit":
    case "noInherit":
    case "ofType":
    case "setWithoutOids":
    case "other":
      return [];
    default:
      return action satisfies never;
  }
}

function commented({ object, name, table }: OperationOf<"comment">): readonly Need[] {
  switch (object) {
    case "table":
    case "view":
    case "materializedView":
    case "index":
      return relations(name);
    case "column":
      return table ? [...relations(table), { what: "column", name: name.name, table }] : [];
    case "trigger":
    case "policy":
    case "rule":
      return table ? [...relations(table), { what: object, name: name.name, table }] : [];
    case "constraint":
      return relations(table);
    case "other":
      return [];
    default:
      return object satisfies never;
  }
}

const ROUTINES = {
  function: "routine",
  procedure: "routine",
  aggregate: "routine",
  statistics: "statistics",
  publication: "publication",
} as const;

function dropped({ object, name, table, ifExists }: OperationOf<"dropObject">): readonly Need[] {
  if (ifExists) return [];
  switch (object) {
    case "view":
    case "sequence":
      return [{ what: "relation", name, as: object }];
    case "materializedView":
      return [{ what: "relation", name, as: "materialized view" }];
    case "trigger":
    case "policy":
    case "rule":
      return table ? [...relations(table), { what: object, name: name.name, table }] : [];
    case "function":
    case "procedure":
    case "aggregate":
    case "statistics":
    case "publication":
      return [{ what: ROUTINES[object], name }];
    case "extension":
    case "subscription":
    case "foreignTable":
    case "collation":
    case "operator":
    case "cast":
    case "role":
    case "owned":
    case "other":
      return [];
    default:
      return object satisfies never;
  }
}
