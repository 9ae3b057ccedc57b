import { relative, resolve, sep } from "node:path";
import { covers } from "../../engine/glob.ts";
import { loadStaged } from "../../evidence/staged.ts";
import { gitRoot } from "../../source/git.ts";
import { mayBeMigration, stagedChanges, type StagedChange } from "../../source/git-staged.ts";
import type { Outcome } from "../../source/outcome.ts";
import { failure, success } from "../../source/outcome.ts";
import type { CheckFlags } from "./flags.ts";
import type { Inputs } from "./inputs.ts";
import { from } from "./inputs.ts";
import type { Io } from "./io.ts";
import type { Settings } from "../project/settings.ts";

export interface Staged {
  readonly root: string;
  readonly changes: readonly StagedChange[];
  /** Nothing of a migrations directory is staged. */
  readonly nothing: boolean;
}

/** What is staged, by one git process; a sentence where --staged stands beside what contradicts it. */
export function readStaged(paths: readonly string[], flags: CheckFlags, io: Io): Outcome<Staged> {
  if (paths.length > 0) return failure(`--staged finds by itself what is staged, so it takes no paths (${paths.join(", ")}): leave them out, or check those files without --staged.`);
  if (flags.all) return failure("--staged makes the staged migrations pending, and --all every one: leave out one of them.");
  if (flags.base !== undefined) return failure(`--staged compares with HEAD, and --base with ${flags.base || "another commit"}: leave out one of them.`);
  if (flags.stdin) return failure("--staged reads the index, and --stdin standard input: leave out one of them.");
  if ((flags.fix || flags.fixUnsafe) && !flags.diff) return failure(`--${flags.fix ? "fix" : "fix-unsafe"} changes files of the work tree, and --staged reads the index: fix the files by their names and stage them again, or look at the fixes with --diff.`);
  const root = gitRoot(io.cwd);
  if (root === undefined) return failure(`--staged reads the index of a git repository, but ${io.cwd} is in none: start it inside of one, or name the migrations.`);
  const changes = stagedChanges(root, io.env);
  return changes.ok ? success({ root, changes: changes.value, nothing: !changes.value.some(mayBeMigration) }) : changes;
}

/** The migrations folders below the directory of the check, or those that the configuration names. */
export function stagedInputs({ root, changes }: Staged, flags: CheckFlags, { config, migrations }: Settings, io: Io): Promise<Outcome<Inputs>> {
  const patterns = migrations.map((pattern) => forward(relative(root, resolve(io.cwd, pattern))));
  const below = forward(relative(root, io.cwd));
  return loadStaged({
    cwd: io.cwd,
    root,
    changes,
    wanted: (path) => {
      if (patterns.length > 0) return patterns.some((pattern) => pattern === "" || covers(pattern, path));
      return below === "" || path.startsWith(`${below}/`);
    },
    ...(config.execution && { execution: { mode: config.execution, because: from(flags.execution, "execution") } }),
    ...(config.postgres !== undefined && { postgres: { version: config.postgres, because: from(flags.postgres, "postgres") } }),
  });
}

function forward(path: string): string {
  return path.split(sep).join("/");
}
