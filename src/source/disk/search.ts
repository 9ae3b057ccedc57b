import { readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Outcome } from "../outcome.ts";
import { failure, success } from "../outcome.ts";
import { LOCK_FILE, migrationDirectories, MIGRATION_FILE, prisma8Failure } from "../layout.ts";
import { besideSchema, packageSchema } from "./schema.ts";
import { PRISMA_CONFIG_EXTENSIONS, readPrismaConfig } from "../prisma-config.ts";

/**
 * The migrations directories in and of a project, absolute and sorted: those below `directory` that git does not ignore, and those
 * that a prisma.config file or the `prisma.schema` key of a package.json below it points to.
 */
export async function searchProject(directory: string, shown: string): Promise<Outcome<readonly string[]>> {
  const { globby } = await import("globby");
  const extensions = `{${PRISMA_CONFIG_EXTENSIONS.join(",")}}`;
  const paths = await globby(
    [
      `**/${MIGRATION_FILE}`,
      `**/${LOCK_FILE}`,
      "**/migrations/*/*/migration.json",
      `**/prisma.config.${extensions}`,
      `**/.config/prisma.${extensions}`,
      "**/package.json",
    ],
    {
      cwd: directory,
      gitignore: true,
      ignore: ["**/node_modules/**", "**/.git/**"],
      followSymbolicLinks: false,
      suppressErrors: true,
    },
  );
  const found = new Set(migrationDirectories(paths).map((path) => join(directory, path)));
  for (const path of paths) {
    for (const target of pointedTo(join(directory, path))) {
      if (!isDirectory(target)) continue;
      found.add(target);
      break;
    }
  }
  const prisma8 = paths.find((path) => basename(path) === "migration.json");
  if (found.size === 0 && prisma8 !== undefined) {
    const migrations = dirname(dirname(dirname(prisma8)));
    return prisma8Failure(shown === "." ? migrations : `${shown}/${migrations}`);
  }
  return success([...found].sort());
}

/** The files and directories, absolute and sorted, that a glob matches. */
export async function searchGlob(cwd: string, pattern: string): Promise<Outcome<readonly string[]>> {
  if (alternatives(pattern) > MOST_ALTERNATIVES)
    return failure(
      `The pattern ${JSON.stringify(pattern.slice(0, 80))} stands for more than ${MOST_ALTERNATIVES} patterns: name a folder, or use * in place of some of the braces.`,
    );
  const { globby } = await import("globby");
  const matches = await globby(pattern.replaceAll("\\", "/"), {
    cwd,
    onlyFiles: false,
    expandDirectories: false,
    ignore: ["**/node_modules/**"],
    followSymbolicLinks: false,
    suppressErrors: true,
  });
  // Of a migration folder only its SQL is meant: its README is no reason to stop.
  const useful = matches.filter((match) => match.endsWith(".sql") || isDirectory(resolve(cwd, match)));
  if (useful.length === 0)
    return failure(
      `The pattern ${JSON.stringify(pattern)} matches no SQL file and no folder: check it; patterns are counted from the directory that lockstep is started in.`,
    );
  const absolute = useful.map((match) => resolve(cwd, match)).sort();
  // A folder that was matched stands for what is in it.
  return success(
    absolute.filter((path) => path.endsWith(".sql") || !absolute.some((other) => other.startsWith(`${path}/`))),
  );
}

/** Each of them is a search of its own. */
const MOST_ALTERNATIVES = 10_000;

/** How many patterns the braces of one stand for, or more: {a,b} for two, {1..9} for nine. */
function alternatives(pattern: string): number {
  const open = [{ before: 0, now: 1, commas: 0, start: 0 }];
  for (let at = 0; at < pattern.length; at++) {
    const top = open.at(-1);
    if (!top) break;
    const character = pattern[at];
    if (character === "{") open.push({ before: 0, now: 1, commas: 0, start: at + 1 });
    else if (character === "," && open.length > 1) {
      top.before += top.now;
      top.now = 1;
      top.commas++;
    } else if (character === "}" && open.length > 1) {
      open.pop();
      const [, from, to] = /^(-?\d+)\.\.(-?\d+)/.exec(pattern.slice(top.start, at)) ?? [];
      const range = from === undefined ? 1 : Math.abs(Number(to) - Number(from)) + 1;
      const outer = open.at(-1);
      if (outer) outer.now *= top.commas > 0 ? top.before + top.now : range * top.now;
    }
  }
  return open.reduce((product, { before, now }) => product * (before + now), 1);
}

/** Where a configuration file says that the migrations are; several where it can be read in two ways, the likelier first. */
function pointedTo(file: string): string[] {
  const directory = dirname(file);
  const name = basename(file);
  if (name === "package.json") {
    const schema = packageSchema(read(file));
    return schema === undefined ? [] : [besideSchema(resolve(directory, schema))];
  }
  const inConfigFolder = basename(directory) === ".config";
  if (!name.startsWith("prisma.config.") && !(inConfigFolder && name.startsWith("prisma."))) return [];
  const config = readPrismaConfig(read(file));
  const bases = inConfigFolder ? [directory, dirname(directory)] : [directory];
  return bases.flatMap((base) => {
    if (config.migrationsPath !== undefined) return [resolve(base, config.migrationsPath)];
    return config.schema === undefined ? [] : [besideSchema(resolve(base, config.schema))];
  });
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}
