import type { BranchRole } from "../../model/divergence/roles.ts";

/** How branches are used here. */
export type BranchFlow = "configured" | "git flow" | "GitHub flow" | "trunk";

/** Names or globs (`*` stands for any characters, slashes too) of branches, by configuration or flags. */
export interface BranchNames {
  /** A branch, a tag or a commit: what production runs. With `*` the newest that matches. */
  readonly production?: string;
  readonly main?: string;
  readonly development?: readonly string[];
  readonly hotfix?: readonly string[];
}

export interface NamedBranch {
  /** Without the remote. */
  readonly name: string;
  /** Seconds since 1970. */
  readonly committed: number;
}

export interface Roles {
  readonly flow: BranchFlow;
  /** As a clause: "develop and main exist". */
  readonly because: string;
  /** Absent: no branch of `branches` is it. A production that is configured and none of the branches is absent too. */
  readonly production?: string | undefined;
  readonly main?: string;
  readonly development: readonly string[];
  readonly hotfix: readonly string[];
  readonly release: readonly string[];
}

const DEVELOPMENT = ["develop", "development", "dev"];
const HOTFIX = ["hotfix/*", "hotfix-*", "hotfixes/*"];
/** The glob by which a branch of this name is a hotfix; undefined where it is none. */
export function hotfixGlob(name: string, names: BranchNames = {}): string | undefined {
  return (names.hotfix ?? HOTFIX).find((glob) => matchesGlob(glob, name));
}

const RELEASE = ["release/*", "release-*", "releases/*"];
const PRODUCTION = ["production", "prod", "live"];
const MAIN = ["main", "master", "trunk", "mainline", "default"];

/**
 * Which branch is what: as configured, else by convention. With a development branch beside main it is git flow; a branch named
 * production is production; with release branches, the newest is production (trunk); else main is production (GitHub flow).
 *
 * @param defaultBranch The remote's, where it is known.
 */
export function assignRoles(branches: readonly NamedBranch[], names: BranchNames = {}, defaultBranch?: string): Roles {
  const all = [...branches]
    .sort((a, b) => b.committed - a.committed || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
  const first = (candidates: readonly string[]): string | undefined => candidates.find((name) => all.includes(name));
  const matching = (globs: readonly string[]): string[] =>
    all.filter((name) => globs.some((glob) => matchesGlob(glob, name)));
  const conventional = first(MAIN);
  // In git flow the remote's default branch is often the development branch.
  const main =
    names.main !== undefined
      ? matching([names.main])[0]
      : defaultBranch !== undefined &&
          all.includes(defaultBranch) &&
          !(DEVELOPMENT.includes(defaultBranch) && conventional !== undefined)
        ? defaultBranch
        : conventional;
  const taken = (name: string): boolean => name === main;
  const development = matching(names.development ?? DEVELOPMENT).filter((name) => !taken(name));
  const hotfix = matching(names.hotfix ?? HOTFIX).filter((name) => !taken(name) && !development.includes(name));
  const release = matching(RELEASE).filter(
    (name) => !taken(name) && !development.includes(name) && !hotfix.includes(name),
  );
  const rest = { development, hotfix, release, ...(main !== undefined && { main }) };
  if (names.production !== undefined) {
    const production = matching([names.production])[0];
    return {
      flow: "configured",
      because: `production is configured as ${names.production}`,
      ...rest,
      production,
    };
  }
  const named = first(PRODUCTION.filter((name) => !development.includes(name) && name !== main));
  if (named !== undefined)
    return {
      flow: development.length > 0 ? "git flow" : "trunk",
      because: `a branch is named ${named}`,
      ...rest,
      production: named,
    };
  if (main === undefined) return { flow: "GitHub flow", because: "no main branch was found", ...rest };
  if (development.length > 0)
    return { flow: "git flow", because: `${development[0] ?? ""} exists beside ${main}`, ...rest, production: main };
  const newest = newestRelease(
    branches.filter(({ name }) => release.includes(name)),
    branches,
  );
  if (newest !== undefined)
    return { flow: "trunk", because: `${newest} is the newest release branch`, ...rest, production: newest };
  return { flow: "GitHub flow", because: `${main} has no development branch beside it`, ...rest, production: main };
}

const QUARTER = 90 * 86_400;

/** The highest version among release branches that are still worked on; release branches of long ago say nothing of how it is done now. */
function newestRelease(releases: readonly NamedBranch[], all: readonly NamedBranch[]): string | undefined {
  const newest = Math.max(...all.map(({ committed }) => committed));
  return releases
    .filter(({ name, committed }) => committed >= newest - QUARTER && /[/-]v?\d+([._]\d+)*$/.test(name))
    .map(({ name }) => name)
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }))[0];
}

/** The roles of a branch, most telling first. */
export function rolesOf(name: string, roles: Roles): readonly BranchRole[] {
  const found: BranchRole[] = [];
  if (name === roles.production) found.push("production");
  if (name === roles.main) found.push("main");
  if (roles.development.includes(name)) found.push("development");
  if (roles.hotfix.includes(name)) found.push("hotfix");
  if (roles.release.includes(name)) found.push("release");
  return found.length > 0 ? found : ["other"];
}

/** Whether a branch has a name like `glob`, where `*` stands for any characters, slashes too. */
export function matchesGlob(glob: string, name: string): boolean {
  const parts = glob.replace(/^refs\/heads\//, "").split("*");
  if (parts.length === 1) return parts[0] === name;
  const [start = "", ...inner] = parts;
  const end = inner.pop() ?? "";
  if (!name.startsWith(start) || name.length < start.length + end.length || !name.endsWith(end)) return false;
  let at = start.length;
  for (const part of inner) {
    const next = name.indexOf(part, at);
    if (next < 0 || next + part.length > name.length - end.length) return false;
    at = next + part.length;
  }
  return true;
}

/** A ref as git commands take it: "origin/main", "hotfix/x". */
export const refName = ({ ref }: { readonly ref: string }): string => ref.replace(/^refs\/(heads|remotes|tags)\//, "");
