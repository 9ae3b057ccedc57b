import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The package's own directory: the nearest one above this file, or above the bundle that it is in, with package.json. */
function home(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, "package.json")) && dirname(directory) !== directory)
    directory = dirname(directory);
  return directory;
}

/** What package.json says, as far as it is used here. */
export interface ProductManifest {
  readonly version: string;
  readonly homepage?: string;
  readonly bugs?: string | { readonly url?: string };
  readonly repository?: string | { readonly url: string };
}

let read: ProductManifest | undefined;

function manifest(): ProductManifest {
  return (read ??= JSON.parse(readFileSync(join(home(), "package.json"), "utf8")) as ProductManifest);
}

export function version(): string {
  return manifest().version;
}

/** The public address of lockstep; undefined while package.json names none. */
export function homepage({ homepage: named, ...rest }: ProductManifest = manifest()): string | undefined {
  return named ?? repository(rest);
}

/** The address of the repository as a page: of "git+https://github.com/o/r.git" and "github:o/r" alike. */
function repository({ repository: named }: Omit<ProductManifest, "homepage">): string | undefined {
  const url = (typeof named === "string" ? named : named?.url)
    ?.replace(/^(?:github:)?([\w.-]+\/[\w.-]+)$/, "https://github.com/$1")
    .replace(/^git\+/, "")
    .replace(/\.git$/, "");
  return url !== undefined && /^https:\/\//.test(url) ? url : undefined;
}

/** Where bugs are reported; undefined while package.json names no place. */
export function issuesAddress({ bugs, ...rest }: ProductManifest = manifest()): string | undefined {
  const named = typeof bugs === "string" ? bugs : bugs?.url;
  if (named !== undefined) return named;
  const page = repository(rest);
  // What npm fills in itself.
  return page?.startsWith("https://github.com/") ? `${page}/issues` : undefined;
}

/** The public address of a rule's page, of this version; undefined while package.json names no repository. */
export function ruleUrl(id: string, from: ProductManifest = manifest()): string | undefined {
  const base = repository(from);
  // Without an address of lockstep no page is looked for.
  const path = base === undefined ? undefined : rulePagePath(id);
  return path === undefined || base === undefined
    ? undefined
    : `${base}/blob/v${from.version}/${relative(home(), path).replaceAll("\\", "/")}`;
}

/** Where an editor can open a rule's page: its public address, else its file in the package. */
export function rulePageUri(id: string): string | undefined {
  const path = rulePagePath(id);
  return ruleUrl(id) ?? (path === undefined ? undefined : pathToFileURL(path).href);
}

let known: ReadonlyMap<string, string> | undefined;

/** The pages of the rules by id: each is in the folder of its rule's category. */
function pages(): ReadonlyMap<string, string> {
  if (known) return known;
  const folder = join(home(), "rules");
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".md"));
  return (known = new Map(paths.map((path) => [basename(path, ".md"), join(folder, path)])));
}

/** The absolute path of a rule's page in Markdown; undefined where there is none. */
export function rulePagePath(id: string): string | undefined {
  return pages().get(id);
}

/** The page of a rule in Markdown; undefined where there is none. */
export function rulePage(id: string): string | undefined {
  const path = rulePagePath(id);
  return path === undefined ? undefined : readFileSync(path, "utf8");
}

/** All rules by their pages, each with its title: without loading a rule. */
export function ruleTitles(): readonly (readonly [id: string, title: string])[] {
  const titled = [...pages()].map(
    ([id, path]) => [id, /^\| Hazard \| (.+?) \|$/m.exec(readFileSync(path, "utf8"))?.[1] ?? ""] as const,
  );
  return titled.sort(([a], [b]) => (a < b ? -1 : 1));
}
