import { type Catalog, type Relation, resolve } from "./catalog.ts";
import { viewsOn } from "./relatives.ts";
import { readsColumn } from "./rewriting.ts";

/** Views that read this column, by its name or by `*`. */
export function viewsUsing(catalog: Catalog, table: Relation, column: string): Relation[] {
  return viewsOn(catalog, table.id).filter(
    (view) =>
      view.query !== undefined &&
      view.uses.has(table.id) &&
      readsColumn(view.query, (name) => resolve(catalog, name) === table.id, column),
  );
}
