import type { AnyRule } from "../src/index.ts";
import constraintNeverValidated from "./constraint-never-validated.ts";
import narrowingTypeChange from "./narrowing-type-change.ts";
import notNullOverExistingRows from "./not-null-over-existing-rows.ts";
import orphanCleanupBeforeForeignKey from "./orphan-cleanup-before-foreign-key.ts";
import orphanCleanupIneffective from "./orphan-cleanup-ineffective.ts";
import orphanCleanupTooBroad from "./orphan-cleanup-too-broad.ts";
import requiredColumnWithoutDefault from "./required-column-without-default.ts";
import uniqueOverExistingRows from "./unique-over-existing-rows.ts";

/** Every rule, sorted by id. */
export const rules: readonly AnyRule[] = [
  constraintNeverValidated,
  narrowingTypeChange,
  notNullOverExistingRows,
  orphanCleanupBeforeForeignKey,
  orphanCleanupIneffective,
  orphanCleanupTooBroad,
  requiredColumnWithoutDefault,
  uniqueOverExistingRows,
];
