import { productionOf, targetsOf } from "../../model/divergence/roles.ts";
import type { BranchHistory, BranchSet } from "../../evidence/git/branch-set.ts";

/** A branch from where it parted on, in the order in which its migrations run. */
export interface BranchTree {
  readonly branch: BranchHistory;
  /** The commit where it parted from what it grows on; absent for the trunk and where there is none. */
  readonly commit?: string;
  /** Runs of folder names, and the branches that part between them. */
  readonly grows: readonly (readonly string[] | BranchTree)[];
}

/** How the branches grow out of production's, as far as they have the migrations directory `root`; undefined where none has it. */
export function branchTree(set: BranchSet, root: string): BranchTree | undefined {
  const has = (branch: BranchHistory): boolean => branch.roots.some((each) => each.root === root);
  const branches = set.branches.filter(has);
  const production = productionOf(set.branches);
  const trunk = production && has(production) ? production : branches[0];
  if (!trunk) return undefined;
  const parents = new Map(
    branches
      .filter((branch) => branch !== trunk)
      .map((branch) => [branch, targetsOf(set.branches, branch).find(has) ?? trunk]),
  );
  return grow(trunk, undefined);

  function grow(
    branch: BranchHistory,
    parted: { readonly base: ReadonlySet<string>; readonly commit?: string } | undefined,
  ): BranchTree {
    const own = (branch.roots.find((each) => each.root === root)?.migrations ?? [])
      .map(({ id }) => id)
      .filter((id) => parted?.base.has(id) !== true);
    const children = [...parents].flatMap(([child, parent]) =>
      parent === branch ? [{ child, parted: partedFrom(child, branch) }] : [],
    );
    const grows: (readonly string[] | BranchTree)[] = [];
    let from = 0;
    for (let at = 0; at <= own.length; at++) {
      // After the last of the migrations that it knew when it parted.
      const here = children.filter(({ parted: { base } }) => own.findLastIndex((id) => base.has(id)) + 1 === at);
      if ((here.length > 0 || at === own.length) && at > from) grows.push(own.slice(from, at));
      if (here.length > 0) from = at;
      grows.push(...here.map(({ child, parted: below }) => grow(child, below)));
    }
    return { branch, ...(parted?.commit !== undefined && { commit: parted.commit }), grows };
  }

  function partedFrom(
    child: BranchHistory,
    parent: BranchHistory,
  ): { readonly base: ReadonlySet<string>; readonly commit?: string } {
    const base = set.pairs.find(
      ({ one, other }) =>
        (one === child.name && other === parent.name) || (one === parent.name && other === child.name),
    )?.base;
    if (base === undefined) return { base: new Set() };
    return {
      base: new Set(
        set.bases
          .get(base)
          ?.find((each) => each.root === root)
          ?.migrations.map(({ id }) => id) ?? [],
      ),
      commit: base,
    };
  }
}

/** A run of folder names rather than a branch. */
export const isRun = (part: readonly string[] | BranchTree): part is readonly string[] => Array.isArray(part);
