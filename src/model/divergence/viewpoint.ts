import type { OrderEvidence } from "../order/answers.ts";
import type { BranchDivergence, DivergenceFact, DivergingBranch, DivergingMigration, ReadStatements } from "./facts.ts";
import { compareBranches } from "./index.ts";
import { type MissingPort, missingPorts } from "./ports.ts";
import { isLasting, type RoledBranch } from "./roles.ts";

/** A branch that is compared. */
export interface ComparedBranch extends RoledBranch {
  /** Without the remote: "main". */
  readonly name: string;
  /** As git commands take it: "origin/main", "v1.9". */
  readonly ref: string;
  /** Names of the branches that it goes into some day, the next one first. */
  readonly into: readonly string[];
  /** Seconds since 1970, of its newest commit; absent where there is none. */
  readonly committed?: number;
}

/** Who looks at whom. */
export interface Viewpoint {
  /** Its name is "HEAD" where no branch is checked out. */
  readonly ours: ComparedBranch;
  /** What ours is to be merged into, at its tip. */
  readonly target: ComparedBranch;
  /** The target is ours itself, as it is committed. */
  readonly self?: true;
  /** All others that live: production first, then main, development, hotfixes, releases, the rest. */
  readonly others: readonly ComparedBranch[];
  /** The branch that is checked out, where that is not ours; "" for none. */
  readonly checkedOut?: string;
}

/** What one branch and the others make of each other. */
export interface Divergence extends Viewpoint {
  /** By `History.root`. A history that the target does not have is not here. */
  readonly histories: ReadonlyMap<string, HistoryDivergence>;
  /** What PostgreSQL said of late migrations, where both orders were run. */
  readonly orders?: ReadonlyMap<DivergenceFact, OrderEvidence>;
}

/** One migrations directory. */
export interface HistoryDivergence {
  /** The directory on ours, as commands name it. */
  readonly directory: string;
  readonly ours: readonly DivergingMigration[];
  readonly target: BranchComparison;
  readonly others: readonly BranchComparison[];
  /** What production has and ours (a main or development branch), or else such a target, lacks. */
  readonly ports: readonly MissingPort[];
}

/** Ours and another branch. */
export interface BranchComparison {
  readonly branch: ComparedBranch;
  /** `target`: ours goes into it; `source`: it goes into ours; `peer`: neither, so that either may be merged first; `self`: ours, as committed. */
  readonly relation: "target" | "source" | "peer" | "self";
  /** The directory on that branch, from the git root, where it is elsewhere than ours. */
  readonly movedFrom?: string | undefined;
  /** In the order in which Prisma would apply them. */
  readonly migrations: readonly DivergingMigration[];
  /** The same whoever of the two looks: `ours` is the branch that goes into the other, among peers the one whose name sorts first. */
  readonly divergence: BranchDivergence;
  /** Migrations that neither of two peers brings: a branch that one of them goes into has them. */
  readonly settled: ReadonlySet<string>;
}

/** A migrations directory as the branches have it. */
export interface DivergingHistory {
  /** As in `History.root`. */
  readonly root: string;
  /** By branch name, ours included. A branch that is not here does not have the directory. */
  readonly branches: ReadonlyMap<string, DivergingDirectory>;
  /** What two branches had where they parted; undefined where that is not known. */
  shared(one: string, other: string): readonly DivergingMigration[] | undefined;
}

export interface DivergingDirectory {
  readonly migrations: readonly DivergingMigration[];
  /** The directory on that branch, as commands name it; absent where it is `root`. */
  readonly path?: string;
}

/** Compares ours with the target and all others. Reads nothing but its input. */
export function divergenceOf(
  viewpoint: Viewpoint,
  histories: readonly DivergingHistory[],
  read: ReadStatements,
): Divergence {
  return divergences(histories, read)(viewpoint);
}

