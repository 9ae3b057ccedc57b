import type { Change, Expression, Query } from "../../sql/expression.ts";
import type { Name } from "../../sql/names.ts";
import type { OperationOf } from "../../sql/operation/index.ts";
import { type Relation, indexAt, relationAt } from "../catalog.ts";
import { foreignKeys, indexesOf, reached, referencing, withPartitions } from "../relatives.ts";
import { LOCKS } from "../postgres/locks.ts";
import { does } from "../postgres/versions.ts";
import { expressions, sources, visibleCtes, withNames } from "../queries.ts";
import { printed } from "../sql.ts";
import { type Read, changeReads, queryReads, targetCertainty } from "./access.ts";
import type { Builder } from "./builder.ts";
import { insertFailures, updateFailures } from "./row-failures.ts";
import { copiedKeys } from "./copied-keys.ts";

/** Effects of statements that read and change rows. */

/** PostgreSQL's own tables: nothing of the project's waits for them. */
const isSystem = ({ schema, name }: Name) =>
  schema === "pg_catalog" || schema === "information_schema" || (schema === undefined && name.startsWith("pg_"));

/** Locks and scans of a query: every table in a FROM is read. */
export function readTables(e: Builder, query: Query, hidden: ReadonlySet<string> = new Set()): void {
  for (const read of queryReads(e.catalog, query, hidden)) readTable(e, read, query.locking);
}

function readTable(e: Builder, { name, only, certainty }: Read, locking: boolean): void {
  if (isSystem(name)) return;
  const id = e.id(name);
  const known = relationAt(e.catalog, id);
  if (known?.kind === "sequence" || indexAt(e.catalog, id) !== undefined) return;
  e.lock(id, locking ? LOCKS.lockRows : LOCKS.readRows);
  if (known?.kind === "view" && known.query) {
    if (e.read.has(id)) return;
    e.read.add(id);
    readTables(e, known.query);
  } else for (const each of heapsOf(e, known, only)) e.scan(each ?? id, "read", "read it", { certainty });
}

/** The heaps behind a name: its own, those of its partitions and inheritance children; `undefined` stands for a relation that is not known. */
function heapsOf(e: Builder, known: Relation | undefined, only: boolean): (string | undefined)[] {
  if (!known) return [undefined];
  return reached(e.catalog, known, { only }).flatMap((each) =>
    each.kind === "partitioned" || each.kind === "view" ? [] : [each.id],
  );
}

/** Whether a WHERE holds for every row: none, a constant, or a condition that no row of `table` can miss. */
function alwaysTrue(where: Expression | undefined, table: Relation): boolean {
  if (where === undefined) return true;
  switch (where.kind) {
    case "literal":
      return where.value === true;
    case "not":
      return (
        alwaysFalse(where.arg) ||
        (where.arg.kind === "isNull" && !where.arg.negated && isRequired(where.arg.arg, table))
      );
    case "and":
      return where.args.every((arg) => alwaysTrue(arg, table));
    case "or":
      return where.args.some((arg) => alwaysTrue(arg, table));
    case "isNull":
      return where.negated && isRequired(where.arg, table);
    case "operator": {
      const [left, right] = where.args;
      if (left?.kind === "literal" && right?.kind === "literal")
        return compares(where.operator, left.value, right.value);
      return (
        (where.operator === "=" || where.operator === ">=" || where.operator === "<=") &&
        left?.kind === "column" &&
        right?.kind === "column" &&
        left.column === right.column &&
        left.table === right.table &&
        isRequired(left, table)
      );
    }
    default:
      return false;
  }
}

const isRequired = (expression: Expression, table: Relation): boolean =>
  expression.kind === "column" && table.columns.get(expression.column)?.notNull === true;

type Literal = Extract<Expression, { kind: "literal" }>["value"];

function compares(operator: string, one: Literal, two: Literal): boolean {
  if (one === null || two === null || typeof one !== typeof two) return false;
  if (operator === "=") return one === two;
  if (operator === "<>") return one !== two;
  if (typeof one !== "number" || typeof two !== "number") return false;
  return (
    (operator === "<" && one < two) ||
    (operator === ">" && one > two) ||
    (operator === "<=" && one <= two) ||
    (operator === ">=" && one >= two)
  );
}

/** `column IS NULL` of a column that has none. */
function isNullOfRequired(where: Expression | undefined, table: Relation): boolean {
  if (where?.kind === "and") return where.args.some((arg) => isNullOfRequired(arg, table));
  return where?.kind === "isNull" && !where.negated && isRequired(where.arg, table);
}

const alwaysFalse = (where: Expression | undefined): boolean =>
  where?.kind === "literal" && (where.value === false || where.value === null);

