import { readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { rules as own } from "../../rules/index.ts";
import { readBaseline, type BaselineEntry } from "../engine/baseline.ts";
import { resolveConfig, type Config, type ConfigFile, type RuleSetting } from "../engine/config.ts";
import { didYouMean } from "../engine/nearest.ts";
import type { AnyRule } from "../engine/rule.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { Environment } from "../evidence/git/base.ts";
import type { Outcome } from "../source/outcome.ts";
import { failure, success } from "../source/outcome.ts";
import { type LoadedConfig, loadConfig } from "./config/file.ts";
import type { Look } from "./io.ts";
import type { Overrides } from "./overrides.ts";
import type { World } from "./world.ts";
import { lockstep } from "../advice/programs/lockstep.ts";
import { IN_WORDS } from "../advice/programs/facts.ts";

export const BASELINE = "lockstep.baseline.json";
export const STATISTICS = "lockstep.stats.json";

/** Overrides over the configuration file over the defaults. */
export interface Settings {
  readonly config: Config;
  /** lockstep's own, and those of the configuration's plugins. */
  readonly rules: readonly AnyRule[];
  /** Absolute: the modules that some of them are from. */
  readonly pluginFiles: readonly string[];
  /** From `config.migrations`, relative to cwd. */
  readonly migrations: readonly string[];
  /** As it was named; an environment variable is not among them. */
  readonly base?: string | undefined;
  /** What named `base`, for messages: "--base", "base in the configuration". */
  readonly baseFrom: string;
  readonly baseline: readonly BaselineEntry[];
  /** Absolute: where a baseline is written. */
  readonly baselinePath: string;
  /** Absolute: where statistics are, if there are any. */
  readonly statisticsPath: string;
}

const PLAIN: Look = { color: false, columns: 100 };

/** The settings for a run in `cwd`. Fails with what is wrong with the configuration. */
export async function readSettings(
  cwd: string,
  overrides: Overrides,
  { environment, configuration, look = PLAIN }: World,
): Promise<Outcome<Settings>> {
  const read = configuration ?? (await loadConfig({ cwd, path: overrides.config, rules: own, ...look }));
  return read.ok ? settingsOf(read, overrides, cwd, environment) : failure(read.message);
}

/** The settings of a configuration that was read. */
export function settingsOf(
  configuration: LoadedConfig & { readonly ok: true },
  overrides: Overrides,
  cwd: string,
  environment: Environment,
): Outcome<Settings> {
  const { directory, untrusted, plugins = { rules: own, files: [] } } = configuration;
  const { rules } = plugins;
  const file = overridden(configuration.config, overrides, rules);
  if (!file.ok) return file;
  const resolved = resolveConfig(file.value, rules, {
    prefix: forward(relative(directory, cwd)),
    withoutPlugins: untrusted !== undefined,
  });
  const baselinePath =
    overrides.baseline === undefined
      ? join(directory, resolved.baseline ?? BASELINE)
      : resolve(cwd, overrides.baseline);
  const named = overrides.baseline !== undefined || resolved.baseline !== undefined;
  const baseline = readBaselineFile(
    baselinePath,
    forward(relative(cwd, baselinePath)),
    named && !overrides.writeBaseline,
  );
  if (!baseline.ok) return baseline;
  const fromCwd = relative(cwd, directory);
  // An environment variable is nearer to the run than a file.
  const base = overrides.base ?? (environment.LOCKSTEP_BASE ? undefined : resolved.base);
  return success({
    config: { ...resolved, comments: overrides.inlineConfig ?? true },
    rules,
    pluginFiles: plugins.files,
    migrations: resolved.migrations.map((pattern) => forward(join(fromCwd, pattern))),
    base,
    baseFrom: overrides.base === undefined ? "base in the configuration" : overrides.called("base", overrides.base),
    baseline: baseline.value,
    baselinePath,
    statisticsPath: join(directory, STATISTICS),
  });
}

function overridden(file: ConfigFile, overrides: Overrides, rules: readonly AnyRule[]): Outcome<ConfigFile> {
  const settings: Record<string, RuleSetting> = { ...file.rules };
  for (const [id, severity] of Object.entries(overrides.rule ?? {})) {
    const ids = rules.map((rule) => rule.id);
    if (!ids.includes(id))
      return failure(
        `--rule names ${JSON.stringify(id)}, which is no rule.${didYouMean(id, ids)} ${lockstep.rules(IN_WORDS).text} lists them.`,
      );
    const before = settings[id];
    settings[id] = typeof before === "object" ? [severity, before[1]] : severity;
  }
  const { preset, postgres, execution, parser, failOn } = overrides;
  return success({
    ...file,
    rules: settings,
    ...(preset !== undefined && { preset }),
    ...(postgres !== undefined && { postgres }),
    ...(execution !== undefined && { execution }),
    ...(parser !== undefined && { parser }),
    ...(failOn !== undefined && { failOn }),
  });
}

/** The evidence that is said outright, by an override or in the configuration, and which of them it is. */
export function saidOutright(
  { execution, postgres }: Config,
  overrides: Overrides,
): Partial<Pick<Evidence, "execution" | "postgres">> {
  const because = (name: "execution" | "postgres"): string => {
    const value = overrides[name];
    return value === undefined ? `${name} in the configuration` : overrides.called(name, String(value));
  };
  return {
    ...(execution && { execution: { mode: execution, because: because("execution") } }),
    ...(postgres !== undefined && { postgres: { version: postgres, because: because("postgres") } }),
  };
}

function readBaselineFile(path: string, shown: string, needed: boolean): Outcome<readonly BaselineEntry[]> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    return needed
      ? failure(
          `The baseline ${shown} does not exist: create it with ${lockstep.check(IN_WORDS, { writeBaseline: true }).text}, or correct its path.`,
        )
      : success([]);
  }
  const entries = readBaseline(readFileSync(path, "utf8"));
  return entries
    ? success(entries)
    : failure(
        `The baseline ${shown} is not one: delete it and write a new one with ${lockstep.check(IN_WORDS, { writeBaseline: true }).text}.`,
      );
}

function forward(path: string): string {
  return path.replaceAll("\\", "/");
}
