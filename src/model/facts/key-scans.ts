import type { Range } from "../../source/text.ts";
import type { Operation } from "../../sql/operation/index.ts";
import { resolve } from "../catalog.ts";
import type { Effects, RelationId } from "../effects.ts";
import type { StepPlace } from "./place.ts";

/** A foreign key of a deployed table whose rows are all looked up while writes to both tables wait. */
export interface KeyScan {
  readonly at: { readonly range: Range };
  readonly relation: RelationId;
  readonly parent: RelationId;
  readonly name: string | undefined;
  readonly columns: readonly string[];
  /** It comes with a new column. */
  readonly inline: boolean;
  readonly needless: ReturnType<typeof needlessCheck>;
}

export function keyScans(operation: Operation, place: StepPlace): KeyScan[] {
  if (operation.kind !== "addForeignKey" && operation.kind !== "addColumn") return [];
  const { catalog, effects } = place;
  const relation = resolve(catalog, operation.table);
  if (!place.deployed(relation)) return [];
  if (operation.kind === "addForeignKey") {
    const { name, columns } = operation.constraint;
    const parent = resolve(catalog, operation.constraint.parent);
    return effects.scans.some((scan) => scan.relation !== parent || parent === relation)
      ? [{ at: operation, relation, parent, name, columns, inline: false, needless: needlessCheck(effects) }]
      : [];
  }
  const columns = [operation.column.name];
  return operation.column.constraints.flatMap((constraint): KeyScan[] => {
    if (constraint.type !== "foreignKey" || constraint.notValid || constraint.notEnforced) return [];
    if (!effects.failures.some(({ kind }) => kind === "orphans")) return [];
    const parent = resolve(catalog, constraint.parent);
    return [{ at: constraint, relation, parent, name: undefined, columns, inline: true, needless: undefined }];
  });
}

/**
 * Why the check of a foreign key over existing rows finds no orphan, whatever was written before it: the key held until this
 * deployment dropped it, as Prisma does to change an action, or its columns are new and NULL everywhere.
 */
export function needlessCheck({ failures }: Effects): "held until now" | "construction" | undefined {
  for (const { kind, preparation } of failures)
    if (
      kind === "orphans" &&
      preparation.verdict === "done" &&
      (preparation.how === "held until now" || preparation.how === "construction")
    )
      return preparation.how;
  return undefined;
}
