import { apply } from "./apply/index.ts";
import type { Catalog } from "./catalog.ts";
import { copyCatalog, emptyCatalog } from "./apply/catalog.ts";
import type { MigrationView } from "./step.ts";

/**
 * The schema after deployed migrations: what a walk over them would leave, without their effects. With `from`, which stays as it is,
 * they come on top of that schema.
 */
export function fold(migrations: readonly MigrationView[], from?: Catalog): Catalog {
  const catalog = from ? copyCatalog(from) : emptyCatalog();
  for (const { id, statements } of migrations) {
    catalog.deployment++;
    for (const statement of statements) {
      for (const operation of statement.operations)
        apply(catalog, operation, { deployment: catalog.deployment, migration: id, statement: statement.index });
    }
  }
  return catalog;
}
