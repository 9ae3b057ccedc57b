import { execFileSync } from "node:child_process";
import { writeSync } from "node:fs";
import { Session } from "node:inspector";
import { basename } from "node:path";
import { workerData } from "node:worker_threads";

/** The other half of watchdog.ts: says where the test process is once it is over one of its limits, and ends it. */
const { shared, file, limit } = workerData;
const numbers = new Int32Array(shared, 0, 3);
const name = new Uint8Array(shared, 12);

let turns = -1;
let turned = performance.now();
const timer = setInterval(
  () => {
    const now = Atomics.load(numbers, 0);
    if (now !== turns) {
      turns = now;
      turned = performance.now();
    }
    const held = performance.now() - turned > limit;
    if (!held && Date.now() / 1000 < Atomics.load(numbers, 2)) return;
    clearInterval(timer);
    void end(
      held ? `has held its thread for ${String(Math.round(limit / 1000))} s` : "is long over its own time limit",
    );
  },
  Math.min(1000, limit / 4),
);

async function end(why) {
  const test = new TextDecoder().decode(name.slice(0, Atomics.load(numbers, 1)));
  const below = processes();
  const where = await stack();
  writeSync(
    2,
    [
      "",
      `${file}: "${test}" ${why}.`,
      ...where,
      ...(below.length === 0 ? [] : ["Processes below it:", ...below.map(({ line }) => `  ${line}`)]),
      "",
    ].join("\n"),
  );
  for (const pid of [...below.map((each) => each.pid), process.pid]) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

/** The functions that the main thread is in: none where it waits for a process or for nothing. */
async function stack() {
  const session = new Session();
  session.connectToMainThread();
  const urls = new Map();
  session.on("Debugger.scriptParsed", ({ params }) => urls.set(params.scriptId, params.url));
  const paused = new Promise((resolve) => {
    session.once("Debugger.paused", ({ params }) => {
      resolve(params.callFrames);
    });
  });
  session.post("Debugger.enable");
  session.post("Debugger.pause");
  const frames = await Promise.race([
    paused,
    new Promise((resolve) => {
      setTimeout(resolve, 5000, []);
    }),
  ]);
  return frames
    .slice(0, 30)
    .map(
      ({ functionName, location }) =>
        `  at ${functionName || "<anonymous>"} (${basename(urls.get(location.scriptId) ?? "")}:${String(location.lineNumber + 1)})`,
    );
}

/** Every process that this one started, and those started by them. */
function processes() {
  let rows;
  try {
    rows = execFileSync("ps", ["-eo", "pid=,ppid=,stat=,args="], { encoding: "utf8" })
      .trimEnd()
      .split("\n")
      .map((row) => {
        const line = row.trim().slice(0, 300);
        const [pid, parent] = line.split(/\s+/);
        return { pid: Number(pid), parent: Number(parent), line };
      });
  } catch {
    return [];
  }
  const below = (parent) =>
    rows
      .filter((row) => row.parent === parent && !row.line.includes("ps -eo pid="))
      .flatMap((row) => [row, ...below(row.pid)]);
  return below(process.pid);
}
