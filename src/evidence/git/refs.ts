import type { Outcome } from "../../source/outcome.ts";
import { success } from "../../source/outcome.ts";
import { currentBranch, git } from "../../source/git/repository.ts";
import { ancestors, type CommitGraph } from "../../source/git/graph.ts";
import { type GitRef, listRefs } from "../../source/git/refs.ts";
import type { Environment } from "./base.ts";

/** A branch by its name, with its local and its remote copy. */
export interface BranchRefs {
  readonly name: string;
  readonly local?: GitRef;
  readonly remote?: GitRef;
}

export interface RefListing {
  readonly branches: readonly BranchRefs[];
  /** The remote's default branch, by its name. */
  readonly defaultBranch?: string;
  /** What is checked out; absent in a repository without a commit. */
  readonly head?: {
    /** Absent where HEAD is detached and no CI variable names the branch. */ readonly name?: string;
    readonly commit: string;
    readonly tree: string;
    readonly committed: number;
  };
}

/** Variables in which CI systems, which check out a commit and no branch, put the branch that is built. */
const BUILT_BRANCH = [
  "GITHUB_HEAD_REF", // https://docs.github.com/en/actions/reference/workflows-and-actions/variables
  "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", // https://docs.gitlab.com/ci/variables/predefined_variables/
  "CI_COMMIT_BRANCH",
  "BITBUCKET_BRANCH", // https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
  "CHANGE_BRANCH", // Jenkins
];

/** The branch that the CI system says it builds. */
export function builtBranch(environment: Environment): string | undefined {
  return BUILT_BRANCH.map((variable) => environment[variable]).find((value) => value !== undefined && value !== "");
}

/** The branches of a repository, local ones and those of its remote together, by three processes. */
export function listBranches(root: string, environment: Environment): Outcome<RefListing> {
  const refs = listRefs(root, ["refs/heads", "refs/remotes"]);
  if (!refs.ok) return refs;
  const remote = remoteOf(refs.value);
  const byName = new Map<string, { name: string; local?: GitRef; remote?: GitRef }>();
  let defaultBranch: string | undefined;
  for (const each of refs.value) {
    const own = /^refs\/heads\/([^]+)$/.exec(each.ref)?.[1];
    const theirs =
      remote === undefined || !each.ref.startsWith(`refs/remotes/${remote}/`)
        ? undefined
        : each.ref.slice(`refs/remotes/${remote}/`.length);
    if (theirs === "HEAD") {
      if (each.target !== undefined) defaultBranch = each.target.slice(`refs/remotes/${remote ?? ""}/`.length);
      continue;
    }
    const name = own ?? theirs;
    if (name === undefined) continue;
    const known = byName.get(name) ?? { name };
    byName.set(name, own === undefined ? { ...known, remote: each } : { ...known, local: each });
  }
  const branches = [...byName.values()];
  // A bare repository's HEAD is the default branch; a clone's is what is checked out.
  const checkedOut = currentBranch(root);
  if (remote === undefined && checkedOut !== undefined && isBare(root))
    return success({ branches, defaultBranch: checkedOut });
  const name = checkedOut ?? builtBranch(environment);
  const local = checkedOut === undefined ? undefined : byName.get(checkedOut)?.local;
  const head = local ?? headOf(root);
  return success({
    branches,
    ...(defaultBranch !== undefined && { defaultBranch }),
    ...(head && {
      head: { ...(name !== undefined && { name }), commit: head.commit, tree: head.tree, committed: head.committed },
    }),
  });
}

function isBare(root: string): boolean {
  const run = git(root, ["rev-parse", "--is-bare-repository"]);
  return run.ok && run.value.toString("utf8").trim() === "true";
}

/** A detached HEAD, which no ref lists. */
function headOf(root: string): Omit<GitRef, "ref"> | undefined {
  const run = git(root, ["log", "-1", "--format=%H %T %ct", "HEAD", "--"]);
  const found = run.ok ? /^(\S+) (\S+) (\d+)$/m.exec(run.value.toString("utf8")) : undefined;
  return found ? { commit: found[1] ?? "", tree: found[2] ?? "", committed: Number(found[3]) } : undefined;
}

/** origin, else upstream, else the only one there is. */
function remoteOf(refs: readonly GitRef[]): string | undefined {
  const remotes = new Set(refs.flatMap(({ ref }) => /^refs\/remotes\/([^/]+)\//.exec(ref)?.[1] ?? []));
  if (remotes.has("origin")) return "origin";
  if (remotes.has("upstream")) return "upstream";
  return remotes.size === 1 ? [...remotes][0] : undefined;
}

/**
 * Which copy of a branch counts: the one that is ahead; the remote's where both have something of their own, since that is what
 * others build on. What is checked out is what its local copy says.
 */
export function chosenRef({ local, remote }: BranchRefs, graph: CommitGraph, checkedOut: boolean): GitRef | undefined {
  if (!local || !remote || checkedOut) return local ?? remote;
  if (local.commit === remote.commit) return remote;
  return ancestors(graph, local.commit).has(remote.commit) && graph.parents.has(local.commit) ? local : remote;
}
