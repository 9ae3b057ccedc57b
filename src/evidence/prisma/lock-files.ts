/**
 * Versions of one package in the lock files of npm, pnpm, yarn and bun. Targeted scans instead of parsers: these files
 * reach tens of megabytes. Each answers with every locked version, the likeliest for the importing package first;
 * none throws, whatever the text.
 */
export interface LockQuery {
  /** The package looked for. */
  readonly name: string;
  /** The importing package's directory as seen from the lock file, with forward slashes; "" for the lock file's own. */
  readonly importer: string;
  /** What the importing package.json asks for, where it is known. */
  readonly range?: string;
}

export type LockScan = (text: string, query: LockQuery) => readonly string[];

const VERSION = String.raw`\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?`;

/** package-lock.json and npm-shrinkwrap.json, lockfileVersion 1 to 3. */
export const npmLock: LockScan = (text, { name, importer }) => {
  const installed = new Map<string, string>();
  const key = `node_modules/${name}"`;
  for (const place of occurrences(text, key)) {
    const version = matchAt(
      text,
      new RegExp(`\\s*:\\s*\\{[^{}]*?"version"\\s*:\\s*"(${VERSION})"`, "y"),
      place + key.length,
    );
    if (version !== undefined)
      installed.set(text.slice(text.lastIndexOf('"', place) + 1, place).replace(/\/$/, ""), version);
  }
  // As Node resolves: the importer's own node_modules first, then those above it.
  for (let directory = importer; ; directory = directory.slice(0, Math.max(0, directory.lastIndexOf("/")))) {
    const version = installed.get(directory);
    if (version !== undefined) return [version];
    if (directory === "") break;
  }
  if (installed.size > 0) return [...installed.values()];
  // lockfileVersion 1 keys by the bare name.
  const found: string[] = [];
  for (const place of occurrences(text, `"${name}"`)) {
    const version = matchAt(
      text,
      new RegExp(`\\s*:\\s*\\{\\s*"version"\\s*:\\s*"(${VERSION})"`, "y"),
      place + name.length + 2,
    );
    if (version !== undefined) found.push(version);
  }
  return found;
};

/** pnpm-lock.yaml: the importer's own entry (lockfileVersion 5.4 to 9), else every entry among the packages. */
export const pnpmLock: LockScan = (text, { name, importer }) => {
  const own = pnpmImporter(text, name, importer === "" ? "." : importer);
  if (own !== undefined) return [own];
  const found: string[] = [];
  for (const place of occurrences(text, name)) {
    const version = matchAt(text, new RegExp(`[@/](${VERSION})(?:[(_][^\\n]*)?['"]?:`, "y"), place + name.length);
    if (version === undefined) continue;
    if (/^\s+['"]?\/?$/.test(text.slice(text.lastIndexOf("\n", place) + 1, place))) found.push(version);
  }
  return found;
};

function pnpmImporter(text: string, name: string, importer: string): string | undefined {
  // Without workspaces, lock files up to version 6 have the dependencies at the top level.
  const importers = /^importers:/m.exec(text);
  let inside = !importers && importer === ".";
  let depth = 0;
  let dependencies = -1;
  let at = importers ? importers.index : 0;
  while (at < text.length) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(at, end).replace(/\r$/, "");
    at = end + 1;
    const parts = /^( *)(?:'([^']+)'|"([^"]+)"|([^\s:'"][^:]*)):(?: +(.*))?$/.exec(line);
    if (!parts) continue;
    const indent = (parts[1] ?? "").length;
    const key = parts[2] ?? parts[3] ?? parts[4] ?? "";
    if (indent === 0 && /^(packages|snapshots)$/.test(key)) return undefined;
    if (importers && indent === 2) {
      inside = key === importer;
      depth = 4;
      dependencies = -1;
      continue;
    }
    if (!inside) continue;
    if (indent === depth) dependencies = /^(d|devD|optionalD)ependencies$/.test(key) ? depth : -1;
    if (dependencies < 0 || indent !== depth + 2 || key !== name) continue;
    // Up to version 5.4 the value follows; from 6 on it is a map of specifier and version.
    const value = parts[5] ?? /^ +specifier:[^\n]*\n +version: *([^\s]+)/.exec(text.slice(at, at + 1000))?.[1];
    const version = value === undefined ? undefined : new RegExp(`^['"]?(${VERSION})`).exec(value)?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}

/** yarn.lock of yarn 1 and of berry: the entry for the asked range first. */
export const yarnLock: LockScan = (text, { name, range }) => {
  const exact: string[] = [];
  const others: string[] = [];
  for (const place of occurrences(text, `${name}@`)) {
    const start = text.lastIndexOf("\n", place) + 1;
    const newline = text.indexOf("\n", place);
    if (newline < 0 || text[start] === " " || text[start] === "#") continue;
    // `@other/prisma@` ends in the same letters.
    if (place > start && !/[\s",]/.test(text[place - 1] as string)) continue;
    const version = matchAt(text, new RegExp(`\\s+version:? "?(${VERSION})`, "y"), newline);
    if (version === undefined) continue;
    const key = text.slice(place + name.length + 1, newline);
    const asked = /^(?:npm:)?([^",]*?)(?:[",]|:?\r?$)/.exec(key)?.[1];
    (range !== undefined && asked === range ? exact : others).push(version);
  }
  return [...new Set(exact.length > 0 ? exact : others)];
};

/** bun.lock, the text form. */
export const bunLock: LockScan = (text, { name, importer }) => {
  const found: string[] = [];
  const nested: string[] = [];
  for (const place of occurrences(text, `${name}"`)) {
    const version = matchAt(
      text,
      new RegExp(`\\s*:\\s*\\[\\s*"${escape(name)}@(${VERSION})"`, "y"),
      place + name.length + 1,
    );
    if (version === undefined) continue;
    const owner = text.slice(text.lastIndexOf('"', place) + 1, place).replace(/\/$/, "");
    if (owner === "") found.push(version);
    // A workspace's own copy is keyed by the workspace's name, whose last part is usually its folder's.
    else if (importer !== "" && owner.split("/").at(-1) === importer.split("/").at(-1)) nested.push(version);
  }
  return nested.length > 0 ? nested : found;
};

function* occurrences(text: string, needle: string): Generator<number> {
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) yield at;
}

function matchAt(text: string, sticky: RegExp, at: number): string | undefined {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[1];
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
