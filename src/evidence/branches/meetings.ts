import type { BranchHistory, BranchSet } from "../git/branches.ts";

/** Two branches whose migrations come together. */
export interface Meeting {
  readonly ours: BranchHistory;
  readonly theirs: BranchHistory;
  /** `merge`: ours goes into theirs some day, which runs first until then; `peers`: either may be the first. */
  readonly kind: "merge" | "peers";
  /** What theirs (production) has, ours (main, development) has to have too. */
  readonly ports: boolean;
  /** The commit where they parted. */
  readonly base?: string | undefined;
  /** Why there is none, as a sentence. */
  readonly problem?: string | undefined;
}

/** What production runs: the branch in that role, else main, else the first. */
export function productionOf({ branches }: BranchSet): BranchHistory {
  const production =
    branches.find(({ roles }) => roles.includes("production")) ??
    branches.find(({ roles }) => roles.includes("main")) ??
    branches[0];
  if (!production) throw new Error("a set of branches without a branch");
  return production;
}

/** The branches that `branch` is merged into, the next one first; none for production. */
export function targetsOf(set: BranchSet, branch: BranchHistory): readonly BranchHistory[] {
  const production = productionOf(set);
  const main = set.branches.find(({ roles }) => roles.includes("main"));
  const development = set.branches.find(({ roles }) => roles.includes("development"));
  const [role] = branch.roles;
  const all =
    role === "other" ? [development, main, production] : role === "hotfix" ? [production, main] : [main, production];
  if (branch === production) return [];
  return [...new Set(all)].filter(
    (each): each is BranchHistory => each !== undefined && each !== branch && (branch !== main || each === production),
  );
}

/** Pairs that are compared: each branch with those that it goes into, then the branches that go their ways beside each other. */
export function meetings(set: BranchSet): readonly Meeting[] {
  const production = productionOf(set);
  const found: Meeting[] = [];
  const met = new Set<string>();
  const key = (one: BranchHistory, other: BranchHistory): string => JSON.stringify([one.name, other.name].sort());
  const bases = new Map(set.pairs.map((pair) => [JSON.stringify([pair.one, pair.other].sort()), pair]));
  const meet = (ours: BranchHistory, theirs: BranchHistory, kind: Meeting["kind"]): void => {
    if (met.has(key(ours, theirs))) return;
    met.add(key(ours, theirs));
    const { base, problem } = bases.get(key(ours, theirs)) ?? {};
    const ports = theirs === production && ours.roles.some((role) => role === "main" || role === "development");
    found.push({
      ours,
      theirs,
      kind,
      ports,
      base,
      problem,
    });
  };
  for (const branch of set.branches) for (const target of targetsOf(set, branch)) meet(branch, target, "merge");
  const beside = set.branches.filter((branch) => branch !== production);
  beside.forEach((one, at) => beside.slice(at + 1).forEach((other) => meet(one, other, "peers")));
  return found;
}
