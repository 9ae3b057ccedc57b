import type { PredictContext } from "../predict/index.ts";
import type { Operation } from "../../sql/operation/index.ts";
import type { Statement } from "../../sql/statement.ts";
import type { Refusal } from "../typing/refusal.ts";
import { type Catalog, resolve } from "../catalog.ts";
import type { Failure } from "../effects.ts";
import { isUnreadable, makesAll, presentRelation } from "../presence.ts";
import { typing } from "../typing/index.ts";
import { commandRefusals } from "./commands.ts";
import { addedKey, newKeys } from "./keys.ts";
import { syntaxRefusal } from "./syntax.ts";
import { bindNames } from "./names.ts";
import { bindExpressions } from "./parts.ts";
import { settingRefusals } from "./parameters.ts";

/** The same as failures: of several the first, as PostgreSQL says one and stops. */
export function refusedFailures(
  operation: Operation,
  context: PredictContext,
  { operations, young = [] }: Pick<Statement, "operations" | "young">,
): readonly Failure[] {
  // The parser looks at all of a statement first.
  const refusal =
    (operation === operations[0] ? syntaxRefusal(young, context.postgres) : undefined) ??
    refusals(operation, context)[0];
  if (!refusal) return [];
  const relation = "table" in operation && operation.table ? resolve(context.catalog, operation.table) : "";
  return [
    {
      kind: "refused",
      relation,
      columns: [],
      sqlstate: refusal.sqlstate,
      certainty: "sure",
      detail: refusal.message,
      refusal,
      preparation: { verdict: "none" },
    },
  ];
}

/**
 * Why PostgreSQL refuses an operation whatever the rows are, as far as names, types and forms of commands go: what depends on the object
 * and what rows forbid is the prediction's. Nothing is said of statements in bodies, whose names may be variables.
 */
function refusals(operation: Operation, context: PredictContext): readonly Refusal[] {
  const { catalog, postgres } = context;
  if (operation.body || isUnreadable(catalog) || isSkipped(operation, catalog)) return [];
  // It is asked where something is not found, and takes a look at every table.
  let known: boolean | undefined;
  const all = (): boolean => (known ??= makesAll(catalog));
  const types = typing({ catalog, postgres, makesAll: all });
  bindExpressions(operation, { catalog, postgres, types });
  if (operation.kind === "set") return settingRefusals(operation, postgres);
  return [
    ...commandRefusals(operation, context),
    ...bindNames(operation, catalog, all),
    ...keys(operation, catalog),
    ...types.refusals,
  ];
}

function keys(operation: Operation, catalog: Catalog): readonly Refusal[] {
  if (operation.kind === "createTable" || operation.kind === "addColumn") return newKeys(operation, catalog);
  return operation.kind === "addExclusion" || operation.kind === "addUnique" || operation.kind === "addPrimaryKey"
    ? addedKey(operation, catalog)
    : [];
}

/** ALTER TABLE IF EXISTS of a table that is not there is over before anything else is looked at. */
const isSkipped = (operation: Operation, catalog: Catalog): boolean =>
  "ifTableExists" in operation &&
  operation.ifTableExists &&
  !presentRelation(catalog, resolve(catalog, operation.table));
