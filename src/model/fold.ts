import { apply } from "./apply/index.ts";
import type { Birth, Catalog } from "./catalog.ts";
import { copyCatalog, emptyCatalog } from "./apply/catalog.ts";
import { endTransaction } from "./apply/session.ts";
import { type Crashed, guarded } from "./crash.ts";
import type { MigrationView } from "./step.ts";
import { isIdle, transactions } from "./transactions.ts";

/**
 * The schema after deployed migrations: what a walk over them would leave, without their effects. With `from`, which stays as it is,
 * they come on top of that schema.
 */
export function fold(migrations: readonly MigrationView[], from?: Catalog, crashed?: Crashed): Catalog {
  const catalog = from ? copyCatalog(from) : emptyCatalog();
  for (const migration of migrations) {
    catalog.deployment++;
    const members = transactions(migration.statements, migration.execution);
    for (const statement of migration.statements) {
      const birth: Birth = { deployment: catalog.deployment, migration: migration.id, statement: statement.index };
      guarded(crashed, catalog, migration, statement, () => {
        for (const operation of statement.operations)
          if (!isIdle(operation, members[statement.index])) apply(catalog, operation, birth);
      });
    }
    endTransaction(catalog);
  }
  return catalog;
}
