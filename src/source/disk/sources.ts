import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import type { Dirent } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import type { History, MigrationState, SourceProblem } from "../history.ts";
import type { SourceFile } from "../text.ts";
import type { FailedOutcome, Outcome } from "../outcome.ts";
import { failure, success } from "../outcome.ts";
import { decode } from "../encoding.ts";
import { insideOf, linkedFolders } from "./links.ts";
import type { ListedFolder } from "../layout.ts";
import {
  compareFolders,
  DOWN_FILE,
  LOCK_FILE,
  looksLikePrisma,
  MIGRATION_FILE,
  prisma8Failure,
  prismaHistory,
} from "../layout.ts";
import { prisma } from "../../advice/programs/prisma.ts";
import { lockstep } from "../../advice/programs/lockstep.ts";
import { IN_WORDS } from "../../advice/programs/facts.ts";

/** A migrations directory that a path led to. */
export interface FoundDirectory {
  /** Absolute. */
  readonly path: string;
  /** Folders that were named one by one. */
  readonly named: ReadonlySet<string>;
  /** Whether the directory itself, or one around it, was named. */
  readonly whole: boolean;
  /** Found by a search rather than named. */
  readonly searched: boolean;
}

export interface Sources {
  readonly directories: readonly FoundDirectory[];
  /** SQL files outside Prisma's layout, absolute. */
  readonly files: readonly FoundFile[];
}

export interface FoundFile {
  readonly path: string;
  /** Whether the file itself was named, rather than a directory around it. */
  readonly named: boolean;
}

/**
 * What `paths` (files, migration folders, migrations directories, projects, globs) mean, with `cwd` absolute.
 * A path that exists and is, or is inside, a migrations directory needs no search and loads no package.
 */
export async function findSources(cwd: string, paths: readonly string[]): Promise<Outcome<Sources>> {
  const directories = new Map<string, { path: string; named: Set<string>; whole: boolean; searched: boolean }>();
  const files = new Map<string, FoundFile>();
  const add = (found: Found, searched: boolean): void => {
    if (found.kind === "file") {
      files.set(found.path, { path: found.path, named: found.named || (files.get(found.path)?.named ?? false) });
      return;
    }
    let directory = directories.get(found.path);
    if (!directory)
      directories.set(found.path, (directory = { path: found.path, named: new Set(), whole: false, searched: true }));
    if (found.folder === undefined) directory.whole = true;
    else directory.named.add(found.folder);
    directory.searched &&= searched;
  };
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    const literal = locate(absolute, display(cwd, absolute));
    if (!literal.ok) return literal;
    if (literal.value !== undefined) {
      for (const found of literal.value) add(found, false);
      continue;
    }
    // Only here is a search needed: in a project, or by a glob.
    const search = await import("./search.ts");
    const projects = [absolute];
    if (!isDirectory(absolute)) {
      const matches = await search.searchGlob(cwd, path);
      if (!matches.ok) return matches;
      projects.length = 0;
      for (const match of matches.value) {
        const located = locate(match, display(cwd, match));
        if (!located.ok) return located;
        if (located.value === undefined) projects.push(match);
        for (const one of located.value ?? []) add(one, false);
      }
    }
    for (const project of projects) {
      const found = await search.searchProject(project, display(cwd, project));
      if (!found.ok) return found;
      let problem: FailedOutcome | undefined;
      const located = found.value.flatMap((match) => {
        const one = locate(match, display(cwd, match));
        if (one.ok) return one.value ?? [];
        problem ??= one;
        return [];
      });
      for (const one of located) add(one, true);
      if (located.length > 0) continue;
      // Nothing else to check: now the folder that holds nothing is worth a word.
      if (problem) return problem;
      const loose = looseFiles(project);
      if (loose.length === 0) {
        return failure(
          `No Prisma migrations were found in ${display(cwd, project)}: name the migrations folder ("${lockstep.check(IN_WORDS, { path: "path/to/migrations" }).text}"), or set "migrations" in the configuration.`,
        );
      }
      for (const file of loose) add({ kind: "file", path: file, named: false }, false);
    }
  }
  return success({
    directories: [...directories.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    files: [...files.values()],
  });
}

type Found =
  | { readonly kind: "directory"; readonly path: string; readonly folder?: string }
  | { readonly kind: "file"; readonly path: string; readonly named: boolean };

