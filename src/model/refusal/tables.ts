import type { OperationOf } from "../../sql/operation/index.ts";
import { relationId } from "../../sql/names.ts";
import { type Catalog, type Relation, createdAs, functionAt, indexAt, relationAt, resolve } from "../catalog.ts";
import { isDoubtful, isWhole, sureRelation } from "../presence.ts";
import { mentionedColumns } from "../queries.ts";
import { primaryKey } from "../relatives.ts";
import { typeNamed } from "../typing/type.ts";
import type { Refusal } from "../typing/refusal.ts";

/** What a table, its columns and its partitions do not allow: https://www.postgresql.org/docs/current/sql-altertable.html */

const refused = (sqlstate: string, message: string): Refusal => ({ sqlstate, message, about: "command" });

/** The key of a partitioned table and what comes from a parent stay as they are. */
export function fixedColumn(
  operation: OperationOf<"dropColumn" | "alterColumnType">,
  catalog: Catalog,
): Refusal | undefined {
  const table = sureRelation(catalog, operation.table);
  const { column: name } = operation;
  if (!table) return undefined;
  const verb = operation.kind === "dropColumn" ? "drop" : "alter";
  if (table.partitionKey?.includes(name))
    return refused(
      "42P16",
      `cannot ${verb} column "${name}" because it is part of the partition key of relation "${table.name}"`,
    );
  const inherited = [...table.parents].some((id) => isWhole(relationAt(catalog, id)) && has(catalog, id, name));
  return inherited && isWhole(table) && table.columns.has(name)
    ? refused("42P16", `cannot ${verb} inherited column "${name}"`)
    : undefined;
}

const has = (catalog: Catalog, id: string, name: string): boolean =>
  relationAt(catalog, id)?.columns.has(name) === true;

/** A unique key of a partitioned table has all columns by which it is partitioned. */
function keyOfPartitions(table: Relation | undefined, columns: readonly (string | null)[]): Refusal | undefined {
  const missing = table?.partitionKey?.some((name) => name === "" || !columns.includes(name));
  return missing
    ? refused("0A000", "unique constraint on partitioned table must include all partitioning columns")
    : undefined;
}

/** Keys that a table gets where it is made or altered. */
export function newTable(operation: OperationOf<"createTable">, catalog: Catalog): Refusal | undefined {
  const parent = operation.partitionOf && sureRelation(catalog, operation.partitionOf);
  if (isWhole(parent) && parent.kind === "table") return refused("42P17", `"${parent.name}" is not partitioned`);
  const { partitionedBy } = operation;
  if (!partitionedBy) return undefined;
  const keys = [...operation.columns.flatMap(({ constraints }) => constraints), ...operation.constraints].flatMap(
    (each) => (each.type === "unique" || each.type === "primaryKey" ? [each.columns] : []),
  );
  return keys.some((columns) => partitionedBy.some((name) => name === "" || !columns.includes(name)))
    ? refused("0A000", "unique constraint on partitioned table must include all partitioning columns")
    : undefined;
}

export function newKey(
  { table: name, constraint }: OperationOf<"addUnique" | "addPrimaryKey">,
  catalog: Catalog,
): Refusal | undefined {
  const table = sureRelation(catalog, name);
  if (constraint.usingIndex === undefined) return keyOfPartitions(table, constraint.columns);
  const index = table && indexAt(catalog, relationId(table.schema, constraint.usingIndex));
  if (!index || isDoubtful(catalog, index.id)) return undefined;
  if (!index.unique) return refused("42809", `"${index.name}" is not a unique index`);
  if (index.partial) return refused("42809", `"${index.name}" is a partial index`);
  return index.columns.includes(null) ? refused("42809", `index "${index.name}" contains expressions`) : undefined;
}

export function newIndex(operation: OperationOf<"createIndex">, catalog: Catalog): Refusal | undefined {
  const { method, unique, columns } = operation;
  if (method === "hash" && unique) return refused("0A000", 'access method "hash" does not support unique indexes');
  if (method === "hash" && columns.length > 1)
    return refused("0A000", 'access method "hash" does not support multicolumn indexes');
  if (!unique || operation.only) return undefined;
  return keyOfPartitions(
    sureRelation(catalog, operation.table),
    columns.map(({ column }) => column ?? null),
  );
}

export function newColumn({ table: name, column }: OperationOf<"addColumn">, catalog: Catalog): Refusal | undefined {
  const table = sureRelation(catalog, name);
  if (primaryKey(table) && column.constraints.some(({ type }) => type === "primaryKey"))
    return refused("42P16", `multiple primary keys for table "${table?.name ?? ""}" are not allowed`);
  const computed = mentionedColumns(column.generated?.expression).find((each) => table?.columns.get(each)?.generated);
  return computed === undefined
    ? undefined
    : refused("42P17", `cannot use generated column "${computed}" in column generation expression`);
}

