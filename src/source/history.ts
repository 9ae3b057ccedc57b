import type { SourceFile } from "./text.ts";

/** `history` is deployed already, `pending` is to be deployed with the next `prisma migrate deploy`. */
export type MigrationState = "history" | "pending";

/** One folder of a migrations directory. */
export interface MigrationSource {
  /** The folder's name: what Prisma stores as migration_name. */
  readonly id: string;
  /** The folder, with forward slashes, as `SourceFile.path` counts it. */
  readonly path: string;
  /** Absent where the folder holds no migration.sql: `prisma migrate deploy` stops there with P3015. */
  readonly up?: SourceFile;
  /** down.sql beside migration.sql. Prisma never reads it. */
  readonly down?: SourceFile;
  readonly state: MigrationState;
}

/** Something about the folder itself that the user should hear; none of them stops the check. */
export interface SourceProblem {
  readonly file: string;
  readonly message: string;
  readonly help: string;
  /** Prisma stops at it. */
  readonly severity?: "error";
  /** What it is, for who shows it elsewhere. */
  readonly code?: "no base";
}

/** The migrations of one migrations directory, in the order in which Prisma would apply them. */
export interface History {
  /** The migrations directory as `SourceFile.path` counts it; "" for loose files. */
  readonly root: string;
  readonly layout: "prisma" | "files";
  /** From migration_lock.toml; `unknown` where the file is absent or names none. */
  readonly provider: "postgresql" | "cockroachdb" | "unknown";
  readonly migrations: readonly MigrationSource[];
  readonly problems: readonly SourceProblem[];
}

/** The same histories with other texts. */
export function replaceSources(
  histories: readonly History[],
  replace: (file: SourceFile) => SourceFile,
): readonly History[] {
  return histories.map((history) => ({
    ...history,
    migrations: history.migrations.map((migration) => ({
      ...migration,
      ...(migration.up && { up: replace(migration.up) }),
      ...(migration.down && { down: replace(migration.down) }),
    })),
  }));
}
