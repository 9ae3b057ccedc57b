import { rules } from "../../../rules/index.ts";
import { enabled, type Preset, PRESETS, resolveConfig } from "../../engine/config.ts";
import type { AnyRule } from "../../engine/rule.ts";

export type EslintSeverity = "error" | "warn";
export type EslintRuleSetting = EslintSeverity | readonly [EslintSeverity, Readonly<Record<string, unknown>>];

/** One object of an ESLint configuration. */
export interface PresetConfig<Plugin> {
  readonly name: string;
  readonly files: string[];
  readonly plugins: { readonly lockstep: Plugin };
  readonly language: "lockstep/postgres";
  readonly rules: Record<string, EslintRuleSetting>;
}

export const FILES = ["**/migration.sql", "**/down.sql"];

/** lockstep's presets as ESLint's. ESLint has no severity below `warn`: `info` is that too. */
export function presetConfigs<Plugin>(plugin: Plugin): Record<Preset, PresetConfig<Plugin>> {
  const entries = PRESETS.map((preset) => [preset, presetConfig(preset, plugin)] as const);
  return Object.fromEntries(entries) as Record<Preset, PresetConfig<Plugin>>;
}

function presetConfig<Plugin>(preset: Preset, plugin: Plugin): PresetConfig<Plugin> {
  const settings = rules.flatMap((rule) => {
    const setting = settingIn(rule, preset);
    return setting === undefined ? [] : [[`lockstep/${rule.id}`, setting] as const];
  });
  return { name: `lockstep/${preset}`, files: FILES, plugins: { lockstep: plugin }, language: "lockstep/postgres", rules: Object.fromEntries(settings) };
}

function settingIn(rule: AnyRule, preset: Preset): EslintRuleSetting | undefined {
  const how = enabled(rule, resolveConfig({ preset }, [rule]));
  if (!how) return undefined;
  const severity = how.severity === "error" ? "error" : "warn";
  return preset === "hotfix" && rule.hotfixOptions ? [severity, how.options] : severity;
}
