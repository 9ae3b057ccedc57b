import type { AnyRule } from "../src/index.ts";
import branchDivergence from "./divergence/branch-divergence.ts";
import changeViolatesConstraint from "./integrity/change-violates-constraint.ts";
import checkOverExistingRows from "./integrity/check-over-existing-rows.ts";
import concurrentlyInTransaction from "./transactions/concurrently-in-transaction.ts";
import concurrentlyUnderLockTimeout from "./transactions/concurrently-under-lock-timeout.ts";
import constraintNeverValidated from "./integrity/constraint-never-validated.ts";
import constraintScanBlocksReads from "./locking/constraint-scan-blocks-reads.ts";
import contradictsHistory from "./history/contradicts-history.ts";
import deleteRestricted from "./integrity/delete-restricted.ts";
import deleteWithoutWhere from "./destructive/delete-without-where.ts";
import downMigrationDoesNotRestore from "./reversibility/down-migration-does-not-restore.ts";
import downMigrationLosesData from "./reversibility/down-migration-loses-data.ts";
import dropCascade from "./destructive/drop-cascade.ts";
import dropColumn from "./destructive/drop-column.ts";
import dropConstraint from "./destructive/drop-constraint.ts";
import dropDatabase from "./destructive/drop-database.ts";
import dropHandWrittenObject from "./destructive/drop-hand-written-object.ts";
import dropPrimaryKey from "./destructive/drop-primary-key.ts";
import dropSchema from "./destructive/drop-schema.ts";
import dropTable from "./destructive/drop-table.ts";
import duplicateIndex from "./history/duplicate-index.ts";
import duplicateMigration from "./divergence/duplicate-migration.ts";
import editedAppliedMigration from "./divergence/edited-applied-migration.ts";
import enumCastOverExistingRows from "./integrity/enum-cast-over-existing-rows.ts";
import enumValueRemoved from "./destructive/enum-value-removed.ts";
import enumValueUsedInSameTransaction from "./transactions/enum-value-used-in-same-transaction.ts";
import exclusionOverExistingRows from "./integrity/exclusion-over-existing-rows.ts";
import failsInRehearsal from "./integrity/fails-in-rehearsal.ts";
import foreignKeyScanBlocksWrites from "./locking/foreign-key-scan-blocks-writes.ts";
import foreignKeyTypeMismatch from "./history/foreign-key-type-mismatch.ts";
import foreignKeyWithoutIndex from "./history/foreign-key-without-index.ts";
import grantToPublic from "./security/grant-to-public.ts";
import idempotentHidesDifference from "./history/idempotent-hides-difference.ts";
import identifierTruncated from "./history/identifier-truncated.ts";
import indexBuildBlocksWrites from "./locking/index-build-blocks-writes.ts";
import indexDropBlocksReads from "./locking/index-drop-blocks-reads.ts";
import invalidIndexLeftover from "./transactions/invalid-index-leftover.ts";
import lateMigration from "./divergence/late-migration.ts";
import locksPartnerTable from "./locking/locks-partner-table.ts";
import lostInRehearsal from "./destructive/lost-in-rehearsal.ts";
import lostWithColumn from "./destructive/lost-with-column.ts";
import maintenanceBlocksReads from "./locking/maintenance-blocks-reads.ts";
import missingDownMigration from "./reversibility/missing-down-migration.ts";
import missingForwardPort from "./divergence/missing-forward-port.ts";
import missingLockTimeout from "./locking/missing-lock-timeout.ts";
import moveSchema from "./compatibility/move-schema.ts";
import narrowingTypeChange from "./integrity/narrowing-type-change.ts";
import nestedTransaction from "./transactions/nested-transaction.ts";
import notNullDropped from "./compatibility/not-null-dropped.ts";
import notNullOverExistingRows from "./integrity/not-null-over-existing-rows.ts";
import opaqueStatement from "./history/opaque-statement.ts";
import orphanCleanupBeforeForeignKey from "./integrity/orphan-cleanup-before-foreign-key.ts";
import orphanCleanupIneffective from "./integrity/orphan-cleanup-ineffective.ts";
import orphanCleanupTooBroad from "./integrity/orphan-cleanup-too-broad.ts";
import partitionAttachDetach from "./locking/partition-attach-detach.ts";
import partitionBoundOverExistingRows from "./integrity/partition-bound-over-existing-rows.ts";
import policyLetsEverythingThrough from "./security/policy-lets-everything-through.ts";
import refusedByPostgres from "./history/refused-by-postgres.ts";
import reindexBlocks from "./locking/reindex-blocks.ts";
import renameAsDropAndAdd from "./destructive/rename-as-drop-and-add.ts";
import renameColumn from "./compatibility/rename-column.ts";
import renameEnumValue from "./compatibility/rename-enum-value.ts";
import renameTable from "./compatibility/rename-table.ts";
import requiredColumnNotWritten from "./compatibility/required-column-not-written.ts";
import requiredColumnWithoutDefault from "./integrity/required-column-without-default.ts";
import rowSecurityOff from "./security/row-security-off.ts";
import rowSecurityWithoutPolicy from "./security/row-security-without-policy.ts";
import securityDefinerWithoutSearchPath from "./security/security-definer-without-search-path.ts";
import sessionSettingLeaks from "./transactions/session-setting-leaks.ts";
import setLocalOutsideTransaction from "./transactions/set-local-outside-transaction.ts";
import staleWarning from "./history/stale-warning.ts";
import swallowedFailure from "./transactions/swallowed-failure.ts";
import syntaxError from "./history/syntax-error.ts";
import tableRewrite from "./locking/table-rewrite.ts";
import tableWithoutPrimaryKey from "./history/table-without-primary-key.ts";
import truncate from "./destructive/truncate.ts";
import unclosedTransaction from "./transactions/unclosed-transaction.ts";
import uniqueOverExistingRows from "./integrity/unique-over-existing-rows.ts";
import unusedSuppression from "./history/unused-suppression.ts";
import updateWithoutWhere from "./destructive/update-without-where.ts";
import validateInSameTransaction from "./transactions/validate-in-same-transaction.ts";
import workAfterExclusiveLock from "./locking/work-after-exclusive-lock.ts";

