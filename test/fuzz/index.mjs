import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { rolldown } from "rolldown";

/**
 * npm run fuzz -- --minutes 10 --seed 1: checks inputs that nobody would write, with both readers and in every format, and tells what does
 * not hold. The same seed gives the same inputs: `--only 123` prints one of them. Exits with 1 where something was found.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    first: { type: "string", default: "0" },
    inputs: { type: "string", default: String(Number.MAX_SAFE_INTEGER) },
    workers: { type: "string", default: String(availableParallelism()) },
    only: { type: "string" },
  },
});

/** Milliseconds after which an input is given up. */
const HANGS = 30_000;

const root = new URL("../../", import.meta.url);
const work = mkdtempSync(join(tmpdir(), "lockstep-fuzz-"));
// What is not bundled is found from there.
symlinkSync(new URL("node_modules", root), join(work, "node_modules"));

async function bundle() {
  const built = await rolldown({
    input: Object.fromEntries(
      ["worker", "inputs", "material"].map((name) => [name, fileURLToPath(new URL(`${name}.ts`, import.meta.url))]),
    ),
    platform: "node",
    external: /^[^./]/,
    onLog: () => undefined,
  });
  await built.write({ dir: work, format: "esm", entryFileNames: "[name].mjs", chunkFileNames: "[name]-[hash].mjs" });
  await built.close();
}

const found = join(work, "found");
const until = Date.now() + Number(values.minutes) * 60_000;
const first = Number(values.only ?? values.first);
const last = values.only === undefined ? first + Number(values.inputs) : first + 1;
const step = values.only === undefined ? Number(values.workers) : 1;
const problems = [];
let tried = 0;

/** One worker after the other, each going on behind the input that ended the one before. */
async function tryAll(lane) {
  const place = join(work, `place-${lane}`);
  const at = () => (existsSync(place) ? readFileSync(place, "utf8").trim().split(/\s+/) : []);
  for (let next = first + lane; next < last && Date.now() < until; ) {
    rmSync(place, { force: true });
    const child = spawn(
      process.execPath,
      [join(work, "worker.mjs"), root.href, values.seed, next, step, last, until, place, found].map(String),
      { stdio: ["ignore", "inherit", "pipe"] },
    );
    let said = "";
    child.stderr.on("data", (data) => {
      said = (said + String(data)).slice(-1_000);
    });
    let hung = false;
    const watch = setInterval(() => {
      const [now, since] = at();
      if (since === undefined || now === "done" || Date.now() - Number(since) < HANGS) return;
      hung = true;
      child.kill("SIGKILL");
    }, 500);
    const code = await new Promise((resolve) => {
      child.on("exit", resolve);
    });
    clearInterval(watch);
    const [now, count] = at();
    if (now === undefined) throw new Error(`The worker did not begin: ${said}`);
    if (now === "done") {
      tried += Number(count);
      return;
    }
    tried += (Number(now) - next) / step + 1;
    problems.push({
      at: Number(now),
      what: hung ? "hang" : "abort",
      detail: hung ? `${HANGS} ms` : `exit code ${code}: ${said}`,
    });
    next = Number(now) + step;
  }
}

try {
  const start = Date.now();
  await bundle();
  if (values.only !== undefined) {
    const { inputAt } = await import(pathToFileURL(join(work, "inputs.mjs")).href);
    const { materialOf } = await import(pathToFileURL(join(work, "material.mjs")).href);
    console.log(JSON.stringify(inputAt(materialOf(fileURLToPath(root)), Number(values.seed), first), undefined, 2));
  }
  await Promise.all(Array.from({ length: step }, (_, lane) => tryAll(lane)));
  if (existsSync(found))
    for (const line of readFileSync(found, "utf8").split("\n")) if (line !== "") problems.push(JSON.parse(line));
  for (const { at, what, detail } of problems.sort((a, b) => a.at - b.at))
    console.log(`input ${at}: ${what}: ${detail}`);
  const seconds = Math.round((Date.now() - start) / 1000);
  console.log(`seed ${values.seed}, from ${first} on: ${tried} inputs in ${seconds} s, ${problems.length} findings`);
  process.exitCode = problems.length > 0 ? 1 : 0;
} finally {
  rmSync(work, { recursive: true, force: true });
}
