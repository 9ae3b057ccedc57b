import { type GitRef, listRefs } from "../../source/git/refs.ts";
import type { BranchRole } from "../../model/divergence/roles.ts";
import { type Outcome, failure, success } from "../../source/outcome.ts";
import { missingRef, resolveRef } from "../../source/git/repository.ts";
import type { RefListing } from "./refs.ts";
import { matchesGlob } from "./roles.ts";
import { git as byHand } from "../../advice/programs/git.ts";
import { readObjects } from "../../source/git/objects.ts";
import type { BranchOptions } from "./branch-set.ts";

interface NamedRef {
  readonly name: string;
  readonly commit: string;
  readonly role: BranchRole;
  readonly ref: GitRef;
}

/** What was named and is no branch: a tag or a commit. A name that leads nowhere is a failure. */
export function namedRefs(
  repository: string,
  { names, also = [] }: BranchOptions,
  { branches }: RefListing,
): Outcome<NamedRef[]> {
  const asked = [
    ...(names?.production === undefined
      ? []
      : [{ name: names.production, role: "production" as const, origin: "branches.production" }]),
    ...also.map((name) => ({ name, role: "other" as const, origin: "named to compare" })),
  ].filter(({ name }) => !branches.some((branch) => matchesGlob(name, branch.name)));
  const found: NamedRef[] = [];
  for (const { name, role, origin } of asked) {
    if (name.includes("*")) {
      const tags = listRefs(repository, ["refs/tags"]);
      if (!tags.ok) return tags;
      const [newest] = tags.value
        .filter(({ ref }) => matchesGlob(name, ref.slice("refs/tags/".length)))
        .sort((a, b) => b.committed - a.committed || b.ref.localeCompare(a.ref, "en", { numeric: true }));
      if (!newest)
        return failure(
          `No branch and no tag of ${repository} has a name like ${name} (${origin}): check its spelling, or run "${byHand.fetchTags().text}" first.`,
        );
      found.push({ name: newest.ref.slice("refs/tags/".length), commit: newest.commit, role, ref: newest });
      continue;
    }
    const commit = resolveRef(repository, [name, `refs/remotes/origin/${name}`]);
    if (!commit.ok) return commit;
    if (!commit.value) return missingRef(repository, name, origin, "branch");
    const tree = treeOf(repository, commit.value.commit);
    if (!tree.ok) return tree;
    found.push({ name, commit: commit.value.commit, role, ref: { ref: name, ...tree.value } });
  }
  return success(found);
}

function treeOf(
  repository: string,
  commit: string,
): Outcome<{ readonly commit: string; readonly tree: string; readonly committed: number }> {
  const read = readObjects(repository, [commit]);
  if (!read.ok) return read;
  return success({ commit, ...commitHeader(read.value.get(commit)?.bytes) });
}

export function commitHeader(bytes: Buffer | undefined): { readonly tree: string; readonly committed: number } {
  const text = bytes?.toString("latin1") ?? "";
  return {
    tree: /^tree ([0-9a-f]+)$/m.exec(text)?.[1] ?? "",
    committed: Number(/^committer .*> (\d+) /m.exec(text)?.[1] ?? 0),
  };
}
