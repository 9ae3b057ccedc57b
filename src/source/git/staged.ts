import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, posix, resolve } from "node:path";
import type { History, MigrationSource } from "../history.ts";
import type { Outcome } from "../outcome.ts";
import { failure, success } from "../outcome.ts";
import { decode } from "../encoding.ts";
import { leadsOut, outside } from "../disk/links.ts";
import { display, leftOut } from "../disk/sources.ts";
import { git } from "./repository.ts";
import { converseWithGit, type GitConversation } from "./conversation.ts";
import { treeEntries } from "./objects.ts";
import {
  DOWN_FILE,
  lastSegment,
  listingOf,
  LOCK_FILE,
  looksLikePrisma,
  MIGRATION_FILE,
  parent,
  prismaHistory,
} from "../layout.ts";
import { git as byHand } from "../../advice/programs/git.ts";

/** A path at which the index is not what HEAD is. */
export interface StagedChange {
  /** From the git root, with forward slashes. */
  readonly path: string;
  /** The blob in the index; absent where the index has no regular file there. */
  readonly blob?: string;
  /** The blob of a link, which holds where it leads. */
  readonly link?: string;
  /** The content differs, not only the mode. */
  readonly content: boolean;
  /** A merge left several versions. */
  readonly unmerged: boolean;
}

/**
 * What is staged in the repository whose work tree is `root`, by one process; before the first commit that is the whole index.
 * In a hook it is the index that git commits, which `git commit -a` and `git commit PATH` make for the occasion (GIT_INDEX_FILE).
 */
export function stagedChanges(
  root: string,
  environment: Readonly<Record<string, string | undefined>>,
): Outcome<readonly StagedChange[]> {
  const index = hookIndex(root, environment["GIT_INDEX_FILE"]);
  const run = git(
    root,
    [
      "diff",
      "--cached",
      "--raw",
      "-z",
      "--no-abbrev",
      "--no-renames",
      "--no-color",
      "--no-ext-diff",
      "--ignore-submodules=all",
    ],
    undefined,
    { index },
  );
  if (!run.ok)
    return run.code === "no git"
      ? failure("git was not found, which --staged needs to read the index: install it, or name the migrations.")
      : run;
  const changes: StagedChange[] = [];
  const tokens = run.value.toString("utf8").split("\0");
  for (let at = 0; at + 1 < tokens.length; at += 2) {
    const [, before, mode = "", old, blob = "", status] =
      /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])/.exec(tokens[at] ?? "") ?? [];
    if (before === undefined) continue;
    changes.push({
      path: tokens[at + 1] ?? "",
      ...(mode.startsWith("100") && status !== "U" && { blob }),
      ...(mode === "120000" && { link: blob }),
      content: old !== blob,
      unmerged: status === "U",
    });
  }
  return success(changes);
}

/** The index that a hook was given, unless it belongs to another repository than `root`: a hook may look into a submodule. */
function hookIndex(root: string, given: string | undefined): string | undefined {
  if (!given) return undefined;
  const file = isAbsolute(given) ? given : resolve(root, given);
  const directory = dirname(file);
  if (!existsSync(file) || !existsSync(directory)) return undefined;
  const own = gitDirectory(root);
  const foreign =
    existsSync(join(directory, "HEAD")) && (own === undefined || realpathSync(directory) !== realpathSync(own));
  return foreign ? undefined : file;
}

