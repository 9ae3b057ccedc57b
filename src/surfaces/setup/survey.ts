import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { History } from "../../source/history.ts";
import { display, folderNames, readSource } from "../../source/disk/sources.ts";
import { searchProject } from "../../source/disk/search.ts";
import { gitRoot } from "../../source/git/repository.ts";
import { LOCK_FILE, lockProvider, MIGRATION_FILE } from "../../source/layout.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import { dependencyRange, findPackages, read, readManifest, upward, type Packages } from "./package-manager.ts";

/** A migrations folder. */
export interface FoundMigrations {
  /** Absolute. */
  readonly path: string;
  /** From the project's home. */
  readonly shown: string;
  readonly provider: History["provider"];
  /** Folders that hold a migration.sql. */
  readonly count: number;
}

/** A file of Prisma's schema language with a datasource. */
export interface FoundSchema {
  /** From the project's home. */
  readonly shown: string;
  /** "postgresql", "mysql", … */
  readonly provider: string;
}

/** Where lockstep is to be at home, and what is there. */
export interface Survey {
  /** Absolute: the folder of the package that lockstep belongs to; the configuration is there, and `packages` runs there. */
  readonly home: string;
  /** Absolute: the work tree. */
  readonly root?: string;
  readonly migrations: readonly FoundMigrations[];
  readonly schemas: readonly FoundSchema[];
  /** Migrations folders that cannot be checked, each with the sentence that says why. */
  readonly leftOut: readonly { readonly shown: string; readonly message: string }[];
  readonly packages: Packages;
  /** A package.json from the home upward asks for lockstep. */
  readonly installed: boolean;
}

const SUPPORTED = ["postgresql", "postgres", "cockroachdb"];

/** Surveys the project around `cwd` (absolute). Fails with one sentence where nothing of it is for PostgreSQL, or nothing is Prisma's. */
export async function surveyProject(cwd: string): Promise<Outcome<Survey>> {
  const root = gitRoot(cwd);
  const home = homeOf(cwd, root);
  const top = root ?? home;
  const installed = [...upward(home, top)].some(
    (directory) => dependencyRange(readManifest(directory), "lockstep") !== undefined,
  );
  const found = await searchProject(home, display(cwd, home));
  const schemas = await findSchemas(home);
  const migrations: FoundMigrations[] = [];
  const leftOut: { shown: string; message: string }[] = [];
  for (const path of found.ok ? found.value : []) {
    const one = readMigrations(home, path);
    if (one.ok) migrations.push(one.value);
    else leftOut.push({ shown: display(home, path), message: one.message });
  }
  if (migrations.length === 0) {
    if (!found.ok) return found;
    const [first] = leftOut;
    if (first) return failure(first.message);
    const foreign = schemas.find(({ provider }) => !SUPPORTED.includes(provider));
    if (foreign && !schemas.some(({ provider }) => SUPPORTED.includes(provider)))
      return failure(
        `${foreign.shown} is for ${foreign.provider}, but lockstep reads PostgreSQL and CockroachDB only: start it in a project with a PostgreSQL database.`,
      );
    if (schemas.length === 0)
      return failure(
        `Neither a Prisma schema nor migrations were found in ${home}: start lockstep in the project whose migrations it is to check.`,
      );
  }
  return success({
    home,
    migrations,
    schemas,
    leftOut,
    packages: findPackages(home, top),
    installed,
    ...(root !== undefined && { root }),
  });
}

/**
 * The package that asks for lockstep, nearest first; else the work tree's root where that is a package, since hooks and workspaces are
 * at home there; else the nearest package; else the work tree or `cwd` itself.
 */
function homeOf(cwd: string, root: string | undefined): string {
  const directories = root === undefined ? [cwd] : [...upward(cwd, root)];
  const packages = directories.filter((directory) => existsSync(join(directory, "package.json")));
  const asking = packages.find((directory) => dependencyRange(readManifest(directory), "lockstep") !== undefined);
  const own = asking ?? (root !== undefined && packages.includes(root) ? root : packages[0]) ?? root ?? cwd;
  return realpathSync(own);
}

function readMigrations(home: string, path: string): Outcome<FoundMigrations> {
  const shown = display(home, path);
  const names = folderNames(path, shown);
  if (!names.ok) return names;
  const count = names.value.filter((name) => existsSync(join(path, name, MIGRATION_FILE))).length;
  const lock = join(path, LOCK_FILE);
  if (!existsSync(lock)) return success({ path, shown, provider: "unknown", count });
  const text = readSource(lock, display(home, lock));
  const provider = text.ok ? lockProvider(text.value) : text;
  return provider.ok ? success({ path, shown, provider: provider.value.provider, count }) : provider;
}

async function findSchemas(home: string): Promise<readonly FoundSchema[]> {
  const { globby } = await import("globby");
  const paths = await globby("**/*.prisma", {
    cwd: home,
    gitignore: true,
    ignore: ["**/node_modules/**", "**/.git/**"],
    followSymbolicLinks: false,
    suppressErrors: true,
  });
  return paths.sort().flatMap((shown) => {
    const text = (read(join(home, shown)) ?? "").replace(/\/\/[^\n]*/g, "");
    const provider = /\bdatasource\s+\w+\s*\{[^}]*?\bprovider\s*=\s*"([^"]*)"/.exec(text)?.[1];
    return provider === undefined ? [] : [{ shown, provider }];
  });
}
