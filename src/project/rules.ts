import { rules as own } from "../../rules/index.ts";
import type { AnyRule } from "../engine/rule.ts";
import { loadConfig } from "./config/file.ts";

export interface KnownRules {
  readonly rules: readonly AnyRule[];
  /** Why those of the configuration's plugins are not among them. */
  readonly message?: string;
}

/** The rules that there are for `cwd`, for who asks about rules alone: other mistakes in the configuration do not matter then. */
export async function rulesFor(cwd: string, config: string | undefined): Promise<KnownRules> {
  const loaded = await loadConfig({ cwd, path: config, rules: own, color: false, columns: 100 });
  const rules = loaded.plugins?.rules ?? own;
  return loaded.ok || loaded.plugins || !(loaded.namesPlugins || config !== undefined)
    ? { rules }
    : { rules, message: loaded.message };
}
