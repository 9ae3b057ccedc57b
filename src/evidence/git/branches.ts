import type { BranchRole } from "../../model/divergence/roles.ts";
import { type Outcome, failure, success } from "../../source/outcome.ts";
import { git, missingRef } from "../../source/git/repository.ts";
import { type CommitGraph, ancestors, commitGraph, mergeBase } from "../../source/git/graph.ts";
import { type BranchRefs, chosenRef, listBranches } from "./refs.ts";
import { assignRoles, rolesOf } from "./roles.ts";
import { changedMigrations, newDirectories, placesOf, readRoots } from "./roots.ts";
import type { GitRef } from "../../source/git/refs.ts";
import { readObjects } from "../../source/git/objects.ts";
import { git as byHand } from "../../advice/programs/git.ts";
import { LOCK_FILE, MIGRATION_FILE, lastSegment, migrationDirectories, parent } from "../../source/layout.ts";
import type { SourceProblem } from "../../source/history.ts";
import type { BranchHistory, BranchOptions, BranchPair, BranchSet } from "./branch-set.ts";
import { commitHeader, namedRefs } from "./named-refs.ts";

interface Chosen extends Omit<BranchHistory, "roots"> {
  readonly tree: string;
}

const ORDER: readonly BranchRole[] = ["production", "main", "development", "hotfix", "release", "other"];
/** Branches that the graph is asked for, where no more are wanted. */
const MOST = 60;
const DAY = 86_400;

/**
 * The branches of a repository with their migrations, without a checkout and without a fetch, by about ten processes whatever the
 * number of branches. `repository` is the root of a work tree or a bare git directory. Fails with one sentence; what one pair of
 * branches lacks (a common ancestor) is said at the pair.
 */
