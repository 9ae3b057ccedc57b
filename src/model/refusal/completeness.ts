import type { Catalog } from "../catalog.ts";

/**
 * Whether the history makes everything that its statements name, so that what it does not make is not there: it has made tables in
 * deployments before this one, and no statement has named one in `schema` that it did not make. Prisma replays the history into an empty
 * database for each `migrate dev`: what it needs from elsewhere it would miss there too.
 */
export function isComplete(catalog: Catalog, schema = "public"): boolean {
  if (catalog.tainted) return false;
  let made = false;
  for (const relation of catalog.relations.values()) {
    if (relation.schema !== schema) continue;
    if (relation.namedIn !== undefined && relation.namedIn < catalog.deployment) return false;
    if (relation.birth && relation.birth.deployment < catalog.deployment) made = true;
  }
  return made;
}
