import { createHash } from "node:crypto";
import { decode } from "../../source/encoding.ts";
import type { History } from "../../source/history.ts";
import {
  DOWN_FILE,
  lastSegment,
  listingOf,
  LOCK_FILE,
  MIGRATION_FILE,
  migrationDirectories,
  parent,
  prismaHistory,
  within,
} from "../../source/layout.ts";
import { git } from "../../source/git/repository.ts";
import { type GitObject, readObjects, treeEntries } from "../../source/git/objects.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import type { SourceFile } from "../../source/text.ts";
import { git as byHand } from "../../advice/programs/git.ts";

/** One folder of a migrations directory on a branch. */
export interface BranchMigration {
  /** The folder's name: what Prisma stores as migration_name. */
  readonly id: string;
  /** The folder as a path from the git root, on this branch. */
  readonly path: string;
  /** Object name of migration.sql: equal ones are equal byte for byte. Empty for a text that is in no repository. */
  readonly blob: string;
  /** What Prisma stores in _prisma_migrations when this text is applied: SHA-256 in hexadecimal. */
  readonly checksum: string;
  readonly file: SourceFile;
  readonly down?: SourceFile | undefined;
}

/** The migrations of one migrations directory as one commit has them. */
export interface BranchRoot {
  /** The directory on the main branch, from the git root: the same for all branches. */
  readonly root: string;
  /** Where this commit has it; another than `root` where it was moved. */
  readonly path: string;
  readonly provider: History["provider"];
  /** In the order in which Prisma would apply them. */
  readonly migrations: readonly BranchMigration[];
  readonly problems: History["problems"];
}

