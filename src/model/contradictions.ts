import type { Name } from "../sql/expression.ts";
import type { Operation, TableConstraint } from "../sql/operation.ts";
import { indexName } from "./apply/constraints.ts";
import { type Birth, type Catalog, type Relation, createdAs, primaryKey, resolve, resolveType } from "./catalog.ts";
import { changeTables, queryTables } from "./queries.ts";
import { relationName } from "./sql.ts";

/** Why PostgreSQL would refuse a statement, whatever the rows are. */
export interface Contradiction {
  /** Something of that name is there already, or what it needs is not. */
  readonly kind: "taken" | "missing";
  /** https://www.postgresql.org/docs/current/errcodes-appendix.html */
  readonly sqlstate: string;
  /** As a clause: "table users is there already". */
  readonly sentence: string;
  /** The object: "public.users", "public.users.email". */
  readonly object: string;
  /** When the object that stands in the way was made, where that is known. */
  readonly birth?: Birth | undefined;
}

type Clash = Omit<Contradiction, "kind">;

/**
 * How an operation contradicts the schema that the history has made; undefined where it does not, or where that
 * cannot be said: in a branch that may not run, after SQL that nobody could read, on objects that the history
 * does not know. `catalog` is the one just before the operation.
 */
export function contradiction(catalog: Catalog, operation: Operation): Contradiction | undefined {
  const { body } = operation;
  if (catalog.tainted || body?.in === "function" || body?.conditional || body?.loop || body?.guarded) return undefined;
  const lack = missing(catalog, operation);
  const seen = lack ?? conflicting(catalog, operation);
  return seen && !doubted(catalog, operation, seen) ? { kind: lack ? "missing" : "taken", ...seen } : undefined;
}

/** Whether a statement that may not have run had to do with it. */
function doubted(catalog: Catalog, operation: Operation, { object }: Clash): boolean {
  if (catalog.doubtful.size === 0) return false;
  if (catalog.doubtful.has(object) || catalog.doubtful.has(object.split(".").slice(0, 2).join("."))) return true;
  return (
    "table" in operation && operation.table !== undefined && catalog.doubtful.has(resolve(catalog, operation.table))
  );
}

const optional = (operation: Operation): boolean => "ifTableExists" in operation && operation.ifTableExists === true;

const found = (sqlstate: string, object: string, sentence: string, birth?: Birth): Clash => ({
  sqlstate,
  object,
  sentence,
  birth,
});

/** What has a name among the relations of a schema: tables, views, sequences and indexes share it. */
function occupant(
  catalog: Catalog,
  id: string,
): { readonly what: string; readonly birth?: Birth | undefined } | undefined {
  const relation = catalog.relations.get(id);
  // Taken up because a statement named it, after the history had dropped it: not there.
  if (relation && isPresent(catalog, relation)) return { what: KINDS[relation.kind], birth: relation.birth };
  const index = catalog.indexes.get(id);
  return index && { what: "index", birth: index.birth };
}

const KINDS: Readonly<Record<Relation["kind"], string>> = {
  table: "table",
  partitioned: "table",
  view: "view",
  materializedView: "materialized view",
  sequence: "sequence",
  foreignTable: "foreign table",
};

/** A relation without a birth is there because statements say so; not after the history dropped it. */
const isPresent = (catalog: Catalog, relation: Relation): boolean =>
  relation.birth !== undefined || !catalog.dropped.has(relation.id);

/** The history dropped it and made nothing of that name since. */
function isGone(catalog: Catalog, id: string): boolean {
  return catalog.dropped.has(id) && occupant(catalog, id) === undefined && !catalog.types.has(id);
}

const gone = (catalog: Catalog, name: Name, what: string): Clash | undefined => {
  const id = resolve(catalog, name);
  return isGone(catalog, id)
    ? found(
        "42P01",
        id,
        `${what} ${relationName(id)} is not there any more: an earlier statement dropped or renamed it`,
      )
    : undefined;
};

const firstOf = <T>(items: Iterable<T>, look: (item: T) => Clash | undefined): Clash | undefined => {
  for (const item of items) {
    const seen = look(item);
    if (seen) return seen;
  }
  return undefined;
};

