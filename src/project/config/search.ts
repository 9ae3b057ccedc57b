import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve, sep } from "node:path";
import { isRecord } from "../../engine/config.ts";
import { gitRoot } from "../../source/git/repository.ts";

const EXTENSIONS = ["json", "jsonc", "js", "mjs", "ts"] as const;
export const CONFIG_NAMES: readonly string[] = EXTENSIONS.map((extension) => `lockstep.config.${extension}`);

export type FoundConfig = { readonly path: string } | { readonly message: string };

/** The nearest configuration from `from` upward, or the one that is named; undefined where there is none. */
export function findConfig(cwd: string, from: string, path: string | undefined): FoundConfig | undefined {
  return path === undefined ? nearest(cwd, from) : named(path, cwd);
}

function nearest(cwd: string, from: string): FoundConfig | undefined {
  for (const directory of configDirectories(from, cwd)) {
    const names = CONFIG_NAMES.filter((name) => isFile(join(directory, name)));
    if (packageConfig(directory) !== undefined) names.push("package.json");
    if (names.length > 1) {
      return {
        message: `There is more than one configuration in ${relative(cwd, directory) || "this directory"}: ${names.join(", ")}. Keep one, or name one with --config.\n`,
      };
    }
    const [name] = names;
    if (name !== undefined) return { path: join(directory, name) };
  }
  return undefined;
}

/** The directories whose configuration counts for what is in `from`, the nearest first. */
export function configDirectories(from: string, cwd: string): readonly string[] {
  const inside = from === cwd || from.startsWith(cwd.endsWith(sep) ? cwd : cwd + sep);
  const top = gitRoot(from) ?? (inside ? cwd : from);
  const found: string[] = [];
  for (let directory = from; ; directory = dirname(directory)) {
    found.push(directory);
    if (directory === top || dirname(directory) === directory) return found;
  }
}

function named(path: string, cwd: string): FoundConfig {
  const full = resolve(cwd, path);
  if (!isFile(full))
    return {
      message: `The configuration ${path} does not exist${existsSync(full) ? " as a file" : ""}. Check the path given with --config.\n`,
    };
  if (basename(full) === "package.json") {
    return packageConfig(dirname(full)) === undefined
      ? { message: `${path} has no key lockstep. Add it, or name another file with --config.\n` }
      : { path: full };
  }
  if (!(EXTENSIONS as readonly string[]).includes(extname(full).slice(1)))
    return {
      message: `The configuration ${path} cannot be read: its name must end in ${EXTENSIONS.map((each) => `.${each}`).join(", ")}.\n`,
    };
  return { path: full };
}

/** The key `lockstep` of a package.json; a package.json that is none is npm's to complain about. */
export function packageConfig(directory: string): { readonly text: string; readonly value: unknown } | undefined {
  const path = join(directory, "package.json");
  if (!isFile(path)) return undefined;
  try {
    const text = readFileSync(path, "utf8");
    if (!text.includes('"lockstep"')) return undefined;
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return isRecord(value) && Object.hasOwn(value, "lockstep") ? { text, value: value.lockstep } : undefined;
  } catch {
    return undefined;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
