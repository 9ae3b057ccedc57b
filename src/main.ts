#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";
import { OTHERS } from "./composition.ts";
import { processIo } from "./project/io.ts";

// V8 would optimise PostgreSQL's grammar in the background and hold the process until it is done: longer than a check takes.
try {
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
} catch {
  // Only speed is lost.
}

/** Why nothing can be done here, as a sentence. */
function obstacle(): string | undefined {
  // 20.16 and 22.3 were the first to have it.
  const { getBuiltinModule }: Partial<NodeJS.Process> = process;
  if (getBuiltinModule === undefined)
    return `Node.js ${process.versions.node} is not one that lockstep runs on: it takes 20.19 or a later 20, or 22.3 or later.`;
  try {
    process.cwd();
    return undefined;
  } catch {
    return "The directory that lockstep was started in is not there any more: change to another one.";
  }
}

function start(): void {
  let unwritten = false;
  const io = processIo((code) => {
    unwritten = true;
    process.exitCode = 2;
    process.stderr.write(`lockstep: Standard output could not be written (${code}): the report is not complete.\n`);
  });

  const argv = process.argv.slice(2);
  // No await at the top level: the program is bundled as CommonJS, which Node 20 loads faster.
  void import("./surfaces/cli/run.ts")
    .then(({ run }) => run(argv, io, OTHERS))
    .catch(async (error: unknown) => {
      const { reportBug } = await import("./surfaces/cli/bug.ts");
      await reportBug(error, argv, io);
      return 2;
    })
    .then((code) => {
      // A gate must not open because its report was lost.
      process.exitCode = unwritten ? 2 : code;
    });
}

const why = obstacle();
if (why === undefined) start();
else {
  process.exitCode = 2;
  process.stderr.write(`lockstep: ${why}\n`);
}
