/** The entry `lockstep/eslint`: the plugin, for `import` and, since nothing in it awaits, for `require()` too. */
import { resolve } from "node:path";
import type { ESLint } from "eslint";
import { rules as own } from "../../../rules/index.ts";
import type { Preset } from "../../engine/config.ts";
import type { AnyRule } from "../../engine/rule.ts";
import { firstMistake, loadConfigSync } from "../../project/config/sync.ts";
import { version } from "../../project/product.ts";
import { type PresetConfig, pluginConfigs } from "./configs.ts";
import { postgres } from "./language.ts";
import { eslintRule } from "./rule.ts";

export type { PostgresLanguageOptions } from "./language-options.ts";
export type { CommentNode, OperationNode, ProgramNode, StatementNode, TokenNode } from "./syntax-tree.ts";

/** In ESLint's own types, so that it fits into the configuration of whichever version is installed. */
export interface LockstepPlugin extends ESLint.Plugin {
  readonly meta: { readonly name: "lockstep"; readonly version: string; readonly namespace: "lockstep" };
  readonly languages: { readonly postgres: NonNullable<ESLint.Plugin["languages"]>[string] };
  /** By id: `lockstep/drop-column` is `drop-column` here. */
  readonly rules: NonNullable<ESLint.Plugin["rules"]>;
  /** Each for `extends`, by itself or as "lockstep/recommended". `configured` is what lockstep's configuration says where ESLint runs. */
  readonly configs: Record<Preset | "configured", PresetConfig>;
  /**
   * The plugin with the rules of one's own too: those that lockstep's configuration for the folder names under `plugins`. Throws what is
   * wrong with that, in one sentence.
   */
  readonly forProject: (directory: string) => LockstepPlugin;
}

function pluginOf(rules: readonly AnyRule[], directory?: string): LockstepPlugin {
  const plugin: Omit<LockstepPlugin, "configs"> = {
    meta: { name: "lockstep", version: version(), namespace: "lockstep" },
    languages: { postgres },
    rules: Object.fromEntries(rules.map((rule) => [rule.id, eslintRule(rule)])),
    forProject,
  };
  // The configurations have the plugin in them, which has the configurations.
  return Object.assign(plugin, { configs: pluginConfigs(plugin, rules, directory) });
}

function forProject(directory: string): LockstepPlugin {
  const loaded = loadConfigSync({ cwd: resolve(directory), path: undefined, rules: own, color: false, columns: 100 });
  if (!loaded.ok) throw new Error(firstMistake(loaded));
  return pluginOf(loaded.plugins?.rules ?? own, resolve(directory));
}

const lockstep: LockstepPlugin = pluginOf(own);

// The second name is what require() gives in place of the namespace.
export { lockstep as default, lockstep as "module.exports" };
