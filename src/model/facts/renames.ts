import type { OperationOf } from "../../sql/operation/index.ts";
import type { Statement } from "../../sql/statement.ts";
import { type Catalog, type Column, columnOf, indexAt, isNew, relationAt, resolve } from "../catalog.ts";
import type { RelationId } from "../effects.ts";
import { type Around, type ColumnPair, type TablePair, renamedColumn, renamedTable } from "../renames.ts";
import { printed } from "../sql.ts";
import type { WalkPlace } from "../step.ts";

/** What else the same migration does. */
export function inMigration({ before, after, migration }: WalkPlace): Around {
  return {
    before: before.filter((step) => step.migration === migration),
    after: after().filter((step) => step.migration === migration),
  };
}

/** A drop of a deployed table or column that may be a rename, with the other half of it. */
export type Rename<Pair> = Pair & {
  readonly relation: RelationId;
  /** A RENAME in the place of both halves, which are in one statement, leaves nothing else as it was that they would change. */
  readonly whole: boolean;
};

export function columnRename(
  operation: OperationOf<"dropColumn">,
  statement: Statement,
  place: WalkPlace,
): Rename<ColumnPair> | undefined {
  const { catalog } = place;
  const relation = resolve(catalog, operation.table);
  const old = columnOf(catalog, relation, operation.column);
  if (!place.deployed(relation) || isNew(catalog, old)) return undefined;
  const pair = renamedColumn(catalog, operation, inMigration(place));
  if (!pair) return undefined;
  const whole =
    isSame(old, pair.column) &&
    !isIndexed(catalog, relation, operation.column) &&
    !operation.body &&
    pair.step.statement === statement &&
    pair.step.operation.kind === "addColumn" &&
    !statement.comments.some((comment) => comment.range.start > statement.range.start);
  return { ...pair, relation, whole };
}

export function tableRename(operation: OperationOf<"dropTable">, place: WalkPlace): Rename<TablePair> | undefined {
  const relation = resolve(place.catalog, operation.table);
  const pair = place.deployed(relation) ? renamedTable(place.catalog, operation, inMigration(place)) : undefined;
  return pair && { ...pair, relation, whole: false };
}

/** Anything else that differs would be left as it was: that needs a decision. */
function isSame(
  old: Column | undefined,
  { type, notNull, default: value, constraints }: ColumnPair["column"],
): boolean {
  const text = (of: Column["default"]): string => (of ? printed(of) : "");
  return (
    old?.type !== undefined &&
    JSON.stringify(old.type) === JSON.stringify(type) &&
    old.notNull === notNull &&
    text(old.default) === text(value) &&
    constraints.length === 0
  );
}

function isIndexed(catalog: Catalog, relation: RelationId, column: string): boolean {
  const table = relationAt(catalog, relation);
  return (
    [...(table?.indexes ?? [])].some((id) => indexAt(catalog, id)?.columns.includes(column)) ||
    [...(table?.constraints.values() ?? [])].some(({ columns }) => columns.includes(column))
  );
}