export function readBranches(repository: string, options: BranchOptions): Outcome<BranchSet> {
  const listing = listBranches(repository, options.environment);
  if (!listing.ok) return listing;
  const named = namedRefs(repository, options, listing.value);
  if (!named.ok) return named;
  const roles = assignRoles(
    listing.value.branches.map((each) => ({
      name: each.name,
      committed: Math.max(each.local?.committed ?? 0, each.remote?.committed ?? 0),
    })),
    options.names,
    listing.value.defaultBranch,
  );
  if (options.names?.main !== undefined && roles.main === undefined)
    return missingRef(repository, options.names.main, "branches.main", "branch");
  const { branches, head } = listing.value;
  const isRole = (name: string): boolean => rolesOf(name, roles)[0] !== "other";
  const leftOut: { name: string; why: BranchSet["leftOut"][number]["why"] }[] = [];

  const newest = Math.max(0, ...branches.map(committed));
  const oldest = newest - (options.days ?? 90) * DAY;
  const mains = [roles.production, roles.main, ...roles.development];
  const candidates = branches
    .filter((each) => {
      if (mains.includes(each.name) || each.name === head?.name || options.also?.includes(each.name)) return true;
      if (options.onlyRoles && !isRole(each.name)) return false;
      if (committed(each) >= oldest) return true;
      leftOut.push({ name: each.name, why: "old" });
      return false;
    })
    .sort(
      (a, b) =>
        Number(mains.includes(b.name)) - Number(mains.includes(a.name)) ||
        Number(b.name === head?.name) - Number(a.name === head?.name) ||
        Number(isRole(b.name)) - Number(isRole(a.name)) ||
        committed(b) - committed(a) ||
        (a.name < b.name ? -1 : 1),
    );
  leftOut.push(
    ...candidates
      .splice(Math.max(MOST, options.limit ?? 0))
      .map(({ name }) => ({ name, why: "beyond the limit" as const })),
  );

  const tips = [...candidates.flatMap((each) => [each.local, each.remote]), ...named.value, head].flatMap(
    (each) => each?.commit ?? [],
  );
  if (tips.length === 0) return failure(`${repository} has no branch with a commit yet: commit the migrations first.`);
  const graph = commitGraph(repository, tips);
  if (!graph.ok) return graph;

  let chosen: Chosen[] = candidates.flatMap((each): Chosen[] => {
    const current = each.name === head?.name;
    const ref = current && head ? { ...(each.local ?? { ref: "HEAD" }), ...head } : chosenRef(each, graph.value, false);
    return ref
      ? [
          {
            name: each.name,
            ref: ref.ref,
            commit: ref.commit,
            tree: ref.tree,
            committed: ref.committed,
            roles: rolesOf(each.name, roles),
            ...(current && { current: true as const }),
          },
        ]
      : [];
  });
  for (const { name, ref, role } of named.value) {
    if (!chosen.some((each) => each.name === name)) chosen.push({ ...pick(ref), name, roles: [role] });
  }
  if (head && !chosen.some((each) => each.current)) {
    const same = chosen.findIndex((each) => each.commit === head.commit);
    if (same >= 0 && head.name === undefined) chosen[same] = { ...(chosen[same] as Chosen), current: true };
    else
      chosen.push({
        name: head.name ?? "HEAD",
        ref: "HEAD",
        commit: head.commit,
        tree: head.tree,
        committed: head.committed,
        roles: head.name === undefined ? ["other"] : rolesOf(head.name, roles),
        current: true,
      });
  }

  const production = chosen.find((each) => each.roles.includes("production"));
  const main = chosen.find((each) => each.roles.includes("main")) ?? production ?? chosen[0];
  if (!main) return failure(`${repository} has no branch with a commit yet: commit the migrations first.`);
  const keeps = (each: Chosen): boolean =>
    each === main ||
    each.current === true ||
    each.roles.some((role) => role === "production" || role === "main" || role === "development") ||
    named.value.some(({ name }) => name === each.name) ||
    options.also?.includes(each.name) === true;
  const into = new Set(
    [main, ...(production ? [production] : [])].flatMap((each) => [...ancestors(graph.value, each.commit)]),
  );
  chosen = chosen.filter((each) => {
    if (keeps(each) || !into.has(each.commit)) return true;
    leftOut.push({ name: each.name, why: "merged" });
    return false;
  });

  const changes = changedMigrations(
    repository,
    main.tree,
    chosen.map(({ tree }) => tree),
  );
  if (!changes.ok) return changes;
  let live = 0;
  chosen = chosen
    .sort((a, b) => rank(a) - rank(b) || b.committed - a.committed || (a.name < b.name ? -1 : 1))
    .filter((each) => {
      if (keeps(each)) return true;
      const { added, modified } = changes.value(each.tree);
      const why =
        added.length + modified.length === 0
          ? "no migrations of its own"
          : each.roles[0] === "other" && ++live > (options.limit ?? 20)
            ? "beyond the limit"
            : undefined;
      if (why) leftOut.push({ name: each.name, why });
      return why === undefined;
    });

  const roots = rootsOf(repository, main, options.directories);
  if (!roots.ok) return roots;
  if (!options.directories) {
    for (const each of chosen) {
      const { added } = changes.value(each.tree);
      for (const directory of newDirectories(added, placesOf(roots.value, changes.value(each.tree))))
        roots.value.set(directory, new Set());
    }
  }
  const pairs = pairsOf(chosen, graph.value, repository);
  const bases = baseSnapshots(repository, pairs);
  if (!bases.ok) return bases;
  const before = changedMigrations(
    repository,
    main.tree,
    bases.value.map(({ tree }) => tree),
  );
  if (!before.ok) return before;
  const trees = new Map([...bases.value, ...chosen].map(({ commit, tree }) => [commit, tree]));
  const places = (commit: string): ReadonlyMap<string, string> => {
    const tree = trees.get(commit) ?? "";
    return placesOf(roots.value, chosen.some((each) => each.tree === tree) ? changes.value(tree) : before.value(tree));
  };
  const read = readRoots(repository, [...trees.keys()], places);
  if (!read.ok) return read;
  const histories = chosen.map(
    ({ tree: _, ...each }): BranchHistory => ({ ...each, roots: read.value.get(each.commit) ?? [] }),
  );
  if (histories.every((each) => each.roots.length === 0)) {
    return failure(
      `No branch of ${repository} has migrations${options.directories ? ` in ${options.directories.join(", ")}` : ""}: name the migrations folder.`,
    );
  }
  return success({
    repository,
    flow: roles.flow,
    because: roles.because,
    branches: histories,
    pairs,
    bases: new Map(bases.value.map(({ commit }) => [commit, read.value.get(commit) ?? []])),
    leftOut,
    problems: narrow(repository, branches, graph.value.shallow),
  });
}

/**
 * A clone of one branch (`git clone --depth`, `--single-branch`, the checkout of most CI systems) says nothing of the others: what is not
 * here was not compared.
 */
