import { existsSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { DatabaseSource, Evidence } from "../evidence/evidence.ts";
import type { Base, Environment } from "../evidence/git/base.ts";
import { findBase, isBaseNamed } from "../evidence/git/base.ts";
import { ownersOf, readCodeowners } from "../evidence/git/codeowners.ts";
import { findDatabase } from "../evidence/prisma/database.ts";
import { findPrisma } from "../evidence/prisma/version.ts";
import type { History, MigrationState, SourceProblem } from "../source/history.ts";
import type { SourceFile } from "../source/text.ts";
import type { FailedOutcome, Outcome } from "../source/outcome.ts";
import { failure, success } from "../source/outcome.ts";
import type { Buffers, FoundDirectory, FoundFile, Sources } from "../source/disk/sources.ts";
import { insideOf } from "../source/disk/links.ts";
import { diskHistory, display, findSources, folderNames, leftOut, readSource } from "../source/disk/sources.ts";
import type { StagedHistory } from "../source/git/staged.ts";
import { compareFolders, looseHistory } from "../source/layout.ts";
import {
  currentBranch,
  foldersInTree,
  gitRoot,
  migrationDirectoriesInTree,
  treeFiles,
} from "../source/git/repository.ts";

export interface LoadOptions {
  /** Absolute. Paths of files are relative to it. */
  readonly cwd: string;
  /** Files, migration folders, migrations directories, projects or globs. Without any: `migrations`, else the project in `cwd`. */
  readonly paths: readonly string[];
  /** The same kinds of paths, from the configuration, absolute or relative to `cwd`. */
  readonly migrations?: readonly string[];
  /** A git revision: what it has is deployed. */
  readonly base?: string | undefined;
  /** Who named `base`, for messages: "--base" unless given. */
  readonly baseFrom?: string;
  /** Everything is pending. */
  readonly all?: boolean;
  readonly environment: Environment;
  /** In place of what the locked Prisma version says. */
  readonly execution?: Evidence["execution"];
  readonly postgres?: Evidence["postgres"];
  readonly buffers?: Buffers;
}

export type ReadOptions = Omit<LoadOptions, "paths" | "migrations">;

export interface Inputs {
  readonly histories: readonly History[];
  readonly evidence: Evidence;
  /** Everything is pending, by `all` or because no base is known: each migration is then its own deployment. */
  readonly each: boolean;
  /** What the index changes of migrations that are committed. */
  readonly changed?: readonly StagedHistory[];
  /** Absolute: the repository of the first migrations, else of `cwd`. */
  readonly gitRoot?: string | undefined;
}

export const POSTGRES: Evidence["postgres"] = { version: 17, because: "the default" };

/**
 * Everything that a check is given. Migrations named one by one are pending and those before them history, without a look at git
 * unless `base` is given; of directories and projects, what the base branch lacks is pending. Fails with one sentence.
 */
export async function loadInputs(options: LoadOptions): Promise<Outcome<Inputs>> {
  const configured = options.migrations ?? [];
  const found = await findSources(
    options.cwd,
    options.paths.length > 0 ? options.paths : configured.length > 0 ? configured : ["."],
  );
  return found.ok ? readInputs(found.value, options) : found;
}

/** The same of what was found already, which takes no search. */
export function readInputs({ directories, files }: Sources, options: ReadOptions): Outcome<Inputs> {
  const { cwd } = options;
  const looks = !options.all && (directories.some((directory) => directory.whole) || files.some((file) => !file.named));
  const repositories = new Map<string, Outcome<Deployed>>();
  const deployed = (directory: string): Outcome<Deployed> => {
    if (options.base === undefined && !looks) return success({});
    const root = gitRoot(directory) ?? "";
    let known = repositories.get(root);
    if (!known) repositories.set(root, (known = lookUp(root, display(cwd, directory), options)));
    return known;
  };

  const histories: History[] = [];
  const left: { readonly problem: SourceProblem; readonly failure: FailedOutcome }[] = [];
  let withoutBase = false;
  let base: Base | undefined;
  const roots: string[] = [];
  for (const directory of directories) {
    const repository = deployed(directory.path);
    if (!repository.ok) return repository;
    base ??= repository.value.base;
    const read = readDirectory(options, directory, repository.value);
    if (!read.ok) {
      if (!directory.searched || directories.length === 1) return read;
      left.push({ problem: leftOut(display(cwd, directory.path), read.message), failure: read });
      continue;
    }
    const lacksBase = directory.whole && !options.all && repository.value.base === undefined;
    withoutBase ||= lacksBase;
    histories.push(lacksBase ? withProblem(read.value, repository.value.note) : read.value);
    roots.push(directory.path);
  }
  if (files.length > 0) {
    const loose = readFiles(options, files, deployed);
    if (!loose.ok) return loose;
    base ??= loose.value.base;
    withoutBase ||= loose.value.withoutBase;
    histories.push(loose.value.history);
    roots.push(...files.map((file) => dirname(file.path)));
  }
  const [first] = histories;
  if (!first) return left[0]?.failure ?? failure(`No migrations were found in ${cwd}: name the migrations folder.`);
  if (left.length > 0) histories[0] = { ...first, problems: [...first.problems, ...left.map((one) => one.problem)] };

  const root = gitRoot(roots[0] ?? cwd) ?? gitRoot(cwd);
  const branch = root !== undefined && (looks || options.base !== undefined) ? currentBranch(root) : undefined;
  const owners = root === undefined ? undefined : ownersFor(cwd, root, histories);
  const evidence: Evidence = {
    ...prismaEvidence(cwd, roots, options.execution),
    postgres: options.postgres ?? POSTGRES,
    base,
    owners,
    branch,
  };
  return success({ histories, evidence, each: options.all === true || withoutBase, gitRoot: root });
}

/** What is known of the deployed migrations of one repository. */
interface Deployed {
  readonly root?: string;
  readonly base?: Base;
  /** Why no base is known. */
  readonly note?: SourceProblem;
}

function lookUp(root: string, shown: string, options: ReadOptions): Outcome<Deployed> {
  const note = (why: string): Deployed => ({
    note: {
      file: shown,
      message: `${why} So all migrations are checked, each as a deployment of its own.`,
      help: "Name the branch that production runs with --base or LOCKSTEP_BASE, or say --all.",
      code: "no base",
    },
  });
  if (root === "") {
    if (options.base !== undefined)
      return failure(
        `The base ${options.base} (${options.baseFrom ?? "--base"}) needs a git repository, but ${shown} is in none: leave it out, or use --all.`,
      );
    return success(note("The migrations are in no git repository."));
  }
  const base = findBase(root, options.base, options.environment, options.baseFrom);
  if (!base.ok) return isBaseNamed(options.base, options.environment) ? base : success(note(base.message));
  return success(base.value ? { root, base: base.value } : { root, ...note("No base branch was found.") });
}

/**
 * The folders that the base has in another migrations directory, which the work tree has no more: it was moved, and what is deployed stays
 * so. The directory with most of these folders; absent where none has one of them.
 */
function movedFrom(root: string, commit: string, folders: readonly string[]): Outcome<ReadonlySet<string> | undefined> {
  const directories = migrationDirectoriesInTree(root, commit);
  if (!directories.ok) return directories;
  let best: ReadonlySet<string> | undefined;
  let most = 0;
  for (const directory of directories.value) {
    if (existsSync(join(root, directory))) continue;
    const there = foldersInTree(root, commit, directory);
    if (!there.ok) return there;
    const shared = folders.filter((id) => there.value.has(id)).length;
    if (shared > most) [best, most] = [there.value, shared];
  }
  return success(best);
}

function readDirectory(options: ReadOptions, directory: FoundDirectory, { root, base }: Deployed): Outcome<History> {
  const names = folderNames(directory.path, display(options.cwd, directory.path));
  if (!names.ok) return names;
  const unsaved = [...(options.buffers?.keys() ?? [])]
    .filter((path) => dirname(dirname(path)) === directory.path)
    .map((path) => basename(dirname(path)));
  const folders = [...new Set([...names.value, ...directory.named, ...unsaved])].sort(compareFolders);
  let onBase: ReadonlySet<string> | undefined;
  if (root !== undefined && base && !options.all) {
    const deployed = foldersInTree(root, base.commit, fromRoot(root, directory.path));
    if (!deployed.ok) return deployed;
    onBase = deployed.value;
    if (onBase.size === 0) {
      const moved = movedFrom(root, base.commit, folders);
      if (!moved.ok) return moved;
      onBase = moved.value ?? onBase;
    }
  }
  // What comes after the last migration that was named is of no concern to it.
  const kept = directory.whole
    ? folders
    : folders.slice(0, 1 + Math.max(...[...directory.named].map((id) => folders.indexOf(id))));
  const state = (id: string): MigrationState => {
    if (options.all || directory.named.has(id)) return "pending";
    if (onBase) return onBase.has(id) ? "history" : "pending";
    return directory.whole ? "pending" : "history";
  };
  return diskHistory(options.cwd, directory.path, kept, state, options.buffers);
}

function readFiles(
  options: ReadOptions,
  files: readonly FoundFile[],
  deployed: (directory: string) => Outcome<Deployed>,
): Outcome<{ readonly history: History; readonly base?: Base; readonly withoutBase: boolean }> {
  const sources: SourceFile[] = [];
  const history = new Set<string>();
  let base: Base | undefined;
  let note: SourceProblem | undefined;
  let withoutBase = false;
  const trees = new Map<string, Outcome<ReadonlySet<string>>>();
  for (const file of files) {
    const shown = display(options.cwd, file.path);
    const source = insideOf(dirname(file.path))(file.path, shown) ?? readSource(file.path, shown);
    if (!source.ok) return source;
    sources.push(source.value);
    const repository = deployed(dirname(file.path));
    if (!repository.ok) return repository;
    const { root } = repository.value;
    base ??= repository.value.base;
    if (file.named || options.all) continue;
    if (root === undefined || !repository.value.base) {
      withoutBase = true;
      note ??= repository.value.note;
      continue;
    }
    let tree = trees.get(root);
    if (!tree) {
      const all = treeFiles(root, repository.value.base.commit);
      trees.set(root, (tree = all.ok ? success(new Set(all.value.map((one) => one.path))) : all));
    }
    if (!tree.ok) return tree;
    if (tree.value.has(fromRoot(root, file.path))) history.add(shown);
  }
  const loose = looseHistory(sources, (path) => (history.has(path) ? "history" : "pending"));
  return success({ history: withProblem(loose, note), withoutBase, ...(base && { base }) });
}

/** One answer for all of the migrations: where packages lock versions that behave differently, the mode is unknown. */
export function prismaEvidence(
  cwd: string,
  roots: readonly string[],
  execution: Evidence["execution"] | undefined,
): Pick<Evidence, "execution" | "prisma" | "database"> {
  const shown = (path: string): string => display(cwd, path);
  const own = [...new Set(roots)];
  const all = own.map((root) => findPrisma(root, gitRoot(root), shown));
  const prisma = all.find((one) => one.prisma)?.prisma;
  const modes = new Set(all.map((one) => one.execution.mode));
  const because = [...new Set(all.map((one) => one.execution.because))].join("; ");
  const [mode = "unknown"] = modes.size === 1 ? modes : [];
  const database = oneDatabase(own.flatMap((root) => findDatabase(root, gitRoot(root), shown) ?? []));
  return { execution: execution ?? { mode, because }, prisma, ...(database && { database }) };
}

/** Where the migrations are for several databases, no variable is that of all. */
function oneDatabase(all: readonly DatabaseSource[]): DatabaseSource | undefined {
  const [first] = all;
  const from = [...new Set(all.map((each) => each.from))].join(" and ");
  const isOne = all.every(({ variables }) => variables.join() === first?.variables.join());
  return first && { variables: isOne ? first.variables : [], from };
}

/** Who owns the pending migrations of a repository, by its CODEOWNERS. */
export function ownersFor(cwd: string, root: string, histories: readonly History[]): Evidence["owners"] {
  const codeowners = readCodeowners(root);
  if (!codeowners) return undefined;
  const of: Record<string, readonly string[]> = {};
  for (const { up, state } of histories.flatMap((history) => history.migrations)) {
    if (!up || state !== "pending") continue;
    const owners = ownersOf(codeowners.rules, fromRoot(root, resolve(cwd, up.path)));
    if (owners.length > 0) of[up.path] = owners;
  }
  return { from: codeowners.from, of };
}

function withProblem(history: History, problem: SourceProblem | undefined): History {
  return problem ? { ...history, problems: [...history.problems, problem] } : history;
}

/** A path from the git root with forward slashes; "" for the root itself. */
function fromRoot(root: string, absolute: string): string {
  return relative(root, absolute).split(sep).join("/");
}