/** A column that is computed or numbered has no default of its own. */
export function newDefault(operation: OperationOf<"setDefault">, catalog: Catalog): Refusal | undefined {
  const table = sureRelation(catalog, operation.table);
  const column = table?.columns.get(operation.column);
  const subject = `column "${operation.column}" of relation "${table?.name ?? ""}"`;
  if (column?.identity) return refused("42601", `${subject} is an identity column`);
  return column?.generated ? refused("42601", `${subject} is a generated column`) : undefined;
}

export function noLongerRequired(operation: OperationOf<"dropNotNull">, catalog: Catalog): Refusal | undefined {
  const table = sureRelation(catalog, operation.table);
  const column = table?.columns.get(operation.column);
  if (!table || !column) return undefined;
  if (column.identity)
    return refused("42601", `column "${column.name}" of relation "${table.name}" is an identity column`);
  return primaryKey(table)?.columns.includes(column.name)
    ? refused("42P16", `column "${column.name}" is in a primary key`)
    : undefined;
}

export function numberable(operation: OperationOf<"addIdentity">, catalog: Catalog): Refusal | undefined {
  const type = typeNamed(catalog, sureRelation(catalog, operation.table)?.columns.get(operation.column)?.type);
  return type.kind === "enum" || (type.kind === "base" && (type.array || !/^int[248]$/.test(type.name)))
    ? refused("22023", "identity column type must be smallint, integer, or bigint")
    : undefined;
}

export function detached(operation: OperationOf<"detachPartition">, catalog: Catalog): Refusal | undefined {
  return operation.concurrently && sureRelation(catalog, operation.table)?.defaultPartition !== undefined
    ? refused("55000", "cannot detach partitions concurrently when a default partition exists")
    : undefined;
}

export function droppedIndex(operation: OperationOf<"dropIndex">, catalog: Catalog): Refusal | undefined {
  if (!operation.concurrently) return undefined;
  if (operation.cascade) return refused("0A000", "DROP INDEX CONCURRENTLY does not support CASCADE");
  const index = indexAt(catalog, resolve(catalog, operation.index));
  const table = index && relationAt(catalog, index.table);
  // Of a temporary table CONCURRENTLY is not taken for what it says.
  return index && table?.kind === "partitioned" && !table.temporary
    ? refused("0A000", `cannot drop partitioned index "${index.name}" concurrently`)
    : undefined;
}

/** Generated columns, and those that are always numbered, take DEFAULT only. */
export function changedColumns(
  operation: OperationOf<"insertRows" | "updateRows">,
  catalog: Catalog,
): Refusal | undefined {
  const { change } = operation;
  const table = sureRelation(catalog, operation.table);
  if (!table) return undefined;
  const fixed = (name: string): boolean => {
    // A partition has its parent's identity, which may change there.
    const column = table.parents.size > 0 ? undefined : table.columns.get(name);
    return column?.generated !== undefined || column?.always === true;
  };
  if (change.kind === "updateRows") {
    const set = change.set.find(({ column, value }) => fixed(column) && !isDefault(value));
    return set && refused("428C9", `column "${set.column}" can only be updated to DEFAULT`);
  }
  const { values } = change.query ?? {};
  const columns = change.columns.length > 0 ? change.columns : isWhole(table) ? [...table.columns.keys()] : [];
  const at = columns.findIndex(
    (name, place) =>
      fixed(name) &&
      !(change.overriding && table.columns.get(name)?.always) &&
      (values
        ? values.some((row) => row[place] !== undefined && !isDefault(row[place]))
        : change.query !== undefined && change.columns.length > 0),
  );
  return at < 0 ? undefined : refused("428C9", `cannot insert a non-DEFAULT value into column "${columns[at] ?? ""}"`);
}

const isDefault = (value: { readonly kind: string; readonly name?: string } | undefined): boolean =>
  value?.kind === "call" && value.name === "default";

/** https://www.postgresql.org/docs/current/sql-createfunction.html */
export function replacedFunction(operation: OperationOf<"createFunction">, catalog: Catalog): Refusal | undefined {
  const id = createdAs(catalog, operation.function);
  const { form } = operation;
  const known = isDoubtful(catalog, id) ? undefined : functionAt(catalog, id)?.forms.get(form?.takes ?? "");
  if (!form || !known) return undefined;
  if (!operation.replace)
    return refused("42723", `function "${operation.function.name}" already exists with same argument types`);
  if (known.returns !== form.returns) return refused("42P13", "cannot change return type of existing function");
  const renamed = known.parameters.find((name, at) => name !== "" && name !== form.parameters[at]);
  return renamed === undefined ? undefined : refused("42P13", `cannot change name of input parameter "${renamed}"`);
}