/** Every rule, sorted by id. */
export const rules: readonly AnyRule[] = [
  branchDivergence,
  changeViolatesConstraint,
  checkOverExistingRows,
  concurrentlyInTransaction,
  concurrentlyUnderLockTimeout,
  constraintNeverValidated,
  constraintScanBlocksReads,
  contradictsHistory,
  deleteRestricted,
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
  duplicateIndex,
  duplicateMigration,
  editedAppliedMigration,
  enumCastOverExistingRows,
  enumValueRemoved,
  enumValueUsedInSameTransaction,
  exclusionOverExistingRows,
  failsInRehearsal,
  foreignKeyScanBlocksWrites,
  foreignKeyTypeMismatch,
  foreignKeyWithoutIndex,
  grantToPublic,
  idempotentHidesDifference,
  identifierTruncated,
  indexBuildBlocksWrites,
  indexDropBlocksReads,
  invalidIndexLeftover,
  lateMigration,
  locksPartnerTable,
  lostInRehearsal,
  lostWithColumn,
  maintenanceBlocksReads,
  missingDownMigration,
  missingForwardPort,
  missingLockTimeout,
  moveSchema,
  narrowingTypeChange,
  nestedTransaction,
  notNullDropped,
  notNullOverExistingRows,
  opaqueStatement,
  orphanCleanupBeforeForeignKey,
  orphanCleanupIneffective,
  orphanCleanupTooBroad,
  partitionAttachDetach,
  partitionBoundOverExistingRows,
  policyLetsEverythingThrough,
  refusedByPostgres,
  reindexBlocks,
  renameAsDropAndAdd,
  renameColumn,
  renameEnumValue,
  renameTable,
  requiredColumnNotWritten,
  requiredColumnWithoutDefault,
  rowSecurityOff,
  rowSecurityWithoutPolicy,
  securityDefinerWithoutSearchPath,
  sessionSettingLeaks,
  setLocalOutsideTransaction,
  staleWarning,
  swallowedFailure,
  syntaxError,
  tableRewrite,
  tableWithoutPrimaryKey,
  truncate,
  unclosedTransaction,
  uniqueOverExistingRows,
  unusedSuppression,
  updateWithoutWhere,
  validateInSameTransaction,
  workAfterExclusiveLock,
];