/** The same from several viewpoints: each two branches are compared once. */
export function divergences(
  histories: readonly DivergingHistory[],
  read: ReadStatements,
): (viewpoint: Viewpoint) => Divergence {
  const compared = new Map<DivergingHistory, ReturnType<typeof pairs>>(
    histories.map((history) => [history, pairs(history, read)]),
  );
  return (viewpoint) => ({
    ...viewpoint,
    histories: new Map(
      [...compared].flatMap(([history, compare]) => {
        const found = historyDivergence(viewpoint, history, compare);
        return found ? [[history.root, found]] : [];
      }),
    ),
  });
}

type Compare = (ours: string, theirs: string) => BranchDivergence;

/** Compares the branches of a history, each pair once and in one order. */
function pairs(history: DivergingHistory, read: ReadStatements): Compare {
  const known = new Map<string, BranchDivergence>();
  const branch = (name: string): DivergingBranch => ({
    name,
    migrations: history.branches.get(name)?.migrations ?? [],
  });
  return (ours, theirs) => {
    const key = JSON.stringify([ours, theirs]);
    let found = known.get(key);
    if (!found)
      known.set(key, (found = compareBranches(branch(ours), branch(theirs), history.shared(ours, theirs), read)));
    return found;
  };
}

function historyDivergence(
  { ours, target, others, self }: Viewpoint,
  { root, branches }: DivergingHistory,
  compare: Compare,
): HistoryDivergence | undefined {
  const mine = branches.get(ours.name);
  if (!mine || !branches.has(target.name)) return undefined;
  const all = [ours, target, ...others];
  const goesInto = (branch: ComparedBranch): readonly ComparedBranch[] => [
    ...(branch === ours ? [target] : []),
    ...branch.into.flatMap((name) => all.find((each) => each.name === name) ?? []),
  ];
  const has = (branch: ComparedBranch, id: string): boolean =>
    branches.get(branch.name)?.migrations.some((each) => each.id === id) ?? false;
  const comparison = (branch: ComparedBranch): BranchComparison[] => {
    const its = branches.get(branch.name);
    if (!its) return [];
    const relation = relationOf(branch);
    const first = relation === "source" || (relation === "peer" && branch.name < ours.name) ? branch : ours;
    const divergence = compare(first.name, (first === ours ? branch : ours).name);
    const beyond =
      relation === "peer" ? [...goesInto(ours), ...goesInto(branch)].filter((each) => each !== branch) : [];
    return [
      {
        branch,
        relation,
        movedFrom: its.path === mine.path ? undefined : (its.path ?? root),
        migrations: its.migrations,
        divergence,
        settled: new Set(
          [...divergence.onlyOurs, ...divergence.onlyTheirs]
            .map(({ id }) => id)
            .filter((id) => beyond.some((each) => has(each, id))),
        ),
      },
    ];
  };
  const relationOf = (branch: ComparedBranch): BranchComparison["relation"] => {
    if (branch === target) return self ? "self" : "target";
    if (goesInto(ours).includes(branch)) return "target";
    return goesInto(branch).includes(ours) ? "source" : "peer";
  };
  const [compared] = comparison(target);
  if (!compared) return undefined;
  const rest = others.flatMap(comparison);
  return {
    directory: mine.path ?? root,
    ours: mine.migrations,
    target: compared,
    others: rest,
    ports: portsOf(ours, [compared, ...rest], compare),
  };
}

function portsOf(
  ours: ComparedBranch,
  compared: readonly BranchComparison[],
  compare: Compare,
): readonly MissingPort[] {
  const [target] = compared;
  const production = compared.find(({ branch }) => branch.roles.includes("production"));
  if (!target || !production || production.relation === "self") return [];
  const there = { name: production.branch.name, migrations: production.migrations };
  if (isLasting(ours)) return missingPorts(there, compare(ours.name, there.name));
  if (production === target || !isLasting(target.branch)) return [];
  return missingPorts(there, compare(target.branch.name, there.name));
}
