import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { DOWN_FILE, LOCK_FILE, looksLikePrisma, MIGRATION_FILE, prisma8Failure } from "../../source/layout.ts";
import type { Outcome } from "../../source/outcome.ts";
import { success } from "../../source/outcome.ts";
import { display } from "../../source/disk/sources.ts";

/** Where a linted file belongs. */
export type FilePlace =
  | {
      readonly kind: "migration" /** Absolute. */;
      readonly path: string /** The migrations directory. */;
      readonly directory: string /** The migration's folder, by name. */;
      readonly id: string;
    }
  | { readonly kind: "loose"; readonly path: string };

/** The place of `path`, whether or not it is there yet. Prisma 8's layout is a failure. */
export function filePlaceOf(path: string, cwd: string): Outcome<FilePlace> {
  const absolute = resolve(cwd, path);
  const name = basename(absolute);
  const folder = dirname(absolute);
  const directory = dirname(folder);
  if (name !== MIGRATION_FILE && name !== DOWN_FILE) return success({ kind: "loose", path: absolute });
  if (existsSync(join(folder, "migration.json")) && existsSync(join(folder, "ops.json")))
    return prisma8Failure(display(cwd, directory));
  if (!looksLikePrisma(basename(directory), basename(folder), existsSync(join(directory, LOCK_FILE))))
    return success({ kind: "loose", path: absolute });
  return success({ kind: "migration", path: absolute, directory, id: basename(folder) });
}