function narrow(repository: string, branches: readonly BranchRefs[], shallow: boolean): readonly SourceProblem[] {
  if (branches.filter(({ remote }) => remote).length > 1) return [];
  const run = git(repository, ["config", "--get-all", "remote.origin.fetch"]);
  const specs = run.ok ? run.value.toString("utf8").split("\n").filter(Boolean) : [];
  if (specs.length === 0 || specs.some((spec) => spec.includes("*"))) return [];
  const fetch = shallow ? byHand.unshallow() : byHand.fetch("origin");
  return [
    {
      file: lastSegment(repository),
      message: `This clone has one branch of origin alone${shallow ? ", and not all of its commits" : ""}: branches that are not here were not compared.`,
      help: `Bring them with ${byHand.trackAll().text} and ${fetch.text}; in CI let the checkout fetch everything (fetch-depth: 0).`,
    },
  ];
}

const committed = (each: BranchRefs): number => Math.max(each.local?.committed ?? 0, each.remote?.committed ?? 0);
const rank = (each: Chosen): number => Math.min(...each.roles.map((role) => ORDER.indexOf(role)));
const pick = ({ ref, commit, tree, committed: at }: GitRef): Omit<Chosen, "name" | "roles"> => ({
  ref,
  commit,
  tree,
  committed: at,
});

/** The commits that pairs have as their base, with their trees. */
function baseSnapshots(
  repository: string,
  pairs: readonly BranchPair[],
): Outcome<{ readonly commit: string; readonly tree: string }[]> {
  const commits = [...new Set(pairs.flatMap(({ base }) => base ?? []))];
  const read = readObjects(repository, commits);
  if (!read.ok) return read;
  return success(commits.map((commit) => ({ commit, tree: commitHeader(read.value.get(commit)?.bytes).tree })));
}

function pairsOf(chosen: readonly Chosen[], graph: CommitGraph, repository: string): BranchPair[] {
  const below = new Map(chosen.map(({ commit }) => [commit, ancestors(graph, commit)]));
  return chosen.flatMap((one, at) =>
    chosen.slice(at + 1).map((other): BranchPair => {
      const base = mergeBase(graph, below.get(one.commit) ?? new Set(), below.get(other.commit) ?? new Set());
      if (base !== undefined) return { one: one.name, other: other.name, base };
      const problem = graph.shallow
        ? `The commit where ${one.name} and ${other.name} part is not in this shallow clone of ${repository}: run "${byHand.unshallow().text}" first, or let the checkout fetch everything (fetch-depth: 0).`
        : `${one.name} and ${other.name} have no commit in common: what one of them changed or deleted cannot be told from what it never had.`;
      return { one: one.name, other: other.name, problem, ...(graph.shallow && { isCut: true }) };
    }),
  );
}

/** The migrations directories of the main branch with their folders. Those that were asked for are there even if the branch lacks them. */
function rootsOf(
  repository: string,
  main: Chosen,
  directories: readonly string[] | undefined,
): Outcome<Map<string, Set<string>>> {
  const below = (directories ?? []).filter((directory) => directory !== "").map((directory) => `${directory}/`);
  const run = git(repository, [
    "ls-tree",
    "-r",
    "-z",
    "--name-only",
    "--full-tree",
    main.commit,
    ...(below.length > 0 && below.length === directories?.length ? ["--", ...below] : []),
  ]);
  if (!run.ok) return run;
  const paths = migrationPaths(run.value.toString("utf8"));
  const roots = new Map<string, Set<string>>(
    (directories ?? migrationDirectories(paths)).map((directory) => [directory, new Set()]),
  );
  for (const path of paths)
    if (lastSegment(path) === MIGRATION_FILE) roots.get(parent(parent(path)))?.add(lastSegment(parent(path)));
  return success(roots);
}

/** Of names that end in NUL, those that are a migration's or a lock file. There may be a hundred thousand others: they are not even split. */
function migrationPaths(names: string): string[] {
  const found: string[] = [];
  for (const file of [MIGRATION_FILE, LOCK_FILE]) {
    for (let at = names.indexOf(`${file}\0`); at >= 0; at = names.indexOf(`${file}\0`, at + 1)) {
      const start = names.lastIndexOf("\0", at) + 1;
      if (start === at || names[at - 1] === "/") found.push(names.slice(start, at + file.length));
    }
  }
  return found;
}
