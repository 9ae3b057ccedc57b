import type { AnyRule } from "../src/engine/rule.ts";

/** Every rule, sorted by id. */
export const rules: readonly AnyRule[] = [];
