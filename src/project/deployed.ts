import { relative, sep } from "node:path";
import { gitRoot, treeFiles } from "../source/git/repository.ts";
import type { Outcome } from "../source/outcome.ts";
import { success } from "../source/outcome.ts";
import { findBase, type Base, type Environment } from "../evidence/git/base.ts";

/**
 * Which of `files` (absolute) the base branch of their repository has, each with that base. A repository without a base, and one
 * that git cannot read, has none of them; a base that somebody named and that is not there is a failure.
 */
export function onBase(
  files: readonly string[],
  named: string | undefined,
  environment: Environment,
): Outcome<ReadonlyMap<string, Base>> {
  const found = new Map<string, Base>();
  const trees = new Map<string, { readonly base: Base; readonly paths: ReadonlySet<string> } | undefined>();
  for (const file of files) {
    const root = gitRoot(file);
    if (root === undefined) continue;
    if (!trees.has(root)) {
      const base = findBase(root, named, environment);
      if (!base.ok && named !== undefined) return base;
      const tree = base.ok && base.value ? treeFiles(root, base.value.commit) : undefined;
      trees.set(
        root,
        base.ok && base.value && tree?.ok
          ? { base: base.value, paths: new Set(tree.value.map(({ path }) => path)) }
          : undefined,
      );
    }
    const tree = trees.get(root);
    if (tree?.paths.has(relative(root, file).split(sep).join("/"))) found.set(file, tree.base);
  }
  return success(found);
}
