import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The package's own directory: the nearest one above this file, or above the bundle that it is in, with package.json. */
function home(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, "package.json")) && dirname(directory) !== directory)
    directory = dirname(directory);
  return directory;
}

export function version(): string {
  const { version: found } = JSON.parse(readFileSync(join(home(), "package.json"), "utf8")) as {
    readonly version: string;
  };
  return found;
}

/** The pages of the rules by id: each stands in the folder of its rule's category. */
function pages(): ReadonlyMap<string, string> {
  const folder = join(home(), "rules");
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".md"));
  return new Map(paths.map((path) => [basename(path, ".md"), join(folder, path)]));
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
