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
