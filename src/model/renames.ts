import { lookup } from "../words.ts";
import type { TypeName } from "../sql/expression.ts";
import type { ColumnDefinition } from "../sql/operation/tables.ts";
import type { OperationOf } from "../sql/operation/index.ts";
import {
  type Catalog,
  type Column,
  type Relation,
  columnOf,
  createdAs,
  relationAt,
  resolve,
  resolveType,
} from "./catalog.ts";
import { copyOfColumn, copyOfRows } from "./deployment.ts";
import type { NextStep, Step } from "./step.ts";
import { isWhole } from "./presence.ts";

/**
 * Prisma does not know renames: a renamed field is written as DROP COLUMN and ADD COLUMN, a renamed model as DROP
 * TABLE and CREATE TABLE (https://www.prisma.io/docs/orm/prisma-migrate/workflows/customizing-migrations). Here
 * such a pair is recognized, from what both sides look like.
 */

/** Everything of the same migration around an operation. */
export interface Around {
  readonly before: readonly Step[];
  readonly after: readonly NextStep[];
}

export interface ColumnPair {
  readonly column: ColumnDefinition;
  /** The other half. */
  readonly step: NextStep;
}

/**
 * The column that `operation` may really be renamed to. Of like type, added to the same table in the same
 * migration, and the one that fits: by its name, or because there is no other. Undefined where the values were
 * copied first, since then somebody knew.
 */
export function renamedColumn(
  catalog: Catalog,
  operation: OperationOf<"dropColumn">,
  around: Around,
): ColumnPair | undefined {
  const id = resolve(catalog, operation.table);
  const all = [...around.before, ...around.after];
  const dropped = [operation.column];
  const added: { column: ColumnDefinition; step: NextStep }[] = [];
  for (const step of all) {
    if (step.operation.kind === "dropColumn" && resolve(catalog, step.operation.table) === id)
      dropped.push(step.operation.column);
    else if (step.operation.kind === "addColumn" && resolve(catalog, step.operation.table) === id)
      added.push({ column: step.operation.column, step });
  }
  const old = columnOf(catalog, id, operation.column);
  const from = parentOf(catalog, all, id, operation.column);
  const like = added.filter(
    ({ column }) =>
      !dropped.includes(column.name) &&
      isLike(catalog, old, column) &&
      samePointer(catalog, all, from, parentOf(catalog, all, id, column.name)),
  );
  const [best] = [...like].sort(
    (a, b) => likeness(operation.column, b.column.name) - likeness(operation.column, a.column.name),
  );
  if (!best || copyOfColumn(catalog, around.before, id, operation.column)) return undefined;
  const score = likeness(operation.column, best.column.name);
  const others = dropped.filter(
    (name) => name !== operation.column && !added.some(({ column }) => column.name === name),
  );
  const only = like.length === 1 && others.length === 0;
  if (!only && (score < 0.6 || others.some((name) => likeness(name, best.column.name) > score))) return undefined;
  return best;
}

/** A column that the same migration adds under the name of the one that `operation` drops: what Prisma writes where it knows no cast. */
export function retypedColumn(
  catalog: Catalog,
  operation: OperationOf<"dropColumn">,
  around: Around,
): ColumnPair | undefined {
  const id = resolve(catalog, operation.table);
  for (const step of around.after) {
    const { operation: next } = step;
    if (next.kind === "addColumn" && next.column.name === operation.column && resolve(catalog, next.table) === id)
      return { column: next.column, step };
  }
  return undefined;
}

/** The table that a column's foreign key points at: one that exists, was released in this deployment, or is added by these steps. */
function parentOf(catalog: Catalog, steps: readonly NextStep[], id: string, column: string): string | undefined {
  const table = relationAt(catalog, id);
  const is = (constraint: { readonly type: string; readonly columns: readonly string[] }) =>
    constraint.type === "foreignKey" && constraint.columns.includes(column);
  const known =
    [...(table?.constraints.values() ?? [])].find(is) ??
    table?.released.find((constraint) => constraint.in === catalog.deployment && is(constraint));
  if (known) return known.parent;
  for (const { operation } of steps) {
    if (
      operation.kind === "addForeignKey" &&
      operation.constraint.columns.includes(column) &&
      resolve(catalog, operation.table) === id
    )
      return resolve(catalog, operation.constraint.parent);
  }
  return undefined;
}

