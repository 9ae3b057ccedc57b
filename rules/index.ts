import type { AnyRule } from "../src/index.ts";
import branchDivergence from "./branch-divergence.ts";
import concurrentlyInTransaction from "./concurrently-in-transaction.ts";
import constraintNeverValidated from "./constraint-never-validated.ts";
import constraintScanBlocksReads from "./constraint-scan-blocks-reads.ts";
import contradictsHistory from "./contradicts-history.ts";
import deleteWithoutWhere from "./delete-without-where.ts";
import downMigrationDoesNotRestore from "./down-migration-does-not-restore.ts";
import downMigrationLosesData from "./down-migration-loses-data.ts";
import dropCascade from "./drop-cascade.ts";
import dropColumn from "./drop-column.ts";
import dropConstraint from "./drop-constraint.ts";
import dropDatabase from "./drop-database.ts";
import dropHandWrittenObject from "./drop-hand-written-object.ts";
import dropPrimaryKey from "./drop-primary-key.ts";
import dropSchema from "./drop-schema.ts";
import dropTable from "./drop-table.ts";
import duplicateMigration from "./duplicate-migration.ts";
import editedAppliedMigration from "./edited-applied-migration.ts";
import enumValueRemoved from "./enum-value-removed.ts";
import failsInRehearsal from "./fails-in-rehearsal.ts";
import foreignKeyScanBlocksWrites from "./foreign-key-scan-blocks-writes.ts";
import indexBuildBlocksWrites from "./index-build-blocks-writes.ts";
import indexDropBlocksReads from "./index-drop-blocks-reads.ts";
import lateMigration from "./late-migration.ts";
import locksPartnerTable from "./locks-partner-table.ts";
import maintenanceBlocksReads from "./maintenance-blocks-reads.ts";
import missingDownMigration from "./missing-down-migration.ts";
import missingForwardPort from "./missing-forward-port.ts";
import missingLockTimeout from "./missing-lock-timeout.ts";
import narrowingTypeChange from "./narrowing-type-change.ts";
import notNullOverExistingRows from "./not-null-over-existing-rows.ts";
import opaqueStatement from "./opaque-statement.ts";
import orphanCleanupBeforeForeignKey from "./orphan-cleanup-before-foreign-key.ts";
import orphanCleanupIneffective from "./orphan-cleanup-ineffective.ts";
import orphanCleanupTooBroad from "./orphan-cleanup-too-broad.ts";
import partitionAttachDetach from "./partition-attach-detach.ts";
import reindexBlocks from "./reindex-blocks.ts";
import renameAsDropAndAdd from "./rename-as-drop-and-add.ts";
import requiredColumnWithoutDefault from "./required-column-without-default.ts";
import syntaxError from "./syntax-error.ts";
import tableRewrite from "./table-rewrite.ts";
import truncate from "./truncate.ts";
import uniqueOverExistingRows from "./unique-over-existing-rows.ts";
import unusedSuppression from "./unused-suppression.ts";
import updateWithoutWhere from "./update-without-where.ts";
import workAfterExclusiveLock from "./work-after-exclusive-lock.ts";

/** Every rule, sorted by id. */
export const rules: readonly AnyRule[] = [
  branchDivergence,
  concurrentlyInTransaction,
  constraintNeverValidated,
  constraintScanBlocksReads,
  contradictsHistory,
  deleteWithoutWhere,
  downMigrationDoesNotRestore,
  downMigrationLosesData,
  dropCascade,
  dropColumn,
  dropConstraint,
  dropDatabase,
  dropHandWrittenObject,
  dropPrimaryKey,
  dropSchema,
  dropTable,
  duplicateMigration,
  editedAppliedMigration,
  enumValueRemoved,
  failsInRehearsal,
  foreignKeyScanBlocksWrites,
  indexBuildBlocksWrites,
  indexDropBlocksReads,
  lateMigration,
  locksPartnerTable,
  maintenanceBlocksReads,
  missingDownMigration,
  missingForwardPort,
  missingLockTimeout,
  narrowingTypeChange,
  notNullOverExistingRows,
  opaqueStatement,
  orphanCleanupBeforeForeignKey,
  orphanCleanupIneffective,
  orphanCleanupTooBroad,
  partitionAttachDetach,
  reindexBlocks,
  renameAsDropAndAdd,
  requiredColumnWithoutDefault,
  syntaxError,
  tableRewrite,
  truncate,
  uniqueOverExistingRows,
  unusedSuppression,
  updateWithoutWhere,
  workAfterExclusiveLock,
];
