import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** A lockstep on disk. */
export interface Installation {
  /** The script to run with Node.js. */
  readonly program: string;
  /** The folder of the package, with package.json and the pages of the rules. */
  readonly home: string;
  readonly version: string;
  readonly origin: Origin;
}

/** Named by a setting, found in node_modules, or part of the extension. */
export type Origin = "setting" | "project" | "bundled";

export interface InstallationSearch {
  /** lockstep.path, as it was written. */
  readonly setting?: string | undefined;
  /** The workspace folder; absent where only files are open. */
  readonly folder?: string | undefined;
  /** Folders of projects with migrations inside the workspace folder. */
  readonly projects: readonly string[];
  /** Nothing that the workspace brings along is run if not. */
  readonly trusted: boolean;
  /** The folder of the package that is part of the extension. */
  readonly bundled: string;
}

export type FoundInstallation =
  /** `notes` are sentences for the output: what was passed over, and why. */
  | { readonly ok: true; readonly installation: Installation; readonly notes: readonly string[] }
  | { readonly ok: false; readonly message: string };

/**
 * Which lockstep runs for a workspace folder: the one that the setting names, else the project's own, else the bundled one.
 *
 * The project's own is looked for from each project with migrations upward, as Node.js would, but not beyond the git
 * work tree, or without one not beyond the workspace folder: what lies above belongs to somebody else. Where projects
 * have different ones, the newest runs.
 */
export function findInstallation({
  setting,
  folder,
  projects,
  trusted,
  bundled,
}: InstallationSearch): FoundInstallation {
  const own = readInstallation(bundled, "bundled");
  const fallback = (notes: readonly string[]): FoundInstallation =>
    own
      ? { ok: true, installation: own, notes }
      : {
          ok: false,
          message: `The lockstep that comes with the extension is not in ${bundled}: install the extension again.`,
        };
  if (!trusted) return fallback(["The workspace is not trusted: the lockstep that comes with the extension runs."]);
  const wanted = setting?.trim();
  if (wanted) {
    const installation = named(folder === undefined ? wanted : resolve(folder, wanted));
    if (!installation)
      return {
        ok: false,
        message: `lockstep.path is ${wanted}, but there is no lockstep: name the folder of its package, or its dist/cli.cjs.`,
      };
    if (!speaks(installation.home))
      return {
        ok: false,
        message: `lockstep.path is ${wanted}, but lockstep ${installation.version} has no language server: name a newer one.`,
      };
    return { ok: true, installation, notes: [] };
  }
  const found = new Map<string, Installation>();
  const notes: string[] = [];
  for (const from of projects.length > 0 ? projects : folder === undefined ? [] : [folder]) {
    const installation = nearest(from, folder ?? from);
    if (!installation || found.has(installation.program)) continue;
    if (speaks(installation.home)) found.set(installation.program, installation);
    else
      notes.push(`lockstep ${installation.version} in ${installation.home} has no language server and is passed over.`);
  }
  const [first, ...others] = [...found.values()].sort((one, other) => compareVersions(other.version, one.version));
  if (!first) return fallback(notes);
  if (others.length > 0) {
    const where = [first, ...others].map(({ version, home }) => `${version} in ${home}`).join(", ");
    notes.push(
      `There is more than one lockstep in this folder (${where}): ${first.version} runs. Open the projects as folders of their own, or set lockstep.path.`,
    );
  }
  return { ok: true, installation: first, notes };
}

/** The package in `home`; undefined where there is none, or one that is not built. */
function readInstallation(home: string, origin: Origin): Installation | undefined {
  const manifest = readManifest(home);
  if (!manifest) return undefined;
  const bin = typeof manifest.bin === "string" ? manifest.bin : manifest.bin?.lockstep;
  if (bin === undefined || !existsSync(join(home, bin))) return undefined;
  return { program: join(home, bin), home, version: manifest.version ?? "of unknown version", origin };
}

/** Below zero where `one` is older than `other`. A version that cannot be read is the oldest. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [numbers(one), numbers(other)];
  for (const at of [0, 1, 2]) {
    const difference = (a[at] ?? -1) - (b[at] ?? -1);
    if (difference !== 0) return difference;
  }
  // 1.0.0-beta.1 comes before 1.0.0.
  return Number(other.includes("-")) - Number(one.includes("-"));
}

function numbers(version: string): readonly number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? "").split(".").filter(Boolean).map(Number);
}

function named(path: string): Installation | undefined {
  if (!/\.[cm]?js$/.test(path)) return readInstallation(path, "setting");
  if (!existsSync(path)) return undefined;
  for (let home = dirname(path); ; home = dirname(home)) {
    const manifest = readManifest(home);
    if (manifest) return { program: path, home, version: manifest.version ?? "of unknown version", origin: "setting" };
    if (dirname(home) === home) return undefined;
  }
}

function nearest(from: string, folder: string): Installation | undefined {
  const last = above(folder, (directory) => existsSync(join(directory, ".git"))) ?? folder;
  for (let directory = from; ; directory = dirname(directory)) {
    const installation = readInstallation(join(directory, "node_modules", "lockstep"), "project");
    if (installation) return installation;
    if (directory === last || dirname(directory) === directory) return undefined;
  }
}

function above(from: string, is: (directory: string) => boolean): string | undefined {
  for (let directory = from; ; directory = dirname(directory)) {
    if (is(directory)) return directory;
    if (dirname(directory) === directory) return undefined;
  }
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function readManifest(home: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as Manifest | null;
    return manifest?.name === "lockstep" ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** An older lockstep takes "lsp" for a path to check. One that has the server was built with its library. */
function speaks(home: string): boolean {
  const manifest = readManifest(home);
  return "vscode-languageserver" in { ...manifest?.dependencies, ...manifest?.devDependencies };
}
