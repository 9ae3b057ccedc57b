/** What our own rules use besides the public interface. It may change with any version: a stranger's rule imports `lockstep`. */
export { constraintFixes } from "./engine/constraint-fixes.ts";
export { divergenceReports } from "./engine/divergence.ts";
export {
  afterWord,
  keywordsAt,
  concurrently,
  insertBefore,
  notValid,
  withoutActions,
} from "./engine/edits.ts";
export { timeoutAround } from "./engine/lock-timeout-fixes.ts";
export { orphanFixes } from "./engine/orphan-fixes.ts";
export { asked, counted } from "./engine/queries.ts";
export type { CatalogDifference } from "./model/observation.ts";
export type { RehearsedDown } from "./evidence/rehearsal.ts";
export { unended } from "./advice/programs/command.ts";
export { prisma } from "./advice/programs/prisma.ts";
export { changes } from "./advice/sql/changes.ts";
export { rows } from "./advice/sql/rows.ts";
export { primaryKey } from "./model/relatives.ts";
export { columnOf, constraintOf, createdAs, indexAt, isNew, relationAt, resolveType, typeOf } from "./model/catalog.ts";
export { constraint as constraintPresence, isPartial } from "./model/presence.ts";
export type { Difference } from "./model/differences.ts";
export { contradiction } from "./model/contradictions/index.ts";
export {
  copyOfRows,
  dropOf,
  dropOfColumn,
  follow,
  isReplacedByView,
  replacedTable,
  staysUnique,
} from "./model/deployment.ts";
export { cascadeOf } from "./model/facts/cascade.ts";
export { constraintScans } from "./model/facts/constraint-scans.ts";
export { enumCast } from "./model/facts/enum-cast.ts";
export { lostColumns } from "./model/facts/lost-columns.ts";
export { cleanupFlawInWords, cleanupFlaws } from "./model/facts/orphan-cleanups.ts";
export { needsWayBack } from "./model/facts/way-back.ts";
export { heldWork } from "./model/facts/held-work.ts";
export { lostWithColumn } from "./model/facts/lost-with-column.ts";
export { leftSettings } from "./model/facts/left-settings.ts";
export { narrowKeys, unindexedKeys } from "./model/facts/new-keys.ts";
export { duplicateOf } from "./model/facts/duplicate-index.ts";
export { staleWarnings } from "./model/facts/stale-warnings.ts";
export { hiddenDifference } from "./model/facts/hidden-differences.ts";
export { timeoutInForce } from "./model/facts/connection-timeout.ts";
export { mayFollow, timeoutSpans, unboundedWaits } from "./model/facts/lock-timeout.ts";
export { maintenance } from "./model/facts/maintenance.ts";
export { partitionLocks } from "./model/facts/partitions.ts";
export { partnerLocks } from "./model/facts/partner-locks.ts";
export { keyScans } from "./model/facts/key-scans.ts";
export { columnRename, inMigration, tableRename } from "./model/facts/renames.ts";
export { rewritesBy } from "./model/facts/rewrites.ts";
export { lostGuard } from "./model/facts/guards.ts";
export { handWrittenDrop } from "./model/facts/hand-written.ts";
export { MESSAGES as DIVERGENCE } from "./model/divergence/judgement/messages.ts";
export type { TooBroad } from "./model/effects.ts";
export { blockedBy } from "./model/postgres/locks.ts";
export { NO_EQUALITY } from "./model/postgres/type-names.ts";
export { sqlMode } from "./sql/lock-modes.ts";
export { ACTIVE_SQL_TRANSACTION, refusedInTransaction } from "./model/postgres/transaction-block.ts";
export { recreatedTable, renamedTable } from "./model/renames.ts";
export { typeSql } from "./model/sql.ts";
export { control, surelySplit, unsplittable } from "./model/transactions.ts";
export type { ColumnDefinition } from "./sql/operation/tables.ts";
export { DOUBTS, doubtOf } from "./model/facts/doubts.ts";
