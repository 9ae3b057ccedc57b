import { type Birth, type Catalog, type Relation, resolve } from "./catalog.ts";
import { viewsOn } from "./relatives.ts";
import { readsColumn } from "./rewriting.ts";

/** What `*` stands for is settled when a view is made: a column that came later is not in it. */
const isYounger = (column: Birth | undefined, view: Birth | undefined): boolean =>
  column !== undefined &&
  view !== undefined &&
  (column.deployment > view.deployment ||
    (column.deployment === view.deployment &&
      column.migration === view.migration &&
      column.statement > view.statement));

/** Views that read this column, by its name or by `*`. */
export function viewsUsing(catalog: Catalog, table: Relation, column: string): Relation[] {
  return viewsOn(catalog, table.id).filter(
    (view) =>
      view.query !== undefined &&
      view.uses.has(table.id) &&
      !isYounger(table.columns.get(column)?.birth, view.replaced ?? view.birth) &&
      readsColumn(view.query, (name) => resolve(catalog, name) === table.id, column),
  );
}
