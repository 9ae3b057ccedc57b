import { existsSync, readdirSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { isRecord } from "../../../engine/config.ts";
import { git } from "../../../source/git/repository.ts";
import { dependencyRange, read, readManifest, scriptsOf, type PackageManifest } from "../package-manager.ts";

export type HookManager = "husky" | "lefthook" | "pre-commit" | "simple-git-hooks" | "core.hooksPath" | "git";

/** Where a repository's commit hook is written. */
export interface FoundHook {
  readonly manager: HookManager;
  /** Absolute: the file that says what the hook does, whether it is there or not. */
  readonly file: string;
  /** Something in it calls lockstep. */
  readonly calls: boolean;
  /** Major version of the manager, where it matters and is known. */
  readonly major?: number;
  /** The file is outside of the work tree, or the hook of one clone only. */
  readonly shared: boolean;
}

const LEFTHOOK = [
  "lefthook.yml",
  "lefthook.yaml",
  ".lefthook.yml",
  ".lefthook.yaml",
  ".config/lefthook.yml",
  ".config/lefthook.yaml",
  "lefthook.json",
  ".lefthook.json",
  "lefthook.toml",
  ".lefthook.toml",
];
const PRE_COMMIT = [".pre-commit-config.yaml", ".pre-commit-config.yml"];
const SIMPLE = [
  ".simple-git-hooks.json",
  "simple-git-hooks.json",
  ".simple-git-hooks.cjs",
  "simple-git-hooks.cjs",
  ".simple-git-hooks.js",
  "simple-git-hooks.js",
  ".simple-git-hooks.mjs",
  "simple-git-hooks.mjs",
];
const LINT_STAGED = /^(\.lintstagedrc(\.\w+)?|lint-staged\.config\.\w+)$/;

/**
 * What makes the commit hooks of the work tree `root`: the manager that is set up, else git itself. `home` (in it) is the package that may
 * hold a manager's settings. Undefined where git does not say where hooks are.
 */
export function findHook(root: string, home: string): FoundHook | undefined {
  const hooksPath = hooksPathOf(root);
  const directories = [...new Set([root, home])];
  const manifests = directories.map((directory) => ({ directory, manifest: readManifest(directory) }));
  const scripts = new Map(manifests.flatMap(({ manifest }) => [...scriptsOf(manifest)]));
  const staged = manifests.some(({ directory, manifest }) => lintStagedCalls(directory, manifest));
  const found = (manager: HookManager, file: string, more: Partial<FoundHook> = {}): FoundHook => {
    const text = read(file) ?? "";
    return {
      manager,
      file,
      calls: callsLockstep(text, scripts) || (staged && /\blint-staged\b/.test(text)),
      shared: true,
      ...more,
    };
  };
  const husky = huskyFolder(root, hooksPath, manifests);
  if (husky !== undefined) {
    const major = huskyMajor(root, home, husky);
    return found("husky", join(husky, "pre-commit"), major === undefined ? {} : { major });
  }
  for (const [manager, names] of [
    ["lefthook", LEFTHOOK],
    ["pre-commit", PRE_COMMIT],
  ] as const) {
    const name = names.find((each) => existsSync(join(root, each)));
    if (name !== undefined) return found(manager, join(root, name));
  }
  for (const { directory, manifest } of manifests) {
    const own = manifest?.["simple-git-hooks"];
    if (own !== undefined) {
      const command = isRecord(own) ? own["pre-commit"] : undefined;
      return found("simple-git-hooks", join(directory, "package.json"), {
        calls:
          typeof command === "string" &&
          (callsLockstep(command, scripts) || (staged && command.includes("lint-staged"))),
      });
    }
    const name = SIMPLE.find((each) => existsSync(join(directory, each)));
    if (name !== undefined) return found("simple-git-hooks", join(directory, name));
  }
  if (hooksPath !== undefined) {
    const outside = relative(root, hooksPath).startsWith("..");
    return found("core.hooksPath", join(hooksPath, "pre-commit"), { shared: !outside });
  }
  const run = git(root, ["rev-parse", "--git-path", "hooks"]);
  if (!run.ok) return undefined;
  return found("git", join(resolve(root, run.value.toString("utf8").trim()), "pre-commit"), { shared: false });
}

/** `lockstep check`, and lockstep alone where a command is expected; an action or a pre-commit repository of that name. */
const CALL =
  /(?:^|[\s"'`&|;(/])lockstep(?:@[\w.^~-]+)?\s+(?:check|checklist|rehearse|branches|-)|(?:^|[&|;]|run:|entry:)\s*(?:(?:npx|pnpm|yarn|bunx)\s+(?:\S+\s+)*)?lockstep\s*$|\b(?:uses|repo):\s*\S*\/lockstep\b/m;

/** Whether a script, a workflow or a hook configuration runs lockstep, itself or by a package script that does. Comments do not count. */
export function callsLockstep(text: string, scripts: ReadonlyMap<string, string> = new Map()): boolean {
  const live = text.replace(/^\s*(#|\/\/).*$/gm, "");
  if (CALL.test(live)) return true;
  return [...scripts].some(
    ([name, command]) =>
      CALL.test(command) &&
      new RegExp(`\\b(run|npm|pnpm|yarn|bun)\\s+(run\\s+)?(-s\\s+|--silent\\s+)?${escape(name)}(\\s|["']|$)`, "m").test(
        live,
      ),
  );
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** core.hooksPath, absolute: git counts it from the work tree. */
function hooksPathOf(root: string): string | undefined {
  const run = git(root, ["config", "--type=path", "--get", "core.hooksPath"]);
  const path = run.ok ? run.value.toString("utf8").replace(/\n$/, "") : "";
  return path === "" ? undefined : isAbsolute(path) ? path : join(root, path);
}

function huskyFolder(
  root: string,
  hooksPath: string | undefined,
  manifests: readonly { readonly directory: string; readonly manifest: PackageManifest | undefined }[],
): string | undefined {
  const set = hooksPath === undefined ? undefined : /^(.*[\\/]\.husky)([\\/]_)?$/.exec(hooksPath)?.[1];
  if (set !== undefined && !relative(root, set).startsWith("..")) return set;
  for (const { directory } of manifests) if (existsSync(join(directory, ".husky"))) return join(directory, ".husky");
  for (const { directory, manifest } of manifests) {
    if (
      dependencyRange(manifest, "husky") !== undefined &&
      /\bhusky\b/.test(scriptsOf(manifest).get("prepare") ?? scriptsOf(manifest).get("postinstall") ?? "")
    )
      return join(directory, ".husky");
  }
  return undefined;
}

function huskyMajor(root: string, home: string, folder: string): number | undefined {
  if (existsSync(join(folder, "_", "h"))) return 9;
  if (
    existsSync(join(folder, "_", "husky.sh")) &&
    !/deprecated|echo/i.test(read(join(folder, "_", "husky.sh")) ?? "echo")
  )
    return 8;
  for (const directory of [home, root]) {
    const installed = readManifest(join(directory, "node_modules", "husky"))?.["version"];
    const major = /\d+/.exec(
      typeof installed === "string" ? installed : (dependencyRange(readManifest(directory), "husky") ?? ""),
    )?.[0];
    if (major !== undefined) return Number(major);
  }
  return undefined;
}

/** lint-staged runs lockstep already, from whatever hook. */
function lintStagedCalls(directory: string, manifest: PackageManifest | undefined): boolean {
  if (JSON.stringify(manifest?.["lint-staged"] ?? null).includes("lockstep")) return true;
  let names: string[] = [];
  try {
    names = readdirSync(directory).filter((name) => LINT_STAGED.test(name));
  } catch {
    // No folder, no settings.
  }
  return names.some((name) =>
    (read(join(directory, name)) ?? "").replace(/^\s*(#|\/\/).*$/gm, "").includes("lockstep"),
  );
}
