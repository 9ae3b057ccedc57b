import type { BranchDivergence, DivergenceFact, DivergingMigration, ReadStatements } from "./facts.ts";
import { compareBranches } from "./index.ts";
import { type MissingPort, missingPorts } from "./ports.ts";
import type { OrderEvidence } from "../order/answers.ts";
import { type BranchRole, isLasting } from "./roles.ts";

/** A branch that is compared with the one that is checked. */
export interface ComparedBranch {
  /** Without the remote: "main". */
  readonly name: string;
  /** As git commands take it: "origin/main", "v1.9". */
  readonly ref: string;
  readonly roles: readonly BranchRole[];
  /** Seconds since 1970, of its newest commit; absent where there is none. */
  readonly committed?: number;
}

/** What the branch that is checked and the others make of each other. */
export interface Divergence {
  /** What is on disk, committed or not. Its name is "HEAD" where no branch is checked out. */
  readonly ours: ComparedBranch;
  /** The base: what ours is to be merged into, at its tip. */
  readonly target: ComparedBranch;
  /** All others that live: production first, then main, development, hotfixes, releases, the rest. */
  readonly others: readonly ComparedBranch[];
  /** By `History.root`. A history that the target does not have is not here. */
  readonly histories: ReadonlyMap<string, HistoryDivergence>;
  /** What PostgreSQL said of late migrations, where both orders were run. */
  readonly orders?: ReadonlyMap<DivergenceFact, OrderEvidence>;
}

/** One migrations directory. */
export interface HistoryDivergence {
  readonly ours: readonly DivergingMigration[];
  readonly target: BranchComparison;
  readonly others: readonly BranchComparison[];
  /** What production has and ours (a main or development branch), or else such a target, lacks. */
  readonly ports: readonly MissingPort[];
}

export interface BranchComparison {
  readonly branch: ComparedBranch;
  /** The directory on that branch, from the git root, where it is elsewhere than ours. */
  readonly movedFrom?: string | undefined;
  /** In the order in which Prisma would apply them. */
  readonly migrations: readonly DivergingMigration[];
  readonly divergence: BranchDivergence;
}

/** A migrations directory as the branches have it. */
export interface DivergingHistory {
  readonly root: string;
  /** By branch name, ours included. A branch that is not here does not have the directory. */
  readonly branches: ReadonlyMap<
    string,
    { readonly migrations: readonly DivergingMigration[]; readonly movedFrom?: string }
  >;
  /** What two branches had where they parted; undefined where that is not known. */
  shared(one: string, other: string): readonly DivergingMigration[] | undefined;
}

/** Compares ours with the target and all others. Reads nothing but its input. */
export function divergenceOf(
  { ours, target, others }: Omit<Divergence, "histories">,
  histories: readonly DivergingHistory[],
  read: ReadStatements,
): Divergence {
  const found = new Map<string, HistoryDivergence>();
  for (const history of histories) {
    const mine = history.branches.get(ours.name);
    if (!mine || !history.branches.has(target.name)) continue;
    const compare = (branch: ComparedBranch): BranchComparison | undefined => {
      const its = history.branches.get(branch.name);
      if (!its) return undefined;
      const divergence = compareBranches(
        { name: ours.name, migrations: mine.migrations },
        { name: branch.name, migrations: its.migrations },
        history.shared(ours.name, branch.name),
        read,
      );
      return {
        branch,
        movedFrom: its.movedFrom,
        migrations: its.migrations,
        divergence,
      };
    };
    const compared = compare(target);
    if (!compared) continue;
    const rest = others.flatMap((branch) => compare(branch) ?? []);
    found.set(history.root, {
      ours: mine.migrations,
      target: compared,
      others: rest,
      ports: portsOf(ours, compared, rest, history, read),
    });
  }
  return { ours, target, others, histories: found };
}

function portsOf(
  ours: ComparedBranch,
  target: BranchComparison,
  others: readonly BranchComparison[],
  history: DivergingHistory,
  read: ReadStatements,
): readonly MissingPort[] {
  const production = [target, ...others].find(({ branch }) => branch.roles.includes("production"));
  if (!production) return [];
  const there = { name: production.branch.name, migrations: production.migrations };
  if (isLasting(ours)) return missingPorts(there, production.divergence);
  if (production === target || !isLasting(target.branch)) return [];
  return missingPorts(
    there,
    compareBranches(
      { name: target.branch.name, migrations: target.migrations },
      there,
      history.shared(target.branch.name, production.branch.name),
      read,
    ),
  );
}
