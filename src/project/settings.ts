import { readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { rules } from "../../rules/index.ts";
import { readBaseline, type BaselineEntry } from "../engine/baseline.ts";
import { resolveConfig, type Config, type ConfigFile, type RuleSetting } from "../engine/config.ts";
import { didYouMean } from "../engine/nearest.ts";
import type { Outcome } from "../source/outcome.ts";
import { failure, success } from "../source/outcome.ts";
import { loadConfig, type LoadedConfig } from "./config/file.ts";
import type { CheckFlags } from "../surfaces/cli/flags.ts";
import { wantsColor, type Io } from "./io.ts";
import { lockstep } from "../advice/programs/lockstep.ts";
import { IN_WORDS } from "../advice/programs/facts.ts";

const BASELINE = "lockstep.baseline.json";

/** Flags over the configuration file over the defaults. */
export interface Settings {
  readonly config: Config;
  /** From `config.migrations`, relative to cwd. */
  readonly migrations: readonly string[];
  readonly base?: string;
  readonly baseline: readonly BaselineEntry[];
  /** Absolute: where --write-baseline writes. */
  readonly baselinePath: string;
  readonly color: boolean;
  readonly columns: number;
}

export async function readSettings(flags: CheckFlags, io: Io): Promise<Outcome<Settings>> {
  const loaded = await loadConfig({
    cwd: io.cwd,
    ...(flags.config === undefined ? {} : { path: flags.config }),
    rules,
    color: wantsColor(flags.color, io.env, io.stderr),
    columns: io.stderr.columns ?? 100,
  });
  return loaded.ok ? settingsOf(loaded, flags, io) : failure(loaded.message);
}

/** The settings of a configuration that is loaded already. */
export function settingsOf(loaded: LoadedConfig & { readonly ok: true }, flags: CheckFlags, io: Io): Outcome<Settings> {
  const file = withFlags(loaded.config, flags);
  if (!file.ok) return file;
  const resolved = resolveConfig(file.value, rules, { prefix: forward(relative(loaded.directory, io.cwd)) });
  const baselinePath =
    flags.baseline === undefined
      ? join(loaded.directory, resolved.baseline ?? BASELINE)
      : resolve(io.cwd, flags.baseline);
  const named = flags.baseline !== undefined || resolved.baseline !== undefined;
  const baseline = readBaselineFile(
    baselinePath,
    forward(relative(io.cwd, baselinePath)),
    named && !flags.writeBaseline,
  );
  if (!baseline.ok) return baseline;
  const fromCwd = relative(io.cwd, loaded.directory);
  // An environment variable is nearer to the run than a file.
  const base = flags.base ?? (io.env.LOCKSTEP_BASE ? undefined : resolved.base);
  return success({
    config: { ...resolved, comments: flags.inlineConfig },
    migrations: resolved.migrations.map((pattern) => forward(join(fromCwd, pattern))),
    ...(base === undefined ? {} : { base }),
    baseline: baseline.value,
    baselinePath,
    color: wantsColor(flags.color, io.env, io.stdout),
    columns: io.stdout.columns ?? 100,
  });
}

function withFlags(file: ConfigFile, flags: CheckFlags): Outcome<ConfigFile> {
  const settings: Record<string, RuleSetting> = { ...file.rules };
  for (const [id, severity] of Object.entries(flags.rule ?? {})) {
    const ids = rules.map((rule) => rule.id);
    if (!ids.includes(id))
      return failure(
        `--rule names ${JSON.stringify(id)}, which is no rule.${didYouMean(id, ids)} ${lockstep.rules(IN_WORDS).text} lists them.`,
      );
    const before = settings[id];
    settings[id] = typeof before === "object" ? [severity, before[1]] : severity;
  }
  return success({
    ...file,
    rules: settings,
    ...(flags.preset === undefined ? {} : { preset: flags.preset }),
    ...(flags.postgres === undefined
      ? {}
      : { postgres: Number(flags.postgres) as NonNullable<ConfigFile["postgres"]> }),
    ...(flags.execution === undefined ? {} : { execution: flags.execution }),
    ...(flags.parser === undefined ? {} : { parser: flags.parser }),
    ...(flags.failOn === undefined ? {} : { failOn: flags.failOn }),
  });
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
        `The baseline ${shown} is not one: delete it and write it anew with ${lockstep.check(IN_WORDS, { writeBaseline: true }).text}.`,
      );
}

function forward(path: string): string {
  return path.replaceAll("\\", "/");
}