export function changeRows(
  e: Builder,
  change: Change,
  outer: ReadonlySet<string> = new Set(),
  ruled: ReadonlySet<string> = new Set(),
): void {
  const table = e.assumed(e.id(change.table));
  const hidden = withNames(outer, change.ctes);
  for (const [at, cte] of change.ctes.entries()) {
    const seen = withNames(outer, visibleCtes(change.ctes, at));
    if (cte.change) changeRows(e, cte.change, seen);
    else if (cte.query) readTables(e, cte.query, seen);
  }
  for (const read of changeReads(e.catalog, { ...change, ctes: [] }, hidden)) readTable(e, read, false);
  const event = ({ insertRows: "insert", updateRows: "update", deleteRows: "delete", mergeRows: undefined } as const)[
    change.kind
  ];
  if ([...table.rules.values()].some((rule) => rule.nothing && rule.event === event)) {
    e.lock(table.id, LOCKS.changeRows);
    return;
  }
  for (const rule of table.rules.values())
    if (rule.event === event && !ruled.has(table.id))
      for (const each of rule.changes) changeRows(e, each, hidden, new Set([...ruled, table.id]));
  const [under] = table.kind === "view" && table.query ? sources(table.query.from) : [];
  if (under?.kind === "table" && !ruled.has(table.id)) {
    e.lock(table.id, LOCKS.changeRows);
    // A simple view hands the change on to its table.
    changeRows(e, { ...change, ctes: [], table: under.name }, hidden, new Set([...ruled, table.id]));
    return;
  }
  const target = reached(e.catalog, table, {
    only: ("only" in change && change.only) || (change.kind === "insertRows" && table.kind !== "partitioned"),
  });
  // Which partition takes a new row is in its values.
  for (const each of target)
    e.lock(each.id, LOCKS.changeRows, {
      partner: each !== table,
      certainty: change.kind === "insertRows" && each !== table ? "rows" : "sure",
    });
  switch (change.kind) {
    case "insertRows":
      insertRows(e, table, change, outer.size === 0 && ruled.size === 0);
      return;
    case "updateRows": {
      scanTarget(e, table, target, change, hidden, "find the rows to change");
      const columns = change.set.map((each) => each.column);
      // A row that the same transaction wrote is checked again, whichever column changes.
      const again = [table.filledIn, table.changedIn, table.retypedIn].includes(e.catalog.deployment);
      for (const key of foreignKeys(table))
        if (key.parent && (again || key.columns.some((column) => columns.includes(column))))
          e.lock(key.parent, LOCKS.lockRows, { partner: true, certainty: "rows" });
      if (outer.size === 0 && ruled.size === 0) updateFailures(e, table, change);
      if (alwaysTrue(change.where, table) && change.from.length === 0)
        for (const column of columns)
          e.loss({ kind: "every row's value", relation: table.id, name: column, data: true });
      return;
    }
    case "deleteRows":
      scanTarget(e, table, target, change, hidden, "find the rows to delete");
      deleteFrom(e, table, alwaysTrue(change.where, table) && change.using.length === 0);
      e.loss({
        kind: "rows",
        relation: table.id,
        data: true,
        ...(alwaysTrue(change.where, table) && change.using.length === 0
          ? {}
          : { where: change.where ? printed(change.where) : "the join holds" }),
      });
      return;
    case "mergeRows":
      e.scan(table.id, "query", "match it with the source", { certainty: "rows" });
      if (change.actions.includes("delete")) {
        deleteFrom(e, table, false);
        const all = alwaysTrue(change.on, table);
        e.loss({ kind: "rows", relation: table.id, data: true, ...(!all && { where: printed(change.on) }) });
      }
  }
}

function scanTarget(
  e: Builder,
  table: Relation,
  target: readonly Relation[],
  change: Extract<Change, { kind: "updateRows" | "deleteRows" }>,
  hidden: ReadonlySet<string>,
  reason: string,
): void {
  if (
    table.kind === "view" ||
    alwaysFalse(change.where) ||
    (does(e.context.postgres, "nullTestsFolded") && isNullOfRequired(change.where, table))
  )
    return;
  const planned = targetCertainty(e.catalog, table, change, hidden);
  const certainty = planned === "sure" && answeredOnce(e, change.where) ? "rows" : planned;
  for (const each of target) if (each.kind !== "partitioned") e.scan(each.id, "query", reason, { certainty });
}