/** The operation needs something that is not there. */
function missing(catalog: Catalog, operation: Operation): Clash | undefined {
  switch (operation.kind) {
    case "createTable":
      if (operation.ifNotExists && occupant(catalog, createdAs(catalog, operation.table))) return undefined;
      return (
        firstOf(
          [
            ...operation.inherits,
            ...operation.like.map((like) => like.table),
            ...(operation.partitionOf ? [operation.partitionOf] : []),
            ...queryTables(operation.as),
          ],
          (name) => gone(catalog, name, "table"),
        ) ??
        firstOf(
          [...operation.constraints, ...operation.columns.flatMap((column) => column.constraints)],
          (constraint) => parentGone(catalog, constraint),
        )
      );
    case "dropTable":
      return operation.ifExists ? undefined : gone(catalog, operation.table, "table");
    case "renameTable":
    case "setTableSchema":
      return operation.ifExists
        ? undefined
        : gone(
            catalog,
            operation.table,
            operation.object === "materializedView"
              ? "materialized view"
              : operation.object === "foreignTable"
                ? "foreign table"
                : operation.object,
          );
    case "dropIndex":
      if (operation.ifExists || !isGone(catalog, resolve(catalog, operation.index))) return undefined;
      return { ...(gone(catalog, operation.index, "index") as Clash), sqlstate: "42704" };
    case "dropObject":
      if (operation.object === "trigger" || operation.object === "policy" || operation.object === "rule")
        return missingOnTable(catalog, operation);
      if (
        operation.ifExists ||
        (operation.object !== "view" && operation.object !== "materializedView" && operation.object !== "sequence")
      )
        return undefined;
      return gone(
        catalog,
        operation.name,
        operation.object === "materializedView" ? "materialized view" : operation.object,
      );
    case "createView":
      return firstOf(queryTables(operation.query), (name) => gone(catalog, name, "relation"));
    case "refreshView":
      return gone(catalog, operation.view, "materialized view");
    case "select":
      return firstOf(queryTables(operation.query), (name) => gone(catalog, name, "relation"));
    case "insertRows":
    case "updateRows":
    case "deleteRows":
    case "mergeRows":
      return (
        firstOf([operation.table, ...changeTables(operation.change)], (name) => gone(catalog, name, "relation")) ??
        missingColumns(catalog, operation)
      );
    case "analyze":
    case "vacuum":
      return firstOf(operation.tables, (name) => gone(catalog, name, "table"));
    case "comment":
      if (operation.object === "table" || operation.object === "view" || operation.object === "materializedView")
        return gone(catalog, operation.name, operation.object === "table" ? "table" : "view");
      return operation.table && gone(catalog, operation.table, "table");
    case "attachPartition":
    case "detachPartition":
      return gone(catalog, operation.table, "table") ?? gone(catalog, operation.partition, "table");
    case "addEnumValue":
    case "renameEnumValue":
    case "renameType":
    case "setTypeSchema":
    case "alterDomain":
      return missingType(catalog, operation.type) ?? missingValue(catalog, operation);
    case "dropType":
      return operation.ifExists ? undefined : missingType(catalog, operation.type);
    case "addForeignKey":
      if (optional(operation) && isGone(catalog, resolve(catalog, operation.table))) return undefined;
      return (
        gone(catalog, operation.table, "table") ??
        gone(catalog, operation.constraint.parent, "table") ??
        missingColumns(catalog, operation)
      );
    default:
      return "table" in operation &&
        operation.table &&
        !(optional(operation) && isGone(catalog, resolve(catalog, operation.table)))
        ? (gone(catalog, operation.table, "table") ??
            missingColumns(catalog, operation) ??
            missingConstraint(catalog, operation))
        : undefined;
  }
}

function parentGone(catalog: Catalog, constraint: TableConstraint): Clash | undefined {
  return constraint.type === "foreignKey" ? gone(catalog, constraint.parent, "table") : undefined;
}

function missingType(catalog: Catalog, name: Name): Clash | undefined {
  const id = resolveType(catalog, name);
  return catalog.dropped.has(id) && !catalog.types.has(id) && occupant(catalog, id) === undefined
    ? found("42704", id, `type ${relationName(id)} is not there any more: an earlier statement dropped or renamed it`)
    : undefined;
}

function missingValue(catalog: Catalog, operation: Operation): Clash | undefined {
  if (operation.kind !== "addEnumValue" && operation.kind !== "renameEnumValue") return undefined;
  const type = catalog.types.get(resolveType(catalog, operation.type));
  if (type?.kind !== "enum") return undefined;
  const needed = operation.kind === "renameEnumValue" ? operation.value : (operation.before ?? operation.after);
  return needed === undefined || type.values.includes(needed)
    ? undefined
    : found("22023", type.id, `${needed} is no value of enum ${relationName(type.id)}`, type.birth);
}

/** PostgreSQL's own columns are on every table. */
const SYSTEM = new Set(["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid"]);

