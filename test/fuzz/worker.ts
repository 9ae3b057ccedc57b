import { appendFileSync, openSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { inputAt } from "./inputs.ts";
import { materialOf } from "./material.ts";
import { oracle } from "./oracle.ts";

/**
 * Tries inputs from `first` on, every `step`-th, until `until`. Which one it is at is in the file `place` before it begins, so that whoever
 * watches knows it when this process hangs or dies; what was found goes to `found`, a line each.
 */
const [root = "", seed = "0", first = "0", step = "1", last = "0", until = "0", place = "", found = ""] =
  process.argv.slice(2);
/** Milliseconds of the processor for one input: other processes are not its fault. */
const SLOW = 2_000;

const material = materialOf(fileURLToPath(root));
const holds = oracle(fileURLToPath(root));
const file = openSync(place, "w");
let tried = 0;
for (let at = Number(first); at < Number(last) && Date.now() < Number(until); at += Number(step)) {
  writeSync(file, `${String(at).padEnd(12)} ${String(Date.now()).padEnd(15)}`, 0);
  tried++;
  const input = inputAt(material, Number(seed), at);
  const start = process.cpuUsage();
  const problems = [...(await holds(input))];
  const { user, system } = process.cpuUsage(start);
  const milliseconds = Math.round((user + system) / 1000);
  // The first input loads and compiles everything.
  if (milliseconds > SLOW && at !== Number(first)) problems.push({ what: "slow", detail: `${milliseconds} ms` });
  for (const problem of problems) appendFileSync(found, `${JSON.stringify({ at, ...problem })}\n`);
}
writeSync(file, `${"done".padEnd(12)} ${String(tried).padEnd(15)}`, 0);
