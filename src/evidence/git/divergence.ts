import { relative, resolve, sep } from "node:path";
import type { ReadStatements } from "../../model/divergence/facts.ts";
import { diskHistory, folderNames } from "../../source/disk/sources.ts";
import { gitRoot } from "../../source/git/repository.ts";
import type { History, SourceProblem } from "../../source/history.ts";
import { compareFolders } from "../../source/layout.ts";
import type { Outcome } from "../../source/outcome.ts";
import { success } from "../../source/outcome.ts";
import type { SourceFile } from "../../source/text.ts";
import type { Base, Environment } from "./base.ts";
import { type BranchNames, hotfixGlob, refName } from "./roles.ts";
import { type BranchMigration, type BranchRoot, rootOfHistory } from "./roots.ts";
import type { BranchHistory, BranchSet } from "./branch-set.ts";
import { readBranches } from "./branches.ts";
import { withTargets } from "../../model/divergence/roles.ts";
import {
  type ComparedBranch,
  type Divergence,
  type DivergingDirectory,
  type DivergingHistory,
  type Viewpoint,
  divergenceOf,
} from "../../model/divergence/viewpoint.ts";

export interface DivergenceOptions {
  /** Absolute; paths of `histories` are relative to it. */
  readonly cwd: string;
  /** Absolute: the repository of the base. */
  readonly root: string;
  readonly histories: readonly History[];
  readonly base: Base;
  readonly names?: BranchNames;
  readonly environment: Environment;
  readonly read: ReadStatements;
}

export interface LoadedDivergence {
  /** Absent: nothing could be compared, and the problems say why. */
  readonly divergence?: Divergence;
  readonly problems: readonly SourceProblem[];
}

/**
 * Compares the histories on disk, whole even where only some of their migrations are checked, with the tips of the target and of the
 * other live branches. Never fails: what keeps branches from being compared is a problem, said once.
 */
export function loadDivergence(options: DivergenceOptions): LoadedDivergence {
  const { cwd, root, base } = options;
  const [first] = options.histories;
  const problem = (message: string, file = first?.root ?? "", help = HELP): LoadedDivergence => ({
    problems: [{ file, message, help }],
  });
  const prisma = options.histories.filter(({ layout }) => layout === "prisma");
  const here = prisma.filter((history) => gitRoot(resolve(cwd, history.root)) === root);
  if (here.length === 0) return { problems: [] };
  const set = readBranches(root, {
    names: options.names,
    also: [base.commit],
    environment: options.environment,
  });
  if (!set.ok) return problem(`The branches were not compared: ${set.message}`);
  const current = set.value.branches.find((branch) => branch.current);
  const target =
    set.value.branches.find(({ name }) => name === base.commit) ??
    set.value.branches.find(({ commit }) => commit === base.commit);
  if (!current || !target)
    return problem(`The branches were not compared: ${current ? base.ref : "what is checked out"} could not be read.`);

  const compared = parts(set.value, current, target, base, options.names);
  const shownAs = displayed(cwd, root);
  const histories: DivergingHistory[] = [];
  const problems: SourceProblem[] = prisma
    .filter((history) => !here.includes(history))
    .map(({ root: file }) => ({
      file,
      message: `These migrations are in another repository than ${base.ref}: their branches were not compared.`,
      help: "Check them in their own repository.",
    }));
  for (const history of here) {
    const mine = whole(cwd, history);
    if (!mine.ok) {
      problems.push({ file: history.root, message: `The branches were not compared: ${mine.message}`, help: HELP });
      continue;
    }
    histories.push(
      diverging(
        mine.value,
        fromRoot(root, resolve(cwd, history.root)),
        set.value,
        compared,
        { current, target },
        shownAs,
      ),
    );
  }
  const withoutBase = set.value.pairs.find(
    ({ one, other, problem: why }) =>
      why !== undefined && [one, other].includes(current.name) && [one, other].includes(target.name),
  );
  if (withoutBase?.problem !== undefined) {
    problems.push({
      file: first?.root ?? "",
      message: withoutBase.problem.replaceAll(base.commit, base.ref),
      help: "Without it, what was renamed or deleted is not seen, and of what was changed not by whom.",
    });
  }
  return { divergence: divergenceOf(compared.viewpoint, histories, options.read), problems };
}

const HELP = "The rules of the group divergence did not run; all others did.";

interface Parts {
  readonly viewpoint: Viewpoint;
  /** The branch in the set that stands for a name. */
  readonly of: ReadonlyMap<string, BranchHistory>;
}