/** An EXISTS that does not look at the row is evaluated once; the table is read only where it holds. */
function answeredOnce(e: Builder, where: Expression | undefined): boolean {
  if (where?.kind === "and") return where.args.some((arg) => answeredOnce(e, arg));
  if (where?.kind === "not") return answeredOnce(e, where.arg);
  if (where?.kind !== "exists") return false;
  const { from, where: inner, combine, ctes } = where.query;
  const all = [...sources(from)];
  if (combine || ctes.length > 0 || all.some((source) => source.kind !== "table")) return false;
  const within = all.flatMap((source) =>
    source.kind === "table"
      ? [{ alias: source.alias ?? source.name.name, table: relationAt(e.catalog, e.id(source.name)) }]
      : [],
  );
  return [...expressions(inner)].every((part) => {
    if (part.kind === "exists" || part.kind === "subquery" || part.kind === "in") return false;
    return (
      part.kind !== "column" ||
      (part.table === undefined
        ? within.some(({ table }) => table?.columns.has(part.column))
        : within.some(({ alias }) => alias === part.table))
    );
  });
}

/** What the foreign keys of others do once a row goes: CASCADE and SET NULL change the child's rows, the others look for one. */
function deleteFrom(e: Builder, table: Relation, all: boolean, seen: ReadonlySet<string> = new Set()): void {
  for (const { table: child, constraint } of referencing(e.catalog, table.id)) {
    const changes =
      constraint.onDelete === "cascade" || constraint.onDelete === "set null" || constraint.onDelete === "set default";
    for (const each of withPartitions(e.catalog, child)) {
      e.lock(each.id, changes ? LOCKS.changeRows : LOCKS.lockRows, { partner: true, certainty: "rows" });
      if (each.kind !== "partitioned")
        e.scan(each.id, "foreignKey", "find the rows that point at it", {
          certainty: hasIndexOn(e, each, constraint.columns) ? "maybe" : "rows",
        });
    }
    if (!changes)
      e.fail({
        kind: "dependents",
        relation: table.id,
        columns: constraint.parentColumns ?? [],
        sqlstate: restricted(constraint.onDelete, e.context.postgres),
        certainty: all ? "rows" : "maybe",
        detail: `rows of ${child.name} point at it (${constraint.name})`,
        referencedBy: { relation: child.id, columns: constraint.columns, constraint: constraint.name },
      });
    if (constraint.onDelete !== "cascade") continue;
    e.loss({
      kind: "rows",
      relation: child.id,
      data: true,
      along: true,
      certainty: "rows",
      where: `its ${constraint.columns.join(", ")} is deleted in ${table.name}`,
    });
    if (!seen.has(child.id) && child.id !== table.id)
      deleteFrom(e, child, false, new Set([...seen, table.id, child.id]));
  }
}

/** An index that begins with the columns spares the search through the whole child. */
const hasIndexOn = (e: Builder, table: Relation, columns: readonly string[]): boolean =>
  indexesOf(e.catalog, table).some((index) =>
    index.columns.slice(0, columns.length).every((name) => name !== null && columns.includes(name)),
  );

const restricted = (action: string | undefined, postgres: number): string =>
  action === "restrict" && does(postgres, "restrictState") ? "23001" : "23503";

function insertRows(
  e: Builder,
  table: Relation,
  change: Extract<Change, { kind: "insertRows" }>,
  /** Its columns are those of the table, not of a view; and nothing around it has names. */
  own: boolean,
): void {
  const columns = change.columns.length > 0 ? change.columns : [...table.columns.keys()];
  for (const key of foreignKeys(table)) {
    if (!key.parent) continue;
    const positions = key.columns.map((column) => columns.indexOf(column));
    if (positions.includes(-1)) continue;
    // A row of VALUES with a key in it is checked for certain; of a SELECT only if it returns one.
    const checked =
      change.onConflict === undefined &&
      (change.query?.values ?? []).some((row) =>
        positions.every((i) => row[i] !== undefined && !isNullOrDefault(row[i])),
      );
    e.lock(key.parent, LOCKS.lockRows, { partner: true, certainty: checked ? "sure" : "rows" });
  }
  if (own) insertFailures(e, table, change);
  copiedKeys(e, table, change);
}

const isNullOrDefault = (value: Expression | undefined) =>
  (value?.kind === "literal" && value.value === null) || (value?.kind === "call" && value.name === "default");

export function select(e: Builder, operation: OperationOf<"select">): void {
  readTables(e, operation.query);
  const { ctes } = operation.query;
  for (const [at, cte] of ctes.entries())
    if (cte.change) changeRows(e, cte.change, withNames(new Set(), visibleCtes(ctes, at)));
}

export function copy(e: Builder, operation: OperationOf<"copy">): void {
  if (operation.query) readTables(e, operation.query);
  if (!operation.table) return;
  const id = e.id(operation.table);
  e.lock(id, operation.direction === "from" ? LOCKS.changeRows : LOCKS.readRows);
  if (operation.direction === "to") e.scan(id, "query", "copy it out");
}
