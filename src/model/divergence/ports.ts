import type { BranchDivergence, DivergenceFact, DivergingBranch, DivergingMigration } from "./facts.ts";

/** A migration that one branch (production) has and another, which has to have it too, lacks as it is. */
export interface MissingPort {
  readonly migration: DivergingMigration;
  readonly on: string;
  readonly lacking: string;
  /**
   * `absent`: nothing of it is there; `deleted`: it was, and was taken away; `renamed`, `duplicate`: it is there under the name of
   * `instead`; `edited`: under its name is another text.
   */
  readonly state: "absent" | "deleted" | "renamed" | "duplicate" | "edited";
  readonly instead?: DivergingMigration;
}

/** What production has and the other branch lacks, from their comparison: `theirs` is production. In production's order. */
export function missingPorts(
  production: DivergingBranch,
  { facts, ours, theirs, onlyTheirs }: BranchDivergence,
): MissingPort[] {
  const at = { on: theirs, lacking: ours };
  const found = new Map<string, MissingPort>();
  for (const migration of onlyTheirs) found.set(migration.id, { migration, ...at, state: "absent" });
  for (const fact of facts) {
    const port = portOf(fact);
    if (port) found.set(port.migration.id, { ...at, ...port });
  }
  return production.migrations.flatMap(({ id }) => found.get(id) ?? []);
}

function portOf(fact: DivergenceFact): Omit<MissingPort, "on" | "lacking"> | undefined {
  switch (fact.kind) {
    case "deleted":
      return fact.by === "ours" ? { migration: fact.migration, state: "deleted" } : undefined;
    case "renamed":
      return fact.by === "ours"
        ? { migration: fact.from, state: "renamed", instead: fact.to }
        : { migration: fact.to, state: "renamed", instead: fact.from };
    case "duplicate":
      // The other side's change as a part of more, or as it is; a part of it alone is not the whole.
      return fact.of === "theirs" ? undefined : { migration: fact.theirs, state: "duplicate", instead: fact.ours };
    case "edited":
      return { migration: fact.theirs, state: "edited", instead: fact.ours };
    default:
      return undefined;
  }
}
