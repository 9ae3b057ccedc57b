import type { OperationOf } from "../../sql/operation/index.ts";
import type { TableConstraint } from "../../sql/operation/constraints.ts";
import type { Name } from "../../sql/names.ts";
import { type Catalog, createdAs, relationAt, resolve } from "../catalog.ts";
import { index, isWhole, sureRelation } from "../presence.ts";
import { isUnique, primaryKey } from "../relatives.ts";
import { chosenOperator } from "../typing/calls.ts";
import type { Refusal } from "../typing/refusal.ts";
import { type Columns, columnsOf } from "../typing/scope.ts";
import { type Type, UNKNOWN, typeNamed } from "../typing/type.ts";

/** Keys that a table is made with, or that a new column brings: columns that are not there, parents without a key, types that do not compare. */
export function newKeys(operation: OperationOf<"createTable" | "addColumn">, catalog: Catalog): readonly Refusal[] {
  const { table: name } = operation;
  if (operation.kind === "addColumn") {
    const table = columnsOf(catalog, sureRelation(catalog, name));
    if (operation.ifNotExists && table.types.has(operation.column.name)) return [];
    const types = new Map([
      ...table.types,
      [operation.column.name, typeNamed(catalog, operation.column.type)] as const,
    ]);
    return keysOf(operation.column.constraints, { types, open: table.open }, name, catalog);
  }
  if (operation.ifNotExists && relationAt(catalog, createdAs(catalog, name))) return [];
  const { inherits, like, partitionOf, of, as } = operation;
  const open = inherits.length > 0 || like.length > 0 || [partitionOf, of, as].some((each) => each !== undefined);
  return keysOf(
    [...operation.columns.flatMap((column) => column.constraints), ...operation.constraints],
    { types: new Map(operation.columns.map((column) => [column.name, typeNamed(catalog, column.type)])), open },
    name,
    catalog,
  );
}

/** The columns of an EXCLUDE, and the index of ADD CONSTRAINT … USING INDEX. */
export function addedKey(
  operation: OperationOf<"addExclusion" | "addUnique" | "addPrimaryKey">,
  catalog: Catalog,
): readonly Refusal[] {
  if (operation.kind === "addExclusion")
    return missingColumns(operation.constraint.columns, columnsOf(catalog, sureRelation(catalog, operation.table)));
  const { usingIndex } = operation.constraint;
  if (usingIndex === undefined) return [];
  const { schema } = operation.table;
  const found = index(catalog, resolve(catalog, { name: usingIndex, ...(schema !== undefined && { schema }) }));
  return found.is === "absent"
    ? [{ sqlstate: "42704", message: `index "${usingIndex}" does not exist`, about: "relation" }]
    : [];
}

function keysOf(
  constraints: readonly TableConstraint[],
  own: Columns,
  table: Name,
  catalog: Catalog,
): readonly Refusal[] {
  return constraints.flatMap((each): readonly Refusal[] => {
    switch (each.type) {
      case "foreignKey":
        return foreignKey(each, own, table, catalog);
      case "unique":
      case "primaryKey":
        return missingColumns([...each.columns, ...each.include], own);
      case "exclusion":
        return missingColumns(each.columns, own);
      case "check":
      case "notNull":
        return [];
      default:
        return each satisfies never;
    }
  });
}

function missingColumns(columns: readonly (string | null)[], own: Columns): readonly Refusal[] {
  const missing = columns.find((name) => name !== null && !own.open && !own.types.has(name));
  return missing == null
    ? []
    : [{ sqlstate: "42703", message: `column "${missing}" named in key does not exist`, about: "column" }];
}

/** https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-REFERENCES */
function foreignKey(
  key: Extract<TableConstraint, { type: "foreignKey" }>,
  own: Columns,
  table: Name,
  catalog: Catalog,
): readonly Refusal[] {
  const itself = key.parent.name === table.name && key.parent.schema === table.schema;
  const parent = itself ? undefined : sureRelation(catalog, key.parent);
  const theirs = itself ? own : columnsOf(catalog, parent);
  const columns = key.parentColumns.length > 0 ? key.parentColumns : (primaryKey(parent)?.columns ?? []);
  const missing =
    key.columns.find((name) => !own.open && !own.types.has(name)) ??
    key.parentColumns.find((name) => !theirs.open && !theirs.types.has(name));
  if (missing !== undefined)
    return [
      {
        sqlstate: "42703",
        message: `column "${missing}" referenced in foreign key constraint does not exist`,
        about: "column",
      },
    ];
  if (!itself && isWhole(parent)) {
    if (columns.length === 0)
      return [
        {
          sqlstate: "42704",
          message: `there is no primary key for referenced table "${parent.name}"`,
          about: "command",
        },
      ];
    if (!isUnique(catalog, parent, columns))
      return [
        {
          sqlstate: "42830",
          message: `there is no unique constraint matching given keys for referenced table "${parent.name}"`,
          about: "command",
        },
      ];
  }
  const typeOf = (of: Columns, name: string | undefined): Type => of.types.get(name ?? "") ?? UNKNOWN;
  return key.columns.some(
    (name, at) => chosenOperator("=", typeOf(theirs, columns[at]), typeOf(own, name), true).refusal !== undefined,
  )
    ? [
        {
          sqlstate: "42804",
          message: `foreign key constraint "${key.name ?? `${table.name}_${key.columns.join("_")}_fkey`}" cannot be implemented`,
          about: "type",
        },
      ]
    : [];
}
