import { Worker } from "node:worker_threads";
import { beforeEach, expect } from "vitest";

/**
 * A test that holds its thread (a loop without an end, a process that is waited for and stays), or a file whose imports never end, is
 * beyond the reach of vitest's time limits: the run would neither end nor say where it is. A second thread watches, says it, and ends the
 * process, which fails the run.
 */
const HELD = Number(process.env["LOCKSTEP_TEST_HELD"] ?? 180_000);
/** For a file's imports and its first hooks, and beyond the time limit of each test. */
const SLACK = Number(process.env["LOCKSTEP_TEST_SLACK"] ?? 600_000);

const shared = new SharedArrayBuffer(12 + 1000);
const numbers = new Int32Array(shared, 0, 3);
const name = new Uint8Array(shared, 12);

const begin = (text: string, limit: number): void => {
  Atomics.add(numbers, 0, 1);
  Atomics.store(numbers, 1, new TextEncoder().encodeInto(text, name).written);
  Atomics.store(numbers, 2, Math.ceil((Date.now() + limit + SLACK) / 1000));
};

begin("(before its first test)", 0);
setInterval(() => Atomics.add(numbers, 0, 1), 1000).unref();
beforeEach(({ task }) => {
  begin(expect.getState().currentTestName ?? task.name, task.timeout);
});

new Worker(new URL("watchdog-thread.mjs", import.meta.url), {
  workerData: { shared, file: expect.getState().testPath, limit: HELD },
  execArgv: [],
}).unref();