/** A renamed key still points where it pointed, unless that table is exchanged in the same migration too. */
function samePointer(
  catalog: Catalog,
  steps: readonly NextStep[],
  from: string | undefined,
  to: string | undefined,
): boolean {
  if (from === to) return true;
  return (
    from !== undefined &&
    to !== undefined &&
    steps.some(({ operation }) => operation.kind === "dropTable" && resolve(catalog, operation.table) === from) &&
    steps.some(({ operation }) => operation.kind === "createTable" && createdAs(catalog, operation.table) === to)
  );
}

/** A computed or numbered column holds no renamed values. */
function isLike(catalog: Catalog, old: Column | undefined, added: ColumnDefinition): boolean {
  if (added.generated || added.identity || /serial$/.test(added.type.name) || old?.generated) return false;
  return old?.type === undefined || sameType(catalog, old.type, added.type);
}

const FAMILY: Readonly<Record<string, string>> = lookup({
  varchar: "text",
  bpchar: "text",
  int2: "int4",
  serial: "int4",
  smallserial: "int4",
  int8: "int4",
  bigserial: "int4",
  timestamptz: "timestamp",
  json: "jsonb",
});

/** The same type but for its width: a rename often comes with a longer varchar. */
function sameType(catalog: Catalog, one: TypeName, two: TypeName): boolean {
  if (one.array !== two.array) return false;
  const family = (type: TypeName) => FAMILY[type.name] ?? type.name;
  return (
    (family(one) === family(two) && one.schema === two.schema) ||
    resolveType(catalog, one) === resolveType(catalog, two)
  );
}

export interface TablePair {
  readonly name: string;
  readonly step: NextStep;
}

/** Columns that nearly every table has say nothing about likeness. */
const USUAL = new Set(["id", "createdat", "updatedat", "deletedat"]);
const plain = (name: string) => name.toLowerCase().replaceAll("_", "");

/** The table that the same migration creates with mostly the columns of the one that `operation` drops. */
export function renamedTable(
  catalog: Catalog,
  operation: OperationOf<"dropTable">,
  around: Around,
): TablePair | undefined {
  const id = resolve(catalog, operation.table);
  const old = relationAt(catalog, id);
  if (!isWhole(old) || copyOfRows(catalog, around.before, id)) return undefined;
  let best: { pair: TablePair; score: number } | undefined;
  for (const step of [...around.before, ...around.after]) {
    const { operation: made } = step;
    if (made.kind !== "createTable" || made.as || createdAs(catalog, made.table) === id) continue;
    const score = overlap(catalog, old, made.columns);
    if (score >= 0.6 && score > (best?.score ?? 0)) best = { pair: { name: made.table.name, step }, score };
  }
  return best?.pair;
}

/** A table that the same migration creates under the same name after the drop. */
export function recreatedTable(
  catalog: Catalog,
  operation: OperationOf<"dropTable">,
  around: Around,
): TablePair | undefined {
  const id = resolve(catalog, operation.table);
  const step = around.after.find(
    ({ operation: next }) => next.kind === "createTable" && createdAs(catalog, next.table) === id,
  );
  return step && { name: operation.table.name, step };
}

/** The share of columns that both sides have by name and type; 0 where only the usual ones are shared. */
function overlap(catalog: Catalog, old: Relation, made: readonly ColumnDefinition[]): number {
  const shared = made.filter((definition) => {
    const type = old.columns.get(definition.name)?.type;
    return type !== undefined && sameType(catalog, type, definition.type);
  });
  if (!shared.some((definition) => !USUAL.has(plain(definition.name)))) return 0;
  return shared.length / Math.max(old.columns.size, made.length);
}

/** How like two names are, from 0 to 1: one within the other, words in common, or pairs of letters in common. */
function likeness(one: string, two: string): number {
  const [a, b] = [plain(one), plain(two)];
  if (a === b) return 1;
  if (Math.min(a.length, b.length) >= 3 && (a.includes(b) || b.includes(a))) return 0.8;
  const [first, second] = [words(one), words(two)];
  const common = first.filter((word) => second.includes(word)).length / Math.max(first.length, second.length, 1);
  return Math.max(common, dice(pairs(a), pairs(b)));
}

/** Words that say what kind of column it is, not which. */
const KIND = new Set(["", "id", "at", "is", "on", "by", "url"]);
const words = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split("_")
    .filter((word) => !KIND.has(word));
const pairs = (text: string): string[] => [...text].slice(1).map((letter, i) => (text[i] ?? "") + letter);

function dice(one: readonly string[], two: readonly string[]): number {
  const left = [...two];
  let common = 0;
  for (const pair of one) {
    const at = left.indexOf(pair);
    if (at < 0) continue;
    left.splice(at, 1);
    common++;
  }
  return one.length + two.length === 0 ? 0 : (2 * common) / (one.length + two.length);
}
