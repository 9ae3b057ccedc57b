import type { Operation } from "../../sql/operation/index.ts";
import type { RelationId } from "../effects.ts";
import type { Step, WalkPlace } from "../step.ts";
import { castRemoved } from "./enum-cast.ts";

/** Deployed tables that a statement rewrites, or whose indexes it rebuilds, for one of its operations. */
export interface Rewrite {
  readonly operation: Operation;
  /** The table, and partitions and children after it. At least one. */
  readonly relations: readonly RelationId[];
  /** Phrases after "to". */
  readonly reasons: readonly string[];
  /** Its rows are copied; where they stay, its indexes are built again. */
  readonly rows: boolean;
  readonly maybe: boolean;
}

/** TRUNCATE, CLUSTER, VACUUM FULL and REFRESH rewrite too: that is what they are for. */
const BY_THE_WAY: ReadonlySet<Operation["kind"]> = new Set([
  "addColumn",
  "alterColumnType",
  "setExpression",
  "alterTable",
  "addIdentity",
]);

/** Of the steps of a statement that has been applied: PostgreSQL does all that a table needs in one pass. */
export function rewritesBy(steps: readonly Step[], { catalog, deployed }: WalkPlace): Rewrite[] {
  const found = new Map<RelationId, { first: Step; reasons: Set<string>; maybe: boolean; rows: boolean }>();
  for (const step of steps) {
    const { operation, effects } = step;
    // Where an enum loses a value that is the matter, rewrite included.
    if (!BY_THE_WAY.has(operation.kind) || castRemoved(catalog, operation)) continue;
    const rows = effects.rewrites.length > 0;
    const rebuilds =
      operation.kind === "alterColumnType" ? effects.scans.filter(({ kind }) => kind !== "foreignKey") : [];
    for (const { relation, reason, certainty } of rows ? effects.rewrites : rebuilds) {
      if (!deployed(relation)) continue;
      const known = found.get(relation);
      // A rewrite of its rows covers what may have to be done besides.
      if (known?.rows && !rows) continue;
      const entry =
        known && known.rows === rows ? known : { first: step, reasons: new Set<string>(), maybe: true, rows };
      entry.reasons.add(reason);
      entry.maybe &&= certainty === "maybe";
      found.set(relation, entry);
    }
  }
  // The operation on a parent rewrites its partitions: once is enough.
  const told = [...found].filter(
    ([, { first }], at, all) => all.findIndex(([, other]) => other.first.operation === first.operation) === at,
  );
  return told.map(([, { first, reasons, maybe, rows }]) => ({
    operation: first.operation,
    relations: [...found].flatMap(([relation, other]) => (other.first === first ? [relation] : [])),
    reasons: [...reasons],
    rows,
    maybe,
  }));
}