/** The git directory of a work tree: `.git`, or what the file `.git` of a worktree or submodule points to. */
function gitDirectory(root: string): string | undefined {
  const git = join(root, ".git");
  const stats = statSync(git, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return git;
  const target = stats && /^gitdir: (.+)$/m.exec(readFileSync(git, "utf8"))?.[1];
  const directory = target === undefined ? undefined : resolve(root, target.trim());
  return directory !== undefined && existsSync(directory) ? directory : undefined;
}

/** The branch that is checked out, read from its file; absent where HEAD is detached. */
export function checkedOutBranch(root: string): string | undefined {
  const directory = gitDirectory(root);
  const head = directory === undefined ? undefined : join(directory, "HEAD");
  const branch =
    head !== undefined && existsSync(head)
      ? /^ref: refs\/heads\/(.+)$/m.exec(readFileSync(head, "utf8"))?.[1]?.trim()
      : undefined;
  // With reftable the file holds this in place of a branch.
  return branch === ".invalid" ? undefined : branch;
}

/** Whether a change may be one of a migrations directory: of an SQL file that a migration folder holds, or of the lock file. */
export function mayBeMigration({ path }: StagedChange): boolean {
  const name = lastSegment(path);
  if (/(^|\/)node_modules\//.test(path)) return false;
  return name === LOCK_FILE || ((name === MIGRATION_FILE || name === DOWN_FILE) && parent(path) !== "");
}

export interface StagedHistory {
  readonly history: History;
  /** The migrations directory from the git root. */
  readonly directory: string;
  /** What the index changes or lacks, as HEAD has it. */
  readonly earlier: readonly MigrationSource[];
}

/**
 * The histories of the migrations directories that something is staged in that `wanted` takes (paths from the git root), as the commit will
 * have them: what differs from HEAD is pending, all else is history. By one process, `started` if it is given and left running then; the work tree is not read. Paths of files count from `cwd`.
 */
export async function stagedHistories(
  cwd: string,
  root: string,
  changes: readonly StagedChange[],
  wanted: (path: string) => boolean,
  started?: GitConversation,
): Promise<Outcome<readonly StagedHistory[]>> {
  const directories = [
    ...new Set(
      changes
        .filter((change) => mayBeMigration(change) && wanted(change.path))
        .map(({ path }) => (lastSegment(path) === LOCK_FILE ? parent(path) : parent(parent(path)))),
    ),
  ].sort();
  const histories: StagedHistory[] = [];
  const left: { readonly directory: string; readonly message: string }[] = [];
  if (directories.length === 0) return success(histories);
  const objects = started ?? converseWithGit(root);
  try {
    for (const directory of directories) {
      const history = await stagedHistory(cwd, root, directory, changes, objects);
      if (!history.ok) left.push({ directory, message: history.message });
      else if (history.value) histories.push({ ...history.value, directory });
    }
  } finally {
    if (!started) objects.end();
  }
  const [first] = histories;
  if (!first) return left[0] ? failure(left[0].message) : success(histories);
  const problems = [
    ...first.history.problems,
    ...left.map((one) => leftOut(display(cwd, resolve(root, one.directory)), one.message)),
  ];
  histories[0] = { ...first, history: { ...first.history, problems } };
  return success(histories);
}

/** Absent where the directory turns out to be none of Prisma's. */
async function stagedHistory(
  cwd: string,
  root: string,
  directory: string,
  changes: readonly StagedChange[],
  objects: GitConversation,
): Promise<Outcome<Omit<StagedHistory, "directory"> | undefined>> {
  const shown = display(cwd, resolve(root, directory));
  const prefix = directory === "" ? "" : `${directory}/`;
  if (/[\r\n]/.test(directory))
    return failure(
      `${JSON.stringify(shown)} has a line break in its name, with which git cannot be asked for it: rename the folder.`,
    );
  const head = await filesOfHead(directory, objects);
  if (!head.ok) return head;
  const files = new Map(head.value);
  const changed = new Set<string>();
  const targets = await objects.ask(changes.flatMap(({ link }) => link ?? []));
  if (!targets.ok) return targets;
  for (const { path: whole, blob, link, content, unmerged } of changes) {
    if (!whole.startsWith(prefix)) continue;
    const path = whole.slice(prefix.length);
    const [folder = "", name, ...deeper] = path.split("/");
    if (deeper.length > 0) continue;
    const own = path === LOCK_FILE || name === MIGRATION_FILE || name === DOWN_FILE;
    if (own && unmerged)
      return failure(
        `${display(cwd, resolve(root, whole))} has an unfinished merge in the index: resolve it, and stage it with "${byHand.add().text}".`,
      );
    const target = link === undefined ? undefined : targets.value.get(link)?.bytes.toString("utf8");
    if (own && target !== undefined && leadsOut(isAbsolute(target) ? target : posix.join(parent(whole), target)))
      return outside(display(cwd, resolve(root, whole)));
    if (blob === undefined) files.delete(path);
    else files.set(path, blob);
    if (own && content && path !== LOCK_FILE) changed.add(folder);
  }
  const folders = [...files.keys()].filter((path) => /^[^/]+\/migration\.sql$/.test(path)).map(parent);
  if (
    !files.has(LOCK_FILE) &&
    !folders.some((folder) =>
      looksLikePrisma(lastSegment(resolve(root, directory).replaceAll("\\", "/")), folder, false),
    )
  )
    return success(undefined);
  const before = new Map(
    [...head.value].filter(([path, blob]) => /^[^/]+\/migration\.sql$/.test(path) && files.get(path) !== blob),
  );
  const blobs = await objects.ask([
    ...before.values(),
    ...[...files]
      .filter(([path]) => path === LOCK_FILE || /^[^/]+\/(migration|down)\.sql$/.test(path))
      .map(([, blob]) => blob),
  ]);
  if (!blobs.ok) return blobs;
  const place = (path: string): string => (shown === "." ? path : `${shown}/${path}`);
  const listing = listingOf(shown, files.keys(), (path) => {
    const object = blobs.value.get(files.get(path) ?? "");
    return object
      ? success(decode(place(path), object.bytes))
      : failure(
          `${place(path)} could not be read from the index: its content is missing from the repository; stage it again with "${byHand.add().text}".`,
        );
  });
  const history = prismaHistory(listing, (id) => (changed.has(id) ? "pending" : "history"));
  if (!history.ok) return history;
  const earlier = [...before].flatMap(([path, blob]): MigrationSource[] => {
    const object = blobs.value.get(blob);
    const folder = parent(path);
    return object ? [{ id: folder, path: place(folder), up: decode(place(path), object.bytes), state: "history" }] : [];
  });
  return success({ history: history.value, earlier });
}

/** What HEAD has in a directory, one folder deep: paths from it with their blobs. Empty before the first commit. */
async function filesOfHead(directory: string, objects: GitConversation): Promise<Outcome<ReadonlyMap<string, string>>> {
  const spec = `HEAD:${directory}`;
  const top = await objects.ask([spec]);
  if (!top.ok) return top;
  const tree = top.value.get(spec);
  const files = new Map<string, string>();
  if (tree?.type !== "tree") return success(files);
  const entries = treeEntries(tree);
  const folders = await objects.ask(entries.filter(({ kind }) => kind === "tree").map(({ object }) => object));
  if (!folders.ok) return folders;
  for (const entry of entries) {
    if (entry.kind === "file") files.set(entry.name, entry.object);
    const folder = entry.kind === "tree" ? folders.value.get(entry.object) : undefined;
    for (const inner of folder ? treeEntries(folder) : []) {
      if (inner.kind === "file") files.set(`${entry.name}/${inner.name}`, inner.object);
    }
  }
  return success(files);
}
