import type { OrderConflict } from "../order/commutation.ts";
import type { BranchDivergence, DivergingMigration } from "./facts.ts";

/** Pairs of migrations, one of which only `ours` has and the other only `theirs`, that do not commute. */
export function orderConflicts({ facts, onlyOurs, onlyTheirs }: BranchDivergence): {
  readonly ours: DivergingMigration;
  readonly theirs: DivergingMigration;
  readonly conflict: OrderConflict;
}[] {
  return facts.flatMap((fact) => {
    if (fact.kind !== "late") return [];
    return fact.order.because.flatMap((conflict) => {
      const [mine, its] =
        fact.side === "ours"
          ? [conflict.one.migration, conflict.other.migration]
          : [conflict.other.migration, conflict.one.migration];
      const ours = onlyOurs.find(({ id }) => id === mine);
      const theirs = onlyTheirs.find(({ id }) => id === its);
      return ours && theirs ? [{ ours, theirs, conflict }] : [];
    });
  });
}
