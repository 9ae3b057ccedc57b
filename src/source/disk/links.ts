import { type Dirent, readdirSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import { gitRoot } from "../git/repository.ts";
import type { SourceProblem } from "../history.ts";
import type { FailedOutcome } from "../outcome.ts";
import { failure } from "../outcome.ts";

/**
 * Whether files below `directory` (absolute) are read: a sentence for one that a link leads out of the repository, whose text would be
 * shown where the repository is. Outside of a repository a link may lead anywhere.
 */
export function insideOf(directory: string): (absolute: string, shown: string) => FailedOutcome | undefined {
  const root = gitRoot(directory);
  const real = root === undefined ? undefined : realPath(root);
  return (absolute, shown) => {
    if (real === undefined) return undefined;
    const target = realPath(absolute);
    if (target === undefined) return undefined;
    return leadsOut(relative(real, target)) ? outside(shown) : undefined;
  };
}

/** Whether a path, relative to a directory, is outside of it. */
export function leadsOut(path: string): boolean {
  return path === ".." || /^\.\.[\\/]/.test(path) || isAbsolute(path);
}

/** The sentence for a file that is not read for its link. */
export function outside(shown: string): FailedOutcome {
  return failure(
    `${shown} is behind a link that leads out of the repository, so it is not read: put the file itself there.`,
  );
}

/** Links to folders among migration folders, but for those that `known` has: Prisma does not follow them. */
export function linkedFolders(directory: string, prefix: string, known: readonly string[]): readonly SourceProblem[] {
  return entriesOf(directory)
    .filter((entry) => entry.isSymbolicLink() && !known.includes(entry.name))
    .filter(({ name }) => isDirectory(join(directory, name)))
    .map(({ name }) => ({
      file: prefix + name,
      message: "The folder is a link, which Prisma does not follow: its migration is not deployed, and not read here.",
      help: "Put the folder itself there, or delete the link.",
    }));
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Undefined where it is not there. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