/** What Prisma stores for a migration's text, whatever its line endings: https://github.com/prisma/prisma-engines (checksum.rs). */
function checksum(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** A history that was read from disk, in the form that branches have: what is not committed is compared in the same way. */
export function rootOfHistory(history: History, root: string): BranchRoot {
  return {
    root,
    path: root,
    provider: history.provider,
    problems: history.problems,
    migrations: history.migrations.flatMap(({ id, path, up, down }) =>
      up ? [{ id, path, blob: "", checksum: checksum(up.text), file: up, ...(down && { down }) }] : [],
    ),
  };
}

/**
 * The migrations directories that `commits` have, by three processes whatever their number: trees, trees of the folders, texts. A
 * folder or a text that several of them share is read once. `places` gives, for a commit, where it has each root.
 */
export function readRoots(
  repository: string,
  commits: readonly string[],
  places: (commit: string) => ReadonlyMap<string, string>,
): Outcome<Map<string, readonly BranchRoot[]>> {
  const directories = [...new Set(commits)].flatMap((commit) =>
    [...places(commit)].map(([root, path]) => ({
      commit,
      root,
      path,
      spec: path === "" ? `${commit}^{tree}` : `${commit}:${path}`,
    })),
  );
  const trees = readObjects(
    repository,
    directories.map(({ spec }) => spec),
  );
  if (!trees.ok) return trees;
  const entriesOf = new Map<string, ReturnType<typeof treeEntries>>();
  const entries = (tree: GitObject): ReturnType<typeof treeEntries> => {
    let known = entriesOf.get(tree.name);
    if (!known) entriesOf.set(tree.name, (known = treeEntries(tree)));
    return known;
  };
  const tops = [...trees.value.values()].filter((object) => object.type === "tree");
  const folders = readObjects(
    repository,
    tops.flatMap((tree) =>
      entries(tree)
        .filter((entry) => entry.kind === "tree")
        .map((entry) => entry.object),
    ),
  );
  if (!folders.ok) return folders;
  const wanted = (name: string): boolean => name === MIGRATION_FILE || name === DOWN_FILE;
  const blobs = readObjects(repository, [
    ...tops.flatMap((tree) =>
      entries(tree)
        .filter((entry) => entry.kind === "file" && entry.name === LOCK_FILE)
        .map((entry) => entry.object),
    ),
    ...[...folders.value.values()].flatMap((tree) =>
      entries(tree)
        .filter((entry) => entry.kind === "file" && wanted(entry.name))
        .map((entry) => entry.object),
    ),
  ]);
  if (!blobs.ok) return blobs;

  // One SourceFile for each path and text: whoever keeps something for a file then keeps it for all branches.
  const files = new Map<string, SourceFile>();
  const file = (path: string, object: string): Outcome<SourceFile> => {
    const key = `${object} ${path}`;
    let known = files.get(key);
    if (!known) {
      const bytes = blobs.value.get(object)?.bytes;
      if (!bytes)
        return failure(
          `${path} could not be read: its content is missing from the repository ${repository}; fetch it with "${byHand.refetch().text}".`,
        );
      files.set(key, (known = decode(path, bytes)));
    }
    return success(known);
  };
  const sums = new Map<string, string>();
  const sum = (object: string, text: string): string => {
    const known = sums.get(object) ?? checksum(text);
    sums.set(object, known);
    return known;
  };

  const found = new Map<string, BranchRoot[]>();
  const histories = new Map<string, BranchRoot>();
  for (const { commit, root, path, spec } of directories) {
    const roots = found.get(commit) ?? [];
    found.set(commit, roots);
    const tree = trees.value.get(spec);
    if (tree?.type !== "tree") continue;
    const key = `${tree.name} ${root} ${path}`;
    let known = histories.get(key);
    if (!known) {
      const objects = new Map<string, string>();
      const undecodable: string[] = [];
      for (const entry of entries(tree)) {
        if (entry.kind === "file") objects.set(entry.name, entry.object);
        const inside = entry.kind === "tree" ? folders.value.get(entry.object) : undefined;
        if (entry.invalidUtf8 && inside) undecodable.push(entry.name);
        for (const each of inside ? entries(inside) : [])
          if (each.kind === "file") objects.set(`${entry.name}/${each.name}`, each.object);
      }
      const history = prismaHistory(
        listingOf(
          path,
          [...objects.keys()].filter((each) => each === LOCK_FILE || /^[^/]+\/[^/]+$/.test(each)),
          (each) => file(within(path, each), objects.get(each) ?? ""),
        ),
        () => "pending",
      );
      if (!history.ok) return history;
      const migrations = history.value.migrations.flatMap((one): BranchMigration[] => {
        const blob = objects.get(`${one.id}/${MIGRATION_FILE}`) ?? "";
        return one.up
          ? [
              {
                id: one.id,
                path: one.path,
                blob,
                checksum: sum(blob, one.up.text),
                file: one.up,
                down: one.down,
              },
            ]
          : [];
      });
      const problems = undecodable.map((name) => ({
        file: within(path, name),
        message: "The folder's name is not UTF-8: it is compared as far as it can be read.",
        help: "Rename the folder, if it was never applied anywhere.",
      }));
      histories.set(
        key,
        (known = {
          root,
          path,
          provider: history.value.provider,
          migrations,
          problems: [...history.value.problems, ...problems],
        }),
      );
    }
    roots.push(known);
  }
  return success(found);
}

/** How the migration.sql files of a tree differ from another's, by their paths. */
export interface TreeChanges {
  readonly added: readonly string[];
  readonly deleted: readonly string[];
  readonly modified: readonly string[];
}

const NO_CHANGES: TreeChanges = { added: [], deleted: [], modified: [] };

/** For each of `trees`, what of its migration.sql files is other than in `from`; by one process, whose cost is what differs. */
export function changedMigrations(
  repository: string,
  from: string,
  trees: readonly string[],
): Outcome<(tree: string) => TreeChanges> {
  const others = [...new Set(trees)].filter((tree) => tree !== from);
  const found = new Map<string, { added: string[]; deleted: string[]; modified: string[] }>();
  if (others.length === 0) return success(() => NO_CHANGES);
  const run = git(
    repository,
    ["diff-tree", "--stdin", "-r", "-z", "--no-renames", "--name-status", "--", `:(glob)**/${MIGRATION_FILE}`],
    others.map((tree) => `${from} ${tree}\n`).join(""),
  );
  if (!run.ok) return run;
  let now = { added: [] as string[], deleted: [] as string[], modified: [] as string[] };
  const parts = run.value.toString("utf8").split("\0");
  for (let at = 0; at + 1 < parts.length; at += 2) {
    let status = parts[at] ?? "";
    // The header of a pair ends with a line feed; one that differs in nothing is only a header.
    for (let header = HEADER.exec(status); header; header = HEADER.exec(status)) {
      now = { added: [], deleted: [], modified: [] };
      found.set(header[1] ?? "", now);
      status = status.slice(header[0].length);
    }
    const path = parts[at + 1] ?? "";
    if (status === "A") now.added.push(path);
    else if (status === "D") now.deleted.push(path);
    else if (status !== "") now.modified.push(path);
  }
  return success((tree) => found.get(tree) ?? NO_CHANGES);
}

const HEADER = /^[0-9a-f]{40,64} ([0-9a-f]{40,64})\n/;

/** Where a commit has each root: a directory that was moved has lost the folders here that are new elsewhere. `roots` are those of the main branch with their folders. */
export function placesOf(
  roots: ReadonlyMap<string, ReadonlySet<string>>,
  { added, deleted }: TreeChanges,
): ReadonlyMap<string, string> {
  const places = new Map<string, string>([...roots.keys()].map((root) => [root, root]));
  const gained = byDirectory(added);
  for (const [root, lost] of byDirectory(deleted)) {
    if (!roots.has(root)) continue;
    let most = 0;
    for (const [directory, folders] of gained) {
      const shared = [...folders].filter((id) => lost.has(id)).length;
      if (shared <= most || shared * 2 < lost.size) continue;
      most = shared;
      places.set(root, directory);
    }
  }
  return places;
}

function byDirectory(files: readonly string[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const path of files) {
    const folder = parent(path);
    const directory = parent(folder);
    const ids = found.get(directory) ?? new Set<string>();
    found.set(directory, ids.add(lastSegment(folder)));
  }
  return found;
}

/** Migrations directories that a commit has and that are none of the roots, moved ones included. */
export function newDirectories(added: readonly string[], places: ReadonlyMap<string, string>): string[] {
  const known = new Set([...places.keys(), ...places.values()]);
  return migrationDirectories(added).filter((directory) => !known.has(directory));
}
