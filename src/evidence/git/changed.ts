import { relative, resolve, sep } from "node:path";
import type { ReadStatements } from "../../model/divergence/facts.ts";
import type { History } from "../../source/history.ts";
import type { StagedHistory } from "../../source/git/staged.ts";
import { foldersInTree } from "../../source/git/repository.ts";
import {
  type ComparedBranch,
  type Divergence,
  type DivergingHistory,
  divergenceOf,
} from "../../model/divergence/viewpoint.ts";
import { type Environment, findBase } from "./base.ts";
import { type BranchNames, assignRoles, hotfixGlob, rolesOf } from "./roles.ts";
import { type BranchMigration, rootOfHistory } from "./roots.ts";

export interface ChangedOptions {
  /** Absolute; paths of the histories are relative to it. */
  readonly cwd: string;
  /** Absolute: the repository. */
  readonly root: string;
  /** The branch that is checked out. */
  readonly branch: string | undefined;
  readonly names: BranchNames | undefined;
  readonly environment: Environment;
  readonly histories: readonly StagedHistory[];
  readonly read: ReadStatements;
}

/**
 * The index compared with what is committed, as far as it changes, renames or deletes migrations that are there: with the base where that
 * has one of them, else with HEAD. Nothing else of the branches is looked at, so that a hook stays fast.
 */
export function changedSince({ cwd, root, branch, names, environment, histories, read }: ChangedOptions): Divergence {
  const found = findBase(root, undefined, environment);
  const base = found.ok ? found.value : undefined;
  const onBase = histories.some(({ directory, earlier }) => {
    const folders = base && foldersInTree(root, base.commit, directory);
    return folders?.ok === true && earlier.some(({ id }) => folders.value.has(id));
  });
  const current = branch ?? "HEAD";
  const main = base?.ref.replace(/^origin\//, "");
  const isMain = current === main;
  const roles = assignRoles(
    [...new Set([current, ...(main === undefined ? [] : [main])])].map((name) => ({ name, committed: 0 })),
    names,
    main,
  );
  const own = hotfixGlob(current, names) === undefined ? rolesOf(current, roles) : (["hotfix"] as const);
  const ours: ComparedBranch = { name: current, ref: current, roles: own, into: [] };
  const target: ComparedBranch =
    onBase && base && main !== undefined && !isMain
      ? { name: main, ref: base.ref, roles: rolesOf(main, roles), into: [] }
      : { name: `${current} (committed)`, ref: "HEAD", roles: own, into: [] };
  const isSelf = target.ref === "HEAD";
  return divergenceOf(
    { ours, target, ...(isSelf && { self: true as const }), others: [] },
    histories.map((one) => diverging(one, cwd, root, ours.name, target.name)),
    read,
  );
}

function diverging(
  { history, directory, earlier }: StagedHistory,
  cwd: string,
  root: string,
  ours: string,
  target: string,
): DivergingHistory {
  const path = directory === "" ? relative(root, resolve(cwd, history.root)).split(sep).join("/") : directory;
  const of = (migrations: History["migrations"]): readonly BranchMigration[] =>
    rootOfHistory({ ...history, migrations }, path).migrations;
  const there = of(earlier);
  const touched = new Set(earlier.map(({ id }) => id));
  // What is new may be an old one under another name.
  const mine = of(history.migrations.filter(({ id, state }) => state === "pending" || touched.has(id)));
  return {
    root: history.root,
    branches: new Map([
      [ours, { migrations: mine }],
      [target, { migrations: there }],
    ]),
    shared: () => there,
  };
}
