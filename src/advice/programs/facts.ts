/** What commands have to know of the project that they are for. What is absent is not known. */
export interface ProjectFacts {
  /** Runs the project's programs. Absent in sentences, which name a program by itself: "prisma migrate deploy". */
  readonly packageManager?: PackageManager | undefined;
  /** Prisma's version: "7.10.0". */
  readonly prisma?: string | undefined;
  /** The migrations directory, as `History.root`. */
  readonly root?: string | undefined;
}

export type PackageManager = "npm" | "pnpm" | "yarn" | "bun";

/** What the lock file and the settings of a project say about its package manager. */
export interface PackageFacts {
  readonly manager: PackageManager;
  /** Yarn 2 or later. */
  readonly berry: boolean;
  /** The lock file's name; absent where none was found. */
  readonly lock?: string | undefined;
}

/** For sentences. */
export const IN_WORDS: ProjectFacts = {};

/** The major version of "7.10.0"; undefined where it is not known. */
export function majorOf(version: string | undefined): number | undefined {
  const major = /\d+/.exec(version ?? "")?.[0];
  return major === undefined ? undefined : Number(major);
}
