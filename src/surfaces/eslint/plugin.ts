/** The entry `lockstep/eslint`: the plugin, for `import` and, since nothing in it awaits, for `require()` too. */
import type { RuleDefinition } from "@eslint/core";
import { rules } from "../../../rules/index.ts";
import type { Preset } from "../../engine/config.ts";
import { version } from "../project/product.ts";
import { type PresetConfig, presetConfigs } from "./configs.ts";
import { postgres } from "./language.ts";
import { eslintRule } from "./rule.ts";

export type { PostgresLanguageOptions } from "./language-options.ts";
export type { CommentNode, OperationNode, ProgramNode, StatementNode, TokenNode } from "./syntax-tree.ts";

export interface LockstepPlugin {
  readonly meta: { readonly name: "lockstep"; readonly version: string; readonly namespace: "lockstep" };
  readonly languages: { readonly postgres: typeof postgres };
  /** By id: `lockstep/drop-column` is `drop-column` here. */
  readonly rules: Record<string, RuleDefinition>;
  /** Each for `extends`, by itself or as "lockstep/recommended". */
  readonly configs: Record<Preset, PresetConfig<LockstepPlugin>>;
}

const plugin = {
  meta: { name: "lockstep", version: version(), namespace: "lockstep" },
  languages: { postgres },
  rules: Object.fromEntries(rules.map((rule) => [rule.id, eslintRule(rule)])),
} as const;

const lockstep: LockstepPlugin = Object.assign(plugin, { configs: {} as LockstepPlugin["configs"] });
Object.assign(lockstep.configs, presetConfigs(lockstep));

// The second name is what require() gives in place of the namespace.
export { lockstep as default, lockstep as "module.exports" };
