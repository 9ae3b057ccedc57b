import type { History, MigrationSource, MigrationState, SourceProblem } from "./history.ts";
import type { SourceFile } from "./text.ts";
import type { Outcome } from "./outcome.ts";
import { failure, success } from "./outcome.ts";
import { prisma } from "../advice/programs/prisma.ts";
import { IN_WORDS } from "../advice/programs/facts.ts";

/** Prisma's layout: `<migrations>/<folder>/migration.sql` beside `<migrations>/migration_lock.toml`. */
export const MIGRATION_FILE = "migration.sql";
export const DOWN_FILE = "down.sql";
export const LOCK_FILE = "migration_lock.toml";

/** Reads one file of a listing, at the moment that it is needed. */
export type ReadSource = () => Outcome<SourceFile>;

export interface ListedFolder {
  /** The folder's name. */
  readonly id: string;
  readonly up?: ReadSource;
  readonly down?: ReadSource;
}

/** What a migrations directory holds, wherever it is: on disk, in a git tree, in memory. */
export interface MigrationsListing {
  /** The directory as `SourceFile.path` counts it. */
  readonly root: string;
  /** In any order. */
  readonly folders: readonly ListedFolder[];
  readonly lock?: ReadSource | undefined;
}

/**
 * Compares folder names as Prisma's CLI does since 6.8: `String#localeCompare` in the default locale, not bytes.
 */
