import { resolve } from "node:path";
import type { Outcome } from "../outcome.ts";
import { failure, success } from "../outcome.ts";
import { git, gitRoot } from "./repository.ts";

export interface GitRef {
  /** "refs/remotes/origin/main". */
  readonly ref: string;
  readonly commit: string;
  readonly tree: string;
  /** When its commit was made, in seconds since 1970. */
  readonly committed: number;
  /** What a symbolic ref (origin/HEAD) points to. */
  readonly target?: string;
}

/** All refs below `prefixes` that lead to a commit, tags too, by one process. */
export function listRefs(root: string, prefixes: readonly string[]): Outcome<GitRef[]> {
  const field = (name: string): string => `%(if)%(*objectname)%(then)%(*${name})%(else)%(${name})%(end)`;
  const run = git(root, [
    "for-each-ref",
    `--format=%(refname)%00${field("objectname")}%00${field("tree")}%00${field("committerdate:unix")}%00%(symref)`,
    ...prefixes,
  ]);
  if (!run.ok) return run;
  const refs: GitRef[] = [];
  for (const line of run.value.toString("utf8").split("\n")) {
    const [ref = "", commit = "", tree = "", committed = "", target = ""] = line.split("\0");
    // Tags of trees and files have no date.
    if (tree === "" || committed === "") continue;
    refs.push({ ref, commit, tree, committed: Number(committed), ...(target !== "" && { target }) });
  }
  return success(refs);
}

/**
 * The repository that `from` (absolute) is in: the root of its work tree, or the git directory of a bare repository. Fails with one
 * sentence where git is not there or knows of none.
 */
export function findRepository(from: string): Outcome<string> {
  const root = gitRoot(from);
  if (root !== undefined) return success(root);
  const run = git(from, ["rev-parse", "--git-dir"]);
  if (run.ok) return success(resolve(from, run.value.toString("utf8").trim()));
  return run.code === "no repository"
    ? failure(`${from} is in no git repository: branches are compared inside of one.`)
    : run;
}
