import type { BranchNames } from "../evidence/git/roles.ts";
import type { Severity } from "./finding.ts";
import type { AnyRule, Plugin } from "./rule.ts";
import { covers } from "./glob.ts";

export const PRESETS = ["recommended", "hotfix", "all"] as const;
export type Preset = (typeof PRESETS)[number];

export const SEVERITIES = ["error", "warning", "info"] as const;

/** How a rule is set: `off` or a severity, and options after it where the rule has some. */
export type RuleSetting = Severity | "off" | readonly [Severity | "off", Readonly<Record<string, unknown>>];

export const FAIL_ON = ["error", "warning", "info", "never"] as const;
export type FailOn = (typeof FAIL_ON)[number];

export const POSTGRES_VERSIONS = [14, 15, 16, 17, 18] as const;
export const EXECUTIONS = ["batch", "split"] as const;
export const PARSERS = ["postgres", "portable"] as const;

/** Findings to leave out, without touching the SQL: Prisma keeps a checksum of applied files, comments included. */
export interface Ignore {
  /** A migration's id or a glob over paths, from the configuration's folder; without it, everywhere. */
  readonly path?: string;
  /** Without it, every rule. */
  readonly rules?: readonly string[];
  readonly reason: string;
}

/** What a configuration file says: `schema/config.schema.json`. */
export interface ConfigFile {
  readonly $schema?: string;
  readonly preset?: Preset;
  /** Modules with rules of one's own, by path or package; in a configuration that is a program, their exports too. */
  readonly plugins?: readonly (string | Plugin)[];
  readonly rules?: Readonly<Record<string, RuleSetting>>;
  readonly ignores?: readonly Ignore[];
  readonly migrations?: readonly string[];
  readonly postgres?: (typeof POSTGRES_VERSIONS)[number];
  readonly execution?: (typeof EXECUTIONS)[number];
  readonly parser?: (typeof PARSERS)[number];
  readonly base?: string;
  readonly branches?: BranchNames;
  readonly failOn?: FailOn;
  readonly baseline?: string;
  /** lock_timeout is set by the role, the database or the connection string: no migration has to. */
  readonly timeoutsSetByRunner?: boolean;
  /** Which tables are let off: by their size, where lockstep.stats.json has it, and by their names. */
  readonly smallTables?: { readonly rows?: number; readonly megabytes?: number; readonly tables?: readonly string[] };
}

/** A table is small that has neither more rows nor more megabytes than this, or that is named. */
export interface SmallTables {
  readonly rows: number;
  /** With indexes, of 1024 kB. */
  readonly megabytes: number;
  /** As findings name them: "settings", "audit.events". */
  readonly tables: readonly string[];
}

export const SMALL_TABLES: SmallTables = { rows: 10_000, megabytes: 16, tables: [] };

export interface Config {
  readonly preset: Preset;
  /** The preset was chosen, and not filled in. */
  readonly presetNamed?: true;
  readonly rules: ReadonlyMap<
    string,
    { readonly severity: Severity | "off"; readonly options: Readonly<Record<string, unknown>> }
  >;
  readonly ignores: readonly Ignore[];
  /** Folders and globs of migrations, relative to the configuration's folder; empty: found by themselves. */
  readonly migrations: readonly string[];
  /** Absent: 17, unless evidence says otherwise. */
  readonly postgres?: number;
  /** Absent: from the locked Prisma version. */
  readonly execution?: (typeof EXECUTIONS)[number];
  readonly parser: (typeof PARSERS)[number];
  readonly base?: string;
  /** Which branch is what; absent: by convention. */
  readonly branches?: BranchNames;
  readonly failOn: FailOn;
  readonly baseline?: string;
  readonly timeoutsSetByRunner?: true;
  readonly smallTables: SmallTables;
  /** Whether comments in the SQL suppress findings. */
  readonly comments: boolean;
  /** Plugins are named and were not loaded: a rule that is not known may be one of theirs. */
  readonly withoutPlugins?: true;
  /** From the configuration's folder to the directory that `SourceFile.path` counts from ("packages/api"); "" where they are the same. */
  readonly prefix: string;
}

/** Types a configuration written in TypeScript or JavaScript. Returns its argument. */
export function defineConfig(config: ConfigFile): ConfigFile {
  return config;
}

/**
 * Fills in what a configuration leaves out. `file` is taken to fit the schema: what does not is left out, and
 * rules that are not in `rules` have no effect. Never throws.
 */
