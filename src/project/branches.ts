import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { BranchesInput } from "../engine/branches.ts";
import { readBranches } from "../evidence/git/branches.ts";
import type { BranchNames } from "../evidence/git/roles.ts";
import { mergePairs, viewpoints } from "../evidence/git/viewpoints.ts";
import { withWorkTree } from "../evidence/git/worktree.ts";
import { findPrisma } from "../evidence/prisma/version.ts";
import { findSources } from "../source/disk/sources.ts";
import { findRepository } from "../source/git/refs.ts";
import type { Outcome } from "../source/outcome.ts";
import { failure, success } from "../source/outcome.ts";
import { loadReader } from "../sql/readers.ts";
import { POSTGRES } from "./inputs.ts";
import type { Overrides } from "./overrides.ts";
import { remembering } from "./remembering.ts";
import { readSettings, saidOutright } from "./settings.ts";
import type { World } from "./world.ts";

/** Which branch is what, and how many of the others are read. */
export interface BranchReading {
  /** Over those of the configuration. */
  readonly names: BranchNames;
  readonly also?: readonly string[] | undefined;
  readonly limit?: number | undefined;
  readonly days?: number | undefined;
}

/** The branches of a repository, with what is known of them: all that a judge needs before they are compared. */
export type OpenedBranches = Omit<BranchesInput, "viewpoints" | "orders">;

/** Opens the branches of the repository around `cwd`, or around the first path, as `names` over configuration over conventions say. */
export async function openBranches(
  { cwd, paths }: { readonly cwd: string; readonly paths: readonly string[] },
  { names, ...limits }: BranchReading,
  overrides: Overrides,
  world: World,
): Promise<Outcome<OpenedBranches>> {
  const settings = await readSettings(cwd, overrides, world);
  if (!settings.ok) return settings;
  const { config, baseline, migrations, rules } = settings.value;
  if (paths.includes("")) return failure("One of the paths is empty: leave it out, or use . for this directory.");
  const [first] = paths;
  const start = first !== undefined && existsSync(resolve(cwd, first)) ? resolve(cwd, first) : cwd;
  const repository = findRepository(start);
  if (!repository.ok) return repository;
  const directories = await directoriesOf(paths, migrations, repository.value, cwd);
  if (!directories.ok) return directories;
  const read = readBranches(repository.value, {
    environment: world.environment,
    names: { ...config.branches, ...names },
    directories: directories.value,
    ...limits,
  });
  if (!read.ok) return read;
  const set = withWorkTree(read.value);
  if (!set.ok) return set;
  const from = resolve(repository.value, directories.value?.[0] ?? set.value.branches[0]?.roots[0]?.root ?? "");
  return success({
    set: set.value,
    rules,
    config: { ...config, prefix: join(config.prefix, relative(cwd, set.value.repository)).replaceAll("\\", "/") },
    baseline,
    reader: remembering(await loadReader(config.parser)),
    evidence: {
      postgres: POSTGRES,
      ...findPrisma(from, repository.value, (path) => relative(repository.value, path).replaceAll("\\", "/")),
      ...saidOutright(config, overrides),
    },
  });
}

/** What is opened, as each of the branches sees the others. Fails where a clone is too shallow to compare them. */
export function comparedBranches(opened: OpenedBranches): Outcome<BranchesInput> {
  const cut = mergePairs(opened.set).find(({ isCut }) => isCut);
  if (cut?.problem !== undefined) return failure(cut.problem);
  return success({
    ...opened,
    viewpoints: viewpoints(opened.set, ({ text }) => opened.reader.read(text).statements),
  });
}

/** Migrations directories from the git root. A path that only other branches have is one as it is written. */
async function directoriesOf(
  paths: readonly string[],
  migrations: readonly string[],
  repository: string,
  cwd: string,
): Promise<Outcome<readonly string[] | undefined>> {
  const found = new Set<string>();
  const fromRoot = (absolute: string): string => relative(repository, absolute).replaceAll("\\", "/");
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    if (fromRoot(absolute).startsWith(".."))
      return failure(`${path} is outside of the repository ${repository}: name a migrations folder that is in it.`);
    if (!existsSync(absolute)) {
      found.add(fromRoot(absolute));
      continue;
    }
    const sources = await findSources(cwd, [path]);
    if (!sources.ok) return sources;
    if (sources.value.directories.length === 0)
      return failure(`${path} is no migrations folder of Prisma: branches are compared by their migrations folders.`);
    for (const { path: directory } of sources.value.directories) found.add(fromRoot(directory));
  }
  if (paths.length === 0 && migrations.length > 0) {
    const sources = await findSources(cwd, migrations);
    if (sources.ok)
      for (const { path: directory } of sources.value.directories)
        if (!fromRoot(directory).startsWith("..")) found.add(fromRoot(directory));
  }
  return success(found.size > 0 ? [...found].sort() : undefined);
}
