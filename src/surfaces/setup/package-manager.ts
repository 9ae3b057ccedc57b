import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isRecord } from "../../engine/config.ts";
import type { PackageFacts, PackageManager } from "../../advice/programs/facts.ts";
import { packages } from "../../advice/programs/packages.ts";

/** How the packages of a project are installed and its local programs are run. */
export interface Packages extends PackageFacts {
  /** There is a node_modules folder, as everywhere but with yarn's Plug'n'Play. */
  readonly nodeModules: boolean;
  /** packageManager of package.json: setups of CI read the version there. */
  readonly pinned: boolean;
}

const LOCKS: readonly (readonly [file: string, manager: PackageManager])[] = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["package-lock.json", "npm"],
  ["npm-shrinkwrap.json", "npm"],
];

/** The nearest lock file or declared package manager from `from` up to `top` (both absolute); npm where there is neither. */
export function findPackages(from: string, top: string): Packages {
  for (const directory of upward(from, top)) {
    const declared = readManifest(directory)?.["packageManager"];
    const [, name, major] = /^(npm|pnpm|yarn|bun)@(\d+)/.exec(typeof declared === "string" ? declared : "") ?? [];
    const locks = LOCKS.filter(([file]) => existsSync(join(directory, file)));
    const [file, manager] =
      locks.find(([, each]) => each === name) ?? (name === undefined ? locks[0] : undefined) ?? [];
    const chosen = (name as PackageManager | undefined) ?? manager;
    if (chosen === undefined) continue;
    const berry =
      chosen === "yarn" &&
      (major !== undefined
        ? Number(major) > 1
        : existsSync(join(directory, ".yarnrc.yml")) ||
          read(join(directory, "yarn.lock"))?.includes("\n__metadata:") === true);
    const nodeModules =
      !berry || /^\s*nodeLinker:\s*["']?(node-modules|pnpm)\b/m.test(read(join(directory, ".yarnrc.yml")) ?? "");
    return {
      manager: chosen,
      berry,
      nodeModules,
      pinned: name !== undefined,
      lock: file,
    };
  }
  return { manager: "npm", berry: false, nodeModules: true, pinned: false };
}

/** The command that makes lockstep a dependency of the project. */
export function addLockstep({
  packages: facts,
  home,
  root,
}: {
  readonly packages: Packages;
  readonly home: string;
  readonly root?: string;
}): string {
  const isWorkspaceRoot =
    facts.manager === "pnpm"
      ? existsSync(join(home, "pnpm-workspace.yaml"))
      : facts.manager === "yarn" &&
        !facts.berry &&
        home === root &&
        /"workspaces"/.test(read(join(home, "package.json")) ?? "");
  return packages.addLockstep(facts, isWorkspaceRoot).text;
}

export type PackageManifest = Readonly<Record<string, unknown>>;

/** The package.json of a directory; undefined where there is none that can be read. */
export function readManifest(directory: string): PackageManifest | undefined {
  try {
    const value: unknown = JSON.parse(read(join(directory, "package.json"))?.replace(/^\uFEFF/, "") ?? "");
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The range by which a manifest asks for a package; undefined where it does not. */
export function dependencyRange(manifest: PackageManifest | undefined, name: string): string | undefined {
  for (const key of ["devDependencies", "dependencies", "optionalDependencies"]) {
    const section = manifest?.[key];
    const range = isRecord(section) && Object.hasOwn(section, name) ? section[name] : undefined;
    if (typeof range === "string") return range;
  }
  return undefined;
}

/** The scripts of a manifest by name. */
export function scriptsOf(manifest: PackageManifest | undefined): ReadonlyMap<string, string> {
  const scripts = manifest?.["scripts"];
  return new Map(
    isRecord(scripts)
      ? Object.entries(scripts).filter((entry): entry is [string, string] => typeof entry[1] === "string")
      : [],
  );
}

/** `from` and the directories around it, up to `top`. */
export function* upward(from: string, top: string): Generator<string> {
  for (let directory = from; ; directory = dirname(directory)) {
    yield directory;
    if (directory === top || dirname(directory) === directory) return;
  }
}

/** The text of a file; undefined where it cannot be read. */
export function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
