import type { Config } from "../engine/config.ts";
import type { Environment } from "../evidence/git/base.ts";
import { builtBranch } from "../evidence/git/refs.ts";
import { hotfixGlob } from "../evidence/git/roles.ts";
import type { Evidence } from "../evidence/evidence.ts";

/** Why a run on this branch has the preset hotfix, where none was chosen; undefined where it has not. */
export function hotfixPreset(
  config: Config,
  { branch }: Pick<Evidence, "branch">,
  environment: Environment,
): NonNullable<Evidence["preset"]> | undefined {
  if (config.presetNamed) return undefined;
  const name = branch ?? builtBranch(environment);
  const glob = name === undefined ? undefined : hotfixGlob(name, config.branches);
  if (name === undefined || glob === undefined) return undefined;
  return { name: "hotfix", because: `the branch ${name} matches ${glob}` };
}
