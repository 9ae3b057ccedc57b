import type { History, MigrationState } from "./history.ts";
import type { Outcome } from "./outcome.ts";
import { failure, success } from "./outcome.ts";
import {
  isPrisma8,
  listingOf,
  looseHistory,
  migrationDirectories,
  parent,
  prisma8Failure,
  prismaHistory,
} from "./layout.ts";

export interface MemoryOptions {
  /** The migrations directory among the paths; found by itself where there is only one. */
  readonly root?: string;
  /** Decides by a folder's name (by its path for loose files). All are pending where it is absent. */
  readonly state?: (id: string) => MigrationState;
}

/**
 * A History from texts by path (forward slashes): for tests, editors and browsers. Without Prisma's layout among
 * the paths, every .sql file is a loose one, in the order of the record.
 */
export function memoryHistory(files: Readonly<Record<string, string>>, options: MemoryOptions = {}): Outcome<History> {
  const paths = Object.keys(files);
  const state = options.state ?? ((): MigrationState => "pending");
  const roots = options.root === undefined ? migrationDirectories(paths) : [options.root];
  if (roots.length > 1)
    return failure(`There are several migrations directories among the files (${roots.join(", ")}): name one as root.`);
  const root = roots[0];
  if (root === undefined) {
    if (isPrisma8(paths))
      return prisma8Failure(parent(parent(parent(paths.find((path) => path.endsWith("migration.json")) ?? ""))));
    const loose = paths.filter((path) => path.endsWith(".sql")).map((path) => ({ path, text: files[path] ?? "" }));
    return success(looseHistory(loose, state));
  }
  const prefix = root === "" ? "" : `${root}/`;
  const inside = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  return prismaHistory(
    listingOf(root, inside, (path) => success({ path: prefix + path, text: files[prefix + path] ?? "" })),
    state,
  );
}
