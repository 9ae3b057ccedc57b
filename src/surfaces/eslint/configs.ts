import type { ESLint, Linter } from "eslint";
import { rules } from "../../../rules/index.ts";
import { enabled, type Preset, PRESETS, resolveConfig } from "../../engine/config.ts";
import type { AnyRule } from "../../engine/rule.ts";

/** One object of an ESLint configuration, with all that it needs. */
export type PresetConfig = Required<Pick<Linter.Config, "name" | "plugins" | "language" | "rules">> & {
  readonly files: string[];
};

const FILES = ["**/migration.sql", "**/down.sql"];

/** lockstep's presets as ESLint's. ESLint has no severity below `warn`: `info` is that too. */
export function presetConfigs(plugin: ESLint.Plugin): Record<Preset, PresetConfig> {
  const entries = PRESETS.map((preset) => [preset, presetConfig(preset, plugin)] as const);
  return Object.fromEntries(entries) as Record<Preset, PresetConfig>;
}

function presetConfig(preset: Preset, plugin: ESLint.Plugin): PresetConfig {
  const settings = rules.flatMap((rule): [string, Linter.RuleEntry][] => {
    const setting = settingIn(rule, preset);
    return setting === undefined ? [] : [[`lockstep/${rule.id}`, setting]];
  });
  return {
    name: `lockstep/${preset}`,
    files: FILES,
    plugins: { lockstep: plugin },
    language: "lockstep/postgres",
    rules: Object.fromEntries(settings),
  };
}

function settingIn(rule: AnyRule, preset: Preset): Linter.RuleEntry | undefined {
  const how = enabled(rule, resolveConfig({ preset }, [rule]));
  if (!how) return undefined;
  const severity = how.severity === "error" ? "error" : "warn";
  return preset === "hotfix" && rule.hotfixOptions ? [severity, how.options] : severity;
}