/** What an existing path is by itself; absent where it takes a search to tell. */
function locate(absolute: string, shown: string): Outcome<readonly Found[] | undefined> {
  const there = kindOf(absolute, shown);
  if (!there.ok) return there;
  if (there.value === "absent") {
    if (isGlob(shown)) return success(undefined);
    return failure(
      `${shown} does not exist: check the spelling; paths are counted from the directory that lockstep is started in.`,
    );
  }
  const above = dirname(absolute);
  const directory = dirname(above);
  if (there.value === "file") {
    const name = basename(absolute);
    if (name === LOCK_FILE) return success([{ kind: "directory", path: above }]);
    if (
      (name === MIGRATION_FILE || name === DOWN_FILE) &&
      inPrismaLayout(directory, basename(above)) &&
      (name === MIGRATION_FILE || isMigrationFolder(above, directory))
    ) {
      return success([{ kind: "directory", path: directory, folder: basename(above) }]);
    }
    if (name.toLowerCase().endsWith(".sql")) return success([{ kind: "file", path: absolute, named: true }]);
    return failure(
      `${shown} is no SQL file: name a ${MIGRATION_FILE}, a migration folder, a migrations folder or a project.`,
    );
  }
  if (isMigrationFolder(absolute, above))
    return success([{ kind: "directory", path: above, folder: basename(absolute) }]);
  const entries = entriesOf(absolute, shown);
  if (!entries.ok) return entries;
  const folders = entries.value.filter((entry) => entry.isDirectory());
  const locked = entries.value.some((entry) => entry.name === LOCK_FILE);
  const migrations = folders.filter((folder) => existsSync(join(absolute, folder.name, MIGRATION_FILE)));
  if (migrations.some((folder) => looksLikePrisma(basename(absolute), folder.name, locked)))
    return success([{ kind: "directory", path: absolute }]);
  if (basename(absolute) === "migrations" && folders.some((folder) => holdsPrisma8(join(absolute, folder.name))))
    return prisma8Failure(shown);
  if (
    locked ||
    (basename(absolute) === "migrations" &&
      folders.length > 0 &&
      folders.every((folder) => /^\d{14}/.test(folder.name)))
  ) {
    if (folders.length > 0) return success([{ kind: "directory", path: absolute }]);
    return failure(
      `${shown} holds no migrations: it has a ${LOCK_FILE} but no migration folder; create one with "${prisma.create(IN_WORDS).text}", or name another folder.`,
    );
  }
  return success(undefined);
}

/** The parent of `folder` decides whether a migration.sql belongs to Prisma or only has that name. */
function inPrismaLayout(directory: string, folder: string): boolean {
  return looksLikePrisma(basename(directory), folder, existsSync(join(directory, LOCK_FILE)));
}

function isMigrationFolder(absolute: string, above: string): boolean {
  if (!inPrismaLayout(above, basename(absolute))) return false;
  if (existsSync(join(absolute, MIGRATION_FILE))) return true;
  // A folder whose migration.sql is missing is one all the same, if its parent is certainly a migrations directory.
  return existsSync(join(above, LOCK_FILE)) && /^\d/.test(basename(absolute));
}

function holdsPrisma8(space: string): boolean {
  const entries = entriesOf(space, space);
  return (
    entries.ok &&
    entries.value.some(
      (entry) =>
        entry.isDirectory() &&
        existsSync(join(space, entry.name, "migration.json")) &&
        existsSync(join(space, entry.name, "ops.json")),
    )
  );
}

/** The folders of a migrations directory in Prisma's order. Links are not followed, as Prisma does not follow them. */
export function folderNames(directory: string, shown: string): Outcome<string[]> {
  const entries = entriesOf(directory, shown);
  return entries.ok
    ? success(
        entries.value
          .filter((entry) => entry.isDirectory())
          .map((entry) => entry.name)
          .sort(compareFolders),
      )
    : entries;
}

/** Texts in place of what the disk has, by absolute path: the unsaved files of an editor. */
export type Buffers = ReadonlyMap<string, string>;

