#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";
import { processIo } from "./io.ts";

// V8 would optimise PostgreSQL's grammar in the background and hold the process until it is done: longer than a check takes.
try {
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
} catch {
  // Only speed is lost.
}

const { run } = await import("./command.ts");
process.exitCode = await run(process.argv.slice(2), processIo());
