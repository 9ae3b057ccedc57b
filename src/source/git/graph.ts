import type { Outcome } from "../outcome.ts";
import { success } from "../outcome.ts";
import { git } from "./repository.ts";

/** Commits between some tips and what all of them have in common, with their parents. */
export interface CommitGraph {
  readonly parents: ReadonlyMap<string, readonly string[]>;
  /** What all tips have in common, where there is such a commit; its own parents are not in the graph. */
  readonly root?: string;
  /** The clone is shallow: where nothing in common is found there may be something. */
  readonly shallow: boolean;
}

/** The graph of `tips` (full names of commits), by two or three processes, whatever their number. */
export function commitGraph(root: string, tips: readonly string[]): Outcome<CommitGraph> {
  const all = [...new Set(tips)];
  const parents = new Map<string, readonly string[]>();
  const shallow = git(root, ["rev-parse", "--is-shallow-repository"]);
  const isShallow = shallow.ok && shallow.value.toString("utf8").trim() === "true";
  if (all.length === 0) return success({ parents, shallow: isShallow });
  // It ends with 1 where there is nothing in common, as with a branch that began from nothing.
  const common = all.length > 1 ? git(root, ["merge-base", "--octopus", ...all]) : undefined;
  const bottom = common?.ok ? common.value.toString("utf8").trim() : all.length === 1 ? all[0] : undefined;
  const list = git(
    root,
    ["rev-list", "--parents", "--stdin"],
    [...all, ...(bottom === undefined ? [] : [`^${bottom}`])].join("\n") + "\n",
  );
  if (!list.ok) return list;
  for (const line of list.value.toString("latin1").split("\n")) {
    const [commit, ...its] = line.split(" ");
    if (commit) parents.set(commit, its);
  }
  return success({ parents, ...(bottom !== undefined && { root: bottom }), shallow: isShallow });
}

/** `tip` and everything below it that the graph has, what all have in common included. */
export function ancestors(graph: CommitGraph, tip: string): ReadonlySet<string> {
  const seen = new Set([tip]);
  for (const commit of seen) for (const parent of graph.parents.get(commit) ?? []) seen.add(parent);
  if (graph.root !== undefined) seen.add(graph.root);
  return seen;
}

/** The best common ancestor of two tips by their `ancestors`; one of them where a criss-cross has several. Absent where they have none in the graph. */
export function mergeBase(
  graph: CommitGraph,
  one: ReadonlySet<string>,
  other: ReadonlySet<string>,
): string | undefined {
  const common = [...other].filter((commit) => one.has(commit));
  // What is common is closed downward, so whatever is below a common commit is the parent of one.
  const covered = new Set(common.flatMap((commit) => graph.parents.get(commit) ?? []));
  return common.find((commit) => !covered.has(commit));
}
