import type { HotfixFlags } from "./branches-flags.ts";
import type { Io } from "./io.ts";

/** Prints the plan for a hotfix in this repository. Returns the exit code. */
export async function runHotfix(_name: string | undefined, _flags: HotfixFlags, io: Io): Promise<number> {
  await io.stderr.write("lockstep: The plan for a hotfix is not there yet.\n");
  return 2;
}