export function compareFolders(a: string, b: string): number {
  let same = 0;
  while (same < a.length && isDigit(a.charCodeAt(same)) && a.charCodeAt(same) === b.charCodeAt(same)) same++;
  // Digits after the same digits differ alike in every locale; this saves most checks the start of the collator.
  if (isDigit(a.charCodeAt(same)) && isDigit(b.charCodeAt(same))) return a.charCodeAt(same) - b.charCodeAt(same);
  return a.localeCompare(b);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/**
 * The history of one migrations directory, in the order in which Prisma would apply it. Every folder is a migration,
 * whatever its name; loose files beside them are ignored, as Prisma ignores them.
 * Fails where a file cannot be read and where the lock file names a database that lockstep does not know.
 */
export function prismaHistory(listing: MigrationsListing, state: (id: string) => MigrationState): Outcome<History> {
  const problems: SourceProblem[] = [];
  let provider: History["provider"] = "unknown";
  if (listing.lock) {
    const lock = listing.lock();
    if (!lock.ok) return lock;
    const read = lockProvider(lock.value);
    if (!read.ok) return read;
    provider = read.value.provider;
    problems.push(...read.value.problems);
  }
  const migrations: MigrationSource[] = [];
  for (const folder of [...listing.folders].sort((a, b) => compareFolders(a.id, b.id))) {
    const path = within(listing.root, folder.id);
    const up = folder.up?.();
    if (up && !up.ok) return up;
    const down = folder.down?.();
    if (down && !down.ok) return down;
    if (!up) {
      problems.push({
        file: path,
        message: `The folder holds no ${MIGRATION_FILE}: "${prisma.deploy(IN_WORDS).text}" stops here with P3015, after it has applied the migrations before it.`,
        help: `Restore ${MIGRATION_FILE}, or delete the folder if it was never applied anywhere.`,
        ...(state(folder.id) === "pending" && { severity: "error" as const }),
      });
    }
    if (state(folder.id) === "pending")
      for (const file of [up?.value, down?.value]) if (file && hasOtherBytes(file)) problems.push(notUtf8(file));
    migrations.push({
      id: folder.id,
      path,
      ...(up && { up: up.value }),
      ...(down && { down: down.value }),
      state: state(folder.id),
    });
  }
  return success({ root: listing.root, layout: "prisma", provider, migrations, problems });
}

/** SQL files outside Prisma's layout, in the order given; each one is a migration of its own. */
export function looseHistory(files: readonly SourceFile[], state: (path: string) => MigrationState): History {
  const migrations = files.map((up): MigrationSource => ({ id: up.path, path: up.path, up, state: state(up.path) }));
  return {
    root: "",
    layout: "files",
    provider: "unknown",
    migrations,
    problems: files.filter(hasOtherBytes).map(notUtf8),
  };
}

/** UTF-16, which has a NUL in every letter of SQL, is said by the rule about what PostgreSQL cannot parse. */
const hasOtherBytes = (file: SourceFile): boolean => file.invalidUtf8 === true && !file.text.includes("\0");

const notUtf8 = (file: SourceFile): SourceProblem => ({
  file: file.path,
  message: "The file is not UTF-8: what its bytes stand for is not known, so what is said of it may be wrong.",
  help: "Save it as UTF-8 without a byte order mark.",
});

/**
 * The provider of migration_lock.toml by Prisma's own rule: the first line that starts with `provider`.
 * So git's conflict markers do not disturb Prisma, and are a problem here rather than a failure.
 */
export function lockProvider(
  lock: SourceFile,
): Outcome<{ provider: History["provider"]; problems: readonly SourceProblem[] }> {
  const problems: SourceProblem[] = [];
  const lines = lock.text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  if (lines.some((line) => /^(<{7}|>{7}|\|{7})( |$)|^={7}$/.test(line))) {
    problems.push({
      file: lock.path,
      message: "The lock file holds the conflict markers of an unfinished merge.",
      help: "Resolve the conflict: keep one provider line and remove the markers. Prisma reads the first provider line and does not notice.",
    });
  }
  const line = lines.find((candidate) => candidate.startsWith("provider"));
  const name = line === undefined ? undefined : /^provider\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s#]+))/.exec(line);
  const provider = name ? (name[1] ?? name[2] ?? name[3] ?? "") : "";
  if (provider === "") {
    problems.push({
      file: lock.path,
      message: `The lock file names no provider: "${prisma.deploy(IN_WORDS).text}" stops with P3019.`,
      help: 'Add the line provider = "postgresql".',
      severity: "error",
    });
    return success({ provider: "unknown", problems });
  }
  if (provider === "postgresql" || provider === "postgres") return success({ provider: "postgresql", problems });
  if (provider === "cockroachdb") return success({ provider, problems });
  return failure(
    `${lock.path} says that these migrations are for ${provider}, but lockstep reads PostgreSQL and CockroachDB only: check another migrations folder.`,
  );
}

/** A sentence for Prisma 8's layout, which has no SQL files. */
export function prisma8Failure(directory: string): { readonly ok: false; readonly message: string } {
  return failure(
    `${directory} holds migrations of Prisma 8 (migration.json and ops.json in place of ${MIGRATION_FILE}), which lockstep does not support yet: check a folder that Prisma 7 or older wrote.`,
  );
}

/** Whether the files of a listing, by their paths, are of Prisma 8: `<migrations>/<space>/<name>/migration.json` with ops.json beside it. */
export function isPrisma8(paths: readonly string[]): boolean {
  const all = new Set(paths);
  return paths.some(
    (path) => /(^|\/)migration\.json$/.test(path) && all.has(path.replace(/migration\.json$/, "ops.json")),
  );
}

/**
 * Whether `<directory>/<folder>/migration.sql` is Prisma's layout rather than an SQL file that happens to have that name.
 * Any folder name is good to Prisma, so its usual shape is only one of three signs.
 */
export function looksLikePrisma(directoryName: string, folderName: string, hasLock: boolean): boolean {
  return hasLock || directoryName === "migrations" || /^\d/.test(folderName);
}

/** The migrations directories among file paths (forward slashes): each has a migration.sql two levels below, or a lock file. Sorted. */
export function migrationDirectories(paths: Iterable<string>): string[] {
  const locked = new Set<string>();
  const candidates = new Map<string, string>();
  for (const path of paths) {
    const name = lastSegment(path);
    if (name === LOCK_FILE) locked.add(parent(path));
    if (name !== MIGRATION_FILE) continue;
    const folder = parent(path);
    if (folder === "") continue;
    const directory = parent(folder);
    const known = candidates.get(directory);
    if (known === undefined || !/^\d/.test(known)) candidates.set(directory, lastSegment(folder));
  }
  const found = new Set(locked);
  for (const [directory, folder] of candidates) {
    if (looksLikePrisma(lastSegment(directory), folder, locked.has(directory))) found.add(directory);
  }
  return [...found].sort();
}

/**
 * A listing from file paths relative to the migrations directory; what is deeper than one folder, or beside the folders, is left out.
 * `read` gets such a relative path.
 */
export function listingOf(
  root: string,
  paths: Iterable<string>,
  read: (path: string) => Outcome<SourceFile>,
): MigrationsListing {
  const folders = new Map<string, { id: string; up?: ReadSource; down?: ReadSource }>();
  let lock: ReadSource | undefined;
  for (const path of paths) {
    const slash = path.indexOf("/");
    if (slash < 0) {
      if (path === LOCK_FILE) lock = () => read(path);
      continue;
    }
    const id = path.slice(0, slash);
    let folder = folders.get(id);
    if (!folder) folders.set(id, (folder = { id }));
    const name = path.slice(slash + 1);
    if (name === MIGRATION_FILE) folder.up = () => read(path);
    if (name === DOWN_FILE) folder.down = () => read(path);
  }
  return { root, folders: [...folders.values()], lock };
}

/** `path` inside `directory`, where "" and "." are the directory that paths are counted from. */
export function within(directory: string, path: string): string {
  return directory === "" || directory === "." ? path : `${directory}/${path}`;
}

/** The directory of a path with forward slashes; "" where it has none. */
export function parent(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
