import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { BranchNames } from "../../../evidence/git/roles.ts";
import { withWorkTree } from "../../../evidence/git/worktree.ts";
import { type BranchSet, readBranches } from "../../../evidence/git/branches.ts";
import { findPrisma, type PrismaVersion } from "../../../evidence/prisma/version.ts";
import type { Evidence } from "../../../evidence/evidence.ts";
import { findSources } from "../../../source/disk/sources.ts";
import { findRepository } from "../../../source/git/refs.ts";
import type { Outcome } from "../../../source/outcome.ts";
import { failure, success } from "../../../source/outcome.ts";
import type { RoleFlags } from "./flags.ts";
import type { Io } from "../../../project/io.ts";
import type { Settings } from "../../../project/settings.ts";

export interface BranchInputs {
  readonly set: BranchSet;
  readonly execution: Evidence["execution"];
  readonly prisma?: PrismaVersion;
}

export interface BranchReading {
  readonly also?: readonly string[] | undefined;
  readonly limit?: number | undefined;
  readonly days?: number | undefined;
}

/** The branches of the repository around `io.cwd`, or around the first path, as flags over configuration over conventions say. */
export async function readBranchInputs(
  paths: readonly string[],
  flags: RoleFlags,
  reading: BranchReading,
  settings: Settings,
  io: Io,
): Promise<Outcome<BranchInputs>> {
  if (paths.includes("")) return failure("One of the paths is empty: leave it out, or use . for this directory.");
  const [first] = paths;
  const start = first !== undefined && existsSync(resolve(io.cwd, first)) ? resolve(io.cwd, first) : io.cwd;
  const repository = findRepository(start);
  if (!repository.ok) return repository;
  const directories = await directoriesOf(paths, settings, repository.value, io);
  if (!directories.ok) return directories;
  const read = readBranches(repository.value, {
    environment: io.env,
    names: namesOf(flags, settings),
    directories: directories.value,
    ...reading,
  });
  if (!read.ok) return read;
  const set = withWorkTree(read.value);
  if (!set.ok) return set;
  const from = resolve(repository.value, directories.value?.[0] ?? set.value.branches[0]?.roots[0]?.root ?? "");
  return success({
    set: set.value,
    ...findPrisma(from, repository.value, (path) => relative(repository.value, path).replaceAll("\\", "/")),
  });
}

/** Flags say it; else the configuration's `branches`. */
function namesOf(flags: RoleFlags, { config }: Settings): BranchNames {
  return {
    ...config.branches,
    ...(flags.production !== undefined && { production: flags.production }),
    ...(flags.main !== undefined && { main: flags.main }),
    ...(flags.development !== undefined && { development: flags.development }),
    ...(flags.hotfix !== undefined && { hotfix: flags.hotfix }),
  };
}

/** Migrations directories from the git root. A path that only other branches have is one as it is written. */
async function directoriesOf(
  paths: readonly string[],
  { migrations }: Settings,
  repository: string,
  io: Io,
): Promise<Outcome<readonly string[] | undefined>> {
  const found = new Set<string>();
  const fromRoot = (absolute: string): string => relative(repository, absolute).replaceAll("\\", "/");
  for (const path of paths) {
    const absolute = resolve(io.cwd, path);
    if (fromRoot(absolute).startsWith(".."))
      return failure(`${path} is outside of the repository ${repository}: name a migrations folder that is in it.`);
    if (!existsSync(absolute)) {
      found.add(fromRoot(absolute));
      continue;
    }
    const sources = await findSources(io.cwd, [path]);
    if (!sources.ok) return sources;
    if (sources.value.directories.length === 0)
      return failure(`${path} is no migrations folder of Prisma: branches are compared by their migrations folders.`);
    for (const { path: directory } of sources.value.directories) found.add(fromRoot(directory));
  }
  if (paths.length === 0 && migrations.length > 0) {
    const sources = await findSources(io.cwd, migrations);
    if (sources.ok)
      for (const { path: directory } of sources.value.directories)
        if (!fromRoot(directory).startsWith("..")) found.add(fromRoot(directory));
  }
  return success(found.size > 0 ? [...found].sort() : undefined);
}
