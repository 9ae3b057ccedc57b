import { compareFolders } from "../../source/layout.ts";
import type { CommutingMigration } from "../order/commutation.ts";
import { commute, extendSchema } from "../order/index.ts";
import type { Statement } from "../../sql/statement.ts";
import type { Catalog } from "../catalog.ts";
import { type MutableCatalog, copyCatalog, emptyCatalog } from "../apply/catalog.ts";
import type { DivergenceFact, DivergingMigration, ReadStatements, Side } from "./facts.ts";

/**
 * Migrations of one side that sort before migrations of the other, in the order of all: each is judged in the schema that those
 * before it make, so that all swaps together lead from a fresh database's order to that of a database that had the others first.
 * What was renamed or deleted (`moved`, by their ids) is not late, whatever its name sorts before.
 */
export function lateMigrations(
  ours: readonly DivergingMigration[],
  theirs: readonly DivergingMigration[],
  moved: ReadonlySet<string>,
  read: ReadStatements,
): Extract<DivergenceFact, { kind: "late" }>[] {
  const commuting = (migration: DivergingMigration): CommutingMigration => ({
    id: migration.id,
    file: migration.file,
    statements: read(migration.file),
  });
  const [ourIds, theirIds] = [new Set(ours.map(({ id }) => id)), new Set(theirs.map(({ id }) => id))];
  const all = [...theirs, ...ours.filter(({ id }) => !theirIds.has(id))].sort((a, b) => compareFolders(a.id, b.id));
  const found: Extract<DivergenceFact, { kind: "late" }>[] = [];
  // Before the first that could be late nothing is compared, so that equal histories cost nothing.
  const first = all.findIndex(({ id }) => !ourIds.has(id) || !theirIds.has(id));
  if (first < 0) return found;
  const catalog = schemaBefore(all.slice(0, first).map(commuting), read);
  for (const [at, migration] of all.entries()) {
    if (at < first) continue;
    const side: Side | undefined = moved.has(migration.id)
      ? undefined
      : !theirIds.has(migration.id)
        ? "ours"
        : !ourIds.has(migration.id)
          ? "theirs"
          : undefined;
    if (side !== undefined) {
      const others = side === "ours" ? theirIds : ourIds;
      const behind = all.slice(at + 1).filter(({ id }) => others.has(id) && !moved.has(id));
      if (behind.length > 0)
        found.push({
          kind: "late",
          side,
          migration,
          behind,
          order: commute(catalog, [commuting(migration)], behind.map(commuting)),
        });
      else if (!all.slice(at + 1).some(({ id }) => ourIds.has(id) !== theirIds.has(id))) break;
    }
    extendSchema(catalog, [commuting(migration)]);
  }
  return found;
}

interface Known {
  readonly migrations: readonly (readonly Statement[])[];
  readonly catalog: Catalog;
}

/** Schemas of histories that pairs of branches begin with, for the texts that one reader has read. */
const KNOWN = new WeakMap<ReadStatements, Known[]>();
const KEPT = 6;

/** The schema after these migrations, as a copy; from the longest part of them whose schema is known. */
function schemaBefore(migrations: readonly CommutingMigration[], read: ReadStatements): MutableCatalog {
  const kept = KNOWN.get(read) ?? [];
  KNOWN.set(read, kept);
  const start = kept
    .filter(
      (each) =>
        each.migrations.length <= migrations.length &&
        each.migrations.every((statements, at) => migrations[at]?.statements === statements),
    )
    .sort((a, b) => b.migrations.length - a.migrations.length)[0];
  if (start?.migrations.length === migrations.length) return copyCatalog(start.catalog);
  const catalog = start ? copyCatalog(start.catalog) : emptyCatalog();
  extendSchema(catalog, migrations.slice(start?.migrations.length ?? 0));
  kept.unshift({ migrations: migrations.map(({ statements }) => statements), catalog: copyCatalog(catalog) });
  kept.splice(KEPT);
  return catalog;
}
