import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { Evidence } from "../evidence.ts";
import type { LockScan } from "./lock-files.ts";
import { bunLock, npmLock, pnpmLock, yarnLock } from "./lock-files.ts";
import { modeOfVersion, readRange } from "./version-range.ts";

export type PrismaVersion = NonNullable<Evidence["prisma"]>;
type PackageManager = PrismaVersion["packageManager"];

const PACKAGES = ["prisma", "@prisma/client", "@prisma/migrate"] as const;

const LOCK_FILES: readonly { readonly file: string; readonly manager: PackageManager; readonly scan?: LockScan }[] = [
  { file: "npm-shrinkwrap.json", manager: "npm", scan: npmLock },
  { file: "package-lock.json", manager: "npm", scan: npmLock },
  { file: "pnpm-lock.yaml", manager: "pnpm", scan: pnpmLock },
  { file: "yarn.lock", manager: "yarn", scan: yarnLock },
  { file: "bun.lock", manager: "bun", scan: bunLock },
  // Binary: it tells the package manager and nothing else.
  { file: "bun.lockb", manager: "bun" },
];

/**
 * Which Prisma applies the migrations in `from` (absolute), and how it sends a file: by the lock files from there up to
 * `top` (the git root; without one up to the first directory that has a lock file), else by what is installed, else by the
 * range in package.json. `prisma.version` is then the lowest version that the range allows.
 * `shown` turns an absolute path into the one that reports show.
 */
export function findPrisma(
  from: string,
  top: string | undefined,
  shown: (absolute: string) => string,
): { readonly execution: Evidence["execution"]; readonly prisma?: PrismaVersion } {
  const manifests: Manifest[] = [];
  let manager: PackageManager | undefined;
  for (const directory of upward(from, top)) {
    const manifest = readManifest(directory);
    if (manifest) manifests.push(manifest);
    manager ??= manifest?.manager;
    const locks = LOCK_FILES.filter((lock) => existsSync(join(directory, lock.file)));
    // Two lock files side by side: the one of the declared package manager is the live one.
    if (manager !== undefined) locks.sort((a, b) => Number(b.manager === manager) - Number(a.manager === manager));
    const owner = manifests.find((one) => one.range !== undefined) ?? manifests[0];
    const importer = owner ? relative(directory, owner.directory).split(sep).join("/") : "";
    for (const lock of locks) {
      manager ??= lock.manager;
      const text = lock.scan && read(join(directory, lock.file));
      if (!lock.scan || text === undefined) continue;
      for (const name of PACKAGES) {
        const range = owner?.ranges.get(name);
        const versions = lock.scan(text, { name, importer, ...(range !== undefined && { range }) });
        if (versions.length > 0) return locked(name, versions, shown(join(directory, lock.file)), lock.manager);
      }
    }
    if (top === undefined && locks.length > 0) break;
  }
  for (const directory of upward(from, top)) {
    for (const name of PACKAGES) {
      const file = join(directory, "node_modules", ...name.split("/"), "package.json");
      const version = /"version"\s*:\s*"([^"]+)"/.exec(read(file) ?? "")?.[1];
      if (version !== undefined) return locked(name, [version], shown(file), manager ?? "npm");
    }
  }
  const asking = manifests.find((manifest) => manifest.range !== undefined);
  if (!asking?.range)
    return { execution: { mode: "unknown", because: "no lock file or package.json names a version of Prisma" } };
  const file = shown(join(asking.directory, "package.json"));
  const range = readRange(asking.range.range);
  const because = `${asking.range.name} ${asking.range.range} in ${file}`;
  if (!range) return { execution: { mode: "unknown", because } };
  return {
    execution: { mode: range.mode, because },
    prisma: { version: range.lowest, from: file, packageManager: manager ?? "npm" },
  };
}

function locked(
  name: string,
  versions: readonly string[],
  from: string,
  packageManager: PackageManager,
): { readonly execution: Evidence["execution"]; readonly prisma: PrismaVersion } {
  const different = [...new Set(versions)];
  const modes = new Set(different.map(modeOfVersion));
  const [mode = "unknown"] = modes.size === 1 ? modes : [];
  return {
    execution: { mode, because: `${name} ${different.join(" and ")} in ${from}` },
    prisma: { version: different[0] as string, from, packageManager },
  };
}

interface Manifest {
  readonly directory: string;
  readonly manager?: PackageManager;
  readonly ranges: ReadonlyMap<string, string>;
  /** The first of Prisma's packages that it asks for. */
  readonly range?: { readonly name: string; readonly range: string };
}

function readManifest(directory: string): Manifest | undefined {
  const text = read(join(directory, "package.json"));
  if (text === undefined) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    // Not ours to report; the package manager does.
    return undefined;
  }
  if (!isRecord(parsed)) return undefined;
  const ranges = new Map<string, string>();
  for (const key of ["devDependencies", "dependencies", "optionalDependencies", "peerDependencies"]) {
    const section = parsed[key];
    if (!isRecord(section)) continue;
    for (const name of PACKAGES) {
      const range = Object.hasOwn(section, name) ? section[name] : undefined;
      if (typeof range === "string" && !ranges.has(name)) ranges.set(name, range);
    }
  }
  const first = PACKAGES.find((name) => ranges.has(name));
  const declared = /^(npm|pnpm|yarn|bun)@/.exec(
    typeof parsed["packageManager"] === "string" ? parsed["packageManager"] : "",
  )?.[1];
  return {
    directory,
    ranges,
    ...(declared !== undefined && { manager: declared as PackageManager }),
    ...(first !== undefined && { range: { name: first, range: ranges.get(first) ?? "" } }),
  };
}

function* upward(from: string, top: string | undefined): Generator<string> {
  for (let directory = from; ; directory = dirname(directory)) {
    yield directory;
    if (directory === top || dirname(directory) === directory) return;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
