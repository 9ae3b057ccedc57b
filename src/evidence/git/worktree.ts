import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { diskHistory, folderNames } from "../../source/disk/sources.ts";
import { git } from "../../source/git/repository.ts";
import { compareFolders } from "../../source/layout.ts";
import type { Outcome } from "../../source/outcome.ts";
import { success } from "../../source/outcome.ts";
import { type BranchRoot, rootOfHistory } from "./roots.ts";
import type { BranchSet } from "./branch-set.ts";

/**
 * The same branches, where what is checked out has what is in the work tree: what is not committed belongs to it. By one process;
 * files are read only where something was changed.
 */
export function withWorkTree(set: BranchSet): Outcome<BranchSet> {
  const current = set.branches.find((branch) => branch.current);
  if (!current || !isAbsolute(set.repository)) return success(set);
  const paths = current.roots.map(({ path }) => path || ".");
  if (paths.length === 0) return success(set);
  const status = git(set.repository, [
    "status",
    "--porcelain=v1",
    "-z",
    "--untracked-files=all",
    "--no-renames",
    // Git would ask each of them for itself, by its own configuration.
    "--ignore-submodules=all",
    "--",
    ...paths.map((path) => `:(literal)${path}`),
  ]);
  // A bare repository has no work tree.
  if (!status.ok) return status.code === "no work tree" ? success(set) : status;
  const changed = status.value
    .toString("utf8")
    .split("\0")
    .filter((entry) => entry !== "")
    .map((entry) => entry.slice(3));
  const roots: BranchRoot[] = [];
  for (const root of current.roots) {
    // In the tree there is a submodule at most, which is nobody's migrations.
    if (root.migrations.length === 0 && !existsSync(join(set.repository, root.path))) continue;
    if (!changed.some((path) => root.path === "" || path.startsWith(`${root.path}/`))) {
      roots.push(root);
      continue;
    }
    const directory = join(set.repository, root.path);
    if (!existsSync(directory)) continue;
    const names = folderNames(directory, root.path);
    if (!names.ok) return names;
    const history = diskHistory(set.repository, directory, [...names.value].sort(compareFolders), () => "pending");
    if (!history.ok) return history;
    // A text that is committed too keeps its SourceFile, so that it is read once.
    const known = new Map(
      set.branches.flatMap((branch) =>
        branch.roots.flatMap(({ migrations }) =>
          migrations.map((migration) => [`${migration.path}\0${migration.checksum}`, migration] as const),
        ),
      ),
    );
    const read = rootOfHistory(history.value, root.root);
    roots.push({
      ...read,
      path: root.path,
      migrations: read.migrations.map(
        (migration) => known.get(`${migration.path}\0${migration.checksum}`) ?? migration,
      ),
    });
  }
  return success({
    ...set,
    branches: set.branches.map((branch) => (branch === current ? { ...branch, roots } : branch)),
  });
}
