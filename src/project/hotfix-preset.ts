import { builtBranch } from "../evidence/git/refs.ts";
import { hotfixGlob } from "../evidence/git/roles.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { Io } from "./io.ts";
import type { Settings } from "./settings.ts";

/** The settings for a hotfix branch, where no preset was chosen: those of the preset hotfix, and why. */
export function withHotfixPreset(
  settings: Settings,
  { branch }: Evidence,
  io: Io,
): { readonly settings: Settings; readonly preset?: NonNullable<Evidence["preset"]> } {
  const { config } = settings;
  if (config.presetNamed) return { settings };
  const name = branch ?? builtBranch(io.env);
  const glob = name === undefined ? undefined : hotfixGlob(name, config.branches);
  if (name === undefined || glob === undefined) return { settings };
  return {
    settings: { ...settings, config: { ...config, preset: "hotfix" } },
    preset: { name: "hotfix", because: `the branch ${name} matches ${glob}` },
  };
}
