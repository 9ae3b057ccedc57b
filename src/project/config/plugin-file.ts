import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isRecord } from "../../engine/config.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";

/** The file that an entry of `plugins` means: a path from the configuration's folder, or a package that is installed there. */
export function pluginFile(entry: string, directory: string): Outcome<string> {
  if (/^\.{1,2}(?:[\\/]|$)/.test(entry) || isAbsolute(entry) || entry.startsWith("file:"))
    return byPath(entry, directory);
  const missing = failure(
    `The plugin ${entry} is not installed: install it, or, where it is a file, write ./${entry}.`,
  );
  try {
    return success(createRequire(join(directory, "lockstep.config.js")).resolve(entry));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "MODULE_NOT_FOUND") return missing;
    // Node.js looks for what require() may have; a package for import alone says so in its exports.
    const file = code === "ERR_PACKAGE_PATH_NOT_EXPORTED" ? imported(entry, directory) : undefined;
    return file === undefined
      ? failure(`The plugin ${entry} could not be found: ${error instanceof Error ? error.message : String(error)}`)
      : success(file);
  }
}

function byPath(entry: string, directory: string): Outcome<string> {
  const path = entry.startsWith("file:") ? fileURLToPath(entry) : resolve(directory, entry);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile()) return success(path);
  const index = ["index.js", "index.mjs", "index.cjs", "index.ts"].find((name) => existsSync(join(path, name)));
  if (stats?.isDirectory() && index !== undefined) return success(join(path, index));
  return failure(
    stats?.isDirectory()
      ? `The plugin ${entry} is a folder without index.js: name the file that exports its rules.`
      : `The plugin ${entry} does not exist: correct its path, which counts from the configuration's folder.`,
  );
}

/** What import() of a package gives: the nearest one in node_modules, by the conditions import, node and default of its exports. */
function imported(entry: string, directory: string): string | undefined {
  const [, name = entry, rest = ""] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(entry) ?? [];
  for (let at = directory; ; at = dirname(at)) {
    const home = join(at, "node_modules", name);
    const manifest = join(home, "package.json");
    if (existsSync(manifest)) {
      const { exports } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly exports?: unknown };
      const subpath = `.${rest}`;
      const target = isRecord(exports) && subpath in exports ? exports[subpath] : rest === "" ? exports : undefined;
      const file = chosen(target);
      return file === undefined ? undefined : join(home, file);
    }
    if (dirname(at) === at) return undefined;
  }
}

function chosen(target: unknown): string | undefined {
  if (typeof target === "string") return target;
  if (Array.isArray(target)) return chosen((target as readonly unknown[])[0]);
  if (!isRecord(target)) return undefined;
  const condition = Object.keys(target).find((key) => ["import", "module-sync", "node", "default"].includes(key));
  return condition === undefined ? undefined : chosen(target[condition]);
}
