/** What a branch is for. One branch can be several: with GitHub flow main is production too. */
export type BranchRole = "production" | "main" | "development" | "hotfix" | "release" | "other";

/** A branch as far as its role counts. */
export interface RoledBranch {
  readonly name: string;
  /** Most telling first. */
  readonly roles: readonly BranchRole[];
}

/** Whether what production has must come here too. */
export const isLasting = ({ roles }: Pick<RoledBranch, "roles">): boolean =>
  !roles.includes("production") && (roles.includes("main") || roles.includes("development"));

/** Whether databases follow it, so that what is on it may be deployed. */
export const isShared = ({ roles }: Pick<RoledBranch, "roles">): boolean =>
  roles.some((role) => role === "production" || role === "main" || role === "development");

/** What production runs: the branch in that role, else main; undefined where there is neither. */
export function productionOf<T extends RoledBranch>(branches: readonly T[]): T | undefined {
  return (
    branches.find(({ roles }) => roles.includes("production")) ?? branches.find(({ roles }) => roles.includes("main"))
  );
}

/** The branches that `branch` is merged into, the next one first; none for production. */
export function targetsOf<T extends RoledBranch>(branches: readonly T[], branch: T): readonly T[] {
  const production = productionOf(branches);
  if (!production || branch.name === production.name) return [];
  const main = branches.find(({ roles }) => roles.includes("main"));
  const development = branches.find(({ roles }) => roles.includes("development"));
  const [role] = branch.roles;
  const all =
    role === "other" ? [development, main, production] : role === "hotfix" ? [production, main] : [main, production];
  return [...new Set(all)].filter(
    (each): each is T =>
      each !== undefined && each.name !== branch.name && (branch.name !== main?.name || each === production),
  );
}

/** The branches with the names of those that each of them goes into. */
export function withTargets<T extends RoledBranch>(
  branches: readonly T[],
): readonly (T & { readonly into: string[] })[] {
  return branches.map((branch) => ({ ...branch, into: targetsOf(branches, branch).map(({ name }) => name) }));
}
