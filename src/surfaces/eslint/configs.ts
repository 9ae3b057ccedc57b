import type { ESLint, Linter } from "eslint";
import { type Config, enabled, type Preset, resolveConfig } from "../../engine/config.ts";
import type { Severity } from "../../engine/finding.ts";
import type { AnyRule } from "../../engine/rule.ts";
import { presetSettings } from "../../project/sync.ts";

/** One object of an ESLint configuration, with all that it needs. */
export type PresetConfig = Required<Pick<Linter.Config, "name" | "plugins" | "language" | "rules">> & {
  readonly files: string[];
};

const FILES = ["**/migration.sql", "**/down.sql"];

/** lockstep's severities of rules as ESLint's, which has two: what does not stop a deployment does not stop ESLint. */
const SEVERITY: Readonly<Record<Severity, Linter.StringSeverity>> = { error: "error", warning: "warn", info: "warn" };

/** lockstep's presets as ESLint's, and what its own configuration makes of them where ESLint runs, which is read when it is asked for. */
export function pluginConfigs(
  plugin: ESLint.Plugin,
  rules: readonly AnyRule[],
  directory?: string,
): Record<Preset | "configured", PresetConfig> {
  const preset = (name: Preset): PresetConfig => configOf(name, resolveConfig({ preset: name }, rules), plugin, rules);
  return {
    recommended: preset("recommended"),
    hotfix: preset("hotfix"),
    all: preset("all"),
    /** Throws an Error whose message is one sentence. */
    get configured(): PresetConfig {
      const config = presetSettings(directory ?? process.cwd(), process.env);
      if (!config.ok) throw new TypeError(config.message);
      return configOf("configured", config.value, plugin, rules);
    },
  };
}

function configOf(name: string, config: Config, plugin: ESLint.Plugin, rules: readonly AnyRule[]): PresetConfig {
  const settings = rules.flatMap((rule): [string, Linter.RuleEntry][] => {
    const setting = settingIn(rule, config);
    return setting === undefined ? [] : [[`lockstep/${rule.id}`, setting]];
  });
  return {
    name: `lockstep/${name}`,
    files: FILES,
    plugins: { lockstep: plugin },
    language: "lockstep/postgres",
    rules: Object.fromEntries(settings),
  };
}

function settingIn(rule: AnyRule, config: Config): Linter.RuleEntry | undefined {
  const how = enabled(rule, config);
  if (!how) return undefined;
  const severity = SEVERITY[how.severity];
  const isSet =
    Object.keys(config.rules.get(rule.id)?.options ?? {}).length > 0 ||
    (config.preset === "hotfix" && rule.hotfixOptions);
  return rule.options && isSet ? [severity, how.options] : severity;
}
