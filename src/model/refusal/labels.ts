import type { Operation } from "../../sql/operation/index.ts";
import type { Catalog } from "../catalog.ts";
import { type UsedLabel, typing } from "../typing/index.ts";
import { bindExpressions } from "./parts.ts";

/** The enum labels that an operation uses as values: in rows, conditions, defaults, checks and casts, in a DO block too. What a function does is not done yet. */
export function usedLabels(operation: Operation, catalog: Catalog, postgres: number): readonly UsedLabel[] {
  if (operation.body && operation.body.in !== "do") return [];
  const types = typing({ catalog, postgres, makesAll: () => false });
  bindExpressions(operation, { catalog, postgres, types });
  return types.labels;
}
