import type { PredictContext } from "../predict/index.ts";
import type { Operation } from "../../sql/operation.ts";
import type { Refusal } from "../typing/refusal.ts";
import { typing } from "../typing/index.ts";
import { commandRefusals } from "./commands.ts";
import { isComplete } from "./completeness.ts";
import { bindNames } from "./names.ts";
import { bindExpressions } from "./parts.ts";

export type { Refusal } from "../typing/refusal.ts";

/**
 * Why PostgreSQL refuses an operation whatever the rows are, as far as names, types and forms of commands go: what depends on the object
 * and what rows forbid is the prediction's. Nothing is said of statements in bodies, whose names may be variables.
 */
export function refusals(operation: Operation, context: PredictContext): readonly Refusal[] {
  const { catalog, postgres } = context;
  if (operation.body || catalog.tainted) return [];
  const complete = isComplete(catalog);
  const types = typing({ catalog, postgres, complete });
  bindExpressions(operation, { catalog, postgres, types });
  return [...commandRefusals(operation, context), ...bindNames(operation, catalog, complete), ...types.refusals];
}
