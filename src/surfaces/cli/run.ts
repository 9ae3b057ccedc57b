import type { CheckFlags } from "./flags.ts";
import type { Io } from "./io.ts";

/** What the option parser makes of no options; a test holds it to that. */
const NO_FLAGS: CheckFlags = { errorOnUnmatchedPattern: true, inlineConfig: true };

/**
 * Runs one command line and returns its exit code. `check PATH…` is what a commit hook calls at every commit: it
 * holds nothing for the option parser to read, whose loading takes 10 ms. The same goes for `check --staged`.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const [command, ...paths] = argv;
  if (command === "check" && paths.length > 0 && !paths.some((path) => path.startsWith("-"))) {
    // PostgreSQL's grammar compiles on another thread while the rest is loaded.
    const grammar = import("../../sql/postgres/read.ts");
    const { runCheck } = await import("./check.ts");
    await grammar;
    return runCheck(paths, NO_FLAGS, io, "check");
  }
  if (command === "check" && paths.length === 1 && paths[0] === "--staged") {
    const { runCheck } = await import("./check.ts");
    return runCheck([], { ...NO_FLAGS, staged: true }, io, "check");
  }
  const parsed = await import("./command.ts");
  return parsed.run(argv, io);
}
