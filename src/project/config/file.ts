import { dirname, relative } from "node:path";
import type * as Jsonc from "jsonc-parser";
import { type ConfigFile, isRecord } from "../../engine/config.ts";
import type { AnyRule } from "../../engine/rule.ts";
import type { SourceFile } from "../../source/text.ts";
import type { LoadedPlugins } from "./plugins.ts";
import { type ConfigProblem, describeErrors, formatProblems, type PlacedProblem } from "./problem.ts";
import { readProgram } from "./program.ts";
import { findConfig } from "./search.ts";
import { placedIn, type ReadConfig, readConfigText, readJsonc } from "./text.ts";

export type LoadedConfig =
  /** `directory` is absolute: what the configuration's paths are relative to. Without `path` there is no configuration. */
  | {
      readonly ok: true;
      readonly config: ConfigFile;
      readonly directory: string;
      readonly path?: string;
      /** Where it names any, and they were loaded. */
      readonly plugins?: LoadedPlugins;
      /** The plugins that were not loaded, since the workspace is not trusted. */
      readonly untrusted?: readonly string[];
    }
  | {
      readonly ok: false;
      readonly message: string /** Absolute, where it is one file that is wrong. */;
      readonly path?: string /** Its text, and the mistakes that have a place in it. */;
      readonly file?: SourceFile | undefined;
      readonly problems?: readonly PlacedProblem[];
      readonly namesPlugins?: boolean;
      /** Where these are right. */
      readonly plugins?: LoadedPlugins;
    };

export interface ConfigSearch {
  /** Absolute: what paths in messages count from, and where the search begins. */
  readonly cwd: string;
  /** Absolute: where the search begins instead, in an editor's project. */
  readonly from?: string;
  /** --config: no search then. */
  readonly path?: string | undefined;
  readonly rules: readonly AnyRule[];
  /** Read programs again that were loaded before: for a process that outlives a change of them. */
  readonly fresh?: boolean;
  /** False: a configuration that is a program is not run, which is a mistake of its own then, and plugins are not loaded. */
  readonly programs?: boolean;
  /** How mistakes are shown. */
  readonly color: boolean;
  readonly columns: number;
}

/**
 * The configuration for `cwd`: lockstep.config.* or the key `lockstep` in package.json, in the nearest directory
 * from `from` up to the one that holds .git. Outside of a git work tree the search ends at `cwd`: what lies
 * above it may be anybody's, and a configuration can be a program.
 */
export async function loadConfig(search: ConfigSearch): Promise<LoadedConfig> {
  const { cwd, from = cwd, fresh = false, programs = true } = search;
  const found = findConfig(cwd, from, search.path);
  if (found === undefined) return { ok: true, config: {}, directory: cwd };
  if ("message" in found) return { ok: false, message: found.message };
  const { path } = found;
  const shown = shownPath(path, search);
  const text = readConfigText(path, shown);
  const read =
    text.kind === "read"
      ? text.read
      : text.kind === "jsonc"
        ? readJsonc(text.file, await import("jsonc-parser"))
        : programs
          ? await readProgram(path, shown, fresh)
          : notTrusted(shown);
  if (!read.ok) return unreadable(path, read, search);
  const { default: validate } = await import("./validator.js");
  const wrong = async (problems: readonly ConfigProblem[], plugins?: LoadedPlugins): Promise<LoadedConfig> => ({
    ...invalid(path, read, problems, search, read.file && (await import("jsonc-parser"))),
    namesPlugins: pluginsOf(read.value).length > 0,
    ...(plugins && { plugins }),
  });
  if (!validate(withNames(read.value)))
    return wrong(describeErrors(validate.errors ?? [], withNames(read.value), search.rules));
  const named = pluginsOf(read.value);
  if (named.length === 0) return valid(path, read);
  if (!programs) return { ...valid(path, read), untrusted: named.map(String) };
  const { loadPlugins, mistakesWithPlugins } = await import("./plugins.ts");
  const plugins = await loadPlugins(named, dirname(path), search.rules, fresh);
  if (!plugins.ok) return wrong([plugins.problem]);
  const mistakes = mistakesWithPlugins(read.value, plugins.value.rules, search.rules);
  return mistakes.length > 0 ? wrong(mistakes, plugins.value) : { ...valid(path, read), plugins: plugins.value };
}

export function pluginsOf(config: unknown): readonly unknown[] {
  const { plugins } = isRecord(config) ? config : {};
  return Array.isArray(plugins) ? plugins : [];
}

/** The schema is that of a text: a plugin that a program gives itself is there by a name. */
export function withNames(config: unknown): unknown {
  if (pluginsOf(config).every((plugin) => !isRecord(plugin) || !("rules" in plugin || "default" in plugin)))
    return config;
  return {
    ...(config as object),
    plugins: pluginsOf(config).map((plugin) => (isRecord(plugin) ? "a plugin" : plugin)),
  };
}

const notTrusted = (shown: string): ReadConfig => ({
  ok: false,
  message: `The configuration ${shown} is a program, and is not run in a workspace that is not trusted.`,
});

export const shownPath = (path: string, { cwd }: ConfigSearch): string => relative(cwd, path).replaceAll("\\", "/");

export function unreadable(
  path: string,
  read: ReadConfig & { readonly ok: false },
  search: ConfigSearch,
): LoadedConfig {
  if (!read.problem) return { ok: false, message: `${read.message}\n`, path };
  const problems = [read.problem];
  return { ok: false, message: formatProblems(read.file, problems, search), path, file: read.file, problems };
}

export const valid = (
  path: string,
  { value }: ReadConfig & { readonly ok: true },
): LoadedConfig & { readonly ok: true } => ({
  ok: true,
  config: value as ConfigFile,
  directory: dirname(path),
  path,
});

/** Mistakes with their places, for which the parser that knows them is needed where there is a text. */
export function invalid(
  path: string,
  { file, prefix }: ReadConfig & { readonly ok: true },
  found: readonly ConfigProblem[],
  search: ConfigSearch,
  jsonc: typeof Jsonc | undefined,
): LoadedConfig & { readonly ok: false } {
  const problems = file && jsonc ? placedIn(file, found, prefix, jsonc) : found;
  const message = formatProblems(file ?? { path: shownPath(path, search), text: "" }, problems, search);
  return { ok: false, message, path, file, problems };
}
