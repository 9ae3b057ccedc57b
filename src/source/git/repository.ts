import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { History, MigrationState } from "../history.ts";
import type { FailedOutcome, Outcome } from "../outcome.ts";
import { failure, success } from "../outcome.ts";
import { decode } from "../encoding.ts";
import { DOWN_FILE, listingOf, LOCK_FILE, MIGRATION_FILE, migrationDirectories, prismaHistory } from "../layout.ts";
import { git as byHand } from "../../advice/programs/git.ts";
import { gitArguments, gitEnvironment, ownFilters } from "./process.ts";

/**
 * The nearest directory from `from` upward that holds a `.git` (a directory, or the file of a worktree or submodule).
 * Starts no process.
 */
export function gitRoot(from: string): string | undefined {
  for (let directory = from; ; directory = dirname(directory)) {
    if (existsSync(join(directory, ".git"))) return directory;
    if (dirname(directory) === directory) return undefined;
  }
}

/** Standard output of a git command that is run in `root`, or a sentence. `index`: that file in place of the repository's own index. */
export function git(
  root: string,
  args: readonly string[],
  input?: string,
  { index }: { readonly index?: string | undefined } = {},
): Outcome<Buffer> {
  // Not imported: a check of one file asks git nothing, and should not load this.
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const run = spawnSync("git", gitArguments(args), {
    cwd: root,
    env: gitEnvironment(index, ownFilters(root, args)),
    maxBuffer: 1 << 30,
    windowsHide: true,
    ...(input !== undefined && { input }),
  });
  if (run.error) return notRun(root, args, run.error);
  if (run.status === 0) return success(run.stdout);
  return refused(root, args, run.status, run.stderr.toString("utf8"));
}

/** The sentence for a git process that could not be started. */
export function notRun(root: string, args: readonly string[], error: Error): FailedOutcome {
  if ("code" in error && error.code === "ENOENT") {
    return failure(
      "git was not found, which is needed to compare with a base branch: install it, or check without a base by --all or by naming migration files.",
      "no git",
    );
  }
  return failure(`git ${args[0] ?? ""} could not be run in ${root}: ${error.message}.`);
}

/** The sentence for a git process that ended with an error. */
export function refused(root: string, args: readonly string[], status: number | null, stderr: string): FailedOutcome {
  if (stderr.includes("promisor remote")) {
    return failure(
      `${root} is a partial clone without the contents of all migrations: run "${byHand.refetchAll().text}" first, or clone without a filter.`,
    );
  }
  const said = firstLine(stderr);
  if (said.includes("dubious ownership")) {
    return failure(`git refuses to read ${root} because it belongs to another user: run "${byHand.trust(root).text}".`);
  }
  return failure(
    `git ${args[0] ?? ""} failed in ${root}: ${said.replace(/^(fatal|error): /, "") || `exit code ${String(status)}`}.`,
    said.includes("not a git repository") ? "no repository" : said.includes("work tree") ? "no work tree" : undefined,
  );
}

/** The branch of the work tree; absent where HEAD is detached. */
export function currentBranch(root: string): string | undefined {
  const run = git(root, ["symbolic-ref", "--quiet", "--short", "HEAD"]);
  return run.ok ? run.value.toString("utf8").trim() || undefined : undefined;
}

export interface ResolvedRef {
  readonly ref: string;
  /** Full object name. */
  readonly commit: string;
}

/** The first of `refs` that names a commit in the repository, by one process. The value is absent where none does. */
export function resolveRef(root: string, refs: readonly string[]): Outcome<ResolvedRef | undefined> {
  const asked = refs.filter((ref) => ref !== "" && !/[\0\r\n]/.test(ref));
  if (asked.length === 0) return success(undefined);
  const run = git(
    root,
    ["cat-file", "--batch-check=%(objectname) %(objecttype)"],
    asked.map((ref) => `${ref}^{commit}\n`).join(""),
  );
  if (!run.ok) return run;
  const lines = run.value.toString("utf8").split("\n");
  for (const [index, ref] of asked.entries()) {
    const found = /^([0-9a-f]{40,64}) commit$/.exec(lines[index] ?? "");
    if (found?.[1]) return success({ ref, commit: found[1] });
  }
  return success(undefined);
}

/** Why `ref` was not found and how to get it: one sentence. `what` it is taken for is "base" unless given. */
export function missingRef(
  root: string,
  ref: string,
  origin: string,
  what = "base",
): { readonly ok: false; readonly message: string } {
  const about = `The ${what} ${quote(ref)} (${origin})`;
  const run = git(root, ["rev-parse", "--is-shallow-repository"]);
  const shallow = run.ok && run.value.toString("utf8").trim() === "true";
  const whole = "let the checkout fetch everything (fetch-depth: 0)";
  const branch = ref.replace(/^(refs\/(remotes|heads)\/)?(origin\/)?/, "");
  // Only what can be a branch's name goes into a command that is to be pasted.
  if (!/^[\w.][\w./+-]*$/.test(branch)) {
    if (shallow && /^[\w./+~^@-]+$/.test(ref))
      return failure(
        `${about} is not in this shallow clone of ${root}: run "${byHand.unshallow().text}" first, or ${whole}.`,
      );
    return failure(`${about} names no commit in ${root}: give the name of a branch or tag, or a commit.`);
  }
  if (!shallow)
    return failure(
      `${about} names no commit in ${root}: check its spelling, or run "${byHand.fetchBranch(branch).text}" first.`,
    );
  const refspec = /^[0-9a-f]{40,64}$/.test(branch) ? branch : `${branch}:refs/remotes/origin/${branch}`;
  return failure(
    `${about} is not in this shallow clone of ${root}: run "${byHand.fetchTip(refspec).text}" first, or ${whole}.`,
  );
}

