import { relative, resolve, sep } from "node:path";
import { covers } from "../../engine/glob.ts";
import { loadStaged } from "../../project/staged.ts";
import type { Outcome } from "../../source/outcome.ts";
import type { CheckFlags } from "./flags.ts";
import type { Inputs } from "./inputs.ts";
import { from } from "./inputs.ts";
import type { Io } from "../../project/io.ts";
import type { Staged } from "./staged-changes.ts";
import type { Settings } from "../../project/settings.ts";

/** The migrations folders below the directory of the check, or those that the configuration names. */
export function stagedInputs(
  { root, changes, objects }: Staged,
  flags: CheckFlags,
  { config, migrations }: Settings,
  io: Io,
): Promise<Outcome<Inputs>> {
  const patterns = migrations.map((pattern) => forward(relative(root, resolve(io.cwd, pattern))));
  const below = forward(relative(root, io.cwd));
  return loadStaged({
    cwd: io.cwd,
    root,
    changes,
    ...(objects && { objects }),
    wanted: (path) => {
      if (patterns.length > 0) return patterns.some((pattern) => pattern === "" || covers(pattern, path));
      return below === "" || path.startsWith(`${below}/`);
    },
    ...(config.execution && { execution: { mode: config.execution, because: from(flags.execution, "execution") } }),
    ...(config.postgres !== undefined && {
      postgres: { version: config.postgres, because: from(flags.postgres, "postgres") },
    }),
  });
}

function forward(path: string): string {
  return path.split(sep).join("/");
}