/** Reads the named folders of a migrations directory. Paths in the result are relative to `cwd`. */
export function diskHistory(
  cwd: string,
  directory: string,
  folders: readonly string[],
  state: (id: string) => MigrationState,
  buffers?: Buffers,
): Outcome<History> {
  const root = display(cwd, directory);
  const prefix = root === "." ? "" : `${root}/`;
  const inside = insideOf(directory);
  const source = (path: string, shown: string): (() => Outcome<SourceFile>) => {
    const text = buffers?.get(path);
    // What is no UTF-8 in a name is not to be found by what stands for it.
    if (shown.includes("\uFFFD") && text === undefined && !existsSync(dirname(path)))
      return () => failure(`The name of the folder ${dirname(shown)} is not UTF-8, so it cannot be opened: rename it.`);
    return () => inside(path, shown) ?? (text === undefined ? readSource(path, shown) : success({ path: shown, text }));
  };
  const listed = folders.map((id): ListedFolder => {
    const folder = join(directory, id);
    const [upPath, downPath] = [join(folder, MIGRATION_FILE), join(folder, DOWN_FILE)];
    const up = buffers?.has(upPath) || existsSync(upPath) || !isReadable(folder);
    return {
      id,
      ...(up && { up: source(upPath, `${prefix}${id}/${MIGRATION_FILE}`) }),
      ...((buffers?.has(downPath) || existsSync(downPath)) && {
        down: source(downPath, `${prefix}${id}/${DOWN_FILE}`),
      }),
    };
  });
  const lock = join(directory, LOCK_FILE);
  const history = prismaHistory(
    {
      root,
      folders: listed,
      ...(existsSync(lock) && { lock: () => inside(lock, prefix + LOCK_FILE) ?? readSource(lock, prefix + LOCK_FILE) }),
    },
    state,
  );
  if (!history.ok) return history;
  const links = linkedFolders(directory, prefix, folders);
  return links.length === 0 ? history : success({ ...history.value, problems: [...history.value.problems, ...links] });
}

/** One file, decoded; `shown` becomes its path. */
export function readSource(absolute: string, shown: string): Outcome<SourceFile> {
  try {
    const stats = statSync(absolute);
    // Reading a pipe would wait for a writer that never comes.
    if (!stats.isFile() && !stats.isDirectory())
      return failure(
        `${shown} could not be read: it is no regular file; put the SQL itself there, or give it by --stdin.`,
      );
    const text = readFileSync(absolute, "utf8");
    // The bytes are needed only to tell a U+FFFD of the file from one that stands for a defect.
    return success(text.includes("\uFFFD") ? decode(shown, readFileSync(absolute)) : { path: shown, text });
  } catch (error) {
    return failure(`${shown} could not be read (${reason(error)}): make it a file that this user may read.`);
  }
}

/** A path as `SourceFile.path` has it: relative to `cwd`, with forward slashes; "." for `cwd` itself. */
export function display(cwd: string, absolute: string): string {
  const path = relative(cwd, absolute);
  return path === "" ? "." : sep === "/" ? path : path.split(sep).join("/");
}

/** A problem for a folder that was found beside others and cannot be checked. */
export function leftOut(file: string, why: string): SourceProblem {
  return {
    file,
    message: `This migrations folder was left out: ${why}`,
    help: 'Name the folders to check as "migrations" in the configuration.',
  };
}

function looseFiles(directory: string): string[] {
  const entries = entriesOf(directory, directory);
  if (!entries.ok) return [];
  const names = entries.value
    .filter((entry) => entry.isFile() && entry.name.toLowerCase().endsWith(".sql"))
    .map((entry) => entry.name);
  return names.sort(compareFolders).map((name) => join(directory, name));
}

function entriesOf(directory: string, shown: string): Outcome<Dirent[]> {
  try {
    return success(readdirSync(directory, { withFileTypes: true }));
  } catch (error) {
    return failure(`${shown} could not be read (${reason(error)}): make it a directory that this user may read.`);
  }
}

/** Of a folder that may not be opened it cannot be said that its migration.sql is missing; reading that says why. */
function isReadable(directory: string): boolean {
  try {
    readdirSync(directory);
    return true;
  } catch {
    return false;
  }
}

function kindOf(absolute: string, shown: string): Outcome<"file" | "directory" | "absent"> {
  try {
    const stats = statSync(absolute, { throwIfNoEntry: false });
    return success(stats === undefined ? "absent" : stats.isDirectory() ? "directory" : "file");
  } catch (error) {
    return failure(`${shown} could not be read (${reason(error)}): name a path that this user may read.`);
  }
}

function isDirectory(absolute: string): boolean {
  const kind = kindOf(absolute, absolute);
  return kind.ok && kind.value === "directory";
}

export function isGlob(path: string): boolean {
  return /[*?[\]{}]|[!@+]\(/.test(path);
}

/** The system's word for an error (EACCES, EISDIR); anything else is a bug and thrown again. */
function reason(error: unknown): string {
  if (error instanceof Error && "code" in error) return String(error.code);
  throw error;
}
