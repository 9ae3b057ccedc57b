// Runs a PostgreSQL server in a temporary folder until its standard input ends, however that comes about: a test run that is killed
// leaves no server and no folder behind. Says {"port": …} on standard output when the server answers, or {"problem": "…"}.
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  accessSync,
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The user of most Unix systems that owns nothing. The server refuses to run as root. */
const NOBODY = 65534;

/** @type {{ major: number, hba?: string[], settings?: Record<string, string>, standby?: boolean }} */
const { major, hba = [], settings = {}, standby = false } = JSON.parse(process.argv[2]);
const asRoot = process.getuid?.() === 0;
const user = asRoot ? { uid: NOBODY, gid: NOBODY } : {};
const home = mkdtempSync(join(tmpdir(), `lockstep-postgres-${major}-`));
/** @type {import("node:child_process").ChildProcess | undefined} */
let server;
let stopping = false;

// Ctrl-C reaches the whole terminal; the end of the pipe is what counts.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
process.stdout.on("error", () => {});
process.stdin.on("error", () => void stop());
process.stdin.on("end", () => void stop());
process.stdin.resume();

try {
  const port = await start();
  if (!stopping) process.stdout.write(`${JSON.stringify({ port, home })}\n`);
} catch (error) {
  if (!stopping)
    process.stdout.write(`${JSON.stringify({ problem: error instanceof Error ? error.message : String(error) })}\n`);
  await stop();
}

async function start() {
  const binaries = readable(
    linked(join(dirname(fileURLToPath(import.meta.url)), "node_modules", `postgres-${major}`, "native")),
  );
  const data = join(home, "data");
  if (asRoot) chownSync(home, NOBODY, NOBODY);
  chmodSync(home, 0o755);
  await run(join(binaries, "bin", "initdb"), [
    "-D",
    data,
    "-U",
    "postgres",
    "--auth=trust",
    "--no-sync",
    "--encoding=UTF8",
    "--locale=C",
  ]);
  const rules = [...hba, "local all all trust", "host all all 127.0.0.1/32 trust"];
  writeFileSync(join(data, "pg_hba.conf"), `${rules.join("\n")}\n`);
  if (standby) writeFileSync(join(data, "standby.signal"), "");
  for (let attempt = 1; ; attempt++) {
    if (stopping) throw new Error("stopped before it was ready");
    const port = await freePort();
    const given = {
      listen_addresses: "127.0.0.1",
      port,
      unix_socket_directories: home,
      fsync: "off",
      synchronous_commit: "off",
      full_page_writes: "off",
      shared_buffers: "32MB",
      logging_collector: "off",
      ...settings,
    };
    const said = [];
    const started = spawn(
      join(binaries, "bin", "postgres"),
      ["-D", data, ...Object.entries(given).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
      { ...user, cwd: home, env: environment(), stdio: ["ignore", "ignore", "pipe"] },
    );
    server = started;
    started.stderr.on("data", (chunk) => said.push(chunk));
    let ended = false;
    const exit = once(started, "exit").then(() => (ended = true));
    while (!ended && !(await answers(port)))
      await Promise.race([exit, new Promise((resolve) => setTimeout(resolve, 20))]);
    if (!ended) return port;
    const log = Buffer.concat(said).toString();
    if (attempt === 5 || !/Address already in use/.test(log))
      throw new Error(`PostgreSQL ${major} did not start:\n${log}`);
  }
}

/** The package's own script, which makes its symbolic links, is not run when it is installed. */
function linked(native) {
  const list = join(native, "pg-symlinks.json");
  for (const { source, target } of existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : []) {
    const root = dirname(native);
    try {
      symlinkSync(relative(dirname(target), source), join(root, target));
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
  }
  return native;
}

/** The binaries where the server's user can read them: a checkout in root's home is closed to others. */
function readable(native) {
  if (!asRoot) return native;
  for (let folder = native; folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) !== 0) continue;
    const copy = join(home, "native");
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    return copy;
  }
  return native;
}

function environment() {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:PG|LC_|LANG)/.test(name)));
  return { ...env, LC_ALL: "C", HOME: home };
}

async function run(program, args) {
  accessSync(program);
  const said = [];
  const child = spawn(program, args, { ...user, cwd: home, env: environment(), stdio: ["ignore", "ignore", "pipe"] });
  server = child;
  child.stderr.on("data", (chunk) => said.push(chunk));
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${program} ended with ${code}:\n${Buffer.concat(said).toString()}`);
}

async function freePort() {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

/** Whether the server is ready: whatever it answers, it does not say that it is starting up (57P03). */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const words = Buffer.from("user\0postgres\0database\0postgres\0\0");
    const startup = Buffer.alloc(8 + words.length);
    startup.writeInt32BE(startup.length, 0);
    startup.writeInt32BE(196608, 4);
    words.copy(startup, 8);
    socket.on("connect", () => socket.write(startup));
    socket.on("data", (data) => {
      resolve(!data.includes("C57P03"));
      socket.destroy();
    });
    socket.on("error", () => resolve(false));
    socket.on("close", () => resolve(false));
  });
}

async function stop() {
  if (stopping) return;
  stopping = true;
  if (server && server.exitCode === null && server.signalCode === null) {
    const ended = once(server, "exit");
    // "Immediate shutdown": nothing of it is wanted any more.
    server.kill("SIGQUIT");
    await ended;
  }
  rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  process.stdin.destroy();
}