export function resolveConfig(
  file: ConfigFile = {},
  rules: readonly AnyRule[] = [],
  place: { readonly prefix?: string; readonly withoutPlugins?: boolean } = {},
): Config {
  const raw: Readonly<Record<string, unknown>> = isRecord(file) ? file : {};
  const known = new Set(rules.map((rule) => rule.id));
  const settings = new Map<string, { severity: Severity | "off"; options: Readonly<Record<string, unknown>> }>();
  for (const [id, setting] of Object.entries(isRecord(raw.rules) ? raw.rules : {})) {
    const [severity, options] = Array.isArray(setting) ? (setting as readonly unknown[]) : [setting];
    if (known.has(id) && isSetting(severity)) settings.set(id, { severity, options: isRecord(options) ? options : {} });
  }
  const postgres = oneOf(POSTGRES_VERSIONS, raw.postgres);
  const execution = oneOf(EXECUTIONS, raw.execution);
  const preset = oneOf(PRESETS, raw.preset);
  return {
    preset: preset ?? "recommended",
    ...(preset && { presetNamed: true as const }),
    rules: settings,
    ignores: list(raw.ignores).flatMap(readIgnore),
    migrations: list(raw.migrations).filter(isString),
    ...(postgres === undefined ? {} : { postgres }),
    ...(execution === undefined ? {} : { execution }),
    parser: oneOf(PARSERS, raw.parser) ?? "postgres",
    ...(isString(raw.base) ? { base: raw.base } : {}),
    ...(isRecord(raw.branches) ? { branches: readBranchNames(raw.branches) } : {}),
    failOn: oneOf(FAIL_ON, raw.failOn) ?? "error",
    ...(isString(raw.baseline) ? { baseline: raw.baseline } : {}),
    ...(raw.timeoutsSetByRunner === true && { timeoutsSetByRunner: true as const }),
    smallTables: readSmallTables(raw.smallTables),
    comments: true,
    ...(place.withoutPlugins && { withoutPlugins: true as const }),
    prefix: place.prefix ?? "",
  };
}

/** A rule as it is to run. */
export interface Enabled {
  readonly severity: Severity;
  /** The rule's defaults under the options given. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The severity was set by hand and not by the preset. */
  readonly explicit: boolean;
}

/** How `rule` runs under `config`; undefined where it is off. */
export function enabled(rule: AnyRule, config: Config): Enabled | undefined {
  const setting = config.rules.get(rule.id);
  const severity = setting?.severity ?? byPreset(rule, config.preset);
  if (severity === "off") return undefined;
  const defaults: unknown = rule.options?.default;
  const preset: unknown = config.preset === "hotfix" ? rule.hotfixOptions : undefined;
  return {
    severity,
    options: {
      ...(isRecord(defaults) ? defaults : {}),
      ...(isRecord(preset) ? preset : {}),
      // One word for all rules that ask who sets it.
      ...(config.timeoutsSetByRunner && isRecord(defaults) && "setByRunner" in defaults && { setByRunner: true }),
      ...setting?.options,
    },
    explicit: setting !== undefined,
  };
}

function byPreset(rule: AnyRule, preset: Preset): Severity | "off" {
  if (preset === "hotfix") return rule.hotfix ?? rule.severity;
  if (preset === "all" && rule.severity === "off") return "warning";
  return rule.severity;
}

/** The first entry of `ignores` that covers a finding of `rule` in `path` (as `SourceFile.path` counts it). */
export function ignoredBy(config: Config, rule: string, path: string, migration?: string): Ignore | undefined {
  let full: string | undefined;
  return config.ignores.find((ignore) => {
    if (ignore.rules && !ignore.rules.includes(rule)) return false;
    if (ignore.path === undefined || ignore.path === migration) return true;
    if (migration !== undefined && !ignore.path.includes("/") && covers(ignore.path, migration)) return true;
    full ??= fromConfig(config.prefix, path);
    return covers(ignore.path, full);
  });
}

/** `path` as the configuration's folder sees it. */
function fromConfig(prefix: string, path: string): string {
  if (path.startsWith("/")) return path;
  const parts: string[] = [];
  for (const part of `${prefix}/${path}`.split("/")) {
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** Whether a finding of `severity` fails the run. */
export function fails(severity: Severity, failOn: FailOn): boolean {
  return failOn !== "never" && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(failOn);
}

function readBranchNames({ production, main, development, hotfix }: Readonly<Record<string, unknown>>): BranchNames {
  return {
    ...(isString(production) && { production }),
    ...(isString(main) && { main }),
    ...(Array.isArray(development) && { development: development.filter(isString) }),
    ...(Array.isArray(hotfix) && { hotfix: hotfix.filter(isString) }),
  };
}

function readSmallTables(given: unknown): SmallTables {
  if (!isRecord(given)) return SMALL_TABLES;
  const { rows, megabytes, tables } = given;
  return {
    rows: isAmount(rows) ? rows : SMALL_TABLES.rows,
    megabytes: isAmount(megabytes) ? megabytes : SMALL_TABLES.megabytes,
    tables: list(tables).filter(isString),
  };
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && value >= 0;
}

function readIgnore(entry: unknown): Ignore[] {
  if (!isRecord(entry) || !isString(entry.reason)) return [];
  if (entry.path !== undefined && !isString(entry.path)) return [];
  if (entry.rules !== undefined && !Array.isArray(entry.rules)) return [];
  return [
    {
      ...(entry.path === undefined ? {} : { path: entry.path }),
      ...(entry.rules === undefined ? {} : { rules: entry.rules.filter(isString) }),
      reason: entry.reason,
    },
  ];
}

function oneOf<T>(values: readonly T[], value: unknown): T | undefined {
  return values.find((each) => each === value);
}

function isSetting(value: unknown): value is Severity | "off" {
  return value === "off" || oneOf(SEVERITIES, value) !== undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
