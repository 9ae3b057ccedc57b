import type { AnyRule } from "../src/index.ts";
import constraintNeverValidated from "./constraint-never-validated.ts";
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
import enumValueRemoved from "./enum-value-removed.ts";
import missingDownMigration from "./missing-down-migration.ts";
import narrowingTypeChange from "./narrowing-type-change.ts";
import notNullOverExistingRows from "./not-null-over-existing-rows.ts";
import opaqueStatement from "./opaque-statement.ts";
import orphanCleanupBeforeForeignKey from "./orphan-cleanup-before-foreign-key.ts";
import orphanCleanupIneffective from "./orphan-cleanup-ineffective.ts";
import orphanCleanupTooBroad from "./orphan-cleanup-too-broad.ts";
import renameAsDropAndAdd from "./rename-as-drop-and-add.ts";
import requiredColumnWithoutDefault from "./required-column-without-default.ts";
import syntaxError from "./syntax-error.ts";
import truncate from "./truncate.ts";
import uniqueOverExistingRows from "./unique-over-existing-rows.ts";
import unusedSuppression from "./unused-suppression.ts";
import updateWithoutWhere from "./update-without-where.ts";

/** Every rule, sorted by id. */
export const rules: readonly AnyRule[] = [
  constraintNeverValidated,
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
  enumValueRemoved,
  missingDownMigration,
  narrowingTypeChange,
  notNullOverExistingRows,
  opaqueStatement,
  orphanCleanupBeforeForeignKey,
  orphanCleanupIneffective,
  orphanCleanupTooBroad,
  renameAsDropAndAdd,
  requiredColumnWithoutDefault,
  syntaxError,
  truncate,
  uniqueOverExistingRows,
  unusedSuppression,
  updateWithoutWhere,
];