/** Who is compared with whom. The target is the commit that was named as the base, whatever the copies of its branch here say. */
function parts(
  set: BranchSet,
  current: BranchHistory,
  target: BranchHistory,
  base: Base,
  names: BranchNames | undefined,
): Parts {
  const known = new Set(set.branches.map(({ name }) => name));
  const name = [base.ref, base.ref.replace(/^[^/]+\//, "")].find((each) => known.has(each)) ?? base.ref;
  const named = set.branches.find((branch) => branch.name === name);
  const roles =
    named?.roles ??
    set.branches.find(({ commit, roles }) => commit === base.commit && roles[0] !== "other")?.roles ??
    target.roles;
  const isOurs = name === current.name;
  // With both under one name the target keeps the name that the base was given by.
  const targetName = isOurs ? (base.ref === name ? `${name} (committed)` : base.ref) : name;
  const into = new Map(
    withTargets(
      set.branches.map((branch) =>
        branch === current ? { ...branch, roles: rolesOfCurrent(current, names) } : branch,
      ),
    ).map((branch) => [branch.name, branch.into.map((each) => (!isOurs && each === target.name ? targetName : each))]),
  );
  const compared = (branch: BranchHistory): ComparedBranch => ({
    name: branch.name,
    ref: refName(branch),
    roles: branch.roles,
    into: into.get(branch.name) ?? [],
  });
  const others = set.branches.filter(
    (branch) => branch !== current && branch !== target && branch !== named && branch.commit !== base.commit,
  );
  return {
    viewpoint: {
      ours: {
        ...compared(current),
        ref: current.name,
        roles: rolesOfCurrent(current, names),
        committed: current.committed,
      },
      target: { name: targetName, ref: base.ref, roles, into: into.get(name) ?? [] },
      ...(isOurs && { self: true }),
      others: others.map(compared),
    },
    of: new Map([
      ...others.map((branch) => [branch.name, branch] as const),
      [current.name, current],
      [targetName, target],
    ]),
  };
}

/** In CI the branch that is built has a name and no ref: its role is in the name. */
function rolesOfCurrent(current: BranchHistory, names: BranchNames | undefined): ComparedBranch["roles"] {
  if (current.roles[0] !== "other" || current.name === "HEAD") return current.roles;
  return hotfixGlob(current.name, names) === undefined ? current.roles : ["hotfix"];
}

/** All migrations of the directory; where only some were read for the check, the others are read here. */
function whole(cwd: string, history: History): Outcome<History> {
  const directory = resolve(cwd, history.root);
  const names = folderNames(directory, history.root);
  if (!names.ok) return names;
  const known = new Set(history.migrations.map(({ id }) => id));
  const missing = names.value.filter((id) => !known.has(id));
  if (missing.length === 0) return success(history);
  const rest = diskHistory(cwd, directory, missing, () => "history");
  if (!rest.ok) return rest;
  return success({
    ...history,
    migrations: [...history.migrations, ...rest.value.migrations].sort((a, b) => compareFolders(a.id, b.id)),
  });
}

function diverging(
  history: History,
  path: string,
  set: BranchSet,
  { viewpoint: { ours, target }, of }: Parts,
  { current, target: base }: { readonly current: BranchHistory; readonly target: BranchHistory },
  shownAs: (file: SourceFile) => SourceFile,
): DivergingHistory {
  const root = current.roots.find((each) => each.path === path)?.root ?? path;
  const shown = ({ migrations }: Pick<BranchRoot, "migrations">): BranchMigration[] =>
    migrations.map((each) => ({ ...each, file: shownAs(each.file) }));
  const branches = new Map<string, DivergingDirectory>();
  for (const [name, branch] of of) {
    const there = branch.roots.find((each) => each.root === root);
    if (there && name !== ours.name)
      branches.set(name, { migrations: shown(there), ...(there.path !== path && { path: there.path }) });
  }
  branches.set(ours.name, { migrations: rootOfHistory(history, path).migrations });
  const nameInSet = (name: string): string => (name === target.name ? base.name : name);
  return {
    root: history.root,
    branches,
    shared(one, other) {
      const there = sharedIn(set, nameInSet(one), nameInSet(other), root);
      return there && shown(there);
    },
  };
}

/** What two branches had where they parted: a directory without migrations where it was not there; undefined where that is not known. */
export function sharedIn(
  set: BranchSet,
  one: string,
  other: string,
  root: string,
): Pick<BranchRoot, "migrations"> | undefined {
  const commits = [one, other].map((name) => set.branches.find((branch) => branch.name === name)?.commit);
  // One commit of two branches is their base.
  const at =
    commits[0] === commits[1]
      ? commits[0]
      : set.pairs.find((pair) => [one, other].includes(pair.one) && [one, other].includes(pair.other))?.base;
  if (at === undefined) return undefined;
  const roots = set.bases.get(at) ?? set.branches.find(({ commit }) => commit === at)?.roots;
  return roots && (roots.find((each) => each.root === root) ?? { migrations: [] });
}

/** Files of branches with their paths as those on disk have them. One for each, so that what is kept for a file is kept. */
function displayed(cwd: string, root: string): (file: SourceFile) => SourceFile {
  const known = new Map<SourceFile, SourceFile>();
  return (file) => {
    const shown = known.get(file) ?? { ...file, path: relative(cwd, resolve(root, file.path)).split(sep).join("/") };
    known.set(file, shown);
    return shown;
  };
}

const fromRoot = (root: string, absolute: string): string => relative(root, absolute).split(sep).join("/");