function missingColumns(catalog: Catalog, operation: Operation): Clash | undefined {
  if (!("table" in operation) || !operation.table) return undefined;
  const table = catalog.relations.get(resolve(catalog, operation.table));
  if (!table?.complete || table.kind === "view" || table.kind === "materializedView" || table.kind === "sequence")
    return undefined;
  const own = firstOf(neededColumns(operation), (name) =>
    table.columns.has(name) || SYSTEM.has(name)
      ? undefined
      : found("42703", `${table.id}.${name}`, `${relationName(table.id)} has no column ${name}`, table.birth),
  );
  if (own || operation.kind !== "addForeignKey") return own;
  const parent = catalog.relations.get(resolve(catalog, operation.constraint.parent));
  if (!parent?.complete) return undefined;
  return firstOf(operation.constraint.parentColumns, (name) =>
    parent.columns.has(name)
      ? undefined
      : found("42703", `${parent.id}.${name}`, `${relationName(parent.id)} has no column ${name}`, parent.birth),
  );
}

function neededColumns(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case "dropColumn":
      return operation.ifExists ? [] : [operation.column];
    case "renameColumn":
      return operation.object === "compositeType" ? [] : [operation.column];
    case "alterColumnType":
    case "setDefault":
    case "dropDefault":
    case "setNotNull":
    case "dropNotNull":
    case "setExpression":
    case "dropExpression":
    case "addIdentity":
    case "setIdentity":
    case "dropIdentity":
      return [operation.column];
    case "addUnique":
    case "addPrimaryKey":
      return operation.constraint.usingIndex === undefined
        ? [...operation.constraint.columns, ...operation.constraint.include]
        : [];
    case "addForeignKey":
      return operation.constraint.columns;
    case "addNotNull":
      return [operation.constraint.column];
    case "createIndex":
      return [...operation.columns.flatMap((column) => column.column ?? []), ...operation.include];
    case "insertRows":
      return operation.change.columns;
    case "updateRows":
      return operation.change.set.map((each) => each.column);
    default:
      return [];
  }
}

function missingConstraint(catalog: Catalog, operation: Operation): Clash | undefined {
  if (
    operation.kind !== "dropConstraint" &&
    operation.kind !== "validateConstraint" &&
    operation.kind !== "alterConstraint" &&
    operation.kind !== "renameConstraint"
  )
    return undefined;
  if (operation.kind === "dropConstraint" && operation.ifExists) return undefined;
  const table = catalog.relations.get(resolve(catalog, operation.table));
  // A partition has its parent's constraints under names that PostgreSQL chooses; NOT NULL has a name from 18 on.
  if (
    !table?.complete ||
    table.parents.size > 0 ||
    table.constraints.has(operation.constraint) ||
    operation.constraint.endsWith("_not_null")
  )
    return undefined;
  return found(
    "42704",
    `${table.id}.${operation.constraint}`,
    `${relationName(table.id)} has no constraint ${operation.constraint}`,
    table.birth,
  );
}

function missingOnTable(catalog: Catalog, operation: Extract<Operation, { kind: "dropObject" }>): Clash | undefined {
  if (!operation.table) return undefined;
  const lost = operation.ifExists ? undefined : gone(catalog, operation.table, "table");
  const table = catalog.relations.get(resolve(catalog, operation.table));
  if (lost || operation.ifExists || !table?.complete || table.parents.size > 0) return lost;
  const names =
    operation.object === "trigger" ? table.triggers : operation.object === "policy" ? table.policies : table.rules;
  const { name } = operation.name;
  return names.has(name)
    ? undefined
    : found(
        "42704",
        `${table.id}.${name}`,
        `${relationName(table.id)} has no ${operation.object} ${name}`,
        table.birth,
      );
}

const taken = (catalog: Catalog, id: string): Clash | undefined => {
  const there = occupant(catalog, id);
  return there && found("42P07", id, `${there.what} ${relationName(id)} is there already`, there.birth);
};

/** A table, view or type of that name: each table has a row type of its name. */
const takenType = (catalog: Catalog, id: string): Clash | undefined => {
  const type = catalog.types.get(id);
  if (type) return found("42710", id, `type ${relationName(id)} is there already`, type.birth);
  const relation = catalog.relations.get(id);
  return relation && relation.kind !== "sequence" && isPresent(catalog, relation)
    ? found(
        "42710",
        id,
        `${KINDS[relation.kind]} ${relationName(id)} has that name already, and its row type with it`,
        relation.birth,
      )
    : undefined;
};

