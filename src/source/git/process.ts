import { devNull } from "node:os";

/**
 * How every git process is started. A repository is not trusted: its configuration can name programs, and whoever only looks at its
 * migrations has not asked for these. Nothing is fetched, no hook runs, no filter of its own is called.
 */

/** Commands that say what is configured run nothing, and are to say it as it is. */
const ASKS_CONFIGURATION: ReadonlySet<string> = new Set(["config", "rev-parse"]);
/** Commands that compare files with the index, for which git calls the filters that attributes name. */
const READS_FILES: ReadonlySet<string> = new Set(["status", "mv"]);

/** The whole command line for `args`. */
export function gitArguments(args: readonly string[]): string[] {
  const hooks = ASKS_CONFIGURATION.has(args[0] ?? "") ? [] : ["-c", `core.hooksPath=${devNull}`];
  return ["--no-pager", "-c", "core.fsmonitor=false", "-c", "log.showSignature=false", ...hooks, ...args];
}

/** The environment for a git process. What a partial clone lacks is not fetched: the command fails. `index`: that file in place of the repository's own index. */
export function gitEnvironment(index?: string, filters: readonly string[] = []): NodeJS.ProcessEnv {
  return {
    ...process.env,
    // Older versions know only the second; an empty list allows no protocol.
    GIT_NO_LAZY_FETCH: "1",
    GIT_ALLOW_PROTOCOL: "",
    LC_ALL: "C",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    // A hook is started with these set for its own repository and index; the directory that git is run in decides here.
    GIT_DIR: undefined,
    GIT_WORK_TREE: undefined,
    GIT_INDEX_FILE: index,
    GIT_PREFIX: undefined,
    ...without(filters),
  };
}

/** Settings that take the named filters away. On the command line a name with "=" in it would be another one. */
function without(filters: readonly string[]): NodeJS.ProcessEnv {
  if (filters.length === 0) return {};
  const settings = filters.flatMap((name) => [
    [`filter.${name}.clean`, ""],
    [`filter.${name}.smudge`, ""],
    [`filter.${name}.process`, ""],
    [`filter.${name}.required`, "false"],
  ]);
  const first = Number(process.env["GIT_CONFIG_COUNT"] ?? 0) || 0;
  return Object.fromEntries([
    ["GIT_CONFIG_COUNT", String(first + settings.length)],
    ...settings.flatMap(([key, value], at) => [
      [`GIT_CONFIG_KEY_${first + at}`, key],
      [`GIT_CONFIG_VALUE_${first + at}`, value],
    ]),
  ]) as NodeJS.ProcessEnv;
}

/** The filters that the repository's own configuration defines; those of the user and the machine are not its. */
export function ownFilters(root: string, args: readonly string[]): readonly string[] {
  if (!READS_FILES.has(args[0] ?? "")) return [];
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const { stdout } = spawnSync(
    "git",
    gitArguments(["config", "-z", "--show-scope", "--name-only", "--get-regexp", String.raw`^filter\.`]),
    { cwd: root, env: gitEnvironment(), windowsHide: true, maxBuffer: 1 << 26 },
  );
  const parts = String(stdout ?? "").split("\0");
  const found = new Set<string>();
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const name = /^filter\.([^]*)\.[^.]*$/.exec(parts[at + 1] ?? "")?.[1];
    if (name !== undefined && parts[at] !== "system" && parts[at] !== "global") found.add(name);
  }
  return [...found];
}
