import type { Environment } from "./base.ts";
import type { BranchFlow, BranchNames } from "./roles.ts";
import type { BranchRole } from "../../model/divergence/roles.ts";
import type { BranchRoot } from "./roots.ts";
import type { SourceProblem } from "../../source/history.ts";

export interface BranchOptions {
  readonly names?: BranchNames | undefined;
  /** Migrations directories from the git root; without any, those that the branches have. */
  readonly directories?: readonly string[] | undefined;
  /** Further branches, tags or commits to compare, whatever their age. */
  readonly also?: readonly string[] | undefined;
  /** Only branches with a role and what is checked out, none that is merely alive. */
  readonly onlyRoles?: boolean | undefined;
  /** How many live branches without a role are read; 20 unless given. */
  readonly limit?: number | undefined;
  /** How many days a live branch may be older than the newest commit of the repository; 90 unless given. */
  readonly days?: number | undefined;
  readonly environment: Environment;
}

/** One branch with its migrations. */
export interface BranchHistory {
  /** Without the remote: "main", "hotfix/x". A tag or commit as it was named; "HEAD" for a detached one. */
  readonly name: string;
  /** "refs/remotes/origin/main"; as it was named where it is no branch. */
  readonly ref: string;
  readonly commit: string;
  /** Seconds since 1970. */
  readonly committed: number;
  /** Most telling first. */
  readonly roles: readonly BranchRole[];
  /** It is checked out: what is not committed belongs to it. */
  readonly current?: true;
  /** One for each migrations directory that it has. */
  readonly roots: readonly BranchRoot[];
}

/** Where two branches parted. */
export interface BranchPair {
  readonly one: string;
  readonly other: string;
  /** The best common ancestor; absent where there is none. */
  readonly base?: string;
  /** Why there is none, as a sentence with what to do. */
  readonly problem?: string;
  /** It may be there, but is not in this shallow clone. */
  readonly isCut?: true;
}

/** All that is known of the branches of a repository. */
export interface BranchSet {
  readonly repository: string;
  readonly flow: BranchFlow;
  /** As a clause: "develop exists beside main". */
  readonly because: string;
  /** Production first, then main, development, hotfixes, releases and the others, newest first. */
  readonly branches: readonly BranchHistory[];
  /** Each pair once. */
  readonly pairs: readonly BranchPair[];
  /** The migrations at the commits that pairs have as their base. */
  readonly bases: ReadonlyMap<string, readonly BranchRoot[]>;
  /** Branches that were not read. */
  readonly leftOut: readonly {
    readonly name: string;
    readonly why: "merged" | "old" | "no migrations of its own" | "beyond the limit";
  }[];
  readonly problems: readonly SourceProblem[];
}
