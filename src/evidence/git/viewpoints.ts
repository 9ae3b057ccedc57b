import type { ReadStatements } from "../../model/divergence/facts.ts";
import { withTargets } from "../../model/divergence/roles.ts";
import {
  type ComparedBranch,
  type Divergence,
  type DivergingDirectory,
  type DivergingHistory,
  divergences,
} from "../../model/divergence/viewpoint.ts";
import type { BranchHistory, BranchPair, BranchSet } from "./branch-set.ts";
import { sharedIn } from "./divergence.ts";
import { refName } from "./roles.ts";

/** A branch with what it and the others make of each other, as a check of it would see it. */
export interface BranchViewpoint {
  readonly branch: BranchHistory;
  readonly divergence: Divergence;
}

/** Every branch of a set as the one that looks, against the one that it goes into next; production looks at what goes into it. */
export function viewpoints(set: BranchSet, read: ReadStatements): readonly BranchViewpoint[] {
  const roots = [...new Set(set.branches.flatMap((branch) => branch.roots.map(({ root }) => root)))];
  const compare = divergences(
    roots.map((root) => historyOf(set, root)),
    read,
  );
  const checkedOut = set.branches.find(({ current }) => current)?.name ?? "";
  const compared = withTargets(set.branches).map(
    (branch): ComparedBranch => ({
      name: branch.name,
      ref: refName(branch),
      roles: branch.roles,
      into: branch.into,
      committed: branch.committed,
    }),
  );
  return set.branches.flatMap((branch, at) => {
    const ours = compared[at];
    if (!ours) return [];
    const target = compared.find(({ name }) => name === ours.into[0]);
    const others = compared.filter((each) => each !== ours && each !== target);
    return [
      {
        branch,
        divergence: compare({ ours, target: target ?? ours, ...(!target && { self: true }), others, checkedOut }),
      },
    ];
  });
}

/** The pairs one of which goes into the other some day. */
export function mergePairs({ branches, pairs }: BranchSet): readonly BranchPair[] {
  const goesInto = new Map(withTargets(branches).map(({ name, into }) => [name, into]));
  return pairs.filter(
    ({ one, other }) => goesInto.get(one)?.includes(other) === true || goesInto.get(other)?.includes(one) === true,
  );
}

function historyOf(set: BranchSet, root: string): DivergingHistory {
  const branches = set.branches.flatMap(({ name, roots }): [string, DivergingDirectory][] => {
    const own = roots.find((each) => each.root === root);
    return own ? [[name, { migrations: own.migrations, path: own.path }]] : [];
  });
  return {
    root,
    branches: new Map(branches),
    shared: (one, other) => sharedIn(set, one, other, root)?.migrations,
  };
}