/** The operation makes something that is there already. */
function conflicting(catalog: Catalog, operation: Operation): Clash | undefined {
  switch (operation.kind) {
    case "createSchema":
      return !operation.ifNotExists && catalog.schemas.has(operation.name)
        ? found("42P06", operation.name, `schema ${operation.name} is there already`)
        : undefined;
    case "createExtension":
      return !operation.ifNotExists && catalog.extensions.has(operation.name)
        ? found("42710", operation.name, `extension ${operation.name} is there already`)
        : undefined;
    case "createTable": {
      if (operation.persistence === "temporary") return undefined;
      const id = createdAs(catalog, operation.table);
      if (operation.ifNotExists && occupant(catalog, id)) return undefined;
      const schema = id.slice(0, id.indexOf("."));
      return (
        taken(catalog, id) ??
        takenType(catalog, id) ??
        firstOf(operation.constraints, (constraint) =>
          (constraint.type === "primaryKey" || constraint.type === "unique") && constraint.name !== undefined
            ? taken(catalog, `${schema}.${constraint.name}`)
            : undefined,
        )
      );
    }
    case "createSequence":
      return operation.ifNotExists || operation.temporary
        ? undefined
        : taken(catalog, createdAs(catalog, operation.sequence));
    case "createView": {
      const id = createdAs(catalog, operation.view);
      const there = catalog.relations.get(id);
      return operation.ifNotExists ||
        operation.temporary ||
        (operation.replace && (there === undefined || there.kind === "view"))
        ? undefined
        : taken(catalog, id);
    }
    case "createEnum":
    case "createDomain":
    case "createType":
      return takenType(catalog, createdAs(catalog, operation.type));
    case "renameType": {
      const id = resolveType(catalog, operation.type);
      return takenType(catalog, `${id.slice(0, id.indexOf("."))}.${operation.to}`);
    }
    case "addEnumValue":
    case "renameEnumValue": {
      const type = catalog.types.get(resolveType(catalog, operation.type));
      const value = operation.kind === "addEnumValue" ? operation.value : operation.to;
      if (!type?.values.includes(value) || (operation.kind === "addEnumValue" && operation.ifNotExists))
        return undefined;
      return found(
        "42710",
        type.id,
        `enum ${relationName(type.id)} has the value ${value} already`,
        type.added.get(value) ?? type.birth,
      );
    }
    case "renameTable": {
      const id = resolve(catalog, operation.table);
      return operation.ifExists && !occupant(catalog, id)
        ? undefined
        : taken(catalog, `${id.slice(0, id.indexOf("."))}.${operation.to}`);
    }
    case "addColumn":
    case "renameColumn": {
      const name = operation.kind === "addColumn" ? operation.column.name : operation.to;
      if (operation.kind === "addColumn" ? operation.ifNotExists : operation.object === "compositeType")
        return undefined;
      const table = catalog.relations.get(resolve(catalog, operation.table));
      const there = table && isPresent(catalog, table) ? table.columns.get(name) : undefined;
      return there?.birth && table
        ? found("42701", `${table.id}.${name}`, `${relationName(table.id)} has a column ${name} already`, there.birth)
        : undefined;
    }
    case "createIndex": {
      const table = catalog.relations.get(resolve(catalog, operation.table));
      if (!table || operation.ifNotExists || operation.name === undefined) return undefined;
      return taken(catalog, `${table.schema}.${indexName(catalog, table, operation)}`);
    }
    case "addForeignKey":
    case "addCheck":
    case "addUnique":
    case "addPrimaryKey":
    case "addExclusion":
    case "renameConstraint": {
      const table = catalog.relations.get(resolve(catalog, operation.table));
      if (!table) return undefined;
      const name = operation.kind === "renameConstraint" ? operation.to : operation.constraint.name;
      const there = name === undefined ? undefined : table.constraints.get(name);
      if (there && name !== undefined)
        return found(
          "42710",
          `${table.id}.${name}`,
          `${relationName(table.id)} has a constraint ${name} already`,
          there.birth,
        );
      const key = operation.kind === "addPrimaryKey" ? primaryKey(table) : undefined;
      if (key)
        return found("42P16", table.id, `${relationName(table.id)} has a primary key already, ${key.name}`, key.birth);
      const indexed =
        operation.kind === "addUnique" || operation.kind === "addPrimaryKey" || operation.kind === "addExclusion";
      // USING INDEX gives the index the constraint's name, which may be the one that it has.
      return indexed &&
        name !== undefined &&
        !("usingIndex" in operation.constraint && operation.constraint.usingIndex !== undefined)
        ? taken(catalog, `${table.schema}.${name}`)
        : undefined;
    }
    case "createTrigger":
    case "createPolicy": {
      const table = catalog.relations.get(resolve(catalog, operation.table));
      const names: ReadonlyMap<string, unknown> | ReadonlySet<string> | undefined =
        operation.kind === "createTrigger" ? table?.triggers : table?.policies;
      if (!table || !names?.has(operation.name) || (operation.kind === "createTrigger" && operation.replace))
        return undefined;
      return found(
        "42710",
        `${table.id}.${operation.name}`,
        `${relationName(table.id)} has a ${operation.kind === "createTrigger" ? "trigger" : "policy"} ${operation.name} already`,
      );
    }
    default:
      return undefined;
  }
}
