import type { Change, Expression } from "../../sql/expression.ts";
import type { Column, Relation } from "../catalog.ts";
import { isWhole } from "../presence.ts";
import { momentOf } from "../preparation/moment.ts";
import { heldBy, nullSource } from "../preparation/nullness.ts";
import { scopeOf } from "../preparation/scope.ts";
import { sources } from "../queries.ts";
import type { Builder } from "./builder.ts";

/** NULLs that a statement writes into required columns, and keys that it gives twice. */

type Update = Extract<Change, { kind: "updateRows" }>;
type Insert = Extract<Change, { kind: "insertRows" }>;
type Assignments = Update["set"];

const isNull = (value: Expression): boolean => value.kind === "literal" && value.value === null;
const isDefault = (value: Expression): boolean => value.kind === "call" && value.name === "default";

/** A column that no row may leave NULL, and no trigger fills: one BEFORE the row may do so. */
const isRequired = (table: Relation, column: Column): boolean => column.notNull === true && table.triggers.size === 0;

/** A value comes by itself: a default, a sequence, a computation, a domain that may have one. */
function comes({ catalog }: Builder, table: Relation, column: Column): boolean {
  const { default: value, identity, generated, type } = column;
  if (value) return !isNull(value);
  // A serial column of another type has its sequence still.
  for (const { ownedBy } of catalog.relations.values())
    if (ownedBy?.table === table.id && ownedBy.column === column.name) return true;
  return (
    identity ||
    generated !== undefined ||
    type === undefined ||
    /serial$/.test(type.name) ||
    [...catalog.types.values()].some((each) => each.kind === "domain" && each.name === type.name)
  );
}

function nullWritten(e: Builder, table: Relation, column: string, certainty: "rows" | "sure"): void {
  e.fail({ kind: "nulls", relation: table.id, columns: [column], sqlstate: "23502", certainty });
}

/** UPDATE … SET a required column to what is or may be NULL. */
export function updateNulls(e: Builder, table: Relation, change: Update): void {
  if (table.kind === "view") return;
  const scope = scopeOf(momentOf({ catalog: e.catalog, before: [] }, undefined), change.ctes, change.from, {
    relation: table.id,
    alias: change.alias ?? change.table.name,
  });
  const held = new Set(heldBy(change.where));
  for (const { column: name, value } of change.set) {
    const column = table.columns.get(name);
    if (!column || !isRequired(table, column)) continue;
    if (isDefault(value) ? !comes(e, table, column) : isOpen(value) && nullSource(scope, value, held) !== undefined)
      nullWritten(e, table, name, "rows");
  }
}

/** Whether a subquery or a join finds a row is not known from the text; what else can be NULL is. */
function isOpen(value: Expression): boolean {
  switch (value.kind) {
    case "subquery":
      return false;
    case "cast":
    case "not":
      return isOpen(value.arg);
    case "call":
    case "operator":
    case "other":
      return value.args.every(isOpen);
    case "case":
      return (
        value.branches.every(({ then }) => isOpen(then)) &&
        (value.otherwise === undefined ? false : isOpen(value.otherwise))
      );
    default:
      return true;
  }
}

/** INSERT that leaves a required column out, or gives it NULL. ON CONFLICT does not help: NULL is refused before. */
export function insertNulls(e: Builder, table: Relation, change: Insert): void {
  // A partition may have what its parent has, a view columns of other names.
  if (!isWhole(table) || table.kind === "view" || table.parents.size > 0 || e.id(change.table) !== table.id) return;
  const { values } = change.query ?? {};
  const columns = change.columns.length > 0 ? change.columns : change.query ? [...table.columns.keys()] : [];
  // What a SELECT returns no rows of is not refused.
  const certainty = values || !change.query ? "sure" : "rows";
  for (const column of table.columns.values()) {
    if (!isRequired(table, column)) continue;
    const at = columns.indexOf(column.name);
    const given = values ? values.map((row) => row[at]) : [change.query?.targets[at]?.value];
    const left = (value: Expression | undefined): boolean =>
      value === undefined
        ? at < 0 && !comes(e, table, column)
        : isDefault(value)
          ? !comes(e, table, column)
          : isNull(value);
    // SELECT * and UNION have targets that are not listed.
    if (at >= 0 && !values && given[0] === undefined) continue;
    if (given.some(left)) nullWritten(e, table, column.name, certainty);
  }
}

/** Two rows of VALUES with the same key; ON CONFLICT DO NOTHING skips the second one, DO UPDATE changes no row twice. */
export function isGivenTwice(change: Insert, columns: readonly string[], key: readonly string[]): boolean {
  const { values } = change.query ?? {};
  const named = change.conflict?.columns;
  if (!values || change.onConflict === "nothing") return false;
  if (change.onConflict && !(named?.length === key.length && key.every((name) => named.includes(name)))) return false;
  const places = key.map((name) => columns.indexOf(name));
  const keys = values.flatMap((row) => {
    const parts = places.map((at) => {
      const value = row[at];
      return value?.kind === "literal" && value.value !== null ? [typeof value.value, value.value] : undefined;
    });
    return parts.includes(undefined) ? [] : [JSON.stringify(parts)];
  });
  return new Set(keys).size < keys.length;
}

/** INSERT … SELECT of a key's own columns from the table itself: each row is there already. */
export function isCopiedFromItself(
  e: Builder,
  table: Relation,
  change: Insert,
  columns: readonly string[],
  key: readonly string[],
): boolean {
  const { query } = change;
  const [from, ...more] = query ? [...sources(query.from)] : [];
  if (!query || change.onConflict !== undefined || query.combine || more.length > 0 || from?.kind !== "table")
    return false;
  return (
    e.id(from.name) === table.id &&
    key.every((name) => {
      const value = query.targets[columns.indexOf(name)]?.value;
      return value?.kind === "column" && value.column === name;
    })
  );
}

/** What each row gets, as far as it is the same for all rows that are written. */
export const constantsOf = (set: Assignments): ReadonlyMap<string, string | number | boolean | null> =>
  new Map(set.flatMap(({ column, value }) => (value.kind === "literal" ? [[column, value.value] as const] : [])));
