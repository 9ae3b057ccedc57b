/** What commands have to know of the project that they are for. What is absent is not known. */
export interface ProjectFacts {
  /** Runs the project's programs. Absent in sentences, which name a program by itself: "prisma migrate deploy". */
  readonly packageManager?: PackageManager | undefined;
  /** Prisma's version: "7.10.0". */
  readonly prisma?: string | undefined;
  /** The migrations directory, as `History.root`. */
  readonly root?: string | undefined;
  /** Variables that hold the database's address, first the one that migrations connect by. Absent or empty where nobody knows. */
  readonly variables?: readonly string[] | undefined;
}

/** Whether commands have a variable in them, or the placeholder. */
export const knowsDatabase = ({ variables = [] }: ProjectFacts): boolean => variables.length > 0;

/**
 * Stands for the variable of the database's address where nobody knows it. A shell that is given it as it is runs nothing: it looks for
 * a file of that name.
 */
export const VARIABLE = "<VARIABLE>";

/** What is written above commands that have the placeholder in them. */
export const VARIABLE_IN_WORDS = `# ${VARIABLE}: the variable that prisma.config.ts or schema.prisma reads the database's address from.`;

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
