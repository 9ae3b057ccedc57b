import type { PGlite } from "@electric-sql/pglite";
import type { Catalog } from "../../src/model/catalog.ts";
import { contradiction } from "../../src/model/contradictions/index.ts";
import { readMigration, walk } from "../../src/model/walk.ts";
import { postgresReader } from "../../src/sql/postgres/read.ts";

/** What the model and PostgreSQL make of the same statement, on what the statements before it have made. */
export interface Answer {
  readonly sql: string;
  /** SQLSTATEs that the model is sure of. */
  readonly said: readonly string[];
  /** The one of PostgreSQL; absent where it runs the statement. */
  readonly postgres?: string;
}

/** The statements one by one, each a deployment of its own; one that PostgreSQL refuses has changed nothing. */
export async function answers(db: PGlite, statements: readonly string[]): Promise<Answer[]> {
  const { rows } = await db.query<{ name: string }>(
    "SELECT quote_ident(nspname) AS name FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)'",
  );
  await db.exec(`RESET ALL; ${rows.map(({ name }) => `DROP SCHEMA ${name} CASCADE;`).join(" ")} CREATE SCHEMA public`);
  // From then on the history makes all that it names.
  const first = "CREATE TABLE first (id int)";
  await db.exec(first);
  let catalog = said(first, undefined).catalog;
  const found: Answer[] = [];
  for (const sql of statements) {
    const model = said(sql, catalog);
    const postgres = await db.exec(sql).then(
      () => undefined,
      (error: unknown) => (error as { readonly code: string }).code,
    );
    if (postgres === undefined) catalog = model.catalog;
    found.push({ sql, said: model.states, ...(postgres !== undefined && { postgres }) });
  }
  return found;
}

function said(
  text: string,
  from: Catalog | undefined,
): { readonly states: readonly string[]; readonly catalog: Catalog } {
  const view = readMigration(
    { id: "1", path: "1", up: { path: "1/migration.sql", text }, state: "pending" },
    postgresReader,
    "split",
  );
  if (!view) throw new Error(`not read: ${text}`);
  const states = new Set<string>();
  const catalog = walk(
    [view],
    { postgres: 17, execution: "split", deployments: "each" },
    {
      operation({ operation, effects }, place) {
        const contradicted = contradiction(place.catalog, operation);
        if (contradicted) states.add(contradicted.sqlstate);
        for (const { certainty, sqlstate } of effects.failures) if (certainty === "sure") states.add(sqlstate);
      },
    },
    from,
  );
  return { states: [...states], catalog };
}
