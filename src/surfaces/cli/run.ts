import { loadCompiled } from "./code-cache.ts";
import type { CheckFlags } from "./flags.ts";
import type { Io } from "../../project/io.ts";
import type { OtherSurfaces } from "./others.ts";

/** What the option parser makes of no options; a test holds it to that. */
const NO_FLAGS: CheckFlags = { errorOnUnmatchedPattern: true, inlineConfig: true };

/**
 * Runs one command line and returns its exit code. `check PATH…` is what a commit hook calls at every commit: it
 * holds nothing for the option parser to read, whose loading takes 10 ms. The same goes for `check --staged`.
 */
export async function run(argv: readonly string[], io: Io, others: OtherSurfaces): Promise<number> {
  const [command, ...paths] = argv;
  if (command === "check" && paths.length > 0 && !paths.some((path) => path.startsWith("-"))) {
    // PostgreSQL's grammar compiles on another thread while the rest is loaded.
    await grammar(io);
    return (await check(io)).runCheck(paths, NO_FLAGS, io, "check");
  }
  if (command === "check" && paths.length === 1 && paths[0] === "--staged") return runStaged(io);
  loadCompiled("check", io.env, "read only");
  const parsed = await import("./command.ts");
  return parsed.run(argv, io, others);
}

/** Most commits have no migration: their hook ends before the check is loaded. */
async function runStaged(io: Io): Promise<number> {
  const flags = { ...NO_FLAGS, staged: true };
  const { readStaged, withObjects } = await import("./staged-changes.ts");
  const staged = readStaged([], flags, io);
  if (!staged.ok) return (await check(io)).runCheck([], flags, io, "check");
  if (staged.value.nothing) return 0;
  // Git starts, and the grammar compiles on another thread, while the rest is loaded.
  const index = withObjects(staged.value);
  try {
    await grammar(io);
    return await (await check(io)).runCheck([], flags, io, "check", index);
  } finally {
    index.objects.end();
  }
}

/** Loads PostgreSQL's grammar and lets its compilation begin, which takes some turns. */
async function grammar(io: Io): Promise<void> {
  loadCompiled("grammar", io.env);
  await import("libpg-query");
  await new Promise((settle) => setImmediate(settle));
}

async function check(io: Io) {
  loadCompiled("check", io.env);
  return import("./check.ts");
}