export interface TreeFile {
  /** From the root of the tree, with forward slashes. */
  readonly path: string;
  readonly blob: string;
}

/** The regular files of a tree-ish, all of them or those below `directories` (paths from the git root); links and submodules are left out. */
export function treeFiles(root: string, treeish: string, directories: readonly string[] = []): Outcome<TreeFile[]> {
  const below = directories.filter((directory) => directory !== "").map((directory) => `${directory}/`);
  const run = git(root, [
    "ls-tree",
    "-r",
    "-z",
    "--full-tree",
    treeish,
    ...(below.length > 0 && below.length === directories.length ? ["--", ...below] : []),
  ]);
  if (!run.ok) return run;
  const files: TreeFile[] = [];
  for (const entry of run.value.toString("utf8").split("\0")) {
    const parts = /^100\d{3} blob ([0-9a-f]+)\t([^]+)$/.exec(entry);
    if (parts?.[1] && parts[2]) files.push({ path: parts[2], blob: parts[1] });
  }
  return success(files);
}

/** Which folders of a migrations directory (a path from the git root) hold a migration.sql in a tree-ish: those are deployed. */
export function foldersInTree(root: string, treeish: string, directory: string): Outcome<ReadonlySet<string>> {
  const files = treeFiles(root, treeish, [directory]);
  if (!files.ok) return files;
  const prefix = directory === "" ? "" : `${directory}/`;
  const found = new Set<string>();
  for (const { path } of files.value) {
    const [folder, name, ...deeper] = path.slice(prefix.length).split("/");
    if (folder !== undefined && name === MIGRATION_FILE && deeper.length === 0) found.add(folder);
  }
  return success(found);
}

/** The migrations directories of a tree-ish, as paths from the git root. */
export function migrationDirectoriesInTree(root: string, treeish: string): Outcome<string[]> {
  const files = treeFiles(root, treeish);
  return files.ok ? success(migrationDirectories(files.value.map((file) => file.path))) : files;
}

/**
 * The history of a migrations directory as a tree-ish has it, without a checkout, by two processes.
 * `directory` is a path from the git root and stays the path of the files. A directory that is not there gives a history without migrations.
 */
export function treeHistory(
  root: string,
  treeish: string,
  directory: string,
  state: (id: string) => MigrationState,
): Outcome<History> {
  const files = treeFiles(root, treeish, [directory]);
  if (!files.ok) return files;
  const prefix = directory === "" ? "" : `${directory}/`;
  const wanted = new Map<string, string>();
  for (const file of files.value) {
    const path = file.path.slice(prefix.length);
    if (path === LOCK_FILE || /^[^/]+\//.test(path)) wanted.set(path, file.blob);
  }
  const needed = [...wanted].filter(
    ([path]) =>
      path === LOCK_FILE ||
      (/^[^/]+\/[^/]+$/.test(path) && (path.endsWith(`/${MIGRATION_FILE}`) || path.endsWith(`/${DOWN_FILE}`))),
  );
  const blobs = readBlobs(
    root,
    needed.map(([, blob]) => blob),
  );
  if (!blobs.ok) return blobs;
  const listing = listingOf(directory, wanted.keys(), (path) => {
    const bytes = blobs.value.get(wanted.get(path) ?? "");
    if (!bytes)
      return failure(
        `${prefix}${path} could not be read at ${treeish}: its content is missing from the repository; fetch it with "${byHand.refetch().text}".`,
      );
    return success(decode(prefix + path, bytes));
  });
  return prismaHistory(listing, state);
}

/** Contents by object name; names that the repository lacks are absent. */
function readBlobs(root: string, names: readonly string[]): Outcome<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const asked = [...new Set(names)];
  if (asked.length === 0) return success(found);
  const run = git(root, ["cat-file", "--batch"], asked.join("\n") + "\n");
  if (!run.ok) return run;
  const out = run.value;
  let at = 0;
  while (at < out.length) {
    const end = out.indexOf(10, at);
    if (end < 0) break;
    const header = /^([0-9a-f]+) (\w+) (\d+)$/.exec(out.toString("latin1", at, end));
    at = end + 1;
    if (!header?.[1]) continue;
    const size = Number(header[3]);
    found.set(header[1], out.subarray(at, at + size));
    at += size + 1;
  }
  return success(found);
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}

function quote(text: string): string {
  return JSON.stringify(text);
}
